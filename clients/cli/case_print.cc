// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/case_print.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/casework/statute.h"

namespace gongkai::cli {
namespace {

// `label  value` lines, those without a value left out.
void PrintFacts(const Run& run, const v1::Case& c) {
  const Locale locale = run.settings.locale;
  Table table({c.number(), TermOf(c.phase(), locale)});
  const auto add = [&](std::string_view zh, std::string_view en,
                       std::string value) {
    if (!value.empty()) table.Add({run.Say(zh, en), std::move(value)});
  };
  add("版本", "version", absl::StrCat(c.version()));
  add("渠道", "channel", TermOf(c.channel(), locale));
  add("申请人类别", "applicant kind", TermOf(c.applicant_kind(), locale));
  add("申请人", "applicant", Summary(c.applicant(), locale));
  add("代理人", "agent", Summary(c.agent(), locale));
  if (c.masked()) {
    add("个人信息", "personal data",
        run.Say("已遮盖，以 --purpose 说明理由后显示",
                "masked; --purpose states why it is to be shown"));
  }
  add("申请内容", "content", Clipped(c.content(), 200));
  add("到达", "arrived", c.arrived_date());
  add("收到", "received", c.receipt_date());
  add("经办人", "officer", c.officer());
  add("承办部门", "department", c.department());
  std::vector<std::string> grounds;
  for (const int ground : c.grounds()) {
    grounds.push_back(TermOf(static_cast<v1::Ground>(ground), locale));
  }
  add("答复类型", "outcome",
      absl::StrCat(TermOf(c.outcome(), locale),
                   grounds.empty() ? "" : Say(locale, "：", ": "),
                   absl::StrJoin(grounds, Say(locale, "、", ", ")),
                   c.outcome_code().empty() ? "" : "  ", c.outcome_code(),
                   c.return_row().empty() ? "" : " / ", c.return_row()));
  add("文号", "document", c.document_number());
  add("签发", "signed", c.signed_date());
  add("寄送", "dispatched", c.dispatched_date());
  add("送达", "served", c.served_date());
  if (c.fee_fen() > 0) {
    add("信息处理费（分）", "fee (fen)", absl::StrCat(c.fee_fen()));
  }
  add("身份证件校验", "identity check",
      c.identity_check() == v1::NUMBER_CHECK_UNSPECIFIED
          ? ""
          : TermOf(c.identity_check(), locale));
  add("重新办理自", "reopened from", c.reopened_from());
  add("子案", "sub-cases", absl::StrJoin(c.sub_cases(), ", "));
  add("关联案件", "linked", absl::StrJoin(c.linked_cases(), ", "));
  if (c.legal_hold()) add("暂停销毁", "legal hold", run.Say("是", "yes"));
  add("日历 / 规则", "calendar / rules",
      absl::StrCat(c.calendar_version(), " / ", c.rulebook_version()));
  table.Print(run.out);
}

void PrintParties(const Run& run, const v1::Case& c) {
  const Locale locale = run.settings.locale;
  if (c.consultations_size() > 0) {
    run.out << '\n' << run.Say("征求意见", "consultations") << '\n';
    for (const v1::Consultation& consultation : c.consultations()) {
      run.out << "  " << Summary(consultation, locale) << '\n';
    }
  }
  if (c.dockets_size() > 0) {
    run.out << '\n' << run.Say("救济", "remedies") << '\n';
    for (const v1::Docket& docket : c.dockets()) {
      run.out << "  " << Summary(docket, locale) << '\n';
    }
  }
}

// The fact of an event: its act's term and what it says.
std::string FactOf(const v1::Event& event, Locale locale) {
  const auto* reflection = event.GetReflection();
  const auto* field = reflection->GetOneofFieldDescriptor(
      event, v1::Event::descriptor()->FindOneofByName("body"));
  if (field == nullptr) return "";
  // Events and acts pair by number.
  const auto act = static_cast<v1::Act::ActCase>(field->number());
  const auto term = casework::ActTerm(act, locale == Locale::kEn);
  const std::string name = term.empty() ? field->name() : std::string(term);
  return absl::StrCat(name, "  ",
                      Summary(reflection->GetMessage(event, field), locale));
}

}  // namespace

void PrintCase(const Run& run, const v1::Case& c) {
  PrintFacts(run, c);
  PrintParties(run, c);
  run.out << '\n' << run.Say("期限", "time limits") << '\n';
  Table limits = LimitTable(run.settings.locale);
  for (const v1::Limit& limit : c.limits()) {
    AddLimit(limit, run.settings.locale, &limits);
  }
  limits.Print(run.out);
}

void PrintHistory(
    const Run& run,
    const google::protobuf::RepeatedPtrField<v1::RecordedEvent>& history) {
  const Locale locale = run.settings.locale;
  run.out << '\n' << run.Say("案卷", "history") << '\n';
  Table table({run.Say("序", "seq"), run.Say("日期", "date"),
               run.Say("记录时间", "recorded"), run.Say("身份", "capacity"),
               run.Say("账号", "account"), run.Say("散列", "hash"),
               run.Say("事实", "fact")});
  for (const v1::RecordedEvent& event : history) {
    table.Add(
        {absl::StrCat(event.seq()), event.event().occurred_date(),
         event.recorded_time().substr(0, 19),
         TermOf(event.actor().capacity(), locale), event.actor().account(),
         event.hash().substr(0, 8),
         absl::StrCat(event.erased() ? run.Say("[已清除] ", "[erased] ") : "",
                      FactOf(event.event(), locale))});
  }
  table.Print(run.out, 100);
}

Flag PurposeFlag(Locale locale) {
  return {.name = "purpose",
          .help = Say(locale, "为何查看完整个人信息，将记入查阅记录",
                      "why personal data is to be shown whole; recorded"),
          .choices = ChoicesOf(*v1::Purpose_descriptor())};
}

absl::Status SetPurpose(const Run& run, google::protobuf::Message* request) {
  if (!run.args.Has("purpose")) return absl::OkStatus();
  return SetField(request, "purpose", run.args.Get("purpose"));
}

}  // namespace gongkai::cli
