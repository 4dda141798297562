// SPDX-License-Identifier: Apache-2.0
#include "tests/casework/life.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "services/base/dates.h"
#include "services/base/refusal.h"

namespace gongkai::casework {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::filesystem::path Source() {
  const char* dir = std::getenv("GONGKAI_SOURCE_DIR");
  return dir == nullptr ? "." : dir;
}

void Must(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

}  // namespace

const law::Rulebook& TheRulebook() {
  static const law::Rulebook& rulebook = *[] {
    std::vector<std::string> sets;
    for (const auto& entry :
         std::filesystem::directory_iterator(Source() / "ops/rulebook")) {
      if (entry.path().extension() == ".textproto") {
        sets.push_back(ReadAll(entry.path()));
      }
    }
    return new law::Rulebook(law::Rulebook::Parse(sets).value());
  }();
  return rulebook;
}

const law::Calendar& TheCalendar() {
  static const law::Calendar& calendar = *[] {
    const auto notices =
        law::ReadNotices(ReadAll(Source() / "ops/calendar/notices.csv"),
                         ReadAll(Source() / "ops/calendar/days.csv"));
    return new law::Calendar(law::Calendar::Build(notices.value()).value());
  }();
  return calendar;
}

v1::Act ActOf(const std::string& text) {
  v1::Act act;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &act))
      << text;
  return act;
}

std::string ReasonOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto refusal = RefusalOf(status);
  return refusal ? v1::Reason_Name(refusal->reason()) : status.ToString();
}

std::string LastDayOf(const absl::Status& status) {
  const auto refusal = RefusalOf(status);
  return refusal ? refusal->due_date() : "";
}

Life InHand(std::string_view date) {
  Life life;
  life.Receive(date);
  life.Register(date);
  return life;
}

Life SignedOn(std::string_view date) {
  Life life = InHand(date);
  life.Draft(date);
  life.Review(date);
  life.Sign(date);
  return life;
}

Life ServedOn(std::string_view date) {
  Life life = SignedOn(date);
  life.Dispatch(date);
  life.Serve(date);
  return life;
}

Matter Life::MatterOf(const v1::Act& act, const v1::Actor& actor,
                      absl::CivilDay day, const std::vector<law::Limit>& limits,
                      const law::Calendar* previous) const {
  return Matter{case_,         history_,      act,   actor,  day,     today,
                TheRulebook(), TheCalendar(), terms, limits, previous};
}

std::vector<law::Limit> Life::Limits(absl::CivilDay as_of) const {
  return law::DeriveLimits(case_.facts, TheRulebook(), TheCalendar(), terms,
                           as_of);
}

std::string Life::Due(v1::LimitKind kind, int ordinal) const {
  const auto limits = Limits(today);
  const law::Limit* limit = law::FindLimit(limits, kind, ordinal);
  return limit != nullptr && limit->due ? FormatDay(*limit->due) : "";
}

absl::Status Life::Do(const v1::Actor& actor, absl::CivilDay day,
                      const v1::Act& act) {
  const auto limits = Limits(day);
  const auto decision = Decide(MatterOf(act, actor, day, limits));
  if (!decision.ok()) return decision.status();
  PastEvent past;
  past.seq = case_.version + 1;
  past.actor = actor;
  past.calendar_version = "1+0";
  past.rulebook_version = TheRulebook().version();
  past.event = decision->event;
  if (past.event.has_received() && past.event.received().number().empty()) {
    past.event.mutable_received()->set_number("TEST-2024-00001");
  }
  history_.push_back(past);
  case_ = Fold("TEST", history_);
  return absl::OkStatus();
}

absl::Status Life::Do(v1::Capacity capacity, std::string_view person,
                      std::string_view date, const std::string& act) {
  v1::Actor actor;
  actor.set_account(std::string(person));
  actor.set_person(std::string(person));
  actor.set_capacity(capacity);
  return Do(actor, DayOf(date), ActOf(act));
}

void Life::Receive(std::string_view date) {
  Must(Handle(date,
              R"(receive { applicant_kind: NATURAL_PERSON channel: IN_PERSON
                           applicant { name: "赵甲" } content: "某文件" })"));
}
void Life::Register(std::string_view date) {
  Must(Handle(date, R"(register { officer: "li" })"));
}
void Life::Draft(std::string_view date) {
  Must(Handle(date, R"(draft_reply { outcome: DISCLOSED text: "见附件"
                         access: "随函附送" review_organ: "市人民政府"
                         court: "某法院" })"));
}
void Life::Review(std::string_view date) {
  Must(Handle(date, "submit_for_review {}"));
  Must(Do(v1::SECRECY_REVIEWER, "mi", date, "clear_draft { step: SECRECY }"));
  Must(Do(v1::LEGAL_REVIEWER, "fa", date, "clear_draft { step: LEGAL }"));
}
void Life::Sign(std::string_view date) {
  Must(Do(v1::SIGNER, "qian", date,
          R"(sign { document_number: "某信答〔2024〕1号" })"));
}
void Life::Dispatch(std::string_view date) {
  Must(Handle(date, "dispatch { carrier: POST_EMS }"));
}
void Life::Serve(std::string_view date) {
  Must(Handle(date, "record_service { outcome: DELIVERED }"));
}
void Life::Close(std::string_view date) { Must(Handle(date, "close {}")); }

}  // namespace gongkai::casework
