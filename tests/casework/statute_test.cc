// SPDX-License-Identifier: Apache-2.0
// The statute table against a second reading of the law: a table written apart
// from it, from the regulation and the phases alone, compared for every act in
// every phase by every capacity.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

// One act of the second reading. Phases and capacities by letter, below.
struct Reading {
  std::string_view act;
  std::string_view phases;
  std::string_view capacities;
};

// Phases in the order of the contract: 0 not received, c awaiting
// confirmation, r received, h handling, k awaiting correction, e awaiting
// reasons, f awaiting payment, v in review, s signed, d dispatched, S served,
// z closed, a archived.
constexpr std::string_view kPhases = "0crhkefvsdSza";
// Capacities in the order of the contract: 0 none, H handler, S secrecy
// reviewer, L legal reviewer, G signer, D head of the disclosure office, A
// archivist, T litigator, P supervisor, I intake, C clock, K rule keeper, R
// reader; N account keeper, U auditor, O operator, F oneself, who act on no
// case.
constexpr std::string_view kCapacities = "0HSLGDATPICKRNUOF";

const std::vector<Reading>& SecondReading() {
  static const auto& readings = *new std::vector<Reading>{
      {"receive", "0", "HI"},
      {"confirm_receipt", "c", "HI"},
      {"log_contact", "crhkefvsdSza", "HI"},
      {"register", "r", "H"},
      {"assign", "rhkefvsdS", "HP"},
      {"record_search", "h", "H"},
      // Registration comes first (REG 45).
      {"require_correction", "h", "HP"},
      {"accept_correction", "k", "HI"},
      // Whether there was good reason is for a person to judge, not a clock.
      {"lapse_correction", "k", "H"},
      {"ask_reasons", "h", "H"},
      {"accept_reasons", "e", "H"},
      {"defer_reply", "h", "H"},
      {"charge_fee", "h", "H"},
      {"accept_payment", "f", "H"},
      {"lapse_payment", "f", "H"},
      {"consult", "h", "H"},
      {"record_opinion", "hkefvsdS", "H"},
      // Asking for reasons does not stop the clock: the reply limit may end
      // while they are awaited. Correction and payment give a new one.
      {"request_extension", "hev", "H"},
      {"decide_extension", "hkefv", "D"},
      {"draft_reply", "h", "H"},
      {"submit_for_review", "h", "H"},
      {"clear_draft", "v", "SL"},
      {"return_draft", "v", "SLG"},
      {"sign", "v", "G"},
      {"dispatch", "sd", "H"},
      {"record_service", "hkefvd", "H"},
      // Until the reply exists.
      {"withdraw", "crhkefv", "HI"},
      {"link", "crhkefvsdSza", "H"},
      {"close", "dS", "H"},
      {"archive", "z", "A"},
      // No reply at all is a state a court knows: from receipt on.
      {"open_remedy", "rhkefvsdSza", "T"},
      {"answer_remedy", "rhkefvsdSza", "T"},
      {"decide_remedy", "rhkefvsdSza", "T"},
      {"appeal_remedy", "rhkefvsdSza", "T"},
      {"record_rectification", "rhkefvsdSza", "T"},
      {"reopen", "dSza", "TP"},
      // Never by whoever made the record.
      {"mend_record", "crhkefvsdSza", "DP"},
      {"place_legal_hold", "crhkefvsdSza", "AT"},
      {"lift_legal_hold", "crhkefvsdSza", "AT"},
      // Closed cases never move.
      {"apply_calendar", "crhkefvsdS", "C"},
      // Two persons; what must stay is said by conditions, not by the phase.
      {"propose_erasure", "rhkefvsdSza", "HDA"},
      {"erase", "rhkefvsdSza", "DP"},
      // Who may know is for whoever answers for the office; what the papers
      // are marked as, also for those who read them first.
      {"restrict", "rhkefvsdSza", "DP"},
      {"lift_restriction", "rhkefvsdSza", "DP"},
      {"set_labels", "rhkefvsdSza", "HSD"},
      // Whoever answers for the return brings the register it is made of.
      {"import_case", "0", "D"},
  };
  return readings;
}

template <typename E>
EnumSet<E> SetOf(std::string_view letters, std::string_view alphabet) {
  EnumSet<E> set;
  for (const char letter : letters) {
    const size_t at = alphabet.find(letter);
    EXPECT_NE(at, std::string_view::npos) << letter;
    set.insert(static_cast<E>(at));
  }
  return set;
}

