// SPDX-License-Identifier: Apache-2.0
// The rule sets: every figure has an article, every day has one set.
#include "services/law/rulebook.h"

#include <algorithm>
#include <set>

#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::vector<std::string>& sets) {
  const auto parsed = Rulebook::Parse(sets);
  EXPECT_FALSE(parsed.ok());
  return std::string(parsed.status().message());
}

std::string Set(const std::string& id, const std::string& from,
                const std::string& until, const std::string& body) {
  return "id: \"" + id + "\" title: \"试\" effective_from: \"" + from +
         "\" effective_until: \"" + until + "\" " + body;
}

std::string Limit(const std::string& fields) {
  return "limits { kind: REVIEW_APPLICATION unit: CALENDAR_DAYS "
         "whose: APPLICANT_DUTY " +
         fields + " }";
}

TEST(Rulebook, TheFilesOfTheProjectAreSound) {
  const auto parsed = Rulebook::Parse(RuleFiles());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->version().size(), 12u);
}

TEST(Rulebook, TheVersionDoesNotDependOnTheOrderOfReading) {
  std::vector<std::string> files = RuleFiles();
  std::reverse(files.begin(), files.end());
  EXPECT_EQ(Rulebook::Parse(files)->version(), Rules().version());
}

TEST(Rulebook, TheVersionChangesWithAFigure) {
  std::vector<std::string> files = RuleFiles();
  for (std::string& file : files) {
    const size_t at = file.find("REPLY length: 20");
    if (at != std::string::npos) file.replace(at, 16, "REPLY length: 21");
  }
  EXPECT_NE(Rulebook::Parse(files)->version(), Rules().version());
}

// From the first day on which a kind has a rule, each month has exactly one.
TEST(Rulebook, EachMonthFrom2008To2030HasOneSetPerLimit) {
  for (int kind = v1::LimitKind_MIN + 1; kind <= v1::LimitKind_MAX; ++kind) {
    const auto k = static_cast<v1::LimitKind>(kind);
    bool begun = false;
    for (absl::CivilMonth month(2008, 5); month <= absl::CivilMonth(2030, 12);
         ++month) {
      for (const int date : {1, 15, 28}) {
        const absl::CivilDay day = absl::CivilDay(month) + (date - 1);
        int sets = 0;
        for (const v1::RuleSet& set : Rules().sets()) {
          const bool in_force = D(set.effective_from()) <= day &&
                                (set.effective_until().empty() ||
                                 day <= D(set.effective_until()));
          for (const v1::LimitRule& rule : set.limits()) {
            sets += in_force && rule.kind() == k ? 1 : 0;
          }
        }
        begun |= sets > 0;
        ASSERT_EQ(sets, begun ? 1 : 0)
            << v1::LimitKind_Name(k) << " on " << FormatDay(day);
        ASSERT_EQ(Rules().LimitFor(k, day) != nullptr, begun);
      }
    }
    EXPECT_TRUE(begun) << v1::LimitKind_Name(k);
  }
}

TEST(Rulebook, EveryOutcomeHasItsRuleSince2021) {
  std::set<std::string> codes;
  for (int o = v1::Outcome_MIN + 1; o <= v1::Outcome_MAX; ++o) {
    const v1::OutcomeRule* rule =
        Rules().OutcomeFor(static_cast<v1::Outcome>(o), D("2024-05-01"));
    ASSERT_NE(rule, nullptr) << o;
    EXPECT_EQ(rule->code(), "R" + std::to_string(o));
    codes.insert(rule->code());
  }
  EXPECT_EQ(codes.size(), 17u);
}

TEST(Rulebook, TheReplyLimitIsThatOfTheDay) {
  EXPECT_EQ(Rules().LimitFor(v1::REPLY, D("2008-04-30")), nullptr);
  EXPECT_EQ(Rules().LimitFor(v1::REPLY, D("2008-05-01"))->length(), 15);
  EXPECT_EQ(Rules().LimitFor(v1::REPLY, D("2019-05-14"))->length(), 15);
  EXPECT_EQ(Rules().LimitFor(v1::REPLY, D("2019-05-15"))->length(), 20);
  EXPECT_EQ(Rules().SetFor(v1::REPLY, D("2019-05-14"))->id(), "CN-2008");
  EXPECT_FALSE(Rules().ClockFor(D("2019-05-14")).correction_restarts());
  EXPECT_TRUE(Rules().ClockFor(D("2019-05-15")).correction_restarts());
  EXPECT_TRUE(Rules().ClockFor(D("2008-04-30")).correction_article().empty());
}

