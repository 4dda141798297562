// SPDX-License-Identifier: Apache-2.0
// The pieces of the command line that need no service: tables, words, flags,
// scripts as far as they are read, completion.

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "clients/cli/acts.h"
#include "clients/cli/command.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/csv.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/script_line.h"
#include "gmock/gmock.h"
#include "gongkai/v1/act.pb.h"
#include "gongkai/v1/options.pb.h"
#include "google/rpc/details.pb.h"
#include "gtest/gtest.h"
#include "services/base/ids.h"
#include "services/base/text.h"

namespace gongkai::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> LinesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Table, ColumnsStayAlignedWithChineseText) {
  Table table({"案号", "n", "due"});
  table.Add({"SHGXW-2024-00001", "办理中", "#1"});
  table.Add({"短", "𠮷野家", "#2"});
  std::ostringstream out;
  table.Print(out);
  std::vector<size_t> columns;
  for (const std::string& line : LinesOf(out.str())) {
    const size_t at = std::min(line.find('#'), line.find("due"));
    ASSERT_NE(at, std::string::npos) << line;
    columns.push_back(DisplayWidth(line.substr(0, at)));
  }
  EXPECT_THAT(columns, ElementsAre(26, 26, 26));
}

TEST(Table, CellsAreCutToColumnsNotToBytes) {
  EXPECT_EQ(Clipped("政府信息公开", 7), "政府信…");
  EXPECT_EQ(Clipped("政府信息公开", 12), "政府信息公开");
  EXPECT_EQ(DisplayWidth(Clipped("a政府信息公开", 8)), 8);
}

TEST(Table, LineBreaksDoNotBreakRows) {
  Table table({"a", "b"});
  table.Add({"one\ntwo", "x"});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(LinesOf(out.str()).size(), 2);
}

TEST(EnumWords, NameInAnyCaseOrTermNamesAValue) {
  for (const char* word : {"POST_EMS", "post_ems", "post-ems", "Post-Ems",
                           "邮政特快专递", "China Post EMS"}) {
    const auto value = FindEnumValue(*v1::Carrier_descriptor(), word);
    ASSERT_TRUE(value.ok()) << word;
    EXPECT_EQ((*value)->number(), v1::POST_EMS) << word;
  }
  const auto role = FindEnumValue(*v1::Role_descriptor(), "secrecy_reviewer");
  ASSERT_TRUE(role.ok());
  EXPECT_EQ((*role)->number(), v1::ROLE_SECRECY_REVIEWER);
}

TEST(EnumWords, AWrongWordIsAnsweredWithTheChoices) {
  const auto value = FindEnumValue(*v1::Carrier_descriptor(), "pigeon");
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(value.status().message()),
              testing::AllOf(HasSubstr("post_ems"), HasSubstr("pigeon"),
                             Not(HasSubstr("unspecified"))));
}

TEST(EnumWords, NothingSaidIsNoChoice) {
  EXPECT_FALSE(
      FindEnumValue(*v1::Carrier_descriptor(), "carrier_unspecified").ok());
  // A zero value with a meaning of its own is one.
  EXPECT_TRUE(FindEnumValue(*v1::LetterKind_descriptor(), "the-reply").ok());
}

TEST(SetField, NestedListsAndFlagsAreReached) {
  v1::Application application;
  EXPECT_TRUE(SetField(&application, "applicant.name", "赵甲一").ok());
  EXPECT_TRUE(SetField(&application, "needs_assistance", "是").ok());
  EXPECT_EQ(application.applicant().name(), "赵甲一");
  EXPECT_TRUE(application.needs_assistance());
  v1::DraftReply draft;
  EXPECT_TRUE(SetField(&draft, "grounds", "商业秘密, PERSONAL_PRIVACY").ok());
  EXPECT_THAT(draft.grounds(),
              ElementsAre(v1::BUSINESS_SECRET, v1::PERSONAL_PRIVACY));
}

TEST(SetField, WhatTheServiceSetsIsRefused) {
  v1::Application application;
  EXPECT_FALSE(SetField(&application, "number", "X-2024-00001").ok());
  EXPECT_FALSE(SetField(&application, "nobody", "1").ok());
  EXPECT_FALSE(SetField(&application, "item_count", "many").ok());
  EXPECT_FALSE(SetField(&application, "applicant", "text").ok());
}

// Flags by name of the verb of each act.
std::set<std::string> FlagNames(const Command& verb) {
  std::set<std::string> names;
  for (const Flag& flag : verb.flags) names.insert(flag.name);
  return names;
}

