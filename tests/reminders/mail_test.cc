// SPDX-License-Identifier: Apache-2.0
// Mail, carried to a real mail server that takes it, refuses it, is busy, dies
// or is not what it should be.

#include "services/jobs/mail.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/report.pb.h"
#include "gtest/gtest.h"
#include "services/base/clock.h"
#include "services/base/ids.h"
#include "services/jobs/mail_text.h"
#include "services/server/config.h"
#include "services/server/mail_way.h"
#include "storage/postgres/postgres_store.h"
#include "tests/end_to_end/process.h"
#include "tests/support/temp_postgres.h"
#include "tests/transport/certificates.h"

namespace gongkai::jobs {
namespace {

using test::Process;
using test::TempPostgres;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr absl::Duration kPatience = absl::Seconds(20);

absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

// One database for all of them, emptied before each.
const std::string& Database() {
  static const auto* const name =
      new std::string(TempPostgres::Shared().NewDatabase());
  TempPostgres::Shared().Run(TempPostgres::Shared().Superuser(*name),
                             "TRUNCATE inbox");
  return *name;
}

// A real mail server in a process of its own.
class MailServer {
 public:
  explicit MailServer(std::vector<std::string> flags = {}) {
    const char* dir = std::getenv("GONGKAI_SOURCE_DIR");
    std::vector<std::string> line = {"/usr/bin/python3",
                                     std::string(dir == nullptr ? "." : dir) +
                                         "/tests/reminders/smtp_server.py"};
    line.insert(line.end(), flags.begin(), flags.end());
    process_ = std::make_unique<Process>(line, std::vector<std::string>{});
    EXPECT_TRUE(process_->WaitFor("\n", kPatience)) << process_->err();
    std::istringstream out(process_->out());
    std::string first;
    std::getline(out, first);
    port_ = Json::parse(first).value("port", 0);
  }
  int port() const { return port_; }
  std::string Url(const char* scheme = "smtp") const {
    return absl::StrCat(scheme, "://127.0.0.1:", port_);
  }
  // The mails that came.
  std::vector<Json> Mails() const {
    std::vector<Json> mails;
    std::istringstream out(process_->out());
    std::string line;
    std::getline(out, line);
    while (std::getline(out, line)) mails.push_back(Json::parse(line));
    return mails;
  }
  int Wait() { return process_->Wait(); }

 private:
  std::unique_ptr<Process> process_;
  int port_ = 0;
};

class Mail : public ::testing::Test {
 protected:
  Mail() : store_(TempPostgres::Shared().Service(Database()), 4) {
    std::string folder = "/tmp/gongkai-mail-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  ~Mail() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string Write(const std::string& name, const std::string& text,
                    mode_t mode = 0600) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  // The flags by which a server with a certificate of the house runs.
  std::vector<std::string> Tls() {
    const test::Issued issued = authority_.Issue("mail");
    return {"--cert", Write("cert.pem", issued.certificate), "--key",
            Write("key.pem", issued.key)};
  }
  std::string Ca() { return Write("ca.pem", authority_.certificate()); }

  static storage::InboxEntry Entry(const std::string& account, int n = 0) {
    storage::InboxEntry entry;
    entry.agency = "SHGXW";
    entry.account = account;
    entry.kind = v1::REMIND_LIMIT;
    entry.stream = UuidFrom("a case");
    entry.number = "SHGXW-2024-00001";
    entry.limit_kind = v1::REPLY;
    entry.ordinal = 1;
    entry.due = absl::CivilDay(2024, 4, 18);
    entry.rule_days = n;
    entry.left = 3;
    entry.remind_date = absl::CivilDay(2024, 4, 15);
    entry.made_time = absl::Now();
    entry.id = UuidFrom(absl::StrCat(account, n));
    entry.mail_to = account + "@gxw.example.cn";
    return entry;
  }
  void Put(const std::vector<storage::InboxEntry>& entries) {
    const auto put = store_.PutEntries(entries, Soon());
    ASSERT_TRUE(put.ok()) << put.status();
    ASSERT_EQ(*put, static_cast<int>(entries.size()));
  }

