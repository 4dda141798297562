// SPDX-License-Identifier: Apache-2.0
#include "services/api/watch.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "services/api/begin_watch.h"
#include "services/api/watcher.h"
#include "services/base/ids.h"
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

bool Wants(const Watcher& watcher, const Change& change) {
  const v1::WatchCasesRequest& asked = watcher.request;
  if (change.response.name().empty()) return false;
  if (change.agency != asked.agency()) return false;
  if (!asked.name().empty() && asked.name() != change.response.name()) {
    return false;
  }
  return auth::MaySee(watcher.caller, change.marks, auth::Access::kListCases)
      .ok();
}

// Hands over what of `changes` comes after the watcher's place; true when all
// of it was taken.
bool HandOver(Watcher& watcher, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (change.response.log_index() <= watcher.cursor) continue;
    if (Wants(watcher, change) && !watcher.Offer(change.response)) return false;
    watcher.cursor = change.response.log_index();
  }
  return true;
}

}  // namespace

WatchHub::WatchHub(ChangeLog log, const Options& options)
    : log_(std::move(log)), options_(options), thread_([this] { Run(); }) {}

WatchHub::~WatchHub() { Stop(); }

grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchHub::Watch(
    Desk& desk, grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request) {
  return BeginWatch(
      desk, "WatchCases", *context, options_.queue, [this] { Poke(); },
      [this, &desk, context, request](const std::shared_ptr<Watcher>& watcher) {
        return Admit(desk, watcher, *context, *request);
      });
}

absl::Status WatchHub::Admit(Desk& desk,
                             const std::shared_ptr<Watcher>& watcher,
                             const grpc::CallbackServerContext& context,
                             const grpc::ByteBuffer& request) {
  ASSIGN_OR_RETURN(watcher->caller, desk.Enter(watcher->call(), context));
  watcher->looked = absl::Now();
  v1::WatchCasesRequest& asked = watcher->request;
  RETURN_IF_ERROR(ReadRequest(request, asked));
  std::string number;
  if (!asked.name().empty()) {
    ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(asked.name()));
    if (ref.agency != asked.agency()) {
      return RefuseField("name", "a case of the agency");
    }
    number = ref.number;
  }
  RETURN_IF_ERROR(log_.may(watcher->caller, asked.agency(), number,
                           absl::Now() + kReadTime));
  absl::MutexLock lock(&mutex_);
  if (stopping_) return Stopping();
  if (watchers_.size() >= options_.most_watchers) return TooBusy();
  watchers_.push_back(watcher);
  poked_ = true;
  return absl::OkStatus();
}

void WatchHub::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void WatchHub::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

size_t WatchHub::watchers() const {
  absl::MutexLock lock(&mutex_);
  return watchers_.size();
}

void WatchHub::Run() {
  absl::Duration pause = options_.poll;
  while (true) {
    Watchers watchers;
    {
      absl::MutexLock lock(&mutex_);
      const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || (poked_ && !watchers_.empty());
      };
      // While nobody watches there is nothing to look for.
      mutex_.AwaitWithTimeout(
          absl::Condition(&woken),
          watchers_.empty() ? absl::InfiniteDuration() : pause);
      if (stopping_) {
        watchers.swap(watchers_);
      } else {
        poked_ = false;
        std::erase_if(watchers_, [](const auto& w) { return w->over(); });
        watchers = watchers_;
      }
      if (stopping_) {
        mutex_.Unlock();
        for (const auto& watcher : watchers) watcher->End(Stopping());
        mutex_.Lock();
        return;
      }
    }
    pause = Look(watchers);
  }
}

absl::Duration WatchHub::Look(const Watchers& watchers) {
  if (watchers.empty()) {
    head_ = -1;
    return options_.poll;
  }
  const absl::StatusOr<bool> more = Round(watchers);
  if (!more.ok()) {
    Log(Severity::kWarning, "watch",
        {{"code", std::string(absl::StatusCodeToString(more.status().code()))},
         {"watchers", static_cast<int64_t>(watchers.size())}});
    return kRest;
  }
  return *more ? absl::ZeroDuration() : options_.poll;
}

