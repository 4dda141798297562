// SPDX-License-Identifier: Apache-2.0
// What the annual return counts cases by, rows from before, and returns that
// are filed with their events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gongkai/v1/event.pb.h"
#include "storage/postgres/postgres_scan.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr absl::CivilDay kDay(2024, 3, 5);

// An application answered on kDay, after a review and with a fee.
void Finish(CaseRow& row) {
  row.finished = kDay;
  row.return_row = 3;
  row.counted = true;
  row.remedies = true;
  row.fees = true;
}

// A return filed as the first event of an agency's stream.
Append SampleFiling(const std::string& agency, int64_t version, int year,
                    int edition) {
  Append a =
      SampleAppend(agency, WellKnownStream(StreamKind::kAgency), version);
  a.kind = StreamKind::kAgency;
  a.event.type = v1::Event::kReturnFiled;
  a.row = CaseRow();
  audit::Record record;
  record.log_origin = "gongkai";
  record.agency = agency;
  record.actor.set_account("zhang");
  record.previous_hash = record.private_commitment = std::string(32, '\0');
  a.event.record = audit::Encode(record);
  a.filed = FiledDocument{year, edition, std::string("\0doc\xff", 5),
                          "SHGXW-2023-00001\t3\t3\t1\n"};
  return a;
}

