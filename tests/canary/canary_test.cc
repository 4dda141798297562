// SPDX-License-Identifier: Apache-2.0
// Canaries in every kind of personal data, through the shipped programs: what
// the database, its log of changes, a dump, the logs and the metrics hold of
// them is nothing, in whatever form; and the same look finds them where nothing
// is sealed.
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "httplib.h"
#include "services/act/perform.h"
#include "services/act/registry.h"
#include "services/server/config.h"
#include "storage/postgres/postgres_store.h"
#include "tests/canary/look.h"
#include "tests/end_to_end/house.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kMetricsPort = 28651;

constexpr char kIdentity[] = "310101199107317716";
constexpr char kTelephone[] = "13758290713";
constexpr char kAddress[] = "金丝雀弄七三一九号";
constexpr char kAddressLatin[] = "JINSIQUE-LONG-7319";
constexpr char kEmail[] = "jinsique.7319@quill-post.example";
constexpr char kBankCard[] = "6222021907317716853";
constexpr char kReply[] = "回复金丝雀弄八四二六";

const std::vector<Canary>& Canaries() {
  static const auto* const canaries =
      new std::vector<Canary>{{"identity number", kIdentity},
                              {"telephone", kTelephone},
                              {"address", kAddress},
                              {"address in Latin letters", kAddressLatin},
                              {"e-mail", kEmail},
                              {"bank card", kBankCard},
                              {"words of the reply", kReply}};
  return *canaries;
}

std::string Content() {
  return absl::StrCat("申请公开梧桐里征收补偿协议。本人卡号", kBankCard,
                      "，电话", kTelephone, "，邮箱", kEmail, "，身份证",
                      kIdentity, "。");
}

class CanaryTest : public ::testing::Test {
 protected:
  static House& TheHouse() {
    static House* const house = [] {
      House::Options options;
      options.metrics = absl::StrCat("127.0.0.1:", kMetricsPort);
      return new House(options);
    }();
    return *house;
  }
  static Finished Cli(const std::vector<std::string>& arguments) {
    Finished finished = TheHouse().Cli(arguments);
    return finished;
  }

  static std::vector<std::string> Receiving(const std::string& day) {
    return {"case",
            "receive",
            "--date",
            day,
            "--applicant-name",
            "赵甲一（虚构）",
            "--applicant-identity-kind",
            "resident_id",
            "--applicant-identity-number",
            kIdentity,
            "--applicant-telephone",
            kTelephone,
            "--applicant-email",
            kEmail,
            "--applicant-address",
            absl::StrCat("上海市", kAddress, " ", kAddressLatin),
            "--agent-name",
            "钱乙二（虚构）",
            "--agent-telephone",
            kTelephone,
            "--content",
            Content(),
            "--output",
            "json"};
  }
  static std::string Receive(const std::string& day) {
    return json::parse(TheHouse().MustCli(Receiving(day)))["receipt"]["number"];
  }
  static void Do(const std::string& act, const std::string& number,
                 std::vector<std::string> rest) {
    std::vector<std::string> line = {"case", act, number};
    line.insert(line.end(), rest.begin(), rest.end());
    TheHouse().MustCli(line);
  }

  static std::string Metrics() {
    httplib::Client client("127.0.0.1", kMetricsPort);
    const auto page = client.Get("/metrics");
    EXPECT_TRUE(page && page->status == 200);
    return page ? page->body : "";
  }
  static std::string Dump(const std::string& database) {
    const Finished dumped =
        RunProgram({"/usr/lib/postgresql/15/bin/pg_dump",
                    TheHouse().postgres().Superuser(database)},
                   {});
    EXPECT_EQ(dumped.exit, 0) << dumped.err;
    return dumped.out;
  }
  static std::string DataFolder() {
    return TheHouse().Ask("SHOW data_directory");
  }
  static std::string PostgresLog() {
    return ReadText(std::filesystem::path(DataFolder()).parent_path().string() +
                    "/log");
  }
};

