// SPDX-License-Identifier: Apache-2.0
#include "tests/reminders/office.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

const auth::Caller& Keeper() {
  static const auto* const keeper = new auth::Caller{
      "keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, "*", "dev"};
  return *keeper;
}

// A copy of a database with the agency and the national calendar, which is
// made once.
std::string CopyOfTheFirst() {
  TempPostgres& postgres = TempPostgres::Shared();
  static const std::string first = [] {
    TestService::Options options;
    options.now = Hour(absl::CivilDay(2024, 1, 2), 8);
    return TestService(options).database();
  }();
  static int copies = 0;
  const std::string copy = "office_" + std::to_string(++copies);
  postgres.Run(postgres.Superuser("postgres"), "CREATE DATABASE " + copy +
                                                   " OWNER gongkai_owner "
                                                   "TEMPLATE " +
                                                   first);
  return copy;
}

}  // namespace

absl::Time Hour(absl::CivilDay day, int hour, int minute) {
  return absl::FromCivil(
      absl::CivilMinute(day.year(), day.month(), day.day(), hour, minute),
      absl::FixedTimeZone(8 * 60 * 60));
}

Office::Office(absl::Time now) {
  TestService::Options options;
  options.now = now;
  options.database = CopyOfTheFirst();
  options.calendar = false;
  service_ = std::make_unique<TestService>(options);
  service_->service().reminders().Stop();
}

void Office::Open(const std::string& account, const Roles& roles) {
  act::AccountKeeper::FirstAccount first;
  first.agency = TestService::kAgency;
  first.name = account;
  for (const auto& [role, department] : roles) {
    v1::Grant grant;
    grant.set_role(role);
    grant.set_department(department);
    first.grants.push_back(grant);
  }
  const auth::Caller machine{
      "operator", "operator", {}, TestService::kAgency, "operator"};
  const auto opened =
      service_->service().keeper().OpenFirst(machine, first, Soon());
  ASSERT_TRUE(opened.ok()) << opened.status();
  accounts_.push_back(account);
}

void Office::SetActive(const std::string& account, bool active) {
  v1::SetAccountStateRequest request;
  request.set_agency(TestService::kAgency);
  request.set_request_id(service_->NewRequestId());
  request.set_account(account);
  request.set_active(active);
  request.set_reason("调离");
  const auto state =
      service_->service().keeper().SetAccountState(Keeper(), request, Soon());
  ASSERT_TRUE(state.ok()) << state.status();
}

void Office::SetTerms(const v1::AgencyTerms& terms) {
  const absl::Status set = service_->service().performer().SetAgencyTerms(
      Keeper(), TestService::kAgency, terms, Soon());
  ASSERT_TRUE(set.ok()) << set;
}

v1::AgencyTerms Office::Terms() {
  return *service_->service().registry().AgencyTermsOf(TestService::kAgency,
                                                       Soon());
}

std::string Office::Receive() {
  return service_->Receive("申请公开有关信息。").receipt().name();
}

void Office::Must(const TestService::As& as, const std::string& name,
                  const v1::Act& act) {
  const grpc::Status status = service_->Perform(as, name, act);
  ASSERT_TRUE(status.ok()) << status.error_message() << act.DebugString();
}

void Office::Assign(const std::string& name, const std::string& officer,
                    const std::string& department) {
  v1::Act act;
  if (!registered_[name]) {
    act.mutable_register_()->set_officer(officer);
    act.mutable_register_()->set_department(department);
    registered_[name] = true;
    Must({"li", "handler"}, name, act);
    return;
  }
  act.mutable_assign()->set_officer(officer);
  act.mutable_assign()->set_department(department);
  Must({"head", "disclosure_head"}, name, act);
}

void Office::Withdraw(const std::string& name) {
  v1::Act act;
  act.mutable_withdraw()->set_note("申请人书面撤回");
  Must({"li", "handler"}, name, act);
}

void Office::Restrict(const std::string& name,
                      const std::vector<std::string>& accounts) {
  v1::Act act;
  for (const std::string& one : accounts) {
    act.mutable_restrict()->add_accounts(one);
  }
  act.mutable_restrict()->set_reason("涉及本机关人员");
  Must({accounts[0], "disclosure_head"}, name, act);
}

void Office::Label(const std::string& name,
                   const std::vector<v1::Label>& labels) {
  v1::Act act;
  act.mutable_set_labels();
  for (const v1::Label label : labels) {
    act.mutable_set_labels()->add_labels(label);
  }
  Must({"li", "handler"}, name, act);
}

v1::Case Office::Get(const std::string& name) {
  static const auto* const all =
      new auth::Caller{"job", "job", {v1::ROLE_HANDLER}, "*", "dev"};
  v1::GetCaseRequest request;
  request.set_name(name);
  const auto found =
      service_->service().reader().GetCase(*all, request, Soon());
  EXPECT_TRUE(found.ok()) << found.status();
  return found.ok() ? found->case_() : v1::Case();
}

void Office::AwaitLog() {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  TempPostgres& postgres = TempPostgres::Shared();
  const std::string owner = postgres.Superuser(service_->database());
  while (postgres.Run(owner, "SELECT count(*) FROM log_queue") != "0") {
    ASSERT_LT(absl::Now(), end);
    absl::SleepFor(absl::Milliseconds(1));
  }
}

std::vector<storage::InboxEntry> Office::InboxOf(const std::string& account) {
  const auto found =
      store().InboxAfter(TestService::kAgency, account, 0, 100'000, Soon());
  EXPECT_TRUE(found.ok()) << found.status();
  return found.value_or(std::vector<storage::InboxEntry>());
}

std::vector<storage::InboxEntry> Office::Inboxes() {
  std::vector<storage::InboxEntry> all;
  for (const std::string& account : accounts_) {
    for (storage::InboxEntry& entry : InboxOf(account)) {
      all.push_back(std::move(entry));
    }
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.place < b.place; });
  return all;
}

}  // namespace gongkai::test
