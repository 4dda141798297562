// SPDX-License-Identifier: Apache-2.0
#include "services/server/service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/event.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "services/act/log_fork.h"
#include "services/api/account_service.h"
#include "services/api/admin_service.h"
#include "services/api/audit_service.h"
#include "services/api/calendar_service.h"
#include "services/api/case_service.h"
#include "services/api/report_service.h"
#include "services/api/token_identifier.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/server/key_files.h"
#include "services/server/mail_way.h"
#include "services/vault/secret.h"

namespace gongkai::server {
namespace {

// Draining: how often calls under way are counted, and how long the answers of
// the last ones may take to leave. Connections that lie idle would else keep
// the server open until the end of the drain.
constexpr absl::Duration kLookAgain = absl::Milliseconds(10);
constexpr absl::Duration kLastAnswers = absl::Seconds(1);

act::BlindIndex IndexOf(vault::Vault& vault) {
  return [&vault](std::string_view use, std::string_view value) {
    return vault.BlindIndex(use, value);
  };
}

// The secrets of an account, from whatever outer key under the newest.
absl::StatusOr<std::string> SealAnew(vault::Vault& vault,
                                     std::string_view agency,
                                     std::string_view account,
                                     std::string_view sealed) {
  const std::string context = vault::CredentialContext(agency, account);
  ASSIGN_OR_RETURN(std::string plain, vault.OpenSecret(context, sealed));
  auto anew = vault.SealSecret(context, plain);
  vault::Wipe(plain);
  return anew;
}

// Where the service may listen: where TLS protects what is said, or nobody but
// this machine hears it. What is measured is not protected.
absl::Status CheckAddresses(const Config& config) {
  const bool tls = !config.tls_cert.empty();
  if (tls != !config.tls_key.empty() ||
      (!tls && !config.tls_client_ca.empty())) {
    return absl::InvalidArgumentError(
        "TLS takes --tls-cert and --tls-key, and may take --tls-client-ca");
  }
  RETURN_IF_ERROR(CheckListen(config.listen, tls, config.insecure_loopback));
  if (!config.admin_listen.empty()) {
    RETURN_IF_ERROR(
        CheckListen(config.admin_listen, tls, config.insecure_loopback));
  }
  if (!config.metrics.empty() && !IsLoopback(config.metrics)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "metrics on ", config.metrics,
        " are refused: they are for this machine alone (127.0.0.1:PORT)"));
  }
  return absl::OkStatus();
}

act::Options ActOptions(const Config& config, const std::string& key,
                        vault::Vault& vault, act::Standing& standing) {
  act::Options options;
  options.standing = &standing;
  options.blind_index = IndexOf(vault);
  options.request_key = key;
  options.max_backdating_days = config.max_backdating_days;
  return options;
}

api::Pool::Limits PoolLimits(const Config& config) {
  api::Pool::Limits limits;
  limits.workers = config.connections - kJobConnections - kSignInConnections;
  limits.sign_in = kSignInConnections;
  limits.queue = static_cast<size_t>(config.queue);
  return limits;
}

api::Limits::Options LimitOptions(const Config& config) {
  const auto rate = [](int per_second) {
    return api::Rate{static_cast<double>(per_second), 2.0 * per_second};
  };
  api::Limits::Options options;
  options.account = rate(config.account_rate);
  options.source = rate(config.source_rate);
  options.account_calls = config.account_calls;
  if (config.account_calls == 0) {
    options.source_calls = options.source_sign_ins = 0;
  }
  return options;
}

act::SignInOptions SignInOptionsOf(const Config& config) {
  act::SignInOptions options = config.sign_in;
  if (!config.oidc_issuer.empty()) options.issuer = config.oidc_issuer;
  return options;
}

api::WatchHub::Options WatchOptions(const Config& config,
                                    act::Standing& standing) {
  api::WatchHub::Options options;
  options.standing = &standing;
  options.queue = static_cast<size_t>(config.watch_queue);
  return options;
}