absl::StatusOr<bool> WatchHub::Round(const Watchers& watchers) {
  RETURN_IF_ERROR(Settle(watchers));
  ASSIGN_OR_RETURN(bool more, ServeHead(watchers));
  for (const auto& watcher : watchers) {
    if (watcher->cursor >= head_ || watcher->over()) continue;
    if (watcher->StalledFor(absl::Now()) > options_.stall) {
      watcher->End(TooBusy());
      continue;
    }
    ASSIGN_OR_RETURN(const bool behind, ServeBehind(watcher));
    more = more || behind;
  }
  return more;
}

absl::Status WatchHub::Settle(const Watchers& watchers) {
  const auto fresh = [](const auto& w) { return w->cursor < 0; };
  if (head_ >= 0 && std::none_of(watchers.begin(), watchers.end(), fresh)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int64_t last, log_.last(absl::Now() + kReadTime));
  if (head_ < 0) head_ = last;
  for (const auto& watcher : watchers) {
    if (watcher->cursor >= 0) continue;
    const int64_t after = watcher->request.after_log_index();
    watcher->cursor = after == 0 ? last : after;
    watcher->Begin();
  }
  return absl::OkStatus();
}

absl::Status WatchHub::Screen(const Watchers& watchers) {
  const auto revocable = [](const auto& w) {
    return w->caller.revocation >= 0 && !w->over();
  };
  if (options_.standing == nullptr ||
      std::none_of(watchers.begin(), watchers.end(), revocable)) {
    return absl::OkStatus();
  }
  const absl::Time now = absl::Now();
  ASSIGN_OR_RETURN(const int64_t revocation,
                   options_.standing->Revocation(now + kReadTime));
  for (const auto& watcher : watchers) {
    if (!revocable(watcher)) continue;
    const bool due = now - watcher->looked >= options_.look_again;
    if (watcher->caller.revocation == revocation && !due) continue;
    const absl::Status stands = options_.standing->StillStands(
        watcher->caller, revocation, now + kReadTime);
    if (stands.ok()) {
      watcher->caller.revocation = revocation;
      watcher->looked = now;
    } else if (RefusalOf(stands)) {
      watcher->End(stands);
    } else {
      return stands;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> WatchHub::ServeHead(const Watchers& watchers) {
  // Read first: what has a place by now is among the changes, or is none.
  ASSIGN_OR_RETURN(const int64_t last, log_.last(absl::Now() + kReadTime));
  if (last <= head_) {
    RETURN_IF_ERROR(Screen(watchers));
    return false;
  }
  ASSIGN_OR_RETURN(
      const std::vector<Change> changes,
      log_.read(head_, "", options_.chunk, absl::Now() + kReadTime));
  // After the reading: nobody is given what came after his revocation.
  RETURN_IF_ERROR(Screen(watchers));
  const bool more = static_cast<int>(changes.size()) >= options_.chunk;
  int64_t head = more ? head_ : last;
  if (!changes.empty()) {
    head = std::max(head, changes.back().response.log_index());
  }
  for (const auto& watcher : watchers) {
    if (watcher->cursor >= head_ && HandOver(*watcher, changes)) {
      watcher->cursor = std::max(watcher->cursor, head);
    }
  }
  head_ = head;
  return more;
}

absl::StatusOr<bool> WatchHub::ServeBehind(
    const std::shared_ptr<Watcher>& behind) {
  Watcher& watcher = *behind;
  ASSIGN_OR_RETURN(const std::vector<Change> changes,
                   log_.read(watcher.cursor, watcher.request.agency(),
                             options_.chunk, absl::Now() + kReadTime));
  RETURN_IF_ERROR(Screen({behind}));
  if (!HandOver(watcher, changes)) return false;
  if (static_cast<int>(changes.size()) >= options_.chunk) return true;
  // It has seen all of its agency that there was; the head was read before.
  watcher.cursor = std::max(watcher.cursor, head_);
  return false;
}

}  // namespace gongkai::api
