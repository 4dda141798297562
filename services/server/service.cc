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
#include "services/api/audit_service.h"
#include "services/api/calendar_service.h"
#include "services/api/case_service.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/server/key_files.h"
#include "services/vault/secret.h"

namespace gongkai::server {
namespace {

constexpr int kMiB = 1 << 20;

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

act::Options ActOptions(const Config& config, const std::string& key,
                        vault::Vault& vault) {
  act::Options options;
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
  if (config.account_calls == 0) options.source_calls = 0;
  return options;
}

api::WatchHub::Options WatchOptions(const Config& config) {
  api::WatchHub::Options options;
  options.queue = static_cast<size_t>(config.watch_queue);
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
  RETURN_IF_ERROR(CheckLoopback(config.listen));
  if (!config.metrics.empty()) RETURN_IF_ERROR(CheckLoopback(config.metrics));
  Parts parts;
  ASSIGN_OR_RETURN(parts.rules, ReadRulebook(config.rulebook));
  ASSIGN_OR_RETURN(parts.key, ReadKey(config.request_key));
  ASSIGN_OR_RETURN(parts.vault, VaultFile::Open(config.vault));
  ASSIGN_OR_RETURN(parts.log_keys, ReadVerifierKeys(config.log_keys));
  ASSIGN_OR_RETURN(parts.trusted_proxies,
                   api::ParseNetworks(config.trusted_proxies));
  parts.identifier = std::move(identifier);
  if (parts.identifier == nullptr) {
    parts.identifier =
        std::make_unique<api::DevIdentifier>(config.insecure_dev_identity);
  }
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
      registry_(store_, std::move(parts.rules)),
      recorder_(store_, registry_, clock),
      performer_(store_, store_, registry_, recorder_, clock,
                 ActOptions(config, parts.key, vault_->vault())),
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
      exporter_({store_, store_, store_, registry_, recorder_, clock}),
      identifier_(std::move(parts.identifier)),
      doors_(*identifier_, nullptr, &recorder_),
      limits_(LimitOptions(config)),
      pool_(PoolLimits(config)),
      desk_(
          doors_, limits_, pool_, metrics_,
          {absl::Seconds(config.deadline_s), std::move(parts.trusted_proxies)}),
      hub_(ChangesIn(store_, recorder_), WatchOptions(config)),
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
      case_service_(api::NewCaseService(desk_, performer_, reader_, hub_,
                                        [this] { sequencer_.Poke(); })),
      calendar_service_(api::NewCalendarService(desk_, performer_, reader_,
                                                [this] {
                                                  sequencer_.Poke();
                                                  calendar_job_.Poke();
                                                })),
      audit_service_(api::NewAuditService(desk_, performer_, audit_reader_,
                                          exporter_,
                                          [this] { sequencer_.Poke(); })) {
  AddGauges();
}

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
      "gongkai_turned_away_unrecorded_total",
      "Callers turned away who were too many to record.", "",
      [this] { return static_cast<double>(doors_.unrecorded()); });
  metrics_.AddGauge("gongkai_sequencer_lag_seconds",
                    "How long events have waited for their place in the log.",
                    "",
                    [this] { return absl::ToDoubleSeconds(sequencer_.Lag()); });
  AddLogGauges();
  AddKeyGauges();
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

absl::Status Service::Listen() {
  if (config_.reflection) {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(config_.listen, grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(case_service_.get());
  builder.RegisterService(calendar_service_.get());
  builder.RegisterService(audit_service_.get());
  builder.SetMaxReceiveMessageSize(config_.max_message_mib * kMiB);
  // A second server on the same port is an error, not a partner.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             config_.max_streams);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  server_ = builder.BuildAndStart();
  const bool unix_socket = config_.listen.starts_with("unix:");
  if (server_ == nullptr || (port_ == 0 && !unix_socket)) {
    server_.reset();
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", config_.listen));
  }
  if (!config_.metrics.empty()) {
    RETURN_IF_ERROR(metrics_.Expose(config_.metrics));
  }
  Log(Severity::kInfo, "serving",
      {{"address", config_.listen},
       {"port", static_cast<int64_t>(port_)},
       {"workers", static_cast<int64_t>(pool_.workers())},
       {"rulebook", registry_.rules().version()}});
  return absl::OkStatus();
}

Service::~Service() { Drain(absl::ZeroDuration()); }

void Service::Drain(absl::Duration time) {
  if (server_ != nullptr) {
    Log(Severity::kInfo, "draining", {{"in_flight", desk_.in_flight()}});
    if (auto* health = server_->GetHealthCheckService(); health != nullptr) {
      health->SetServingStatus(false);
    }
    desk_.Shut();
    hub_.Stop();
    const absl::Time end = absl::Now() + time;
    while (desk_.in_flight() > 0 && absl::Now() < end) {
      absl::SleepFor(kLookAgain);
    }
    server_->Shutdown(
        absl::ToChronoTime(std::min(end, absl::Now() + kLastAnswers)));
    server_->Wait();
    // The server goes after its services: they are not called any more.
    pool_.Stop();
    server_.reset();
  }
  metrics_.Hide();
  hub_.Stop();
  horizon_.Stop();
  rotation_.Stop();
  calendar_job_.Stop();
  sequencer_.Stop();
}

}  // namespace gongkai::server