TEST(FormsTest, ALookFindsWhatIsThere) {
  const std::vector<Canary> canaries = {{"one", "金丝雀7319"}};
  for (const auto& [name, form] : FormsOf("金丝雀7319")) {
    Look look(canaries);
    look.InText("here", absl::StrCat("xyz", form, "xyz"));
    EXPECT_THAT(look.found(), Contains(absl::StrCat("here: one as ", name)));
  }
  for (size_t before = 0; before < 7; ++before) {
    Look look(canaries);
    look.InText("here", absl::Base64Escape(absl::StrCat(
                            std::string(before, 'q'), "金丝雀7319", "zz")));
    EXPECT_THAT(look.found(), Contains("here: one as base64")) << before;
  }
  Look look(canaries);
  look.InText("here", "金丝雀731");
  EXPECT_THAT(look.found(), IsEmpty());
}

TEST_F(CanaryTest, WhatTheServiceKeepsHoldsNoCanary) {
  House& house = TheHouse();
  Look look(Canaries());
  const auto say = [&look](const char* place, const Finished& finished) {
    // Not an error of the command line itself, which never leaves it.
    EXPECT_NE(finished.exit, 2) << place << finished.err;
    look.InText(absl::StrCat(place, ", output"), finished.out);
    look.InText(absl::StrCat(place, ", errors"), finished.err);
  };

  // A life with personal text in every act.
  const std::string number = Receive("2024-03-04");
  Do("register", number,
     {"--date", "2024-03-04", "--officer", "handler", "--department", "z"});
  Do("require-correction", number,
     {"--date", "2024-03-05", "--items",
      absl::StrCat("请补正，将电话", kTelephone, "联系您"), "--period-days",
      "10", "--served-at-once"});
  Do("accept-correction", number,
     {"--date", "2024-03-06", "--channel", "in_person", "--content",
      Content()});
  Do("draft-reply", number,
     {"--date", "2024-03-07", "--outcome", "disclosed", "--text",
      absl::StrCat(kReply, "，寄", kAddress, " ", kAddressLatin), "--access",
      absl::StrCat("发至", kEmail), "--review-organ", "市人民政府", "--court",
      "某法院"});
  // A second one, which is withdrawn: see the next test.
  const std::string second = Receive("2024-03-04");
  Do("withdraw", second,
     {"--date", "2024-03-05", "--note", absl::StrCat("来电", kTelephone)});

  // Reading: whole for a purpose, in part without, found by number alone.
  const std::string whole = house.MustCli(
      {"case", "show", number, "--history", "--purpose", "contact_applicant"});
  EXPECT_THAT(whole, HasSubstr(kIdentity));
  const json masked =
      json::parse(house.MustCli({"case", "show", number, "--output", "json"}));
  EXPECT_EQ(masked["case"]["applicant"].dump().find(kIdentity),
            std::string::npos);
  EXPECT_THAT(house.MustCli({"case", "search", "--identity-number", kIdentity}),
              HasSubstr(number));
  EXPECT_THAT(house.MustCli({"case", "search", "--telephone", kTelephone}),
              HasSubstr(number));
  for (const char* phrase : {kIdentity, kTelephone, kBankCard, kEmail}) {
    EXPECT_THAT(house.MustCli({"case", "search", phrase}),
                Not(HasSubstr(number)));
  }
  look.InText("search", house.MustCli({"case", "search", "征收补偿协议"}));
  look.InText("like cases", house.MustCli({"case", "similar", number}));

  // Refusals and errors.
  auto wrong = Receiving("2024-03-04");
  const auto with = [](std::vector<std::string> line, const char* flag,
                       const std::string& value) {
    *(std::find(line.begin(), line.end(), flag) + 1) = value;
    return line;
  };
  for (const auto& [flag, value] :
       std::vector<std::pair<const char*, std::string>>{
           {"--applicant-identity-number", std::string(41, '1') + kIdentity},
           {"--applicant-telephone", absl::StrCat(kTelephone, "\xE2\x80\xAE")},
           {"--applicant-address", absl::StrCat(kAddress, "\n", kAddress)},
           {"--applicant-email", std::string(200, 'x') + kEmail},
           {"--content", absl::StrCat(Content(), "\xE2\x80\xAE")}}) {
    const Finished refused = Cli(with(wrong, flag, value));
    EXPECT_GT(refused.exit, 2) << flag;
    say("a field refused", refused);
  }
  const Finished early =
      Cli({"case", "record-service", number, "--date", "2024-03-08",
           "--outcome", "delivered", "--note", kAddress});
  EXPECT_GT(early.exit, 2);
  say("an act out of order", early);
  say("a closed case",
      Cli({"case", "draft-reply", second, "--date", "2024-03-08", "--outcome",
           "disclosed", "--text", kReply, "--access", kEmail, "--review-organ",
           "市人民政府", "--court", "某法院"}));
  auto again = Receiving("2024-03-04");
  again.insert(again.end(),
               {"--request-id", "018f0000-0000-7000-8000-00000000c0de"});
  EXPECT_EQ(Cli(again).exit, 0);
  const Finished reused =
      Cli(with(again, "--content", absl::StrCat(Content(), "又")));
  EXPECT_GT(reused.exit, 2);
  say("an id used twice", reused);
  // The database goes away in the middle of it.
  house.postgres().TerminateBackends(house.database());
  say("after the database was away", Cli({"case", "list"}));
  const std::string folder = house.folder() + "/evidence";
  say("export", Cli({"audit", "export", "--case", number, "--out", folder,
                     "--wait", "0"}));

  // What is left of it.
  house.Ask("CHECKPOINT");
  look.InFolder(DataFolder());
  EXPECT_GT(look.bytes(), 16u << 20);
  look.InText("dump", Dump(house.database()));
  look.InText("metrics", Metrics());
  look.InText("log of PostgreSQL", PostgresLog());
  look.InText("log of the service", house.server_log());
  EXPECT_THAT(look.found(), IsEmpty());
}

