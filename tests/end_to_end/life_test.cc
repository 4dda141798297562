// SPDX-License-Identifier: Apache-2.0
// An officer at the command line: a case from receipt to archive, the stories
// and the decided cases as scripts, the count of days offline.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/act/whole.h"
#include "tests/end_to_end/house.h"

namespace gongkai::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AtTheCommandLine : public ::testing::Test {
 protected:
  static House& TheHouse() {
    static House house;
    return house;
  }

  static std::string Must(const std::vector<std::string>& arguments) {
    const Finished finished = TheHouse().Cli(arguments);
    EXPECT_EQ(finished.exit, 0) << ::testing::PrintToString(arguments) << "\n"
                                << finished.err;
    return finished.out;
  }

  static json Show(const std::string& number) {
    return json::parse(
        Must({"case", "show", number, "--history", "--output", "json"}));
  }

  static json LimitOf(const json& shown, const std::string& kind) {
    for (const json& limit : shown["case"]["limits"]) {
      if (limit["kind"] == kind) return limit;
    }
    return json::object();
  }

  static std::vector<std::string> Scripts(const char* folder) {
    std::vector<std::string> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(SourceDir() + "/data/" + folder)) {
      if (entry.path().extension() == ".jsonl") {
        files.push_back(entry.path().string());
      }
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // The number of the case that the first `receive` of a script's output made.
  static std::string FirstNumber(const std::string& output) {
    for (absl::string_view line : absl::StrSplit(output, '\n')) {
      const std::vector<std::string> words =
          absl::StrSplit(line, ' ', absl::SkipWhitespace());
      if (words.size() > 3 && words[2] == "receive") return words[3];
    }
    return "";
  }
};

TEST_F(AtTheCommandLine, TheServiceIsHealthy) {
  EXPECT_EQ(TheHouse().Cli({"health"}).exit, 0);
}

TEST_F(AtTheCommandLine, ACaseGoesFromReceiptToTheArchive) {
  const json received =
      json::parse(Must({"case", "receive", "--date", "2024-03-04",
                        "--applicant-name", "赵甲一（虚构）", "--content",
                        "申请公开2023年度专项资金清单。", "--output", "json"}));
  const std::string number = received["receipt"]["number"];
  EXPECT_THAT(number, HasSubstr("SHGXW-2024-"));

  EXPECT_THAT(Must({"case", "acts", number, "--on", "2024-03-04", "--open"}),
              AllOf(HasSubstr("register"), HasSubstr("登记"),
                    HasSubstr("REG 45"), Not(HasSubstr("archive"))));
  EXPECT_THAT(Must({"case", "register", number, "--date", "2024-03-04",
                    "--officer", "handler"}),
              AllOf(HasSubstr(number), HasSubstr("版本 2"), HasSubstr("办理中"),
                    HasSubstr("2024-04-01")));
  Must({"case", "record-search", number, "--date", "2024-03-11", "--scope",
        "档案室", "--found", "--result", "清单一份"});
  EXPECT_THAT(
      Must({"case", "draft-reply", number, "--date", "2024-03-18", "--outcome",
            "disclosed", "--text", "现随函提供。", "--access", "随函邮寄",
            "--review-organ", "上海市人民政府", "--court", "上海铁路运输法院"}),
      HasSubstr("版本 4"));
  EXPECT_THAT(
      Must({"case", "submit-for-review", number, "--date", "2024-03-18"}),
      HasSubstr("审核中"));
  Must({"case", "clear-draft", number, "--date", "2024-03-20", "--step",
        "secrecy", "--as", "secrecy_reviewer"});
  Must({"case", "clear-draft", number, "--date", "2024-03-20", "--step",
        "legal", "--as", "legal_reviewer"});
  EXPECT_THAT(Must({"case", "sign", number, "--date", "2024-03-22",
                    "--document-number", "沪某信答〔2024〕第9号"}),
              HasSubstr("已签发"));
  EXPECT_THAT(Must({"case", "dispatch", number, "--date", "2024-03-25",
                    "--carrier", "post_ems"}),
              HasSubstr("已寄送"));
  EXPECT_THAT(Must({"case", "record-service", number, "--date", "2024-03-27",
                    "--outcome", "delivered"}),
              HasSubstr("已送达"));
  EXPECT_THAT(Must({"case", "close", number, "--date", "2024-03-29"}),
              HasSubstr("已办结"));
  EXPECT_THAT(Must({"case", "archive", number, "--date", "2024-04-08",
                    "--retention", "ten_years"}),
              HasSubstr("已归档"));

  EXPECT_THAT(Must({"case", "show", number, "--history"}),
              AllOf(HasSubstr("赵甲一（虚构）"), HasSubstr("予以公开"),
                    HasSubstr("沪某信答〔2024〕第9号"), HasSubstr("按期"),
                    HasSubstr("REG 33(2)")));
  EXPECT_THAT(Must({"case", "explain", number}),
              AllOf(HasSubstr("2024-03-05"), HasSubstr("2024-03-25"),
                    HasSubstr("REG 33(2)")));
  const json shown = Show(number);
  EXPECT_EQ(shown["case"]["phase"], "ARCHIVED");
  EXPECT_EQ(shown["history"].size(), 12u);
  const json reply = LimitOf(shown, "REPLY");
  EXPECT_EQ(reply["due_date"], "2024-04-01");
  EXPECT_EQ(reply["state"], "MET");
  EXPECT_EQ(reply["ended_date"], "2024-03-25");
  EXPECT_EQ(LimitOf(shown, "REVIEW_APPLICATION")["due_date"], "2024-05-27");
}

TEST_F(AtTheCommandLine, TheTrailOfACaseShowsItsPastAndItsReaders) {
  const json received =
      json::parse(Must({"case", "receive", "--date", "2024-03-04",
                        "--applicant-name", "钱乙二（虚构）", "--content",
                        "申请公开某路段整治方案。", "--output", "json"}));
  const std::string number = received["receipt"]["number"];
  Must({"case", "show", number, "--as", "manager"});
  EXPECT_THAT(Must({"case", "progress", number}),
              AllOf(HasSubstr(number), HasSubstr("2024-03-04"),
                    Not(HasSubstr("钱乙二"))));
  const std::string before =
      json::parse(Must({"audit", "history", number, "--output",
                        "json"}))["accesses"][0]["recorded_time"];
  Must({"case", "register", number, "--date", "2024-03-04", "--officer", "li"});
  EXPECT_EQ(TheHouse()
                .Cli({"case", "sign", number, "--date", "2024-03-05",
                      "--document-number", "沪某信答〔2024〕第8号"})
                .exit,
            5);

  EXPECT_THAT(Must({"audit", "history", number}),
              AllOf(HasSubstr("办理中"), HasSubstr("钱乙二（虚构）"),
                    HasSubstr("查阅案件"), HasSubstr("manager"),
                    HasSubstr("查阅审计轨迹"), HasSubstr("行为被拒绝")));
  EXPECT_THAT(Must({"audit", "history", number, "--as-of", before}),
              AllOf(HasSubstr("截至 " + before), HasSubstr("manager"),
                    Not(HasSubstr("办理中")), Not(HasSubstr("legal_auditor"))));
  EXPECT_THAT(
      Must({"audit", "history", number, "--lang", "en", "--as-of", "today"}),
      AllOf(HasSubstr("who saw it"), HasSubstr("case read"),
            HasSubstr("act refused")));
  // The day before, there was no such case; next year is no moment yet.
  EXPECT_EQ(
      TheHouse().Cli({"audit", "history", number, "--as-of", "yesterday"}).exit,
      4);
  EXPECT_EQ(TheHouse()
                .Cli({"audit", "history", number, "--as-of", "2199-01-01"})
                .exit,
            3);
  EXPECT_EQ(
      TheHouse().Cli({"audit", "history", number, "--as-of", "once"}).exit, 2);
  EXPECT_EQ(
      TheHouse().Cli({"audit", "history", number, "--as", "handler"}).exit, 7);

  EXPECT_THAT(Must({"audit", "state"}),
              AllOf(HasSubstr("sha256-ed25519"), HasSubstr("已签名")));
  const json state = json::parse(Must({"audit", "state", "--output", "json"}));
  EXPECT_EQ(state["suite"], "sha256-ed25519");
}

TEST_F(AtTheCommandLine, EveryStoryHoldsAndASecondRunChangesNothing) {
  for (const std::string& file : Scripts("stories")) {
    const Finished first = TheHouse().Cli({"script", file});
    EXPECT_EQ(first.exit, 0) << file << "\n" << first.out << first.err;
    EXPECT_THAT(first.out, HasSubstr("不符 0"));
    const std::string events = TheHouse().Ask("SELECT count(*) FROM event");
    const Finished second = TheHouse().Cli({"script", file});
    EXPECT_EQ(second.exit, 0) << file << "\n" << second.out << second.err;
    EXPECT_EQ(TheHouse().Ask("SELECT count(*) FROM event"), events) << file;
  }
}

// The checks in each file are what the court found.
TEST_F(AtTheCommandLine, EveryDecidedCaseAgreesWithTheFinding) {
  std::ostringstream findings;
  TheHouse().SignInAll(House::kOther);
  const std::vector<std::string> files = Scripts("court_cases");
  ASSERT_GE(files.size(), 20u);
  for (const std::string& file : files) {
    const Finished first = TheHouse().Cli({"script", file});
    EXPECT_EQ(first.exit, 0) << file << "\n" << first.out << first.err;
    const std::string events = TheHouse().Ask("SELECT count(*) FROM event");
    const Finished second = TheHouse().Cli({"script", file});
    EXPECT_EQ(second.exit, 0) << file << "\n" << second.out << second.err;
    EXPECT_EQ(TheHouse().Ask("SELECT count(*) FROM event"), events) << file;

    const std::string number = FirstNumber(first.out);
    ASSERT_NE(number, "") << file << "\n" << first.out;
    const json shown = json::parse(Must({"case", "show", number, "--agency",
                                         House::kOther, "--output", "json"}));
    const json reply = LimitOf(shown, "REPLY");
    findings << std::filesystem::path(file).stem().string() << "  " << number
             << "  due " << reply.value("due_date", "-") << "  "
             << reply.value("state", "-") << ", late by "
             << reply.value("late_by", 0) << "\n";
  }
  std::cout << findings.str();
}

TEST_F(AtTheCommandLine, DaysAreCountedOfflineAsEverywhereElse) {
  const std::vector<std::string> vectors = absl::StrSplit(
      ReadText(SourceDir() + "/tests/vectors/working_day_limits.csv"), '\n',
      absl::SkipEmpty());
  ASSERT_GT(vectors.size(), 20u);
  std::string rows = "start_date,length,unit\n";
  std::string wanted;
  for (size_t i = 1; i < vectors.size(); ++i) {
    const std::vector<std::string> cells = absl::StrSplit(vectors[i], ',');
    absl::StrAppend(&rows, cells[0], ",", cells[1], ",WD\n");
    absl::StrAppend(&wanted, cells[0], ",", cells[1], ",WD,", cells[2],
                    ",ok\n");
  }
  const std::string file = TheHouse().folder() + "/days.csv";
  WriteText(file, rows);
  EXPECT_EQ(Must({"statute", "due", "--csv", file, "--server", "nowhere:1"}),
            "start_date,length,unit,due_date,status\n" + wanted);
}

TEST_F(AtTheCommandLine, OnesOwnRemindersAreListedWatchedAndRead) {
  // Of nobody's duty, so that what the service itself puts in is not among it.
  TheHouse().Ask(
      "SELECT put_inbox(ARRAY['SHGXW'],"
      " ARRAY['0190e000-0000-7000-8000-000000000001']::uuid[],"
      " ARRAY['archivist'], ARRAY[1]::smallint[],"
      " ARRAY['0190e000-0000-7000-8000-000000000002']::uuid[],"
      " ARRAY['SHGXW-2024-00001'], ARRAY[5]::smallint[], ARRAY[1]::smallint[],"
      " ARRAY['2024-04-18']::date[], ARRAY[3], ARRAY[3], ARRAY[0]::bigint[],"
      " ARRAY[0]::bigint[], ARRAY[0]::bigint[], ARRAY['2024-04-15']::date[],"
      " ARRAY[now()], ARRAY[''])");
  const std::string listed = Must({"inbox", "list", "--as", "archivist"});
  EXPECT_THAT(listed, AllOf(HasSubstr("SHGXW-2024-00001"),
                            HasSubstr("2024-04-18"), HasSubstr("未读 1")));
  const json all = json::parse(Must(
      {"inbox", "list", "--unread", "--as", "archivist", "--output", "json"}));
  ASSERT_EQ(all["reminders"].size(), 1u);
  const json& one = all["reminders"][0];
  EXPECT_EQ(one["limit"], "REPLY");
  // After the place before it, it comes at once.
  const int before = std::stoi(one["place"].get<std::string>()) - 1;
  if (before > 0) {
    EXPECT_THAT(Must({"inbox", "watch", "--as", "archivist", "--most", "1",
                      "--after", absl::StrCat(before)}),
                HasSubstr("SHGXW-2024-00001"));
  }
  EXPECT_EQ(Must({"inbox", "read", one["id"], "--as", "archivist"}),
            "标记已读 1\n");
  EXPECT_EQ(Must({"inbox", "read", "--all", "--as", "archivist"}),
            "标记已读 0\n");
  EXPECT_EQ(TheHouse().Cli({"inbox", "read", "--as", "archivist"}).exit, 2);
}

TEST_F(AtTheCommandLine, AnAgencySetsItsRulesOfReminding) {
  Must({"agency", "terms", "--set", "reminder_rules=3:to_officer", "--set",
        "reminder_rules=-1:to_disclosure_head:reply,registration", "--set",
        "reminder_time=09:15"});
  const std::string shown = Must({"agency", "terms"});
  EXPECT_THAT(shown, AllOf(HasSubstr("前 3 个工作日  经办人"),
                           HasSubstr("后 1 个工作日  公开工作机构负责人  "
                                     "答复期限、登记"),
                           HasSubstr("09:15")));
  const Finished refused =
      TheHouse().Cli({"agency", "terms", "--set", "reminder_time=25:00"});
  EXPECT_EQ(refused.exit, 3) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("terms.reminder_time"));
  Must({"agency", "terms", "--set", "reminder_rules=", "--set",
        "reminder_time="});
  EXPECT_THAT(Must({"agency", "terms"}), HasSubstr("08:30"));
}

// Runs last: reads all that the others left.
TEST_F(AtTheCommandLine, LeavesTheDatabaseWhole) {
  const Whole whole = ReadWhole(TheHouse().postgres(), TheHouse().database());
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  EXPECT_GT(whole.cases, 20);
}

}  // namespace
}  // namespace gongkai::test
