// SPDX-License-Identifier: Apache-2.0
#include "tests/accounts/account_house.h"

#include <atomic>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/audit/record.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"
#include "services/base/refusal.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

TestService::Options OptionsWith(const act::SignInOptions& sign_in,
                                 const std::string& database) {
  TestService::Options options;
  options.config.sign_in = sign_in;
  options.calendar = false;
  options.identity = false;
  options.database = database;
  return options;
}

}  // namespace

std::string NewPassport() {
  static std::atomic<int> last{10'000'000};
  return absl::StrCat("E", ++last);
}

act::SignInOptions QuickSignIn() {
  act::SignInOptions options;
  options.cost = {1, 8};
  return options;
}

AccountHouse::AccountHouse(const act::SignInOptions& options)
    : test_(std::make_unique<TestService>(OptionsWith(options, ""))) {
  Connect();
}

AccountHouse::AccountHouse(const AccountHouse& other,
                           const act::SignInOptions& options)
    : test_(std::make_unique<TestService>(
          OptionsWith(options, other.test_->database()))) {
  Connect();
  clock().Set(other.test_->clock().Now());
}

void AccountHouse::Connect() {
  accounts_ = v1::AccountService::NewStub(test_->channel());
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  admin_ = v1::AdminService::NewStub(grpc::CreateCustomChannel(
      absl::StrCat("127.0.0.1:", test_->service().admin_port()),
      grpc::InsecureChannelCredentials(), arguments));
}

void AccountHouse::Pass(absl::Duration time) {
  clock().Set(clock().Now() + time);
}

std::string AccountHouse::Totp(const Person& person) {
  Pass(absl::Seconds(30));
  return auth::TotpDigits(person.totp_key, auth::TotpStep(clock().Now()));
}

Person AccountHouse::Staff(const std::string& name,
                           const std::vector<v1::Role>& roles,
                           const std::string& agency) {
  act::AccountKeeper::FirstAccount first;
  first.agency = agency;
  first.name = name;
  for (const v1::Role role : roles) {
    v1::Grant grant;
    grant.set_role(role);
    first.grants.push_back(grant);
  }
  const auth::Caller machine{"operator", "operator", {}, agency, "operator"};
  const auto code = test_->service().keeper().OpenFirst(machine, first, Soon());
  EXPECT_TRUE(code.ok()) << code.status();
  Person person{name, agency};
  if (!code.ok()) return person;
  EXPECT_EQ(ReasonOf(SetUp(person, code->code)), "OK");
  EXPECT_EQ(ReasonOf(SignIn(person)), "OK");
  return person;
}

grpc::Status AccountHouse::SetUp(Person& person, const std::string& code) {
  grpc::ClientContext begin;
  v1::SetUpRequest request;
  request.set_agency(person.agency);
  request.set_account(person.name);
  request.set_code(code);
  request.set_password(person.password);
  v1::SetUpResponse response;
  const grpc::Status begun = accounts_->SetUp(&begin, request, &response);
  if (!begun.ok()) return begun;
  person.totp_key = auth::FromBase32(response.totp_secret()).value_or("no key");
  grpc::ClientContext confirm;
  v1::ConfirmSetUpRequest last;
  last.set_agency(person.agency);
  last.set_account(person.name);
  last.set_code(code);
  last.set_totp(Totp(person));
  v1::ConfirmSetUpResponse confirmed;
  const grpc::Status ended =
      accounts_->ConfirmSetUp(&confirm, last, &confirmed);
  person.recovery = {confirmed.recovery_codes().begin(),
                     confirmed.recovery_codes().end()};
  return ended;
}

grpc::Status AccountHouse::TrySignIn(const std::string& agency,
                                     const std::string& account,
                                     const std::string& password,
                                     const std::string& factor,
                                     v1::SignInResponse* response) {
  grpc::ClientContext context;
  v1::SignInRequest request;
  request.set_agency(agency);
  request.set_account(account);
  request.set_password(password);
  request.set_second_factor(factor);
  v1::SignInResponse unwanted;
  return accounts_->SignIn(&context, request,
                           response == nullptr ? &unwanted : response);
}

grpc::Status AccountHouse::SignIn(Person& person) {
  v1::SignInResponse response;
  const grpc::Status status = TrySignIn(
      person.agency, person.name, person.password, Totp(person), &response);
  person.token = response.access_token();
  person.refresh = response.refresh_token();
  return status;
}

std::unique_ptr<grpc::ClientContext> AccountHouse::As(
    const Person& person, const std::string& on_behalf_of) const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->AddMetadata("authorization", "Bearer " + person.token);
  if (!on_behalf_of.empty()) {
    context->AddMetadata("x-gongkai-on-behalf-of", on_behalf_of);
  }
  return context;
}

