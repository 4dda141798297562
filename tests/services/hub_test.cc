// SPDX-License-Identifier: Apache-2.0
// The hub alone, over a log that is made up: readers that do not read, a log
// that cannot be read for a while.

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/case_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/api/watch.h"
#include "services/base/refusal.h"
#include "tests/support/spoken_identity.h"
#include "tests/support/test_service.h"

namespace gongkai::api {
namespace {

using test::Details;
using test::TestService;

class NoMetrics : public CallMetrics {
 public:
  void Finished(std::string_view, std::string_view, grpc::StatusCode,
                absl::Duration) override {}
};

// Who calls is said at once, or not before it is let go.
class PatientIdentity final : public Identifier {
 public:
  void Hold(bool held) { held_.store(held); }
  int asked() const { return asked_.load(); }

  absl::StatusOr<act::Identified> Identify(const Wire& wire,
                                           absl::Time deadline) override {
    asked_.fetch_add(1);
    while (held_.load()) absl::SleepFor(absl::Milliseconds(1));
    return spoken_.Identify(wire, deadline);
  }
  std::string SeemsToBe(const Wire& wire) override {
    return spoken_.SeemsToBe(wire);
  }

 private:
  test::SpokenIdentity spoken_;
  std::atomic<bool> held_{false};
  std::atomic<int> asked_{0};
};

// A log of so many entries, each with a long name so that a stream that is not
// read soon has no room left.
class MadeUpLog {
 public:
  void Grow(int64_t n) { size_.fetch_add(n); }
  // Entries after the last one that are no changes.
  void GrowOther(int64_t n) { other_.fetch_add(n); }
  // How often it was read, and not only asked for its size.
  int reads() const { return reads_.load(); }
  void Fail(bool fails) { fails_.store(fails); }
  int failures() const { return failures_.load(); }

  ChangeLog AsChangeLog() {
    ChangeLog log;
    log.may = [](const auth::Caller&, std::string_view, std::string_view,
                 absl::Time) { return absl::OkStatus(); };
    log.last = [this](absl::Time) -> absl::StatusOr<int64_t> {
      return size_.load() + other_.load();
    };
    log.read = [this](int64_t after, std::string_view, int max,
                      absl::Time) -> absl::StatusOr<std::vector<Change>> {
      reads_.fetch_add(1);
      if (fails_.load()) {
        failures_.fetch_add(1);
        return StoreAway(100);
      }
      std::vector<Change> changes;
      const int64_t last = std::min(size_.load(), after + max);
      for (int64_t i = after + 1; i <= last; ++i) {
        Change change;
        change.agency = TestService::kAgency;
        change.response.set_log_index(i);
        change.response.set_name(std::string(10'000, 'n'));
        changes.push_back(std::move(change));
      }
      return changes;
    };
    return log;
  }

 private:
  std::atomic<int64_t> size_{0};
  std::atomic<int64_t> other_{0};
  std::atomic<int> reads_{0};
  std::atomic<bool> fails_{false};
  std::atomic<int> failures_{0};
};

class WatchOnly final
    : public v1::CaseService::WithRawCallbackMethod_WatchCases<
          v1::CaseService::Service> {
 public:
  WatchOnly(Desk& desk, WatchHub& hub) : desk_(desk), hub_(hub) {}
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchCases(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override {
    return hub_.Watch(desk_, context, request);
  }

 private:
  Desk& desk_;
  WatchHub& hub_;
};

// A server with the hub and nothing else.
class Hub {
 public:
  explicit Hub(const WatchHub::Options& options)
      : pool_(Pool::Limits{}),
        desk_(doors_, limits_, pool_, metrics_, {}),
        hub_(log_.AsChangeLog(), options),
        service_(desk_, hub_) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::CaseService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                            grpc::InsecureChannelCredentials()));
  }
  ~Hub() {
    hub_.Stop();
    server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    server_->Wait();
    pool_.Stop();
  }

  std::unique_ptr<grpc::ClientReader<v1::WatchCasesResponse>> Watch(
      grpc::ClientContext& context, int64_t after) {
    TestService::Identify({}, context);
    v1::WatchCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_after_log_index(after);
    auto reader = stub_->WatchCases(&context, request);
    reader->WaitForInitialMetadata();
    return reader;
  }

