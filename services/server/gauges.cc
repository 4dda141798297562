// SPDX-License-Identifier: Apache-2.0
// What the service is measured by, read when it is scraped.
#include "absl/time/clock.h"
#include "services/server/service.h"

namespace gongkai::server {

void Service::AddGauges() {
  metrics_.AddGauge("gongkai_calls_in_flight", "Calls under way.", "",
                    [this] { return static_cast<double>(desk_.in_flight()); });
  for (const api::Lane lane : {api::Lane::kActs, api::Lane::kReads,
                               api::Lane::kReports, api::Lane::kSignIn}) {
    const std::string name(api::LaneName(lane));
    metrics_.AddGauge("gongkai_lane_queued", "Calls that wait for a worker.",
                      name, [this, lane] {
                        return static_cast<double>(pool_.LoadOf(lane).queued);
                      });
    metrics_.AddGauge("gongkai_lane_running", "Workers at work.", name,
                      [this, lane] {
                        return static_cast<double>(pool_.LoadOf(lane).running);
                      });
  }
  metrics_.AddGauge("gongkai_workers", "Workers in all.", "",
                    [this] { return static_cast<double>(pool_.workers()); });
  metrics_.AddGauge("gongkai_database_connections",
                    "Connections to the database that are open.", "", [this] {
                      return static_cast<double>(store_.connections());
                    });
  metrics_.AddGauge("gongkai_watchers", "Streams of changes.", "",
                    [this] { return static_cast<double>(hub_.watchers()); });
  metrics_.AddGauge(
      "gongkai_access_unrecorded_total",
      "Refusals that could not be recorded since the start.", "",
      [this] { return static_cast<double>(recorder_.unrecorded()); });
  metrics_.AddGauge(
      "gongkai_sign_in_unrecorded_total",
      "Refused sign-ins that were too many to record since the start.", "",
      [this] { return static_cast<double>(sign_in_.unrecorded()); });
  metrics_.AddGauge(
      "gongkai_turned_away_unrecorded_total",
      "Callers turned away who were too many to record.", "",
      [this] { return static_cast<double>(doors_.unrecorded()); });
  metrics_.AddGauge("gongkai_sequencer_lag_seconds",
                    "How long events have waited for their place in the log.",
                    "",
                    [this] { return absl::ToDoubleSeconds(sequencer_.Lag()); });
  AddLogGauges();
  AddPortGauges();
  AddKeyGauges();
  AddRowGauges();
  AddReminderGauges();
}

void Service::AddReminderGauges() {
  metrics_.AddGauge("gongkai_reminders_made_total",
                    "Reminders and digests put into inboxes since the start.",
                    "",
                    [this] { return static_cast<double>(reminders_.made()); });
  metrics_.AddGauge(
      "gongkai_reminders_pass_age_seconds",
      "Since the last look at the reminders of all agencies; 0 before it.", "",
      [this] { return absl::ToDoubleSeconds(reminders_.Age()); });
  metrics_.AddGauge(
      "gongkai_reminder_watchers", "Streams of reminders.", "",
      [this] { return static_cast<double>(reminder_hub_.watchers()); });
  metrics_.AddGauge(
      "gongkai_mails_waiting", "Reminders not yet handed over as mail.", "",
      [this] { return static_cast<double>(mailer_.backlog().waiting); });
  metrics_.AddGauge(
      "gongkai_mails_oldest_seconds", "How long the oldest of them has waited.",
      "", [this] { return absl::ToDoubleSeconds(mailer_.OldestWaits()); });
  metrics_.AddGauge("gongkai_mails_sent_total",
                    "Mails that the mail server took since the start.", "",
                    [this] { return static_cast<double>(mailer_.sent()); });
  metrics_.AddGauge("gongkai_mails_given_up_total",
                    "Mails given up since the start.", "",
                    [this] { return static_cast<double>(mailer_.given_up()); });
}

void Service::AddKeyGauges() {
  metrics_.AddGauge(
      "gongkai_reveals_over_limit",
      "Accounts that had more cases shown whole in an hour than is usual.", "",
      [this] { return static_cast<double>(reveals_.OverLimit(absl::Now())); });
  metrics_.AddGauge(
      "gongkai_outer_key_newest", "Number of the newest key.", "",
      [this] { return static_cast<double>(vault_->vault().newest()); });
  metrics_.AddGauge(
      "gongkai_keys_waiting", "Keys and secrets under an older outer key.", "",
      [this] { return static_cast<double>(rotation_.waiting()); });
  metrics_.AddGauge(
      "gongkai_keys_moved_total",
      "Keys, secrets and parts brought under a newer one since the start.", "",
      [this] { return static_cast<double>(rotation_.done()); });
  metrics_.AddGauge("gongkai_keys_stuck",
                    "Keys and secrets that do not open under their outer key.",
                    "",
                    [this] { return static_cast<double>(rotation_.stuck()); });
}

void Service::AddRowGauges() {
  metrics_.AddGauge("gongkai_rows_waiting",
                    "Cases whose rows are still to be brought up to date for "
                    "the annual return; -1 while not counted yet.",
                    "",
                    [this] { return static_cast<double>(row_job_.waiting()); });
  metrics_.AddGauge("gongkai_rows_stuck",
                    "Those of them whose records cannot be read.", "",
                    [this] { return static_cast<double>(row_job_.stuck()); });
}

void Service::AddLogGauges() {
  const auto seen = [this](int64_t storage::LogHealth::*size) {
    return [this, size] {
      const auto health = horizon_.seen();
      return health.has_value() ? static_cast<double>((*health).*size) : 0.0;
    };
  };
  metrics_.AddGauge("gongkai_log_size", "Entries of the log's tree.", "",
                    seen(&storage::LogHealth::size));
  metrics_.AddGauge("gongkai_log_signed_size",
                    "Entries under the newest signed checkpoint.", "",
                    seen(&storage::LogHealth::signed_size));
  metrics_.AddGauge("gongkai_log_anchored_size",
                    "Entries under the newest checkpoint outside.", "",
                    seen(&storage::LogHealth::anchored_size));
  metrics_.AddGauge(
      "gongkai_anchor_age_seconds", "Since the newest checkpoint went outside.",
      "", [this] { return absl::ToDoubleSeconds(horizon_.AnchorAge()); });
  metrics_.AddGauge(
      "gongkai_unanchored_seconds",
      "How long the oldest entry that is not outside has waited.", "",
      [this] { return absl::ToDoubleSeconds(horizon_.Unanchored()); });
  metrics_.AddGauge("gongkai_log_stopped",
                    "1 while the log stands still because its tree lacks what "
                    "is outside.",
                    "", [this] { return sequencer_.stopped() ? 1.0 : 0.0; });
}

void Service::AddPortGauges() {
  if (tls_ == nullptr) return;
  metrics_.AddGauge(
      "gongkai_tls_seconds_left", "Until the certificate that is served ends.",
      "", [this] { return absl::ToDoubleSeconds(tls_->Ends() - absl::Now()); });
  metrics_.AddGauge("gongkai_tls_files_refused",
                    "1 while the files of TLS on the disk cannot be taken.", "",
                    [this] { return tls_->refusing() ? 1.0 : 0.0; });
}

}  // namespace gongkai::server
