// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_PORT_H_
#define GONGKAI_SERVICES_SERVER_PORT_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "services/server/config.h"

namespace gongkai::server {

// Whether `address` (HOST:PORT, unix:PATH) can only be reached from this
// machine.
bool IsLoopback(std::string_view address);

// OK when the service may listen there: on any address with TLS; without, only
// where the operator said --insecure-loopback, and only on a loopback address
// or a Unix socket. FAILED_PRECONDITION otherwise.
absl::Status CheckListen(std::string_view address, bool tls,
                         bool insecure_loopback);

// A port that answers gRPC for some services. They outlive it.
class Port {
 public:
  // UNAVAILABLE when the address is taken.
  static absl::StatusOr<std::unique_ptr<Port>> Open(
      const std::string& address,
      const std::shared_ptr<grpc::ServerCredentials>& credentials,
      const Config& config, const std::vector<grpc::Service*>& services);

  // 0 on a Unix socket.
  int number() const { return number_; }
  // Health says that it no longer serves.
  void SayStopping();
  // Takes no more connections, and ends what is still under way at `end`.
  void Close(absl::Time end);

 private:
  Port() = default;

  int number_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_PORT_H_
