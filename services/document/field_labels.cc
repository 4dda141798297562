// SPDX-License-Identifier: Apache-2.0
// The labels of fields in Chinese. A row without a message stands for the
// field of that name in every message that has no row of its own.
#include "services/document/field_labels.h"

#include "gongkai/v1/event.pb.h"
#include "services/casework/statute.h"

namespace gongkai::document {
namespace {

struct Label {
  std::string_view message;
  std::string_view field;
  std::string_view zh;
};

constexpr Label kLabels[] = {
    // Who applies or is asked.
    {"", "applicant_kind", "申请人类别"},
    {"", "applicant", "申请人"},
    {"", "agent", "代理人"},
    {"Person", "name", "姓名或名称"},
    {"", "identity_kind", "证件类型"},
    {"", "identity_number", "证件号码"},
    {"", "telephone", "电话"},
    {"", "email", "电子邮箱"},
    {"", "address", "地址"},
    {"", "contact_name", "联系人"},
    // The application.
    {"", "channel", "提交方式"},
    {"Application", "content", "申请内容"},
    {"CorrectedApplication", "content", "补正后的申请内容"},
    {"", "wanted_carrier", "希望的获取方式"},
    {"", "electronic_service_agreed", "同意电子送达"},
    {"", "needs_assistance", "需要阅读视听帮助"},
    {"", "confirmed_on_arrival", "到达当日双方确认"},
    {"", "receipt_date", "收到之日"},
    {"", "sent_date", "寄出或提交之日"},
    {"", "postal_number", "邮件号码"},
    {"", "item_count", "申请事项数"},
    {"", "imported_number", "原登记案号"},
    {"Application", "number", "案号"},
    {"", "identity_check", "证件号码校验"},
    {"", "postal_check", "邮件号码校验"},
    {"", "reopened_from", "重新办理自"},
    {"", "ordered_reply_days", "责令答复期限（工作日）"},
    {"", "month_rank", "当月申请序次"},
    // Handling.
    {"", "note", "说明"},
    {"", "reached", "已取得联系"},
    {"", "officer", "经办人账号"},
    {"", "department", "承办部门"},
    {"", "reason", "理由"},
    {"", "scope", "检索范围"},
    {"", "keywords", "检索词"},
    {"", "found", "检索到信息"},
    {"Search", "result", "检索结果"},
    {"", "items", "需补正事项"},
    {"", "period_days", "期限（工作日）"},
    {"", "override_reason", "逾七个工作日告知的理由"},
    {"", "served_at_once", "发出当日送达"},
    {"", "overridden", "监督人员准予逾期告知"},
    {"", "good_reason", "正当理由"},
    {"", "facts", "申请数量、频次"},
    {"", "verdict", "理由是否合理"},
    {"", "until_date", "延迟至"},
    {"FeeNotice", "basis", "计收方式"},
    {"", "first_rank", "首件序次"},
    {"", "last_rank", "末件序次"},
    {"", "pages", "页数"},
    {"", "amount_fen", "金额（分）"},
    {"", "how_to_pay", "缴费办法"},
    {"", "receipt_number", "财政票据号"},
    // Consultation and extension.
    {"ConsultationLetter", "kind", "征求对象类别"},
    {"", "addressee", "征求对象"},
    {"", "interest", "可能损害的权益"},
    {"", "question", "征求事项"},
    {"", "ordinal", "序次"},
    {"", "consultation", "第几次征求意见"},
    {"OpinionReceived", "opinion", "意见"},
    {"OpinionReceived", "text", "意见原文"},
    {"ExtensionRequest", "working_days", "申请延长（工作日）"},
    {"ExtensionDecision", "working_days", "延长（工作日）"},
    {"", "approved", "批准"},
    {"", "notice_date", "告知申请人之日"},
    // The reply.
    {"", "outcome", "答复类型"},
    {"", "grounds", "不予公开的理由"},
    {"DraftReply", "text", "答复正文"},
    {"", "reasons", "说明的理由"},
    {"", "access", "获取方式和途径"},
    {"", "right_agency", "负责公开的机关"},
    {"", "earlier_case", "已答复的案号"},
    {"", "special_law", "特别规定"},
    {"", "review_organ", "复议机关"},
    {"", "court", "管辖法院"},
    {"", "public_interest", "重大公共利益的理由"},
    {"", "step", "审核环节"},
    {"Clearance", "opinion", "审核意见"},
    {"", "document_number", "文号"},
    {"", "carrier", "寄送方式"},
    {"", "addressed_to", "收件人和地址"},
    {"", "letter", "文书"},
    {"ServiceRecord", "outcome", "送达结果"},
    {"ServiceRecord", "basis", "视为送达的依据和事实"},
    // The end, and what follows.
    {"CaseLink", "kind", "关联方式"},
    {"", "other_case", "另一案号"},
    {"", "waiver_reason", "无送达凭证办结的理由"},
    {"", "retention", "保管期限"},
    {"", "catalogue_number", "档号"},
    {"RemedyDocket", "kind", "救济种类"},
    {"", "procedure", "程序"},
    {"", "organ", "受理机关或法院"},
    {"", "docket_number", "救济案号"},
    {"", "accepted_date", "受理或立案之日"},
    {"", "no_reply", "针对未予答复"},
    {"", "claim", "请求"},
    {"", "instance", "审级"},
    {"", "docket", "第几件救济"},
    {"RemedyDecision", "result", "结果"},
    {"", "decided_date", "作出之日"},
    {"", "by_ruling", "以裁定作出"},
    {"", "ordered_working_days", "责令期限（工作日）"},
    {"", "review_opinion", "附复议意见书"},
    {"", "by_agency", "本机关上诉"},
    {"", "new_docket", "二审序次"},
    {"", "measures", "整改措施"},
    {"", "sub_case", "子案案号"},
    {"", "event_seq", "更正第几号记录"},
    {"", "field", "更正的字段"},
    {"", "value", "更正后的值"},
    {"Mend", "text", "更正后的文字"},
    // Cases of an earlier register, and returns that were filed.
    {"PastCase", "number", "原登记案号"},
    {"PastCase", "content", "申请内容"},
    {"", "corrected_date", "收到补正之日"},
    {"", "extension_days", "延长（工作日）"},
    {"", "extension_notice_date", "告知延期之日"},
    {"", "finished_date", "办理结束之日"},
    {"", "served_date", "送达之日"},
    {"", "fee_basis", "计收方式"},
    {"", "fee_fen", "金额（分）"},
    {"", "fee_notice_date", "收费通知之日"},
    {"", "fee_paid_date", "缴费之日"},
    {"", "dockets", "复议、诉讼或投诉"},
    {"PastDocket", "kind", "救济种类"},
    {"", "opened_date", "收到副本之日"},
    {"PastDocket", "decided_date", "收到决定之日"},
    {"PastDocket", "result", "结果"},
    {"", "rectified", "已整改"},
    {"", "edition", "版次"},
    {"", "cells", "第三部分各数"},
    {"", "remedies", "第四部分各数"},
    {"", "return_digest", "年报的散列"},
    {"", "cases_digest", "案件清单的散列"},
    // Calendars and terms.
    {"", "calendar_version", "日历版本"},
    {"", "moves", "期限变动"},
    {"Move", "kind", "期限"},
    {"", "old_date", "原届满日"},
    {"", "new_date", "新届满日"},
    {"", "old_provisional", "原为暂定"},
    {"", "new_provisional", "新为暂定"},
    {"CalendarNotice", "number", "通知文号"},
    {"", "title", "标题"},
    {"", "issued_date", "印发之日"},
    {"", "year", "年份"},
    {"", "source", "出处"},
    {"", "days", "所定日期"},
    {"", "date", "日期"},
    {"Day", "kind", "类别"},
    {"Day", "name", "节日"},
    {"AgencyTerms", "name", "机关名称"},
    {"", "correction_days", "通常补正期限（工作日）"},
    {"", "registration_days", "登记期限（工作日）"},
    {"", "other_agency_cap_days", "其他机关意见上限（工作日）"},
    {"", "county", "县级机关"},
    {"", "warning_days", "临期提示（工作日）"},
    {"", "retention_table", "保管期限表"},
    {"", "superior", "上级机关"},
    {"", "mail_domain", "邮件域名"},
    {"", "reminder_rules", "催办规则"},
    {"ReminderRule", "days", "距届满之日（工作日）"},
    {"", "to", "催办对象"},
    {"", "kinds", "期限"},
    {"", "reminder_time", "催办时间"},
    {"", "urgent_days", "紧急提示（工作日）"},
    {"", "before", "变更前"},
    {"", "after", "变更后"},
    // Who may know, and what the papers are marked as.
    {"Application", "labels", "沿用的标识"},
    {"Application", "restricted_to", "沿用的知悉范围"},
    {"Restriction", "accounts", "可以知悉的账号"},
    {"Labelling", "labels", "标识"},
    // Accounts.
    {"", "account", "账号"},
    {"AccountOpening", "kind", "账号类别"},
    {"", "person", "人员"},
    {"", "display_name", "显示姓名"},
    {"", "active_before", "变更前启用"},
    {"", "active", "启用"},
    {"CredentialChange", "kind", "凭证种类"},
    {"", "fingerprint", "证书摘要"},
    {"", "subject_digest", "统一身份摘要"},
    {"", "grant", "授权"},
    {"", "role", "角色"},
    {"", "confirmed", "确认"},
    {"", "principal", "被代理人账号"},
    {"", "from_date", "起始日"},
    {"", "to_date", "终止日"},
    {"", "roles", "代理的角色"},
    {"", "delegation", "代理的记录序号"},
    // Erasure, forks of the log, access.
    {"", "basis", "依据"},
    {"", "events", "所涉记录序号"},
    {"", "proposal", "提议的记录序号"},
    {"", "words", "检索用文字一并删除"},
    {"", "outside_size", "外部检查点条数"},
    {"", "outside_root", "外部检查点的根"},
    {"", "tree_size", "数据库日志条数"},
    {"", "tree_root", "数据库日志的根"},
    {"", "statement", "所确认的声明序号"},
    {"Access", "kind", "访问种类"},
    {"", "method", "方法"},
    {"", "act", "行为"},
    {"", "cases", "案号"},
    {"", "version", "案件版本"},
    {"", "purpose", "查看理由"},
    {"Access", "source", "来源地址"},
};

struct Term {
  int event_type;
  std::string_view zh;
};

// Of events that record no act.
constexpr Term kTerms[] = {
    {v1::Event::kNoticeLoaded, "载入节假日安排"},
    {v1::Event::kAgencyTermsSet, "设定机关参数"},
    {v1::Event::kAgencyTermsChanged, "变更机关参数"},
    {v1::Event::kReturnFiled, "报送年度报告"},
    {v1::Event::kLogForkStated, "声明日志分叉"},
    {v1::Event::kLogForkConfirmed, "确认日志分叉"},
    {v1::Event::kAccessed, "访问记录"},
    {v1::Event::kAccountOpened, "开设账号"},
    {v1::Event::kAccountStateSet, "停用或启用账号"},
    {v1::Event::kCredentialChanged, "变更凭证"},
    {v1::Event::kGranted, "授权"},
    {v1::Event::kGrantProposed, "提议授权"},
    {v1::Event::kGrantDecided, "确认授权"},
    {v1::Event::kGrantWithdrawn, "撤销授权"},
    {v1::Event::kDelegated, "代理"},
    {v1::Event::kDelegationEnded, "终止代理"},
};

}  // namespace

std::string_view LabelOf(const google::protobuf::FieldDescriptor& field) {
  std::string_view common;
  for (const Label& label : kLabels) {
    if (label.field != field.name()) continue;
    if (label.message == field.containing_type()->name()) return label.zh;
    if (label.message.empty()) common = label.zh;
  }
  return common;
}

std::string_view EventTerm(int event_type) {
  for (const Term& term : kTerms) {
    if (term.event_type == event_type) return term.zh;
  }
  return casework::ActTerm(static_cast<v1::Act::ActCase>(event_type), false);
}

}  // namespace gongkai::document