api::ReminderHub::Options ReminderHubOptions(const Config& config,
                                             act::Standing& standing) {
  api::ReminderHub::Options options;
  options.standing = &standing;
  options.queue = static_cast<size_t>(config.watch_queue);
  return options;
}

jobs::Mailer::Options MailOptions(const Config& config) {
  jobs::Mailer::Options options;
  options.from = config.smtp_from;
  return options;
}

jobs::Horizon::Options HorizonOptions(const Config& config) {
  jobs::Horizon::Options options;
  options.alarm = absl::Seconds(config.anchor_alarm_s);
  return options;
}

// An entry of the log as watchers see it: what happened, without what was said.
api::Change ToChange(const storage::LogEntry& entry) {
  api::Change change;
  change.agency = entry.agency;
  change.response.set_log_index(entry.log_index);
  if (entry.kind != storage::StreamKind::kCase) return change;
  change.marks = {entry.department, entry.labels, entry.restricted_to};
  change.response.set_name(CaseName(entry.agency, entry.number));
  change.response.set_version(entry.seq);
  const auto* event = v1::Event::descriptor()->FindFieldByNumber(entry.type);
  if (event != nullptr) change.response.set_event(event->name());
  change.response.set_occurred_date(FormatDay(entry.occurred));
  change.response.set_recorded_time(FormatInstant(entry.recorded_time));
  return change;
}

