// SPDX-License-Identifier: Apache-2.0
// Who calls, by token or certificate: what is believed, for how long it is
// remembered, and that a revocation anywhere ends that.

#include "services/api/token_identifier.h"

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/act/standing.h"
#include "services/api/doors.h"
#include "services/auth/tokens.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'710'907'200);

class Sent {
 public:
  explicit Sent(std::vector<std::pair<std::string, std::string>> pairs)
      : pairs_(std::move(pairs)) {
    for (const auto& [key, value] : pairs_) {
      metadata_.emplace(grpc::string_ref(key.data(), key.size()),
                        grpc::string_ref(value.data(), value.size()));
    }
  }
  const Metadata& metadata() const { return metadata_; }

 private:
  const std::vector<std::pair<std::string, std::string>> pairs_;
  Metadata metadata_;
};

// Accounts that are made up; counts how often it was asked.
class MadeUp : public act::Identities {
 public:
  absl::StatusOr<act::Identified> ByAccessToken(std::string_view token,
                                                std::string_view on_behalf_of,
                                                absl::Time) override {
    ++asked;
    const auto it = accounts.find(std::string(token));
    if (it == accounts.end()) return Refuse(v1::NOT_IDENTIFIED);
    return Of(it->second, on_behalf_of);
  }
  absl::StatusOr<act::Identified> ByCertificate(std::string_view fingerprint,
                                                absl::Time) override {
    ++asked;
    last_fingerprint = std::string(fingerprint);
    return Of("robot", "");
  }

  std::map<std::string, std::string> accounts;
  std::string last_fingerprint;
  std::atomic<int> asked{0};
  int64_t revocation = 7;
  absl::Time until = kStart + absl::Minutes(10);
  bool only_password = false;

 private:
  act::Identified Of(const std::string& account, std::string_view principal) {
    act::Identified identified;
    identified.caller.account = account;
    identified.caller.person = account;
    identified.caller.agency = "SHGXW";
    identified.caller.roles = {v1::ROLE_HANDLER};
    identified.caller.on_behalf_of = std::string(principal);
    identified.caller.revocation = revocation;
    identified.until = until;
    identified.only_password = only_password;
    return identified;
  }
};

struct House {
  MadeUp identities;
  int64_t newest = 7;
  ManualClock clock{kStart};
  TokenIdentifier identifier{identities, [this] { return newest; }, clock, 3};
  std::string token = auth::NewToken(auth::kAccessPrefix);

  House() { identities.accounts[token] = "li"; }

  absl::StatusOr<act::Identified> Identify(
      std::vector<std::pair<std::string, std::string>> sent,
      std::string_view certificate = "") {
    const Sent metadata(std::move(sent));
    return identifier.Identify({metadata.metadata(), certificate, "10.0.0.1"},
                               absl::InfiniteFuture());
  }
  std::vector<std::pair<std::string, std::string>> Bearer() const {
    return {{"authorization", "Bearer " + token}};
  }
};

TEST(TokenIdentifier, ATokenIsLookedUpOnceWhileItHolds) {
  House house;
  for (int i = 0; i < 5; ++i) {
    const auto li = house.Identify(house.Bearer());
    ASSERT_TRUE(li.ok()) << li.status();
    EXPECT_EQ(li->caller.account, "li");
  }
  EXPECT_EQ(house.identities.asked.load(), 1);
  EXPECT_EQ(house.identifier.remembered(), 4);
  // Something was revoked somewhere: looked up again.
  house.newest = 8;
  house.identities.revocation = 8;
  ASSERT_TRUE(house.Identify(house.Bearer()).ok());
  EXPECT_EQ(house.identities.asked.load(), 2);
  // Past its time.
  house.clock.Set(kStart + absl::Minutes(10));
  house.identities.accounts.clear();
  EXPECT_EQ(RefusalOf(house.Identify(house.Bearer()).status())->reason(),
            v1::NOT_IDENTIFIED);
  EXPECT_EQ(house.identities.asked.load(), 3);
}