  server::Config Plain(const MailServer& server) {
    server::Config config;
    config.smtp_url = server.Url();
    config.smtp_from = "gongkai@gxw.example.cn";
    config.smtp_insecure_loopback = true;
    return config;
  }
  server::Config Secured(const MailServer& server,
                         const char* scheme = "smtp") {
    server::Config config = Plain(server);
    config.smtp_url = server.Url(scheme);
    config.smtp_insecure_loopback = false;
    config.smtp_ca = Ca();
    return config;
  }
  std::unique_ptr<Mailer> Start(const server::Config& config) {
    auto way = server::MailWayOf(config);
    EXPECT_TRUE(way.ok()) << way.status();
    Mailer::Options options;
    options.from = config.smtp_from;
    options.every = absl::Milliseconds(20);
    options.pause = absl::Milliseconds(20);
    options.away = absl::Milliseconds(50);
    options.most_attempts = 4;
    return std::make_unique<Mailer>(store_, clock_, *std::move(way), options);
  }
  int64_t Waiting() {
    const auto waiting = store_.MailsWaiting(Soon());
    EXPECT_TRUE(waiting.ok()) << waiting.status();
    return waiting.ok() ? waiting->waiting : -1;
  }
  template <typename Holds>
  static bool Eventually(const Holds& holds) {
    const absl::Time end = absl::Now() + kPatience;
    while (!holds()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  storage::PostgresStore store_;
  SystemClock clock_;
  std::string folder_;
  test::Authority authority_{"Test CA"};
};

TEST_F(Mail, IsOneThatEveryReaderUnderstandsAndNamesNobody) {
  MailServer server;
  storage::InboxEntry digest = Entry("ma");
  digest.kind = v1::REMIND_DIGEST;
  digest.stream = digest.number = "";
  digest.due.reset();
  digest.limit_kind = digest.ordinal = digest.rule_days = 0;
  digest.overdue = 2;
  digest.red = 1;
  digest.yellow = 7;
  digest.id = UuidFrom("digest");
  Put({Entry("li"), digest});
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return mailer->sent() == 2; }));
  EXPECT_EQ(Waiting(), 0);
  const std::vector<Json> mails = server.Mails();
  ASSERT_EQ(mails.size(), 2u);
  const Json& one = mails[0];
  EXPECT_EQ(one["from"], "gongkai@gxw.example.cn");
  EXPECT_EQ(one["to"], Json::array({"li@gxw.example.cn"}));
  EXPECT_EQ(one["id"], "<" + UuidFrom("li0") + "@gxw.example.cn>");
  EXPECT_EQ(one["subject"],
            "【依申请公开】催办 SHGXW-2024-00001 答复期限：2024-04-18，"
            "还剩 3 个工作日");
  EXPECT_EQ(one["header_to"], "li@gxw.example.cn");
  EXPECT_EQ(one["header_from"], "gongkai@gxw.example.cn");
  EXPECT_EQ(one["auto"], "auto-generated");
  EXPECT_EQ(one["ascii"], true);
  EXPECT_LE(one["longest_line"].get<int>(), 76);
  EXPECT_EQ(one["defects"], Json::array());
  const std::string body = one["body"];
  EXPECT_THAT(body, HasSubstr("案件编号：SHGXW-2024-00001"));
  EXPECT_THAT(body, HasSubstr("Last day: 2024-04-18"));
  EXPECT_THAT(body, HasSubstr("3 working day(s) left"));
  EXPECT_THAT(body, Not(HasSubstr("http")));
  EXPECT_THAT(body, Not(HasSubstr("赵甲一")));
  EXPECT_EQ(mails[1]["subject"],
            "【依申请公开】2024-04-15 期限汇总：逾期 2，红 1，黄 7");
}

TEST_F(Mail, ARefusedReceiverIsGivenUpAtOnceAndHoldsNobodyUp) {
  MailServer server;
  Put({Entry("refused"), Entry("li"), Entry("refused", 1), Entry("wang")});
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return Waiting() == 0; }));
  EXPECT_TRUE(Eventually(
      [&] { return mailer->sent() == 2 && mailer->given_up() == 2; }));
  EXPECT_EQ(server.Mails().size(), 2u);
  // It stays in the inbox, with the attempt that was made.
  const auto kept = store_.InboxAfter("SHGXW", "refused", 0, 10, Soon());
  ASSERT_TRUE(kept.ok());
  ASSERT_EQ(kept->size(), 2u);
  EXPECT_EQ((*kept)[0].attempts, 1);
}

