// SPDX-License-Identifier: Apache-2.0
// A fork of the log is stated by one person and confirmed by another, only as
// it is found, and only then may the log go on.

#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/act/log_fork.h"
#include "services/base/refusal.h"
#include "storage/postgres/postgres_store.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TempPostgres;
using test::TestService;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

std::string ReasonOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto refusal = RefusalOf(status);
  return refusal ? v1::Reason_Name(refusal->reason()) : status.ToString();
}

v1::LogFork SampleFork() {
  v1::LogFork fork;
  fork.set_outside_size(900);
  fork.set_outside_root(std::string(64, 'a'));
  fork.set_tree_size(700);
  fork.set_tree_root(std::string(64, 'b'));
  fork.set_document_number("某报〔2024〕1号");
  return fork;
}

class Fork : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ForkResponse> State(const auth::Caller& caller,
                                         const v1::LogFork& fork,
                                         const std::string& id = "") {
    v1::StateForkRequest request;
    request.set_request_id(id.empty() ? service_.NewRequestId() : id);
    *request.mutable_fork() = fork;
    return service_.service().performer().StateFork(caller, request, found_,
                                                    Soon());
  }
  absl::StatusOr<v1::ForkResponse> Confirm(const auth::Caller& caller,
                                           int64_t statement,
                                           const std::string& id = "") {
    v1::ConfirmForkRequest request;
    request.set_request_id(id.empty() ? service_.NewRequestId() : id);
    request.set_statement(statement);
    return service_.service().performer().ConfirmFork(caller, request, found_,
                                                      Soon());
  }
  std::vector<v1::LogFork> Confirmed() {
    storage::PostgresStore store(
        TempPostgres::Shared().Service(service_.database()), 1);
    const auto forks = act::ConfirmedForks(store, Soon());
    EXPECT_TRUE(forks.ok()) << forks.status();
    return forks.value_or(std::vector<v1::LogFork>{});
  }

  const auth::Caller shen_ = {
      "shen", "shen", {v1::ROLE_AUDIT_ADMIN}, "CN", "dev"};
  const auth::Caller bao_ = {
      "bao", "bao", {v1::ROLE_SECURITY_ADMIN}, "CN", "dev"};
  // What the log is found to lack.
  std::optional<v1::LogFork> found_ = SampleFork();
  TestService service_;
};

TEST_F(Fork, TakesTwoPersons) {
  EXPECT_TRUE(Confirmed().empty());
  const auto stated = State(shen_, SampleFork());
  ASSERT_TRUE(stated.ok()) << stated.status();
  EXPECT_FALSE(stated->confirmed());
  EXPECT_TRUE(Confirmed().empty());
  const auto confirmed = Confirm(bao_, stated->seq());
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  EXPECT_TRUE(confirmed->confirmed());
  ASSERT_EQ(Confirmed().size(), 1u);
  EXPECT_EQ(Confirmed()[0].SerializeAsString(),
            SampleFork().SerializeAsString());
}

TEST_F(Fork, IsNotConfirmedByWhoStatedItAlsoWithAnotherAccount) {
  const auto stated = State(shen_, SampleFork());
  ASSERT_TRUE(stated.ok());
  EXPECT_EQ(ReasonOf(Confirm(shen_, stated->seq()).status()), "FORK_BY_STATER");
  auth::Caller again = bao_;
  again.person = "shen";
  EXPECT_EQ(ReasonOf(Confirm(again, stated->seq()).status()), "FORK_BY_STATER");
  EXPECT_TRUE(Confirmed().empty());
}

TEST_F(Fork, IsStatedOnlyAsItIsFound) {
  for (const auto& change : std::vector<std::function<void(v1::LogFork&)>>{
           [](v1::LogFork& f) { f.set_outside_size(901); },
           [](v1::LogFork& f) { f.set_outside_root(std::string(64, 'c')); },
           [](v1::LogFork& f) { f.set_tree_size(701); },
           [](v1::LogFork& f) { f.set_tree_root(std::string(64, 'c')); }}) {
    v1::LogFork fork = SampleFork();
    change(fork);
    EXPECT_EQ(ReasonOf(State(shen_, fork).status()), "FORK_MISFIT");
  }
  found_.reset();
  EXPECT_EQ(ReasonOf(State(shen_, SampleFork()).status()), "FORK_MISFIT");
}

