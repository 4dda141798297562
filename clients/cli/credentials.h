// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_CREDENTIALS_H_
#define GONGKAI_CLIENTS_CLI_CREDENTIALS_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "grpcpp/security/credentials.h"

namespace gongkai::cli {

// Whether `address`, as gRPC takes it, can only be reached from this machine:
// a loopback address, `localhost`, or a Unix socket.
bool IsLoopback(std::string_view address);

// How the line to `address` is protected. TLS, the service's certificate held
// against --ca or the system's authorities, with --cert and --key shown to the
// service. Without TLS only where --insecure-loopback says so and the address
// is of this machine; a usage error otherwise. NOT_FOUND and
// FAILED_PRECONDITION name a file that cannot be taken.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(
    const Settings& settings, std::string_view address);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_CREDENTIALS_H_
