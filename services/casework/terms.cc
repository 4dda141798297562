// SPDX-License-Identifier: Apache-2.0
// The terms of the acts, as printed.
#include "services/casework/statute.h"

namespace gongkai::casework {
namespace {

using v1::Act;

struct Term {
  Act::ActCase act;
  std::string_view zh;
  std::string_view en;
};

constexpr Term kTerms[] = {
    {Act::kReceive, "收到申请", "receive"},
    {Act::kConfirmReceipt, "确认收到", "confirm receipt"},
    {Act::kLogContact, "沟通记录", "log contact"},
    {Act::kRegister, "登记", "register"},
    {Act::kAssign, "分派", "assign"},
    {Act::kRecordSearch, "检索记录", "record search"},
    {Act::kRequireCorrection, "补正告知", "require correction"},
    {Act::kAcceptCorrection, "收到补正", "accept correction"},
    {Act::kLapseCorrection, "逾期不补正", "lapse correction"},
    {Act::kAskReasons, "要求说明理由", "ask reasons"},
    {Act::kAcceptReasons, "审查理由", "judge reasons"},
    {Act::kDeferReply, "延迟答复", "defer reply"},
    {Act::kChargeFee, "收费通知", "charge fee"},
    {Act::kAcceptPayment, "缴费", "accept payment"},
    {Act::kLapsePayment, "逾期不缴费", "lapse payment"},
    {Act::kConsult, "征求意见", "consult"},
    {Act::kRecordOpinion, "收到意见", "record opinion"},
    {Act::kRequestExtension, "申请延期", "request extension"},
    {Act::kDecideExtension, "延期审批", "decide extension"},
    {Act::kDraftReply, "拟稿", "draft reply"},
    {Act::kSubmitForReview, "送审", "submit for review"},
    {Act::kClearDraft, "审核通过", "clear draft"},
    {Act::kReturnDraft, "退回修改", "return draft"},
    {Act::kSign, "签发", "sign"},
    {Act::kDispatch, "寄送", "dispatch"},
    {Act::kRecordService, "送达记录", "record service"},
    {Act::kWithdraw, "撤回申请", "withdraw"},
    {Act::kLink, "关联并案", "link or merge"},
    {Act::kClose, "办结", "close"},
    {Act::kArchive, "归档", "archive"},
    {Act::kOpenRemedy, "救济立案", "open remedy"},
    {Act::kAnswerRemedy, "答复答辩", "answer remedy"},
    {Act::kDecideRemedy, "救济结果", "decide remedy"},
    {Act::kAppealRemedy, "上诉", "appeal"},
    {Act::kRecordRectification, "以案促改", "record rectification"},
    {Act::kReopen, "重新办理", "reopen"},
    {Act::kMendRecord, "更正记录", "mend record"},
    {Act::kPlaceLegalHold, "暂停销毁", "place legal hold"},
    {Act::kLiftLegalHold, "解除暂停销毁", "lift legal hold"},
    {Act::kApplyCalendar, "日历变更", "apply calendar"},
    {Act::kProposeErasure, "提议删除个人信息", "propose erasure"},
    {Act::kErase, "删除个人信息", "erase"},
    {Act::kRestrict, "限制知悉范围", "restrict"},
    {Act::kLiftRestriction, "解除知悉限制", "lift restriction"},
    {Act::kSetLabels, "设定标识", "set labels"},
    {Act::kImportCase, "历史案件导入", "import case"},
};

}  // namespace

std::string_view ActTerm(v1::Act::ActCase act, bool english) {
  for (const Term& term : kTerms) {
    if (term.act == act) return english ? term.en : term.zh;
  }
  return "";
}

}  // namespace gongkai::casework
