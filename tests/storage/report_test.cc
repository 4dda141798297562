// SPDX-License-Identifier: Apache-2.0
// What reports read of what is open, now and at a moment of the past, and what
// their role may not.
#include "tests/storage/report_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::CivilDay kToday(2024, 3, 1);

// Every agency that the tests write to.
const std::vector<std::string>& Agencies() {
  static const auto* const agencies =
      new std::vector<std::string>{kAgencyB, kAgencyA, "TJZJW"};
  return *agencies;
}

// The order of ListWork.
auto KeyOf(const WorkRow& row) {
  return std::make_tuple(!row.limit.due.has_value(),
                         row.limit.due.value_or(kToday), row.place.agency,
                         row.place.stream, row.limit.kind, row.limit.ordinal);
}

class WorkTest : public ReportTest {
 protected:
  static WorkQuery Duties() {
    WorkQuery query;
    query.agencies = Agencies();
    query.whose = v1::AGENCY_DUTY;
    query.today = kToday;
    return query;
  }

  // Cases with random limits in every agency; all that was made, as rows.
  void MakeMany(int count) {
    std::mt19937 random(7);
    const auto any = [&random](int below) {
      return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    for (int i = 0; i < count; ++i) {
      const std::string& agency = Agencies()[static_cast<size_t>(any(3))];
      Append a = NewCase(agency, absl::StrCat("N-", i));
      a.row.phase = any(3);
      a.row.officer = absl::StrCat("officer", any(2));
      a.row.department = absl::StrCat("D", any(2));
      if (any(4) == 0) a.row.labels = {2, 3};
      if (any(4) == 0) a.row.restricted_to = {"li", "wang"};
      for (int kind : {3, 5, 7, 18, 29}) {
        if (any(2) == 0) continue;
        std::optional<absl::CivilDay> due;
        // Few days, so that many share one.
        if (any(6) != 0) due = kToday - 2 + any(5);
        a.limits->push_back(
            Limit(kind, due, kind == 7 ? v1::THIRD_PARTY_DUTY : 1));
      }
      ASSERT_EQ(Put(a), Appended::kAppended);
      for (const LimitRow& limit : *a.limits) {
        all_.push_back({{agency, a.stream, a.number}, 1, a.row, limit});
      }
    }
    std::sort(all_.begin(), all_.end(),
              [](const auto& a, const auto& b) { return KeyOf(a) < KeyOf(b); });
  }

  // Those of all_ that `query` asks for.
  std::vector<WorkRow> Expected(const WorkQuery& q) const {
    const auto in = [](const auto& list, auto value) {
      return std::find(list.begin(), list.end(), value) != list.end();
    };
    std::vector<WorkRow> expected;
    for (const WorkRow& row : all_) {
      const LimitRow& l = row.limit;
      if (!in(q.agencies, row.place.agency)) continue;
      if (q.whose != 0 && l.whose != q.whose) continue;
      if (q.kinds.empty() ? l.kind == 29 : !in(q.kinds, l.kind)) continue;
      if (!q.department.empty() && row.row.department != q.department) continue;
      if (!q.officer.empty() && row.row.officer != q.officer) continue;
      if (!q.phases.empty() && !in(q.phases, row.row.phase)) continue;
      if (q.due_by && (!l.due || *l.due > *q.due_by)) continue;
      if (in(q.lapsing, l.kind) && l.due && *l.due < q.today) continue;
      expected.push_back(row);
    }
    return expected;
  }

  // All of `query` in pages of `size`.
  std::vector<WorkRow> Paged(const WorkQuery& query, int size) {
    std::vector<WorkRow> all;
    std::optional<ReportBook::WorkPlace> after;
    while (true) {
      const auto page = Of(reports().ListWork(query, after, size, Soon()));
      if (page.empty()) return all;
      EXPECT_LE(page.size(), static_cast<size_t>(size));
      all.insert(all.end(), page.begin(), page.end());
      const WorkRow& last = all.back();
      after = {last.limit.due, last.place.agency, last.place.stream,
               last.limit.kind, last.limit.ordinal};
      if (all.size() > 10'000) return all;
    }
  }

  void ExpectAsMade(const WorkQuery& query, int page) {
    const std::vector<WorkRow> expected = Expected(query);
    const std::vector<WorkRow> found = Paged(query, page);
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(KeyOf(found[i]), KeyOf(expected[i])) << i;
      EXPECT_EQ(found[i].place.number, expected[i].place.number);
    }
    int64_t counted = 0;
    using Group = std::tuple<std::string, std::string, std::string,
                             std::optional<absl::CivilDay>,
                             std::vector<std::string>, std::vector<int>>;
    std::map<Group, int64_t> groups;
    for (const WorkRow& row : expected) {
      ++groups[{row.place.agency, row.row.department, row.row.officer,
                row.limit.due, row.row.restricted_to, row.row.labels}];
    }
    for (const WorkCount& c : Of(reports().CountWork(query, Soon()))) {
      EXPECT_EQ((groups[{c.agency, c.department, c.officer, c.due,
                         c.restricted_to, c.labels}]),
                c.count);
      counted += c.count;
    }
    EXPECT_EQ(counted, static_cast<int64_t>(expected.size()));
  }

  std::vector<WorkRow> all_;
};

TEST_F(WorkTest, PagesOfEveryFilterCoverItOnceInOrder) {
  static_assert(v1::ARCHIVE_TRANSFER == 29 && v1::AGENCY_DUTY == 1,
                "the index of open duties names both");
  MakeMany(120);
  for (const int page : {1, 7, 1000}) ExpectAsMade(Duties(), page);
  WorkQuery q = Duties();
  q.agencies = {kAgencyA, kAgencyA};
  ExpectAsMade(q, 3);
  q.kinds = {3, 5};
  ExpectAsMade(q, 3);
  q = Duties();
  q.kinds = {5, 29};
  ExpectAsMade(q, 9);
  q.department = "D1";
  ExpectAsMade(q, 9);
  q = Duties();
  q.whose = 0;
  ExpectAsMade(q, 9);
  q.whose = v1::THIRD_PARTY_DUTY;
  ExpectAsMade(q, 9);
  q = Duties();
  q.department = "D0";
  q.officer = "officer1";
  q.phases = {0, 2};
  ExpectAsMade(q, 2);
  q = Duties();
  q.due_by = kToday - 1;
  ExpectAsMade(q, 9);
  q.lapsing = {3, 18};
  ExpectAsMade(q, 9);
  q.due_by.reset();
  ExpectAsMade(q, 9);
  q.whose = 0;
  ExpectAsMade(q, 9);
  q.officer = "nobody";
  ExpectAsMade(q, 9);
  q.agencies.clear();
  ExpectAsMade(q, 9);
}

TEST_F(WorkTest, ARowHoldsWhatWasAppended) {
  Append a = NewCase(kAgencyA, "A-1");
  a.row.phase = 3;
  a.row.outcome = 4;
  a.row.applicant_kind = 2;
  a.row.done_time = a.event.recorded_time;
  a.row.labels = {1, 3};
  a.row.restricted_to = {"li", "wang"};
  a.row.finished = absl::CivilDay(2024, 2, 20);
  a.row.return_row = 7;
  a.row.counted = false;
  a.row.remedies = true;
  a.row.fees = true;
  LimitRow limit = Limit(18, kToday);
  limit.ordinal = 2;
  limit.provisional = true;
  limit.first = true;
  a.limits->push_back(limit);
  ASSERT_EQ(Put(a), Appended::kAppended);
  const auto found = Of(reports().ListWork(Duties(), {}, 10, Soon()));
  ASSERT_EQ(found.size(), 1u);
  const WorkRow& work = found[0];
  EXPECT_EQ(work.place.agency, kAgencyA);
  EXPECT_EQ(work.place.stream, a.stream);
  EXPECT_EQ(work.place.number, "A-1");
  EXPECT_EQ(work.version, 1);
  EXPECT_EQ(work.row.phase, 3);
  EXPECT_EQ(work.row.outcome, 4);
  EXPECT_EQ(work.row.applicant_kind, 2);
  EXPECT_EQ(work.row.officer, "wang");
  EXPECT_EQ(work.row.department, "XXGK");
  EXPECT_EQ(work.row.received, a.row.received);
  EXPECT_EQ(work.row.done_time, a.row.done_time);
  EXPECT_EQ(work.row.calendar_version, "CN-2024/1");
  EXPECT_THAT(work.row.labels, ElementsAre(1, 3));
  EXPECT_THAT(work.row.restricted_to, ElementsAre("li", "wang"));
  EXPECT_EQ(work.row.finished, a.row.finished);
  EXPECT_EQ(work.row.return_row, 7);
  EXPECT_FALSE(work.row.counted);
  EXPECT_TRUE(work.row.remedies);
  EXPECT_TRUE(work.row.fees);
  EXPECT_EQ(work.limit.kind, 18);
  EXPECT_EQ(work.limit.ordinal, 2);
  EXPECT_EQ(work.limit.whose, 1);
  EXPECT_EQ(work.limit.state, v1::RUNNING);
  EXPECT_EQ(work.limit.start, limit.start);
  EXPECT_EQ(work.limit.due, kToday);
  EXPECT_TRUE(work.limit.provisional);
  EXPECT_TRUE(work.limit.first);
}

TEST_F(WorkTest, ATextWithU0000IsRefused) {
  WorkQuery q = Duties();
  q.officer = std::string("a\0b", 3);
  EXPECT_FALSE(reports().ListWork(q, {}, 1, Soon()).ok());
  q = Duties();
  q.agencies.push_back(std::string("a\0b", 3));
  EXPECT_FALSE(reports().CountWork(q, Soon()).ok());
}

// One case as it goes through random acts.
struct Walk {
  Append last;
  // Whether the agency had a duty after each act, by record time.
  std::map<absl::Time, bool> duty;
};

// What is done never misses what was open: whoever had a duty of the agency
// after the last act before a moment is among those found for it.
TEST_F(ReportTest, WhatWasOpenAtAMomentIsFound) {
  std::mt19937 random(11);
  const auto any = [&random](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const absl::Time begin = absl::FromUnixSeconds(1'700'000'000);
  absl::Time now = begin;
  std::vector<Walk> walks;
  for (int step = 0; step < 400; ++step) {
    now += absl::Seconds(1 + any(5000));
    if (walks.size() < 5 || any(5) == 0) {
      walks.push_back({NewCase(Agencies()[static_cast<size_t>(any(3))],
                               absl::StrCat("N-", step), now),
                       {}});
    } else {
      Walk& old =
          walks[static_cast<size_t>(any(static_cast<int>(walks.size())))];
      Append next =
          SampleAppend(old.last.agency, old.last.stream, old.last.event.seq);
      next.number = old.last.number;
      std::swap(old, walks.back());
      walks.back().last = next;
      walks.back().last.event.recorded_time = now;
    }
    Walk& walk = walks.back();
    Append& a = walk.last;
    a.limits.emplace();
    const bool duty = any(2) == 0;
    if (duty) a.limits->push_back(Limit(any(2) == 0 ? 5 : 18, kToday));
    if (any(2) == 0) a.limits->push_back(Limit(29, kToday + 900));
    if (any(2) == 0) a.limits->push_back(Limit(15, kToday, 2));
    // Closed or reopened; acts on a closed case count as its last.
    a.row.done_time.reset();
    if (any(2) == 0) a.row.done_time = now;
    Append sent = a;
    if (a.event.seq > 1) sent.number.clear();
    ASSERT_EQ(Put(sent), Appended::kAppended);
    walk.duty[now] = duty;
  }
  for (int i = 0; i <= 40; ++i) {
    const absl::Time then = begin + (now - begin) * (i / 40.0);
    std::set<std::string> found;
    std::pair<std::string, std::string> before;
    for (const CasePlace& place :
         Of(reports().OpenThen({kAgencyA, kAgencyB}, then, Soon()))) {
      const std::pair<std::string, std::string> key(place.agency, place.stream);
      EXPECT_LT(before, key);
      before = key;
      found.insert(place.number);
    }
    for (const Walk& walk : walks) {
      const auto after = walk.duty.upper_bound(then);
      const bool was_there = after != walk.duty.begin();
      const bool asked = walk.last.agency != "TJZJW";
      if (was_there && asked && std::prev(after)->second) {
        EXPECT_TRUE(found.contains(walk.last.number))
            << walk.last.number << " at " << then;
      }
      if (!was_there || !asked) {
        EXPECT_FALSE(found.contains(walk.last.number));
      }
    }
  }
}

TEST_F(ReportTest, WhatIsDoneAndHasOnlyTheArchivesAheadWasNotOpen) {
  const absl::Time opened = absl::FromUnixSeconds(1'700'000'000);
  Append a = NewCase(kAgencyA, "A-1", opened);
  a.limits->push_back(Limit(29, kToday + 900));
  a.row.done_time = opened + absl::Hours(1);
  ASSERT_EQ(Put(a), Appended::kAppended);
  const auto found = [&](absl::Duration later) {
    return Numbers(Of(reports().OpenThen({kAgencyA}, opened + later, Soon())));
  };
  EXPECT_THAT(found(-absl::Seconds(1)), IsEmpty());
  EXPECT_THAT(found(absl::ZeroDuration()), ElementsAre("A-1"));
  EXPECT_THAT(found(absl::Minutes(59)), ElementsAre("A-1"));
  EXPECT_THAT(found(absl::Hours(1)), IsEmpty());
}

TEST_F(ReportTest, HistoriesEndAtTheMomentAndHoldNothingPrivate) {
  const absl::Time opened = absl::FromUnixSeconds(1'700'000'000);
  std::vector<CasePlace> places;
  std::vector<Append> firsts;
  for (const char* agency : {kAgencyA, kAgencyB}) {
    Append a = NewCase(agency, "X-1", opened);
    ASSERT_EQ(Put(a), Appended::kAppended);
    for (int64_t version = 1; version < 12; ++version) {
      Append next = SampleAppend(agency, a.stream, version);
      next.event.recorded_time = opened + absl::Hours(version);
      ASSERT_EQ(Put(next), Appended::kAppended);
    }
    places.push_back({agency, a.stream, "X-1"});
    firsts.push_back(std::move(a));
  }
  // B comes before A in the answer when it is asked for first; a stream that is
  // not there, and one of another agency, are left out.
  std::swap(places[0], places[1]);
  places.insert(places.begin(), {kAgencyA, NewId(), "none"});
  places.push_back({kAgencyA, places[1].stream, "X-1"});
  const auto found =
      Of(reports().Histories(places, opened + absl::Hours(10), Soon()));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].place.agency, kAgencyB);
  EXPECT_EQ(found[1].place.agency, kAgencyA);
  for (const PastCaseEvents& past : found) {
    EXPECT_EQ(past.place.number, "X-1");
    ASSERT_EQ(past.events.size(), 11u);
    for (size_t i = 0; i < past.events.size(); ++i) {
      EXPECT_EQ(past.events[i].seq, static_cast<int64_t>(i + 1));
      EXPECT_TRUE(past.events[i].salt.empty());
      EXPECT_TRUE(past.events[i].payload.empty());
    }
  }
  const StoredEvent& read = found[1].events[0];
  const StoredEvent& put = firsts[0].event;
  EXPECT_EQ(read.type, put.type);
  EXPECT_EQ(read.event_id, put.event_id);
  EXPECT_EQ(read.request_id, put.request_id);
  EXPECT_EQ(read.recorded_time, put.recorded_time);
  EXPECT_EQ(read.occurred, put.occurred);
  EXPECT_EQ(read.record, put.record);
  EXPECT_EQ(read.hash, put.hash);
  EXPECT_EQ(read.leaf_hash, put.leaf_hash);
  EXPECT_EQ(Of(reports().Histories(places, absl::InfiniteFuture(), Soon()))[0]
                .events.size(),
            12u);
  EXPECT_THAT(Of(reports().Histories({}, opened, Soon())), IsEmpty());
}

TEST_F(ReportTest, NoMoreThanAThousandHistoriesAtOnce) {
  const std::vector<CasePlace> places(1001, {kAgencyA, NewId(), "X-1"});
  EXPECT_EQ(reports()
                .Histories(places, absl::InfiniteFuture(), Soon())
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ReportTest, TheRoleReadsAllAgenciesAndWritesNothing) {
  for (const char* agency : {kAgencyA, kAgencyB}) {
    Append a = NewCase(agency, "X-1");
    a.text = SampleText("甲", "公开信息");
    a.limits->push_back(Limit(5, kToday));
    ASSERT_EQ(Put(a), Appended::kAppended);
  }
  for (const char* table : {"stream", "event", "case_limit", "report_case"}) {
    EXPECT_EQ(server().Run(role_, absl::StrCat("SELECT count(*) FROM ", table)),
              "2")
        << table;
  }
  // Whatever else there is, it may not read.
  EXPECT_EQ(
      server().Run(
          role_,
          "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class "
          "c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN "
          "('r', 'v', 'm') AND has_table_privilege(c.oid, 'SELECT')"),
      "case_limit event filed_return report_case stream");
  EXPECT_EQ(
      server().Run(role_,
                   "SELECT string_agg(c.relname, ' ') FROM pg_class c WHERE "
                   "c.relnamespace = 'public'::regnamespace AND c.relkind IN "
                   "('r', 'v', 'm', 'S') AND (has_table_privilege(c.oid, "
                   "'INSERT') OR has_table_privilege(c.oid, 'UPDATE') OR "
                   "has_table_privilege(c.oid, 'DELETE') OR "
                   "has_table_privilege(c.oid, 'TRUNCATE'))"),
      "");
  for (const char* statement :
       {"SELECT * FROM private_part", "SELECT content FROM case_text",
        "SELECT * FROM person_key", "SELECT * FROM data_key",
        "UPDATE stream SET version = 9", "DELETE FROM event",
        "INSERT INTO filed_return (agency_id) VALUES ('SHGXW')",
        "SELECT search_phrase('SHGXW', '公开', NULL, NULL, 1)"}) {
    EXPECT_THAT(server().Error(role_, statement),
                HasSubstr("permission denied"))
        << statement;
  }
}

TEST_F(ReportTest, TheRoleMayCallWhatReportsAskAndNothingElse) {
  EXPECT_EQ(server().Run(
                role_,
                "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc "
                "WHERE proowner = 'gongkai_owner'::regrole "
                "AND prorettype <> 'trigger'::regtype "
                "AND has_function_privilege(oid, 'EXECUTE')"),
            "case_asked cases_finished cases_received cases_with count_duties "
            "count_limits count_return filed_returns histories limit_asked "
            "list_duties list_limits open_then return_cases shared_words");
}

TEST_F(ReportTest, TheServiceMayNotAskForDigests) {
  EXPECT_THAT(server().Error(service_,
                             "SELECT shared_words('{BJJW}', '2024-01-01', "
                             "'2024-12-31', 1, 1)"),
              HasSubstr("permission denied"));
}

TEST_F(ReportTest, ADatabaseThatIsAwayIsUnavailable) {
  PostgresReports away("host=/nowhere dbname=x", 1);
  EXPECT_EQ(away.CountReturn({kAgencyA}, 2024, Soon()).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace gongkai::storage
