// SPDX-License-Identifier: Apache-2.0
// Which limits fall away with their last day, and which stay a duty.
#include "services/law/lapsing.h"

#include <set>

#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

// Everything that can be left undone, with a limit long over.
Facts Neglected() {
  Facts facts = Received("2024-03-01");
  ReplySent reply;
  reply.carrier = v1::POST_EMS;
  reply.dispatched = D("2024-05-20");
  reply.served = D("2024-05-22");
  facts.reply = reply;
  facts.archived = D("2024-06-01");
  Docket review;
  review.kind = v1::ADMINISTRATIVE_REVIEW;
  review.applied = D("2024-05-10");
  review.copy_received = D("2024-05-14");
  review.decided = D("2024-07-01");
  review.decision_received = D("2024-07-02");
  review.result = v1::REVOKED;
  review.ordered_working_days = 10;
  review.ordered_from = D("2024-07-02");
  review.opinion_received = D("2024-07-02");
  Docket suit;
  suit.kind = v1::LAWSUIT;
  suit.accepted = D("2024-03-05");
  suit.decided = D("2024-04-05");
  suit.decision_received = D("2024-04-06");
  suit.result = v1::CLAIM_DISMISSED;
  facts.dockets = {review, suit};
  return facts;
}

// The kinds whose open limits became void on their last day; the rest of what
// ran out is missed.
std::set<v1::LimitKind> Lapsed(const Facts& facts, std::string_view as_of,
                               std::set<v1::LimitKind>& missed) {
  std::set<v1::LimitKind> lapsed;
  for (const Limit& limit :
       DeriveLimits(facts, Rules(), National(), {}, D(as_of))) {
    if (limit.state == v1::MISSED) missed.insert(limit.kind);
    if (limit.state == v1::VOID && limit.ended == limit.due) {
      lapsed.insert(limit.kind);
    }
  }
  return lapsed;
}

TEST(LapsesWithItsDay, AgreesWithTheLimitsThatAreDerived) {
  std::set<v1::LimitKind> missed;
  std::set<v1::LimitKind> lapsed = Lapsed(Neglected(), "2026-11-01", missed);
  // Silence, and a review application that nobody dealt with.
  Facts silent = Received("2024-03-01");
  Docket review;
  review.kind = v1::ADMINISTRATIVE_REVIEW;
  review.applied = D("2024-03-04");
  silent.dockets = {review};
  lapsed.merge(Lapsed(silent, "2026-11-01", missed));
  Facts open = Received("2024-03-01");
  lapsed.merge(Lapsed(open, "2026-11-01", missed));
  Facts answered = Received("2024-03-01");
  ReplySent reply;
  reply.carrier = v1::POST_EMS;
  reply.dispatched = D("2024-03-20");
  reply.served = D("2024-03-22");
  answered.reply = reply;
  lapsed.merge(Lapsed(answered, "2026-11-01", missed));
  EXPECT_THAT(lapsed, ::testing::ElementsAre(
                          v1::CORRECTION_NOTICE, v1::REVIEW_APPLICATION,
                          v1::REVIEW_ACCEPTANCE, v1::SUIT_AFTER_REVIEW,
                          v1::DIRECT_SUIT, v1::SUIT_FOR_NO_REPLY, v1::APPEAL));
  for (int k = 1; k <= v1::LimitKind_MAX; ++k) {
    const auto kind = static_cast<v1::LimitKind>(k);
    EXPECT_EQ(LapsesWithItsDay(kind), lapsed.contains(kind))
        << v1::LimitKind_Name(kind);
    EXPECT_FALSE(LapsesWithItsDay(kind) && missed.contains(kind))
        << v1::LimitKind_Name(kind);
  }
  EXPECT_TRUE(missed.contains(v1::REPLY));
  EXPECT_TRUE(missed.contains(v1::ORDERED_DISCLOSURE));
}

}  // namespace
}  // namespace gongkai::law
