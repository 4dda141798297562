// SPDX-License-Identifier: Apache-2.0
// The flags of `gongkai-server serve`, with their bounds.
#include "CLI/CLI.hpp"
#include "services/server/config.h"
#include "services/server/config_verbs.h"

namespace gongkai::server {
namespace {

absl::Duration Days(int days) { return absl::Hours(24) * days; }

template <typename T>
void Tunable(CLI::App& verb, const char* name, T& value, const char* help,
             T least, T most) {
  verb.add_option(name, value, help)
      ->check(CLI::Range(least, most))
      ->capture_default_str();
}

template <typename Unit>
void Lasting(CLI::App& verb, const char* name, absl::Duration& value, Unit unit,
             const char* help, int least, int most) {
  verb.add_option_function<int>(
          name, [&value, unit](int n) { value = unit(n); }, help)
      ->check(CLI::Range(least, most));
}

// Where it listens, and what protects what is said there.
void AddPorts(CLI::App& serve, Config& config) {
  serve.add_option("--listen", config.listen, "HOST:PORT, or unix:PATH")
      ->capture_default_str();
  serve
      .add_option("--metrics", config.metrics,
                  "HOST:PORT of the metrics on loopback, empty for none")
      ->capture_default_str();
  serve
      .add_option("--admin-listen", config.admin_listen,
                  "HOST:PORT of administration, empty for none")
      ->capture_default_str();
  serve
      .add_option("--admin-allow", config.admin_allow,
                  "Network that administration is taken from; may be repeated")
      ->capture_default_str();
  serve.add_option("--tls-cert", config.tls_cert,
                   "Certificate with its chain, PEM");
  serve.add_option("--tls-key", config.tls_key, "Its key, PEM");
  serve.add_option("--tls-client-ca", config.tls_client_ca,
                   "Authorities that vouch for clients' certificates, PEM");
  serve.add_flag("--insecure-loopback", config.insecure_loopback,
                 "Serve without TLS, to this machine alone");
  serve.add_option("--trusted-proxy", config.trusted_proxies,
                   "Network of proxies whose x-forwarded-for is believed; may "
                   "be repeated");
}

// How people prove who they are.
void AddSignIn(CLI::App& serve, Config& config) {
  act::SignInOptions& sign_in = config.sign_in;
  Tunable(serve, "--password-ops", sign_in.cost.ops,
          "Passes of argon2id over its memory", 1, 20);
  Tunable(serve, "--password-mib", sign_in.cost.mib, "Memory of argon2id, MiB",
          8, 1024);
  Lasting(serve, "--access-minutes", sign_in.access, &absl::Minutes<int>,
          "Life of an access token (10)", 1, 60);
  Lasting(serve, "--idle-minutes", sign_in.idle, &absl::Minutes<int>,
          "Session without a refresh (30)", 1, 24 * 60);
  Lasting(serve, "--session-minutes", sign_in.session, &absl::Minutes<int>,
          "Session in any case (480)", 1, 24 * 60);
  Tunable(serve, "--sign-in-failures", sign_in.failures,
          "Failures that lock an account", 1, 100);
  Tunable(serve, "--source-failures", sign_in.source_failures,
          "Failures in a minute that lock an address", 1, 100'000);
  Lasting(serve, "--lock-minutes", sign_in.lock, &absl::Minutes<int>,
          "How long they lock it, at first (15)", 1, 24 * 60);
  Lasting(serve, "--password-days", sign_in.policy.max_age, &Days,
          "Life of a password, 0 for no end (90)", 0, 3650);
  serve.add_option("--oidc-issuer", config.oidc_issuer,
                   "Issuer of the identity provider's tokens");
  serve.add_option("--oidc-audience", config.oidc_audience,
                   "What they name as this service");
  serve.add_option("--oidc-jwks", config.oidc_jwks,
                   "URL of the provider's keys: https, or http on loopback");
  serve.add_option("--oidc-ca", config.oidc_ca,
                   "Authorities that vouch for the provider, PEM");
}

// Where reminders go besides the inboxes.
void AddMail(CLI::App& serve, Config& config) {
  serve.add_option("--smtp-url", config.smtp_url,
                   "Mail server for reminders: smtp:// (STARTTLS) or smtps://");
  serve.add_option("--smtp-from", config.smtp_from,
                   "Address that reminders come from");
  serve.add_option("--smtp-user-file", config.smtp_user_file,
                   "File of two lines, user and password of the mail server, "
                   "its owner's alone");
  serve.add_option("--smtp-ca", config.smtp_ca,
                   "Authorities that vouch for the mail server, PEM");
  serve.add_flag("--smtp-insecure-loopback", config.smtp_insecure_loopback,
                 "Mail without TLS, to this machine alone");
}

}  // namespace

void AddServe(CLI::App& app, Config& config) {
  CLI::App& serve = *app.add_subcommand("serve", "Serve until SIGTERM");
  serve.callback([&config] { config.verb = Verb::kServe; });
  AddDatabase(serve, config, "the service's role");
  AddPorts(serve, config);
  AddSignIn(serve, config);
  AddMail(serve, config);
  serve.add_option("--report-database", config.report_database,
                   "Connection string of reports, as gongkai_report; the same "
                   "database by default");
  serve.add_option("--rulebook", config.rulebook, "Folder of the rule sets");
  serve
      .add_option("--request-key", config.request_key,
                  "File of 32 random bytes")
      ->required();
  AddVault(serve, config);
  Tunable(serve, "--reveal-alarm", config.reveal_alarm,
          "Cases shown whole to one account in an hour that raise an alarm, 0 "
          "for none",
          0, 1'000'000);
  serve.add_flag("--reflection,!--no-reflection", config.reflection,
                 "Answer reflection");
  Tunable(serve, "--max-backdating-days", config.max_backdating_days,
          "Days that an act may be recorded late, 0 for no bound", 0, 100'000);
  Tunable(serve, "--connections", config.connections,
          "Connections to the database", 8, 500);
  Tunable(serve, "--queue", config.queue, "Calls that may wait in a lane", 1,
          100'000);
  Tunable(serve, "--deadline", config.deadline_s,
          "Seconds for a call that names none", 1, 600);
  Tunable(serve, "--drain", config.drain_s,
          "Seconds for calls under way on SIGTERM", 0, 600);
  Tunable(serve, "--max-message", config.max_message_mib,
          "Largest message, MiB", 1, 64);
  Tunable(serve, "--max-streams", config.max_streams,
          "Calls at once on one connection", 1, 100'000);
  Tunable(serve, "--account-rate", config.account_rate,
          "Calls of an account in a second, 0 for no limit", 0, 1'000'000);
  Tunable(serve, "--source-rate", config.source_rate,
          "Calls from an address in a second, 0 for no limit", 0, 1'000'000);
  Tunable(serve, "--account-calls", config.account_calls,
          "Calls of an account under way, 0 for no limit", 0, 1'000'000);
  Tunable(serve, "--watch-queue", config.watch_queue,
          "Changes that wait for one watcher", 1, 100'000);
  serve.add_option("--anchor-dir", config.anchor_folders,
                   "Anchor folder whose checkpoints the log must contain; may "
                   "be repeated");
  serve.add_option("--log-vkey", config.log_keys,
                   "Verifier key of the log, or a file of them; may be "
                   "repeated");
  Tunable(serve, "--anchor-alarm", config.anchor_alarm_s,
          "Seconds until an entry that is not outside raises an alarm, 0 for "
          "none",
          0, 86'400);
}

}  // namespace gongkai::server