TEST_F(Mail, OneAtWhichTheServerBreaksOffHoldsNobodyUp) {
  MailServer server;
  Put({Entry("breaks"), Entry("li"), Entry("wang")});
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return mailer->sent() == 2; }));
  EXPECT_EQ(mailer->given_up(), 0);
  EXPECT_EQ(Waiting(), 1);
}

TEST_F(Mail, WhoIsBusyIsAskedAgainUnderTheSameMessageId) {
  MailServer server({"--busy", "2"});
  Put({Entry("busy")});
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return mailer->sent() == 1; }));
  ASSERT_EQ(server.Mails().size(), 1u);
  EXPECT_EQ(server.Mails()[0]["id"],
            "<" + UuidFrom("busy0") + "@gxw.example.cn>");
  EXPECT_EQ(mailer->given_up(), 0);
}

TEST_F(Mail, WhatIsNeverTakenIsGivenUpAfterSoManyAttempts) {
  MailServer server({"--refuse-text"});
  Put({Entry("li")});
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return mailer->given_up() == 1; }));
  EXPECT_EQ(mailer->sent(), 0);
  EXPECT_EQ(server.Mails().size(), 4u);
  EXPECT_EQ(Waiting(), 0);
}

TEST_F(Mail, AServerThatDiesAfterTakingTheTextGetsTheSameMailAgain) {
  std::vector<Json> first;
  std::string port;
  Put({Entry("li")});
  auto dies = std::make_unique<MailServer>(
      std::vector<std::string>{"--die-after-data"});
  const server::Config config = Plain(*dies);
  port = absl::StrCat(dies->port());
  const auto mailer = Start(config);
  EXPECT_EQ(dies->Wait(), 0);
  first = dies->Mails();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(mailer->sent(), 0);
  MailServer again({"--port", port});
  ASSERT_TRUE(Eventually([&] { return mailer->sent() == 1; }));
  ASSERT_EQ(again.Mails().size(), 1u);
  // To the letter: date and identifier too.
  EXPECT_EQ(again.Mails()[0], first[0]);
}

TEST_F(Mail, WhatWasTakenAndNotNotedGoesAgainAfterItsLease) {
  MailServer server;
  Put({Entry("li")});
  // As a server that died between handing over and noting it.
  const auto lent =
      store_.TakeMails(1, absl::Now(), absl::Milliseconds(100), Soon());
  ASSERT_TRUE(lent.ok());
  ASSERT_EQ(lent->size(), 1u);
  EXPECT_EQ((*lent)[0].attempts, 1);
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return mailer->sent() == 1; }));
  ASSERT_EQ(server.Mails().size(), 1u);
  EXPECT_EQ(Waiting(), 0);
}

TEST_F(Mail, TwoServersSendEachMailOnce) {
  MailServer server;
  std::vector<storage::InboxEntry> entries;
  for (int n = 0; n < 60; ++n) entries.push_back(Entry("li", n));
  Put(entries);
  const auto one = Start(Plain(server));
  const auto other = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return one->sent() + other->sent() == 60; }));
  std::set<std::string> ids;
  for (const Json& mail : server.Mails()) ids.insert(mail["id"]);
  EXPECT_EQ(ids.size(), 60u);
  EXPECT_EQ(server.Mails().size(), 60u);
}

TEST_F(Mail, GoesByStartTlsWithUserAndPassword) {
  std::vector<std::string> flags = Tls();
  flags.insert(flags.end(),
               {"--user", "gongkai", "--password", "s3cret words"});
  MailServer server(flags);
  Put({Entry("li")});
  server::Config config = Secured(server);
  config.smtp_user_file = Write("user", "gongkai\ns3cret words\n");
  const auto mailer = Start(config);
  ASSERT_TRUE(Eventually([&] { return mailer->sent() == 1; }));
  EXPECT_EQ(server.Mails()[0]["tls"], true);
  EXPECT_EQ(server.Mails()[0]["signed_in"], true);
}

TEST_F(Mail, GoesBySmtpsToo) {
  std::vector<std::string> flags = Tls();
  flags.push_back("--smtps");
  MailServer server(flags);
  Put({Entry("li")});
  const auto mailer = Start(Secured(server, "smtps"));
  EXPECT_TRUE(Eventually([&] { return mailer->sent() == 1; }));
}

