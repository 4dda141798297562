// SPDX-License-Identifier: Apache-2.0
// What an operator may set, and what is refused before anything starts.

#include "services/server/config.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/server/port.h"

namespace gongkai::server {
namespace {

using testing::HasSubstr;

std::optional<int> Read(std::vector<std::string> line, Config& config) {
  line.insert(line.begin(), "gongkai-server");
  std::vector<char*> argv;
  for (std::string& word : line) argv.push_back(word.data());
  return ReadCommandLine(static_cast<int>(argv.size()), argv.data(), config);
}

TEST(Config, WithoutTlsTheServiceListensOnLoopbackAloneAndOnlyWhenTold) {
  for (const char* good : {"127.0.0.1:7070", "127.3.2.1:0", "localhost:1",
                           "[::1]:7070", "unix:/run/gongkai/socket"}) {
    EXPECT_TRUE(CheckListen(good, false, true).ok()) << good;
    EXPECT_EQ(CheckListen(good, false, false).code(),
              absl::StatusCode::kFailedPrecondition)
        << good;
    EXPECT_TRUE(CheckListen(good, true, false).ok()) << good;
  }
  for (const char* bad :
       {"0.0.0.0:7070", "[::]:7070", "192.168.1.4:7070", ":7070", "7070",
        "127.0.0.1", "127.0.0.1.example.org:7070", "localhost.example:1",
        "127.0.0.1:", "127.0.0.1:http", ""}) {
    for (const bool told : {false, true}) {
      EXPECT_EQ(CheckListen(bad, false, told).code(),
                absl::StatusCode::kFailedPrecondition)
          << bad;
    }
  }
  EXPECT_TRUE(CheckListen("0.0.0.0:7070", true, false).ok());
}

TEST(Config, FlagsFillTheConfiguration) {
  Config config;
  ASSERT_EQ(Read({"serve",
                  "--database",
                  "host=x",
                  "--request-key",
                  "k",
                  "--vault",
                  "v",
                  "--connections",
                  "40",
                  "--reflection",
                  "--max-backdating-days",
                  "0",
                  "--admin-allow",
                  "10.1.0.0/16",
                  "--admin-allow",
                  "::1",
                  "--tls-cert",
                  "c",
                  "--tls-key",
                  "k",
                  "--tls-client-ca",
                  "a",
                  "--password-ops",
                  "1",
                  "--password-mib",
                  "8",
                  "--lock-minutes",
                  "3",
                  "--password-days",
                  "7"},
                 config),
            std::nullopt);
  EXPECT_EQ(config.verb, Verb::kServe);
  EXPECT_EQ(config.database, "host=x");
  EXPECT_EQ(config.connections, 40);
  EXPECT_TRUE(config.reflection);
  EXPECT_THAT(config.admin_allow, testing::ElementsAre("10.1.0.0/16", "::1"));
  EXPECT_EQ(config.tls_client_ca, "a");
  EXPECT_EQ(config.sign_in.cost.ops, 1);
  EXPECT_EQ(config.sign_in.cost.mib, 8);
  EXPECT_EQ(config.sign_in.lock, absl::Minutes(3));
  EXPECT_EQ(config.sign_in.policy.max_age, absl::Hours(24 * 7));
  EXPECT_EQ(config.max_backdating_days, 0);
}

TEST(Config, NothingIsLaxUnlessAsked) {
  Config config;
  ASSERT_EQ(
      Read({"serve", "--database", "x", "--request-key", "k", "--vault", "v"},
           config),
      std::nullopt);
  EXPECT_FALSE(config.insecure_loopback);
  EXPECT_FALSE(config.reflection);
  EXPECT_THAT(config.admin_allow, testing::ElementsAre("127.0.0.0/8", "::1"));
}

// The switch by which the service once believed every caller.
TEST(Config, NobodyIsEverBelieved) {
  Config config;
  const std::string gone = std::string("--insecure-") + "dev-identity";
  EXPECT_NE(Read({"serve", "--database", "x", "--request-key", "k", "--vault",
                  "v", gone.c_str()},
                 config),
            std::nullopt);
}

TEST(Config, AValueOutOfBoundsEndsTheProgram) {
  for (const std::vector<std::string>& extra :
       std::vector<std::vector<std::string>>{{"--connections", "1"},
                                             {"--queue", "0"},
                                             {"--max-message", "9999"},
                                             {"--deadline", "x"},
                                             {"--no-such-flag"}}) {
    Config config;
    std::vector<std::string> line = {
        "serve", "--database", "x", "--request-key", "k", "--vault", "v"};
    line.insert(line.end(), extra.begin(), extra.end());
    const std::optional<int> code = Read(line, config);
    ASSERT_TRUE(code.has_value()) << extra[0];
    EXPECT_NE(*code, 0);
  }
  Config config;
  EXPECT_NE(Read({"serve"}, config).value_or(0), 0);
  // Nothing is kept unsealed.
  EXPECT_NE(Read({"serve", "--database", "x", "--request-key", "k"}, config)
                .value_or(0),
            0);
  EXPECT_NE(Read({}, config).value_or(0), 0);
}

TEST(Config, AnAgencyIsDescribedOnTheCommandLine) {
  Config config;
  ASSERT_EQ(Read({"agency", "add", "--database", "x", "--vault", "v", "--code",
                  "SHGXW", "--name", "上海市某某委员会", "--review-organ",
                  "上海市人民政府", "--court", "上海铁路运输法院", "--county",
                  "--correction-days", "10"},
                 config),
            std::nullopt);
  EXPECT_EQ(config.verb, Verb::kAgencyAdd);
  EXPECT_EQ(config.agency, "SHGXW");
  EXPECT_EQ(config.terms.name(), "上海市某某委员会");
  EXPECT_EQ(config.terms.court(), "上海铁路运输法院");
  EXPECT_TRUE(config.terms.county());
  EXPECT_EQ(config.terms.correction_days(), 10);
}

TEST(Config, TheRulebookOfTheProjectIsRead) {
  const char* root = std::getenv("GONGKAI_SOURCE_DIR");
  const auto rules =
      ReadRulebook(std::string(root == nullptr ? "." : root) + "/ops/rulebook");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->version().size(), 12u);
  EXPECT_EQ(ReadRulebook("/nonexistent").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(Config, AShortKeyIsRefused) {
  const std::string path = testing::TempDir() + "/short.key";
  std::ofstream(path) << "short";
  EXPECT_EQ(ReadKey(path).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadKey("/nonexistent").status().code(),
            absl::StatusCode::kNotFound);
  std::ofstream(path) << std::string(40, 'x');
  ASSERT_TRUE(ReadKey(path).ok());
  EXPECT_EQ(ReadKey(path)->size(), 32u);
}

}  // namespace
}  // namespace gongkai::server
