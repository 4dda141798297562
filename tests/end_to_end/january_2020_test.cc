// SPDX-License-Identifier: Apache-2.0
// January 2020 as it happened: the Spring Festival is made longer on the 26th
// (国办发明电〔2020〕1号), the open cases move, each once, with both dates
// kept; also when the service dies in the middle.
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/act/whole.h"
#include "tests/end_to_end/house.h"
#include "tests/end_to_end/main_line.h"

namespace gongkai::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr char kNotice[] = "国办发明电〔2020〕1号";
constexpr char kName[] = "agencies/SHGXW/cases/";
// Enough that the job is killed before its end.
constexpr int kManyCases = 600;

// The service with the calendar as it was published on 25 January 2020.
class January2020 : public ::testing::Test {
 protected:
  January2020() : house_({.calendar = false}) {
    house_.MustCli({"calendar", "load", "--issued-until", "2020-01-25"});
    AwaitJob();
  }

  std::string Receive(const std::string& date) {
    const json received = json::parse(house_.MustCli(
        {"case", "receive", "--date", date, "--applicant-name", "赵甲一",
         "--content", "申请公开。", "--output", "json"}));
    return received["receipt"]["number"];
  }

  void Act(const std::string& number, const std::string& date,
           std::vector<std::string> words) {
    words.insert(words.begin(), "case");
    words.insert(words.begin() + 2, {number, "--date", date});
    house_.MustCli(words);
  }

  // Draft to dispatch on one day.
  void Reply(const std::string& number, const std::string& date) {
    Act(number, date, {"register", "--officer", "handler"});
    Act(number, date,
        {"draft-reply", "--outcome", "disclosed", "--text", "见附件",
         "--access", "随函", "--review-organ", "市政府", "--court", "法院"});
    Act(number, date, {"submit-for-review"});
    Act(number, date,
        {"clear-draft", "--step", "secrecy", "--as", "secrecy_reviewer"});
    Act(number, date,
        {"clear-draft", "--step", "legal", "--as", "legal_reviewer"});
    Act(number, date, {"sign", "--document-number", "某〔2020〕1号"});
    Act(number, date, {"dispatch", "--carrier", "post_ems"});
  }

  json Progress() {
    return json::parse(
        house_.MustCli({"calendar", "progress", "--output", "json"}));
  }

  // Waits until the job has brought every open case to the calendar that the
  // notices loaded so far make.
  json AwaitJob() {
    const std::string version =
        absl::StrCat(house_.Ask("SELECT version FROM stream WHERE kind = 4 "
                                "AND agency_id = 'CN'"),
                     "+");
    const absl::Time end = absl::Now() + absl::Seconds(90);
    while (absl::Now() < end) {
      const json progress = Progress();
      const std::string at = progress["progress"].value("calendar_version", "");
      if (at.starts_with(version) &&
          progress["progress"].value("done", false)) {
        return progress["progress"];
      }
    }
    ADD_FAILURE() << "the job does not end: " << Progress().dump();
    return json::object();
  }

  static std::string DueOf(const v1::Case& c) {
    for (const v1::Limit& limit : c.limits()) {
      if (limit.kind() == v1::REPLY) return limit.due_date();
    }
    return "";
  }

  House house_;
};

