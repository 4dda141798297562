// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_SESSIONS_H_
#define GONGKAI_CLIENTS_CLI_SESSIONS_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "clients/cli/keyring.h"
#include "gongkai/v1/account_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace gongkai::cli {

// As whom a call is made. What is empty is taken from the settings.
struct Identity {
  // `handler`, or with its agency `CN/secadmin`.
  std::string account = {};
  // The agency that the call is about; of several sessions one of this agency
  // is taken.
  std::string agency = {};
  // The account that is named as the role which the act usually needs: for
  // lines of a script that name nobody, and where the settings say kUsual.
  std::string usual = {};
  bool prefer_usual = false;
};

// As an account in the settings: for each call the account named as the role
// that it usually needs. For demonstrations, where one person plays all.
inline constexpr std::string_view kUsual = "@usual";

// The tokens of the sessions in the keyring, renewed when they are near their
// end. Thread-compatible.
class Sessions {
 public:
  // `channel` reaches the common port of the service.
  Sessions(const Settings& settings, std::shared_ptr<grpc::Channel> channel);

  // The access token of the session that the call is to be made with; empty
  // when a client certificate stands for it. UNAUTHENTICATED when nobody fit is
  // signed in, with the command that helps.
  absl::StatusOr<std::string> Token(const Identity& identity);
  // Another token in the place of one that the service took for over:
  // what another command has renewed meanwhile, or a renewal.
  absl::StatusOr<std::string> Another(const Identity& identity,
                                      const std::string& refused);
  // The session itself.
  absl::StatusOr<Session> Choose(const Identity& identity);

  // Keeps what a sign-in or a renewal was answered with.
  absl::StatusOr<Session> Keep(const v1::SignInResponse& response,
                               absl::Time signed_in);
  const Keyring& keyring() const { return keyring_; }

 private:
  absl::StatusOr<std::string> Renewed(const Session& session,
                                      const std::string& refused);
  absl::StatusOr<v1::SignInResponse> Refresh(const Session& session);

  const Settings& settings_;
  const Keyring keyring_;
  std::unique_ptr<v1::AccountService::Stub> accounts_;
  // By what was asked for, so that a long script reads each file once.
  std::map<std::string, Session> chosen_;
};

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_SESSIONS_H_
