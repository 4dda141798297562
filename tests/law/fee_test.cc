// SPDX-License-Identifier: Apache-2.0
// REG 42 and FEE: the information-processing fee. T10, T11, and the tariff.
#include "services/law/fees.h"
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

constexpr int64_t kYuan = 100;

TEST(Fee, ItemsOfAMonthAddUpByTier) {
  const std::pair<int, int64_t> rows[] = {{1, 0},     {10, 0},    {11, 100},
                                          {30, 2000}, {31, 2200}, {40, 4000},
                                          {41, 4300}, {50, 7000}, {60, 11000}};
  for (const auto& [items, yuan] : rows) {
    EXPECT_EQ(*ItemFees(Rules(), D("2024-01-01"), 1, items), yuan * kYuan)
        << items;
  }
}

TEST(Fee, AnItemCostsWhatItsRankInTheMonthSays) {
  const std::pair<int, int64_t> rows[] = {{10, 0},   {11, 100}, {30, 100},
                                          {31, 200}, {40, 200}, {41, 300},
                                          {51, 400}, {101, 900}};
  for (const auto& [rank, yuan] : rows) {
    EXPECT_EQ(*ItemFee(Rules(), D("2024-01-01"), rank), yuan * kYuan) << rank;
  }
  EXPECT_EQ(*ItemFees(Rules(), D("2024-01-01"), 30, 31), 300 * kYuan);
}

TEST(Fee, PagesAddUpByTier) {
  const std::pair<int, int64_t> rows[] = {
      {0, 0},     {30, 0},     {31, 10},    {68, 380},   {100, 700},
      {101, 720}, {150, 1700}, {200, 2700}, {201, 2740}, {250, 4700}};
  for (const auto& [pages, yuan] : rows) {
    EXPECT_EQ(*PageFee(Rules(), D("2024-01-01"), pages), yuan * kYuan) << pages;
  }
}

TEST(Fee, ThereIsNoTariffBefore2021) {
  EXPECT_EQ(ItemFee(Rules(), D("2020-12-31"), 11).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(PageFee(Rules(), D("2020-12-31"), 31).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(ItemFee(Rules(), D("2021-01-01"), 11).ok());
}

TEST(Fee, ImpossibleNumbersAreRefused) {
  const absl::CivilDay day = D("2024-01-01");
  EXPECT_FALSE(ItemFee(Rules(), day, 0).ok());
  EXPECT_FALSE(ItemFee(Rules(), day, -1).ok());
  EXPECT_FALSE(ItemFee(Rules(), day, 2'000'000'000).ok());
  EXPECT_FALSE(ItemFees(Rules(), day, 12, 11).ok());
  EXPECT_FALSE(PageFee(Rules(), day, -1).ok());
}

// Received 2024-06-03; notice 06-12, served 06-14.
Facts Charged() {
  Facts facts = Received("2024-06-03");
  facts.fee = Fee{D("2024-06-12"), D("2024-06-14"), {}, {}};
  return facts;
}

TEST(Fee, TheApplicantPaysWithinTwentyWorkingDaysOfService) {
  const Limit payment = Get(Charged(), "2024-06-20", v1::PAYMENT);
  EXPECT_EQ(Show(payment), "2024-07-12 RUNNING");
  EXPECT_EQ(payment.whose, v1::APPLICANT_DUTY);
  EXPECT_EQ(Get(Charged(), "2024-07-15", v1::PAYMENT).state, v1::MISSED);
  Facts unserved = Charged();
  unserved.fee->served.reset();
  EXPECT_EQ(Get(unserved, "2024-06-20", v1::PAYMENT).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(Fee, FromNoticeToPaymentTheReplyLimitStandsWithoutLastDay) {
  EXPECT_EQ(Show(Get(Charged(), "2024-06-20", v1::REPLY)), "none SUSPENDED");
}

TEST(Fee, PaymentStartsTheReplyLimitAfresh) {
  Facts facts = Charged();
  facts.fee->paid = D("2024-06-20");
  const Limit reply = Get(facts, "2024-06-21", v1::REPLY);
  EXPECT_EQ(reply.start, D("2024-06-20"));
  EXPECT_EQ(Show(reply), "2024-07-18 RUNNING");
  EXPECT_EQ(Get(facts, "2024-06-21", v1::PAYMENT).state, v1::MET);
  EXPECT_THAT(ShowLedger(Explain(facts, "2024-06-21", v1::REPLY)),
              ::testing::HasSubstr("06-19:out 06-20:restart 06-21:1"));
}

TEST(Fee, UnpaidVoidsTheReplyLimit) {
  Facts facts = Charged();
  facts.fee->lapsed = D("2024-07-15");
  EXPECT_EQ(Get(facts, "2024-08-01", v1::REPLY).state, v1::VOID);
  EXPECT_EQ(Get(facts, "2024-08-01", v1::PAYMENT).state, v1::VOID);
}

TEST(Fee, TheNoticeBelongsInsideTheReplyLimit) {
  EXPECT_EQ(Show(Get(Charged(), "2024-06-20", v1::FEE_NOTICE)),
            "2024-07-02 MET");
  Facts late = Charged();
  late.fee->notified = D("2024-07-03");
  EXPECT_EQ(Show(Get(late, "2024-07-04", v1::FEE_NOTICE)),
            "2024-07-02 MET_LATE");
  EXPECT_THAT(ShowLedger(Explain(Charged(), "2024-06-20", v1::FEE_NOTICE)),
              ::testing::EndsWith("07-02:20=last"));
}

TEST(Fee, OfACorrectedCaseTheNoticeHasTheCorrectedLimit) {
  Facts facts = Charged();
  Correction correction;
  correction.notified = D("2024-06-05");
  correction.received = D("2024-06-11");
  facts.correction = correction;
  EXPECT_EQ(Show(Get(facts, "2024-06-20", v1::FEE_NOTICE)), "2024-07-09 MET");
}

}  // namespace
}  // namespace gongkai::law
