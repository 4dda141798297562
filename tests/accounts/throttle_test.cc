// SPDX-License-Identifier: Apache-2.0
// Guessing (GB/T 22239-2019 8.1.4.1 b): locked by account and by source, the
// same for accounts that are not there, and no burden to those who work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "absl/time/clock.h"
#include "services/base/refusal.h"
#include "tests/accounts/account_house.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

class Guessing : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = house_.Staff("li", {v1::ROLE_HANDLER});
    desk_ = house_.Desk(QuickSignIn());
  }
  absl::Status Guess(const std::string& account, const std::string& source) {
    return Try(account, "guess", "123456", source);
  }
  absl::Status Try(const std::string& account, const std::string& password,
                   const std::string& factor, const std::string& source) {
    v1::SignInRequest request;
    request.set_agency(kAgency);
    request.set_account(account);
    request.set_password(password);
    request.set_second_factor(factor);
    auth::Caller from;
    from.source = source;
    return desk_->SignIn(from, request, Soon()).status();
  }
  int64_t RetryMs(const absl::Status& status) {
    const auto refusal = RefusalOf(status);
    return refusal ? refusal->retry_ms() : 0;
  }
  AccountHouse house_;
  Person sec_;
  Person li_;
  std::unique_ptr<act::SignInDesk> desk_;
};

TEST_F(Guessing, FiveFailuresLockTheAccountWhetherOrNotItIsThere) {
  for (const char* account : {"li", "nobody", "张三"}) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(ReasonOf(Guess(account, "10.0.0." + std::to_string(i))),
                "SIGN_IN_FAILED");
    }
    const int64_t hashed = desk_->hashed();
    const absl::Status locked = Guess(account, "10.0.0.9");
    EXPECT_EQ(ReasonOf(locked), "TOO_MANY_ATTEMPTS") << account;
    EXPECT_GT(RetryMs(locked), 14 * 60 * 1000);
    EXPECT_LE(RetryMs(locked), 15 * 60 * 1000);
    EXPECT_EQ(desk_->hashed(), hashed);
  }
  // Also with all that is right.
  EXPECT_EQ(ReasonOf(Try("li", li_.password, house_.Totp(li_), "10.0.1.1")),
            "TOO_MANY_ATTEMPTS");
  const v1::Account view = house_.Account(sec_, "li");
  EXPECT_FALSE(view.locked_until_time().empty());
  house_.Pass(absl::Minutes(15));
  EXPECT_EQ(ReasonOf(Try("li", li_.password, house_.Totp(li_), "10.0.1.1")),
            "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(sec_)), "OK");
  EXPECT_TRUE(house_.Account(sec_, "li").locked_until_time().empty());
}

TEST_F(Guessing, TheLockDoublesAndSuccessForgets) {
  const auto lock = [&] {
    absl::Status last;
    for (int i = 0; i < 6; ++i) last = Guess("li", "");
    return RetryMs(last) / 1000 / 60;
  };
  EXPECT_EQ(lock(), 14);
  house_.Pass(absl::Minutes(15));
  EXPECT_EQ(lock(), 29);
  house_.Pass(absl::Minutes(30));
  ASSERT_EQ(ReasonOf(Try("li", li_.password, house_.Totp(li_), "")), "OK");
  EXPECT_EQ(lock(), 14);
}

TEST_F(Guessing, FailuresFarApartDoNotLock) {
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(ReasonOf(Guess("li", "")), "SIGN_IN_FAILED") << i;
    house_.Pass(absl::Minutes(5));
  }
}

TEST_F(Guessing, ASourceIsLockedWhateverItTries) {
  absl::Status last;
  int failed = 0;
  for (int i = 0; i < 31; ++i) {
    last = Guess("name" + std::to_string(i), "10.0.0.1");
    failed += ReasonOf(last) == "SIGN_IN_FAILED";
  }
  EXPECT_EQ(failed, 30);
  EXPECT_EQ(ReasonOf(last), "TOO_MANY_ATTEMPTS");
  EXPECT_EQ(ReasonOf(Try("li", li_.password, house_.Totp(li_), "10.0.0.1")),
            "TOO_MANY_ATTEMPTS");
  EXPECT_EQ(ReasonOf(Try("li", li_.password, house_.Totp(li_), "10.0.0.2")),
            "OK");
}

TEST_F(Guessing, SetUpCodesAndChangesOfPasswordsAreThrottledAlike) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "wang", &code)), "OK");
  v1::SetUpRequest request;
  request.set_agency(kAgency);
  request.set_account("wang");
  request.set_password("Kran-Mohn7Tal");
  for (int i = 0; i < 5; ++i) {
    request.set_code("AAAA-AAAA");
    EXPECT_EQ(ReasonOf(desk_->SetUp({}, request, Soon()).status()),
              "SET_UP_REFUSED");
  }
  request.set_code(code);
  EXPECT_EQ(ReasonOf(desk_->SetUp({}, request, Soon()).status()),
            "TOO_MANY_ATTEMPTS");
  v1::ChangePasswordRequest change;
  change.set_new_password("Mohn-Kran9Tal");
  const auto changed = [&] {
    v1::ChangePasswordResponse response;
    return ReasonOf(house_.accounts().ChangePassword(house_.As(li_).get(),
                                                     change, &response));
  };
  change.set_old_password("guess");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(changed(), "SIGN_IN_FAILED");
  change.set_old_password(li_.password);
  EXPECT_EQ(changed(), "TOO_MANY_ATTEMPTS");
}

