// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_CONFIG_H_
#define GONGKAI_SERVICES_SERVER_CONFIG_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gongkai/v1/matter.pb.h"
#include "gongkai/v1/terms.pb.h"
#include "services/act/sign_in_options.h"
#include "services/law/rulebook.h"

namespace gongkai::server {

enum class Verb { kServe, kMigrate, kAgencyAdd, kAudit };

// Everything that an operator may set, with its default. The bounds stand
// beside the flags in config_serve.cc.
struct Config {
  Verb verb = Verb::kServe;
  // As libpq takes it.
  std::string database;
  // Where reports read, as libpq takes it; empty: the same database as the role
  // of reports.
  std::string report_database;

  // serve: where to listen, HOST:PORT or `unix:PATH`.
  std::string listen = "127.0.0.1:7070";
  // Where metrics are scraped, on loopback; empty is nowhere.
  std::string metrics = "127.0.0.1:7071";
  // Where administration is answered, empty for nowhere, and from which
  // networks it is taken.
  std::string admin_listen = "127.0.0.1:7074";
  std::vector<std::string> admin_allow = {"127.0.0.0/8", "::1"};
  // Files of TLS, PEM: the certificate with its chain, its key, and the
  // authorities that vouch for clients. Looked at again while it runs.
  std::string tls_cert;
  std::string tls_key;
  std::string tls_client_ca;
  // Serve without TLS, to this machine alone.
  bool insecure_loopback = false;
  // The office's identity provider: its issuer as in its tokens, what they name
  // as this service, where its keys are, and the file of the authorities that
  // vouch for it (empty: those of the system). No issuer, no provider.
  std::string oidc_issuer;
  std::string oidc_audience;
  std::string oidc_jwks;
  std::string oidc_ca;
  // How people sign in.
  act::SignInOptions sign_in;
  // The mail server that reminders go to, `smtp://HOST[:PORT]` or `smtps://…`
  // (empty: none); the address they come from; a file of its user and password,
  // one line each (empty: nobody signs in); the file of the authorities that
  // vouch for it (empty: those of the system); and whether it may be spoken to
  // without TLS, on this machine alone.
  std::string smtp_url;
  std::string smtp_from;
  std::string smtp_user_file;
  std::string smtp_ca;
  bool smtp_insecure_loopback = false;
  // Folder of the rule sets, `*.textproto`; empty takes the one of this
  // checkout or installation.
  std::string rulebook;
  // File of at least 32 random bytes that key what is remembered of requests.
  std::string request_key;
  // File of the outer keys, of what is sealed.
  std::string vault;
  // Cases that an account may usually have shown whole within an hour; more
  // raise an alarm. 0 for none.
  int reveal_alarm = 200;
  // Answer reflection.
  bool reflection = false;
  // Days that an act may be recorded late; 0 is no bound.
  int max_backdating_days = 30;
  // To the database, in all; kJobConnections of them are for jobs,
  // kSignInConnections for signing in, and the others have one worker each.
  int connections = 22;
  // Calls that may wait in a lane.
  int queue = 1024;
  // Seconds that a call without a deadline may take.
  int deadline_s = 10;
  // Seconds that calls under way get to finish on SIGTERM.
  int drain_s = 20;
  // Largest message taken, MiB.
  int max_message_mib = 8;
  // Calls at once on one connection.
  int max_streams = 1024;
  // Calls in a second, of an account and of an address, each with twice as many
  // at once after a pause; calls under way of an account. 0 for no limit.
  int account_rate = 200;
  int source_rate = 400;
  int account_calls = 64;
  // Networks of proxies, whose word for where a call comes from is taken.
  std::vector<std::string> trusted_proxies;
  // Changes that wait for one watcher.
  int watch_queue = 256;
  // Folders that checkpoints went to, and the verifier keys of the log (texts
  // or files): the log goes on only from a tree that contains them.
  std::vector<std::string> anchor_folders;
  std::vector<std::string> log_keys;
  // Seconds that an entry may wait until it is outside, then an alarm is
  // raised; 0 for none.
  int anchor_alarm_s = 60;

  // migrate: a folder of steps to use instead of those built in.
  std::string migrations;

  // agency add.
  std::string agency;
  v1::AgencyTerms terms;

  // audit, keys, account: what the verb does; returns the exit code.
  std::function<int()> audit;
};

// For the sequencer, the calendar job, watching, and one to spare.
inline constexpr int kJobConnections = 4;
inline constexpr int kSignInConnections = 2;

// Reads the command line into `config`. The exit code, when there is nothing
// more to do: help was asked for, or the line is wrong and has been explained.
std::optional<int> ReadCommandLine(int argc, char** argv, Config& config);

// The service's own database as the role of reports.
std::string DatabaseAsReports(const Config& config);
// Where reports read.
std::string ReportDatabase(const Config& config);

// Reads every `*.textproto` of a folder into a rulebook. Without a folder:
// `ops/rulebook` here or above this program, else that of the installation.
absl::StatusOr<law::Rulebook> ReadRulebook(const std::string& named);

// Reads a key file; its first 32 bytes. FAILED_PRECONDITION when it is shorter.
absl::StatusOr<std::string> ReadKey(const std::string& file);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_CONFIG_H_
