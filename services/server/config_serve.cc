// SPDX-License-Identifier: Apache-2.0
// The flags of `gongkai-server serve`, with their bounds.
#include "CLI/CLI.hpp"
#include "services/server/config.h"
#include "services/server/config_verbs.h"

namespace gongkai::server {
namespace {

template <typename T>
void Tunable(CLI::App& verb, const char* name, T& value, const char* help,
             T least, T most) {
  verb.add_option(name, value, help)
      ->check(CLI::Range(least, most))
      ->capture_default_str();
}

}  // namespace

void AddServe(CLI::App& app, Config& config) {
  CLI::App& serve = *app.add_subcommand("serve", "Serve until SIGTERM");
  serve.callback([&config] { config.verb = Verb::kServe; });
  AddDatabase(serve, config, "the service's role");
  serve
      .add_option("--listen", config.listen,
                  "HOST:PORT on loopback, or unix:PATH")
      ->capture_default_str();
  serve
      .add_option("--metrics", config.metrics,
                  "HOST:PORT of the metrics, empty for none")
      ->capture_default_str();
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
  serve.add_flag("--insecure-dev-identity", config.insecure_dev_identity,
                 "Take the caller's word for who he is");
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
  serve.add_option("--trusted-proxy", config.trusted_proxies,
                   "Network of proxies whose x-forwarded-for is believed; may "
                   "be repeated");
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
