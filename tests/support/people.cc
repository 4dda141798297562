// SPDX-License-Identifier: Apache-2.0
#include "tests/support/people.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"

namespace gongkai::test {
namespace {

constexpr char kPassword[] = "Nur-fuer-Pruefungen-2024";
constexpr std::chrono::seconds kCall(20);
// Before the end of an access token, another session is begun.
constexpr absl::Duration kMargin = absl::Minutes(1);

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "people: " << what << std::endl;
  std::_Exit(1);
}

template <typename Request, typename Response>
Response Must(const std::string& who, v1::AccountService::Stub& stub,
              grpc::Status (v1::AccountService::Stub::*method)(
                  grpc::ClientContext*, const Request&, Response*),
              const Request& request) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kCall);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) {
    Die(absl::StrCat(who, ": ", Request::descriptor()->name(), ": ",
                     status.error_message()));
  }
  return response;
}

}  // namespace

People::People(std::shared_ptr<grpc::Channel> channel, std::string codes)
    : accounts_(v1::AccountService::NewStub(channel)),
      codes_(std::move(codes)) {}

void People::SetUp(const std::string& agency, const std::string& account,
                   Person& person) {
  const auto code = cli::ReadSecretFile(
      absl::StrCat(codes_, "/", agency, "/", account, ".code"));
  if (!code.ok()) Die(std::string(code.status().message()));
  const std::string who = absl::StrCat(agency, "/", account);
  v1::SetUpRequest begin;
  begin.set_agency(agency);
  begin.set_account(account);
  begin.set_code(*code);
  begin.set_password(kPassword);
  const auto begun =
      Must(who, *accounts_, &v1::AccountService::Stub::SetUp, begin);
  person.key = auth::FromBase32(begun.totp_secret()).value_or("");
  // The half minute before, so that the present one serves for signing in.
  person.last_step = auth::TotpStep(absl::Now()) - 1;
  v1::ConfirmSetUpRequest confirm;
  confirm.set_agency(agency);
  confirm.set_account(account);
  confirm.set_code(*code);
  confirm.set_totp(auth::TotpDigits(person.key, person.last_step));
  Must(who, *accounts_, &v1::AccountService::Stub::ConfirmSetUp, confirm);
}

void People::SignIn(const std::string& agency, const std::string& account,
                    Person& person) {
  // The first step that has not served and is near enough.
  person.last_step =
      std::max(person.last_step + 1, auth::TotpStep(absl::Now()) - 1);
  v1::SignInRequest request;
  request.set_agency(agency);
  request.set_account(account);
  request.set_password(kPassword);
  request.set_second_factor(auth::TotpDigits(person.key, person.last_step));
  const auto response = Must(absl::StrCat(agency, "/", account), *accounts_,
                             &v1::AccountService::Stub::SignIn, request);
  const absl::Time now = absl::Now();
  const auto until = [&](int64_t seconds) {
    return now + absl::Seconds(seconds);
  };
  person.session = {.server = "",
                    .agency = response.agency(),
                    .account = response.account(),
                    .access_token = response.access_token(),
                    .refresh_token = response.refresh_token(),
                    .access_until = until(response.access_expires_s()),
                    .idle_until = until(response.idle_expires_s()),
                    .until = until(response.session_expires_s()),
                    .signed_in = now};
}

People::Person& People::SignedIn(const std::string& agency,
                                 const std::string& account) {
  Person& person = people_[{agency, account}];
  if (person.key.empty()) SetUp(agency, account, person);
  if (person.session.access_until < absl::Now() + kMargin) {
    SignIn(agency, account, person);
  }
  return person;
}

std::string People::Token(const std::string& agency,
                          const std::string& account) {
  const absl::MutexLock lock(&mutex_);
  return SignedIn(agency, account).session.access_token;
}

void People::Identify(const std::string& agency, const std::string& account,
                      grpc::ClientContext& context) {
  context.AddMetadata("authorization", "Bearer " + Token(agency, account));
  context.AddMetadata("accept-language", "en");
}

std::vector<std::string> People::With(const std::string& agency) const {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(codes_ + "/" + agency)) {
    if (entry.path().extension() == ".code") {
      names.push_back(entry.path().stem().string());
    }
  }
  return names;
}

void People::SignEverybodyIn() {
  for (const auto& entry : std::filesystem::directory_iterator(codes_)) {
    const std::string agency = entry.path().filename().string();
    for (const std::string& account : With(agency)) Token(agency, account);
  }
}

void People::FillKeyring(const std::string& agency, const std::string& server,
                         const cli::Keyring& keyring) {
  const absl::MutexLock lock(&mutex_);
  for (const std::string& account : With(agency)) {
    Person& person = SignedIn(agency, account);
    // The command line renews this session by itself; calls of the tests begin
    // another.
    cli::Session session = std::exchange(person.session, cli::Session());
    session.server = server;
    const absl::Status put = keyring.Put(session);
    if (!put.ok()) Die(std::string(put.message()));
  }
}

}  // namespace gongkai::test