api::ChangeLog ChangesIn(storage::Log& log, act::AccessRecorder& recorder) {
  api::ChangeLog changes;
  changes.read =
      [&log](int64_t after, std::string_view agency, int max,
             absl::Time deadline) -> absl::StatusOr<std::vector<api::Change>> {
    ASSIGN_OR_RETURN(const std::vector<storage::LogEntry> entries,
                     log.ReadLog(after, agency, max, deadline));
    std::vector<api::Change> found;
    found.reserve(entries.size());
    for (const auto& entry : entries) found.push_back(ToChange(entry));
    return found;
  };
  // Places are 1, 2, 3 …: the number of entries is the place of the last.
  changes.last = [&log](absl::Time deadline) { return log.LogSize(deadline); };
  changes.may = [&recorder](const auth::Caller& caller, std::string_view agency,
                            std::string_view number, absl::Time deadline) {
    return recorder.Admit(caller, "WatchCases", agency, number,
                          auth::Access::kListCases, deadline);
  };
  return changes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Start(
    const Config& config, Clock& clock,
    std::unique_ptr<api::Identifier> identifier) {
  RETURN_IF_ERROR(CheckAddresses(config));
  Parts parts;
  ASSIGN_OR_RETURN(parts.rules, ReadRulebook(config.rulebook));
  ASSIGN_OR_RETURN(parts.key, ReadKey(config.request_key));
  ASSIGN_OR_RETURN(parts.vault, VaultFile::Open(config.vault));
  ASSIGN_OR_RETURN(parts.log_keys, ReadVerifierKeys(config.log_keys));
  ASSIGN_OR_RETURN(parts.trusted_proxies,
                   api::ParseNetworks(config.trusted_proxies));
  ASSIGN_OR_RETURN(parts.admin_networks,
                   api::ParseNetworks(config.admin_allow));
  if (!config.tls_cert.empty()) {
    ASSIGN_OR_RETURN(parts.tls, TlsFiles::Open({config.tls_cert, config.tls_key,
                                                config.tls_client_ca}));
  }
  ASSIGN_OR_RETURN(parts.provider, ProviderKeys::Make(config));
  ASSIGN_OR_RETURN(parts.mail, MailWayOf(config));
  parts.identifier = std::move(identifier);
  if (parts.log_keys.empty() && !config.anchor_folders.empty()) {
    return absl::InvalidArgumentError(
        "--anchor-dir needs the keys of the log, --log-vkey");
  }
  // protobuf would write to the log what it could not read.
  google::protobuf::SetLogHandler(nullptr);
  std::unique_ptr<Service> service(
      new Service(config, clock, std::move(parts)));
  RETURN_IF_ERROR(service->Listen());
  return service;
}

Service::Service(const Config& config, Clock& clock, Parts parts)
    : config_(config),
      vault_(std::move(parts.vault)),
      store_(config.database, config.connections, &vault_->vault()),
      reports_(ReportDatabase(config)),
      newest_(DatabaseAsReports(config), 1),
      registry_(store_, std::move(parts.rules)),
      identities_(store_, store_, vault_->vault(), clock),
      standing_(
          [this](absl::Time deadline) { return store_.Revocation(deadline); },
          [this](const auth::Caller& caller, absl::Time deadline) {
            return identities_.StillStands(caller, deadline);
          }),
      recorder_(store_, registry_, clock),
      performer_(store_, store_, registry_, recorder_, clock,
                 ActOptions(config, parts.key, vault_->vault(), standing_)),
      reveals_(config.reveal_alarm),
      reader_(store_, store_, store_, registry_, recorder_, clock, parts.key,
              {IndexOf(vault_->vault()), &reveals_}),
      guard_(store_, store_, store_,
             [this](absl::Time deadline) {
               return act::ConfirmedForks(store_, deadline);
             },
             {config.anchor_folders, std::move(parts.log_keys)}),
      audit_reader_({store_, store_, store_, store_, registry_, recorder_,
                     clock, [this] { return guard_.fork(); }, &reveals_}),
      exporter_(
          {store_, store_, store_, registry_, recorder_, clock, &reveals_}),
      report_reader_(
          {store_, store_, reports_, registry_, recorder_, clock, parts.key}),
      return_filer_({store_, reports_, registry_, recorder_, clock, &standing_,
                     parts.key}),
      importer_(store_, registry_, recorder_, clock,
                ActOptions(config, parts.key, vault_->vault(), standing_)),
      inbox_(store_, clock, parts.key),
      receivers_(store_, store_),
      provider_(std::move(parts.provider)),
      sign_in_({store_, store_, vault_->vault(), registry_, recorder_, clock,
                &standing_, CheckerOf(provider_.get()),
                SignInOptionsOf(config)}),
      keeper_({store_, store_, vault_->vault(), registry_, recorder_, clock,
               &standing_, parts.key, SignInOptionsOf(config)}),
      identifier_(
          parts.identifier != nullptr
              ? std::move(parts.identifier)
              : std::make_unique<api::TokenIdentifier>(
                    identities_, [this] { return standing_.Newest(); }, clock)),
      doors_(*identifier_, &standing_, &recorder_),
      limits_(LimitOptions(config)),
      pool_(PoolLimits(config)),
      desk_(doors_, limits_, pool_, metrics_,
            {absl::Seconds(config.deadline_s),
             std::move(parts.trusted_proxies),
             {}}),
      // Nobody's word but the connection's own for where administrators are.
      admin_desk_(doors_, limits_, pool_, metrics_,
                  {absl::Seconds(config.deadline_s),
                   {},
                   std::move(parts.admin_networks)}),
      hub_(ChangesIn(store_, recorder_), WatchOptions(config, standing_)),
      reminder_hub_(inbox_, ReminderHubOptions(config, standing_)),
      sequencer_(
          store_, {},
          [this](const storage::TreeHead& head, const storage::TreeHead* known,
                 absl::Time deadline) {
            return guard_.Admit(head, known, deadline);
          },
          [this] { hub_.Poke(); }),
      horizon_(store_, HorizonOptions(config)),
      calendar_job_(performer_, registry_, store_, store_, {}),
      rotation_({store_, store_, vault_->vault(), [this] { vault_->Refresh(); },
                 [this](std::string_view agency, std::string_view account,
                        std::string_view sealed) {
                   return SealAnew(vault_->vault(), agency, account, sealed);
                 }},
                {}),
      row_job_({store_, store_, registry_.rules()}, {}),
      mailer_(store_, clock, std::move(parts.mail), MailOptions(config)),
      reminders_({registry_, store_, store_, store_, newest_, store_,
                  receivers_, clock,
                  [this] {
                    reminder_hub_.Poke();
                    mailer_.Poke();
                  }},
                 {}),
      case_service_(api::NewCaseService(desk_, performer_, reader_, hub_,
                                        [this] { sequencer_.Poke(); })),
      calendar_service_(api::NewCalendarService(desk_, performer_, reader_,
                                                [this] {
                                                  sequencer_.Poke();
                                                  calendar_job_.Poke();
                                                })),
      audit_service_(api::NewAuditService(desk_, performer_, audit_reader_,
                                          exporter_,
                                          [this] { sequencer_.Poke(); })),
      report_service_(api::NewReportService(
          desk_, {report_reader_, return_filer_, importer_, inbox_,
                  reminder_hub_, [this] { sequencer_.Poke(); }})),
      account_service_(api::NewAccountService(desk_, sign_in_, keeper_,
                                              [this] { sequencer_.Poke(); })),
      admin_service_(api::NewAdminService(admin_desk_, keeper_, performer_,
                                          [this] { sequencer_.Poke(); })),
      tls_(std::move(parts.tls)) {
  AddGauges();
}

absl::Status Service::Listen() {
  if (config_.reflection) {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  }
  grpc::EnableDefaultHealthCheckService(true);
  const auto credentials =
      tls_ == nullptr ? grpc::InsecureServerCredentials() : tls_->Credentials();
  ASSIGN_OR_RETURN(port_,
                   Port::Open(config_.listen, credentials, config_,
                              {case_service_.get(), calendar_service_.get(),
                               audit_service_.get(), report_service_.get(),
                               account_service_.get()}));
  if (!config_.admin_listen.empty()) {
    ASSIGN_OR_RETURN(admin_port_, Port::Open(config_.admin_listen, credentials,
                                             config_, {admin_service_.get()}));
  }
  if (!config_.metrics.empty()) {
    RETURN_IF_ERROR(metrics_.Expose(config_.metrics));
  }
  Log(Severity::kInfo, "serving",
      {{"address", config_.listen},
       {"port", static_cast<int64_t>(port())},
       {"admin", config_.admin_listen},
       {"tls", tls_ != nullptr ? "yes" : "no"},
       {"workers", static_cast<int64_t>(pool_.workers())},
       {"rulebook", registry_.rules().version()}});
  return absl::OkStatus();
}

Service::~Service() { Drain(absl::ZeroDuration()); }

void Service::Drain(absl::Duration time) {
  if (port_ != nullptr) {
    Log(Severity::kInfo, "draining", {{"in_flight", desk_.in_flight()}});
    port_->SayStopping();
    if (admin_port_ != nullptr) admin_port_->SayStopping();
    desk_.Shut();
    admin_desk_.Shut();
    hub_.Stop();
    reminder_hub_.Stop();
    const absl::Time end = absl::Now() + time;
    while (desk_.in_flight() + admin_desk_.in_flight() > 0 &&
           absl::Now() < end) {
      absl::SleepFor(kLookAgain);
    }
    const absl::Time last = std::min(end, absl::Now() + kLastAnswers);
    port_->Close(last);
    if (admin_port_ != nullptr) admin_port_->Close(last);
    // The servers go after their services: they are not called any more.
    pool_.Stop();
    admin_port_.reset();
    port_.reset();
  }
  metrics_.Hide();
  hub_.Stop();
  reminder_hub_.Stop();
  reminders_.Stop();
  mailer_.Stop();
  horizon_.Stop();
  row_job_.Stop();
  rotation_.Stop();
  calendar_job_.Stop();
  sequencer_.Stop();
}

}  // namespace gongkai::server