TEST_F(CanaryTest, WhenACaseIsErasedItsKeyIsGone) {
  House& house = TheHouse();
  const std::string number = Receive("2024-03-04");
  Do("withdraw", number, {"--date", "2024-03-05", "--note", kReply});
  const std::string of = absl::StrCat(
      " FROM data_key k JOIN stream s USING (agency_id, stream_id)"
      " WHERE s.number = '",
      number, "'");
  const std::string wrapped = house.Ask("SELECT encode(wrapped, 'hex')" + of);
  ASSERT_FALSE(wrapped.empty());
  const std::string payload = house.Ask(
      "SELECT encode(p.payload, 'hex') FROM private_part p JOIN stream s "
      "USING (agency_id, stream_id) WHERE s.number = '" +
      number + "' AND p.seq = 1");
  ASSERT_FALSE(payload.empty());
  EXPECT_THAT(Dump(house.database()), HasSubstr(wrapped));
  house.MustCli({"audit", "erase", number, "--basis", "ordered", "--document",
                 "某删〔2024〕1号", "--as", "archivist"});
  house.MustCli(
      {"audit", "erase", number, "--proposal", "3", "--as", "disclosure_head"});
  EXPECT_EQ(house.Ask("SELECT count(*)" + of), "0");
  const std::string dump = Dump(house.database());
  EXPECT_THAT(dump, Not(HasSubstr(wrapped)));
  EXPECT_THAT(dump, Not(HasSubstr(payload)));
  EXPECT_THAT(house.MustCli({"case", "search", "--identity-number", kIdentity}),
              Not(HasSubstr(number)));
}

