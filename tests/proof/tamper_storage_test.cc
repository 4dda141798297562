// SPDX-License-Identifier: Apache-2.0
// Step 23 of the drill: bytes of the table of events are changed on the disk
// while PostgreSQL is stopped. Without checksums of pages the proof finds it;
// with them PostgreSQL does, and the check says that the storage is damaged.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/proof/office.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Finished;
using test::TempPostgres;
using testing::AllOf;
using testing::HasSubstr;

class TamperDrill : public ::testing::TestWithParam<bool> {
 protected:
  TamperDrill() : postgres_(Settings(GetParam())) {
    database_ = postgres_.NewDatabase();
    test::Path path(postgres_, database_, test::TestNoon());
    path.AddAgency("SHGXW");
    path.Receive("SHGXW", 20);
    test::SequenceAll(postgres_, database_);
  }

  static TempPostgres::Options Settings(bool checksums) {
    TempPostgres::Options options;
    options.checksums = checksums;
    return options;
  }

  std::string Ask(const std::string& sql) const {
    return postgres_.Run(postgres_.Superuser(database_), sql);
  }

  // Changes one byte in the middle of a record where it lies on the disk.
  void EditHeap() {
    const std::string record = absl::HexStringToBytes(
        Ask("SELECT encode(record, 'hex') FROM event WHERE seq = 1 "
            "ORDER BY recorded_time DESC, stream_id LIMIT 1"));
    const std::string file =
        Ask("SELECT current_setting('data_directory') || '/' || "
            "pg_relation_filepath('event')");
    postgres_.TerminateBackends(database_);
    postgres_.Stop("fast");
    std::fstream heap(file, std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(heap)),
                      std::istreambuf_iterator<char>());
    const size_t at = bytes.find(record);
    ASSERT_NE(at, std::string::npos) << file;
    heap.clear();
    heap.seekp(static_cast<std::streamoff>(at + record.size() - 3));
    heap.put(static_cast<char>(bytes[at + record.size() - 3] ^ 1));
    heap.close();
    ASSERT_TRUE(heap.good());
    postgres_.Start();
  }

  TempPostgres postgres_;
  std::string database_;
};

TEST_P(TamperDrill, Step23BytesOfTheTableChangedOnTheDisk) {
  EXPECT_EQ(test::Audit(postgres_, database_, "fsck", {}).exit, 0);
  EditHeap();
  const Finished fsck = test::Audit(postgres_, database_, "fsck", {});
  if (GetParam()) {
    EXPECT_EQ(fsck.exit, 2) << fsck.out << fsck.err;
    EXPECT_THAT(fsck.out, HasSubstr("NOT CHECKED"));
    EXPECT_THAT(fsck.err, HasSubstr("the storage of the database is damaged"));
  } else {
    EXPECT_EQ(fsck.exit, 1) << fsck.out << fsck.err;
    EXPECT_THAT(fsck.out, AllOf(HasSubstr("SHGXW, case SHGXW-2024-000"),
                                HasSubstr("record 1: the record was altered")));
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, TamperDrill, ::testing::Bool(),
                         [](const auto& which) {
                           return which.param ? "WithChecksums"
                                              : "WithoutChecksums";
                         });

}  // namespace
}  // namespace gongkai
