// SPDX-License-Identifier: Apache-2.0
#include "services/document/history_text.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/document/facts.h"
#include "services/document/field_labels.h"
#include "services/document/plain_words.h"

namespace gongkai::document {
namespace {

constexpr std::string_view kTitle = "政府信息公开案件记录";
constexpr std::string_view kHow =
    "本文只据记录生成：同一记录只能生成同一文本，核验程序会据 events.jsonl 重新"
    "生成并逐字比对。每号记录写明发生之日、服务器记录的时间、行为人和内容；记录"
    "散"
    "列由该号记录的全部字节算出，并写入后一号记录。";
// Lines of a value after its first one stand behind a rule: words of others
// cannot pass for lines of this document.
constexpr std::string_view kNextLine = "\n　　　│ ";

constexpr std::string_view kStyle =
    "@page{size:A4;margin:20mm 18mm}"
    "body{font:11pt/1.6 \"Noto Serif CJK SC\",\"Source Han Serif SC\","
    "\"Songti SC\",SimSun,serif;font-variant-ligatures:none;color:#111;"
    "max-width:174mm;margin:8mm auto;padding:0 4mm}"
    "h1{font-size:18pt;text-align:center;margin:0 0 4mm}"
    "h2{font-size:12.5pt;margin:0 0 1.5mm}"
    "p{margin:2mm 0;text-align:justify}"
    "section{border-top:.3mm solid #888;padding:3mm 0;break-inside:avoid-page}"
    "table{border-collapse:collapse;width:100%}"
    "th{font-weight:normal;color:#555;text-align:left;vertical-align:top;"
    "width:26%;padding:.4mm 3mm .4mm 0}"
    "td{vertical-align:top;padding:.4mm 0;white-space:pre-wrap;"
    "overflow-wrap:anywhere;unicode-bidi:isolate}"
    ".said th,.said td{border-bottom:.1mm solid #ddd}"
    ".proof{font-size:9pt;margin-top:1mm}"
    "footer{border-top:.6mm solid #111;padding-top:2mm}";

std::string ChineseDay(std::string_view text) {
  const absl::StatusOr<absl::CivilDay> day = ParseDay(text);
  if (!day.ok()) return Visible(text);
  static constexpr std::array<std::string_view, 7> kWeekdays = {
      "一", "二", "三", "四", "五", "六", "日"};
  const auto weekday = static_cast<size_t>(absl::GetWeekday(*day));
  return absl::StrCat(day->year(), "年", day->month(), "月", day->day(),
                      "日（星期", ToAbsl(kWeekdays[weekday]), "）");
}

std::string BothTimes(absl::Time time) {
  static const absl::TimeZone shanghai = absl::FixedTimeZone(8 * 60 * 60);
  return absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%E6S", time, shanghai),
                      " 北京时间（", FormatInstant(time), "）");
}

std::string ActorText(const v1::Actor& actor) {
  std::string text = absl::StrCat("账号 ", Visible(actor.account()));
  const auto add = [&](std::string_view label, const std::string& value) {
    if (value.empty()) return;
    absl::StrAppend(&text, "；", ToAbsl(label), " ", Visible(value));
  };
  const auto* capacity =
      v1::Capacity_descriptor()->FindValueByNumber(actor.capacity());
  add("身份",
      capacity == nullptr ? absl::StrCat(actor.capacity()) : TermOf(*capacity));
  add("人员", actor.person());
  add("代", actor.on_behalf_of());
  add("登录方式", actor.sign_in());
  return text;
}

std::string_view PartText(audit::PrivatePart part) {
  switch (part) {
    case audit::PrivatePart::kNone:
      return "无";
    case audit::PrivatePart::kShown:
      return "已附，含于以上内容";
    case audit::PrivatePart::kWithheld:
      return "有，未随证据包提供；记录只含对它的承诺";
    case audit::PrivatePart::kErased:
      return "已依法删除；记录只留对它的承诺";
  }
  return "";
}

// The message of the event.
std::vector<Fact> Said(const v1::Event& event) {
  const auto* reflection = event.GetReflection();
  const auto* field = reflection->GetOneofFieldDescriptor(
      event, v1::Event::descriptor()->FindOneofByName("body"));
  if (field == nullptr) return {};
  return FactsOf(reflection->GetMessage(event, field));
}

// One event as it is laid out.
struct Paragraph {
  std::string title;
  std::vector<Fact> when;
  std::vector<Fact> said;
  std::vector<Fact> proof;
};

Paragraph ParagraphOf(const audit::OpenedEvent& opened) {
  const audit::Record& record = opened.record;
  Paragraph p;
  p.title =
      absl::StrCat("第 ", record.seq, " 号　",
                   ToAbsl(EventTerm(static_cast<int>(record.event_type))));
  p.when = {{"发生日期", ChineseDay(record.occurred_date)},
            {"记录时间", BothTimes(record.recorded_time)},
            {"行为人", ActorText(record.actor)}};
  p.said = Said(opened.event);
  p.proof = {
      {"个人信息", std::string(PartText(opened.part))},
      {"适用日历、规则", absl::StrCat(Visible(record.calendar_version), "；",
                                      Visible(record.rulebook_version))},
      {"事件编号", Visible(record.event_id)},
      {"记录散列", audit::ToHex(opened.hash)}};
  return p;
}

void AppendText(const std::vector<Fact>& facts, std::string_view indent,
                std::string& out) {
  for (const Fact& fact : facts) {
    absl::StrAppend(
        &out, ToAbsl(indent), fact.label, "：",
        absl::StrReplaceAll(fact.value, {{"\n", ToAbsl(kNextLine)}}), "\n");
  }
}

void AppendTable(const std::vector<Fact>& facts, std::string_view name,
                 std::string& out) {
  if (facts.empty()) return;
  absl::StrAppend(&out, "<table class=\"", ToAbsl(name), "\">\n");
  for (const Fact& fact : facts) {
    absl::StrAppend(&out, "<tr><th>", ToHtml(fact.label), "</th><td>",
                    ToHtml(fact.value), "</td></tr>\n");
  }
  out += "</table>\n";
}

}  // namespace