TEST_F(CanaryTest, ACrashLeavesNoCore) {
  House& house = TheHouse();
  Receive("2024-03-04");
  const std::string limits =
      ReadText(absl::StrCat("/proc/", house.server_pid(), "/limits"));
  const size_t line = limits.find("Max core file size");
  ASSERT_NE(line, std::string::npos);
  EXPECT_THAT(limits.substr(line, limits.find('\n', line) - line),
              Not(HasSubstr("unlimited")));
  EXPECT_THAT(limits.substr(line, limits.find('\n', line) - line),
              ::testing::ContainsRegex("0 +0 +bytes"));
  const auto cores = [] {
    int n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(".")) {
      if (entry.path().filename().string().starts_with("core")) ++n;
    }
    return n;
  };
  const int before = cores();
  EXPECT_EQ(house.EndServer(SIGSEGV), 128 + SIGSEGV);
  EXPECT_EQ(cores(), before);
  Look look(Canaries());
  look.InText("log of the service", house.server_log());
  EXPECT_THAT(look.found(), IsEmpty());
  house.StartServer();
  EXPECT_EQ(Cli({"case", "list"}).exit, 0);
}

// That the look can fail: the same application, kept without a vault.
TEST_F(CanaryTest, WithoutAVaultTheSameLookFindsThem) {
  const TempPostgres& postgres = TheHouse().postgres();
  const std::string database = TheHouse().postgres().NewDatabase();
  storage::PostgresStore store(postgres.Service(database), 2);
  auto rules = server::ReadRulebook(SourceDir() + "/ops/rulebook");
  ASSERT_TRUE(rules.ok()) << rules.status();
  act::Registry registry(store, *std::move(rules));
  SystemClock clock;
  act::AccessRecorder recorder(store, registry, clock);
  act::Options options;
  options.request_key = std::string(32, 'k');
  options.max_backdating_days = 0;
  act::Performer performer(store, store, registry, recorder, clock, options);
  const absl::Time soon = absl::Now() + absl::Seconds(20);
  v1::AgencyTerms terms;
  terms.set_name("上海市某某委员会");
  terms.set_review_organ("上海市人民政府");
  terms.set_court("上海铁路运输法院");
  const auth::Caller job{
      "job", "job", {v1::ROLE_SECURITY_ADMIN, v1::ROLE_HANDLER}, "*", "job"};
  ASSERT_TRUE(performer.SetAgencyTerms(job, "SHGXW", terms, soon).ok());
  v1::ReceiveApplicationRequest request;
  request.set_agency("SHGXW");
  request.set_request_id("018f0000-0000-7000-8000-00000000beef");
  request.set_arrived_date("2024-03-04");
  auto& application = *request.mutable_application();
  application.set_applicant_kind(v1::NATURAL_PERSON);
  application.set_channel(v1::IN_PERSON);
  v1::Person& who = *application.mutable_applicant();
  who.set_name("赵甲一（虚构）");
  who.set_identity_number(kIdentity);
  who.set_telephone(kTelephone);
  who.set_email(kEmail);
  who.set_address(absl::StrCat(kAddress, " ", kAddressLatin));
  application.set_content(absl::StrCat(Content(), kReply));
  const auto received = performer.Receive(job, request, soon);
  ASSERT_TRUE(received.ok()) << received.status();

  TheHouse().Ask("CHECKPOINT");
  Look files(Canaries());
  files.InFolder(
      absl::StrCat(DataFolder(), "/base/",
                   postgres.Run(postgres.Superuser(database),
                                "SELECT oid FROM pg_database "
                                "WHERE datname = current_database()")));
  Look log(Canaries());
  log.InFolder(DataFolder() + "/pg_wal");
  Look dump(Canaries());
  dump.InText("dump", Dump(database));
  for (const Canary& canary : Canaries()) {
    const auto found = Contains(HasSubstr(canary.name));
    EXPECT_THAT(files.found(), found);
    EXPECT_THAT(log.found(), found);
    EXPECT_THAT(dump.found(), found);
  }
}

}  // namespace
}  // namespace gongkai::test