class ReturnRowTest : public PostgresTest {
 protected:
  struct Whole {
    std::vector<StreamRow> streams;
    std::vector<FiledRow> filed;
  };
  Whole Scanned() {
    Whole whole;
    const auto status =
        ReadSnapshot(server().Auditor(database_), [&whole](Scan& scan) {
          StreamRow stream;
          for (const auto rows = scan.Streams(); rows->Next(stream);) {
            whole.streams.push_back(stream);
          }
          FiledRow filed;
          for (const auto rows = scan.Filed(); rows->Next(filed);) {
            whole.filed.push_back(filed);
          }
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return whole;
  }
  StreamRow Only() {
    const Whole whole = Scanned();
    EXPECT_THAT(whole.streams, SizeIs(1));
    return whole.streams.empty() ? StreamRow() : whole.streams[0];
  }
  // As a row from before V021.
  void Age() {
    server().Run(server().Superuser(database_),
                 "UPDATE stream SET finished_date = NULL, return_row = 0, "
                 "counted = true, remedies = false, fees = false, "
                 "row_version = 0");
  }
};

TEST_F(ReturnRowTest, WhatIsCountedIsWrittenAndReplaced) {
  const std::string stream = NewId();
  Append a = SampleAppend(kAgencyA, stream, 0, "X-1");
  a.row.counted = false;
  ASSERT_EQ(Put(a), Appended::kAppended);
  StreamRow row = Only();
  EXPECT_EQ(row.row.finished, std::nullopt);
  EXPECT_EQ(row.row.return_row, 0);
  EXPECT_FALSE(row.row.counted);
  EXPECT_FALSE(row.row.remedies);
  EXPECT_FALSE(row.row.fees);
  EXPECT_EQ(row.row_version, 1);

  Append b = SampleAppend(kAgencyA, stream, 1);
  Finish(b.row);
  ASSERT_EQ(Put(b), Appended::kAppended);
  row = Only();
  EXPECT_EQ(row.row.finished, kDay);
  EXPECT_EQ(row.row.return_row, 3);
  EXPECT_TRUE(row.row.counted);
  EXPECT_TRUE(row.row.remedies);
  EXPECT_TRUE(row.row.fees);

  // A correction of the record takes it back.
  ASSERT_EQ(Put(SampleAppend(kAgencyA, stream, 2)), Appended::kAppended);
  row = Only();
  EXPECT_EQ(row.row.finished, std::nullopt);
  EXPECT_EQ(row.row.return_row, 0);
  EXPECT_FALSE(row.row.remedies);
  EXPECT_FALSE(row.row.fees);
  EXPECT_EQ(row.row_version, 1);
}

TEST_F(ReturnRowTest, StaleRowsAreFoundOneAfterAnother) {
  std::vector<std::string> streams;
  for (const char* agency : {kAgencyB, kAgencyA, kAgencyA}) {
    streams.push_back(NewId());
    Put(SampleAppend(agency, streams.back(), 0,
                     absl::StrCat("X-", streams.size())));
  }
  Append terms =
      SampleAppend(kAgencyA, WellKnownStream(StreamKind::kAgency), 0);
  terms.kind = StreamKind::kAgency;
  Put(terms);
  EXPECT_EQ(store().CountStaleCases(Soon()).value(), 0);
  EXPECT_THAT(store().StaleCases("", "", 9, Soon()).value(), SizeIs(0));
  Age();
  // The stream of the agency is no case.
  EXPECT_EQ(store().CountStaleCases(Soon()).value(), 3);
  std::vector<std::string> found;
  RowBook::StaleCase last;
  while (true) {
    const auto some =
        store().StaleCases(last.agency, last.stream, 1, Soon()).value();
    if (some.empty()) break;
    last = some.back();
    found.push_back(last.stream);
  }
  std::sort(streams.begin() + 1, streams.end());
  EXPECT_EQ(found, streams) << "of BJJW before SHGXW";
}

TEST_F(ReturnRowTest, ARefreshIsDoneOnceAndOnlyAtItsVersion) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  Put(SampleAppend(kAgencyA, stream, 1));
  CaseRow row;
  Finish(row);
  const auto refresh = [&](int64_t version,
                           const std::string& agency = kAgencyA) {
    return store().RefreshRow(agency, stream, version, row, Soon()).value();
  };
  EXPECT_FALSE(refresh(2)) << "it is fresh";
  Age();
  EXPECT_FALSE(refresh(1)) << "it has moved on";
  EXPECT_FALSE(refresh(3));
  EXPECT_FALSE(refresh(2, kAgencyB)) << "of another agency";
  EXPECT_EQ(Only().row_version, 0);
  EXPECT_TRUE(refresh(2));
  const StreamRow after = Only();
  EXPECT_EQ(after.row_version, 1);
  EXPECT_EQ(after.row.finished, kDay);
  EXPECT_EQ(after.row.return_row, 3);
  EXPECT_TRUE(after.row.remedies);
  EXPECT_TRUE(after.row.fees);
  EXPECT_EQ(after.version, 2);
  EXPECT_EQ(after.row.officer, "wang") << "the rest stays";
  EXPECT_FALSE(refresh(2)) << "and once is enough";
  // An act on a stale case writes its row whole.
  Age();
  Append next = SampleAppend(kAgencyA, stream, 2);
  next.row.return_row = 7;
  Put(next);
  EXPECT_FALSE(refresh(3));
  EXPECT_EQ(Only().row.return_row, 7);
}

TEST_F(ReturnRowTest, AFiledReturnLiesBesideItsEvent) {
  const Append a = SampleFiling(kAgencyA, 0, 2023, 1);
  ASSERT_EQ(Put(a), Appended::kAppended);
  ASSERT_EQ(Put(a), Appended::kAppended) << "asked again after a lost answer";
  ASSERT_EQ(Put(SampleFiling(kAgencyA, 1, 2023, 2)), Appended::kAppended);
  const Whole whole = Scanned();
  ASSERT_THAT(whole.filed, SizeIs(2));
  const FiledRow& first = whole.filed[0];
  EXPECT_EQ(first.key, (RowKey{kAgencyA, a.stream, 1}));
  EXPECT_EQ(first.year, 2023);
  EXPECT_EQ(first.edition, 1);
  EXPECT_EQ(first.document, a.filed->document);
  EXPECT_EQ(first.cases, a.filed->cases);
  EXPECT_EQ(first.filed_time, a.event.recorded_time);
  EXPECT_EQ(first.filed_by, "zhang");
  EXPECT_EQ(whole.filed[1].edition, 2);
  EXPECT_EQ(whole.filed[1].key.seq, 2);
}

TEST_F(ReturnRowTest, AFiledReturnStaysAndIsItsAgencysAlone) {
  ASSERT_EQ(Put(SampleFiling(kAgencyA, 0, 2023, 1)), Appended::kAppended);
  for (const char* statement :
       {"UPDATE filed_return SET document = ''", "DELETE FROM filed_return",
        "TRUNCATE filed_return"}) {
    EXPECT_THAT(server().Error(service_, statement),
                HasSubstr("permission denied"));
    EXPECT_THAT(server().Error(owner_, statement), HasSubstr("append-only"));
    EXPECT_THAT(
        server().Error(server().Superuser(database_),
                       absl::StrCat("SET session_replication_role = replica; ",
                                    statement)),
        HasSubstr("append-only"));
  }
  const auto count = [&](const char* agency) {
    return server().Run(
        service_, absl::StrCat("SELECT set_config('gongkai.agency', '", agency,
                               "', false); SELECT count(*) FROM filed_return"));
  };
  EXPECT_EQ(count(kAgencyA), "1");
  EXPECT_EQ(count(kAgencyB), "0");
}

// Acts go on updating the row of their case in place: no index may hold what
// most of them change.
TEST_F(ReturnRowTest, NoIndexOfStreamsHoldsWhatActsChange) {
  EXPECT_EQ(
      server().Run(
          owner_,
          "SELECT string_agg(i.indexrelid::regclass || ' ' || c, ', ') "
          "FROM pg_index i, unnest(ARRAY['version', 'head', 'phase', "
          "'calendar_version', 'labels', 'restricted_to', 'department']) c "
          "WHERE i.indrelid = 'stream'::regclass AND "
          "pg_get_indexdef(i.indexrelid) ~ ('\\m' || c || '\\M')"),
      "");
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  Append b = SampleAppend(kAgencyA, stream, 1);
  b.row.phase = 5;
  Put(b);
  // The second version of the row lies in the page of the first.
  EXPECT_EQ(
      server().Run(server().Superuser(database_), "SELECT ctid FROM stream"),
      "(0,2)");
}

TEST_F(ReturnRowTest, AYearIsCountedByTheIndexAlone) {
  for (int i = 0; i < 20; ++i) {
    Append a = SampleAppend(kAgencyA, NewId(), 0, absl::StrCat("X-", i));
    if (i % 2 == 0) Finish(a.row);
    Put(a);
  }
  const std::string super = server().Superuser(database_);
  server().Run(super, "VACUUM ANALYZE stream");
  const auto plan = [&](const std::string& where) {
    return server().Run(
        super,
        "SET enable_seqscan = off; SET enable_bitmapscan = off; DO $$ DECLARE "
        "j json; BEGIN EXECUTE $q$ EXPLAIN (FORMAT JSON) SELECT return_row, "
        "applicant_kind, count(*) FROM stream WHERE kind = 1 AND counted AND "
        "agency_id = 'SHGXW' AND " +
            where +
            " GROUP BY 1, 2 $q$ INTO j; PERFORM set_config('t.plan', j::text, "
            "false); END $$; SELECT current_setting('t.plan')");
  };
  EXPECT_THAT(
      plan("received_date BETWEEN '2024-01-01' AND '2024-12-31'"),
      testing::AllOf(HasSubstr("Index Only Scan"), HasSubstr("stream_return")));
  EXPECT_THAT(plan("finished_date BETWEEN '2024-01-01' AND '2024-12-31'"),
              testing::AllOf(HasSubstr("Index Only Scan"),
                             HasSubstr("stream_finished")));
}

class FilingContract : public StoreTest {};

INSTANTIATE_TEST_SUITE_P(Stores, FilingContract, BothStores(), KindName);

TEST_P(FilingContract, NothingIsFiledWithoutItsEvent) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyB, stream, 0, "X-1"));
  const auto half = store().AppendAll(
      {SampleFiling(kAgencyA, 0, 2023, 1), SampleAppend(kAgencyB, stream, 7)},
      Soon());
  ASSERT_TRUE(half.ok()) << half.status();
  EXPECT_EQ(*half, Appended::kStale);
  // The first edition can still be filed, and a stale one is not.
  EXPECT_EQ(Put(SampleFiling(kAgencyA, 0, 2023, 1)), Appended::kAppended);
  EXPECT_EQ(Put(SampleFiling(kAgencyA, 0, 2022, 1)), Appended::kStale);
  EXPECT_EQ(Put(SampleFiling(kAgencyA, 1, 2022, 1)), Appended::kAppended);
}

