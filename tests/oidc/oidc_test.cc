// SPDX-License-Identifier: Apache-2.0
// Signing in by tokens of a real OpenID provider.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "httplib.h"
#include "nlohmann/json.hpp"
#include "services/base/refusal.h"
#include "services/server/provider_keys.h"
#include "tests/accounts/account_house.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {
namespace {

constexpr const char* kAudience = "https://gongkai.example";

std::string FromEnv(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The provider as a program of Node.
class Provider {
 public:
  Provider() : store_(absl::StrCat("/tmp/gongkai-oidc-", getpid(), ".json")) {}
  ~Provider() { Forget(); }

  // Signs with the first of the keys (`KID:ALG`), on the port it had before.
  void Start(const std::vector<std::string>& keys) {
    process_.reset();
    std::vector<std::string> line = {
        FromEnv("GONGKAI_NODE"),
        FromEnv("GONGKAI_OIDC_FOLDER") + "/provider.mjs", absl::StrCat(port_),
        store_};
    line.insert(line.end(), keys.begin(), keys.end());
    process_ = std::make_unique<Process>(
        line, std::vector<std::string>{"NODE_ENV=test"});
    constexpr std::string_view kSays = "listens on ";
    ASSERT_TRUE(process_->WaitFor(kSays, absl::Seconds(30))) << process_->err();
    const std::string out = process_->out();
    const size_t at = out.find(kSays) + kSays.size();
    ASSERT_TRUE(
        absl::SimpleAtoi(out.substr(at, out.find('\n', at) - at), &port_))
        << out;
  }
  void Stop() { process_.reset(); }
  // Its keys are lost.
  void Forget() {
    Stop();
    std::filesystem::remove(store_);
  }

  std::string issuer() const {
    return absl::StrCat("http://127.0.0.1:", port_);
  }
  std::string jwks() const { return issuer() + "/jwks"; }

  // A token of `client` for somebody.
  std::string Token(const std::string& client,
                    const std::string& audience = kAudience) const {
    httplib::Client http(issuer());
    http.set_basic_auth(client, "secret-of-" + client);
    const auto answer = http.Post(
        "/token", httplib::Params{{"grant_type", "client_credentials"},
                                  {"resource", audience},
                                  {"scope", "cases"}});
    EXPECT_TRUE(answer) << httplib::to_string(answer.error());
    if (!answer) return "";
    EXPECT_EQ(answer->status, 200) << answer->body;
    return nlohmann::json::parse(answer->body).value("access_token", "");
  }

 private:
  const std::string store_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

class Oidc : public ::testing::Test {
 protected:
  void SetUp() override {
    if (FromEnv("GONGKAI_NODE").empty()) {
      GTEST_SKIP() << "there is no Node here: the provider was left out";
    }
    // Node looks for packages beside the program.
    std::filesystem::copy_file(
        FromEnv("GONGKAI_SOURCE_DIR") + "/tests/oidc/provider.mjs",
        FromEnv("GONGKAI_OIDC_FOLDER") + "/provider.mjs",
        std::filesystem::copy_options::overwrite_existing);
    provider_.Start({"r1:RS256"});
    Forget();
  }

  // A service that knows no keys yet.
  void Forget() {
    auth::JwtWanted wanted;
    wanted.issuer = provider_.issuer();
    wanted.audience = kAudience;
    keys_ = std::make_unique<server::ProviderKeys>(
        wanted,
        [this]() -> absl::StatusOr<std::string> {
          httplib::Client http(provider_.issuer());
          const auto answer = http.Get("/jwks");
          if (!answer) return absl::UnavailableError("away");
          return answer->body;
        },
        server::ProviderKeys::Pace{absl::ZeroDuration(), absl::Hours(1)});
  }

  // `OK`, or the rule that was broken.
  std::string Check(const std::string& token,
                    absl::Duration later = absl::ZeroDuration()) {
    const auto claims = keys_->Check(token, absl::Now() + later);
    if (claims.ok()) return "OK";
    const auto refusal = RefusalOf(claims.status());
    return refusal ? refusal->wanted() : "odd";
  }
  static std::string Rule(auth::JwtRule rule) {
    return std::string(auth::RuleText(rule));
  }

  Provider provider_;
  std::unique_ptr<server::ProviderKeys> keys_;
};

TEST_F(Oidc, TokensOfEachAlgorithmAreBelieved) {
  for (const char* key : {"r1:RS256", "p1:PS256", "e1:ES256"}) {
    provider_.Start({key});
    Forget();
    const std::string token = provider_.Token("zhao");
    const auto claims = keys_->Check(token, absl::Now());
    ASSERT_TRUE(claims.ok()) << key << claims.status();
    EXPECT_EQ(claims->subject, "zhao");
    EXPECT_EQ(claims->issuer, provider_.issuer());
    EXPECT_GT(claims->expires, absl::Now() + absl::Seconds(300));
  }
}

TEST_F(Oidc, TheProviderMayChangeItsKeys) {
  const std::string old = provider_.Token("zhao");
  ASSERT_EQ(Check(old), "OK");
  // The new one signs, the old one is still published.
  provider_.Start({"r2:RS256", "r1:RS256"});
  EXPECT_EQ(Check(provider_.Token("zhao")), "OK");
  EXPECT_EQ(Check(old), "OK");
  // The old one is taken away: its tokens are over when that is known.
  provider_.Start({"e3:ES256", "r2:RS256"});
  EXPECT_EQ(Check(provider_.Token("zhao")), "OK");
  EXPECT_EQ(Check(old), Rule(auth::JwtRule::kKey));
  // Away, the provider leaves what is known.
  const std::string last = provider_.Token("zhao");
  provider_.Stop();
  EXPECT_EQ(Check(last), "OK");
  EXPECT_EQ(Check(old), Rule(auth::JwtRule::kKey));
}

TEST_F(Oidc, TokensForOthersOrOtherTimesAreRefused) {
  const std::string token = provider_.Token("zhao");
  EXPECT_EQ(Check(provider_.Token("zhao", "https://payroll.example")),
            Rule(auth::JwtRule::kAudience));
  EXPECT_EQ(Check(token, absl::Minutes(5)), "OK");
  EXPECT_EQ(Check(token, absl::Minutes(7)), Rule(auth::JwtRule::kExpiry));
  EXPECT_EQ(Check(token, -absl::Minutes(2)), Rule(auth::JwtRule::kIssued));
}

TEST_F(Oidc, ForgedTokensAreRefused) {
  const std::string token = provider_.Token("zhao");
  ASSERT_EQ(Check(token), "OK");
  const size_t first = token.find('.');
  const size_t second = token.rfind('.');
  std::string text;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(
      token.substr(first + 1, second - first - 1), &text));
  auto claims = nlohmann::json::parse(text);
  claims["sub"] = "qian";
  const std::string altered = absl::WebSafeBase64Escape(claims.dump());
  EXPECT_EQ(Check(token.substr(0, first + 1) + altered + token.substr(second)),
            Rule(auth::JwtRule::kSignature));
  ASSERT_TRUE(absl::WebSafeBase64Unescape(token.substr(0, first), &text));
  auto header = nlohmann::json::parse(text);
  header["alg"] = "none";
  const std::string none = absl::WebSafeBase64Escape(header.dump());
  EXPECT_EQ(Check(absl::StrCat(none, ".", altered, ".")),
            Rule(auth::JwtRule::kForm));
  EXPECT_EQ(Check(absl::StrCat(none, ".", altered, token.substr(second))),
            Rule(auth::JwtRule::kAlgorithm));
  header["alg"] = "HS256";
  EXPECT_EQ(Check(absl::StrCat(absl::WebSafeBase64Escape(header.dump()), ".",
                               altered, token.substr(second))),
            Rule(auth::JwtRule::kAlgorithm));
  // By another provider with the same name, address and name of its key.
  provider_.Forget();
  provider_.Start({"r1:RS256"});
  EXPECT_EQ(Check(provider_.Token("zhao")), Rule(auth::JwtRule::kSignature));
}

TEST_F(Oidc, WhoIsLinkedSignsInOnceByEachToken) {
  act::SignInOptions options = QuickSignIn();
  options.issuer = provider_.issuer();
  AccountHouse house(options);
  house.clock().Set(absl::Now());
  const Person sec = house.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
  house.Staff("li", {v1::ROLE_HANDLER});
  const auto desk =
      house.Desk(options, [this](std::string_view token, absl::Time) {
        return keys_->Check(token, absl::Now());
      });
  const auto sign_in = [&](const std::string& token,
                           v1::SignInResponse* session = nullptr) {
    auth::Caller from;
    from.source = "10.0.0.1";
    v1::SignInWithProviderRequest request;
    request.set_agency(TestService::kAgency);
    request.set_token(token);
    const auto response = desk->SignInWithProvider(
        from, request, absl::Now() + absl::Seconds(10));
    if (response.ok() && session != nullptr) *session = *response;
    return ReasonOf(response.status());
  };
  // Believed, but nobody's.
  EXPECT_EQ(sign_in(provider_.Token("zhao")), "SIGN_IN_FAILED");
  v1::LinkSubjectRequest request;
  request.set_agency(TestService::kAgency);
  request.set_request_id(house.test().NewRequestId());
  request.set_account("li");
  request.set_subject("zhao");
  v1::AccountResponse linked;
  ASSERT_EQ(ReasonOf(house.admin().LinkSubject(house.As(sec).get(), request,
                                               &linked)),
            "OK");
  const std::string token = provider_.Token("zhao");
  v1::SignInResponse session;
  ASSERT_EQ(sign_in(token, &session), "OK");
  EXPECT_EQ(session.account(), "li");
  Person li{"li"};
  li.token = session.access_token();
  EXPECT_EQ(ReasonOf(house.CanCall(li)), "OK");
  EXPECT_EQ(house.WhoAmI(li).sign_in(), "oidc");
  // DB-04, MP-01: overheard and sent again, it opens nothing.
  EXPECT_NE(sign_in(token), "OK");
  EXPECT_EQ(sign_in(provider_.Token("zhao")), "OK");
  EXPECT_EQ(sign_in(provider_.Token("qian")), "SIGN_IN_FAILED");
  EXPECT_EQ(sign_in(provider_.Token("zhao", "https://payroll.example")),
            "PROVIDER_TOKEN_REFUSED");
}

}  // namespace
}  // namespace gongkai::test