std::string History::Head(const audit::OpenedEvent& first) const {
  const audit::Record& record = first.record;
  std::vector<Fact> facts = {{"机关", Visible(record.agency)}};
  if (first.event.has_received()) {
    facts.push_back({"案号", Visible(first.event.received().number())});
  } else if (first.event.has_case_imported()) {
    facts.push_back({"案号", Visible(first.event.case_imported().number())});
  }
  facts.push_back({"案卷标识", Visible(record.stream)});
  facts.push_back({"日志", Visible(record.log_origin)});
  facts.push_back({"密码套件", std::string(audit::SuiteName(record.suite))});
  std::string out;
  if (form_ == Form::kText) {
    absl::StrAppend(&out, ToAbsl(kTitle), "　", ToAbsl(kHistoryMark), "\n\n");
    AppendText(facts, "", out);
    absl::StrAppend(&out, "\n", ToAbsl(kHow), "\n");
    return out;
  }
  absl::StrAppend(
      &out, "<!DOCTYPE html><!-- ", ToAbsl(kHistoryMark),
      " -->\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'\">\n<title>",
      ToAbsl(kTitle), "</title>\n<style>", ToAbsl(kStyle),
      "</style>\n</head>\n<body>\n<h1>", ToAbsl(kTitle), "</h1>\n");
  AppendTable(facts, "head", out);
  absl::StrAppend(&out, "<p>", ToAbsl(kHow), "</p>\n");
  return out;
}

std::string History::Add(const audit::OpenedEvent& opened) {
  std::string out;
  if (events_ == 0) out = Head(opened);
  ++events_;
  last_hash_ = audit::ToHex(opened.hash);
  const Paragraph p = ParagraphOf(opened);
  if (form_ == Form::kText) {
    absl::StrAppend(&out, "\n", p.title, "\n");
    AppendText(p.when, "　", out);
    if (!p.said.empty()) out += "　内容\n";
    AppendText(p.said, "　　", out);
    AppendText(p.proof, "　", out);
    return out;
  }
  absl::StrAppend(&out, "<section>\n<h2>", ToHtml(p.title), "</h2>\n");
  AppendTable(p.when, "when", out);
  AppendTable(p.said, "said", out);
  AppendTable(p.proof, "proof", out);
  out += "</section>\n";
  return out;
}

std::string History::Finish() {
  const std::string end =
      absl::StrCat("以上共 ", events_, " 号记录。最后一号记录的散列：",
                   last_hash_, "。此后是否另有记录，仅凭证据包不能判断。");
  if (form_ == Form::kText) return absl::StrCat("\n", end, "\n");
  return absl::StrCat("<footer><p>", end, "</p></footer>\n</body>\n</html>\n");
}

}  // namespace gongkai::document