TEST(ActVerbs, EveryActIsAVerbWithAFlagForEveryFieldOfTheCaller) {
  std::map<std::string, const Command*> verbs;
  const std::vector<Command> all = ActVerbs(Locale::kEn);
  for (const Command& verb : all) verbs[verb.name] = &verb;
  const Command receive = ReceiveCommand(Locale::kEn);
  verbs[receive.name] = &receive;
  const auto* acts = v1::Act::descriptor();
  for (int i = 0; i < acts->field_count(); ++i) {
    const auto& act = *acts->field(i);
    // Done by the clock alone, and by whole registers.
    if (act.name() == "apply_calendar" || act.name() == "import_case") continue;
    std::string name = act.name();
    std::replace(name.begin(), name.end(), '_', '-');
    ASSERT_TRUE(verbs.contains(name)) << name;
    const std::set<std::string> flags = FlagNames(*verbs[name]);
    const auto* message = act.message_type();
    for (int j = 0; j < message->field_count(); ++j) {
      const auto& field = *message->field(j);
      std::string flag = field.name();
      std::replace(flag.begin(), flag.end(), '_', '-');
      if (field.message_type() != nullptr) flag += "-name";
      EXPECT_EQ(flags.contains(flag),
                !field.options().GetExtension(v1::rule).server_only())
          << name << " --" << flag;
    }
  }
}

// No two flags of a command, its own and the program's, share a name.
void ExpectDistinctFlags(const Command& command) {
  std::set<std::string> names;
  for (const Flag& flag : GlobalFlags(Locale::kEn)) names.insert(flag.name);
  for (const Flag& flag : command.flags) {
    EXPECT_TRUE(names.insert(flag.name).second)
        << command.name << " --" << flag.name;
  }
  for (const Command& child : command.commands) ExpectDistinctFlags(child);
}

TEST(Tree, FlagsDoNotHideEachOther) { ExpectDistinctFlags(Tree(Locale::kEn)); }

TEST(ActVerbs, HelpCitesTheArticle) {
  for (const Command& verb : ActVerbs(Locale::kZh)) {
    if (verb.name == "decide-extension") {
      EXPECT_THAT(verb.help, HasSubstr("REG 33(2)"));
      return;
    }
  }
  FAIL() << "no such verb";
}

TEST(ActVerbs, AFlagWithAFileTakesItsText) {
  const std::string path = testing::TempDir() + "/content.txt";
  FILE* file = fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  fputs("第一行\n第二行", file);
  fclose(file);
  Arguments args;
  args.Add("content", "@" + path);
  args.Add("applicant-name", "@@某");
  v1::Application application;
  ASSERT_TRUE(FillFromFlags(args, &application).ok());
  EXPECT_EQ(application.content(), "第一行\n第二行");
  EXPECT_EQ(application.applicant().name(), "@某");
  args.Add("content", "@" + path + ".missing");
  EXPECT_EQ(FillFromFlags(args, &application).code(),
            absl::StatusCode::kNotFound);
}

TEST(UsualRole, EachActHasOne) {
  EXPECT_EQ(UsualRole(v1::Act::kSign), "signer");
  EXPECT_EQ(UsualRole(v1::Act::kDecideExtension), "disclosure_head");
  EXPECT_EQ(UsualRole(v1::Act::kRegister), "handler");
  EXPECT_EQ(UsualRole(v1::Act::kArchive), "archivist");
}

TEST(Arguments, AWrongValueIsAUsageErrorThatNamesItsFlag) {
  Arguments args;
  args.Add("page-size", "0");
  args.Add("date", "2024-02-30");
  const auto size = args.Int("page-size", 0, 1, 200);
  EXPECT_THAT(std::string(size.status().message()), HasSubstr("--page-size"));
  EXPECT_EQ(ExitCodeOf(size.status()), ExitCode::kUsage);
  const auto day = args.Day("date", absl::CivilDay(2024, 1, 1));
  EXPECT_THAT(std::string(day.status().message()), HasSubstr("--date"));
  EXPECT_EQ(ExitCodeOf(day.status()), ExitCode::kUsage);
}

TEST(CaseNameOf, NumbersAreCompletedByTheirAgency) {
  EXPECT_EQ(*CaseNameOf("SHGXW-2024-00001", ""),
            "agencies/SHGXW/cases/SHGXW-2024-00001");
  EXPECT_EQ(*CaseNameOf("agencies/AB/cases/12", "SHGXW"),
            "agencies/AB/cases/12");
  EXPECT_EQ(*CaseNameOf("2014-12", "SHGXW"), "agencies/SHGXW/cases/2014-12");
  EXPECT_FALSE(CaseNameOf("第一号", "").ok());
}

TEST(Errors, DetailsOfTheServiceArePrintedEachOnALine) {
  google::rpc::Status rich;
  google::rpc::ErrorInfo info;
  info.set_reason("LIMIT_HAS_PASSED");
  (*info.mutable_metadata())["limit"] = "REPLY";
  (*info.mutable_metadata())["due"] = "2022-11-02";
  (*info.mutable_metadata())["article"] = "REG 33(2)";
  rich.add_details()->PackFrom(info);
  google::rpc::LocalizedMessage sentence;
  sentence.set_message("答复期限已届满，不得延长");
  rich.add_details()->PackFrom(sentence);
  const absl::Status status =
      FromGrpc(grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                            "for developers", rich.SerializeAsString()));
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kRefused);
  std::ostringstream err;
  PrintError(err, status, Locale::kZh);
  EXPECT_EQ(err.str(),
            "错误：答复期限已届满，不得延长\n  理由  LIMIT_HAS_PASSED\n"
            "  期限  答复期限\n  届满  2022-11-02\n  依据  REG 33(2)\n");
}

