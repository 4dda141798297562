// SPDX-License-Identifier: Apache-2.0
// Destroying private parts: what goes in the commit of the erasure, what stays,
// who may, and its repetition after a restore.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "storage/postgres/postgres_erasures.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kErasure = 42;  // v1::Event.erased

// The erasure of `events` that follows `version`; it holds no private part.
Append Erasing(const std::string& stream, int64_t version,
               std::vector<int64_t> events, bool words) {
  Append a = SampleAppend(kAgencyA, stream, version);
  a.event.type = kErasure;
  a.event.salt.clear();
  a.event.payload.clear();
  a.erase = std::move(events);
  a.erase_words = words;
  return a;
}

class ErasureContract : public StoreTest {
 protected:
  // Two events of a case, each with a private part.
  void SetUp() override {
    first_ = SampleAppend(kAgencyA, stream_, 0, "X-1");
    first_.text = SampleText("甲", "公开信息");
    ASSERT_EQ(Put(first_), Appended::kAppended);
    second_ = SampleAppend(kAgencyA, stream_, 1);
    ASSERT_EQ(Put(second_), Appended::kAppended);
  }
  std::string MacOf(const Append& append) {
    const History h = Get(stream_, append.event.request_id);
    return h.prior ? h.prior->mac : "none";
  }
  const std::string stream_ = NewId();
  Append first_, second_;
};

INSTANTIATE_TEST_SUITE_P(Stores, ErasureContract, BothStores(), KindName);

TEST_P(ErasureContract, SaltTextAndDigestOfTheRequestGoAndTheRecordStays) {
  ASSERT_EQ(Put(Erasing(stream_, 2, {1}, false)), Appended::kAppended);
  const History h = Get(stream_);
  ASSERT_THAT(h.events, SizeIs(3));
  EXPECT_TRUE(h.events[0].erased);
  EXPECT_EQ(h.events[0].salt, "");
  EXPECT_EQ(h.events[0].payload, "");
  EXPECT_EQ(h.events[0].record, first_.event.record);
  EXPECT_EQ(h.events[0].leaf_hash, first_.event.leaf_hash);
  EXPECT_EQ(MacOf(first_), "");
  EXPECT_FALSE(h.events[1].erased);
  EXPECT_EQ(h.events[1].payload, second_.event.payload);
  EXPECT_EQ(MacOf(second_), second_.mac);
}

TEST_P(ErasureContract, AnEventWithoutAPrivatePartIsNotErased) {
  ASSERT_EQ(Put(Erasing(stream_, 2, {1, 2}, true)), Appended::kAppended);
  ASSERT_EQ(Put(Erasing(stream_, 3, {3}, false)), Appended::kAppended);
  EXPECT_FALSE(Get(stream_).events[2].erased);
}

TEST_P(ErasureContract, ALostAnswerMayBeAskedForAgain) {
  const Append erasing = Erasing(stream_, 2, {1, 2}, true);
  ASSERT_EQ(Put(erasing), Appended::kAppended);
  EXPECT_EQ(Put(erasing), Appended::kAppended);
  // Also when the case has gone on.
  ASSERT_EQ(Put(SampleAppend(kAgencyA, stream_, 3)), Appended::kAppended);
  EXPECT_EQ(Put(erasing), Appended::kAppended);
  const History h = Get(stream_);
  ASSERT_THAT(h.events, SizeIs(4));
  EXPECT_FALSE(h.events[3].erased);
}

TEST_P(ErasureContract, AStaleErasureDestroysNothing) {
  EXPECT_EQ(Put(Erasing(stream_, 1, {1}, true)), Appended::kStale);
  EXPECT_FALSE(Get(stream_).events[0].erased);
  EXPECT_EQ(MacOf(first_), first_.mac);
}

class ErasureTest : public PostgresTest {
 protected:
  std::string MakeCase(const std::string& number, const std::string& who,
                       const std::string& content) {
    Append a = SampleAppend(kAgencyA, NewId(), 0, number);
    a.text = SampleText(who, content);
    EXPECT_EQ(Put(a), Appended::kAppended);
    leaves_.push_back(a.event.leaf_hash);
    return a.stream;
  }
  std::string Owner(const std::string& sql) {
    return server().Run(owner_, sql);
  }
  std::string AsService(const std::string& sql) {
    return server().Error(service_,
                          absl::StrCat("BEGIN; SELECT set_config("
                                       "'gongkai.agency', 'SHGXW', true); ",
                                       sql, "; COMMIT"));
  }
  std::string Call(const std::string& stream, int event) {
    return absl::StrCat("SELECT erase_private('SHGXW', '", stream, "', ", event,
                        ", '{1}', true)");
  }
  std::vector<std::string> leaves_;
};

TEST_F(ErasureTest, TheWordsGoWithIt) {
  const std::string stream = MakeCase("X-1", "赵甲", "公开某村征地补偿方案");
  ASSERT_EQ(Put(Erasing(stream, 1, {1}, true)), Appended::kAppended);
  EXPECT_EQ(Owner("SELECT concat(applicant_name, content, grams::text, "
                  "encode(applicant_key, 'hex'), encode(content_key, 'hex')) "
                  "FROM case_text"),
            "");
  EXPECT_EQ(Owner("SELECT arrived FROM case_text"), "2024-02-01");
  const auto found = store().Search(kAgencyA, "征地", {"征地"}, 10, "", Soon());
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->empty());
}

