// SPDX-License-Identifier: Apache-2.0
// What the command line says when something is wrong: the row, the class of
// the error as exit code, and a sentence for people.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/house.h"

namespace gongkai::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr int kRows = 10000;
constexpr int kBroken = 7654;

class Misuse : public ::testing::Test {
 protected:
  static House& TheHouse() {
    static House house;
    return house;
  }

  static Finished Cli(const std::vector<std::string>& arguments) {
    return TheHouse().Cli(arguments);
  }

  static std::string Receive() {
    const json received = json::parse(
        TheHouse().MustCli({"case", "receive", "--applicant-name", "赵甲一",
                            "--content", "申请公开。", "--output", "json"}));
    return received["receipt"]["number"];
  }

  static std::string Cases() {
    return TheHouse().Ask("SELECT count(*) FROM stream WHERE kind = 1");
  }
};

TEST_F(Misuse, OneBrokenRowOfTenThousandIsNamedAndTheOthersAreKept) {
  std::string csv = "id,applicant_kind,applicant_name,content\n";
  for (int i = 1; i <= kRows; ++i) {
    absl::StrAppend(&csv, "R", i, ",natural_person,赵甲", i, ",",
                    i == kBroken ? "" : "申请公开专项资金清单。", "\n");
  }
  const std::string file = TheHouse().folder() + "/rows.csv";
  WriteText(file, csv);
  const int before = std::stoi(Cases());
  const Finished first = Cli({"case", "receive", "--csv", file});
  EXPECT_EQ(first.exit, 3) << first.err;
  // The heading is line 1.
  EXPECT_THAT(first.err, HasSubstr(absl::StrCat("第 ", kBroken + 1, " 行")));
  EXPECT_THAT(first.err, HasSubstr("content"));
  EXPECT_THAT(first.out, HasSubstr(absl::StrCat("收到 ", kRows - 1)));
  EXPECT_EQ(std::stoi(Cases()), before + kRows - 1);

  // Mended and sent again, only the mended row is new.
  csv.replace(csv.find(absl::StrCat("赵甲", kBroken, ",")),
              absl::StrCat("赵甲", kBroken, ",").size(),
              absl::StrCat("赵甲", kBroken, ",申请公开另一件。"));
  WriteText(file, csv);
  const Finished second = Cli({"case", "receive", "--csv", file});
  EXPECT_EQ(second.exit, 0) << second.err;
  EXPECT_THAT(second.out, HasSubstr("收到 1 件"));
  EXPECT_EQ(std::stoi(Cases()), before + kRows);
}

TEST_F(Misuse, EveryClassOfErrorHasItsExitCodeAndASentence) {
  const std::string number = Receive();
  struct Wrong {
    std::vector<std::string> arguments;
    int exit;
    const char* says;
  };
  const std::vector<Wrong> all = {
      {{"case", "shwo", number}, 2, "subcommand"},
      {{"case", "show", number, "--output", "xml"}, 2, "--output"},
      {{"case", "register", number}, 2, "officer"},
      {{"case", "register", number, "--officer", "handler", "--date",
        "2199-01-01"},
       3,
       "occurred_date"},
      {{"case", "receive", "--applicant-name", "赵甲", "--content", ""},
       3,
       "content"},
      {{"case", "show", "SHGXW-2024-99999"}, 4, "没有此案件"},
      {{"case", "archive", number, "--retention", "ten_years"}, 5, "已接收"},
      {{"case", "register", number, "--officer", "handler",
        "--expected-version", "7"},
       6,
       "VERSION_STALE"},
      {{"case", "register", number, "--officer", "handler", "--as",
        "archivist"},
       7,
       "CAPACITY_MISSING"},
  };
  for (const Wrong& wrong : all) {
    const std::string before = TheHouse().Ask("SELECT count(*) FROM event");
    const Finished finished = Cli(wrong.arguments);
    EXPECT_EQ(finished.exit, wrong.exit)
        << ::testing::PrintToString(wrong.arguments) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(wrong.says));
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(TheHouse().Ask("SELECT count(*) FROM event"), before);
  }
}

TEST_F(Misuse, TheSameErrorIsEnglishWhenAskedFor) {
  const std::string number = Receive();
  const Finished finished = Cli(
      {"case", "archive", number, "--retention", "ten_years", "--lang", "en"});
  EXPECT_EQ(finished.exit, 5);
  EXPECT_THAT(finished.err, HasSubstr("error: "));
  EXPECT_THAT(finished.err, HasSubstr("NOT_IN_THIS_PHASE"));
}

TEST_F(Misuse, AServiceThatIsAwayIsSaidInASentence) {
  TheHouse().SignInAt("unix:" + TheHouse().folder() + "/nobody");
  const Finished nowhere = Cli({"case", "list", "--timeout", "1", "--server",
                                "unix:" + TheHouse().folder() + "/nobody"});
  EXPECT_EQ(nowhere.exit, 8);
  EXPECT_THAT(nowhere.err, HasSubstr("错误："));
  EXPECT_EQ(nowhere.out, "");
  EXPECT_EQ(Cli({"health", "--timeout", "1", "--server",
                 "unix:" + TheHouse().folder() + "/nobody"})
                .exit,
            1);
}

TEST_F(Misuse, JsonParsesWhateverIsAskedFor) {
  const std::string number = Receive();
  const std::vector<std::vector<std::string>> all = {
      {"case", "show", number, "--history"},
      {"case", "list"},
      {"case", "search", "申请公开"},
      {"case", "similar", number},
      {"case", "acts", number},
      {"case", "explain", number},
      {"calendar", "show"},
      {"calendar", "progress"},
      {"statute", "acts"},
      {"statute", "rules"},
      {"roles"},
  };
  for (std::vector<std::string> arguments : all) {
    arguments.insert(arguments.end(), {"--output", "json"});
    const Finished finished = Cli(arguments);
    EXPECT_EQ(finished.exit, 0)
        << ::testing::PrintToString(arguments) << finished.err;
    const json parsed = json::parse(finished.out, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded())
        << ::testing::PrintToString(arguments) << finished.out;
    EXPECT_FALSE(parsed.empty()) << ::testing::PrintToString(arguments);
  }
}

}  // namespace
}  // namespace gongkai::test