  MadeUpLog log_;
  NoMetrics metrics_;
  PatientIdentity identifier_;
  Doors doors_{identifier_};
  Limits limits_{Limits::Options{}};
  Pool pool_;
  Desk desk_;
  WatchHub hub_;
  WatchOnly service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::CaseService::Stub> stub_;
};

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!holds()) {
    if (absl::Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(Hub, AReaderWhoDoesNotReadIsDroppedAndMayGoOn) {
  WatchHub::Options options;
  options.queue = 8;
  options.poll = absl::Milliseconds(10);
  options.stall = absl::Milliseconds(300);
  Hub hub(options);
  grpc::ClientContext context;
  const auto reader = hub.Watch(context, 0);
  constexpr int64_t kEntries = 5000;  // 50 MB: more than a stream buffers
  hub.log_.Grow(kEntries);
  ASSERT_TRUE(Eventually([&] { return hub.hub_.watchers() == 0; }));
  int64_t last = 0;
  v1::WatchCasesResponse change;
  while (reader->Read(&change)) {
    EXPECT_EQ(change.log_index(), last + 1);
    last = change.log_index();
  }
  EXPECT_LT(last, kEntries);
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Details(status).reason, "TOO_BUSY");

  // From there on, and reading this time, nothing is missing.
  grpc::ClientContext again;
  const auto rest = hub.Watch(again, last);
  for (int64_t i = last + 1; i <= kEntries; ++i) {
    ASSERT_TRUE(rest->Read(&change));
    ASSERT_EQ(change.log_index(), i);
  }
  again.TryCancel();
  rest->Finish();
}

TEST(Hub, ASlowReaderDoesNotHoldUpTheOthers) {
  WatchHub::Options options;
  options.queue = 8;
  options.poll = absl::Milliseconds(10);
  Hub hub(options);
  grpc::ClientContext slow_context;
  const auto slow = hub.Watch(slow_context, 0);
  grpc::ClientContext quick_context;
  const auto quick = hub.Watch(quick_context, 0);
  hub.log_.Grow(2000);
  v1::WatchCasesResponse change;
  for (int64_t i = 1; i <= 2000; ++i) {
    ASSERT_TRUE(quick->Read(&change));
    ASSERT_EQ(change.log_index(), i);
  }
  for (int64_t i = 1; i <= 2000; ++i) {
    ASSERT_TRUE(slow->Read(&change));
    ASSERT_EQ(change.log_index(), i);
  }
  slow_context.TryCancel();
  quick_context.TryCancel();
  slow->Finish();
  quick->Finish();
}

// The worker reads what belongs to the call: the call may not go before it is
// done.
TEST(Hub, WhoGoesWhileHeIsLetInIsEndedAfterwards) {
  Hub hub({});
  hub.identifier_.Hold(true);
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::WatchCasesRequest request;
  request.set_agency(TestService::kAgency);
  const auto reader = hub.stub_->WatchCases(&context, request);
  ASSERT_TRUE(Eventually([&] { return hub.identifier_.asked() == 1; }));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Long enough for the service to hear of it.
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(hub.desk_.in_flight(), 1);
  hub.identifier_.Hold(false);
  EXPECT_TRUE(Eventually([&] { return hub.desk_.in_flight() == 0; }));
  EXPECT_TRUE(Eventually([&] { return hub.hub_.watchers() == 0; }));
}

TEST(Hub, ALogThatCannotBeReadForAWhileLosesNothing) {
  WatchHub::Options options;
  options.poll = absl::Milliseconds(10);
  Hub hub(options);
  grpc::ClientContext context;
  const auto reader = hub.Watch(context, 0);
  hub.log_.Fail(true);
  hub.log_.Grow(3);
  hub.hub_.Poke();
  ASSERT_TRUE(Eventually([&] { return hub.log_.failures() > 0; }));
  hub.log_.Fail(false);
  v1::WatchCasesResponse change;
  for (int64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(reader->Read(&change));
    EXPECT_EQ(change.log_index(), i);
  }
  context.TryCancel();
  reader->Finish();
}

TEST(Hub, EntriesThatAreNoChangesArePassedOnce) {
  WatchHub::Options options;
  options.poll = absl::Milliseconds(5);
  Hub hub(options);
  grpc::ClientContext context;
  const auto reader = hub.Watch(context, 0);
  hub.log_.Grow(1);
  v1::WatchCasesResponse change;
  ASSERT_TRUE(reader->Read(&change));
  const int before = hub.log_.reads();
  hub.log_.GrowOther(1000);
  ASSERT_TRUE(Eventually([&] { return hub.log_.reads() > before; }));
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(hub.log_.reads(), before + 1);
  context.TryCancel();
  reader->Finish();
}

}  // namespace
}  // namespace gongkai::api
