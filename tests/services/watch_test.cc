// SPDX-License-Identifier: Apache-2.0
// WatchCases: every change once, in the order of the log, from any place on.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TestService;

// One stream; its place in the log is settled when it is made.
class Watching {
 public:
  Watching(TestService& service, const v1::WatchCasesRequest& request,
           const TestService::As& as = {}) {
    TestService::Identify(as, context_);
    reader_ = service.cases().WatchCases(&context_, request);
    reader_->WaitForInitialMetadata();
  }
  ~Watching() {
    context_.TryCancel();
    if (!finished_) reader_->Finish();
  }
  std::vector<v1::WatchCasesResponse> Read(int n) {
    std::vector<v1::WatchCasesResponse> changes;
    v1::WatchCasesResponse change;
    while (n-- > 0 && reader_->Read(&change)) changes.push_back(change);
    return changes;
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status Finish() {
    finished_ = true;
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchCasesResponse>> reader_;
  bool finished_ = false;
};

v1::WatchCasesRequest All(int64_t after = 0) {
  v1::WatchCasesRequest request;
  request.set_agency(TestService::kAgency);
  request.set_after_log_index(after);
  return request;
}

v1::Act Register() {
  v1::Act act;
  act.mutable_register_()->set_officer("li");
  return act;
}

TEST(Watch, SeesEachChangeOnceInOrder) {
  TestService service;
  Watching watching(service, All());
  const std::string a = service.Receive("甲。").receipt().name();
  const std::string b = service.Receive("乙。").receipt().name();
  ASSERT_TRUE(service.Perform({}, a, Register()).ok());
  const auto changes = watching.Read(3);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].name(), a);
  EXPECT_EQ(changes[0].event(), "received");
  EXPECT_EQ(changes[0].version(), 1);
  EXPECT_EQ(changes[0].occurred_date(), "2024-03-20");
  EXPECT_EQ(changes[1].name(), b);
  EXPECT_EQ(changes[2].name(), a);
  EXPECT_EQ(changes[2].event(), "registered");
  EXPECT_EQ(changes[2].version(), 2);
  EXPECT_LT(changes[0].log_index(), changes[1].log_index());
  EXPECT_LT(changes[1].log_index(), changes[2].log_index());
}

TEST(Watch, GoesOnAfterAPlaceWithoutGapOrRepeat) {
  TestService service;
  std::vector<v1::WatchCasesResponse> all;
  {
    Watching watching(service, All());
    for (int i = 0; i < 5; ++i) service.Receive("申请。");
    all = watching.Read(5);
    ASSERT_EQ(all.size(), 5u);
  }
  // Missed while nobody watched.
  for (int i = 0; i < 5; ++i) service.Receive("申请。");
  Watching again(service, All(all[2].log_index()));
  const auto rest = again.Read(7);
  ASSERT_EQ(rest.size(), 7u);
  EXPECT_EQ(rest[0].SerializeAsString(), all[3].SerializeAsString());
  EXPECT_EQ(rest[1].SerializeAsString(), all[4].SerializeAsString());
  for (size_t i = 1; i < rest.size(); ++i) {
    EXPECT_LT(rest[i - 1].log_index(), rest[i].log_index());
    EXPECT_NE(rest[i - 1].name(), rest[i].name());
  }
}

TEST(Watch, OneCaseAlone) {
  TestService service;
  const std::string a = service.Receive("甲。").receipt().name();
  v1::WatchCasesRequest request = All();
  request.set_name(a);
  Watching watching(service, request);
  service.Receive("乙。");
  ASSERT_TRUE(service.Perform({}, a, Register()).ok());
  // What was written before may get its place in the log after we looked.
  v1::WatchCasesResponse change;
  do {
    change = watching.Read(1).at(0);
    EXPECT_EQ(change.name(), a);
  } while (change.version() < 2);
  EXPECT_EQ(change.event(), "registered");
}

TEST(Watch, AReaderWhoIsBehindCatchesUpPastItsQueue) {
  TestService::Options options;
  options.config.watch_queue = 4;
  TestService service(options);
  const std::string first = service.Receive("第一件。").receipt().name();
  int64_t place = 0;
  {
    v1::WatchCasesRequest request = All(1);
    Watching watching(service, request);
    place = watching.Read(1).at(0).log_index();
  }
  for (int i = 0; i < 60; ++i) service.Receive("申请。");
  Watching watching(service, All(place));
  const auto changes = watching.Read(60);
  ASSERT_EQ(changes.size(), 60u);
  // Between two changes lie the records of who saw something.
  std::set<std::string> names = {first};
  for (size_t i = 0; i < changes.size(); ++i) {
    const int64_t before = i == 0 ? place : changes[i - 1].log_index();
    EXPECT_GT(changes[i].log_index(), before);
    names.insert(changes[i].name());
  }
  EXPECT_EQ(names.size(), 61u);
}

TEST(Watch, AHundredWatchersHoldNoWorker) {
  TestService service;
  std::vector<std::unique_ptr<Watching>> watchers;
  for (int i = 0; i < 100; ++i) {
    watchers.push_back(std::make_unique<Watching>(service, All()));
  }
  // Far more than there are workers, and acts and reads go on.
  EXPECT_LT(service.service().pool().workers(), 100);
  const std::string name = service.Receive("申请。").receipt().name();
  EXPECT_EQ(service.Get(name).version(), 1);
  for (const auto& watcher : watchers) {
    ASSERT_EQ(watcher->Read(1).at(0).name(), name);
  }
}

TEST(Watch, OtherAgenciesSeeNothing) {
  TestService service;
  TestService::As other;
  other.agency = "BJGXW";
  Watching watching(service, All(), other);
  EXPECT_TRUE(watching.Read(1).empty());
  EXPECT_EQ(watching.Finish().error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::WatchCasesRequest request = All();
  request.set_name("agencies/BJGXW/cases/BJGXW-2024-00001");
  Watching mixed(service, request);
  EXPECT_TRUE(mixed.Read(1).empty());
  const grpc::Status status = mixed.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).field, "name");
}

TEST(Watch, ACancelledStreamIsLetGo) {
  TestService service;
  Watching watching(service, All());
  watching.Cancel();
  EXPECT_EQ(watching.Finish().error_code(), grpc::StatusCode::CANCELLED);
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (service.service().hub().watchers() > 0 && absl::Now() < end) {
    service.service().hub().Poke();
  }
  EXPECT_EQ(service.service().hub().watchers(), 0u);
}

TEST(Watch, StreamsEndWithWordsWhenTheServiceStops) {
  TestService service;
  Watching watching(service, All());
  service.service().Drain(absl::Seconds(20));
  EXPECT_TRUE(watching.Read(1).empty());
  const grpc::Status status = watching.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Details(status).reason, "SERVICE_STOPPING");
  EXPECT_TRUE(Details(status).retry.has_value());
}

}  // namespace
}  // namespace gongkai