TEST(Rulebook, SuitLimitsFollowTheLawOfTheDay) {
  EXPECT_EQ(Rules().LimitFor(v1::DIRECT_SUIT, D("2015-04-30"))->length(), 3);
  EXPECT_EQ(Rules().LimitFor(v1::DIRECT_SUIT, D("2015-05-01"))->length(), 6);
  EXPECT_EQ(
      Rules().LimitFor(v1::REVIEW_APPLICATION, D("2011-01-01"))->article(),
      "ARL99 9");
}

TEST(Rulebook, NoFeesBefore2021) {
  EXPECT_EQ(Rules().FeesOn(D("2020-12-31")), nullptr);
  ASSERT_NE(Rules().FeesOn(D("2021-01-01")), nullptr);
}

TEST(RulebookRefuses, AnUnknownFieldWithItsLine) {
  EXPECT_THAT(ErrorOf({"id: \"X\"\nlenght: 3"}), HasSubstr("line 2"));
}

TEST(RulebookRefuses, AFigureWithoutArticle) {
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "", Limit("length: 60"))}),
              HasSubstr("no article"));
}

TEST(RulebookRefuses, NeitherLengthNorBounds) {
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "", Limit("article: 'A'"))}),
              HasSubstr("no length and no bounds"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "",
                           Limit("article: 'A' min_length: 9 max_length: 3"))}),
              HasSubstr("wrong way round"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "",
                           Limit("article: 'A' length: 4 min_length: 5 "
                                 "max_length: 9"))}),
              HasSubstr("outside its bounds"));
}

TEST(RulebookRefuses, OverlapAndGap) {
  const std::string body = Limit("article: 'A' length: 60");
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "2021-12-31", body),
                       Set("Y", "2021-12-31", "", body)}),
              HasSubstr("overlap"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "2021-12-31", body),
                       Set("Y", "2022-01-02", "", body)}),
              HasSubstr("gap"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "", body),
                       Set("Y", "2022-01-02", "", body)}),
              HasSubstr("overlap"));
  EXPECT_TRUE(Rulebook::Parse({Set("X", "2020-01-01", "2021-12-31", body),
                               Set("Y", "2022-01-01", "", body)})
                  .ok());
}

TEST(RulebookRefuses, ASetThatIsThereTwiceOrHasNoDates) {
  EXPECT_THAT(
      ErrorOf({Set("X", "2020-01-01", "", ""), Set("X", "2020-01-01", "", "")}),
      HasSubstr("twice"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-02-30", "", "")}),
              HasSubstr("effective_from"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-02-01", "2020-01-01", "")}),
              HasSubstr("ends before"));
  EXPECT_THAT(ErrorOf({"title: 'x'"}), HasSubstr("no id"));
}

std::string Tier(int first, int last, const std::string& more = "") {
  return "fee_tiers { basis: BY_PAGE article: 'F' first: " +
         std::to_string(first) + " last: " + std::to_string(last) + " " + more +
         " }";
}

TEST(RulebookRefuses, TiersThatDoNotJoin) {
  const auto with = [](const std::string& tiers) {
    return std::vector<std::string>{Set("X", "2020-01-01", "", tiers)};
  };
  EXPECT_THAT(ErrorOf(with(Tier(1, 30) + Tier(32, 0))), HasSubstr("join"));
  EXPECT_THAT(ErrorOf(with(Tier(2, 0))), HasSubstr("join"));
  EXPECT_THAT(ErrorOf(with(Tier(1, 0) + Tier(31, 0))), HasSubstr("join"));
  EXPECT_THAT(ErrorOf(with(Tier(1, 30))), HasSubstr("has an end"));
  EXPECT_THAT(ErrorOf(with(Tier(1, 0, "rise_fen: 5"))), HasSubstr("together"));
  EXPECT_TRUE(Rulebook::Parse(with(Tier(1, 30) + Tier(31, 0))).ok());
}

TEST(RulebookRefuses, AnOutcomeWithoutReturnRow) {
  const std::string head =
      "outcomes { outcome: REFUSED code: 'R3' article: 'A' "
      "document_title: '书' remedy: REVIEW_FIRST ";
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "", head + "}")}),
              HasSubstr("no return row"));
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "",
                           head + "ground_rows { ground: STATE_SECRET article: "
                                  "'A' remedy: REVIEW_FIRST } }")}),
              HasSubstr("STATE_SECRET: no return row"));
}

TEST(RulebookRefuses, AReplyLimitWithoutClock) {
  EXPECT_THAT(ErrorOf({Set("X", "2020-01-01", "",
                           "limits { kind: REPLY unit: WORKING_DAYS length: 20 "
                           "whose: AGENCY_DUTY article: 'A' }")}),
              HasSubstr("clock"));
}

}  // namespace
}  // namespace gongkai::law
