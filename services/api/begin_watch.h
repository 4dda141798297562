// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_BEGIN_WATCH_H_
#define GONGKAI_SERVICES_API_BEGIN_WATCH_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "services/api/call.h"
#include "services/api/watcher.h"

namespace gongkai::api {

// How every watch begins: the call is counted in, and a worker of reads lets it
// in by `admit`, which keeps the watcher; its error ends the watch. TOO_BUSY
// when no worker can take it. `poke` is called when the watcher wants more.
grpc::ServerWriteReactor<grpc::ByteBuffer>* BeginWatch(
    Desk& desk, std::string_view method, grpc::CallbackServerContext& context,
    size_t queue, std::function<void()> poke,
    std::function<absl::Status(const std::shared_ptr<Watcher>&)> admit);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_BEGIN_WATCH_H_
