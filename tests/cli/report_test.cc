// SPDX-License-Identifier: Apache-2.0
// `report` and `case advise`, against a service that says what it was asked.
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "clients/cli/commands.h"
#include "clients/cli/fields.h"
#include "clients/cli/keyring.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_reports.h"

namespace gongkai::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Flags = std::vector<std::pair<std::string, std::string>>;

const Command* Find(const Command& tree, const std::vector<std::string>& path) {
  const Command* at = &tree;
  for (const std::string& word : path) {
    const Command* next = nullptr;
    for (const Command& child : at->commands) {
      if (child.name == word) next = &child;
    }
    if (next == nullptr) return nullptr;
    at = next;
  }
  return at;
}

class ReportTest : public testing::Test {
 protected:
  ReportTest() : folder_(NewFolder()), service_(folder_) {
    settings_.server = service_.address();
    // Nobody answers there.
    settings_.admin_server = "127.0.0.1:1";
    settings_.agency = "SHGXW";
    settings_.insecure_loopback = true;
    settings_.keyring = folder_ + "/keyring";
    settings_.timeout_seconds = 5;
    settings_.locale = Locale::kEn;
    const absl::Time later = absl::Now() + absl::Hours(1);
    EXPECT_TRUE(Keyring(settings_.keyring)
                    .Put({.server = settings_.server,
                          .agency = "SHGXW",
                          .account = "head",
                          .access_token = "gka_1",
                          .refresh_token = "gkr_1",
                          .access_until = later,
                          .idle_until = later,
                          .until = later,
                          .signed_in = absl::Now()})
                    .ok());
  }
  ~ReportTest() override { std::filesystem::remove_all(folder_); }

  static std::string NewFolder() {
    char path[] = "/tmp/gongkai-reports-XXXXXX";
    return mkdtemp(path);
  }

  absl::StatusOr<ExitCode> Do(const std::vector<std::string>& path,
                              const Flags& flags) {
    Arguments args;
    for (const auto& [flag, value] : flags) args.Add(flag, value);
    std::ostringstream out;
    std::ostringstream err;
    const Command tree = Tree(settings_.locale);
    const Command* command = Find(tree, path);
    if (command == nullptr) return absl::NotFoundError(path.back());
    auto exit = command->run(cli::Run{settings_, args, out, err, terminal_});
    out_ = out.str();
    err_ = err.str();
    return exit;
  }
  absl::StatusOr<ExitCode> Report(const std::string& verb,
                                  const Flags& flags = {}) {
    return Do({"report", verb}, flags);
  }
  std::string Path(const std::string& name) { return folder_ + "/" + name; }
  std::string Written(const std::string& name) {
    return ReadFile(Path(name)).value_or("");
  }

  const std::string folder_;
  FakeReports service_;
  Settings settings_;
  bool terminal_ = false;
  std::string out_;
  std::string err_;
};

TEST_F(ReportTest, WhatIsOverdueIsListedAPageAtATime) {
  ASSERT_EQ(*Report("overdue", {{"as-of", "2024-04-04"},
                                {"limit", "reply"},
                                {"officer", "zhang"}}),
            ExitCode::kOk);
  EXPECT_THAT(service_.asked(),
              ElementsAre(AllOf(HasSubstr("officer: \"zhang\""),
                                HasSubstr("limits: REPLY"),
                                HasSubstr("overdue_only: true"),
                                HasSubstr("as_of_date: \"2024-04-04\""))));
  EXPECT_THAT(out_, AllOf(HasSubstr("SHGXW-2024-00001"), HasSubstr("-3"),
                          HasSubstr("overdue"),
                          HasSubstr("more: --all or --page-token two")));
  EXPECT_THAT(out_, Not(HasSubstr("SHGXW-2024-00002")));
}

