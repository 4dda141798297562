// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_REMINDERS_H_
#define GONGKAI_SERVICES_API_REMINDERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "services/act/identities.h"
#include "services/act/inbox.h"
#include "services/api/call.h"

namespace gongkai::api {

class Watcher;

// Everybody who watches his own inbox (WatchReminders). One thread asks how far
// the inboxes have grown and reads for each watcher what is his, in order, so
// that a stream holds no worker. A watcher whose queue is full is served when
// it has room; one that takes nothing for `stall` is dropped with TOO_BUSY and
// goes on from its place. Thread-safe.
class ReminderHub {
 public:
  struct Options {
    // Reminders that wait for one watcher, and that are read at once for one.
    size_t queue = 256;
    int chunk = 200;
    // How soon a reminder put in by another server is seen.
    absl::Duration poll = absl::Seconds(2);
    absl::Duration stall = absl::Seconds(30);
    size_t most_watchers = 1000;
    // As in WatchHub.
    act::Standing* standing = nullptr;
    absl::Duration look_again = absl::Minutes(1);
  };

  ReminderHub(act::InboxDesk& inbox, const Options& options);
  ~ReminderHub();
  ReminderHub(const ReminderHub&) = delete;
  ReminderHub& operator=(const ReminderHub&) = delete;

  // One call of WatchReminders. Headers are sent when its place is settled:
  // what is put in after them is seen.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(
      Desk& desk, grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request);

  // Looks now: something was put in.
  void Poke();
  // Ends every stream with SERVICE_STOPPING, and takes no more.
  void Stop();
  size_t watchers() const;

 private:
  // One watcher. `after` is where the caller asked to begin; the place up to
  // which it was served is the stream's cursor.
  struct Reader {
    std::shared_ptr<Watcher> stream;
    int64_t after = 0;
  };
  using Readers = std::vector<Reader>;

  absl::Status Admit(Desk& desk, const std::shared_ptr<Watcher>& watcher,
                     const grpc::CallbackServerContext& context,
                     const grpc::ByteBuffer& request);
  void Run();
  // Those who are to be served now; ends all of them when it is to stop.
  bool Await(absl::Duration pause, Readers& readers);
  // True when there is more to do at once.
  absl::StatusOr<bool> Round(const Readers& readers);
  absl::StatusOr<bool> Serve(const Reader& reader, int64_t last);
  // The count of revocations; 0 where nobody can be revoked.
  absl::StatusOr<int64_t> Revocation();
  // Looks whether the watcher still is who it was; ends the stream of one who
  // is not.
  absl::Status Screen(Watcher& watcher, int64_t revocation);

  act::InboxDesk& inbox_;
  const Options options_;
  mutable absl::Mutex mutex_;
  Readers readers_ ABSL_GUARDED_BY(mutex_);
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_REMINDERS_H_
