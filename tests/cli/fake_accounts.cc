// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fake_accounts.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/rpc/details.pb.h"
#include "services/auth/totp.h"

namespace gongkai::cli {
namespace {

grpc::Status Refused(const char* reason) {
  google::rpc::Status rich;
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  rich.add_details()->PackFrom(info);
  return {grpc::StatusCode::UNAUTHENTICATED, reason, rich.SerializeAsString()};
}

}  // namespace

FakeAccounts::FakeAccounts(const std::string& folder)
    : address_("unix:" + folder + "/accounts") {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

FakeAccounts::~FakeAccounts() { server_->Shutdown(); }

void FakeAccounts::SetAccessLife(int seconds) {
  const absl::MutexLock lock(&mutex_);
  life_ = seconds;
}

void FakeAccounts::TakeBackAccess() {
  const absl::MutexLock lock(&mutex_);
  access_.clear();
}

void FakeAccounts::EndAll() {
  const absl::MutexLock lock(&mutex_);
  access_.clear();
  refresh_.clear();
}

int FakeAccounts::refreshed() const {
  const absl::MutexLock lock(&mutex_);
  return refreshed_;
}

int FakeAccounts::replayed() const {
  const absl::MutexLock lock(&mutex_);
  return replayed_;
}

std::multimap<std::string, std::string> FakeAccounts::metadata() const {
  const absl::MutexLock lock(&mutex_);
  return metadata_;
}

void FakeAccounts::Give(const std::string& agency, const std::string& account,
                        v1::SignInResponse* response) {
  ++given_;
  response->set_agency(agency);
  response->set_account(account);
  response->set_access_token(absl::StrCat("gka_", given_));
  response->set_refresh_token(absl::StrCat("gkr_", given_));
  response->set_access_expires_s(life_);
  response->set_idle_expires_s(1800);
  response->set_session_expires_s(28800);
  access_[response->access_token()] = absl::StrCat(agency, "/", account);
  refresh_[response->refresh_token()] = absl::StrCat(agency, "/", account);
}

std::string FakeAccounts::AccountOf(const Context& context) const {
  const auto sent = context.client_metadata().find("authorization");
  if (sent == context.client_metadata().end()) return "";
  const std::string value(sent->second.data(), sent->second.size());
  if (!value.starts_with("Bearer ")) return "";
  const auto found = access_.find(value.substr(7));
  return found == access_.end() ? "" : found->second;
}

grpc::Status FakeAccounts::SetUp(Context*, const v1::SetUpRequest* request,
                                 v1::SetUpResponse* response) {
  if (request->code() != "ABCD-EFGH") return Refused("SET_UP_REFUSED");
  response->set_totp_secret(kSecret);
  response->set_totp_uri(absl::StrCat("otpauth://totp/x?secret=", kSecret));
  return grpc::Status::OK;
}

grpc::Status FakeAccounts::ConfirmSetUp(Context*,
                                        const v1::ConfirmSetUpRequest* request,
                                        v1::ConfirmSetUpResponse* response) {
  if (!auth::MatchTotp(kKey, request->totp(), absl::Now(), 0)) {
    return Refused("SET_UP_REFUSED");
  }
  response->add_recovery_codes("AAAA-BBBB");
  response->add_recovery_codes("CCCC-DDDD");
  return grpc::Status::OK;
}

grpc::Status FakeAccounts::SignIn(Context*, const v1::SignInRequest* request,
                                  v1::SignInResponse* response) {
  if (request->password() != kPassword ||
      !auth::MatchTotp(kKey, request->second_factor(), absl::Now(), 0)) {
    return Refused("SIGN_IN_FAILED");
  }
  const absl::MutexLock lock(&mutex_);
  Give(request->agency(), request->account(), response);
  return grpc::Status::OK;
}

grpc::Status FakeAccounts::Refresh(Context*, const v1::RefreshRequest* request,
                                   v1::SignInResponse* response) {
  const absl::MutexLock lock(&mutex_);
  const auto found = refresh_.find(request->refresh_token());
  if (found == refresh_.end()) {
    ++replayed_;
    return Refused("SESSION_OVER");
  }
  ++refreshed_;
  const std::string name = found->second;
  refresh_.erase(found);
  const size_t slash = name.find('/');
  Give(name.substr(0, slash), name.substr(slash + 1), response);
  return grpc::Status::OK;
}

grpc::Status FakeAccounts::SignOut(Context* context, const v1::SignOutRequest*,
                                   v1::SignOutResponse*) {
  const absl::MutexLock lock(&mutex_);
  if (AccountOf(*context).empty()) return Refused("SESSION_OVER");
  return grpc::Status::OK;
}

grpc::Status FakeAccounts::WhoAmI(Context* context, const v1::WhoAmIRequest*,
                                  v1::WhoAmIResponse* response) {
  const absl::MutexLock lock(&mutex_);
  metadata_.clear();
  for (const auto& [key, value] : context->client_metadata()) {
    metadata_.emplace(std::string(key.data(), key.size()),
                      std::string(value.data(), value.size()));
  }
  const std::string name = AccountOf(*context);
  if (name.empty()) return Refused("SESSION_OVER");
  const size_t slash = name.find('/');
  response->set_agency(name.substr(0, slash));
  response->set_account(name.substr(slash + 1));
  response->set_kind(v1::STAFF);
  response->set_sign_in("totp");
  response->set_session_expires_time("2024-03-20T04:00:00Z");
  v1::Grant* grant = response->add_grants();
  grant->set_role(v1::ROLE_HANDLER);
  grant->set_department("2");
  v1::HeldDelegation* held = response->add_delegations();
  held->set_seq(9);
  held->mutable_delegation()->set_principal("zhang");
  held->mutable_delegation()->set_from_date("2024-03-20");
  held->mutable_delegation()->set_to_date("2024-03-22");
  held->mutable_delegation()->add_roles(v1::ROLE_SIGNER);
  return grpc::Status::OK;
}

}  // namespace gongkai::cli