TEST_P(FilingContract, OnlyAFilingFiles) {
  const auto refused = [&](Append a) {
    return store().AppendAll({a}, Soon()).status().code() ==
           absl::StatusCode::kInvalidArgument;
  };
  Append other = SampleFiling(kAgencyA, 0, 2023, 1);
  other.event.type = 7;
  EXPECT_TRUE(refused(other));
  other = SampleFiling(kAgencyA, 0, 2023, 1);
  other.stream = NewId();
  EXPECT_TRUE(refused(other)) << "not in the agency's own stream";
  other = SampleFiling(kAgencyA, 0, 2023, 0);
  EXPECT_TRUE(refused(other)) << "no edition";
  other = SampleFiling(kAgencyA, 0, 2023, 1);
  other.filed->document.clear();
  EXPECT_TRUE(refused(other)) << "no document";
}

TEST(FilingInMemory, KeepsWhatWasFiledAndTheRow) {
  MemoryStore memory;
  const Append a = SampleFiling(kAgencyA, 0, 2023, 1);
  EXPECT_EQ(memory.AppendAll({a}, Soon()).value(), Appended::kAppended);
  ASSERT_TRUE(memory.FiledOf(kAgencyA, 2023, 1).has_value());
  EXPECT_EQ(memory.FiledOf(kAgencyA, 2023, 1)->cases, a.filed->cases);
  EXPECT_FALSE(memory.FiledOf(kAgencyA, 2023, 2).has_value());
  Append b = SampleAppend(kAgencyA, NewId(), 0, "X-1");
  Finish(b.row);
  EXPECT_EQ(memory.AppendAll({b}, Soon()).value(), Appended::kAppended);
  EXPECT_EQ(memory.RowOf(kAgencyA, b.stream)->finished, kDay);
  EXPECT_FALSE(memory.RowOf(kAgencyB, b.stream).has_value());
}

}  // namespace
}  // namespace gongkai::storage