v1::WhoAmIResponse AccountHouse::WhoAmI(const Person& person) {
  v1::WhoAmIResponse response;
  const grpc::Status status =
      accounts_->WhoAmI(As(person).get(), v1::WhoAmIRequest(), &response);
  EXPECT_EQ(ReasonOf(status), "OK");
  return response;
}

grpc::Status AccountHouse::CanCall(const Person& person,
                                   const std::string& on_behalf_of) {
  v1::ListCasesRequest request;
  request.set_agency(person.agency);
  v1::ListCasesResponse response;
  return test_->cases().ListCases(As(person, on_behalf_of).get(), request,
                                  &response);
}

grpc::Status AccountHouse::Open(
    const Person& keeper, const std::string& name, std::string* code,
    const std::optional<std::string>& identity_number) {
  v1::OpenAccountRequest request;
  request.set_agency(TestService::kAgency);
  request.set_request_id(test_->NewRequestId());
  request.set_account(name);
  request.set_kind(v1::STAFF);
  request.set_display_name("钱乙二");
  request.set_identity_number(identity_number.value_or(NewPassport()));
  v1::OpenAccountResponse response;
  const grpc::Status status =
      admin_->OpenAccount(As(keeper).get(), request, &response);
  if (code != nullptr) *code = response.set_up_code();
  return status;
}

grpc::Status AccountHouse::Grant(const Person& keeper, const std::string& name,
                                 v1::Role role, const std::string& department) {
  v1::GrantRoleRequest request;
  request.set_agency(TestService::kAgency);
  request.set_request_id(test_->NewRequestId());
  request.set_account(name);
  request.mutable_grant()->set_role(role);
  request.mutable_grant()->set_department(department);
  v1::AccountResponse response;
  return admin_->GrantRole(As(keeper).get(), request, &response);
}

grpc::Status AccountHouse::GrantByTwo(const Person& keeper,
                                      const Person& second,
                                      const std::string& name, v1::Role role) {
  v1::GrantRoleRequest request;
  request.set_agency(TestService::kAgency);
  request.set_request_id(test_->NewRequestId());
  request.set_account(name);
  request.mutable_grant()->set_role(role);
  v1::AccountResponse proposed;
  const grpc::Status status =
      admin_->ProposeGrant(As(keeper).get(), request, &proposed);
  if (!status.ok()) return status;
  v1::DecideGrantRequest decision;
  decision.set_agency(TestService::kAgency);
  decision.set_request_id(test_->NewRequestId());
  decision.set_account(name);
  decision.set_proposal(proposed.account().proposed(0).proposal());
  decision.set_confirmed(true);
  v1::AccountResponse response;
  return admin_->DecideGrant(As(second).get(), decision, &response);
}

v1::Account AccountHouse::Account(const Person& reader, const std::string& name,
                                  std::vector<v1::RecordedEvent>* history) {
  v1::GetAccountRequest request;
  request.set_agency(TestService::kAgency);
  request.set_account(name);
  request.set_with_history(history != nullptr);
  v1::GetAccountResponse response;
  EXPECT_EQ(ReasonOf(admin_->GetAccount(As(reader).get(), request, &response)),
            "OK");
  if (history != nullptr) {
    *history = {response.history().begin(), response.history().end()};
  }
  return response.account();
}

std::unique_ptr<act::SignInDesk> AccountHouse::Desk(
    const act::SignInOptions& options, auth::CheckProviderToken provider) {
  server::Service& service = test_->service();
  return std::make_unique<act::SignInDesk>(act::SignInDesk::Parts{
      service.store(), service.store(), TestVault(), service.registry(),
      service.recorder(), test_->clock(), nullptr, std::move(provider),
      options});
}

std::string AccountHouse::Ask(const std::string& sql) const {
  auto& postgres = TempPostgres::Shared();
  return postgres.Run(postgres.Superuser(test_->database()), sql);
}

std::vector<Recorded> AccountHouse::Accesses(v1::AccessKind kind) {
  std::vector<Recorded> found;
  const std::string rows =
      Ask("SELECT string_agg(encode(record, 'hex'), ',' ORDER BY "
          "recorded_time) FROM access");
  for (absl::string_view row : absl::StrSplit(rows, ',', absl::SkipEmpty())) {
    const auto record = audit::Decode(absl::HexStringToBytes(row));
    EXPECT_TRUE(record.ok()) << record.status();
    v1::Event event;
    if (!record.ok() || !event.ParseFromString(record->public_body)) continue;
    if (event.accessed().kind() != kind) continue;
    found.push_back({record->actor, event.accessed(), record->agency});
  }
  return found;
}

std::string ReasonOf(const grpc::Status& status) {
  if (status.ok()) return "OK";
  const std::string reason = Details(status).reason;
  return reason.empty() ? status.error_message() : reason;
}

std::string ReasonOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto refusal = RefusalOf(status);
  return refusal ? v1::Reason_Name(refusal->reason()) : status.ToString();
}

}  // namespace gongkai::test
