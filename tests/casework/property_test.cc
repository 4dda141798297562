// SPDX-License-Identifier: Apache-2.0
// Random lives: lawful and unlawful acts by every capacity on every day, and
// what must hold after each. The seed is printed; GONGKAI_SEED repeats a run
// and GONGKAI_ACTS sets how many acts are tried.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/audit/record.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/view.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kLongestLife = 60;

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

// Fills messages at random, mostly within their rules.
class Chance {
 public:
  explicit Chance(uint64_t seed) : random_(seed) {}

  int Below(int n) {
    return static_cast<int>(random_() % static_cast<uint64_t>(n));
  }
  bool OneIn(int n) { return Below(n) == 0; }

  template <typename T>
  const T& Of(const std::vector<T>& all) {
    return all[static_cast<size_t>(Below(static_cast<int>(all.size())))];
  }

  void Fill(Message& message, absl::CivilDay day) {
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
      if (rule.server_only() || (!rule.required() && OneIn(2))) continue;
      FillField(field, rule, reflection, message, day);
    }
  }

 private:
  void FillField(const FieldDescriptor& field, const v1::FieldRule& rule,
                 const google::protobuf::Reflection& reflection,
                 Message& message, absl::CivilDay day) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.is_repeated()) {
          reflection.AddString(&message, &field, absl::StrCat("p", Below(4)));
        } else {
          reflection.SetString(&message, &field, Text(rule, day));
        }
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(&message, &field, Number(rule));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        if (field.is_repeated()) {
          reflection.AddInt64(&message, &field, Number(rule));
        } else {
          reflection.SetInt64(&message, &field, Number(rule));
        }
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(&message, &field, OneIn(2));
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int n = field.enum_type()->value_count();
        const auto* value = field.enum_type()->value(
            rule.required() && n > 1 ? 1 + Below(n - 1) : Below(n));
        if (field.is_repeated()) {
          if (value->number() != 0) reflection.AddEnum(&message, &field, value);
        } else {
          reflection.SetEnum(&message, &field, value);
        }
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (!field.is_repeated()) {
          Fill(*reflection.MutableMessage(&message, &field), day);
        }
        break;
      default:
        break;
    }
  }

  std::string Text(const v1::FieldRule& rule, absl::CivilDay day) {
    switch (rule.format()) {
      case v1::DATE:
        return FormatDay(day + Below(30) - 10);
      case v1::CODE:
        return absl::StrCat("TEST-2024-0000", Below(5));
      default:
        return OneIn(8) ? "" : "某";
    }
  }

  int Number(const v1::FieldRule& rule) {
    const int max =
        rule.max() == 0 || rule.max() > 40 ? 40 : static_cast<int>(rule.max());
    return OneIn(2) ? 1 + Below(2)
                    : static_cast<int>(rule.min()) + Below(max + 1);
  }

  std::mt19937_64 random_;
};

// Acts that lead towards the archive, tried more often than others so that
// lives get that far.
const std::vector<std::string>& MainLine() {
  static const auto& acts = *new std::vector<std::string>{
      "confirm_receipt {}",
      R"(register { officer: "li" })",
      R"(draft_reply { outcome: DISCLOSED text: "见附件" access: "附"
           review_organ: "甲" court: "乙" })",
      R"(draft_reply { outcome: CORRECTION_ABANDONED text: "不再处理"
           review_organ: "甲" court: "乙" })",
      R"(draft_reply { outcome: PAYMENT_ABANDONED text: "不再处理"
           review_organ: "甲" court: "乙" })",
      R"(require_correction { items: "项" served_at_once: true })",
      "accept_correction { channel: IN_PERSON }",
      "lapse_correction {}",
      R"(charge_fee { basis: BY_PAGE pages: 31 amount_fen: 1000
           how_to_pay: "柜台" served_at_once: true })",
      "accept_payment {}",
      "lapse_payment {}",
      R"(ask_reasons { facts: "多" period_days: 5 served_at_once: true })",
      R"(accept_reasons { verdict: REASONABLE note: "可" })",
      R"(request_extension { working_days: 10 reason: "多" })",
      R"(decide_extension { approved: true notice_date: "$day" })",
      R"(consult { kind: THIRD_PARTY addressee: "丙" question: "问"
           interest: BUSINESS_SECRET served_at_once: true })",
      R"(record_opinion { consultation: 1 opinion: AGREES })",
      "submit_for_review {}",
      "clear_draft { step: SECRECY }",
      "clear_draft { step: LEGAL }",
      R"(sign { document_number: "某〔2024〕1号" })",
      "dispatch { carrier: POST_EMS }",
      "record_service { outcome: DELIVERED }",
      "close {}",
      "archive { retention: TEN_YEARS }",
      R"(open_remedy { kind: LAWSUIT organ: "法院" })",
      "answer_remedy { docket: 1 }",
      "decide_remedy { docket: 1 result: REVOKED ordered_working_days: 20 }",
      R"(reopen { docket: 1 reason: "责令" })",
      R"(propose_erasure { basis: ORDERED document_number: "某令" })",
      R"(propose_erasure { basis: UNLAWFULLY_KEPT document_number: "某令"
           events: 1 events: 3 })",
      "erase {}",
      R"(restrict { accounts: ["p0", "p1", "p2"] reason: "因" })",
      R"(lift_restriction { reason: "因" })",
      "set_labels { labels: [LABEL_PRIVACY, LABEL_INTERNAL] }",
      "set_labels {}"};
  return acts;
}

