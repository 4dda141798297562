// SPDX-License-Identifier: Apache-2.0
// Destroying personal text (PIPL 19, 47): one refusal per condition and its
// lawful neighbour; two persons; what the reply, a remedy and the archives
// still need stays. Replies are signed on Friday 2024-03-01.
#include <gtest/gtest.h>

#include "services/audit/record.h"
#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

std::string Proposal(const std::string& basis, const std::string& events = "") {
  std::string text = "propose_erasure { basis: " + basis +
                     R"( document_number: "某删〔2024〕1号" )";
  return text + (events.empty() ? "" : "events: [" + events + "]") + "}";
}

std::string Decision(int64_t proposal) {
  return "erase { proposal: " + std::to_string(proposal) + " }";
}

class Erasing : public ::testing::Test {
 protected:
  // The archivist proposes.
  std::string Propose(std::string_view date, const std::string& basis,
                      const std::string& events = "") {
    return ReasonOf(
        life_.Do(v1::ARCHIVIST, "dang", date, Proposal(basis, events)));
  }
  // The head decides on the last record.
  std::string Erase(std::string_view date) {
    return ReasonOf(life_.Head(date, Decision(life_.c().version)));
  }
  void Archive(std::string_view date, const std::string& retention) {
    life_.Close(date);
    ASSERT_EQ(ReasonOf(life_.Do(v1::ARCHIVIST, "dang", date,
                                "archive { retention: " + retention + " }")),
              "OK");
  }
  const v1::Erasure& Last() { return life_.history().back().event.erased(); }
  std::vector<int64_t> LastEvents() {
    return {Last().events().begin(), Last().events().end()};
  }
  Life life_ = ServedOn("2024-03-01");
};

TEST_F(Erasing, TwoPersonsDestroyTheTextOfAServedCase) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED"), "OK");
  const int64_t proposal = life_.c().version;
  ASSERT_EQ(life_.c().erasures_asked.size(), 1u);
  ASSERT_EQ(Erase("2024-04-02"), "OK");
  EXPECT_EQ(Last().proposal(), proposal);
  EXPECT_EQ(Last().basis(), v1::ORDERED);
  EXPECT_EQ(Last().document_number(), "某删〔2024〕1号");
  EXPECT_TRUE(Last().words());
  // Receipt, draft and the note of service may hold a text; the others never.
  for (const PastEvent& past : life_.history()) {
    v1::Event event = past.event;
    if (!audit::SplitPrivate(event).empty()) {
      EXPECT_TRUE(std::binary_search(life_.c().erased_events.begin(),
                                     life_.c().erased_events.end(), past.seq))
          << past.seq;
    }
  }
  EXPECT_TRUE(life_.c().words_erased);
  EXPECT_TRUE(life_.c().erasures_asked.empty());
  EXPECT_EQ(life_.c().phase, v1::SERVED);
}

TEST_F(Erasing, TheCallerDoesNotSayWhatIsDestroyed) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "3"), "OK");
  ASSERT_EQ(ReasonOf(life_.Head("2024-04-02",
                                "erase { events: 1 basis: RETENTION_OVER "
                                "words: true proposal: " +
                                    std::to_string(life_.c().version) + " }")),
            "OK");
  EXPECT_EQ(LastEvents(), std::vector<int64_t>{3});
  EXPECT_EQ(Last().basis(), v1::ORDERED);
  EXPECT_FALSE(Last().words());
}

TEST_F(Erasing, WhoeverProposedDoesNotDecide) {
  ASSERT_EQ(ReasonOf(life_.Head("2024-04-01", Proposal("ORDERED"))), "OK");
  const std::string decision = Decision(life_.c().version);
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-02", decision)),
            "ERASURE_BY_PROPOSER");
  // Another account of the same person, in another capacity.
  v1::Actor other;
  other.set_account("zhang-2");
  other.set_person("zhang");
  other.set_capacity(v1::SUPERVISOR);
  EXPECT_EQ(
      ReasonOf(life_.Do(other, absl::CivilDay(2024, 4, 2), ActOf(decision))),
      "ERASURE_BY_PROPOSER");
  EXPECT_EQ(ReasonOf(life_.Do(v1::SUPERVISOR, "chen", "2024-04-02", decision)),
            "OK");
}

