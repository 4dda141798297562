// SPDX-License-Identifier: Apache-2.0
// The trail of a case: as it stood at a past moment, and who saw it until then;
// and the state of the log.

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/base/dates.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TempPostgres;
using test::TestService;
using testing::ElementsAre;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class Trail : public ::testing::Test {
 protected:
  // What a reader saw at a moment.
  struct Seen {
    std::string moment;
    v1::GetCaseResponse response;
  };

  Trail() : audits_(v1::AuditService::NewStub(service_.channel())) {
    name_ = service_.Receive("申请公开专项资金清单。").receipt().name();
  }

  grpc::Status Get(const TestService::As& as, const std::string& as_of,
                   v1::GetCaseTrailResponse* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::GetCaseTrailRequest request;
    request.set_name(name_);
    request.set_as_of_time(as_of);
    response->Clear();
    return audits_->GetCaseTrail(&context, request, response);
  }

  grpc::Status State(const TestService::As& as,
                     v1::GetLogStateResponse* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    return audits_->GetLogState(&context, {}, response);
  }

  Seen Look() {
    Seen seen;
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::GetCaseRequest request;
    request.set_name(name_);
    request.set_with_history(true);
    EXPECT_TRUE(
        service_.cases().GetCase(&context, request, &seen.response).ok());
    seen.moment = FormatInstant(service_.clock().Now());
    return seen;
  }

  static std::string LastDayToRegister(const Seen& seen) {
    for (const v1::Limit& limit : seen.response.case_().limits()) {
      if (limit.kind() == v1::REGISTRATION) return limit.due_date();
    }
    return "";
  }

  void Later(int days) {
    service_.clock().Set(service_.clock().Now() + absl::Hours(24 * days));
  }

  void Do(const std::function<void(v1::Act&)>& fill,
          const TestService::As& as = {}) {
    v1::Act act;
    fill(act);
    const grpc::Status status = service_.Perform(as, name_, act);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  const TestService::As auditor_ = {"shen", "legal_auditor"};
  TestService service_;
  std::unique_ptr<v1::AuditService::Stub> audits_;
  std::string name_;
};

TEST_F(Trail, OfAPastMomentIsWhatGetCaseShowedThen) {
  std::vector<Seen> moments = {Look()};
  Later(1);
  Do([](v1::Act& a) { a.mutable_register_()->set_officer("li"); });
  moments.push_back(Look());
  Later(2);
  Do([](v1::Act& a) {
    a.mutable_require_correction()->set_items("请明确年度");
    a.mutable_require_correction()->set_period_days(10);
  });
  moments.push_back(Look());
  // The limits of the past are those of the terms of the past.
  v1::AgencyTerms terms;
  terms.set_name("上海市某某委员会");
  terms.set_review_organ("上海市人民政府");
  terms.set_court("上海铁路运输法院");
  terms.set_correction_days(12);
  terms.set_registration_days(9);
  terms.set_county(true);
  ASSERT_TRUE(service_.service()
                  .performer()
                  .SetAgencyTerms({"keeper", "keeper", {}, "*", "dev"},
                                  TestService::kAgency, terms, Soon())
                  .ok());
  Later(5);
  moments.push_back(Look());
  Do([](v1::Act& a) { a.mutable_withdraw()->set_note("不再需要"); });
  moments.push_back(Look());
  Later(3);
  for (const Seen& seen : moments) {
    v1::GetCaseTrailResponse trail;
    const grpc::Status status = Get(auditor_, seen.moment, &trail);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(trail.case_().DebugString(), seen.response.case_().DebugString());
    ASSERT_EQ(trail.history_size(), seen.response.history_size());
    for (int i = 0; i < trail.history_size(); ++i) {
      EXPECT_EQ(trail.history(i).DebugString(),
                seen.response.history(i).DebugString());
    }
  }
  // The terms did move a limit of this case, between two looks at one version.
  EXPECT_EQ(moments[2].response.case_().version(),
            moments[3].response.case_().version());
  EXPECT_NE(LastDayToRegister(moments[2]), LastDayToRegister(moments[3]));
  // Nothing after the moment shows.
  v1::GetCaseTrailResponse trail;
  ASSERT_TRUE(Get(auditor_, moments[1].moment, &trail).ok());
  EXPECT_EQ(trail.case_().version(), 2);
  EXPECT_EQ(trail.accesses_size(), 2);
  ASSERT_TRUE(Get(auditor_, "", &trail).ok());
  EXPECT_EQ(trail.case_().version(), 4);
}

TEST_F(Trail, ShowsWhoSawTheCaseAndWhoWasRefused) {
  Look();
  EXPECT_FALSE(service_
                   .Perform({"zhou", "legal_reviewer"}, name_,
                            [] {
                              v1::Act act;
                              act.mutable_register_()->set_officer("li");
                              return act;
                            }())
                   .ok());
  v1::GetCaseTrailResponse trail;
  ASSERT_TRUE(Get({"chen", "disclosure_head"}, "", &trail).ok());
  ASSERT_EQ(trail.accesses_size(), 2);
  const v1::CaseAccess& read = trail.accesses(0);
  EXPECT_EQ(read.access().kind(), v1::READ_CASE);
  EXPECT_EQ(read.actor().account(), "li");
  EXPECT_EQ(read.actor().capacity(), v1::HANDLER);
  const v1::CaseAccess& refused = trail.accesses(1);
  EXPECT_EQ(refused.access().kind(), v1::ACT_REFUSED);
  EXPECT_EQ(refused.access().act(), "register");
  EXPECT_EQ(refused.access().reason(), "CAPACITY_MISSING");
  EXPECT_EQ(refused.actor().account(), "zhou");
  EXPECT_LT(read.recorded_time(), refused.recorded_time());
  // Whoever looks at the trail stands in it.
  ASSERT_TRUE(Get(auditor_, "", &trail).ok());
  ASSERT_EQ(trail.accesses_size(), 3);
  EXPECT_EQ(trail.accesses(2).access().kind(), v1::READ_TRAIL);
  EXPECT_EQ(trail.accesses(2).actor().account(), "chen");
  EXPECT_EQ(trail.accesses(2).access().version(), 1);
}

TEST_F(Trail, OfAMomentThatIsNoneOrToComeIsRefusedByField) {
  v1::GetCaseTrailResponse trail;
  for (const char* moment :
       {"yesterday", "2024-03-20", "2024-03-20T04:00:00", "infinite-future",
        "2024-02-30T00:00:00Z", "2199-01-01T00:00:00Z", "2024-03-20T25:00:00Z",
        "+2024-03-20T00:00:00Z"}) {
    const auto told = Details(Get(auditor_, moment, &trail));
    EXPECT_EQ(told.reason, "FIELD_INVALID") << moment;
    EXPECT_EQ(told.field, "as_of_time") << moment;
  }
}

TEST_F(Trail, ThereIsNoCaseBeforeItsReceipt) {
  v1::GetCaseTrailResponse trail;
  EXPECT_EQ(Details(Get(auditor_, "2024-03-20T03:59:00Z", &trail)).reason,
            "NO_SUCH_CASE");
  EXPECT_TRUE(Get(auditor_, "2024-03-20T12:01:00+08:00", &trail).ok() ||
              service_.clock().Now() < test::TestNoon() + absl::Minutes(1));
}

TEST_F(Trail, IsForThoseWhoAnswerForTheRecord) {
  v1::GetCaseTrailResponse trail;
  for (const char* role : {"handler", "manager", "portal", "audit_admin",
                           "security_admin", "system_admin"}) {
    EXPECT_EQ(Details(Get({"li", role}, "", &trail)).reason,
              "METHOD_NOT_ALLOWED")
        << role;
  }
}

TEST_F(Trail, TheStateOfTheLogSaysHowFarItIsProved) {
  auto& store = service_.service().store();
  auto& postgres = TempPostgres::Shared();
  const std::string super = postgres.Superuser(service_.database());
  const absl::Time end = Soon();
  while (postgres.Run(super, "SELECT count(*) FROM log_queue") != "0" &&
         absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  const auto head = store.Head(Soon());
  ASSERT_TRUE(head.ok());
  v1::GetLogStateResponse state;
  ASSERT_TRUE(State({"shi", "audit_admin"}, &state).ok());
  EXPECT_EQ(state.suite(), "sha256-ed25519");
  EXPECT_EQ(state.origin(), "gongkai");
  EXPECT_GT(state.size(), 1);
  EXPECT_EQ(state.size(), head->size);
  EXPECT_EQ(state.root(), absl::BytesToHexString(head->root));
  EXPECT_EQ(state.signed_size(), 0);
  EXPECT_EQ(state.anchored_size(), 0);
  EXPECT_EQ(state.anchored_time(), "");
  EXPECT_FALSE(state.forked());

  const std::string root = absl::BytesToHexString(head->root);
  postgres.Run(postgres.Signer(service_.database()),
               "SELECT put_checkpoint(" + std::to_string(head->size) +
                   ", '\\x" + root + "', 'a note')");
  ASSERT_TRUE(State(auditor_, &state).ok());
  EXPECT_EQ(state.checkpoint(), "a note");
  EXPECT_EQ(state.signed_size(), head->size);
  EXPECT_EQ(Details(State({"li", "handler"}, &state)).reason,
            "METHOD_NOT_ALLOWED");
}

}  // namespace
}  // namespace gongkai
