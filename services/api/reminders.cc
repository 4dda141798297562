// SPDX-License-Identifier: Apache-2.0
#include "services/api/reminders.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/api/begin_watch.h"
#include "services/api/watcher.h"
#include "services/base/log.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::api {
namespace {

constexpr absl::Duration kReadTime = absl::Seconds(5);
constexpr absl::Duration kRest = absl::Seconds(1);
constexpr int64_t kStoppingRetryMs = 1000;

absl::Status Stopping() {
  v1::Refusal refusal;
  refusal.set_reason(v1::SERVICE_STOPPING);
  refusal.set_retry_ms(kStoppingRetryMs);
  return Refuse(refusal);
}

}  // namespace

ReminderHub::ReminderHub(act::InboxDesk& inbox, const Options& options)
    : inbox_(inbox), options_(options), thread_([this] { Run(); }) {}

ReminderHub::~ReminderHub() { Stop(); }

grpc::ServerWriteReactor<grpc::ByteBuffer>* ReminderHub::Watch(
    Desk& desk, grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request) {
  return BeginWatch(
      desk, "WatchReminders", *context, options_.queue, [this] { Poke(); },
      [this, &desk, context, request](const std::shared_ptr<Watcher>& watcher) {
        return Admit(desk, watcher, *context, *request);
      });
}

absl::Status ReminderHub::Admit(Desk& desk,
                                const std::shared_ptr<Watcher>& watcher,
                                const grpc::CallbackServerContext& context,
                                const grpc::ByteBuffer& request) {
  ASSIGN_OR_RETURN(watcher->caller, desk.Enter(watcher->call(), context));
  watcher->looked = absl::Now();
  v1::WatchRemindersRequest asked;
  RETURN_IF_ERROR(ReadRequest(request, asked));
  absl::MutexLock lock(&mutex_);
  if (stopping_) return Stopping();
  if (readers_.size() >= options_.most_watchers) return TooBusy();
  readers_.push_back({watcher, asked.after_place()});
  poked_ = true;
  return absl::OkStatus();
}

void ReminderHub::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void ReminderHub::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

size_t ReminderHub::watchers() const {
  absl::MutexLock lock(&mutex_);
  return readers_.size();
}

bool ReminderHub::Await(absl::Duration pause, Readers& readers) {
  bool stop = false;
  {
    absl::MutexLock lock(&mutex_);
    const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || (poked_ && !readers_.empty());
    };
    // While nobody watches there is nothing to look for.
    mutex_.AwaitWithTimeout(
        absl::Condition(&woken),
        readers_.empty() ? absl::InfiniteDuration() : pause);
    stop = stopping_;
    poked_ = false;
    std::erase_if(readers_, [](const Reader& r) { return r.stream->over(); });
    readers = readers_;
    if (stop) readers_.clear();
  }
  if (!stop) return true;
  for (const Reader& reader : readers) reader.stream->End(Stopping());
  return false;
}

void ReminderHub::Run() {
  absl::Duration pause = options_.poll;
  Readers readers;
  while (Await(pause, readers)) {
    pause = options_.poll;
    if (readers.empty()) continue;
    const absl::StatusOr<bool> more = Round(readers);
    if (!more.ok()) {
      Log(Severity::kWarning, "watch_reminders",
          {{"code",
            std::string(absl::StatusCodeToString(more.status().code()))},
           {"watchers", static_cast<int64_t>(readers.size())}});
      pause = kRest;
    } else if (*more) {
      pause = absl::ZeroDuration();
    }
  }
}

absl::StatusOr<bool> ReminderHub::Round(const Readers& readers) {
  // Read first: what has a place by now is read below.
  ASSIGN_OR_RETURN(const int64_t last, inbox_.Last(absl::Now() + kReadTime));
  ASSIGN_OR_RETURN(const int64_t revocation, Revocation());
  bool more = false;
  for (const Reader& reader : readers) {
    Watcher& watcher = *reader.stream;
    RETURN_IF_ERROR(Screen(watcher, revocation));
    if (watcher.over()) continue;
    if (watcher.cursor < 0) {
      watcher.cursor = reader.after <= 0 ? last : reader.after;
      watcher.Begin();
    }
    if (watcher.StalledFor(absl::Now()) > options_.stall) {
      watcher.End(TooBusy());
      continue;
    }
    ASSIGN_OR_RETURN(const bool behind, Serve(reader, last));
    more = more || behind;
  }
  return more;
}

absl::StatusOr<bool> ReminderHub::Serve(const Reader& reader, int64_t last) {
  Watcher& watcher = *reader.stream;
  if (watcher.cursor >= last) return false;
  ASSIGN_OR_RETURN(std::vector<v1::Reminder> found,
                   inbox_.After(watcher.caller, watcher.cursor, options_.chunk,
                                absl::Now() + kReadTime));
  if (!found.empty()) {
    // After the reading: nobody is given what came after his revocation.
    ASSIGN_OR_RETURN(const int64_t revocation, Revocation());
    RETURN_IF_ERROR(Screen(watcher, revocation));
  }
  for (v1::Reminder& reminder : found) {
    const int64_t place = reminder.place();
    v1::WatchRemindersResponse response;
    *response.mutable_reminder() = std::move(reminder);
    if (!watcher.Offer(response)) return false;
    watcher.cursor = place;
  }
  if (static_cast<int>(found.size()) >= options_.chunk) return true;
  watcher.cursor = std::max(watcher.cursor, last);
  return false;
}

absl::StatusOr<int64_t> ReminderHub::Revocation() {
  if (options_.standing == nullptr) return 0;
  return options_.standing->Revocation(absl::Now() + kReadTime);
}

absl::Status ReminderHub::Screen(Watcher& watcher, int64_t revocation) {
  if (options_.standing == nullptr || watcher.caller.revocation < 0 ||
      watcher.over()) {
    return absl::OkStatus();
  }
  const absl::Time now = absl::Now();
  const bool due = now - watcher.looked >= options_.look_again;
  if (watcher.caller.revocation == revocation && !due) return absl::OkStatus();
  const absl::Status stands = options_.standing->StillStands(
      watcher.caller, revocation, now + kReadTime);
  if (stands.ok()) {
    watcher.caller.revocation = revocation;
    watcher.looked = now;
  } else if (RefusalOf(stands)) {
    watcher.End(stands);
  } else {
    return stands;
  }
  return absl::OkStatus();
}

}  // namespace gongkai::api