TEST_F(Guessing, ARefusedAttemptIsRecordedWithItsAccount) {
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(Guess("li", "10.0.0.1").ok());
  }
  const auto refused = house_.Accesses(v1::SIGN_IN_REFUSED);
  ASSERT_EQ(refused.size(), 6u);
  EXPECT_EQ(refused.back().access.reason(), "TOO_MANY_ATTEMPTS");
  EXPECT_EQ(refused.back().actor.account(), "li");
}

// Else anybody could begin records in the names of agencies that are none.
TEST_F(Guessing, AnAgencyThatIsNoneHasNoRecords) {
  v1::SignInRequest request;
  request.set_account("li");
  request.set_password("guess");
  request.set_second_factor("123456");
  for (const auto& [agency, recorded] : std::map<std::string, std::string>{
           {"ZZZZ", "CN"}, {"CN", "CN"}, {kAgency, kAgency}}) {
    request.set_agency(agency);
    EXPECT_EQ(ReasonOf(desk_->SignIn({}, request, Soon()).status()),
              "SIGN_IN_FAILED");
    const auto refused = house_.Accesses(v1::SIGN_IN_REFUSED);
    ASSERT_FALSE(refused.empty());
    EXPECT_EQ(refused.back().agency, recorded) << agency;
    EXPECT_EQ(refused.back().actor.account(),
              agency == kAgency ? "li" : "nobody");
  }
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM access WHERE agency_id = 'ZZZZ'"),
            "0");
}

TEST_F(Guessing, AFloodDoesNotFillTheLog) {
  for (int i = 0; i < 5 + 150; ++i) {
    EXPECT_FALSE(Guess("li", "").ok());
  }
  EXPECT_EQ(house_.Accesses(v1::SIGN_IN_REFUSED).size(), 5u + 120u);
  EXPECT_EQ(desk_->unrecorded(), 30);
  // What leads to a lock always is.
  EXPECT_EQ(ReasonOf(Guess("wang", "")), "SIGN_IN_FAILED");
  EXPECT_EQ(house_.Accesses(v1::SIGN_IN_REFUSED).size(), 126u);
  house_.Pass(absl::Minutes(1));
  EXPECT_EQ(ReasonOf(Guess("li", "")), "TOO_MANY_ATTEMPTS");
  EXPECT_EQ(house_.Accesses(v1::SIGN_IN_REFUSED).size(), 127u);
}

// A thousand guesses in as short a time as they take, from many sources, while
// an officer receives applications.
TEST_F(Guessing, AThousandGuessesDoNotHinderWork) {
  constexpr int kThreads = 8;
  constexpr int kEach = 125;
  std::atomic<int> done{0};
  std::atomic<int> believed{0};
  std::map<std::string, std::atomic<int>> answers;
  for (const char* reason :
       {"SIGN_IN_FAILED", "TOO_MANY_ATTEMPTS", "TOO_BUSY", "other"}) {
    answers[reason] = 0;
  }
  std::vector<std::thread> guessers;
  for (int t = 0; t < kThreads; ++t) {
    guessers.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string reason = ReasonOf(house_.TrySignIn(
            kAgency, i % 2 == 0 ? "li" : "name" + std::to_string(t), "guess",
            "123456"));
        if (reason == "OK") ++believed;
        ++(answers.contains(reason) ? answers.at(reason) : answers.at("other"));
        ++done;
      }
    });
  }
  int received = 0;
  absl::Duration slowest;
  do {
    v1::ReceiveApplicationRequest request =
        house_.test().Application("申请公开专项资金清单。");
    v1::ReceiveApplicationResponse response;
    const absl::Time begun = absl::Now();
    const grpc::Status status = house_.test().cases().ReceiveApplication(
        house_.As(li_).get(), request, &response);
    ASSERT_EQ(ReasonOf(status), "OK");
    slowest = std::max(slowest, absl::Now() - begun);
    ++received;
  } while (done < kThreads * kEach);
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_EQ(believed, 0);
  EXPECT_EQ(answers.at("other"), 0);
  EXPECT_GT(answers.at("TOO_MANY_ATTEMPTS"), 900);
  // Few passwords were hashed for it.
  EXPECT_LT(answers.at("SIGN_IN_FAILED"), 50);
  EXPECT_GT(received, 5);
  EXPECT_LT(slowest, absl::Seconds(5));
  RecordProperty("received", received);
}

}  // namespace
}  // namespace gongkai::test
