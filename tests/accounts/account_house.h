// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_ACCOUNTS_ACCOUNT_HOUSE_H_
#define GONGKAI_TESTS_ACCOUNTS_ACCOUNT_HOUSE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gongkai/v1/account_service.grpc.pb.h"
#include "gongkai/v1/admin_service.grpc.pb.h"
#include "services/act/sign_in.h"
#include "tests/support/test_service.h"

namespace gongkai::test {

// Somebody with an account.
struct Person {
  std::string name;
  std::string agency = TestService::kAgency;
  std::string password = "Kran-Mohn7Tal";
  std::string totp_key = "";
  std::vector<std::string> recovery = {};
  std::string token = "";  // of the session
  std::string refresh = "";
};

// Passwords are cheap; all else is as it is served.
act::SignInOptions QuickSignIn();

// The number of a passport that nobody else in this process has.
std::string NewPassport();

// A record of access.
struct Recorded {
  v1::Actor actor;
  v1::Access access;
  std::string agency;
};

// A service whose callers have to sign in.
class AccountHouse {
 public:
  explicit AccountHouse(const act::SignInOptions& options = QuickSignIn());
  // One more over the same database.
  AccountHouse(const AccountHouse& other, const act::SignInOptions& options);

  TestService& test() { return *test_; }
  v1::AccountService::Stub& accounts() { return *accounts_; }
  v1::AdminService::Stub& admin() { return *admin_; }
  ManualClock& clock() { return test_->clock(); }
  void Pass(absl::Duration time);

  // Somebody whom the operator gives an account with roles, set up; signed in
  // as well.
  Person Staff(const std::string& name, const std::vector<v1::Role>& roles,
               const std::string& agency = TestService::kAgency);
  // Sets an account up by its code, and confirms it.
  grpc::Status SetUp(Person& person, const std::string& code);
  // The next digits of the second factor: half a minute passes.
  std::string Totp(const Person& person);

  grpc::Status SignIn(Person& person);
  grpc::Status TrySignIn(const std::string& agency, const std::string& account,
                         const std::string& password, const std::string& factor,
                         v1::SignInResponse* response = nullptr);

  // A call of `person`.
  std::unique_ptr<grpc::ClientContext> As(
      const Person& person, const std::string& on_behalf_of = "") const;
  v1::WhoAmIResponse WhoAmI(const Person& person);
  grpc::Status CanCall(const Person& person,
                       const std::string& on_behalf_of = "");

  // Administrators' acts.
  // For somebody new, unless the number is given.
  grpc::Status Open(
      const Person& keeper, const std::string& name, std::string* code,
      const std::optional<std::string>& identity_number = std::nullopt);
  grpc::Status Grant(const Person& keeper, const std::string& name,
                     v1::Role role, const std::string& department = "");
  // Proposes and has it confirmed.
  grpc::Status GrantByTwo(const Person& keeper, const Person& second,
                          const std::string& name, v1::Role role);
  v1::Account Account(const Person& reader, const std::string& name,
                      std::vector<v1::RecordedEvent>* history = nullptr);

  // A desk of its own over the same database.
  std::unique_ptr<act::SignInDesk> Desk(
      const act::SignInOptions& options,
      auth::CheckProviderToken provider = nullptr);

  // What was recorded of accesses of a kind, the oldest first.
  std::vector<Recorded> Accesses(v1::AccessKind kind);
  // First column of the first row, as superuser.
  std::string Ask(const std::string& sql) const;

 private:
  void Connect();

  std::unique_ptr<TestService> test_;
  std::unique_ptr<v1::AccountService::Stub> accounts_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

// `OK`, or the name of the reason.
std::string ReasonOf(const grpc::Status& status);
std::string ReasonOf(const absl::Status& status);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_ACCOUNTS_ACCOUNT_HOUSE_H_
