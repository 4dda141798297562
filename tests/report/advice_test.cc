// SPDX-License-Identifier: Apache-2.0
// What earlier cases say to a draft (以案促改, 统一答复口径).
#include "services/report/advice.h"

#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

casework::Case Refused(std::string_view number,
                       std::vector<v1::Ground> grounds) {
  return Answered(number, "2023-03-01", "2023-03-20", v1::REFUSED, grounds);
}

TEST(StoodOf, IsCorrectedByAnyRemedyElsePendingElseUpheld) {
  casework::Case c = Refused("1", {v1::PERSONAL_PRIVACY});
  EXPECT_EQ(StoodOf(c), v1::UNCHALLENGED);
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2023-04-01", "2023-05-01",
            v1::MEDIATED);
  EXPECT_EQ(StoodOf(c), v1::STOOD_OTHER);
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2023-04-02", "2023-05-02",
            v1::UPHELD);
  EXPECT_EQ(StoodOf(c), v1::STOOD_UPHELD);
  AddDocket(c, v1::LAWSUIT, "2023-05-20");
  EXPECT_EQ(StoodOf(c), v1::STOOD_PENDING);
  AddDocket(c, v1::COMPLAINT, "2023-06-20", "2023-07-01",
            v1::CORRECTION_ORDERED);
  EXPECT_EQ(StoodOf(c), v1::STOOD_CORRECTED);
}

TEST(StoodOf, AnOpenAppealIsPending) {
  casework::Case c = Refused("1", {v1::PERSONAL_PRIVACY});
  AddDocket(c, v1::LAWSUIT, "2023-04-01", "2023-06-01", v1::REVOKED);
  AddDocket(c, v1::LAWSUIT, "2023-06-10", "", v1::REMEDY_RESULT_UNSPECIFIED, 2);
  EXPECT_EQ(StoodOf(c), v1::STOOD_PENDING);
}

TEST(PrecedentOf, SaysWhatBecameOfIt) {
  casework::Case c = Refused("TEST-2023-00001", {v1::PERSONAL_PRIVACY});
  const v1::Precedent precedent = PrecedentOf(FoldedOf(c, "2024-01-01"), 0.75);
  EXPECT_EQ(precedent.name(), "agencies/TEST/cases/TEST-2023-00001");
  EXPECT_EQ(precedent.receipt_date(), "2023-03-01");
  EXPECT_EQ(precedent.outcome(), v1::REFUSED);
  EXPECT_THAT(precedent.grounds(),
              ::testing::ElementsAre(v1::PERSONAL_PRIVACY));
  EXPECT_EQ(precedent.stood(), v1::UNCHALLENGED);
  EXPECT_EQ(precedent.score(), 0.75);
}

TEST(WarningsOf, NamesTheGroundThatWasCorrectedBefore) {
  casework::Case c =
      Refused("TEST-2023-00001", {v1::PERSONAL_PRIVACY, v1::BUSINESS_SECRET});
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2023-04-01", "2023-05-01",
            v1::REVOKED);
  c.docket_rectified[0] = true;
  casework::Case older = Refused("TEST-2023-00002", {v1::PERSONAL_PRIVACY});
  AddDocket(older, v1::LAWSUIT, "2023-03-25", "2023-04-20", v1::FOUND_UNLAWFUL);
  casework::Case upheld = Refused("TEST-2023-00003", {v1::PERSONAL_PRIVACY});
  AddDocket(upheld, v1::LAWSUIT, "2023-03-25", "2023-04-20", v1::UPHELD);
  const std::vector<FoldedCase> earlier = {FoldedOf(older, "2024-01-01"),
                                           FoldedOf(upheld, "2024-01-01"),
                                           FoldedOf(c, "2024-01-01")};
  const auto warnings =
      WarningsOf(v1::PARTIAL, {v1::PERSONAL_PRIVACY}, earlier);
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[0].name(), "agencies/TEST/cases/TEST-2023-00001");
  EXPECT_EQ(warnings[0].ground(), v1::PERSONAL_PRIVACY);
  EXPECT_EQ(warnings[0].outcome(), v1::REFUSED);
  EXPECT_EQ(warnings[0].remedy(), v1::ADMINISTRATIVE_REVIEW);
  EXPECT_EQ(warnings[0].result(), v1::REVOKED);
  EXPECT_EQ(warnings[0].decided_date(), "2023-05-01");
  EXPECT_TRUE(warnings[0].rectified());
  EXPECT_EQ(warnings[1].name(), "agencies/TEST/cases/TEST-2023-00002");
  EXPECT_FALSE(warnings[1].rectified());
  // Two grounds in common: two warnings of the one case.
  EXPECT_EQ(WarningsOf(v1::REFUSED, {v1::BUSINESS_SECRET, v1::PERSONAL_PRIVACY},
                       {FoldedOf(c, "2024-01-01")})
                .size(),
            2u);
}

TEST(WarningsOf, NamesTheOutcomeWhereNoGroundIsShared) {
  casework::Case c = Answered("TEST-2023-00004", "2023-03-01", "2023-03-20",
                              v1::DOES_NOT_EXIST);
  AddDocket(c, v1::LAWSUIT, "2023-03-25", "2023-04-20", v1::ORDERED_TO_PERFORM);
  const std::vector<FoldedCase> earlier = {FoldedOf(c, "2024-01-01")};
  const auto warnings = WarningsOf(v1::DOES_NOT_EXIST, {}, earlier);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].ground(), v1::GROUND_UNSPECIFIED);
  EXPECT_TRUE(WarningsOf(v1::DISCLOSED, {}, earlier).empty());
  EXPECT_TRUE(WarningsOf(v1::OUTCOME_UNSPECIFIED, {}, earlier).empty());
}

TEST(AnsweredOtherwise, CountsRepliesThatStood) {
  const auto precedent = [](v1::Outcome outcome, v1::Stood stood) {
    v1::Precedent one;
    one.set_outcome(outcome);
    one.set_stood(stood);
    return one;
  };
  const std::vector<v1::Precedent> precedents = {
      precedent(v1::DISCLOSED, v1::UNCHALLENGED),
      precedent(v1::ALREADY_PUBLIC, v1::STOOD_UPHELD),
      precedent(v1::REFUSED, v1::UNCHALLENGED),
      precedent(v1::REFUSED, v1::STOOD_CORRECTED),
      precedent(v1::REFUSED, v1::STOOD_PENDING),
      precedent(v1::OTHER_OUTCOME, v1::UNCHALLENGED)};
  EXPECT_EQ(AnsweredOtherwise(v1::REFUSED, precedents), 2);
  // What is public since was given out once: alike (REG 36(1), (2)).
  EXPECT_EQ(AnsweredOtherwise(v1::DISCLOSED, precedents), 1);
  EXPECT_EQ(AnsweredOtherwise(v1::OUTCOME_UNSPECIFIED, precedents), 0);
}

}  // namespace
}  // namespace gongkai::report