// Tries a while; nothing may have gone out, and nothing is lost.
TEST_F(Mail, WaitsRatherThanGoToAServerThatIsNotWhatItShouldBe) {
  std::vector<std::string> flags = Tls();
  flags.insert(flags.end(), {"--user", "gongkai", "--password", "right"});
  MailServer signs_in(flags);
  MailServer bare;
  Put({Entry("li")});
  const auto nothing_goes = [&](const server::Config& config) {
    const auto mailer = Start(config);
    absl::SleepFor(absl::Milliseconds(400));
    mailer->Stop();
    EXPECT_EQ(mailer->sent(), 0);
    EXPECT_EQ(mailer->given_up(), 0);
    EXPECT_EQ(Waiting(), 1);
  };
  // No STARTTLS where it is required.
  nothing_goes(Secured(bare));
  // Another authority than ours.
  server::Config stranger = Secured(signs_in);
  stranger.smtp_ca =
      Write("other.pem", test::Authority("Another").certificate());
  nothing_goes(stranger);
  // A wrong password.
  server::Config wrong = Secured(signs_in);
  wrong.smtp_user_file = Write("user", "gongkai\nwrong\n");
  nothing_goes(wrong);
  EXPECT_TRUE(signs_in.Mails().empty());
  EXPECT_TRUE(bare.Mails().empty());
  // With the right one it goes.
  server::Config right = Secured(signs_in);
  right.smtp_user_file = Write("user", "gongkai\nright\n");
  const auto mailer = Start(right);
  EXPECT_TRUE(Eventually([&] { return mailer->sent() == 1; }));
}

TEST_F(Mail, WhatHasWaitedAWeekIsNotSentAnyMore) {
  MailServer server;
  storage::InboxEntry old = Entry("li");
  old.made_time = absl::Now() - absl::Hours(7 * 24 + 1);
  Put({old});
  const auto mailer = Start(Plain(server));
  ASSERT_TRUE(Eventually([&] { return mailer->given_up() == 1; }));
  EXPECT_TRUE(server.Mails().empty());
}

TEST_F(Mail, FlagsThatDoNotGoTogetherAreRefused) {
  const auto trouble = [](const server::Config& config) {
    return std::string(server::MailWayOf(config).status().message());
  };
  server::Config good;
  good.smtp_url = "smtp://mail.example.cn:587";
  good.smtp_from = "gongkai@gxw.example.cn";
  EXPECT_EQ(trouble(good), "");
  EXPECT_EQ(trouble(server::Config()), "");
  for (const char* bad :
       {"mail.example.cn", "http://mail.example.cn", "smtp://", "smtp://a@b",
        "smtp://host/path", "smtp://ho st"}) {
    server::Config config = good;
    config.smtp_url = bad;
    EXPECT_THAT(trouble(config), HasSubstr("--smtp-url")) << bad;
  }
  server::Config config = good;
  config.smtp_insecure_loopback = true;
  EXPECT_THAT(trouble(config), HasSubstr("--smtp-insecure-loopback"));
  config = good;
  for (const char* bad : {"", "gongkai", "a b@c", "a@b>\r\nRCPT TO:<x@y"}) {
    config.smtp_from = bad;
    EXPECT_THAT(trouble(config), HasSubstr("--smtp-from")) << bad;
  }
  config = good;
  config.smtp_url = "";
  EXPECT_THAT(trouble(config), HasSubstr("--smtp-url"));
  config = good;
  config.smtp_user_file = Write("open", "gongkai\nsecret\n", 0644);
  EXPECT_THAT(trouble(config), HasSubstr("0600"));
  EXPECT_THAT(trouble(config), Not(HasSubstr("secret")));
  config.smtp_user_file = Write("short", "gongkai\n");
  EXPECT_THAT(trouble(config), HasSubstr("two lines"));
  config.smtp_user_file = folder_ + "/none";
  EXPECT_THAT(trouble(config), HasSubstr("none"));
}

TEST(MailText, EncodedWordsAreShortAndKeepCharactersWhole) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += i % 7 == 0 ? "a" : "答𠮷";
  const std::string words = EncodedWords(text);
  std::istringstream lines(words);
  std::string line;
  static const std::regex form(R"( ?=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?=\r?)");
  while (std::getline(lines, line)) {
    EXPECT_LE(line.size(), 66u);
    EXPECT_TRUE(std::regex_match(line, form)) << line;
  }
}

}  // namespace
}  // namespace gongkai::jobs
