// SPDX-License-Identifier: Apache-2.0
// Two agencies: random reads and writes of every method from the staff of one
// at the other. None passes, and no refusal tells what is there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/base/ids.h"
#include "tests/support/temp_postgres.h"
#include "tests/walls/wall_house.h"

namespace gongkai {
namespace {

using test::Answer;
using test::CallMethod;
using test::TempPostgres;
using test::TestService;
using testing::HasSubstr;
using testing::Not;

constexpr int kTries = 1000;
constexpr char kOther[] = "BJGXW";
// What the other agency alone knows.
constexpr char kCanary[] = "金丝雀专项资金";

class CrossAgency : public ::testing::Test {
 protected:
  void SetUp() override {
    test::AddAgency(service_, kOther);
    for (int i = 0; i < 5; ++i) {
      theirs_.push_back(test::ReceiveIn(
          service_, kOther, absl::StrCat("申请公开", kCanary, i, "。")));
      ours_.push_back(
          test::ReceiveIn(service_, TestService::kAgency, "申请公开某表。"));
    }
  }

  std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service_.database()), sql);
  }

  // All that is kept of the other agency but who knocked.
  std::string Theirs() {
    std::string all;
    for (const char* table :
         {"stream", "event", "private_part", "request", "counter", "case_text",
          "case_limit", "account", "credential", "data_key"}) {
      absl::StrAppend(
          &all, table, "=",
          Ask(absl::StrCat("SELECT coalesce(md5(string_agg(t::text, '|' ORDER "
                           "BY t::text)), '') FROM ",
                           table, " t WHERE agency_id = '", kOther, "'")),
          "\n");
    }
    return all;
  }

  int Below(int n) {
    return static_cast<int>(random_() % static_cast<uint64_t>(n));
  }

  // Staff of the first agency: any roles, all together at times.
  TestService::As Somebody() {
    const auto roles = test::AllRoles();
    std::string held = roles[Below(12)];
    for (int n = Below(4) == 0 ? 12 : Below(3); n > 0; --n) {
      absl::StrAppend(&held, ",", roles[Below(12)]);
    }
    TestService::As as = {"wang", held};
    as.person = "wang";
    return as;
  }

  // Whether the first agency may call this of the whole country, or everybody
  // of himself.
  static bool IsOfTheNation(const auth::MethodRow& row) {
    static const std::set<std::string_view> all = {
        "GetLogState",   "StateFork",
        "ConfirmFork",   "SignOut",
        "WhoAmI",        "ChangePassword",
        "SetUp",         "ConfirmSetUp",
        "SignIn",        "SignInWithProvider",
        "Refresh",       "Delegate",
        "EndDelegation", "ListReminders",
        "MarkReminders", "WatchReminders"};
    return all.contains(row.method);
  }

  // The request of a method, aimed at `name` of `agency`; the same random
  // choices for the same `seed`.
  std::string Aimed(const auth::MethodRow& row, uint64_t seed,
                    const std::string& agency, const std::string& name) {
    std::mt19937_64 random(seed);
    const auto request = test::RequestOf(row);
    int uuids = 0;
    test::Fill(
        *request,
        [&](const v1::FieldRule& rule) -> std::string {
          switch (rule.format()) {
            case v1::AGENCY:
              return agency;
            case v1::CASE_NAME:
              return name;
            case v1::UUID:
              return absl::StrCat("018f0000-0000-7000-8000-0000",
                                  absl::Hex(seed + uuids++, absl::kZeroPad8));
            case v1::CODE:
              return absl::StrCat(agency, "-2024-00001");
            case v1::ACCOUNT:
              return "li";
            default:
              return random() % 8 == 0 && rule.personal()
                         ? kCanary
                         : test::FittingText(rule);
          }
        },
        [&](const v1::FieldRule& rule) {
          // Left out, they would ask for the nation's or for all of one's own.
          return rule.format() == v1::AGENCY ||
                 rule.format() == v1::CASE_NAME || random() % 4 == 0;
        });
    if (row.method == "PerformAct") {
      auto& act = *static_cast<v1::PerformActRequest&>(*request).mutable_act();
      const auto& type = *v1::Act::descriptor();
      act.Clear();
      test::Fill(
          *act.GetReflection()->MutableMessage(
              &act, type.field(static_cast<int>(
                        random() % static_cast<uint64_t>(type.field_count())))),
          test::FittingText, [](const v1::FieldRule&) { return false; });
    }
    return request->SerializeAsString();
  }

  TestService service_;
  std::vector<std::string> ours_;
  std::vector<std::string> theirs_;
  uint64_t seed_ = std::random_device{}();
  std::mt19937_64 random_{seed_};
};