template <typename E>
std::string Letters(EnumSet<E> set, std::string_view alphabet) {
  std::string letters;
  for (size_t i = 0; i < alphabet.size(); ++i) {
    if (set.contains(static_cast<E>(i))) letters += alphabet[i];
  }
  return letters;
}

const google::protobuf::FieldDescriptor& FieldOf(std::string_view act) {
  const auto* field = v1::Act::descriptor()->FindFieldByName(std::string(act));
  EXPECT_NE(field, nullptr) << act;
  return *field;
}

// An act with an empty message: what is refused before its content is read.
v1::Act EmptyAct(std::string_view name) {
  v1::Act act;
  act.GetReflection()->MutableMessage(&act, &FieldOf(name));
  return act;
}

v1::Actor AsAnybody(v1::Capacity capacity) {
  v1::Actor actor;
  actor.set_account("wang");
  actor.set_person("wang");
  actor.set_capacity(capacity);
  return actor;
}

// A case in `phase`, with no more facts than that.
Case InPhase(v1::Phase phase) {
  Case c;
  c.phase = phase;
  if (phase == v1::PHASE_UNSPECIFIED) return c;
  c.version = 1;
  c.number = "TEST-2024-00001";
  c.facts.channel = v1::IN_PERSON;
  c.facts.arrived = c.facts.received = absl::CivilDay(2024, 3, 1);
  return c;
}

// Decides `act` on a bare case of `phase`.
absl::Status DecideBare(const v1::Act& act, v1::Phase phase,
                        v1::Capacity capacity) {
  const Case before = InPhase(phase);
  const absl::CivilDay day(2024, 3, 4);
  const law::AgencyTerms terms;
  const std::vector<PastEvent> history;
  const v1::Actor actor = AsAnybody(capacity);
  const auto limits =
      law::DeriveLimits(before.facts, TheRulebook(), TheCalendar(), terms, day);
  return Decide(Matter{before, history, act, actor, day, day, TheRulebook(),
                       TheCalendar(), terms, limits})
      .status();
}

std::string ReadTree(const std::filesystem::path& folder,
                     const std::string& but) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename() == but) continue;
    std::ifstream in(entry.path());
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

std::filesystem::path Source() {
  const char* folder = std::getenv("GONGKAI_SOURCE_DIR");
  return folder == nullptr ? "." : folder;
}

TEST(Statute, AgreesWithASecondReadingOfTheLaw) {
  ASSERT_EQ(SecondReading().size(), Statute().size());
  for (size_t i = 0; i < Statute().size(); ++i) {
    const Rule& rule = Statute()[i];
    const Reading& reading = SecondReading()[i];
    EXPECT_EQ(rule.name, reading.act);
    EXPECT_EQ(Letters(rule.lawful_in, kPhases),
              Letters(SetOf<v1::Phase>(reading.phases, kPhases), kPhases))
        << rule.name;
    EXPECT_EQ(Letters(rule.capacities, kCapacities),
              Letters(SetOf<v1::Capacity>(reading.capacities, kCapacities),
                      kCapacities))
        << rule.name;
  }
}

TEST(Statute, EveryActInEveryPhaseByEveryCapacityIsJudgedByIt) {
  int judged = 0;
  for (const Reading& reading : SecondReading()) {
    const auto phases = SetOf<v1::Phase>(reading.phases, kPhases);
    const auto capacities =
        SetOf<v1::Capacity>(reading.capacities, kCapacities);
    const v1::Act act = EmptyAct(reading.act);
    for (int p = v1::Phase_MIN; p <= v1::Phase_MAX; ++p) {
      for (int c = v1::Capacity_MIN; c <= v1::Capacity_MAX; ++c) {
        const auto phase = static_cast<v1::Phase>(p);
        const auto capacity = static_cast<v1::Capacity>(c);
        const std::string reason = ReasonOf(DecideBare(act, phase, capacity));
        const std::string where = absl::StrCat(std::string(reading.act), " in ",
                                               v1::Phase_Name(phase), " by ",
                                               v1::Capacity_Name(capacity));
        ++judged;
        if (!capacities.contains(capacity)) {
          EXPECT_EQ(reason, "CAPACITY_MISSING") << where;
        } else if (!phases.contains(phase)) {
          EXPECT_EQ(reason, "NOT_IN_THIS_PHASE") << where;
        } else {
          EXPECT_NE(reason, "CAPACITY_MISSING") << where;
          EXPECT_NE(reason, "NOT_IN_THIS_PHASE") << where;
        }
      }
    }
  }
  EXPECT_EQ(judged, 46 * 13 * 17);
}

