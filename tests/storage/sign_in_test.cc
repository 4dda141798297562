// SPDX-License-Identifier: Apache-2.0
// Sessions, failed attempts, and tokens that count once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::HasSubstr;

std::string Digest(const std::string& name) {
  std::string digest = name;
  digest.resize(32, '\0');
  return digest;
}

class SignInTest : public PostgresTest {
 protected:
  SessionRow Session(const std::string& agency, const std::string& account,
                     const std::string& tokens) {
    SessionRow s;
    s.session = NewId();
    s.agency = agency;
    s.account = account;
    s.sign_in = "password+totp";
    s.source = "10.1.2.3";
    s.only_password = true;
    s.begun = now_;
    Renew(tokens, s);
    s.until = now_ + absl::Hours(8);
    return s;
  }
  void Renew(const std::string& tokens, SessionRow& s) {
    s.access = Digest("access " + tokens);
    s.access_until = now_ + absl::Minutes(10);
    s.refresh = Digest("refresh " + tokens);
    s.idle_until = now_ + absl::Minutes(30);
  }
  SessionRow Open(const std::string& agency, const std::string& account,
                  const std::string& tokens) {
    const SessionRow s = Session(agency, account, tokens);
    EXPECT_TRUE(store().OpenSession(s, Soon()).ok());
    return s;
  }
  AccountBook::Rotation Rotate(const std::string& from, const std::string& to) {
    SessionRow next;
    Renew(to, next);
    const auto rotation =
        store().RotateSession(Digest("refresh " + from), next, now_, Soon());
    EXPECT_TRUE(rotation.ok()) << rotation.status();
    return rotation.value_or(AccountBook::Rotation{});
  }
  std::optional<SessionRow> Find(const std::string& tokens) {
    return store().SessionByAccess(Digest("access " + tokens), Soon()).value();
  }
  int64_t Count() { return *store().Revocation(Soon()); }
  std::string Owner(const std::string& sql) {
    return server().Run(owner_, sql);
  }

  // Not of this year, so that the database's own clock cannot help.
  absl::Time now_ = absl::FromUnixMicros(1'700'000'000'123'456);
};

TEST_F(SignInTest, ASessionIsFoundByItsTokenAndItsIdentifier) {
  const SessionRow s = Open(kAgencyA, "wang", "1");
  Open(kAgencyB, "wang", "2");
  for (const auto& found :
       {Find("1"), store().SessionById(s.session, Soon()).value()}) {
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->session, s.session);
    EXPECT_EQ(found->agency, kAgencyA);
    EXPECT_EQ(found->account, "wang");
    EXPECT_EQ(found->sign_in, s.sign_in);
    EXPECT_EQ(found->source, s.source);
    EXPECT_TRUE(found->only_password);
    EXPECT_EQ(found->begun, s.begun);
    EXPECT_EQ(found->access, s.access);
    EXPECT_EQ(found->access_until, s.access_until);
    EXPECT_EQ(found->refresh, s.refresh);
    EXPECT_EQ(found->idle_until, s.idle_until);
    EXPECT_EQ(found->until, s.until);
    EXPECT_FALSE(found->ended);
  }
  EXPECT_EQ(Find("3"), std::nullopt);
  EXPECT_EQ(store().SessionById(NewId(), Soon()).value(), std::nullopt);
  // Beginning one takes nothing away.
  EXPECT_EQ(Count(), 0);
}

TEST_F(SignInTest, ASignInIsNotedAtItsAccount) {
  Append a = SampleAppend(kAgencyA, AccountStream("wang"), 0);
  a.kind = StreamKind::kAccount;
  a.account = AccountRow{"wang", "p1", 1, true, 0, {}, false};
  ASSERT_EQ(Put(a), Appended::kAppended);
  Open(kAgencyA, "wang", "1");
  EXPECT_EQ(store().AccountsIn(kAgencyA, "", 9, Soon())->at(0).last_sign_in,
            now_);
}

TEST_F(SignInTest, RotationTakesTheOldTokensOut) {
  const SessionRow s = Open(kAgencyA, "wang", "1");
  now_ += absl::Minutes(9);
  const auto rotation = Rotate("1", "2");
  EXPECT_EQ(rotation.outcome, Rotated::kRotated);
  EXPECT_EQ(rotation.session.session, s.session);
  EXPECT_EQ(rotation.session.access, Digest("access 2"));
  EXPECT_EQ(rotation.session.idle_until, now_ + absl::Minutes(30));
  EXPECT_EQ(Find("1"), std::nullopt);
  EXPECT_TRUE(Find("2").has_value());
  EXPECT_EQ(Count(), 0);
}

TEST_F(SignInTest, NoTokenOutlivesItsSession) {
  const SessionRow s = Open(kAgencyA, "wang", "0");
  for (int i = 0; i < 16; ++i) {
    now_ += absl::Minutes(29);
    ASSERT_EQ(Rotate(absl::StrCat(i), absl::StrCat(i + 1)).outcome,
              Rotated::kRotated);
  }
  const SessionRow last = *Find("16");
  EXPECT_EQ(last.idle_until, s.until);
  EXPECT_EQ(last.access_until, std::min(now_ + absl::Minutes(10), s.until));
  now_ = s.until;
  EXPECT_EQ(Rotate("16", "17").outcome, Rotated::kOver);
}

