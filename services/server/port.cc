// SPDX-License-Identifier: Apache-2.0
#include "services/server/port.h"

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"

namespace gongkai::server {
namespace {

constexpr int kMiB = 1 << 20;

}  // namespace

bool IsLoopback(std::string_view address) {
  if (address.starts_with("unix:")) return true;
  const size_t colon = address.rfind(':');
  const std::string_view host = address.substr(0, colon);
  const bool port = colon != std::string_view::npos &&
                    colon + 1 < address.size() &&
                    address.find_first_not_of("0123456789", colon + 1) ==
                        std::string_view::npos;
  const bool four =
      host.starts_with("127.") &&
      host.find_first_not_of("0123456789.") == std::string_view::npos;
  return port && (four || host == "localhost" || host == "[::1]");
}

absl::Status CheckListen(std::string_view address, bool tls,
                         bool insecure_loopback) {
  if (tls) return absl::OkStatus();
  if (!insecure_loopback) {
    return absl::FailedPreconditionError(absl::StrCat(
        "listening on ", ToAbsl(address),
        " is refused: it takes --tls-cert and --tls-key, or, for a machine "
        "that nobody else reaches, --insecure-loopback"));
  }
  if (IsLoopback(address)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "listening on ", ToAbsl(address),
      " is refused: without TLS (--tls-cert, --tls-key) the service listens on "
      "loopback alone (127.0.0.1:PORT, [::1]:PORT or unix:PATH)"));
}

absl::StatusOr<std::unique_ptr<Port>> Port::Open(
    const std::string& address,
    const std::shared_ptr<grpc::ServerCredentials>& credentials,
    const Config& config, const std::vector<grpc::Service*>& services) {
  std::unique_ptr<Port> port(new Port);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, credentials, &port->number_);
  for (grpc::Service* service : services) builder.RegisterService(service);
  builder.SetMaxReceiveMessageSize(config.max_message_mib * kMiB);
  // A second server on the same port is an error, not a partner.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             config.max_streams);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  port->server_ = builder.BuildAndStart();
  const bool unix_socket = address.starts_with("unix:");
  if (port->server_ == nullptr || (port->number_ == 0 && !unix_socket)) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address));
  }
  return port;
}

void Port::SayStopping() {
  if (auto* health = server_->GetHealthCheckService(); health != nullptr) {
    health->SetServingStatus(false);
  }
}

void Port::Close(absl::Time end) {
  server_->Shutdown(absl::ToChronoTime(end));
  server_->Wait();
}

}  // namespace gongkai::server