TEST(Statute, NoActIsRefusedInEveryPhaseByEveryCapacity) {
  for (int p = v1::Phase_MIN; p <= v1::Phase_MAX; ++p) {
    for (int c = v1::Capacity_MIN; c <= v1::Capacity_MAX; ++c) {
      EXPECT_EQ(ReasonOf(DecideBare(v1::Act(), static_cast<v1::Phase>(p),
                                    static_cast<v1::Capacity>(c))),
                "ACT_MISSING");
    }
  }
}

TEST(Statute, EveryActOfTheContractHasARowATermAndAnArticle) {
  const auto& act = *v1::Act::descriptor();
  ASSERT_EQ(static_cast<size_t>(act.field_count()), Statute().size());
  std::set<std::string> terms;
  for (int i = 0; i < act.field_count(); ++i) {
    const auto number = static_cast<v1::Act::ActCase>(act.field(i)->number());
    const Rule* rule = RuleFor(number);
    ASSERT_NE(rule, nullptr) << act.field(i)->name();
    EXPECT_EQ(rule->name, act.field(i)->name());
    EXPECT_FALSE(rule->lawful_in.empty()) << rule->name;
    EXPECT_FALSE(rule->capacities.empty()) << rule->name;
    EXPECT_FALSE(rule->article.empty()) << rule->name;
    for (const bool english : {false, true}) {
      const std::string term(ActTerm(number, english));
      EXPECT_FALSE(term.empty()) << rule->name;
      EXPECT_TRUE(terms.insert(term).second) << term << " stands twice";
    }
  }
  EXPECT_EQ(RuleFor(v1::Act::ACT_NOT_SET), nullptr);
}

TEST(Statute, AnActAndItsEventHaveTheSameNumberAndMessage) {
  const auto& act = *v1::Act::descriptor();
  const auto& event = *v1::Event::descriptor();
  for (int i = 0; i < act.field_count(); ++i) {
    const auto* recorded = event.FindFieldByNumber(act.field(i)->number());
    ASSERT_NE(recorded, nullptr) << act.field(i)->name();
    EXPECT_EQ(recorded->message_type(), act.field(i)->message_type())
        << act.field(i)->name();
  }
}

TEST(Statute, EveryGuardHasANameThatIsASentence) {
  for (const Rule& rule : Statute()) {
    for (const auto* guards : {&rule.on_case, &rule.on_content}) {
      for (const Guard& guard : *guards) {
        EXPECT_FALSE(guard.name.empty()) << rule.name;
        EXPECT_NE(guard.holds, nullptr) << rule.name << " " << guard.name;
      }
    }
  }
}

TEST(Statute, EveryActIsDoneInATestOrAStory) {
  const std::string tests =
      ReadTree(Source() / "tests/casework", "statute_test.cc");
  const std::string stories = ReadTree(Source() / "data/stories", "");
  for (const Rule& rule : Statute()) {
    const std::string name(rule.name);
    EXPECT_TRUE(tests.find(name + " {") != std::string::npos ||
                stories.find("\"" + name + "\"") != std::string::npos)
        << name;
  }
}

// Reasons of the case are those from 20 on; the service's own shell adds those
// of a day too far back, of the log, of clearances and of accounts.
TEST(Statute, EveryReasonOfTheCaseIsExpectedByATest) {
  const std::string tests =
      ReadTree(Source() / "tests/casework", "statute_test.cc");
  const auto& reasons = *v1::Reason_descriptor();
  for (int i = 0; i < reasons.value_count(); ++i) {
    const auto& reason = *reasons.value(i);
    if (reason.number() < 20 || reason.number() == v1::DATE_TOO_OLD ||
        reason.number() == v1::NOT_YET_SIGNED ||
        reason.number() == v1::FORK_MISFIT ||
        reason.number() == v1::FORK_BY_STATER ||
        reason.number() == v1::LABEL_NOT_CLEARED ||
        reason.number() >= v1::NO_SUCH_ACCOUNT) {
      continue;
    }
    EXPECT_NE(tests.find("\"" + reason.name()), std::string::npos)
        << reason.name();
  }
}

}  // namespace
}  // namespace gongkai::casework