TEST_F(SignInTest, ASessionLeftIdleIsOver) {
  Open(kAgencyA, "wang", "1");
  now_ += absl::Minutes(30);
  EXPECT_EQ(Rotate("1", "2").outcome, Rotated::kOver);
  EXPECT_EQ(Rotate("unheard of", "3").outcome, Rotated::kUnknown);
}

TEST_F(SignInTest, AUsedTokenEndsTheSessionSeveralRotationsLater) {
  Open(kAgencyA, "wang", "1");
  Open(kAgencyA, "wang", "other");
  for (int i = 1; i < 5; ++i) {
    ASSERT_EQ(Rotate(absl::StrCat(i), absl::StrCat(i + 1)).outcome,
              Rotated::kRotated);
  }
  const auto replayed = Rotate("1", "thief");
  EXPECT_EQ(replayed.outcome, Rotated::kReplayed);
  EXPECT_EQ(replayed.session.account, "wang");
  EXPECT_TRUE(replayed.session.ended);
  EXPECT_EQ(Count(), 1);
  EXPECT_TRUE(Find("5")->ended);
  EXPECT_EQ(Rotate("5", "6").outcome, Rotated::kOver);
  EXPECT_EQ(Rotate("1", "thief").outcome, Rotated::kOver);
  EXPECT_EQ(Count(), 1);
  EXPECT_FALSE(Find("other")->ended);
}

// The store asks once more when an answer was lost: the same exchange is not a
// replay.
TEST_F(SignInTest, TheSameExchangeAskedAgainIsDone) {
  Open(kAgencyA, "wang", "1");
  ASSERT_EQ(Rotate("1", "2").outcome, Rotated::kRotated);
  const auto again = Rotate("1", "2");
  EXPECT_EQ(again.outcome, Rotated::kRotated);
  EXPECT_EQ(again.session.access, Digest("access 2"));
  EXPECT_FALSE(Find("2")->ended);
}

TEST_F(SignInTest, OfTwoExchangesAtOnceOneIsAReplay) {
  Open(kAgencyA, "wang", "1");
  std::atomic<int> rotated = 0, replayed = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      const Rotated outcome = Rotate("1", absl::StrCat("by ", i)).outcome;
      rotated += outcome == Rotated::kRotated;
      replayed += outcome == Rotated::kReplayed;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(rotated, 1);
  EXPECT_EQ(replayed, 1);
  EXPECT_EQ(Owner("SELECT bool_and(ended) FROM session"), "t");
}

TEST_F(SignInTest, SessionsAreEndedOneByOneOrAllOfAnAccount) {
  const SessionRow one = Open(kAgencyA, "wang", "1");
  const SessionRow two = Open(kAgencyA, "wang", "2");
  Open(kAgencyA, "wang", "3");
  Open(kAgencyA, "li", "4");
  Open(kAgencyB, "wang", "5");
  EXPECT_EQ(*store().EndSession(kAgencyB, one.session, Soon()), 0);
  EXPECT_EQ(Count(), 0);
  EXPECT_EQ(*store().EndSession(kAgencyA, one.session, Soon()), 1);
  EXPECT_EQ(*store().EndSession(kAgencyA, one.session, Soon()), 0);
  EXPECT_EQ(Count(), 1);
  EXPECT_EQ(*store().EndSessions(kAgencyA, "wang", two.session, Soon()), 1);
  EXPECT_EQ(Count(), 2);
  EXPECT_TRUE(Find("1")->ended);
  EXPECT_FALSE(Find("2")->ended);
  EXPECT_TRUE(Find("3")->ended);
  EXPECT_EQ(*store().EndSessions(kAgencyA, "wang", "", Soon()), 1);
  EXPECT_EQ(*store().EndSessions(kAgencyA, "wang", "", Soon()), 0);
  EXPECT_FALSE(Find("4")->ended);
  EXPECT_FALSE(Find("5")->ended);
}

TEST_F(SignInTest, AnEventOfTheAccountEndsItsSessionsInItsCommit) {
  Open(kAgencyA, "wang", "1");
  Open(kAgencyA, "li", "2");
  Append a = SampleAppend(kAgencyA, AccountStream("wang"), 0);
  a.kind = StreamKind::kAccount;
  a.account = AccountRow{"wang", "p1", 1, false, 0, {}, true};
  ASSERT_EQ(Put(a), Appended::kAppended);
  EXPECT_TRUE(Find("1")->ended);
  EXPECT_FALSE(Find("2")->ended);
  EXPECT_EQ(Count(), 1);
}

