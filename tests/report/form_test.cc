// SPDX-License-Identifier: Apache-2.0
// The official form (国办公开办函〔2021〕30号) by its printed rows.
#include "services/report/form.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/report/annual.h"

namespace gongkai::report {
namespace {

struct Printed {
  const char* code;
  const char* section;
  const char* label;
};

// As published reports print them.
const std::vector<Printed>& PrintedRows() {
  static const auto& rows = *new std::vector<Printed>{
      {"r1", "一", "本年新收政府信息公开申请数量"},
      {"r2", "二", "上年结转政府信息公开申请数量"},
      {"r3", "三(一)", "予以公开"},
      {"r4", "三(二)", "部分公开"},
      {"r5", "三(三)1", "属于国家秘密"},
      {"r6", "三(三)2", "其他法律行政法规禁止公开"},
      {"r7", "三(三)3", "危及“三安全一稳定”"},
      {"r8", "三(三)4", "保护第三方合法权益"},
      {"r9", "三(三)5", "属于三类内部事务信息"},
      {"r10", "三(三)6", "属于四类过程性信息"},
      {"r11", "三(三)7", "属于行政执法案卷"},
      {"r12", "三(三)8", "属于行政查询事项"},
      {"r13", "三(四)1", "本机关不掌握相关政府信息"},
      {"r14", "三(四)2", "没有现成信息需要另行制作"},
      {"r15", "三(四)3", "补正后申请内容仍不明确"},
      {"r16", "三(五)1", "信访举报投诉类申请"},
      {"r17", "三(五)2", "重复申请"},
      {"r18", "三(五)3", "要求提供公开出版物"},
      {"r19", "三(五)4", "无正当理由大量反复申请"},
      {"r20", "三(五)5", "要求行政机关确认或重新出具已获取信息"},
      {"r21", "三(六)1",
       "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"},
      {"r22", "三(六)2",
       "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申"
       "请"},
      {"r23", "三(六)3", "其他"},
      {"r24", "三(七)", "总计"},
      {"r25", "四", "结转下年度继续办理"},
  };
  return rows;
}

TEST(Form, RowsAreThoseOfTable3) {
  ASSERT_EQ(ReturnRows().size(), PrintedRows().size());
  ASSERT_EQ(ReturnRows().size(), static_cast<size_t>(kReturnRows));
  for (size_t i = 0; i < PrintedRows().size(); ++i) {
    const FormRow& row = ReturnRows()[i];
    const Printed& printed = PrintedRows()[i];
    EXPECT_EQ(row.code, printed.code);
    EXPECT_EQ(row.section, printed.section) << row.code;
    // The form adds to r4 that it beats the others.
    EXPECT_TRUE(row.zh.starts_with(printed.label)) << row.code;
    EXPECT_FALSE(row.en.empty()) << row.code;
    EXPECT_FALSE(row.article.empty()) << row.code;
  }
}

TEST(Form, ColumnsAreTheKindsOfApplicantAndTheTotal) {
  ASSERT_EQ(ReturnColumns().size(), static_cast<size_t>(kReturnColumns));
  const char* labels[] = {"自然人",       "商业企业",     "科研机构",
                          "社会公益组织", "法律服务机构", "其他",
                          "总计"};
  for (size_t i = 0; i < ReturnColumns().size(); ++i) {
    EXPECT_EQ(ReturnColumns()[i].code, "c" + std::to_string(i + 1));
    EXPECT_EQ(ReturnColumns()[i].zh, labels[i]);
    EXPECT_EQ(ReturnColumns()[i].section == "法人或其他组织", i >= 1 && i <= 5);
  }
}

TEST(Form, Table4HasThreeGroupsOfFiveCells) {
  ASSERT_EQ(RemedyGroups().size(), static_cast<size_t>(kRemedyGroups));
  EXPECT_EQ(RemedyGroups()[0].zh, "行政复议");
  EXPECT_EQ(RemedyGroups()[1].zh, "未经复议直接起诉");
  EXPECT_EQ(RemedyGroups()[2].zh, "复议后起诉");
  ASSERT_EQ(RemedyCells().size(), static_cast<size_t>(kRemedyCells));
  EXPECT_EQ(RemedyCells()[0].zh, "结果维持");
  EXPECT_EQ(RemedyCells()[1].zh, "结果纠正");
  EXPECT_EQ(RemedyCells()[2].zh, "其他结果");
  EXPECT_EQ(RemedyCells()[3].zh, "尚未审结");
  EXPECT_EQ(RemedyCells()[4].zh, "总计");
}

}  // namespace
}  // namespace gongkai::report