TEST(TokenIdentifier, TheRolesOfAPrincipalAreAnotherCaller) {
  House house;
  auto sent = house.Bearer();
  ASSERT_TRUE(house.Identify(sent).ok());
  sent.push_back({"x-gongkai-on-behalf-of", "qian"});
  const auto deputy = house.Identify(sent);
  ASSERT_TRUE(deputy.ok()) << deputy.status();
  EXPECT_EQ(deputy->caller.on_behalf_of, "qian");
  EXPECT_EQ(house.identities.asked.load(), 2);
  EXPECT_EQ(house.Identify(house.Bearer())->caller.on_behalf_of, "");
}

TEST(TokenIdentifier, WhatIsNoTokenIsRefusedWithoutAsking) {
  House house;
  using Sending = std::vector<std::pair<std::string, std::string>>;
  const std::string& token = house.token;
  for (const Sending& sent : std::vector<Sending>{
           {},
           {{"authorization", ""}},
           {{"authorization", "Bearer"}},
           {{"authorization", "Bearer "}},
           {{"authorization", "Basic " + token}},
           {{"authorization", token}},
           {{"authorization", "Bearer  " + token}},
           {{"authorization", "Bearer " + token + " "}},
           {{"authorization", "Bearer " + token + "A"}},
           {{"authorization", "Bearer gkr_" + token.substr(4)}},
           {{"authorization",
             "Bearer " + token.substr(0, token.size() - 1) + "+"}},
           {{"authorization", "Bearer " + std::string(8000, 'a')}},
           {{"authorization", "Bearer " + token},
            {"authorization", "Bearer " + token}},
           {{"authorization", "Bearer " + token},
            {"x-gongkai-on-behalf-of", ""}},
           {{"authorization", "Bearer " + token},
            {"x-gongkai-on-behalf-of", "钱"}},
           {{"authorization", "Bearer " + token},
            {"x-gongkai-on-behalf-of", std::string(33, 'a')}},
           {{"authorization", "Bearer " + token},
            {"x-gongkai-on-behalf-of", "qian"},
            {"x-gongkai-on-behalf-of", "sun"}},
           // What development took for true.
           {{"x-gongkai-account", "li"},
            {"x-gongkai-roles", "handler"},
            {"x-gongkai-agency", "SHGXW"}}}) {
    const auto caller = house.Identify(sent);
    ASSERT_FALSE(caller.ok());
    EXPECT_EQ(RefusalOf(caller.status())->reason(), v1::NOT_IDENTIFIED);
    EXPECT_EQ(caller.status().message().find(token), std::string::npos);
  }
  EXPECT_EQ(house.identities.asked.load(), 0);
  // The scheme is written in any case.
  EXPECT_TRUE(house.Identify({{"authorization", "bearer " + token}}).ok());
}

std::string Pem(const std::string& der) {
  return absl::StrCat("-----BEGIN CERTIFICATE-----\n", absl::Base64Escape(der),
                      "\n-----END CERTIFICATE-----\n");
}

