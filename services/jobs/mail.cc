// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/mail.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/jobs/mail_text.h"

namespace gongkai::jobs {
namespace {

constexpr int kAfterOthers = 4;

std::string WhatOf(Handed::What what) {
  switch (what) {
    case Handed::What::kTaken:
      return "taken";
    case Handed::What::kRefused:
      return "refused";
    case Handed::What::kNotNow:
      return "not_now";
    case Handed::What::kAway:
      return "away";
  }
  return "";
}

// Without the address: the reminder says whose it is.
void Tell(Severity severity, std::string_view event,
          const storage::InboxEntry& entry, const Handed& handed) {
  Log(severity, event,
      {{"agency", entry.agency},
       {"reminder", entry.id},
       {"what", WhatOf(handed.what)},
       {"smtp_code", static_cast<int64_t>(handed.code)},
       {"attempt", static_cast<int64_t>(entry.attempts)},
       {"error", handed.error}});
}

}  // namespace

Mailer::Mailer(storage::InboxBook& inbox, Clock& clock,
               std::unique_ptr<MailCarrier> carrier, const Options& options)
    : inbox_(inbox),
      clock_(clock),
      options_(options),
      carrier_(std::move(carrier)) {
  if (carrier_ != nullptr) thread_ = std::thread([this] { Run(); });
}

Mailer::~Mailer() { Stop(); }

void Mailer::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void Mailer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool Mailer::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

storage::MailBacklog Mailer::backlog() const {
  absl::MutexLock lock(&mutex_);
  return backlog_;
}

absl::Duration Mailer::OldestWaits() const {
  const storage::MailBacklog seen = backlog();
  return seen.oldest ? clock_.Now() - *seen.oldest : absl::ZeroDuration();
}

int64_t Mailer::sent() const {
  absl::MutexLock lock(&mutex_);
  return sent_;
}

int64_t Mailer::given_up() const {
  absl::MutexLock lock(&mutex_);
  return given_up_;
}

absl::Time Mailer::Deadline() const { return absl::Now() + options_.time; }

void Mailer::Run() {
  while (true) {
    const absl::StatusOr<absl::Duration> wait = Look();
    if (!wait.ok() && !stopping()) {
      Log(Severity::kWarning, "mail",
          {{"code",
            std::string(absl::StatusCodeToString(wait.status().code()))}});
    }
    absl::MutexLock lock(&mutex_);
    const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || poked_;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&woken),
                            wait.ok() ? *wait : options_.away);
    if (stopping_) return;
    poked_ = false;
  }
}

absl::StatusOr<absl::Duration> Mailer::Look() {
  ASSIGN_OR_RETURN(const std::vector<storage::InboxEntry> mails,
                   inbox_.TakeMails(options_.batch, clock_.Now(),
                                    options_.lease, Deadline()));
  absl::Duration wait = static_cast<int>(mails.size()) < options_.batch
                            ? options_.every
                            : absl::ZeroDuration();
  bool away = false;
  for (const storage::InboxEntry& mail : mails) {
    if (away || stopping()) {
      RETURN_IF_ERROR(GiveBack(mail, options_.away));
      continue;
    }
    ASSIGN_OR_RETURN(const bool there, Carry(mail));
    away = !there;
  }
  ASSIGN_OR_RETURN(const storage::MailBacklog backlog,
                   inbox_.MailsWaiting(Deadline()));
  absl::MutexLock lock(&mutex_);
  backlog_ = backlog;
  return away ? options_.away : wait;
}

absl::StatusOr<bool> Mailer::Carry(const storage::InboxEntry& entry) {
  Handed handed;
  if (IsTooOld(entry)) {
    handed.what = Handed::What::kNotNow;
    handed.error = "it has waited too long";
  } else {
    handed = carrier_->Hand(entry.mail_to, MailText(entry, options_.from),
                            [this] { return stopping(); });
  }
  if (handed.what == Handed::What::kTaken) {
    RETURN_IF_ERROR(
        inbox_.MailDone(entry.agency, entry.id, clock_.Now(), Deadline()));
    absl::MutexLock lock(&mutex_);
    ++sent_;
    return true;
  }
  if (handed.what == Handed::What::kAway) {
    if (!stopping()) Tell(Severity::kWarning, "mail_away", entry, handed);
    // It may be this mail that the server breaks off at: others go first.
    RETURN_IF_ERROR(GiveBack(entry, kAfterOthers * options_.away));
    return false;
  }
  RETURN_IF_ERROR(NotTaken(entry, handed));
  return true;
}

absl::Status Mailer::GiveBack(const storage::InboxEntry& entry,
                              absl::Duration pause) {
  // Whoever comes next, another server or this one, need not wait for a lease.
  if (stopping()) pause = absl::ZeroDuration();
  return inbox_.GiveBackMail(entry.agency, entry.id, clock_.Now() + pause,
                             Deadline());
}

bool Mailer::IsTooOld(const storage::InboxEntry& entry) {
  return clock_.Now() - entry.made_time >= options_.too_old;
}

absl::Status Mailer::NotTaken(const storage::InboxEntry& entry,
                              const Handed& handed) {
  const absl::Time now = clock_.Now();
  const bool give_up = handed.what == Handed::What::kRefused ||
                       entry.attempts >= options_.most_attempts ||
                       IsTooOld(entry);
  absl::Duration pause = options_.pause;
  for (int i = 1; i < entry.attempts && pause < options_.longest_pause; ++i) {
    pause *= 2;
  }
  std::optional<absl::Time> again;
  if (!give_up) again = now + std::min(pause, options_.longest_pause);
  Tell(give_up ? Severity::kError : Severity::kWarning,
       give_up ? "mail_given_up" : "mail_not_taken", entry, handed);
  RETURN_IF_ERROR(
      inbox_.MailFailed(entry.agency, entry.id, again, now, Deadline()));
  if (!give_up) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  ++given_up_;
  return absl::OkStatus();
}

}  // namespace gongkai::jobs
