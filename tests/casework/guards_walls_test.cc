// SPDX-License-Identifier: Apache-2.0
// Who may know of a case and what its papers are marked as: one refusal per
// condition and its lawful neighbour. Cases are received on Friday 2024-03-01.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "services/casework/view.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

using Strings = std::vector<std::string>;
using Ints = std::vector<int>;

std::string Restrict(const std::string& accounts) {
  return "restrict { accounts: [" + accounts +
         R"(] reason: "涉及本机关人员" })";
}

std::string Labels(const std::string& labels) {
  return "set_labels { labels: [" + labels + "] }";
}

v1::Case ViewNow(const Life& life) {
  const absl::CivilDay day(2024, 4, 1);
  return ViewOf(life.c(), life.history(), life.Limits(day), TheRulebook(),
                TheCalendar(), day);
}

TEST(Restriction, NamesWhoeverRestricts) {
  Life life = InHand("2024-03-01");
  const absl::Status status =
      life.Head("2024-03-04", Restrict(R"("li", "wang")"));
  EXPECT_EQ(ReasonOf(status), "RESTRICTED_FROM_SELF");
  EXPECT_EQ(RefusalOf(status)->field(), "act.restrict.accounts");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(life.c().restricted_to.empty());

  ASSERT_EQ(
      ReasonOf(life.Head("2024-03-04", Restrict(R"("zhang", "li", "zhang")"))),
      "OK");
  EXPECT_EQ(life.c().restricted_to, (Strings{"li", "zhang"}));
  EXPECT_EQ(life.c().phase, v1::HANDLING);
  const v1::Case view = ViewNow(life);
  ASSERT_EQ(view.restricted_to_size(), 2);
  EXPECT_EQ(view.restricted_to(0), "li");
}

TEST(Restriction, NamesAtLeastTwoSoThatOneWhoLeavesIsNoEnd) {
  Life life = InHand("2024-03-01");
  for (const char* alone : {R"("zhang")", R"("zhang", "zhang")"}) {
    const absl::Status status = life.Head("2024-03-04", Restrict(alone));
    EXPECT_EQ(ReasonOf(status), "RESTRICTION_MISFIT") << alone;
    EXPECT_EQ(RefusalOf(status)->field(), "act.restrict.accounts");
    EXPECT_EQ(RefusalOf(status)->wanted(), "at least two accounts");
  }
  EXPECT_TRUE(life.c().restricted_to.empty());
  ASSERT_EQ(ReasonOf(life.Head("2024-03-04", Restrict(R"("zhang", "li")"))),
            "OK");
  // Nor is it narrowed to one later.
  EXPECT_EQ(ReasonOf(life.Head("2024-03-05", Restrict(R"("zhang")"))),
            "RESTRICTION_MISFIT");
  EXPECT_EQ(life.c().restricted_to, (Strings{"li", "zhang"}));
}

TEST(Restriction, IsNotPlacedTwiceButMayNameOthers) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Head("2024-03-04", Restrict(R"("zhang", "li")"))),
            "OK");
  EXPECT_EQ(ReasonOf(life.Head("2024-03-05", Restrict(R"("li", "zhang")"))),
            "RESTRICTION_MISFIT");
  ASSERT_EQ(ReasonOf(life.Head("2024-03-05", Restrict(R"("zhang", "wang")"))),
            "OK");
  EXPECT_EQ(life.c().restricted_to, (Strings{"wang", "zhang"}));
}

TEST(Restriction, IsLiftedOnlyWhereThereIsOne) {
  Life life = InHand("2024-03-01");
  const std::string lift = R"(lift_restriction { reason: "查明无关" })";
  EXPECT_EQ(ReasonOf(life.Head("2024-03-04", lift)), "RESTRICTION_MISFIT");
  ASSERT_EQ(ReasonOf(life.Head("2024-03-04", Restrict(R"("zhang", "li")"))),
            "OK");
  ASSERT_EQ(ReasonOf(life.Head("2024-03-05", lift)), "OK");
  EXPECT_TRUE(life.c().restricted_to.empty());
  EXPECT_EQ(ReasonOf(life.Head("2024-03-05", lift)), "RESTRICTION_MISFIT");
}