TEST_F(Fork, AStatementThatNoLongerHoldsIsNotConfirmed) {
  const auto stated = State(shen_, SampleFork());
  ASSERT_TRUE(stated.ok());
  found_->set_tree_size(701);
  EXPECT_EQ(ReasonOf(Confirm(bao_, stated->seq()).status()), "FORK_MISFIT");
  found_.reset();
  EXPECT_EQ(ReasonOf(Confirm(bao_, stated->seq()).status()), "FORK_MISFIT");
}

TEST_F(Fork, AStatementIsConfirmedOnceAndMustExist) {
  EXPECT_EQ(ReasonOf(Confirm(bao_, 1).status()), "FORK_MISFIT");
  const auto stated = State(shen_, SampleFork());
  ASSERT_TRUE(stated.ok());
  EXPECT_EQ(ReasonOf(Confirm(bao_, stated->seq() + 1).status()), "FORK_MISFIT");
  ASSERT_TRUE(Confirm(bao_, stated->seq()).ok());
  EXPECT_EQ(ReasonOf(Confirm(bao_, stated->seq()).status()), "FORK_MISFIT");
}

TEST_F(Fork, TheSameRequestIsAnsweredAgainAndAnotherBodyIsRefused) {
  const std::string first = service_.NewRequestId();
  const std::string second = service_.NewRequestId();
  const auto stated = State(shen_, SampleFork(), first);
  ASSERT_TRUE(stated.ok());
  const auto confirmed = Confirm(bao_, stated->seq(), second);
  ASSERT_TRUE(confirmed.ok());
  // Also when the log has gone on meanwhile.
  found_.reset();
  EXPECT_EQ(State(shen_, SampleFork(), first)->seq(), stated->seq());
  EXPECT_EQ(Confirm(bao_, stated->seq(), second)->seq(), confirmed->seq());
  v1::LogFork other = SampleFork();
  other.set_document_number("另");
  EXPECT_EQ(ReasonOf(State(shen_, other, first).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Confirmed().size(), 1u);
}

TEST_F(Fork, OnlyTheAdministratorsOfAuditAndSecurityDecide) {
  for (const v1::Role role :
       {v1::ROLE_SYSTEM_ADMIN, v1::ROLE_HANDLER, v1::ROLE_DISCLOSURE_HEAD,
        v1::ROLE_LEGAL_AUDITOR, v1::ROLE_MANAGER}) {
    const auth::Caller caller = {
        "li", "li", {role}, TestService::kAgency, "dev"};
    EXPECT_EQ(ReasonOf(State(caller, SampleFork()).status()),
              "CAPACITY_MISSING");
    EXPECT_EQ(ReasonOf(Confirm(caller, 1).status()), "CAPACITY_MISSING");
  }
  // The log is the installation's: those of one agency do not decide on it.
  auth::Caller local = shen_;
  local.agency = TestService::kAgency;
  EXPECT_EQ(ReasonOf(State(local, SampleFork()).status()), "CAPACITY_MISSING");
  EXPECT_EQ(ReasonOf(Confirm(local, 1).status()), "CAPACITY_MISSING");
}

// A refusal of this kind is itself recorded.
TEST_F(Fork, ARefusalIsRecorded) {
  ASSERT_FALSE(Confirm(bao_, 7).ok());
  auto& postgres = TempPostgres::Shared();
  EXPECT_EQ(postgres.Run(postgres.Superuser(service_.database()),
                         "SELECT count(*) FROM access WHERE agency_id = 'CN'"),
            "1");
}

TEST_F(Fork, OverTheWireALogThatGoesOnIsNotForked) {
  const auto stub = v1::AuditService::NewStub(service_.channel());
  v1::StateForkRequest request;
  request.set_request_id(service_.NewRequestId());
  *request.mutable_fork() = SampleFork();
  v1::ForkResponse response;
  grpc::ClientContext context;
  TestService::Identify({"shen", "audit_admin", "CN"}, context);
  EXPECT_EQ(Details(stub->StateFork(&context, request, &response)).reason,
            "FORK_MISFIT");
  grpc::ClientContext other;
  TestService::Identify({"shen", "audit_admin", "CN"}, other);
  request.mutable_fork()->clear_document_number();
  EXPECT_EQ(Details(stub->StateFork(&other, request, &response)).field,
            "fork.document_number");
  v1::ConfirmForkRequest confirm;
  confirm.set_request_id(service_.NewRequestId());
  confirm.set_statement(1);
  grpc::ClientContext third;
  TestService::Identify({"bao", "security_admin", "CN"}, third);
  EXPECT_EQ(Details(stub->ConfirmFork(&third, confirm, &response)).reason,
            "FORK_MISFIT");
}

}  // namespace
}  // namespace gongkai