TEST_F(Erasing, OnlyWhatIsProposedAndNotDecidedIsDecided) {
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-01", Decision(1))),
            "NO_ERASURE_PROPOSED");
  ASSERT_EQ(Propose("2024-04-01", "ORDERED"), "OK");
  const int64_t first = life_.c().version;
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-02", Decision(first - 1))),
            "NO_ERASURE_PROPOSED");
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "3"), "OK");
  ASSERT_EQ(ReasonOf(life_.Head("2024-04-02", Decision(first))), "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-02", Decision(first))),
            "NO_ERASURE_PROPOSED");
}

TEST_F(Erasing, TheDecisionDoesNotLieBeforeTheProposal) {
  ASSERT_EQ(Propose("2024-04-02", "ORDERED"), "OK");
  EXPECT_EQ(Erase("2024-04-01"), "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(Erase("2024-04-02"), "OK");
}

TEST_F(Erasing, NothingGoesWhileALegalHoldLies) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED"), "OK");
  const std::string decision = Decision(life_.c().version);
  ASSERT_EQ(ReasonOf(life_.Litigate("2024-04-01",
                                    R"(place_legal_hold { reason: "诉" })")),
            "OK");
  EXPECT_EQ(Propose("2024-04-02", "ORDERED"), "ON_LEGAL_HOLD");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-02", decision)), "ON_LEGAL_HOLD");
  ASSERT_EQ(ReasonOf(life_.Litigate("2024-04-03",
                                    R"(lift_legal_hold { reason: "结" })")),
            "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-03", decision)), "OK");
}

TEST_F(Erasing, AnUnknownRecordIsNotDestroyedNorOneTwice) {
  EXPECT_EQ(ReasonOf(life_.Handle("2024-04-01",
                                  R"(propose_erasure { basis: ORDERED
                                     document_number: "甲" events: 1
                                     events: 99 })")),
            "NOTHING_TO_ERASE");
  // Record 2 is the registration: it never holds a text.
  EXPECT_EQ(Propose("2024-04-01", "ORDERED", "2"), "NOTHING_TO_ERASE");
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "3"), "OK");
  ASSERT_EQ(Erase("2024-04-01"), "OK");
  EXPECT_EQ(Propose("2024-04-02", "ORDERED", "3"), "NOTHING_TO_ERASE");
  ASSERT_EQ(Propose("2024-04-02", "ORDERED", "1, 3"), "OK");
  ASSERT_EQ(Erase("2024-04-02"), "OK");
  EXPECT_EQ(LastEvents(), std::vector<int64_t>{1});
  ASSERT_EQ(Propose("2024-04-03", "ORDERED"), "OK");
  ASSERT_EQ(Erase("2024-04-03"), "OK");
  EXPECT_EQ(Propose("2024-04-04", "ORDERED"), "NOTHING_TO_ERASE");
}

// Two proposals of the same: the second decision finds nothing left.
TEST_F(Erasing, WhatAnotherDecisionDestroyedIsNotDestroyedAgain) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "1"), "OK");
  const int64_t first = life_.c().version;
  ASSERT_EQ(Propose("2024-04-01", "UNLAWFULLY_KEPT", "1"), "OK");
  ASSERT_EQ(ReasonOf(life_.Head("2024-04-01", Decision(first))), "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-01", Decision(first + 1))),
            "NOTHING_TO_ERASE");
}

// The period begins with the year after the archiving (reading A38).
TEST_F(Erasing, RetentionEndsWithTheLastDayOfItsLastYear) {
  life_.today = absl::CivilDay(2060, 1, 1);
  EXPECT_EQ(Propose("2024-03-20", "RETENTION_OVER"), "RETENTION_RUNNING");
  Archive("2024-03-20", "TEN_YEARS");
  const absl::Status early =
      life_.Do(v1::ARCHIVIST, "dang", "2034-12-31", Proposal("RETENTION_OVER"));
  EXPECT_EQ(ReasonOf(early), "RETENTION_RUNNING");
  EXPECT_EQ(LastDayOf(early), "2034-12-31");
  ASSERT_EQ(Propose("2035-01-01", "RETENTION_OVER"), "OK");
  EXPECT_EQ(Erase("2035-01-01"), "OK");
}