class RandomLives : public ::testing::Test {
 protected:
  v1::Act RandomAct(Chance& chance, absl::CivilDay day) {
    if (!chance.OneIn(4)) {
      std::string text = chance.Of(MainLine());
      const size_t at = text.find("$day");
      if (at != std::string::npos) text.replace(at, 4, FormatDay(day));
      return ActOf(text);
    }
    v1::Act act;
    const auto& descriptor = *v1::Act::descriptor();
    const auto* field =
        descriptor.field(chance.Below(descriptor.field_count()));
    chance.Fill(*act.GetReflection()->MutableMessage(&act, field), day);
    return act;
  }

  // What a life begins with: a receipt, or a case of an earlier register.
  v1::Act FirstAct(Chance& chance, absl::CivilDay day) {
    const std::string past = absl::StrCat(
        R"(import_case { number: "A-1" applicant_kind: ENTERPRISE
           applicant { name: "甲" } content: "文" receipt_date: ")",
        FormatDay(day), "\" ");
    switch (chance.Below(6)) {
      case 0:
        return ActOf(past + "}");
      case 1:
        return ActOf(absl::StrCat(past, R"(outcome: REFUSED
            grounds: INTERNAL_AFFAIRS document_number: "某〔2020〕1号"
            finished_date: ")",
                                  FormatDay(day + 10),
                                  R"(" dockets { kind: LAWSUIT opened_date: ")",
                                  FormatDay(day + 20), "\" } }"));
      case 2:
        return ActOf(R"(receive { applicant_kind: ENTERPRISE channel: WEB
                        applicant { name: "甲" } content: "文" })");
      default:
        return ActOf(R"(receive { applicant_kind: ENTERPRISE
                        channel: MAIL_SIGNED applicant { name: "甲" }
                        content: "文" })");
    }
  }

  v1::Actor RandomActor(Chance& chance, const v1::Act& act) {
    v1::Actor actor;
    actor.set_person(absl::StrCat("p", chance.Below(4)));
    actor.set_account(actor.person());
    Capacities all;
    for (int c = v1::Capacity_MIN + 1; c <= v1::Capacity_MAX; ++c) {
      all.insert(static_cast<v1::Capacity>(c));
    }
    actor.set_capacity(
        chance.OneIn(10)
            ? static_cast<v1::Capacity>(1 + chance.Below(v1::Capacity_MAX))
            : CapacityToUse(act, all).value_or(v1::HANDLER));
    return actor;
  }

  // Everything that must hold after an event was kept.
  void CheckLife(const Life& life, const Case& before,
                 const std::vector<law::Limit>& limits_before,
                 absl::CivilDay day) {
    const Case& c = life.c();
    ASSERT_TRUE(CheckInvariants(c).ok())
        << CheckInvariants(c) << "\n"
        << life.history().back().event.DebugString();
    EXPECT_EQ(c.version, before.version + 1);
    const v1::Event& event = life.history().back().event;
    const Rule* rule = RuleFor(
        static_cast<v1::Act::ActCase>(static_cast<int>(event.body_case())));
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(rule->lawful_in.contains(before.phase)) << rule->name;
    // The fold of the stored forms is the case: private parts change nothing.
    std::vector<PastEvent> stripped = life.history();
    for (PastEvent& past : stripped) {
      // A mend of a personal text is judged by the text itself.
      if (!past.event.has_record_mended()) audit::SplitPrivate(past.event);
    }
    const Case again = Fold("TEST", stripped);
    EXPECT_EQ(View(again, day), View(c, day));
    // Acts aside of time move no limit.
    if (event.has_contact_logged() || event.has_assigned() ||
        event.has_search_recorded() || event.has_legal_hold_placed()) {
      EXPECT_TRUE(MovesBetween(limits_before, life.Limits(day)).empty())
          << rule->name;
    }
  }

  // Open letters are answered and open dockets end first, so that the reply can
  // go out and the file be sealed.
  static v1::Act NextTowardsArchive(const Life& life, const std::string& text) {
    const auto& letters = life.c().facts.consultations;
    for (size_t i = 0; i < letters.size(); ++i) {
      if (letters[i].answered || life.c().phase != v1::HANDLING) continue;
      return ActOf(absl::StrCat(
          "record_opinion { opinion: AGREES consultation: ", i + 1, " }"));
    }
    const auto& dockets = life.c().facts.dockets;
    for (size_t i = 0; i < dockets.size(); ++i) {
      if (dockets[i].decided) continue;
      return ActOf(absl::StrCat(
          "decide_remedy { result: WITHDRAWN_OR_ENDED docket: ", i + 1, " }"));
    }
    return ActOf(text);
  }

  static std::string View(const Case& c, absl::CivilDay day) {
    return ViewOf(c, {},
                  law::DeriveLimits(c.facts, TheRulebook(), TheCalendar(), {},
                                    day),
                  TheRulebook(), TheCalendar(), day)
        .SerializeAsString();
  }
};

