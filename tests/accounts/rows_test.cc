// SPDX-License-Identifier: Apache-2.0
// The rows of accounts follow from their records, and what does not is found:
// a post or a key given behind the service's back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/accounts/account_house.h"
#include "tests/act/whole.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

using ::testing::HasSubstr;

class AccountRows : public ::testing::Test {
 protected:
  void SetUp() override {
    const Person sec = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    const Person second = house_.Staff("audit", {v1::ROLE_AUDIT_ADMIN});
    house_.Staff("li", {v1::ROLE_HANDLER});
    ASSERT_EQ(ReasonOf(house_.Open(sec, "wang", nullptr)), "OK");
    ASSERT_EQ(ReasonOf(house_.Grant(sec, "wang", v1::ROLE_HANDLER)), "OK");
    ASSERT_EQ(ReasonOf(house_.Open(sec, "sys", nullptr)), "OK");
    ASSERT_EQ(
        ReasonOf(house_.GrantByTwo(sec, second, "sys", v1::ROLE_SYSTEM_ADMIN)),
        "OK");
    v1::SetAccountStateRequest off;
    off.set_agency(TestService::kAgency);
    off.set_request_id(house_.test().NewRequestId());
    off.set_account("wang");
    off.set_reason("调离");
    v1::AccountResponse response;
    ASSERT_EQ(ReasonOf(house_.admin().SetAccountState(house_.As(sec).get(), off,
                                                      &response)),
              "OK");
    house_.test().service().Drain(absl::Seconds(5));
  }
  std::string Faults() {
    return FaultsOf(
        ReadWhole(TempPostgres::Shared(), house_.test().database()));
  }
  // Faults after a change that is undone afterwards.
  std::string After(const std::string& change, const std::string& undo) {
    house_.Ask(change);
    const std::string faults = Faults();
    house_.Ask(undo);
    return faults;
  }
  AccountHouse house_;
};

TEST_F(AccountRows, AreHeldAgainstTheRecords) {
  EXPECT_EQ(Faults(), "0 faults\n");
  const auto set = [](const char* what, const char* of) {
    return absl::StrCat("UPDATE account SET ", what, " WHERE account = '", of,
                        "'");
  };
  EXPECT_THAT(
      After(set("active = true", "wang"), set("active = false", "wang")),
      HasSubstr("the row of the account does not follow from its "
                "records: active"));
  EXPECT_THAT(
      After(set("post = 0", "sys"),
            set(absl::StrCat("post = ", int{v1::ROLE_SYSTEM_ADMIN}).c_str(),
                "sys")),
      HasSubstr("records: post"));
  EXPECT_THAT(
      After("INSERT INTO account_key VALUES (1, sha256('x'), 'SHGXW', 'li')",
            "DELETE FROM account_key WHERE digest = sha256('x')"),
      HasSubstr("records: keys"));
  EXPECT_THAT(
      After("CREATE TABLE kept AS SELECT * FROM account WHERE account = 'li'; "
            "DELETE FROM account WHERE account = 'li'",
            "INSERT INTO account SELECT * FROM kept; DROP TABLE kept"),
      HasSubstr("the row of the account is missing"));
  EXPECT_THAT(After("INSERT INTO account (agency_id, account, kind, post, "
                    "active, person) VALUES ('SHGXW', 'ghost', 1, 0, true, "
                    "'p')",
                    "DELETE FROM account WHERE account = 'ghost'"),
              HasSubstr("account ghost: there is a row of an account that has "
                        "no records"));
  EXPECT_EQ(Faults(), "0 faults\n");
}

}  // namespace
}  // namespace gongkai::test
