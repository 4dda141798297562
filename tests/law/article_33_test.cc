// SPDX-License-Identifier: Apache-2.0
// REG 33 and REG08 24: the reply and its extension. T5, T6, and the day that
// decides timeliness.
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

ReplySent Sent(v1::Carrier carrier, std::string_view dispatched,
               std::string_view served = "") {
  ReplySent reply;
  reply.carrier = carrier;
  reply.dispatched = D(dispatched);
  if (!served.empty()) reply.served = D(served);
  return reply;
}

TEST(Article33, EndsWhereCourtsAndAuthoritiesSawItEnd) {
  for (auto& row : ReadVectors("tests/vectors/working_day_limits.csv")) {
    const int length = std::stoi(row["length"]);
    EXPECT_EQ(FormatDay(National().AddWorkdays(D(row["received"]), length).day),
              row["last_day"])
        << row["source"];
    Facts facts = Received(row["received"]);
    const int ordinary = D(row["received"]) < D("2019-05-15") ? 15 : 20;
    if (length > ordinary) {
      facts.extension = Extension{D(row["received"]), length - ordinary};
    }
    EXPECT_EQ(ReplyDue(facts), row["last_day"]) << row["source"];
  }
}

TEST(Article33, TheDayOfReceiptDoesNotCount) {
  const auto lines = Explain(Received("2022-09-30"), "2022-10-01", v1::REPLY);
  EXPECT_EQ(lines.front().note, DayNote::kTrigger);
  EXPECT_EQ(lines.front().count, 0);
  EXPECT_EQ(ShowLedger(lines),
            "09-30:trigger 10-08:1 10-09:2 10-10:3 10-11:4 10-12:5 10-13:6 "
            "10-14:7 10-17:8 10-18:9 10-19:10 10-20:11 10-21:12 10-24:13 "
            "10-25:14 10-26:15 10-27:16 10-28:17 10-31:18 11-01:19 "
            "11-02:20=last");
}

