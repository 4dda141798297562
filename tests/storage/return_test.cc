// SPDX-License-Identifier: Apache-2.0
// What reports read of periods: the annual return, cases by their days, alike
// ones, and returns as filed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "gongkai/v1/event.pb.h"
#include "services/audit/record.h"
#include "tests/storage/report_test.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

using Day = absl::CivilDay;

class ReturnTest : public ReportTest {
 protected:
  // Cases of three agencies over three years, some still open, some sub-cases,
  // some without a day of receipt.
  void MakeMany(int count) {
    std::mt19937 random(5);
    const auto any = [&random](int below) {
      return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    for (int i = 0; i < count; ++i) {
      Append a = NewCase(any(3) == 0 ? kAgencyB : kAgencyA,
                         absl::StrCat("N-", 100'000 + i * 7919 % 1000));
      if (any(10) == 0) a.agency = "TJZJW";
      a.row.applicant_kind = 1 + any(3);
      a.row.counted = any(8) != 0;
      a.row.received.reset();
      if (any(10) != 0) a.row.received = Day(2022, 12, 1) + any(800);
      // Days that are the first or last of a year among them.
      if (any(6) == 0) a.row.received = Day(2023, any(2) == 0 ? 1 : 12, 31);
      if (any(6) == 0) a.row.received = Day(2023 + any(2), 1, 1);
      if (any(5) != 0) {
        a.row.finished = a.row.received.value_or(Day(2023, 6, 1)) + any(60);
        a.row.return_row = 3 + any(21);
      }
      ASSERT_EQ(Put(a), Appended::kAppended);
      all_.push_back(a);
    }
  }

  // Those that `year` counts, by agency and number.
  std::vector<Append> CountedIn(int year) const {
    std::vector<Append> counted;
    for (const Append& a : all_) {
      const bool received =
          a.row.received && *a.row.received <= Day(year, 12, 31);
      const bool before = a.row.finished && *a.row.finished < Day(year, 1, 1);
      if (a.row.counted && received && !before) counted.push_back(a);
    }
    std::sort(counted.begin(), counted.end(), [](auto& a, auto& b) {
      return std::tie(a.agency, a.number) < std::tie(b.agency, b.number);
    });
    return counted;
  }

  std::vector<ReturnRow> Paged(const std::vector<std::string>& agencies,
                               int year, int size) {
    std::vector<ReturnRow> all;
    std::optional<CasePlace> after;
    while (true) {
      const auto page =
          Of(reports().ReturnCases(agencies, year, after, size, Soon()));
      if (page.empty() || all.size() > 10'000) return all;
      EXPECT_LE(page.size(), static_cast<size_t>(size));
      all.insert(all.end(), page.begin(), page.end());
      after = all.back().place;
    }
  }

  const std::vector<std::string> agencies_ = {kAgencyA, kAgencyB};
  std::vector<Append> all_;
};

TEST_F(ReturnTest, CountsAreThoseOfTheRows) {
  MakeMany(400);
  for (int year = 2021; year <= 2026; ++year) {
    using Key = std::tuple<int, std::string, int, int>;
    std::map<Key, int64_t> expected, found;
    for (const Append& a : all_) {
      if (a.agency == "TJZJW" || !a.row.counted || !a.row.received) continue;
      const auto& finished = a.row.finished;
      if (a.row.received->year() == year) {
        ++expected[{ReturnCount::kReceived, a.agency, a.row.applicant_kind, 0}];
      }
      if (finished && finished->year() == year) {
        ++expected[{ReturnCount::kFinished, a.agency, a.row.applicant_kind,
                    a.row.return_row}];
      }
      if (a.row.received->year() <= year &&
          (!finished || finished->year() > year)) {
        ++expected[{ReturnCount::kOpenAtEnd, a.agency, a.row.applicant_kind,
                    0}];
      }
    }
    for (const ReturnCount& c :
         Of(reports().CountReturn(agencies_, year, Soon()))) {
      const Key key(c.what, c.agency, c.applicant_kind, c.return_row);
      EXPECT_TRUE(found.emplace(key, c.count).second) << "counted twice";
    }
    EXPECT_EQ(found, expected) << year;
  }
}

// Rows from before do not say how they are counted: figures that left them out
// would be wrong.
TEST_F(ReturnTest, NothingIsCountedWhileRowsAreStale) {
  MakeMany(30);
  const auto answers = [&](const std::string& agency) {
    const std::vector<std::string> agencies = {agency};
    const Day from(2023, 1, 1), to(2023, 12, 31);
    EXPECT_TRUE(reports().CasesOf(agencies, false, from, to, Soon()).ok());
    std::vector<absl::StatusCode> codes = {
        reports().CountReturn(agencies, 2023, Soon()).status().code(),
        reports()
            .ReturnCases(agencies, 2023, std::nullopt, 9, Soon())
            .status()
            .code(),
        reports()
            .CasesWith(agencies, true, true, from, to, Soon())
            .status()
            .code(),
        reports().CasesOf(agencies, true, from, to, Soon()).status().code()};
    EXPECT_EQ(std::set(codes.begin(), codes.end()).size(), 1u);
    return codes[0];
  };
  server().Run(server().Superuser(database_),
               absl::StrCat("UPDATE stream SET row_version = 0 WHERE kind = 1 "
                            "AND agency_id = '",
                            kAgencyA, "'"));
  EXPECT_EQ(answers(kAgencyA), absl::StatusCode::kUnavailable);
  EXPECT_EQ(answers(kAgencyB), absl::StatusCode::kOk);
  server().Run(server().Superuser(database_),
               "UPDATE stream SET row_version = 1 WHERE kind = 1");
  EXPECT_EQ(answers(kAgencyA), absl::StatusCode::kOk);
}

TEST_F(ReturnTest, ItsCasesComeOnceByAgencyAndNumber) {
  MakeMany(300);
  for (const int year : {2022, 2023, 2024, 2027}) {
    for (const int size : {1, 17, 1000}) {
      std::vector<Append> expected = CountedIn(year);
      std::erase_if(expected,
                    [](const Append& a) { return a.agency == "TJZJW"; });
      // Whatever the order in which the agencies are named.
      const auto found = Paged({kAgencyA, kAgencyB, kAgencyA}, year, size);
      ASSERT_EQ(found.size(), expected.size()) << year;
      for (size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(found[i].place.agency, expected[i].agency);
        ASSERT_EQ(found[i].place.number, expected[i].number);
        EXPECT_EQ(found[i].place.stream, expected[i].stream);
        EXPECT_EQ(found[i].row.return_row, expected[i].row.return_row);
        EXPECT_EQ(found[i].row.finished, expected[i].row.finished);
      }
      if (size == 1 && year != 2023) break;
    }
  }
}

TEST_F(ReturnTest, CasesByTheirDaysInOrder) {
  MakeMany(200);
  const Day from(2023, 2, 1), to(2023, 9, 30);
  for (const bool finished : {false, true}) {
    size_t expected = 0;
    for (const Append& a : all_) {
      const auto& day = finished ? a.row.finished : a.row.received;
      if (a.agency != "TJZJW" && day && *day >= from && *day <= to) ++expected;
    }
    const auto found =
        Of(reports().CasesOf(agencies_, finished, from, to, Soon()));
    EXPECT_EQ(found.size(), expected);
    EXPECT_GT(expected, 20u);
    bool sub_case = false;
    std::tuple<std::string, Day, std::string> before;
    for (const ReturnRow& row : found) {
      const Day day = finished ? *row.row.finished : *row.row.received;
      EXPECT_TRUE(day >= from && day <= to);
      const std::tuple key(row.place.agency, day, row.place.stream);
      EXPECT_LT(before, key);
      before = key;
      sub_case = sub_case || !row.row.counted;
    }
    EXPECT_TRUE(sub_case);
  }
}

TEST_F(ReportTest, CasesWithDocketsOrFeesOfAPeriod) {
  const auto make = [&](const char* number, bool remedies, bool fees,
                        std::optional<Day> received, const char* opened,
                        const char* done) {
    absl::Time opened_time, done_time;
    std::string error;
    ASSERT_TRUE(
        absl::ParseTime(absl::RFC3339_full, opened, &opened_time, &error));
    Append a = NewCase(kAgencyA, number, opened_time);
    a.row.remedies = remedies;
    a.row.fees = fees;
    a.row.received = received;
    if (*done != '\0') {
      ASSERT_TRUE(
          absl::ParseTime(absl::RFC3339_full, done, &done_time, &error));
      a.row.done_time = done_time;
    }
    ASSERT_EQ(Put(a), Appended::kAppended);
  };
  const Day march(2024, 3, 1);
  const char* kOpened = "2024-03-01T10:00:00+08:00";
  make("neither", false, false, march, kOpened, "");
  make("docket", true, false, march, kOpened, "");
  make("fee", false, true, march, kOpened, "");
  make("both", true, true, march, kOpened, "");
  make("last day", true, false, Day(2024, 3, 31), kOpened, "");
  make("later", true, false, Day(2024, 4, 1), kOpened, "");
  make("unknown", true, false, {}, "2024-03-31T23:59:59+08:00", "");
  make("unknown later", true, false, {}, "2024-04-01T00:00:00+08:00", "");
  make("done", true, false, march, kOpened, "2024-02-29T23:59:59+08:00");
  make("done after", true, false, march, kOpened, "2024-03-01T00:00:00+08:00");
  const auto found = [&](bool remedies, bool fees) {
    return Numbers(Of(reports().CasesWith({kAgencyA, kAgencyB}, remedies, fees,
                                          march, Day(2024, 3, 31), Soon())));
  };
  EXPECT_THAT(found(true, true),
              UnorderedElementsAre("docket", "fee", "both", "last day",
                                   "unknown", "done after"));
  EXPECT_THAT(found(true, false),
              UnorderedElementsAre("docket", "both", "last day", "unknown",
                                   "done after"));
  EXPECT_THAT(found(false, true), UnorderedElementsAre("fee", "both"));
  EXPECT_THAT(found(false, false), IsEmpty());
}

TEST_F(ReportTest, SharedWordsAreDigestsOfAnAgencysOwn) {
  int i = 0;
  const auto make = [&](const char* agency, const char* applicant,
                        const char* content, Day arrived) {
    Append a = NewCase(agency, absl::StrCat("W-", ++i));
    a.text = SampleText(applicant, content, arrived);
    EXPECT_EQ(Put(a), Appended::kAppended);
    return a;
  };
  const Day day(2024, 2, 1);
  make(kAgencyA, "甲", "一样一样", day);      // W-1
  make(kAgencyA, "乙", "一样一样", day);      // W-2
  make(kAgencyA, "乙", "别的别的", day);      // W-3
  make(kAgencyA, "丙", "单独单独", day);      // W-4
  make(kAgencyB, "丙", "单独单独", day);      // W-5: of another agency
  make(kAgencyA, "丙", "更早更早", day - 1);  // W-6: of another period
  const Append gone = make(kAgencyA, "乙", "一样一样", day);  // W-7: erased
  Append erase = SampleAppend(kAgencyA, gone.stream, 1);
  erase.event.type = 42;
  erase.erase = {1};
  erase.erase_words = true;
  ASSERT_EQ(Put(erase), Appended::kAppended);
  // From an earlier register: nobody knows any more what was asked, or by whom.
  for (const bool words : {true, true, false, false}) {
    Append a = NewCase(kAgencyB, absl::StrCat("E-", ++i));
    a.text = SampleText("丁", "忘了忘了", day);
    (words ? a.text->content_key : a.text->applicant_key).clear();
    ASSERT_EQ(Put(a), Appended::kAppended);
  }
  const auto found = [&](int words, int applicant) {
    std::vector<std::string> numbers;
    for (const SameWords& w : Of(reports().SharedWords(
             {kAgencyA, kAgencyB}, day, day, words, applicant, Soon()))) {
      EXPECT_TRUE(w.content_key.size() == 16 || w.content_key.empty());
      EXPECT_TRUE(w.applicant_key.size() == 16 || w.applicant_key.empty());
      EXPECT_EQ(w.arrived, day);
      numbers.push_back(w.number);
    }
    return numbers;
  };
  EXPECT_THAT(found(2, 0), UnorderedElementsAre("W-1", "W-2", "E-10", "E-11"));
  EXPECT_THAT(found(0, 2), UnorderedElementsAre("W-2", "W-3", "E-8", "E-9"));
  EXPECT_THAT(found(2, 2), UnorderedElementsAre("W-1", "W-2", "W-3", "E-8",
                                                "E-9", "E-10", "E-11"));
  EXPECT_THAT(found(3, 3), IsEmpty());
  EXPECT_THAT(found(0, 0), IsEmpty());
  EXPECT_THAT(found(1, 0), UnorderedElementsAre("W-1", "W-2", "W-3", "W-4",
                                                "W-5", "E-10", "E-11"));
  const auto one =
      Of(reports().SharedWords({kAgencyB}, day, day, 1, 9, Soon()));
  ASSERT_EQ(one.size(), 3u);
  EXPECT_EQ(one[0].agency, kAgencyB);
  EXPECT_EQ(one[0].applicant_key, KeyOf("丙"));
  EXPECT_EQ(one[0].content_key, KeyOf("单独单独"));
}

TEST_F(ReportTest, ReturnsComeBackByteForByte) {
  const std::string document("\0\xff\n\\文", 7), cases("A-1\t3\t1\t1\n");
  int64_t version = 0;
  const auto file = [&](int year, int edition) {
    Append a =
        SampleAppend(kAgencyA, WellKnownStream(StreamKind::kAgency), version++);
    a.kind = StreamKind::kAgency;
    a.filed = FiledDocument{year, edition, document, cases};
    a.event.type = v1::Event::kReturnFiled;
    audit::Record record;
    record.log_origin = "gongkai";
    record.agency = kAgencyA;
    record.actor.set_account("zhang");
    record.previous_hash = record.private_commitment = std::string(32, '\0');
    a.event.record = audit::Encode(record);
    EXPECT_EQ(Put(a), Appended::kAppended);
    return a;
  };
  file(2023, 1);
  const Append second = file(2023, 2);
  file(2022, 1);
  const auto filed =
      Of(reports().FiledReturns({kAgencyB, kAgencyA}, 2023, true, Soon()));
  ASSERT_EQ(filed.size(), 2u);
  EXPECT_EQ(filed[0].edition, 1);
  EXPECT_EQ(filed[1].agency, kAgencyA);
  EXPECT_EQ(filed[1].year, 2023);
  EXPECT_EQ(filed[1].edition, 2);
  EXPECT_EQ(filed[1].seq, second.event.seq);
  EXPECT_EQ(filed[1].document, document);
  EXPECT_EQ(filed[1].cases, cases);
  EXPECT_EQ(filed[1].filed_by, "zhang");
  EXPECT_EQ(filed[1].filed_time, second.event.recorded_time);
  const auto heads = Of(reports().FiledReturns({kAgencyA}, 0, false, Soon()));
  ASSERT_EQ(heads.size(), 3u);
  EXPECT_EQ(heads[0].year, 2022);
  EXPECT_EQ(heads[0].document, document);
  EXPECT_EQ(heads[0].cases, "");
  EXPECT_THAT(Of(reports().FiledReturns({kAgencyB}, 0, true, Soon())),
              IsEmpty());
}

}  // namespace
}  // namespace gongkai::storage