TEST(ExitCodes, OnePerClassOfError) {
  EXPECT_EQ(ExitCodeOf(absl::OutOfRangeError("")), ExitCode::kBadData);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(absl::AbortedError("")), ExitCode::kStale);
  EXPECT_EQ(ExitCodeOf(absl::AlreadyExistsError("")), ExitCode::kStale);
  EXPECT_EQ(ExitCodeOf(absl::UnauthenticatedError("")), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kAway);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), ExitCode::kAway);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("")), ExitCode::kOther);
}

TEST(Csv, QuotedCellsHoldCommasQuotesAndLines) {
  const auto csv = ReadCsv(
      "\xEF\xBB\xBF"
      "id,text\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,d\r\n");
  ASSERT_TRUE(csv.ok());
  ASSERT_EQ(csv->rows.size(), 2);
  EXPECT_EQ(csv->Cell(csv->rows[0], "text"), "a, \"b\"\nc");
  EXPECT_EQ(csv->rows[1].line, 5);
  EXPECT_EQ(CsvLine({"1", "a, \"b\"\nc"}), "1,\"a, \"\"b\"\"\nc\"");
  EXPECT_FALSE(ReadCsv("id\n\"never closed").ok());
  EXPECT_FALSE(ReadCsv("").ok());
}

TEST(Script, LinesBecomeRequests) {
  const auto steps = ReadScript(
      "life.jsonl",
      "\n"
      R"({"receive":{"channel":"邮寄（给据邮件）","applicant":{"name":"某"},)"
      R"("content":"x"},"agency":"AB","date":"2024-03-04","id":"$a"})"
      "\n"
      R"({"case":"$a","act":"require_correction","date":"2024-03-05",)"
      R"("items":"y","served_at_once":true,)"
      R"("expect":"CORRECTION_NOTICE_TOO_LATE"})"
      "\n"
      R"({"check":{"case":"$a","limit":"reply","due":"2024-04-01",)"
      R"("late_by":0},"as_of":"2024-03-06"})"
      "\n");
  ASSERT_TRUE(steps.ok()) << steps.status();
  ASSERT_EQ(steps->size(), 3);
  EXPECT_EQ((*steps)[0].receive.application().channel(), v1::MAIL_SIGNED);
  EXPECT_EQ((*steps)[0].bind, "$a");
  EXPECT_TRUE((*steps)[1].act.act().require_correction().served_at_once());
  EXPECT_EQ((*steps)[1].expect, "CORRECTION_NOTICE_TOO_LATE");
  EXPECT_EQ((*steps)[2].limit, v1::REPLY);
  EXPECT_EQ((*steps)[2].line, 4);
  EXPECT_THAT((*steps)[2].check, Contains(testing::Pair("late_by", "0")));
}

TEST(Script, ALineThatNobodyUnderstandsIsNamed) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"note":"x","not":"y"})", "not"},
      {R"({"case":"$a","act":"fly","date":"2024-03-04"})", "fly"},
      {R"({"case":"$a","act":"register","officer":"li"})", "date"},
      {R"({"case":"$a","act":"register","date":"2024-03-04","offcer":"li"})",
       "offcer"},
      {R"({"case":"$a","act":"sign","date":"2024-03-04","expect":"BECAUSE"})",
       "BECAUSE"},
      {R"({"check":{"case":"$a","dew":"2024-03-04"}})", "dew"},
      {R"({"act":"register")", "JSON"},
      {R"([1])", "JSON"},
  };
  for (const auto& [line, word] : wrong) {
    const auto steps = ReadScript("life.jsonl", "{\"note\":\"x\"}\n" + line);
    EXPECT_EQ(steps.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(steps.status().message()),
                testing::AllOf(HasSubstr("life.jsonl:2: "), HasSubstr(word)))
        << line;
  }
}

TEST(RequestIds, TheSameNameGivesTheSameUuid) {
  const std::string id = UuidFrom("script\nlife.jsonl\n2");
  EXPECT_TRUE(IsUuid(id));
  EXPECT_EQ(id, UuidFrom("script\nlife.jsonl\n2"));
  EXPECT_NE(id, UuidFrom("script\nlife.jsonl\n3"));
  EXPECT_EQ(id[14], '8');
}

TEST(Completion, OffersVerbsFlagsAndValues) {
  const std::string script =
      BashCompletion(Tree(Locale::kZh), GlobalFlags(Locale::kZh));
  EXPECT_THAT(script, HasSubstr("'case require-correction')"));
  EXPECT_THAT(script, HasSubstr("--period-days"));
  EXPECT_THAT(script, HasSubstr("--carrier) words='hand_over entrusted"));
  EXPECT_THAT(script, HasSubstr("complete -o filenames -F _gongkai gongkai"));
}

}  // namespace
}  // namespace gongkai::cli
