// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/sessions.h"

#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/connect.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// A token so near its end might be over when it arrives.
constexpr absl::Duration kMargin = absl::Seconds(20);

struct Name {
  std::string agency;
  std::string account;
};

// `CN/secadmin` into its parts; a bare name has no agency.
Name Split(const std::string& account) {
  const size_t slash = account.find('/');
  if (slash == std::string::npos) return {"", account};
  return {account.substr(0, slash), account.substr(slash + 1)};
}

// The first session that fits; those of the wanted agency go before others.
const Session* Fit(const std::vector<Session>& sessions,
                   const std::string& account, const std::string& agency,
                   bool only_agency) {
  const Session* found = nullptr;
  for (const Session& session : sessions) {
    if (!account.empty() && session.account != account) continue;
    if (agency.empty() || session.agency == agency) return &session;
    if (found == nullptr && !only_agency) found = &session;
  }
  return found;
}

}  // namespace

Sessions::Sessions(const Settings& settings,
                   std::shared_ptr<grpc::Channel> channel)
    : settings_(settings),
      keyring_(settings.keyring),
      accounts_(v1::AccountService::NewStub(channel)) {}

absl::StatusOr<Session> Sessions::Choose(const Identity& identity) {
  ASSIGN_OR_RETURN(const std::vector<Session> sessions,
                   keyring_.List(settings_.server));
  const std::string agency =
      identity.agency.empty() ? settings_.agency : identity.agency;
  std::string wanted =
      identity.account.empty() ? settings_.account : identity.account;
  const Session* found = nullptr;
  if (wanted == kUsual) {
    wanted = identity.usual;
    found = Fit(sessions, wanted, agency, false);
  } else if (!wanted.empty()) {
    const Name name = Split(wanted);
    found =
        Fit(sessions, name.account, name.agency.empty() ? agency : name.agency,
            !name.agency.empty());
  } else {
    if (identity.prefer_usual) {
      found = Fit(sessions, identity.usual, agency, true);
    }
    if (found == nullptr) found = Fit(sessions, "", agency, false);
  }
  if (found != nullptr) return *found;
  const std::string whom =
      wanted.empty() ? "" : absl::StrCat(" --account ", Split(wanted).account);
  return absl::UnauthenticatedError(absl::StrCat(
      Say(settings_.locale, "未登录 ", "not signed in to "), settings_.server,
      wanted.empty() ? "" : Say(settings_.locale, "，账号 ", " as ") + wanted,
      Say(settings_.locale, "；请先登录：gongkai sign-in",
          "; sign in first: gongkai sign-in"),
      whom));
}

absl::StatusOr<std::string> Sessions::Token(const Identity& identity) {
  // A program with a certificate has no session.
  const std::string& wanted =
      identity.account.empty() ? settings_.account : identity.account;
  if (!settings_.cert.empty() && wanted.empty()) return std::string();
  const std::string key =
      absl::StrCat(identity.account, "\n", identity.agency, "\n",
                   identity.usual, "\n", identity.prefer_usual);
  auto it = chosen_.find(key);
  if (it == chosen_.end()) {
    ASSIGN_OR_RETURN(Session session, Choose(identity));
    it = chosen_.emplace(key, std::move(session)).first;
  }
  if (absl::Now() + kMargin < it->second.access_until) {
    return it->second.access_token;
  }
  const Session session = it->second;
  chosen_.erase(it);
  return Renewed(session, session.access_token);
}

absl::StatusOr<std::string> Sessions::Another(const Identity& identity,
                                              const std::string& refused) {
  chosen_.clear();
  ASSIGN_OR_RETURN(const Session session, Choose(identity));
  return Renewed(session, refused);
}

absl::StatusOr<std::string> Sessions::Renewed(const Session& session,
                                              const std::string& refused) {
  ASSIGN_OR_RETURN(
      const FileLock lock,
      keyring_.Hold(session, absl::Seconds(settings_.timeout_seconds)));
  // Another command may have renewed it while this one waited.
  ASSIGN_OR_RETURN(
      const Session kept,
      keyring_.Find(session.server, session.agency, session.account));
  if (kept.access_token != refused &&
      absl::Now() + kMargin < kept.access_until) {
    return kept.access_token;
  }
  const auto response = Refresh(kept);
  if (absl::IsUnauthenticated(response.status())) {
    RETURN_IF_ERROR(keyring_.Remove(kept));
  }
  RETURN_IF_ERROR(response.status());
  ASSIGN_OR_RETURN(const Session renewed, Keep(*response, kept.signed_in));
  return renewed.access_token;
}

absl::StatusOr<v1::SignInResponse> Sessions::Refresh(const Session& session) {
  v1::RefreshRequest request;
  request.set_refresh_token(session.refresh_token);
  v1::SignInResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(settings_.timeout_seconds));
  context.AddMetadata("accept-language",
                      settings_.locale == Locale::kZh ? "zh-CN" : "en");
  RETURN_IF_ERROR(FromGrpc(accounts_->Refresh(&context, request, &response)));
  return response;
}

absl::StatusOr<Session> Sessions::Keep(const v1::SignInResponse& response,
                                       absl::Time signed_in) {
  const absl::Time now = absl::Now();
  const auto until = [&](int64_t seconds) {
    return now + absl::Seconds(seconds);
  };
  Session session{.server = settings_.server,
                  .agency = response.agency(),
                  .account = response.account(),
                  .access_token = response.access_token(),
                  .refresh_token = response.refresh_token(),
                  .access_until = until(response.access_expires_s()),
                  .idle_until = until(response.idle_expires_s()),
                  .until = until(response.session_expires_s()),
                  .signed_in = signed_in};
  RETURN_IF_ERROR(keyring_.Put(session));
  return session;
}

}  // namespace gongkai::cli