TEST(Article33, TheOldLimitHoldsForWhatCameBefore) {
  EXPECT_EQ(Get(Received("2019-05-14"), "2019-05-20", v1::REPLY).length, 15);
  EXPECT_EQ(Get(Received("2019-05-15"), "2019-05-20", v1::REPLY).length, 20);
  EXPECT_EQ(Get(Received("2008-04-30"), "2008-05-20", v1::REPLY).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(Article33, AnExtensionAddsToTheEndOfTheLimit) {
  Facts facts = Received("2024-06-03");
  facts.extension = Extension{D("2024-06-11"), 15};
  const Limit reply = Get(facts, "2024-06-12", v1::REPLY);
  EXPECT_EQ(Show(reply), "2024-07-23 RUNNING");
  EXPECT_EQ(reply.length, 35);
  const Limit extension = Get(facts, "2024-06-12", v1::EXTENSION);
  EXPECT_EQ(Show(extension), "2024-07-02 MET");
  EXPECT_EQ(extension.length, 15);
}

TEST(Article33, AnExtensionToldLateShowsByHowMuch) {
  Facts facts = Received("2024-06-03");
  facts.extension = Extension{D("2024-07-04"), 15};
  const Limit extension = Get(facts, "2024-07-05", v1::EXTENSION);
  EXPECT_EQ(Show(extension), "2024-07-02 MET_LATE");
  EXPECT_EQ(extension.late_by, 2);
}

TEST(Article33, TheLedgerShowsWhereTheExtensionBegins) {
  Facts facts = Received("2024-06-03");
  facts.extension = Extension{D("2024-06-11"), 2};
  EXPECT_THAT(ShowLedger(Explain(facts, "2024-06-12", v1::REPLY)),
              ::testing::EndsWith("07-01:19 07-02:20 07-03:21+ 07-04:22=last"));
}

TEST(Article33, ARestartSpendsTheExtensionToldBeforeIt) {
  Facts facts = Received("2024-06-03");
  facts.extension = Extension{D("2024-06-11"), 10};
  facts.fee = Fee{D("2024-06-12"), D("2024-06-12"), D("2024-06-20"), {}};
  EXPECT_EQ(ReplyDue(facts), ReplyDue(Received("2024-06-20")));
  facts.extension->notified = D("2024-06-21");
  EXPECT_EQ(Get(facts, "2024-06-22", v1::REPLY).length, 30);
}

TEST(Article33, PostedOrElectronicIsInTimeByItsDispatch) {
  Facts facts = Received("2022-09-30");
  for (const v1::Carrier carrier :
       {v1::POST_EMS, v1::POST_REGISTERED, v1::POST_ORDINARY, v1::ELECTRONIC}) {
    facts.reply = Sent(carrier, "2022-11-02", "2022-11-07");
    const Limit reply = Get(facts, "2022-12-01", v1::REPLY);
    EXPECT_EQ(reply.state, v1::MET);
    EXPECT_EQ(reply.ended, D("2022-11-02"));
  }
}

TEST(Article33, HandedOverOrEntrustedIsInTimeByItsSignature) {
  Facts facts = Received("2022-09-30");
  for (const v1::Carrier carrier : {v1::HAND_OVER, v1::ENTRUSTED}) {
    facts.reply = Sent(carrier, "2022-11-02", "2022-11-07");
    const Limit late = Get(facts, "2022-12-01", v1::REPLY);
    EXPECT_EQ(late.state, v1::MET_LATE);
    EXPECT_EQ(late.late_by, 3);
    // Not signed for yet: the duty is still open.
    facts.reply = Sent(carrier, "2022-11-02");
    EXPECT_EQ(Get(facts, "2022-11-02", v1::REPLY).state, v1::RUNNING);
    EXPECT_EQ(Get(facts, "2022-11-03", v1::REPLY).state, v1::MISSED);
  }
}

TEST(Article33, LatenessIsCountedInWorkingDays) {
  Facts facts = Received("2011-06-01");
  facts.reply = Sent(v1::POST_EMS, "2011-08-04");
  const Limit reply = Get(facts, "2011-09-01", v1::REPLY);
  EXPECT_EQ(Show(reply), "2011-06-23 MET_LATE");
  EXPECT_EQ(reply.late_by, 30);
  facts.reply.reset();
  const Limit missing = Get(facts, "2011-06-27", v1::REPLY);
  EXPECT_EQ(missing.state, v1::MISSED);
  EXPECT_EQ(missing.late_by, 2);
}

TEST(Article33, TheLedgerOfALateReplyGoesOnToItsDay) {
  Facts facts = Received("2011-06-01");
  facts.reply = Sent(v1::POST_EMS, "2011-06-28");
  EXPECT_THAT(ShowLedger(Explain(facts, "2011-09-01", v1::REPLY)),
              ::testing::EndsWith(
                  "06-23:15=last 06-24:late1 06-27:late2 06-28:3=done"));
}

TEST(Article33, OnTheSpotIsOnTheDayOfReceipt) {
  Facts facts = Received("2024-06-03");
  facts.reply = Sent(v1::HAND_OVER, "2024-06-03", "2024-06-03");
  EXPECT_EQ(Get(facts, "2024-06-03", v1::REPLY).state, v1::MET);
  EXPECT_EQ(Explain(facts, "2024-06-03", v1::REPLY).front().note,
            DayNote::kDone);
}

TEST(Article33, AWithdrawnApplicationNeedsNoReply) {
  Facts facts = Received("2024-06-03");
  facts.withdrawn = D("2024-06-12");
  const Limit reply = Get(facts, "2024-12-01", v1::REPLY);
  EXPECT_EQ(reply.state, v1::VOID);
  EXPECT_EQ(reply.ended, D("2024-06-12"));
  EXPECT_EQ(Explain(facts, "2024-12-01", v1::REPLY).back().day,
            D("2024-06-12"));
  for (const Limit& limit :
       DeriveLimits(facts, Rules(), National(), {}, D("2024-12-01"))) {
    EXPECT_FALSE(limit.live()) << v1::LimitKind_Name(limit.kind);
  }
}

TEST(Article33, AReopenedCaseHasTheDaysOfTheOrder) {
  Facts facts = Received("2024-06-03");
  facts.ordered_reply_days = 10;
  EXPECT_EQ(ReplyDue(facts), "2024-06-18");
  EXPECT_EQ(Get(facts, "2024-06-04", v1::CORRECTION_NOTICE).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(Article33, ACountIntoAnUnpublishedYearIsProvisional) {
  EXPECT_FALSE(
      Get(Received("2026-11-20"), "2026-11-23", v1::REPLY).provisional);
  const Limit reply = Get(Received("2026-12-10"), "2026-12-11", v1::REPLY);
  EXPECT_TRUE(reply.provisional);
  EXPECT_EQ(Show(reply), "2027-01-07 RUNNING");
  EXPECT_TRUE(Explain(Received("2026-12-10"), "2026-12-11", v1::REPLY)
                  .back()
                  .provisional);
}

// January 2020: what ran on the 26th moved when the holiday was extended.
TEST(Article33, AChangingNoticeMovesWhatRuns) {
  const Facts facts = Received("2020-01-13");
  const auto before = National().AsPublishedOn(D("2020-01-25"));
  const auto due = [&](const Calendar& calendar) {
    const auto limits =
        DeriveLimits(facts, Rules(), calendar, {}, D("2020-01-20"));
    return FormatDay(*FindLimit(limits, v1::REPLY)->due);
  };
  EXPECT_EQ(due(*before), "2020-02-13");
  EXPECT_EQ(due(National()), "2020-02-17");
}

}  // namespace
}  // namespace gongkai::law