TEST_F(Erasing, ThirtyYearsAreThirtyAndForGoodIsNever) {
  life_.today = absl::CivilDay(2060, 1, 1);
  const Life served = life_;
  Archive("2024-03-20", "THIRTY_YEARS");
  const absl::Status early =
      life_.Do(v1::ARCHIVIST, "dang", "2035-01-01", Proposal("RETENTION_OVER"));
  EXPECT_EQ(LastDayOf(early), "2054-12-31");
  EXPECT_EQ(Propose("2055-01-01", "RETENTION_OVER"), "OK");
  life_ = served;
  Archive("2024-03-20", "PERMANENT");
  const absl::Status never =
      life_.Do(v1::ARCHIVIST, "dang", "2059-12-31", Proposal("RETENTION_OVER"));
  EXPECT_EQ(ReasonOf(never), "RETENTION_RUNNING");
  EXPECT_EQ(LastDayOf(never), "");
  EXPECT_EQ(Propose("2059-12-31", "ORDERED"), "OK");
}

// The table of periods may be mended between the proposal and its decision.
TEST_F(Erasing, RetentionIsJudgedAgainOnTheDayOfTheDecision) {
  life_.today = absl::CivilDay(2060, 1, 1);
  Archive("2024-03-20", "TEN_YEARS");
  const int64_t archiving = life_.c().version;
  ASSERT_EQ(Propose("2035-01-01", "RETENTION_OVER"), "OK");
  const int64_t proposal = life_.c().version;
  ASSERT_EQ(ReasonOf(life_.Head("2035-01-02",
                                R"(mend_record { field: "retention"
                                   value: "PERMANENT" reason: "误"
                                   event_seq: )" +
                                    std::to_string(archiving) + " }")),
            "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2035-01-03", Decision(proposal))),
            "RETENTION_RUNNING");
}

// REG 33: an erasure never makes the reply impossible.
TEST_F(Erasing, WhatTheReplyIsMadeOfStaysUntilItIsServed) {
  life_ = InHand("2024-03-01");
  EXPECT_EQ(Propose("2024-03-04", "ORDERED"), "NEEDED_FOR_REPLY");
  EXPECT_EQ(Propose("2024-03-04", "UNLAWFULLY_KEPT", "1"), "NEEDED_FOR_REPLY");
  ASSERT_EQ(ReasonOf(life_.Handle("2024-03-04",
                                  R"(require_correction { items: "项" })")),
            "OK");
  ASSERT_EQ(ReasonOf(life_.Handle("2024-03-05",
                                  R"(accept_correction { channel: IN_PERSON
                                     content: "改" })")),
            "OK");
  EXPECT_EQ(Propose("2024-03-05", "ORDERED", "4"), "NEEDED_FOR_REPLY");
  EXPECT_EQ(Propose("2024-03-05", "ORDERED", "3"), "OK");
  life_.Draft("2024-03-06");
  const int64_t draft = life_.c().version;
  EXPECT_EQ(Propose("2024-03-06", "ORDERED", std::to_string(draft)),
            "NEEDED_FOR_REPLY");
  life_.Draft("2024-03-07");
  EXPECT_EQ(Propose("2024-03-07", "ORDERED", std::to_string(draft)), "OK");
  life_.Review("2024-03-07");
  life_.Sign("2024-03-07");
  life_.Dispatch("2024-03-07");
  EXPECT_EQ(Propose("2024-03-08", "ORDERED", "1"), "NEEDED_FOR_REPLY");
  life_.Serve("2024-03-11");
  EXPECT_EQ(Propose("2024-03-11", "ORDERED", "1"), "OK");
}

TEST_F(Erasing, AWithdrawnCaseNeedsNoReply) {
  life_ = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life_.Handle("2024-03-04", R"(withdraw { note: "撤" })")),
            "OK");
  ASSERT_EQ(Propose("2024-03-05", "UNLAWFULLY_KEPT"), "OK");
  EXPECT_EQ(Erase("2024-03-06"), "OK");
}

TEST_F(Erasing, AnOpenRemedyKeepsItsEvidenceUnlessAnAuthorityOrdersIt) {
  ASSERT_EQ(ReasonOf(life_.Litigate("2024-03-20", R"(open_remedy {
                kind: LAWSUIT organ: "某法院" })")),
            "OK");
  EXPECT_EQ(Propose("2024-04-01", "UNLAWFULLY_KEPT"), "REMEDY_OPEN");
  EXPECT_EQ(Propose("2024-04-01", "ORDERED"), "OK");
  ASSERT_EQ(
      ReasonOf(life_.Litigate(
          "2024-05-20", "decide_remedy { docket: 1 result: CLAIM_DISMISSED }")),
      "OK");
  EXPECT_EQ(Propose("2024-05-21", "UNLAWFULLY_KEPT"), "OK");
}

