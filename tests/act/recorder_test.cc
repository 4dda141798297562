// SPDX-License-Identifier: Apache-2.0
// The recorder of accesses over a book that a test stops and spoils: callers
// who come together share a commit, and nobody pays for another.

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/act/access.h"
#include "services/base/clock.h"
#include "services/base/refusal.h"
#include "storage/memory/memory_store.h"

namespace gongkai::act {
namespace {

using testing::Each;
using testing::Le;
using testing::SizeIs;

// Keeps what is recorded; stands still while it is held.
class HeldBook : public storage::AccessBook {
 public:
  absl::Status RecordAccess(const std::vector<storage::AccessRow>& rows,
                            absl::Time deadline) override {
    absl::MutexLock lock(&mutex_);
    ++entered_;
    const auto free = [this] { return !held_; };
    if (!mutex_.AwaitWithDeadline(absl::Condition(&free), deadline)) {
      return absl::DeadlineExceededError("held");
    }
    const bool bad = std::any_of(rows.begin(), rows.end(), [](const auto& row) {
      return row.numbers == std::vector<std::string>{"BAD"};
    });
    if (bad) return absl::InvalidArgumentError("a number that is none");
    commits_.push_back(static_cast<int>(rows.size()));
    for (const auto& row : rows) numbers_.push_back(row.numbers.at(0));
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<std::string>> AccessesOf(std::string_view,
                                                      std::string_view,
                                                      absl::Time, int,
                                                      absl::Time) override {
    return std::vector<std::string>();
  }

  void Hold(bool held) {
    absl::MutexLock lock(&mutex_);
    held_ = held;
  }
  void WaitUntilEntered(int times) {
    absl::MutexLock lock(&mutex_);
    const auto entered = [&] { return entered_ >= times; };
    mutex_.Await(absl::Condition(&entered));
  }
  std::vector<int> commits() {
    absl::MutexLock lock(&mutex_);
    return commits_;
  }
  std::vector<std::string> numbers() {
    absl::MutexLock lock(&mutex_);
    return numbers_;
  }

 private:
  absl::Mutex mutex_;
  bool held_ = false;
  int entered_ = 0;
  std::vector<int> commits_;
  std::vector<std::string> numbers_;
};

absl::Time In(double seconds) { return absl::Now() + absl::Seconds(seconds); }

class Recorder : public ::testing::Test {
 protected:
  absl::Status Record(const std::string& number, absl::Time deadline) {
    v1::Access access;
    access.set_kind(v1::READ_CASE);
    access.set_method("GetCase");
    access.add_cases(number);
    return recorder_.Record(caller_, "AB", access, deadline);
  }

