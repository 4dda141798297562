// SPDX-License-Identifier: Apache-2.0
// What a caller is told of an act (open, open if, closed, and why) must be
// what becomes of it: tried with random content on cases in many states.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Any content at all, lawful or not.
class AnyContent {
 public:
  v1::Act Of(const Rule& rule) {
    v1::Act act;
    Fill(*act.GetReflection()->MutableMessage(
        &act, v1::Act::descriptor()->FindFieldByName(std::string(rule.name))));
    return act;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % n); }

  void Fill(Message& message) {
    const auto& to = *message.GetReflection();
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.is_repeated() || Below(3) == 0) continue;
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
          to.SetString(&message, &field, Text(field));
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          to.SetBool(&message, &field, Below(2) == 0);
          break;
        case FieldDescriptor::CPPTYPE_INT32:
          to.SetInt32(&message, &field, Below(4));
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          to.SetInt64(&message, &field, Below(4));
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          to.SetEnum(&message, &field,
                     field.enum_type()->value(
                         Below(field.enum_type()->value_count())));
          break;
        case FieldDescriptor::CPPTYPE_MESSAGE:
          Fill(*to.MutableMessage(&message, &field));
          break;
        default:
          break;
      }
    }
  }

  std::string Text(const FieldDescriptor& field) {
    switch (field.options().GetExtension(v1::rule).format()) {
      case v1::DATE:
        return Below(2) == 0 ? "2024-04-15" : "2024-06-03";
      case v1::CODE:
        return Below(2) == 0 ? "occurred_date" : "TEST-2024-00002";
      default:
        return "某";
    }
  }

  std::mt19937 random_{20240301};
};

Life Doing(Life life, std::string_view date, const std::string& act) {
  const absl::Status status = life.Handle(date, act);
  EXPECT_EQ(ReasonOf(status), "OK") << act;
  return life;
}

std::vector<Life> ManyStates() {
  const Life in_hand = InHand("2024-03-01");
  Life received;
  received.Receive("2024-03-01");
  Life reviewed = in_hand;
  reviewed.Draft("2024-03-05");
  reviewed.Review("2024-03-05");
  Life sent = SignedOn("2024-03-01");
  sent.Dispatch("2024-03-04");
  Life closed = ServedOn("2024-03-01");
  closed.Close("2024-03-04");
  Life sued = closed;
  EXPECT_TRUE(sued.Litigate("2024-03-20",
                            R"(open_remedy { kind: LAWSUIT organ: "院" })")
                  .ok());
  Life decided = sued;
  EXPECT_TRUE(
      decided
          .Litigate("2024-04-10", "decide_remedy { docket: 1 result: REVOKED }")
          .ok());
  const Life corrected =
      Doing(in_hand, "2024-03-05",
            R"(require_correction { items: "项" served_at_once: true })");
  const Life asked = Doing(in_hand, "2024-03-05",
                           R"(ask_reasons { facts: "多" period_days: 5 })");
  return {Life(),
          Doing(Life(), "2024-03-01", R"(receive { channel: WEB
                    applicant_kind: ENTERPRISE content: "某" })"),
          received,
          in_hand,
          corrected,
          Doing(corrected, "2024-03-20", "lapse_correction {}"),
          asked,
          Doing(asked, "2024-03-07",
                R"(accept_reasons { verdict: REASONABLE note: "可" })"),
          Doing(in_hand, "2024-03-05", R"(charge_fee { basis: BY_PAGE pages: 31
                    amount_fen: 1000 served_at_once: true })"),
          Doing(in_hand, "2024-03-05", R"(consult { kind: OTHER_AGENCY
                    addressee: "某局" question: "问" })"),
          Doing(in_hand, "2024-03-05",
                R"(request_extension { working_days: 5 reason: "多" })"),
          reviewed,
          SignedOn("2024-03-01"),
          sent,
          Doing(sent, "2024-03-08", "record_service { outcome: RETURNED }"),
          ServedOn("2024-03-01"),
          closed,
          sued,
          decided};
}

