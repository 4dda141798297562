// SPDX-License-Identifier: Apache-2.0
// When the keys of the identity provider are fetched, and what is believed
// while it is away.

#include "services/server/provider_keys.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "httplib.h"
#include "services/base/refusal.h"

namespace gongkai::server {
namespace {

// A key of RFC 7517, appendix A.1, under a name.
std::string SetOf(const std::string& kid) {
  return absl::StrCat(
      R"({"keys":[{"kty":"EC","crv":"P-256","kid":")", kid,
      R"(","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)",
      R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]})");
}

// A token that names a key; no more of it is sound.
std::string Naming(const std::string& kid) {
  return absl::StrCat(
      absl::WebSafeBase64Escape(
          absl::StrCat(R"({"alg":"ES256","typ":"JWT","kid":")", kid, R"("})")),
      ".e30.", absl::WebSafeBase64Escape(std::string(64, 's')));
}

// Whether the key that a token names was known.
std::string Outcome(ProviderKeys& keys, const std::string& kid) {
  const auto refusal = RefusalOf(keys.Check(Naming(kid), absl::Now()).status());
  if (!refusal) return "odd";
  if (refusal->reason() == v1::TOO_BUSY) return "away";
  return refusal->wanted() == auth::RuleText(auth::JwtRule::kKey) ? "unknown"
                                                                  : "known";
}

TEST(ProviderKeys, AreFetchedForAnUnknownKeyButNotForEveryToken) {
  int fetches = 0;
  std::string now = SetOf("a");
  ProviderKeys keys({},
                    [&]() -> absl::StatusOr<std::string> {
                      ++fetches;
                      return now;
                    },
                    {absl::Milliseconds(300), absl::Hours(1)});
  EXPECT_EQ(Outcome(keys, "a"), "known");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Outcome(keys, "a"), "known");
  EXPECT_EQ(fetches, 1);
  // A flood of made-up names asks the provider once.
  absl::SleepFor(absl::Milliseconds(310));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Outcome(keys, absl::StrCat("x", i)), "unknown");
  }
  EXPECT_EQ(fetches, 2);
  // The provider changes its keys.
  now = SetOf("b");
  absl::SleepFor(absl::Milliseconds(310));
  EXPECT_EQ(Outcome(keys, "b"), "known");
  EXPECT_EQ(Outcome(keys, "a"), "unknown");
  EXPECT_EQ(fetches, 3);
}

TEST(ProviderKeys, TheLastOnesGoOnWhileTheProviderIsAway) {
  bool away = true;
  std::string now = SetOf("a");
  ProviderKeys keys({},
                    [&]() -> absl::StatusOr<std::string> {
                      if (away) return absl::UnavailableError("away");
                      return now;
                    },
                    {absl::Milliseconds(50), absl::Milliseconds(100)});
  EXPECT_EQ(Outcome(keys, "a"), "away");
  away = false;
  absl::SleepFor(absl::Milliseconds(60));
  EXPECT_EQ(Outcome(keys, "a"), "known");
  // It is over an hour old here, and cannot be had.
  away = true;
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_EQ(Outcome(keys, "a"), "known");
  EXPECT_GE(keys.failed(), 2);
  // What comes back is no set of keys.
  away = false;
  now = "<html>";
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_EQ(Outcome(keys, "a"), "known");
  // In any case after a while.
  now = SetOf("b");
  absl::SleepFor(absl::Milliseconds(150));
  Outcome(keys, "a");
  EXPECT_EQ(Outcome(keys, "a"), "unknown");
}

TEST(ProviderKeys, ManyAtOnceFetchOnce) {
  std::atomic<int> fetches{0};
  ProviderKeys keys({},
                    [&]() -> absl::StatusOr<std::string> {
                      fetches.fetch_add(1);
                      absl::SleepFor(absl::Milliseconds(100));
                      return SetOf("a");
                    },
                    {absl::Seconds(10), absl::Hours(1)});
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] { EXPECT_EQ(Outcome(keys, "a"), "known"); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(fetches.load(), 1);
}

TEST(ProviderKeys, HalfAProviderOrAnOpenNetworkIsRefused) {
  Config config;
  ASSERT_TRUE(ProviderKeys::Make(config).ok());
  EXPECT_EQ(*ProviderKeys::Make(config), nullptr);
  config.oidc_issuer = "https://id.example";
  EXPECT_EQ(ProviderKeys::Make(config).status().code(),
            absl::StatusCode::kInvalidArgument);
  config.oidc_audience = "gongkai";
  for (const char* bad :
       {"", "http://id.example/jwks", "http://192.168.1.1:80/jwks",
        "https://id.example", "https:///jwks", "ftp://id.example/jwks",
        "https://user@id.example/jwks", "http://127.0.0.1.example:80/jwks"}) {
    config.oidc_jwks = bad;
    EXPECT_EQ(ProviderKeys::Make(config).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
  for (const char* good :
       {"https://id.example/jwks", "http://127.0.0.1:4000/jwks",
        "http://localhost/jwks", "http://[::1]:4000/jwks"}) {
    config.oidc_jwks = good;
    EXPECT_TRUE(ProviderKeys::Make(config).ok()) << good;
  }
}

// Serves one path of this machine.
class Web {
 public:
  explicit Web(const httplib::Server::Handler& handler) {
    server_.Get("/jwks", handler);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Web() {
    server_.stop();
    thread_.join();
  }
  std::unique_ptr<ProviderKeys> Keys() const {
    Config config;
    config.oidc_issuer = "https://id.example";
    config.oidc_audience = "gongkai";
    config.oidc_jwks = absl::StrCat("http://127.0.0.1:", port_, "/jwks");
    return *ProviderKeys::Make(config);
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST(ProviderKeys, AnAnswerThatIsWrongOrWithoutEndIsNotTaken) {
  const Web sound([](const httplib::Request&, httplib::Response& response) {
    response.set_content(SetOf("a"), "application/json");
  });
  EXPECT_EQ(Outcome(*sound.Keys(), "a"), "known");
  const Web error([](const httplib::Request&, httplib::Response& response) {
    response.status = 500;
    response.set_content(SetOf("a"), "application/json");
  });
  EXPECT_EQ(Outcome(*error.Keys(), "a"), "away");
  const Web elsewhere([](const httplib::Request&, httplib::Response& response) {
    response.set_redirect("https://evil.example/jwks");
  });
  EXPECT_EQ(Outcome(*elsewhere.Keys(), "a"), "away");
  const Web huge([](const httplib::Request&, httplib::Response& response) {
    response.set_content(SetOf("a") + std::string(300'000, ' '),
                         "application/json");
  });
  EXPECT_EQ(Outcome(*huge.Keys(), "a"), "away");
  // One byte now and then.
  const Web drip([](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider(
        "application/json", [](size_t, httplib::DataSink& sink) {
          absl::SleepFor(absl::Milliseconds(200));
          return sink.write(" ", 1);
        });
  });
  const absl::Time begun = absl::Now();
  EXPECT_EQ(Outcome(*drip.Keys(), "a"), "away");
  EXPECT_LT(absl::Now() - begun, absl::Seconds(8));
}

}  // namespace
}  // namespace gongkai::server