  // Begins a record that the held book keeps waiting, then `n` more that wait
  // behind it.
  void Begin(const std::vector<std::pair<std::string, absl::Time>>& records) {
    book_.Hold(true);
    statuses_.resize(records.size());
    for (size_t i = 0; i < records.size(); ++i) {
      threads_.emplace_back([this, i, record = records[i]] {
        statuses_[i] = Record(record.first, record.second);
      });
      if (i == 0) book_.WaitUntilEntered(1);
    }
    // Those behind cannot be seen waiting: they get the time to.
    absl::SleepFor(absl::Milliseconds(100));
  }
  void End() {
    book_.Hold(false);
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  const auth::Caller caller_ = {"li", "li", {v1::ROLE_HANDLER}, "AB", "dev"};
  storage::MemoryStore store_;
  SystemClock clock_;
  Registry registry_{store_, law::Rulebook()};
  HeldBook book_;
  AccessRecorder recorder_{book_, registry_, clock_};
  std::vector<std::thread> threads_;
  std::vector<absl::Status> statuses_;
};

TEST_F(Recorder, ThoseWhoWaitAreTakenTogether) {
  std::vector<std::pair<std::string, absl::Time>> records;
  for (int i = 0; i < 20; ++i) records.emplace_back("AB-1", In(20));
  Begin(records);
  End();
  for (const absl::Status& status : statuses_) EXPECT_TRUE(status.ok());
  EXPECT_THAT(book_.numbers(), SizeIs(20));
  // The first alone; the others behind it in one, or two if one was slow.
  EXPECT_THAT(book_.commits(), SizeIs(Le(3)));
  EXPECT_EQ(book_.commits().front(), 1);
}

TEST_F(Recorder, ACommitTakesTwoHundredAtMost) {
  std::vector<std::pair<std::string, absl::Time>> records;
  for (int i = 0; i < 260; ++i) records.emplace_back("AB-1", In(20));
  Begin(records);
  End();
  EXPECT_THAT(book_.numbers(), SizeIs(260));
  EXPECT_THAT(book_.commits(), Each(Le(200)));
}

TEST_F(Recorder, WhoseTimeIsOverWhileHeWaitsIsToldSoAndNotRecorded) {
  Begin({{"AB-1", In(20)}, {"AB-2", In(0.05)}});
  threads_[1].join();
  threads_.pop_back();
  EXPECT_TRUE(absl::IsDeadlineExceeded(statuses_[1]));
  End();
  EXPECT_TRUE(statuses_[0].ok());
  EXPECT_THAT(book_.numbers(), testing::ElementsAre("AB-1"));
}

TEST_F(Recorder, TheLeadersHasteIsNotTheOthersLoss) {
  // Whoever leads once the first is through may be the one in a hurry.
  Begin({{"AB-1", In(0.2)}, {"AB-2", In(0.5)}, {"AB-3", In(20)}});
  for (int i = 0; i < 2; ++i) threads_[i].join();
  threads_.erase(threads_.begin(), threads_.begin() + 2);
  End();
  EXPECT_TRUE(absl::IsDeadlineExceeded(statuses_[0]));
  EXPECT_TRUE(absl::IsDeadlineExceeded(statuses_[1]));
  EXPECT_TRUE(statuses_[2].ok()) << statuses_[2];
  // Where the third led, the second is recorded although he was told no.
  const auto numbers = book_.numbers();
  EXPECT_EQ(std::count(numbers.begin(), numbers.end(), "AB-3"), 1);
  EXPECT_EQ(std::count(numbers.begin(), numbers.end(), "AB-1"), 0);
}

TEST_F(Recorder, WhatIsWrongWithOneIsNotTheOthersFault) {
  Begin({{"AB-1", In(20)}, {"BAD", In(20)}, {"AB-2", In(20)}});
  End();
  EXPECT_TRUE(statuses_[0].ok());
  EXPECT_TRUE(absl::IsInvalidArgument(statuses_[1]));
  EXPECT_TRUE(statuses_[2].ok());
  EXPECT_THAT(book_.numbers(), testing::UnorderedElementsAre("AB-1", "AB-2"));
}

TEST_F(Recorder, OnlyRefusalsThatTellOfTheWishAreRecorded) {
  for (const v1::Reason reason :
       {v1::FIELD_INVALID, v1::VERSION_STALE, v1::TOO_BUSY, v1::STORE_AWAY,
        v1::SERVICE_STOPPING, v1::REQUEST_ID_REUSED, v1::CAPACITY_MISSING,
        v1::NOT_IN_THIS_PHASE}) {
    Refusing refusing;
    refusing.agency = "AB";
    refusing.access.set_kind(v1::ACT_REFUSED);
    refusing.access.add_cases(v1::Reason_Name(reason));
    refusing.status = Refuse(reason);
    EXPECT_EQ(recorder_.Refused(caller_, refusing, In(20)), refusing.status);
  }
  Refusing broken;
  broken.access.add_cases("AB-1");
  broken.status = absl::InternalError("broken");
  EXPECT_EQ(recorder_.Refused(caller_, broken, In(20)), broken.status);
  EXPECT_THAT(book_.numbers(),
              testing::ElementsAre("CAPACITY_MISSING", "NOT_IN_THIS_PHASE"));
  EXPECT_EQ(recorder_.unrecorded(), 0);
}

}  // namespace
}  // namespace gongkai::act
