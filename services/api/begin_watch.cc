// SPDX-License-Identifier: Apache-2.0
#include "services/api/begin_watch.h"

#include <utility>

namespace gongkai::api {

grpc::ServerWriteReactor<grpc::ByteBuffer>* BeginWatch(
    Desk& desk, std::string_view method, grpc::CallbackServerContext& context,
    size_t queue, std::function<void()> poke,
    std::function<absl::Status(const std::shared_ptr<Watcher>&)> admit) {
  Call call = desk.Open(method, context, false);
  absl::Status status = desk.Admits(call);
  auto watcher = std::make_shared<Watcher>(desk, call, queue, std::move(poke));
  watcher->Hold(watcher);
  watcher->BeginAdmission();
  if (status.ok() &&
      !desk.pool().TrySubmit(Lane::kReads, [watcher, admit = std::move(admit)] {
        const absl::Status admitted =
            watcher->over() ? absl::OkStatus() : admit(watcher);
        if (!admitted.ok()) watcher->End(admitted);
        watcher->EndAdmission();
      })) {
    status = TooBusy();
  }
  if (!status.ok()) {
    watcher->End(status);
    watcher->EndAdmission();
  }
  return watcher.get();
}

}  // namespace gongkai::api