// One who holds the count's row does not hold up those who only act.
TEST_F(SignInTest, ActsDoNotWaitForARevocation) {
  const auto event = SampleAppend(kAgencyA, NewId(), 0, "X-1");
  std::thread holder([&] {
    server().Run(owner_,
                 "BEGIN; SELECT raise_revocation(); SELECT pg_sleep(2); "
                 "COMMIT;");
  });
  absl::SleepFor(absl::Milliseconds(500));
  const absl::Time start = absl::Now();
  EXPECT_EQ(
      store().LoadStream(kAgencyA, event.stream, "", true, Soon())->revocation,
      0);
  EXPECT_EQ(Put(event), Appended::kAppended);
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
  holder.join();
  EXPECT_EQ(Count(), 1);
}

TEST_F(SignInTest, WhatIsLongOverIsForgottenWithItsTokens) {
  Open(kAgencyA, "wang", "1");
  ASSERT_EQ(Rotate("1", "2").outcome, Rotated::kRotated);
  Open(kAgencyA, "li", "3");
  now_ += absl::Hours(40);
  Open(kAgencyA, "wang", "4");
  EXPECT_EQ(Owner("SELECT count(*) FROM session"), "1");
  EXPECT_EQ(Owner("SELECT count(*) FROM used_refresh"), "0");
}

TEST_F(SignInTest, NoTokenIsInTheDatabase) {
  Open(kAgencyA, "wang", "1");
  EXPECT_THAT(server().Error(service_, "SELECT access FROM session"),
              HasSubstr("permission denied"));
  EXPECT_EQ(Owner("SELECT octet_length(access) + octet_length(refresh) "
                  "FROM session"),
            "64");
}

class AttemptTest : public SignInTest {
 protected:
  Attempts Fail(const std::string& key = "SHGXW/wang") {
    return store()
        .AddFailure(key, 3, absl::Minutes(15), absl::Minutes(10), now_, Soon())
        .value();
  }
  Attempts Read(const std::string& key = "SHGXW/wang") {
    return store().ReadAttempts(key, now_, Soon()).value();
  }
};

TEST_F(AttemptTest, TooManyFailuresWithinTheWindowLock) {
  EXPECT_EQ(Read().failures, 0);
  EXPECT_EQ(Fail().failures, 1);
  EXPECT_EQ(Fail().locked_until, std::nullopt);
  EXPECT_EQ(Fail("SHGXW/li").failures, 1);
  const Attempts third = Fail();
  EXPECT_EQ(third.failures, 3);
  EXPECT_EQ(third.locked_until, now_ + absl::Minutes(10));
  EXPECT_EQ(Read().locked_until, now_ + absl::Minutes(10));
  EXPECT_EQ(Read("SHGXW/li").locked_until, std::nullopt);
  // Trying on does not lengthen it.
  now_ += absl::Minutes(9);
  EXPECT_EQ(Fail().locked_until, now_ + absl::Minutes(1));
  now_ += absl::Minutes(1);
  EXPECT_EQ(Read().locked_until, std::nullopt);
  EXPECT_EQ(Fail().failures, 1);
}

TEST_F(AttemptTest, FailuresOutsideTheWindowDoNotAddUp) {
  Fail();
  Fail();
  now_ += absl::Minutes(15);
  EXPECT_EQ(Fail().failures, 1);
}

TEST_F(AttemptTest, EachLockIsTwiceAsLongUpToSixteenTimes) {
  for (const int times : {1, 2, 4, 8, 16, 16, 16}) {
    Fail();
    Fail();
    const absl::Time until = *Fail().locked_until;
    EXPECT_EQ(until - now_, times * absl::Minutes(10));
    now_ = until;
  }
  // A success forgets, and so does a day without failures.
  ASSERT_TRUE(store().ClearAttempts("SHGXW/wang", Soon()).ok());
  for (int day = 0; day < 2; ++day) {
    Fail();
    Fail();
    EXPECT_EQ(*Fail().locked_until - now_, absl::Minutes(10));
    now_ += absl::Hours(25);
  }
}

TEST_F(AttemptTest, ManyAtOnceLockOnce) {
  std::atomic<int> locked = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] { locked += Fail().locked_until.has_value(); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(locked, 14);
  EXPECT_EQ(Owner("SELECT locks FROM sign_in_attempt"), "1");
}

// What was typed for a name may have been a password.
TEST_F(AttemptTest, WhatWasTypedIsNotKept) {
  Fail("hunter2");
  EXPECT_EQ(Owner("SELECT count(*) FROM sign_in_attempt a WHERE "
                  "strpos(a::text, encode('hunter2', 'hex')) > 0 OR "
                  "strpos(a::text, 'hunter2') > 0"),
            "0");
}

TEST_F(SignInTest, ATokenOfTheProviderCountsOnce) {
  const absl::Time until = now_ + absl::Minutes(5);
  EXPECT_TRUE(*store().UseOnce(Digest("t"), until, Soon()));
  EXPECT_FALSE(*store().UseOnce(Digest("t"), until, Soon()));
  EXPECT_TRUE(*store().UseOnce(Digest("u"), until, Soon()));
  std::atomic<int> first = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back(
        [&] { first += *store().UseOnce(Digest("v"), until, Soon()); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(first, 1);
}

}  // namespace
}  // namespace gongkai::storage
