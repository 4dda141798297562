// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_SESSION_H_
#define GONGKAI_STORAGE_POSTGRES_SESSION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/postgres/watchdog.h"

namespace gongkai::storage {

// A bounded pool of connections, last used first, and the one place where
// exceptions of the database end. Thread-safe.
//
// Statuses: TOO_BUSY when no connection is free before the deadline;
// DEADLINE_EXCEEDED when the work was called off at it; STORE_AWAY when the
// database is away or the fate of a commit unknown; ABORTED when the database
// gave up a transaction twice; ALREADY_EXISTS with the constraint's message
// when a row was there; INVALID_ARGUMENT when a value cannot be stored.
class Sessions {
 public:
  struct Options {
    // As libpq takes it, `key=value` or a URI.
    std::string dsn;
    // Connections at most.
    int size = 8;
    // Whether to prepare the service's statements, set its timeouts, and run
    // work a second time. Not for migrations.
    bool service = true;
  };

  // What is done in a connection. May throw what libpqxx throws. When the
  // connection breaks, also in doubt of a commit, and when the database gives
  // up the transaction, it is run once more in another: it must recognize what
  // it has done before, or refuse to run twice.
  using Work = std::function<absl::Status(pqxx::transaction_base&)>;

  explicit Sessions(Options options);
  ~Sessions();

  // Runs `work`, each statement a transaction of its own.
  absl::Status Autocommit(absl::Time deadline, const Work& work);

  // Runs `work` and commits, unless it returns an error.
  absl::Status Transact(absl::Time deadline, const Work& work);

  // Connections that are open now.
  int open() const;

 private:
  struct Session {
    std::unique_ptr<pqxx::connection> connection;
    int64_t generation = 0;
  };
  struct Failure;

  absl::Status Run(absl::Time deadline, bool transaction, const Work& work);
  Failure Attempt(absl::Time deadline, bool transaction, const Work& work,
                  absl::Status* result);
  absl::StatusOr<Session> Take(absl::Time deadline);
  void GiveBack(Session session);
  void Drop(Session session, bool all_idle);
  static std::unique_ptr<pqxx::connection> Connect(const Options& options);

  const Options options_;
  mutable absl::Mutex mutex_;
  int open_ = 0;
  // Counted up when a connection was found broken: older ones are not used
  // again.
  int64_t generation_ = 0;
  std::vector<Session> idle_;
  Watchdog watchdog_;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_SESSION_H_