TEST(TokenIdentifier, ACertificateIsKnownByItsFingerprint) {
  House house;
  const auto robot = house.Identify({}, Pem("der"));
  ASSERT_TRUE(robot.ok()) << robot.status();
  EXPECT_EQ(robot->caller.account, "robot");
  EXPECT_EQ(house.identities.last_fingerprint,
            absl::BytesToHexString(auth::TokenDigest("der")));
  ASSERT_TRUE(house.Identify({}, Pem("der")).ok());
  EXPECT_EQ(house.identities.asked.load(), 1);
  ASSERT_TRUE(house.Identify({}, Pem("other")).ok());
  EXPECT_EQ(house.identities.asked.load(), 2);
  // A token says who it is also over a connection with a certificate.
  EXPECT_EQ(house.Identify(house.Bearer(), Pem("der"))->caller.account, "li");
  // A program stands for nobody else.
  EXPECT_EQ(
      RefusalOf(house.Identify({{"x-gongkai-on-behalf-of", "qian"}}, Pem("der"))
                    .status())
          ->reason(),
      v1::NOT_DEPUTY);
  for (const std::string& odd :
       {std::string("no pem"), std::string("-----BEGIN CERTIFICATE-----\n"),
        std::string(20'000, 'a')}) {
    EXPECT_EQ(RefusalOf(house.Identify({}, odd).status())->reason(),
              v1::NOT_IDENTIFIED);
  }
}

TEST(TokenIdentifier, RemembersSoManyAndNotWhatCannotBeRevoked) {
  House house;
  std::vector<std::string> tokens;
  for (int i = 0; i < 4; ++i) {
    tokens.push_back(auth::NewToken(auth::kAccessPrefix));
    house.identities.accounts[tokens.back()] = absl::StrCat("a", i);
    ASSERT_TRUE(
        house.Identify({{"authorization", "Bearer " + tokens[i]}}).ok());
  }
  EXPECT_EQ(house.identities.asked.load(), 4);
  // The first has been forgotten, the last has not.
  ASSERT_TRUE(house.Identify({{"authorization", "Bearer " + tokens[3]}}).ok());
  EXPECT_EQ(house.identities.asked.load(), 4);
  ASSERT_TRUE(house.Identify({{"authorization", "Bearer " + tokens[0]}}).ok());
  EXPECT_EQ(house.identities.asked.load(), 5);
  house.identities.revocation = -1;
  const std::string odd = auth::NewToken(auth::kAccessPrefix);
  house.identities.accounts[odd] = "odd";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(house.Identify({{"authorization", "Bearer " + odd}}).ok());
  }
  EXPECT_EQ(house.identities.asked.load(), 7);
}

TEST(TokenIdentifier, WhoseACallSeemsToBeIsSaidWithoutAsking) {
  House house;
  const Sent sent(house.Bearer());
  const Wire wire{sent.metadata(), "", "10.0.0.1"};
  EXPECT_EQ(house.identifier.SeemsToBe(wire), "");
  EXPECT_EQ(house.identities.asked.load(), 0);
  ASSERT_TRUE(house.Identify(house.Bearer()).ok());
  EXPECT_EQ(house.identifier.SeemsToBe(wire), "SHGXW/li");
}

TEST(Standing, ManyWhoAskAtOnceShareAQuestionThatBeganAfterThem) {
  std::atomic<int64_t> count{100};
  std::atomic<int> questions{0};
  absl::Notification go;
  act::SharedStanding standing(
      [&](absl::Time) -> absl::StatusOr<int64_t> {
        // The first is slow: it saw the count before it was raised.
        const int64_t seen = count.load();
        if (questions.fetch_add(1) == 0) go.WaitForNotification();
        return seen;
      },
      [](const auth::Caller&, absl::Time) { return absl::OkStatus(); });
  std::thread first(
      [&] { EXPECT_EQ(*standing.Revocation(absl::InfiniteFuture()), 100); });
  while (questions.load() == 0) std::this_thread::yield();
  count.store(101);
  std::vector<std::thread> others;
  std::atomic<int> arrived{0};
  for (int i = 0; i < 20; ++i) {
    others.emplace_back([&] {
      arrived.fetch_add(1);
      // Never the answer of a question that began before them.
      EXPECT_EQ(*standing.Revocation(absl::InfiniteFuture()), 101);
    });
  }
  while (arrived.load() < 20) std::this_thread::yield();
  absl::SleepFor(absl::Milliseconds(50));
  go.Notify();
  first.join();
  for (std::thread& other : others) other.join();
  EXPECT_LE(questions.load(), 3);
  EXPECT_EQ(standing.Newest(), 101);
}

TEST(Standing, WhoAsksAtTheEndUsesAnyQuestionThatBeganAfterHisBeginning) {
  int64_t count = 5;
  int questions = 0;
  act::SharedStanding standing(
      [&](absl::Time) -> absl::StatusOr<int64_t> {
        ++questions;
        return count;
      },
      [](const auth::Caller&, absl::Time) { return absl::OkStatus(); });
  const absl::Time never = absl::InfiniteFuture();
  const int64_t first = standing.Mark();
  const int64_t second = standing.Mark();
  EXPECT_EQ(*standing.RevocationAfter(first, never), 5);
  EXPECT_EQ(*standing.RevocationAfter(second, never), 5);
  EXPECT_EQ(questions, 1);
  // Whoever begins after that question is not served by it.
  const int64_t third = standing.Mark();
  count = 6;
  EXPECT_EQ(*standing.RevocationAfter(third, never), 6);
  EXPECT_EQ(questions, 2);
}

TEST(Standing, AnImpatientLeaderDoesNotSpoilItForOthers) {
  std::atomic<int> questions{0};
  act::SharedStanding standing(
      [&](absl::Time deadline) -> absl::StatusOr<int64_t> {
        if (questions.fetch_add(1) == 0) {
          absl::SleepFor(deadline - absl::Now());
          return absl::DeadlineExceededError("too late");
        }
        return 5;
      },
      [](const auth::Caller&, absl::Time) { return absl::OkStatus(); });
  std::thread impatient([&] {
    EXPECT_TRUE(absl::IsDeadlineExceeded(
        standing.Revocation(absl::Now() + absl::Milliseconds(100)).status()));
  });
  while (questions.load() == 0) std::this_thread::yield();
  EXPECT_EQ(*standing.Revocation(absl::Now() + absl::Seconds(10)), 5);
  impatient.join();
}

TEST(Doors, AnOldPasswordOpensNothingButANewOne) {
  House house;
  house.identities.only_password = true;
  Doors doors(house.identifier);
  const Sent sent(house.Bearer());
  const Wire wire{sent.metadata(), "", "10.0.0.1"};
  EXPECT_EQ(
      RefusalOf(doors.Enter("GetCase", wire, absl::InfiniteFuture()).status())
          ->reason(),
      v1::PASSWORD_EXPIRED);
  for (const char* open : {"ChangePassword", "SignOut", "WhoAmI"}) {
    EXPECT_TRUE(doors.Enter(open, wire, absl::InfiniteFuture()).ok()) << open;
  }
}

TEST(Doors, WhoProvesHimselfNeedsNoTokenAndLeavesHisAddress) {
  House house;
  Doors doors(house.identifier);
  const Sent nothing({});
  const Wire wire{nothing.metadata(), "", "10.0.0.1"};
  const auto nobody = doors.Enter("SignIn", wire, absl::InfiniteFuture());
  ASSERT_TRUE(nobody.ok()) << nobody.status();
  EXPECT_EQ(nobody->source, "10.0.0.1");
  EXPECT_EQ(nobody->account, "");
  EXPECT_EQ(
      RefusalOf(doors.Enter("WhoAmI", wire, absl::InfiniteFuture()).status())
          ->reason(),
      v1::NOT_IDENTIFIED);
}

TEST(Doors, WhoIsRememberedIsLookedUpAnewAfterARevocationAnywhere) {
  House house;
  int64_t count = 7;
  act::SharedStanding standing(
      [&](absl::Time) -> absl::StatusOr<int64_t> { return count; },
      [](const auth::Caller&, absl::Time) { return absl::OkStatus(); });
  TokenIdentifier identifier(
      house.identities, [&] { return standing.Newest(); }, house.clock);
  Doors doors(identifier, &standing);
  const Sent sent(house.Bearer());
  const Wire wire{sent.metadata(), "", ""};
  const auto enter = [&](const char* method) {
    return doors.Enter(method, wire, absl::InfiniteFuture()).status();
  };
  EXPECT_TRUE(enter("GetCase").ok());
  EXPECT_TRUE(enter("GetCase").ok());
  EXPECT_EQ(house.identities.asked.load(), 1);
  // Another's session was ended.
  count = 8;
  house.identities.revocation = 8;
  EXPECT_TRUE(enter("GetCase").ok());
  EXPECT_TRUE(enter("GetCase").ok());
  EXPECT_EQ(house.identities.asked.load(), 2);
  // His own. Acts look for themselves, in the trip that they make anyway.
  count = 9;
  house.identities.accounts.clear();
  EXPECT_TRUE(enter("PerformAct").ok());
  EXPECT_EQ(RefusalOf(enter("GetCase"))->reason(), v1::NOT_IDENTIFIED);
  EXPECT_EQ(RefusalOf(enter("PerformAct"))->reason(), v1::NOT_IDENTIFIED);
}

}  // namespace
}  // namespace gongkai::api
