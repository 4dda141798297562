// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/session.h"

#include <exception>
#include <pqxx/pqxx>
#include <string_view>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/refusal.h"
#include "storage/postgres/report_statements.h"
#include "storage/postgres/statements.h"

namespace gongkai::storage {
namespace {

// When to come again after the database was found away.
constexpr int64_t kRetryMs = 500;
// How often a transaction that the database gave up is tried again; a lost
// connection is replaced once.
constexpr int kRetries = 2;
constexpr absl::Duration kLongestPause = absl::Milliseconds(30);

absl::Duration RandomPause() {
  thread_local absl::BitGen random;
  return absl::Uniform(random, 0.0, 1.0) * kLongestPause;
}

absl::Status TooBusy() {
  v1::Refusal refusal;
  refusal.set_reason(v1::TOO_BUSY);
  refusal.set_retry_ms(kRetryMs);
  return Refuse(refusal);
}

// What the database says without its details, which may hold values of rows.
std::string FirstLine(std::string_view message) {
  return std::string(message.substr(0, message.find('\n')));
}

bool IsAway(std::string_view state) {
  // None comes from the client's library, which has lost the server. 08
  // connection, 53 out of resources, 57P0x shutting down or terminated, 25006 a
  // standby, 25P03 left idle for too long.
  return state.empty() || state.starts_with("08") || state.starts_with("53") ||
         state.starts_with("57P") || state == "25006" || state == "25P03";
}

absl::Status StatusOf(const pqxx::sql_error& error) {
  const std::string& state = error.sqlstate();
  const std::string_view message = error.what();
  if (state == "57014") {
    return absl::DeadlineExceededError("the database was told to stop");
  }
  if (state == "55P03") return TooBusy();
  if (state == "23505") return absl::AlreadyExistsError(FirstLine(message));
  // Found by checksums of pages, or where an index and its table disagree.
  if (state == "XX001" || state == "XX002") {
    return absl::DataLossError(absl::StrCat(
        "the storage of the database is damaged: ", FirstLine(message)));
  }
  if (state == "GK003")
    return absl::FailedPreconditionError(FirstLine(message));
  // Values that cannot be stored: what they are stays unsaid.
  if (state.starts_with("22")) {
    return absl::InvalidArgumentError(
        absl::StrCat("a value cannot be stored (SQLSTATE ", state, ")"));
  }
  return absl::InternalError(absl::StrCat("database: ", FirstLine(message),
                                          " (SQLSTATE ", state, ")"));
}

void CallOff(void* connection) {
  try {
    static_cast<pqxx::connection*>(connection)->cancel_query();
  } catch (const std::exception&) {
    // The statement's own timeout is left to end it.
  }
}

}  // namespace

// How one attempt ended.
struct Sessions::Failure {
  enum Kind { kNone, kLost, kGaveUp, kOther } kind = kNone;
};

Sessions::Sessions(Options options)
    : options_(std::move(options)), watchdog_(&CallOff) {}

Sessions::~Sessions() = default;

int Sessions::open() const {
  absl::MutexLock lock(&mutex_);
  return open_;
}

absl::Status Sessions::Autocommit(absl::Time deadline, const Work& work) {
  return Run(deadline, /*transaction=*/false, work);
}

absl::Status Sessions::Transact(absl::Time deadline, const Work& work) {
  return Run(deadline, /*transaction=*/true, work);
}

absl::Status Sessions::Run(absl::Time deadline, bool transaction,
                           const Work& work) {
  absl::Status result;
  Failure failure = Attempt(deadline, transaction, work, &result);
  for (int i = 0; i < kRetries && options_.service; ++i) {
    if (failure.kind != Failure::kLost && failure.kind != Failure::kGaveUp) {
      break;
    }
    if (absl::Now() >= deadline) break;
    // Two that gave way to each other at once would meet again at once.
    if (failure.kind == Failure::kGaveUp) absl::SleepFor(RandomPause());
    failure = Attempt(deadline, transaction, work, &result);
    if (failure.kind == Failure::kLost) break;
  }
  switch (failure.kind) {
    case Failure::kLost:
      return StoreAway(kRetryMs);
    case Failure::kGaveUp:
      return Refuse(v1::VERSION_STALE);
    case Failure::kNone:
    case Failure::kOther:
      break;
  }
  return result;
}

Sessions::Failure Sessions::Attempt(absl::Time deadline, bool transaction,
                                    const Work& work, absl::Status* result) {
  auto taken = Take(deadline);
  if (!taken.ok()) {
    if (absl::IsUnavailable(taken.status())) return {Failure::kLost};
    *result = taken.status();
    return {Failure::kOther};
  }
  Session session = *std::move(taken);
  Failure failure;
  const int64_t watch = watchdog_.Watch(session.connection.get(), deadline);
  try {
    if (transaction) {
      pqxx::work tx(*session.connection);
      *result = work(tx);
      if (result->ok()) tx.commit();
    } else {
      pqxx::nontransaction tx(*session.connection);
      *result = work(tx);
    }
  } catch (const pqxx::in_doubt_error&) {
    failure.kind = Failure::kLost;
  } catch (const pqxx::broken_connection&) {
    failure.kind = Failure::kLost;
  } catch (const pqxx::transaction_rollback&) {
    failure.kind = Failure::kGaveUp;
  } catch (const pqxx::sql_error& error) {
    failure.kind = IsAway(error.sqlstate()) ? Failure::kLost : Failure::kOther;
    if (failure.kind == Failure::kOther) *result = StatusOf(error);
  } catch (const std::exception& error) {
    failure.kind =
        session.connection->is_open() ? Failure::kOther : Failure::kLost;
    *result = absl::InternalError(
        absl::StrCat("database client: ", FirstLine(error.what())));
  }
  // A call to stop may reach the backend late and would hit the next statement.
  const bool called_off = watchdog_.Leave(watch);
  if (failure.kind == Failure::kLost) {
    Drop(std::move(session), /*all_idle=*/true);
  } else if (called_off || !session.connection->is_open()) {
    Drop(std::move(session), /*all_idle=*/false);
  } else {
    GiveBack(std::move(session));
  }
  return failure;
}

absl::StatusOr<Sessions::Session> Sessions::Take(absl::Time deadline) {
  Session session;
  {
    absl::MutexLock lock(&mutex_);
    const auto free = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return !idle_.empty() || open_ < options_.size;
    };
    if (!mutex_.AwaitWithDeadline(absl::Condition(&free), deadline)) {
      return TooBusy();
    }
    if (!idle_.empty()) {
      session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
    ++open_;
    session.generation = generation_;
  }
  session.connection = Connect(options_);
  if (session.connection == nullptr) {
    Drop(std::move(session), /*all_idle=*/true);
    return absl::UnavailableError("no connection");
  }
  return session;
}

void Sessions::GiveBack(Session session) {
  {
    absl::MutexLock lock(&mutex_);
    if (session.generation == generation_) {
      idle_.push_back(std::move(session));
      return;
    }
  }
  Drop(std::move(session), /*all_idle=*/false);
}

void Sessions::Drop(Session session, bool all_idle) {
  std::vector<Session> dropped;
  absl::MutexLock lock(&mutex_);
  if (all_idle && session.generation == generation_) {
    ++generation_;
    dropped.swap(idle_);
  }
  open_ -= 1 + static_cast<int>(dropped.size());
  session.connection.reset();
  dropped.clear();
}

std::unique_ptr<pqxx::connection> Sessions::Connect(const Options& options) {
  // What the caller's string says comes later and wins.
  const bool uri = options.dsn.find("://") != std::string::npos;
  const std::string dsn = uri ? options.dsn
                              : absl::StrCat(
                                    "connect_timeout=5 tcp_user_timeout=10000 "
                                    "application_name=gongkai ",
                                    options.dsn);
  try {
    auto connection = std::make_unique<pqxx::connection>(dsn);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    // A connection made anew behind our back would have none of the settings.
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    if (options.service) {
      for (const Statement& statement : kStatements) {
        connection->prepare(statement.name, statement.sql);
      }
      for (const Statement& statement : kReportStatements) {
        connection->prepare(statement.name, statement.sql);
      }
      pqxx::nontransaction(*connection).exec(kSetUp);
    }
    return connection;
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace gongkai::storage
