// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_WATCH_H_
#define GONGKAI_SERVICES_API_WATCH_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/case_service.pb.h"
#include "grpcpp/grpcpp.h"
#include "services/api/call.h"
#include "services/auth/walls.h"

namespace gongkai::api {

// One entry of the log as watchers see it: its place is above 0;
// `response.name` is empty for what is not about a case.
struct Change {
  std::string agency;
  v1::WatchCasesResponse response;
  // Who may hear of it.
  auth::CaseMarks marks = {};
};

// The log, read from a place on: at most `max` entries after `after`, of
// `agency` (empty: all), in order; the place of the last entry, 0 when there is
// none (the last may be no change); and whether a caller may see the changes of
// an agency, or of the one case `number`.
struct ChangeLog {
  std::function<absl::StatusOr<std::vector<Change>>(
      int64_t after, std::string_view agency, int max, absl::Time deadline)>
      read;
  std::function<absl::StatusOr<int64_t>(absl::Time deadline)> last;
  std::function<absl::Status(const auth::Caller& caller,
                             std::string_view agency, std::string_view number,
                             absl::Time deadline)>
      may;
};

class Watcher;

// Everybody who watches (订阅). One thread reads the log while there are any
// and hands each the changes that are theirs; a stream holds no worker. A
// watcher whose queue is full is left behind and fetches for itself what it
// missed; one that takes nothing for `stall` is dropped with TOO_BUSY.
// Thread-safe.
class WatchHub {
 public:
  struct Options {
    // Changes that wait for one watcher.
    size_t queue = 256;
    // Entries read from the log at once.
    int chunk = 500;
    // How soon a change written by another server is seen.
    absl::Duration poll = absl::Milliseconds(200);
    absl::Duration stall = absl::Seconds(30);
    size_t most_watchers = 1000;
    // Whether who watches still stands: looked at before changes are handed
    // over, when anything was revoked, and this often in any case. Null where
    // nobody can be revoked.
    act::Standing* standing = nullptr;
    absl::Duration look_again = absl::Minutes(1);
  };

  WatchHub(ChangeLog log, const Options& options);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // One call of WatchCases. Headers are sent when its place in the log is
  // settled: what happens after them is seen.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(
      Desk& desk, grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request);

  // Looks now: the log has grown.
  void Poke();
  // Ends every stream with SERVICE_STOPPING, and takes no more.
  void Stop();
  size_t watchers() const;

 private:
  using Watchers = std::vector<std::shared_ptr<Watcher>>;

  absl::Status Admit(Desk& desk, const std::shared_ptr<Watcher>& watcher,
                     const grpc::CallbackServerContext& context,
                     const grpc::ByteBuffer& request);
  void Run();
  // One look at the log; how long to wait before the next.
  absl::Duration Look(const Watchers& watchers);
  // True when there is more to read at once.
  absl::StatusOr<bool> Round(const Watchers& watchers);
  // Finds the place at which new watchers begin.
  absl::Status Settle(const Watchers& watchers);
  // Ends the streams of those who no longer are who they were.
  absl::Status Screen(const Watchers& watchers);
  // Reads on for all who have been served up to the head.
  absl::StatusOr<bool> ServeHead(const Watchers& watchers);
  // Reads on for one who has not.
  absl::StatusOr<bool> ServeBehind(const std::shared_ptr<Watcher>& behind);

  const ChangeLog log_;
  const Options options_;
  mutable absl::Mutex mutex_;
  Watchers watchers_ ABSL_GUARDED_BY(mutex_);
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Up to where the log has been handed out; of the thread alone. Negative
  // while nobody watches.
  int64_t head_ = -1;
  std::thread thread_;
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_WATCH_H_
