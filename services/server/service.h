// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_SERVICE_H_
#define GONGKAI_SERVICES_SERVER_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "services/act/access.h"
#include "services/act/account_identities.h"
#include "services/act/account_keeper.h"
#include "services/act/audit_read.h"
#include "services/act/export.h"
#include "services/act/import.h"
#include "services/act/inbox.h"
#include "services/act/perform.h"
#include "services/act/read.h"
#include "services/act/receivers.h"
#include "services/act/registry.h"
#include "services/act/report_reader.h"
#include "services/act/return_filing.h"
#include "services/act/reveals.h"
#include "services/act/sign_in.h"
#include "services/act/standing.h"
#include "services/api/call.h"
#include "services/api/identity.h"
#include "services/api/pool.h"
#include "services/api/reminders.h"
#include "services/api/watch.h"
#include "services/base/clock.h"
#include "services/jobs/calendar_job.h"
#include "services/jobs/horizon.h"
#include "services/jobs/key_rotation.h"
#include "services/jobs/mail.h"
#include "services/jobs/reminders.h"
#include "services/jobs/row_job.h"
#include "services/jobs/sequencer.h"
#include "services/server/config.h"
#include "services/server/log_guard.h"
#include "services/server/metrics.h"
#include "services/server/port.h"
#include "services/server/provider_keys.h"
#include "services/server/tls_files.h"
#include "services/server/vault_file.h"
#include "storage/postgres/postgres_reports.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {

// The whole service in one process, wired by hand. Holds no state of cases: as
// many may run over one database as are needed.
class Service {
 public:
  // Reads rulebook and key, builds every room and begins to serve. `clock`
  // outlives it. FAILED_PRECONDITION when it would listen to others than this
  // machine; UNAVAILABLE when the address is taken. The database may be away.
  // A test may bring its own way to say who calls.
  static absl::StatusOr<std::unique_ptr<Service>> Start(
      const Config& config, Clock& clock,
      std::unique_ptr<api::Identifier> identifier = nullptr);
  // Drains at once.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Says that it no longer serves, ends watching, takes no more calls, and
  // gives those under way `time` to finish. Then stops jobs and workers.
  void Drain(absl::Duration time);

  // Looks at once whether the file of the outer keys has a newer one.
  void LookAtKeys() { rotation_.Poke(); }

  // The port listened on; 0 on a Unix socket.
  int port() const { return port_->number(); }
  // The port of administration; 0 when there is none.
  int admin_port() const {
    return admin_port_ == nullptr ? 0 : admin_port_->number();
  }

  // For tests, which also ask behind the wire.
  act::Performer& performer() { return performer_; }
  act::Reader& reader() { return reader_; }
  act::AccessRecorder& recorder() { return recorder_; }
  act::AccountKeeper& keeper() { return keeper_; }
  act::SignInDesk& sign_in() { return sign_in_; }
  act::Registry& registry() { return registry_; }
  storage::PostgresStore& store() { return store_; }
  const Metrics& metrics() const { return metrics_; }
  api::Desk& desk() { return desk_; }
  api::Identifier& identifier() { return *identifier_; }
  api::Pool& pool() { return pool_; }
  api::WatchHub& hub() { return hub_; }
  api::ReminderHub& reminder_hub() { return reminder_hub_; }
  jobs::Reminders& reminders() { return reminders_; }
  jobs::Mailer& mailer() { return mailer_; }
  const jobs::Sequencer& sequencer() const { return sequencer_; }
  const jobs::RowJob& row_job() const { return row_job_; }
  const LogGuard& guard() const { return guard_; }

 private:
  // What Start has read.
  struct Parts {
    law::Rulebook rules;
    std::string key;
    std::vector<audit::VerifierKey> log_keys;
    std::vector<api::Network> trusted_proxies;
    std::vector<api::Network> admin_networks;
    std::unique_ptr<TlsFiles> tls;
    std::unique_ptr<ProviderKeys> provider;
    std::unique_ptr<jobs::MailCarrier> mail;
    std::unique_ptr<api::Identifier> identifier;
    std::unique_ptr<VaultFile> vault;
  };
  Service(const Config& config, Clock& clock, Parts parts);
  absl::Status Listen();
  void AddGauges();
  void AddLogGauges();
  void AddPortGauges();
  void AddKeyGauges();
  void AddRowGauges();
  void AddReminderGauges();

  // In the order of their making; each knows only those above it.
  const Config config_;
  const std::unique_ptr<VaultFile> vault_;
  storage::PostgresStore store_;
  storage::PostgresReports reports_;
  // Never of a replica: who reminds goes by the log, and must see what it
  // tells.
  storage::PostgresReports newest_;
  act::Registry registry_;
  act::AccountIdentities identities_;
  act::SharedStanding standing_;
  act::AccessRecorder recorder_;
  act::Performer performer_;
  act::RevealWatch reveals_;
  act::Reader reader_;
  LogGuard guard_;
  act::AuditReader audit_reader_;
  act::Exporter exporter_;
  act::ReportReader report_reader_;
  act::ReturnFiler return_filer_;
  act::Importer importer_;
  act::InboxDesk inbox_;
  act::Receivers receivers_;
  Metrics metrics_;
  const std::unique_ptr<ProviderKeys> provider_;
  act::SignInDesk sign_in_;
  act::AccountKeeper keeper_;
  const std::unique_ptr<api::Identifier> identifier_;
  api::Doors doors_;
  api::Limits limits_;
  api::Pool pool_;
  api::Desk desk_;
  api::Desk admin_desk_;
  api::WatchHub hub_;
  api::ReminderHub reminder_hub_;
  jobs::Sequencer sequencer_;
  jobs::Horizon horizon_;
  jobs::CalendarJob calendar_job_;
  jobs::KeyRotation rotation_;
  jobs::RowJob row_job_;
  jobs::Mailer mailer_;
  jobs::Reminders reminders_;
  std::unique_ptr<grpc::Service> case_service_;
  std::unique_ptr<grpc::Service> calendar_service_;
  std::unique_ptr<grpc::Service> audit_service_;
  std::unique_ptr<grpc::Service> report_service_;
  std::unique_ptr<grpc::Service> account_service_;
  std::unique_ptr<grpc::Service> admin_service_;
  const std::unique_ptr<TlsFiles> tls_;
  std::unique_ptr<Port> port_;
  std::unique_ptr<Port> admin_port_;
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_SERVICE_H_