// The text of a record lies in its mends too.
TEST_F(Erasing, TheMendsOfARecordGoWithIt) {
  ASSERT_EQ(ReasonOf(life_.Head("2024-03-05",
                                R"(mend_record { event_seq: 1 field: "content"
                                   text: "另一文件" reason: "误" })")),
            "OK");
  const int64_t mend = life_.c().version;
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "1"), "OK");
  ASSERT_EQ(Erase("2024-04-01"), "OK");
  EXPECT_EQ(LastEvents(), (std::vector<int64_t>{1, mend}));
}

TEST_F(Erasing, TheWordsGoWithAMendOfTheContentAndStayWithAnother) {
  for (const auto& [field, words] :
       {std::pair("content", true), std::pair("postal_number", false)}) {
    life_ = ServedOn("2024-03-01");
    const absl::Status mended = life_.Head(
        "2024-03-05", std::string("mend_record { event_seq: 1 field: \"") +
                          field + R"(" text: "另" reason: "误" })");
    ASSERT_TRUE(mended.ok()) << mended;
    ASSERT_EQ(
        Propose("2024-04-01", "ORDERED", std::to_string(life_.c().version)),
        "OK");
    ASSERT_EQ(Erase("2024-04-01"), "OK");
    EXPECT_EQ(Last().words(), words) << field;
  }
}

TEST_F(Erasing, AMendBringsNoErasedTextBack) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "1"), "OK");
  ASSERT_EQ(Erase("2024-04-01"), "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-02",
                                R"(mend_record { event_seq: 1 field: "content"
                                   text: "某文件" reason: "误" })")),
            "TEXT_ERASED");
  // What is public may still be put right.
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-02",
                                R"(mend_record { event_seq: 1
                                   field: "applicant_kind" value: "ENTERPRISE"
                                   reason: "误" })")),
            "OK");
}

TEST_F(Erasing, TheRecordsOfAnErasureAreNotMended) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED", "3"), "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-01",
                                R"(mend_record { field: "basis"
                                   value: "UNLAWFULLY_KEPT" reason: "误"
                                   event_seq: )" +
                                    std::to_string(life_.c().version) + " }")),
            "MEND_MISFIT");
  ASSERT_EQ(Erase("2024-04-01"), "OK");
  EXPECT_EQ(ReasonOf(life_.Head("2024-04-01",
                                R"(mend_record { field: "proposal" value: "1"
                                   reason: "误" event_seq: )" +
                                    std::to_string(life_.c().version) + " }")),
            "MEND_MISFIT");
}

// A sub-case copies the application: there is none to copy any more.
TEST_F(Erasing, AnErasedCaseIsNotTakenUpAgain) {
  const std::string reopen = R"(reopen { reason: "另有发现" })";
  Life other = life_;
  EXPECT_EQ(ReasonOf(other.Litigate("2024-04-02", reopen)), "OK");
  ASSERT_EQ(Propose("2024-04-01", "ORDERED"), "OK");
  ASSERT_EQ(Erase("2024-04-01"), "OK");
  EXPECT_EQ(ReasonOf(life_.Litigate("2024-04-02", reopen)), "TEXT_ERASED");
}

// Equal histories, with their text or after its destruction, give equal cases.
TEST_F(Erasing, TheCaseIsTheSameWithItsTextAndWithout) {
  ASSERT_EQ(Propose("2024-04-01", "ORDERED"), "OK");
  ASSERT_EQ(Erase("2024-04-01"), "OK");
  std::vector<PastEvent> without = life_.history();
  for (PastEvent& past : without) audit::SplitPrivate(past.event);
  const Case c = Fold("TEST", without);
  EXPECT_EQ(c.erased_events, life_.c().erased_events);
  EXPECT_EQ(c.words_erased, life_.c().words_erased);
  EXPECT_EQ(c.phase, life_.c().phase);
  EXPECT_EQ(c.facts.received, life_.c().facts.received);
  EXPECT_EQ(c.outcome, life_.c().outcome);
}

}  // namespace
}  // namespace gongkai::casework