TEST(Restriction, IsForWhoeverAnswersForTheOffice) {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-04", Restrict(R"("li", "wang")"))),
            "CAPACITY_MISSING");
  EXPECT_EQ(ReasonOf(life.Do(v1::SUPERVISOR, "du", "2024-03-04",
                             Restrict(R"("du", "li")"))),
            "OK");
}

TEST(Labels, NameNoStateSecret) {
  Life life = InHand("2024-03-01");
  const absl::Status status =
      life.Handle("2024-03-04", Labels("LABEL_PRIVACY, LABEL_STATE_SECRET"));
  EXPECT_EQ(ReasonOf(status), "STATE_SECRET_AT_DOOR");
  EXPECT_EQ(RefusalOf(status)->field(), "act.set_labels.labels");
  EXPECT_TRUE(life.c().labels.empty());
}

TEST(Labels, AreSetTogetherAndTakenOff) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Handle(
                "2024-03-04", Labels("LABEL_BUSINESS_SECRET, LABEL_INTERNAL, "
                                     "LABEL_BUSINESS_SECRET"))),
            "OK");
  EXPECT_EQ(life.c().labels,
            (Ints{v1::LABEL_INTERNAL, v1::LABEL_BUSINESS_SECRET}));
  const v1::Case view = ViewNow(life);
  ASSERT_EQ(view.labels_size(), 2);
  EXPECT_EQ(view.labels(0), v1::LABEL_INTERNAL);
  EXPECT_EQ(ReasonOf(life.Do(v1::SECRECY_REVIEWER, "bao", "2024-03-05",
                             Labels("LABEL_INTERNAL, LABEL_BUSINESS_SECRET"))),
            "LABELS_UNCHANGED");
  ASSERT_EQ(ReasonOf(life.Do(v1::SECRECY_REVIEWER, "bao", "2024-03-05",
                             Labels("LABEL_PRIVACY"))),
            "OK");
  EXPECT_EQ(life.c().labels, Ints{v1::LABEL_PRIVACY});
  ASSERT_EQ(ReasonOf(life.Head("2024-03-06", "set_labels {}")), "OK");
  EXPECT_TRUE(life.c().labels.empty());
  EXPECT_EQ(ReasonOf(life.Head("2024-03-06", "set_labels {}")),
            "LABELS_UNCHANGED");
}

TEST(Labels, AndRestrictionMoveNoLimitAndNoDay) {
  Life plain = InHand("2024-03-01");
  Life marked = plain;
  ASSERT_EQ(ReasonOf(marked.Head("2024-03-08", Restrict(R"("zhang", "li")"))),
            "OK");
  ASSERT_EQ(ReasonOf(marked.Handle("2024-03-08", Labels("LABEL_PRIVACY"))),
            "OK");
  EXPECT_EQ(marked.Due(v1::REPLY), plain.Due(v1::REPLY));
  // What is done aside may lie before it.
  EXPECT_EQ(ReasonOf(marked.Handle(
                "2024-03-05",
                R"(require_correction { items: "项" served_at_once: true })")),
            "OK");
}

TEST(Labels, AReopenedCaseBeginsWithWhatItWasHanded) {
  v1::Act receive = ActOf(R"(receive { applicant_kind: ENTERPRISE channel: WEB
      confirmed_on_arrival: true content: "某" labels: [LABEL_PRIVACY,
      LABEL_INTERNAL] restricted_to: ["zhang", "li"] })");
  Life life;
  v1::Actor actor;
  actor.set_account("li");
  actor.set_person("li");
  actor.set_capacity(v1::HANDLER);
  ASSERT_TRUE(life.Do(actor, absl::CivilDay(2024, 3, 1), receive).ok());
  EXPECT_EQ(life.c().labels, (Ints{v1::LABEL_INTERNAL, v1::LABEL_PRIVACY}));
  EXPECT_EQ(life.c().restricted_to, (Strings{"li", "zhang"}));
}

TEST(Labels, NoMendReachesThem) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Head("2024-03-04", Restrict(R"("zhang", "li")"))),
            "OK");
  const std::string seq = std::to_string(life.c().version);
  EXPECT_EQ(
      ReasonOf(life.Head("2024-03-05", "mend_record { event_seq: " + seq +
                                           R"( field: "accounts" value: "li"
                                       reason: "误" })")),
      "MEND_MISFIT");
}

}  // namespace
}  // namespace gongkai::casework