TEST_F(ErasureTest, NobodyIsTakenForTheApplicantOfAnErasedCase) {
  for (const char* number : {"X-1", "X-2"}) {
    const std::string stream = MakeCase(number, "赵甲", "公开某方案");
    ASSERT_EQ(Put(Erasing(stream, 1, {1}, true)), Appended::kAppended);
    const auto earlier = store().EarlierOf(kAgencyA, stream, Soon());
    ASSERT_TRUE(earlier.ok()) << earlier.status();
    EXPECT_TRUE(earlier->same_applicant.empty());
    EXPECT_EQ(earlier->other_applicants, 0);
    const auto similar = store().Similar(kAgencyA, stream, 10, Soon());
    ASSERT_TRUE(similar.ok()) << similar.status();
    EXPECT_TRUE(similar->empty());
  }
}

TEST_F(ErasureTest,
       TheServiceDestroysNothingWithoutRecordingItInTheSameCommit) {
  const std::string stream = MakeCase("X-1", "赵甲", "公开某方案");
  EXPECT_THAT(AsService(Call(stream, 1)), HasSubstr("without its event"));
  EXPECT_THAT(AsService(Call(stream, 2)), HasSubstr("without its event"));
  // An erasure of another event, committed before, is no leave for this one.
  Append other = SampleAppend(kAgencyA, stream, 1);
  ASSERT_EQ(Put(other), Appended::kAppended);
  ASSERT_EQ(Put(Erasing(stream, 2, {2}, false)), Appended::kAppended);
  EXPECT_THAT(AsService(Call(stream, 3)), HasSubstr("without its event"));
  EXPECT_EQ(Owner("SELECT count(*) FROM private_part WHERE seq = 1 "
                  "AND payload IS NOT NULL"),
            "1");
}

TEST_F(ErasureTest, OnlyTheOwnerDestroysByHand) {
  const std::string stream = MakeCase("X-1", "赵甲", "公开某方案");
  for (const std::string& function :
       {absl::StrCat("destroy_private('SHGXW', '", stream, "', '{1}', true)"),
        absl::StrCat("replay_erasure('SHGXW', '", stream,
                     "', '{1}', '{}', true)")}) {
    EXPECT_THAT(AsService("SELECT " + function),
                HasSubstr("permission denied"));
    EXPECT_THAT(
        server().Error(server().Auditor(database_), "SELECT " + function),
        HasSubstr("permission denied"));
  }
}

TEST_F(ErasureTest, TheAuditorReadsEveryErasureWithTheLeavesBefore) {
  const std::string stream = MakeCase("X-1", "赵甲", "公开某方案");
  MakeCase("X-2", "钱乙", "公开某预算");
  const Append erasing = Erasing(stream, 1, {1}, true);
  ASSERT_EQ(Put(erasing), Appended::kAppended);
  const auto read = ReadErasures(server().Auditor(database_), Soon());
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_EQ((*read)[0].agency, kAgencyA);
  EXPECT_EQ((*read)[0].stream, stream);
  EXPECT_EQ((*read)[0].number, "X-1");
  EXPECT_EQ((*read)[0].seq, 2);
  EXPECT_EQ((*read)[0].record, erasing.event.record);
  EXPECT_EQ((*read)[0].leaves, std::vector<std::string>{leaves_[0]});
  EXPECT_EQ(ReadErasures(service_, Soon()).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(ErasureTest, AfterARestoreItIsDoneAgainToTheVeryEvents) {
  const std::string stream = MakeCase("X-1", "赵甲", "公开某方案");
  const std::string other = MakeCase("X-2", "钱乙", "公开某预算");
  const auto replayed = ReplayErasures(
      owner_,
      {{kAgencyA, stream, {1, 2}, {leaves_[0], std::string(32, 'x')}, true},
       // Another event took the number since.
       {kAgencyA, other, {1}, {leaves_[0]}, true},
       // The case is not in this database.
       {kAgencyA, NewId(), {1}, {leaves_[0]}, true}},
      Soon());
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  ASSERT_THAT(*replayed, SizeIs(3));
  EXPECT_EQ((*replayed)[0].known, 1);
  EXPECT_EQ((*replayed)[0].destroyed, 1);
  EXPECT_EQ((*replayed)[1].known, 0);
  EXPECT_EQ((*replayed)[1].destroyed, 0);
  EXPECT_EQ((*replayed)[2].known, 0);
  EXPECT_EQ(Owner("SELECT string_agg(content, '') FROM case_text"),
            "公开某预算");
  EXPECT_EQ(Owner("SELECT count(*) FROM private_part WHERE salt IS NULL "
                  "AND payload IS NULL AND erased_time IS NOT NULL"),
            "1");
  EXPECT_FALSE(ReplayErasures(service_,
                              {{kAgencyA, stream, {1}, {leaves_[0]}, true}},
                              Soon())
                   .ok());
}

}  // namespace
}  // namespace gongkai::storage