TEST_F(ReportTest, AFileHasEveryPageAndNoFormula) {
  ASSERT_EQ(*Report("work", {{"out", Path("work.csv")}, {"keys", "true"}}),
            ExitCode::kOk);
  EXPECT_EQ(service_.asked().size(), 2u);
  const std::string csv = Written("work.csv");
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBF"
                              "agency,number,phase,limit,state,due_date,left"));
  EXPECT_THAT(csv, AllOf(HasSubstr("SHGXW-2024-00002"),
                         HasSubstr("'=收到 2024-03-04")));
  EXPECT_THAT(err_, HasSubstr("written: "));
  struct stat file = {};
  ASSERT_EQ(stat(Path("work.csv").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(ReportTest, DueLooksAWeekAhead) {
  ASSERT_TRUE(Report("due", {{"as-of", "2024-04-04"}}).ok());
  EXPECT_THAT(service_.asked()[0], HasSubstr("due_by_date: \"2024-04-11\""));
  ASSERT_TRUE(Report("due", {{"due-by", "2024-05-01"}}).ok());
  EXPECT_THAT(service_.asked()[1], HasSubstr("due_by_date: \"2024-05-01\""));
}

TEST_F(ReportTest, CountsAreATableAndAPicture) {
  ASSERT_EQ(*Report("work", {{"by", "department"}, {"beneath", "true"}}),
            ExitCode::kOk);
  EXPECT_THAT(service_.asked()[0],
              AllOf(StartsWith("CountWorkRequest"),
                    HasSubstr("with_agencies_beneath: true"),
                    HasSubstr("grouping: BY_DEPARTMENT")));
  EXPECT_THAT(out_, HasSubstr("suspended"));
  ASSERT_TRUE(
      Report("work", {{"by", "officer"}, {"out", Path("work.svg")}}).ok());
  EXPECT_THAT(Written("work.svg"),
              AllOf(HasSubstr("<svg "), HasSubstr("2: overdue 3, red 0")));
}

TEST_F(ReportTest, FormsThatMakeNoSenseAreUsageErrors) {
  const auto usage = [&](const std::string& verb, const Flags& flags) {
    const auto exit = Report(verb, flags);
    return !exit.ok() && ExitCodeOf(exit.status()) == ExitCode::kUsage;
  };
  EXPECT_TRUE(usage("work", {{"out", Path("work.doc")}}));
  EXPECT_TRUE(usage("work", {{"out", Path("work.svg")}}));
  EXPECT_TRUE(usage("annual", {{"year", "2024"}, {"out", Path("a.csv")}}));
  EXPECT_TRUE(usage("annual", {{"year", "2024"}, {"official", "true"}}));
  EXPECT_TRUE(usage("annual", {{"year", "2024"}, {"cell", "r26:c1"}}));
  EXPECT_TRUE(usage("annual", {{"year", "2024"}, {"cell", "r1"}}));
  EXPECT_TRUE(usage("annual", {{"year", "2024"}, {"edition", "first"}}));
  EXPECT_TRUE(usage("annual", {{"year", "1949"}}));
  EXPECT_TRUE(usage("annual", {{"year", "2024"}, {"as-filed", "true"}}));
  EXPECT_TRUE(usage("register", {{"year", "2024"}, {"from", "2024-01-01"}}));
  EXPECT_TRUE(usage("register", {{"year", "2024"}, {"table", "none"}}));
  settings_.output = Output::kXlsx;
  EXPECT_TRUE(usage("work", {}));
  Arguments wrong;
  wrong.Add("output", "xml");
  EXPECT_EQ(ExitCodeOf(ReadSettings(wrong, Locale::kEn, "x").status()),
            ExitCode::kUsage);
}

TEST_F(ReportTest, TheReturnIsShownWithItsDigest) {
  ASSERT_EQ(*Report("annual", {{"year", "2024"}}), ExitCode::kOk);
  EXPECT_THAT(out_, AllOf(HasSubstr("r25"), HasSubstr("suit_after_review"),
                          HasSubstr("abc123"), HasSubstr("it balances")));
  ASSERT_TRUE(Report("annual", {{"year", "2024"}, {"edition", "last"}}).ok());
  EXPECT_THAT(service_.asked()[1], HasSubstr("edition: -1"));
  EXPECT_THAT(out_, HasSubstr("edition 2, filed 2025-01-21T01:00:00  head"));
  ASSERT_TRUE(Report("annual", {{"year", "2024"},
                                {"edition", "2"},
                                {"as-filed", "true"},
                                {"out", Path("filed")}})
                  .ok());
  EXPECT_EQ(Written("filed"), "as it was filed");
}

TEST_F(ReportTest, AReturnThatDoesNotBalanceIsACheckThatFailed) {
  service_.Unbalance();
  EXPECT_EQ(*Report("annual", {{"year", "2024"}}), ExitCode::kCheckFailed);
  EXPECT_THAT(out_, AllOf(HasSubstr("r2:c1"), HasSubstr("SHGXW-2023-00009")));
  EXPECT_THAT(out_, Not(HasSubstr("it balances")));
  EXPECT_THAT(err_, HasSubstr("it does not balance"));
}

TEST_F(ReportTest, ACellOpensIntoItsCases) {
  ASSERT_TRUE(Report("annual", {{"year", "2024"}, {"cell", "r5:c1"}}).ok());
  EXPECT_THAT(service_.asked()[0],
              AllOf(HasSubstr("table: 3"), HasSubstr("row: 5"),
                    HasSubstr("column: 1")));
  EXPECT_EQ(service_.asked().size(), 2u);
  EXPECT_THAT(err_, HasSubstr("not for this account to see: 2"));
  ASSERT_TRUE(
      Report("annual", {{"year", "2024"}, {"cell", "direct_suit:pending"}})
          .ok());
  EXPECT_THAT(service_.asked()[2],
              AllOf(HasSubstr("table: 4"), HasSubstr("row: 2"),
                    HasSubstr("column: 4")));
}

TEST_F(ReportTest, FilingNamesTheDigestThatWasLookedAt) {
  ASSERT_TRUE(
      Report("annual",
             {{"year", "2024"}, {"file", "abc123"}, {"reason", "late case"}})
          .ok());
  EXPECT_THAT(service_.asked(),
              ElementsAre("FileReturnRequest agency: \"SHGXW\" year: 2024 "
                          "digest: \"abc123\" reason: \"late case\""));
  EXPECT_THAT(err_, HasSubstr("edition 3 filed"));
  EXPECT_THAT(out_, AllOf(HasSubstr("r5:c1"), HasSubstr("SHGXW-2024-00007")));
}

TEST_F(ReportTest, EditionsAreCompared) {
  ASSERT_TRUE(
      Report("annual", {{"year", "2024"}, {"compare", "last:now"}}).ok());
  ASSERT_TRUE(Report("annual", {{"year", "2024"}, {"compare", "1:2"}}).ok());
  EXPECT_THAT(
      service_.asked(),
      ElementsAre(AllOf(Not(HasSubstr("before")), Not(HasSubstr("after"))),
                  AllOf(HasSubstr("before: 1"), HasSubstr("after: 2"))));
  EXPECT_THAT(out_, HasSubstr("(none)"));
}

TEST_F(ReportTest, TheOfficialFormIsAFileOfSheets) {
  ASSERT_TRUE(Report("annual", {{"year", "2024"},
                                {"official", "true"},
                                {"name", "某局"},
                                {"out", Path("a.xlsx")}})
                  .ok());
  EXPECT_THAT(Written("a.xlsx"), StartsWith("PK"));
}

TEST_F(ReportTest, TablesComeInPieces) {
  ASSERT_TRUE(
      Report("performance", {{"year", "2024"}, {"by", "department"}}).ok());
  EXPECT_THAT(service_.asked()[0], AllOf(HasSubstr("kind: PERFORMANCE"),
                                         HasSubstr("from_date: \"2024-01-01\""),
                                         HasSubstr("to_date: \"2024-12-31\""),
                                         HasSubstr("grouping: BY_DEPARTMENT")));
  EXPECT_THAT(out_, AllOf(HasSubstr("median"), HasSubstr("20")));
  EXPECT_EQ(err_, "");
  settings_.output = Output::kJson;
  terminal_ = true;
  ASSERT_TRUE(Report("performance", {{"year", "2024"}}).ok());
  const auto read = nlohmann::json::parse(out_);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[1]["p90"], 20);
  EXPECT_THAT(err_, HasSubstr("looked at 500/1000 cases, Ctrl-C cancels"));
  settings_.output = Output::kTable;
  ASSERT_TRUE(Report("performance", {{"out", Path("p.svg")}}).ok());
  EXPECT_THAT(Written("p.svg"), HasSubstr("2024: median 1, p90 10;"));
}

TEST_F(ReportTest, CtrlCCancelsAndWritesNothing) {
  service_.NeverEnd();
  std::thread user([this] {
    while (service_.asked().empty()) absl::SleepFor(absl::Milliseconds(5));
    std::raise(SIGINT);
  });
  const auto exit = Report("register", {{"out", Path("register.csv")}});
  user.join();
  EXPECT_TRUE(absl::IsCancelled(exit.status())) << exit.status();
  for (int i = 0; i < 500 && !service_.cancelled(); ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_TRUE(service_.cancelled());
  EXPECT_FALSE(std::filesystem::exists(Path("register.csv")));
}

TEST_F(ReportTest, EveryKindOfReportHasAVerb) {
  const Command tree = Tree(Locale::kZh);
  for (int kind = v1::ReportKind_MIN + 1; kind <= v1::ReportKind_MAX; ++kind) {
    const std::string help =
        TermOf(static_cast<v1::ReportKind>(kind), Locale::kZh);
    bool found = false;
    for (const Command& verb : Find(tree, {"report"})->commands) {
      found = found || verb.help == help;
    }
    EXPECT_TRUE(found) << help;
  }
}

TEST_F(ReportTest, AdviceOnADraft) {
  ASSERT_TRUE(Do({"case", "advise"}, {{"NUMBER", "SHGXW-2024-00001"},
                                      {"outcome", "refused"},
                                      {"grounds", "state_secret"}})
                  .ok());
  EXPECT_THAT(service_.asked()[0], AllOf(HasSubstr("outcome: REFUSED"),
                                         HasSubstr("grounds: STATE_SECRET")));
  EXPECT_THAT(out_, AllOf(HasSubstr("87.3%"), HasSubstr("corrected"),
                          HasSubstr("differ from the draft: 2")));
}

TEST_F(ReportTest, ADraftIsFollowedByWhatWasCorrectedBefore) {
  const Flags draft = {{"NUMBER", "SHGXW-2024-00001"}, {"outcome", "refused"}};
  ASSERT_EQ(*Do({"case", "draft-reply"}, draft), ExitCode::kOk);
  EXPECT_THAT(err_, AllOf(HasSubstr("note: corrected before:"),
                          HasSubstr("SHGXW-2023-00003")));
  service_.GoAway();
  ASSERT_EQ(*Do({"case", "draft-reply"}, draft), ExitCode::kOk);
  EXPECT_EQ(err_, "");
  EXPECT_THAT(out_, HasSubstr("SHGXW-2024-00001"));
  ASSERT_EQ(*Do({"case", "register"}, {{"NUMBER", "SHGXW-2024-00001"}}),
            ExitCode::kOk);
  EXPECT_THAT(service_.asked(), testing::SizeIs(2));
}

}  // namespace
}  // namespace gongkai::cli