TEST_F(RandomLives, KeepEveryRuleThroughManyActs) {
  const auto seed = static_cast<uint64_t>(
      FromEnvironment("GONGKAI_SEED", std::random_device{}()));
  const int64_t wanted = FromEnvironment("GONGKAI_ACTS", 100000);
  std::cout << "seed " << seed << ", acts " << wanted << "\n";
  Chance chance(seed);
  int64_t tried = 0;
  int64_t lawful = 0;
  int archived = 0;
  std::set<int> kept;
  std::map<std::string, int> refusals;
  while (tried < wanted) {
    Life life;
    absl::CivilDay day(2022 + chance.Below(4), 1 + chance.Below(12), 1);
    for (int i = 0; i < kLongestLife && tried < wanted; ++i, ++tried) {
      v1::Act act = life.c().version == 0 ? FirstAct(chance, day)
                                          : RandomAct(chance, day);
      if (act.has_erase() && !life.c().erasures_asked.empty()) {
        act.mutable_erase()->set_proposal(life.c().erasures_asked.back().seq);
      }
      day += chance.OneIn(3) ? chance.Below(12) : 0;
      const absl::CivilDay when = chance.OneIn(15) ? day - 20 : day;
      const v1::Actor actor = RandomActor(chance, act);
      const Case before = life.c();
      const auto limits_before = life.Limits(day);
      const absl::Status status = life.Do(actor, when, act);
      if (status.ok()) {
        ++lawful;
        kept.insert(static_cast<int>(act.act_case()));
        CheckLife(life, before, limits_before, day);
        if (HasFatalFailure()) return;
      } else {
        ASSERT_TRUE(RefusalOf(status).has_value()) << status << "\n"
                                                   << act.DebugString();
        ++refusals[ReasonOf(status)];
        EXPECT_EQ(life.c().version, before.version);
        EXPECT_TRUE(MovesBetween(limits_before, life.Limits(day)).empty());
      }
    }
    if (life.c().phase == v1::ARCHIVED) ++archived;
  }
  std::cout << tried << " acts, " << lawful << " lawful, " << archived
            << " lives archived, " << kept.size() << " kinds of act, "
            << refusals.size() << " reasons of refusal\n";
  // A run that reaches little proves little.
  EXPECT_GT(lawful, tried / 10);
  EXPECT_GT(archived, 0);
  EXPECT_GT(kept.size(), 30u);
  EXPECT_TRUE(kept.contains(v1::Act::kErase));
  EXPECT_TRUE(kept.contains(v1::Act::kImportCase));
  EXPECT_TRUE(kept.contains(v1::Act::kRestrict));
  EXPECT_TRUE(kept.contains(v1::Act::kLiftRestriction));
  EXPECT_TRUE(kept.contains(v1::Act::kSetLabels));
  EXPECT_GT(refusals.size(), 25u);
}

// From any phase that a life can be in, some lawful way leads to the archive.
TEST_F(RandomLives, EveryPhaseCanReachTheArchive) {
  for (int seed = 0; seed < 200; ++seed) {
    Chance chance(static_cast<uint64_t>(seed));
    Life life;
    absl::CivilDay day(2024, 3, 1);
    life.Receive("2024-03-01");
    const int acts = chance.Below(25);
    for (int i = 0; i < acts; ++i) {
      const v1::Act act = RandomAct(chance, day);
      day += chance.Below(4);
      life.Do(RandomActor(chance, act), day, act).IgnoreError();
    }
    const v1::Phase from = life.c().phase;
    for (int i = 0; i < 3000 && life.c().phase != v1::ARCHIVED; ++i) {
      const std::string& text = chance.Of(MainLine());
      if (text.find("open_remedy") != std::string::npos ||
          text.find("consult ") != std::string::npos ||
          text.find("restrict") != std::string::npos ||
          text.find("set_labels") != std::string::npos) {
        continue;
      }
      const v1::Act act = NextTowardsArchive(life, text);
      day += chance.Below(3);
      if (day > life.today) break;
      life.Do(RandomActor(chance, act), day, act).IgnoreError();
    }
    EXPECT_EQ(life.c().phase, v1::ARCHIVED)
        << "seed " << seed << " from " << v1::Phase_Name(from) << " stuck in "
        << v1::Phase_Name(life.c().phase);
  }
}

}  // namespace
}  // namespace gongkai::casework
