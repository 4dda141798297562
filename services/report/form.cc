// SPDX-License-Identifier: Apache-2.0
#include "services/report/form.h"

namespace gongkai::report {

const std::vector<FormRow>& ReturnRows() {
  static const auto* const rows = new std::vector<FormRow>{
      {"r1", "一", "本年新收政府信息公开申请数量", "received in the year",
       "REG 29, 31"},
      {"r2", "二", "上年结转政府信息公开申请数量",
       "carried over from the year before", "FMT table 3"},
      {"r3", "三(一)", "予以公开", "disclosed", "REG 36(1), 36(2)"},
      {"r4", "三(二)", "部分公开（区分处理的，只计这一情形，不计其他情形）",
       "partly disclosed (counted here alone)", "REG 37"},
      {"r5", "三(三)1", "属于国家秘密", "state secret", "REG 14"},
      {"r6", "三(三)2", "其他法律行政法规禁止公开",
       "forbidden by another law or administrative regulation", "REG 14"},
      {"r7", "三(三)3", "危及“三安全一稳定”",
       "endangers security or social stability", "REG 14"},
      {"r8", "三(三)4", "保护第三方合法权益", "protects a third party",
       "REG 15, 32"},
      {"r9", "三(三)5", "属于三类内部事务信息", "internal affairs",
       "REG 16(1)"},
      {"r10", "三(三)6", "属于四类过程性信息", "process information",
       "REG 16(2)"},
      {"r11", "三(三)7", "属于行政执法案卷", "enforcement file", "REG 16(2)"},
      {"r12", "三(三)8", "属于行政查询事项", "matter of a special regime",
       "REG 36(7)"},
      {"r13", "三(四)1", "本机关不掌握相关政府信息", "not held by the agency",
       "REG 36(4), 36(5)"},
      {"r14", "三(四)2", "没有现成信息需要另行制作", "would have to be made",
       "REG 38"},
      {"r15", "三(四)3", "补正后申请内容仍不明确",
       "still unclear after correction", "REG 30"},
      {"r16", "三(五)1", "信访举报投诉类申请", "petition, report or complaint",
       "REG 39(1)"},
      {"r17", "三(五)2", "重复申请", "repeated application", "REG 36(6)"},
      {"r18", "三(五)3", "要求提供公开出版物", "asks for a publication",
       "REG 39(2)"},
      {"r19", "三(五)4", "无正当理由大量反复申请",
       "excessive without good reason", "REG 35"},
      {"r20", "三(五)5", "要求行政机关确认或重新出具已获取信息",
       "asks to confirm or re-issue what was obtained", "FMT table 3"},
      {"r21", "三(六)1",
       "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
       "not corrected in time, no longer processed", "REG 30"},
      {"r22", "三(六)2",
       "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
       "fee not paid in time, no longer processed", "REG 42"},
      {"r23", "三(六)3", "其他", "other: withdrawn, merged, no application",
       "FMT table 3"},
      {"r24", "三(七)", "总计", "handled in the year: r3 to r23",
       "FMT table 3"},
      {"r25", "四", "结转下年度继续办理", "carried over to the next year",
       "FMT table 3"},
  };
  return *rows;
}

const std::vector<FormRow>& ReturnColumns() {
  static const auto* const columns = new std::vector<FormRow>{
      {"c1", "", "自然人", "natural persons", "FMT table 3"},
      {"c2", "法人或其他组织", "商业企业", "enterprises", "FMT table 3"},
      {"c3", "法人或其他组织", "科研机构", "research institutions",
       "FMT table 3"},
      {"c4", "法人或其他组织", "社会公益组织", "public-benefit organisations",
       "FMT table 3"},
      {"c5", "法人或其他组织", "法律服务机构", "legal services", "FMT table 3"},
      {"c6", "法人或其他组织", "其他", "other organisations", "FMT table 3"},
      {"c7", "", "总计", "total", "FMT table 3"},
  };
  return *columns;
}

const std::vector<FormRow>& RemedyGroups() {
  static const auto* const groups = new std::vector<FormRow>{
      {"review", "", "行政复议", "administrative review", "ARL 11(14)"},
      {"direct_suit", "行政诉讼", "未经复议直接起诉", "direct suit", "ALL 46"},
      {"suit_after_review", "行政诉讼", "复议后起诉", "suit after review",
       "ALL 45; ARL 34"},
  };
  return *groups;
}

const std::vector<FormRow>& RemedyCells() {
  static const auto* const cells = new std::vector<FormRow>{
      {"upheld", "", "结果维持", "upheld", "ARL 68, 69; ALL 69"},
      {"corrected", "", "结果纠正", "corrected",
       "ARL 63 to 67; ALL 70, 72 to 75, 77"},
      {"other", "", "其他结果", "ended otherwise",
       "ARL 30, 33, 41, 73, 74; ALL 62"},
      {"pending", "", "尚未审结", "pending", "FMT table 4"},
      {"total", "", "总计", "total", "FMT table 4"},
  };
  return *cells;
}

}  // namespace gongkai::report