TEST_F(January2020, CasesOpenOnThe26thMoveOnceAndKeepBothDates) {
  // Received on four days, in four states; one was closed before.
  const std::string fresh = Receive("2020-01-08");
  const std::string registered = Receive("2019-12-30");
  Act(registered, "2019-12-31", {"register", "--officer", "handler"});
  const std::string early = Receive("2019-12-16");
  const std::string closed = Receive("2019-12-10");
  Reply(closed, "2019-12-20");
  Act(closed, "2019-12-23", {"record-service", "--outcome", "delivered"});
  Act(closed, "2019-12-25", {"close"});

  const auto stub = house_.NewStub();
  std::map<std::string, std::string> before;
  for (const std::string& number : {fresh, registered, early, closed}) {
    before[number] = DueOf(MustGet(house_, *stub, kName + number).case_());
  }
  EXPECT_EQ(before[early], "2020-01-14");
  EXPECT_EQ(before[registered], "2020-02-01");
  EXPECT_EQ(before[fresh], "2020-02-10");

  // The preview names the cases that move, with both dates, and changes
  // nothing.
  const std::string preview =
      house_.MustCli({"calendar", "load", "--only", kNotice, "--preview"});
  const std::string events = house_.Ask("SELECT count(*) FROM event");
  EXPECT_THAT(preview, HasSubstr(fresh));
  EXPECT_THAT(preview, HasSubstr(registered));
  EXPECT_THAT(preview, HasSubstr("2020-02-10"));
  EXPECT_THAT(preview, ::testing::Not(HasSubstr(closed)));
  EXPECT_THAT(preview, HasSubstr("将变动 2 件"));

  house_.MustCli({"calendar", "load", "--only", kNotice});
  const json progress = AwaitJob();
  EXPECT_EQ(progress.value("moved", ""), "2");
  // The notice itself and one event on each case that moved.
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM event"),
            std::to_string(std::stoi(events) + 3));

  for (const std::string& number : {fresh, registered}) {
    const v1::GetCaseResponse now = MustGet(house_, *stub, kName + number);
    const std::string due = DueOf(now.case_());
    EXPECT_GT(due, before[number]) << number;
    EXPECT_THAT(preview, HasSubstr(due)) << number;
    int applied = 0;
    for (const v1::RecordedEvent& event : now.history()) {
      if (!event.event().has_calendar_applied()) continue;
      ++applied;
      EXPECT_EQ(event.actor().capacity(), v1::CLOCK);
      bool reply = false;
      for (const auto& move : event.event().calendar_applied().moves()) {
        if (move.kind() != v1::REPLY) continue;
        reply = true;
        EXPECT_EQ(move.old_date(), before[number]);
        EXPECT_EQ(move.new_date(), due);
      }
      EXPECT_TRUE(reply) << number;
    }
    EXPECT_EQ(applied, 1) << number;
  }
  // 31 January and 1 February do not count after all: two working days later.
  EXPECT_EQ(DueOf(MustGet(house_, *stub, kName + registered).case_()),
            "2020-02-04");
  EXPECT_EQ(DueOf(MustGet(house_, *stub, kName + fresh).case_()), "2020-02-12");
  for (const std::string& number : {early, closed}) {
    const v1::GetCaseResponse now = MustGet(house_, *stub, kName + number);
    EXPECT_EQ(DueOf(now.case_()), before[number]) << number;
    for (const v1::RecordedEvent& event : now.history()) {
      EXPECT_FALSE(event.event().has_calendar_applied()) << number;
    }
  }

  // The same notice once more changes nothing.
  const std::string all = house_.Ask("SELECT count(*) FROM event");
  EXPECT_THAT(house_.MustCli({"calendar", "load", "--only", kNotice}),
              HasSubstr("此前已载入"));
  AwaitJob();
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM event"), all);
}

TEST_F(January2020, AServiceKilledAmongThemMovesTheRestAndNoneTwice) {
  std::string csv = "id,applicant_kind,applicant_name,content,arrived_date\n";
  for (int i = 0; i < kManyCases; ++i) {
    absl::StrAppend(&csv, i, ",natural_person,赵甲", i, ",申请公开。,2020-01-0",
                    2 + i % 2, "\n");
  }
  const std::string file = house_.folder() + "/many.csv";
  WriteText(file, csv);
  house_.MustCli({"case", "receive", "--csv", file});

  const std::string applied = "SELECT count(*) FROM event WHERE type = 40";
  house_.MustCli({"calendar", "load", "--only", kNotice});
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (std::stoi(house_.Ask(applied)) < kManyCases / 6) {
    ASSERT_LT(absl::Now(), end) << "the job does not begin";
  }
  house_.KillServer();
  const int at_death = std::stoi(house_.Ask(applied));
  EXPECT_LT(at_death, kManyCases) << "the job was over before the service died";

  house_.StartServer();
  AwaitJob();
  EXPECT_EQ(house_.Ask(applied), std::to_string(kManyCases));
  EXPECT_EQ(house_.Ask("SELECT count(DISTINCT stream_id) FROM event "
                       "WHERE type = 40"),
            std::to_string(kManyCases));
  const Whole whole = ReadWhole(house_.postgres(), house_.database());
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  EXPECT_EQ(whole.cases, kManyCases);
  std::cout << at_death << " of " << kManyCases
            << " moved when the service died, each once at the end\n";
}

}  // namespace
}  // namespace gongkai::test
