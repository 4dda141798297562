// SPDX-License-Identifier: Apache-2.0
// The shipped programs: `gongkai report import` and its exit code, what of a
// register is left by a service that dies on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "clients/cli/encoding.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "tests/act/whole.h"
#include "tests/end_to_end/house.h"

namespace gongkai::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr char kThird[] = "agencies/SHGXW/cases/XGK-2023-0003";

class Program : public testing::Test {
 protected:
  static House& TheHouse() {
    static House house;
    return house;
  }
  static Finished Import(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"report", "import"});
    return TheHouse().Cli(arguments);
  }
  static std::string File(const std::string& name, std::string_view text) {
    const std::string path = absl::StrCat(TheHouse().folder(), "/", name);
    WriteText(path, text);
    return path;
  }
  static int Cases() {
    return std::stoi(
        TheHouse().Ask("SELECT count(*) FROM stream WHERE kind = 1"));
  }
  static std::string Sample() {
    return ReadText(SourceDir() + "/data/register_sample.csv");
  }
};

TEST_F(Program, ARegisterInEitherEncodingIsOneImport) {
  const int before = Cases();
  const std::string utf8 = File("register.csv", Sample());
  const std::string gb = File("register_gb.csv", *cli::EncodeGb18030(Sample()));
  const Finished looked = Import({gb, "--dry-run"});
  EXPECT_EQ(looked.exit, 0) << looked.err;
  EXPECT_THAT(looked.out, HasSubstr("核对无误：6 件"));
  EXPECT_EQ(Cases(), before);
  const Finished first = Import({gb});
  EXPECT_EQ(first.exit, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("导入 6 件"));
  EXPECT_EQ(Cases(), before + 6);
  const Finished again = Import({utf8, "--encoding", "utf-8"});
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("此前已导入"));
  EXPECT_EQ(Cases(), before + 6);
  const json shown = json::parse(
      TheHouse().MustCli({"case", "show", kThird, "--output", "json"}));
  const std::string text = shown.dump();
  EXPECT_THAT(text, HasSubstr("沪府复字〔2023〕8号"));
  // The history says it in words.
  EXPECT_THAT(TheHouse().MustCli({"audit", "history", kThird}),
              HasSubstr("历史案件导入"));
}

TEST_F(Program, EveryBadRowIsToldByItsLine) {
  const int before = Cases();
  const std::string path =
      File("bad.csv",
           absl::StrReplaceAll(Sample(), {{"XGK-", "BAD-"},
                                          {"2023-01-18", "2023-01-04"},
                                          {"20230322", "20230332"},
                                          {"XGK-2023-0006", "BAD-2023-0005"}}));
  const Finished bad = Import({path});
  EXPECT_EQ(bad.exit, 3) << bad.out;
  // Against a rule, unreadable, and twice.
  EXPECT_THAT(bad.err, HasSubstr("第 2 行：finished_date: "));
  EXPECT_THAT(bad.err, HasSubstr("第 4 行：办结日期: "));
  EXPECT_THAT(bad.err, HasSubstr("第 7 行：number: "));
  EXPECT_THAT(bad.err, HasSubstr("未导入：有误 3 行"));
  EXPECT_EQ(Cases(), before);
  const Finished totals = Import(
      {File("new.csv", absl::StrReplaceAll(Sample(), {{"XGK-", "T-"}})),
       "--totals", SourceDir() + "/data/annual_returns/suqian_2023.csv"});
  EXPECT_EQ(totals.exit, 3) << totals.out;
  EXPECT_THAT(totals.err,
              HasSubstr("2023 r1 本年新收政府信息公开申请数量, c1"));
  EXPECT_THAT(totals.err, HasSubstr("申报 3402，各行合计 3"));
  EXPECT_EQ(Cases(), before);
  EXPECT_EQ(Import({File("empty.csv", "案号,申请人类别,收到日期\n")}).exit, 3);
  EXPECT_EQ(Import({File("none.csv", "案号,备注\nA,\n")}).exit, 3);
  EXPECT_EQ(Import({TheHouse().folder() + "/not there"}).exit, 4);
  EXPECT_EQ(Import({path, "--encoding", "latin"}).exit, 2);
}

// One register, brought by the head of the disclosure office over a channel of
// its own.
struct Brought {
  grpc::Status status;
  v1::ImportCasesResponse response;
};
Brought Bring(const House& house, int rows) {
  Brought brought;
  grpc::ClientContext context;
  house.Identify("disclosure_head", context);
  const auto stub = v1::ReportService::NewStub(house.NewChannel());
  const auto stream = stub->ImportCases(&context, &brought.response);
  v1::ImportCasesRequest piece;
  piece.mutable_head()->set_agency(House::kAgency);
  piece.mutable_head()->set_request_id("018f0000-0000-7000-8000-000000000001");
  stream->Write(piece);
  piece.clear_head();
  for (int i = 0; i < rows; ++i) {
    v1::PastCase& past = *piece.mutable_past_case();
    past.set_number(absl::StrCat("K-", i));
    past.set_applicant_kind(v1::ENTERPRISE);
    past.set_receipt_date("2024-03-01");
    past.set_content(absl::StrCat("某文件", i));
    if (!stream->Write(piece)) break;
  }
  stream->WritesDone();
  brought.status = stream->Finish();
  return brought;
}

// Killed while it takes in a register: nothing of it is there; the same again
// takes all of it in, and once more does nothing.
TEST_F(Program, AServiceThatDiesOnTheWayLeavesNothing) {
  constexpr int kRows = 1500;
  House& house = TheHouse();
  const int before = Cases();
  Brought lost;
  std::thread importing([&] { lost = Bring(house, kRows); });
  // In the middle: rows of it are on their way into the database.
  const std::string under_way =
      "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND "
      "datname = current_database() AND xact_start < now() - interval '50 ms' "
      "AND query LIKE '%append_event%'";
  const absl::Time patience = absl::Now() + absl::Seconds(30);
  while (house.Ask(under_way) == "0" && absl::Now() < patience) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  house.KillServer();
  importing.join();
  ASSERT_LT(absl::Now(), patience);
  EXPECT_EQ(lost.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Cases(), before);
  house.StartServer();
  const Brought again = Bring(house, kRows);
  EXPECT_TRUE(again.status.ok()) << again.status.error_message();
  EXPECT_EQ(again.response.imported(), kRows);
  EXPECT_TRUE(Bring(house, kRows).response.repeated());
  EXPECT_EQ(Cases(), before + kRows);
  house.StopServer();
  const Whole whole = ReadWhole(house.postgres(), house.database());
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
}

}  // namespace
}  // namespace gongkai::test