std::string Told(const Answer& answer) {
  const auto details = test::Details(answer.status);
  return absl::StrCat(
      static_cast<int>(answer.status.error_code()), " ", details.reason, " ",
      details.field, " ", details.description, " ",
      std::string(answer.status.error_message()), " ", details.sentence);
}

TEST_F(CrossAgency, NothingPassesAndNoRefusalTellsWhatIsThere) {
  const std::string before = Theirs();
  std::map<std::string, int> reasons;
  int aimed = 0;
  int calls = 0;
  while (aimed < kTries) {
    const auth::MethodRow& row =
        auth::Methods()[Below(static_cast<int>(auth::Methods().size()))];
    if (IsOfTheNation(row)) continue;
    const TestService::As as = Somebody();
    const uint64_t seed = random_() % 0xFFFFFF;
    const auto ask = [&](const std::string& agency, const std::string& name) {
      ++calls;
      return CallMethod(service_, row, as, Aimed(row, seed, agency, name),
                        absl::Seconds(3));
    };
    const std::string& there = theirs_[Below(static_cast<int>(theirs_.size()))];
    const Answer answer = ask(kOther, there);
    const std::string where =
        absl::StrCat("seed ", seed_, " ", std::string(row.method), " by ",
                     as.roles, ": ", Told(answer));
    ++aimed;
    ++reasons[answer.reason()];
    for (const std::string& message : answer.messages) {
      ASSERT_THAT(message, Not(HasSubstr(kCanary))) << where;
      ASSERT_THAT(message, Not(HasSubstr("cases/BJGXW"))) << where;
    }
    // A batch names each row; everything else is refused as a whole.
    if (row.method == "BatchReceive" && answer.status.ok()) {
      v1::BatchReceiveResponse response;
      ASSERT_TRUE(response.ParseFromString(answer.messages.at(0)));
      ASSERT_EQ(response.received() + response.repeated(), 0) << where;
      ASSERT_EQ(response.failures_size(), 1) << where;
      continue;
    }
    ASSERT_FALSE(answer.status.ok()) << where;
    ASSERT_NE(answer.status.error_code(), grpc::StatusCode::INTERNAL) << where;
    if (answer.reason() == "FIELD_INVALID") continue;
    // One that is there, one that is not, an agency that is not: all alike.
    ASSERT_EQ(Told(ask(kOther, "agencies/BJGXW/cases/BJGXW-2024-09999")),
              Told(answer))
        << where;
    ASSERT_EQ(Told(ask("XXGXW", "agencies/XXGXW/cases/BJGXW-2024-00001")),
              Told(answer))
        << where;
  }
  EXPECT_EQ(Theirs(), before);
  std::cout << "seed " << seed_ << ", " << aimed << " aimed at the other agency"
            << " in " << calls << " calls:";
  for (const auto& [reason, n] : reasons) {
    std::cout << " " << (reason.empty() ? "none" : reason) << " " << n;
  }
  std::cout << "\n";
}

TEST_F(CrossAgency, OnesOwnListsAndStreamsHoldNothingOfTheOther) {
  std::string all = "handler";
  for (const std::string& role : test::AllRoles()) {
    absl::StrAppend(&all, ",", role);
  }
  for (const auth::MethodRow& row : auth::Methods()) {
    if (IsOfTheNation(row) || row.service == "AdminService") continue;
    const Answer answer = CallMethod(
        service_, row, {"wang", all},
        Aimed(row, 4, TestService::kAgency, ours_[0]), absl::Seconds(1));
    for (const std::string& message : answer.messages) {
      EXPECT_THAT(message, Not(HasSubstr(kCanary))) << row.method;
      EXPECT_THAT(message, Not(HasSubstr("BJGXW-2024"))) << row.method;
    }
  }
}

// Whoever keeps the installation comes to no case either.
TEST_F(CrossAgency, TheInstallationsAdministratorsSeeNoCaseOfAnyAgency) {
  const std::string before = Theirs();
  TestService::As keeper = {"guan", "system_admin,security_admin,audit_admin"};
  keeper.agency = "CN";
  for (const auth::MethodRow& row : auth::Methods()) {
    const bool reports =
        row.service == "ReportService" && row.door == auth::Door::kAccess;
    if (row.service != "CaseService" && row.method != "ExportCase" &&
        row.method != "GetCaseTrail" && !reports) {
      continue;
    }
    const Answer answer =
        CallMethod(service_, row, keeper, Aimed(row, 4, kOther, theirs_[0]));
    EXPECT_EQ(answer.reason(), "METHOD_NOT_ALLOWED") << row.method;
  }
  EXPECT_EQ(Theirs(), before);
}

}  // namespace
}  // namespace gongkai
