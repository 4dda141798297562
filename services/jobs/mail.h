// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_MAIL_H_
#define GONGKAI_SERVICES_JOBS_MAIL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/base/clock.h"
#include "services/jobs/smtp.h"
#include "storage/inbox.h"

namespace gongkai::jobs {

// Carries reminders to the mail server (邮件提醒), each at least once: one that
// was taken and could not be noted goes again under the same Message-ID. As
// many may run over one inbox as there are servers, for a mail is lent to one
// of them at a time. A mail that is refused for its receiver is given up at
// once, one that is not taken ten times after the tenth, and one that no server
// was there for after a week; it stays in the inbox. Thread-safe.
class Mailer {
 public:
  struct Options {
    // The address that mail comes from.
    std::string from;
    // How often it looks when nobody pokes.
    absl::Duration every = absl::Seconds(10);
    // Mails lent at once, and for how long: longer than handing all over takes.
    int batch = 10;
    absl::Duration lease = absl::Minutes(5);
    // Pause after a mail was not taken, twice as long each time up to the
    // longest; and while there is no talking to the server.
    absl::Duration pause = absl::Minutes(1);
    absl::Duration longest_pause = absl::Hours(4);
    absl::Duration away = absl::Seconds(30);
    int most_attempts = 10;
    absl::Duration too_old = absl::Hours(7 * 24);
    // For one call of the store.
    absl::Duration time = absl::Seconds(10);
  };
  // Without a carrier it does nothing: mails wait.
  Mailer(storage::InboxBook& inbox, Clock& clock,
         std::unique_ptr<MailCarrier> carrier, const Options& options);
  ~Mailer();
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  // Something new is in the inbox.
  void Poke();
  // Leaves the mail under way, and gives it back.
  void Stop();

  // What waits, as seen last.
  storage::MailBacklog backlog() const;
  // How long the oldest of it has waited; zero when none does.
  absl::Duration OldestWaits() const;
  // Since the start: handed over, and given up.
  int64_t sent() const;
  int64_t given_up() const;

 private:
  void Run();
  // One batch; how long to wait after it.
  absl::StatusOr<absl::Duration> Look();
  // False when the server is away.
  absl::StatusOr<bool> Carry(const storage::InboxEntry& entry);
  absl::Status GiveBack(const storage::InboxEntry& entry, absl::Duration pause);
  absl::Status NotTaken(const storage::InboxEntry& entry, const Handed& handed);
  bool IsTooOld(const storage::InboxEntry& entry);
  bool stopping() const;
  absl::Time Deadline() const;

  storage::InboxBook& inbox_;
  Clock& clock_;
  const Options options_;
  const std::unique_ptr<MailCarrier> carrier_;
  mutable absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  storage::MailBacklog backlog_ ABSL_GUARDED_BY(mutex_);
  int64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t given_up_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_MAIL_H_