// Calls `check` for every act, state, capacity and two days, with random
// content.
void ForEverything(
    const std::function<void(const v1::LawfulAct&, const absl::Status&,
                             const std::string&)>& check) {
  AnyContent content;
  for (const Life& life : ManyStates()) {
    for (const absl::CivilDay day :
         {absl::CivilDay(2024, 3, 28), absl::CivilDay(2024, 4, 15)}) {
      const auto limits = life.Limits(day);
      for (const Rule& rule : Statute()) {
        for (int c = v1::Capacity_MIN; c <= v1::Capacity_MAX; ++c) {
          v1::Actor actor;
          actor.set_person("wang");
          actor.set_capacity(static_cast<v1::Capacity>(c));
          v1::Act empty;
          empty.GetReflection()->MutableMessage(
              &empty,
              v1::Act::descriptor()->FindFieldByName(std::string(rule.name)));
          const auto judged =
              JudgeOpenness(rule, life.MatterOf(empty, actor, day, limits),
                            {actor.capacity()});
          for (int i = 0; i < 4; ++i) {
            const v1::Act act = content.Of(rule);
            check(judged,
                  Decide(life.MatterOf(act, actor, day, limits)).status(),
                  act.DebugString());
          }
        }
      }
    }
  }
}

TEST(Openness, WhatIsClosedIsRefusedForTheReasonGiven) {
  ForEverything([](const v1::LawfulAct& judged, const absl::Status& status,
                   const std::string& act) {
    if (judged.openness() != v1::CLOSED_NOW) return;
    EXPECT_EQ(ReasonOf(status), v1::Reason_Name(judged.reason())) << act;
    EXPECT_FALSE(judged.message().empty()) << act;
  });
}

TEST(Openness, WhatIsOpenIsLawfulWhateverItSays) {
  int open = 0;
  ForEverything([&](const v1::LawfulAct& judged, const absl::Status& status,
                    const std::string& act) {
    if (judged.openness() != v1::OPEN) return;
    ++open;
    EXPECT_EQ(ReasonOf(status), "OK") << act;
    EXPECT_EQ(judged.conditions_size(), 0);
  });
  EXPECT_GT(open, 500);
}

TEST(Openness, WhatIsOpenIfDependsOnItsContentAlone) {
  std::map<std::string, int> lawful;
  ForEverything([&](const v1::LawfulAct& judged, const absl::Status& status,
                    const std::string& act) {
    if (judged.openness() != v1::OPEN_IF) return;
    EXPECT_GT(judged.conditions_size(), 0) << act;
    const std::string reason = ReasonOf(status);
    EXPECT_NE(reason, "ACT_MISSING") << act;
    EXPECT_TRUE(status.ok() || RefusalOf(status).has_value()) << status;
    if (status.ok()) ++lawful[judged.act()];
  });
  // Chance alone finds lawful content for many of them.
  EXPECT_GT(lawful.size(), 10u);
}

TEST(Openness, NamesArticleAndCapacitiesOfTheRow) {
  const Life life = InHand("2024-03-01");
  const absl::CivilDay day(2024, 3, 5);
  const auto limits = life.Limits(day);
  const v1::Act act = ActOf("decide_extension {}");
  v1::Actor actor;
  const auto judged =
      JudgeOpenness(*RuleFor(v1::Act::kDecideExtension),
                    life.MatterOf(act, actor, day, limits), {v1::HANDLER});
  EXPECT_EQ(judged.openness(), v1::CLOSED_NOW);
  EXPECT_EQ(judged.reason(), v1::CAPACITY_MISSING);
  EXPECT_EQ(judged.article(), "REG 33(2)");
  ASSERT_EQ(judged.capacities_size(), 1);
  EXPECT_EQ(judged.capacities(0), v1::DISCLOSURE_HEAD);
}

TEST(CapacityToUse, IsTheOneThatTheContentAsksFor) {
  Capacities all;
  for (int c = v1::Capacity_MIN + 1; c <= v1::Capacity_MAX; ++c) {
    all.insert(static_cast<v1::Capacity>(c));
  }
  EXPECT_EQ(CapacityToUse(ActOf("clear_draft { step: SECRECY }"), all),
            v1::SECRECY_REVIEWER);
  EXPECT_EQ(CapacityToUse(ActOf("clear_draft { step: LEGAL }"), all),
            v1::LEGAL_REVIEWER);
  EXPECT_EQ(CapacityToUse(ActOf("require_correction {}"), all), v1::HANDLER);
  EXPECT_EQ(CapacityToUse(
                ActOf(R"(require_correction { override_reason: "因" })"), all),
            v1::SUPERVISOR);
  EXPECT_EQ(CapacityToUse(ActOf("archive {}"), {v1::HANDLER}), std::nullopt);
  EXPECT_EQ(CapacityToUse(v1::Act(), all), std::nullopt);
}

}  // namespace
}  // namespace gongkai::casework
