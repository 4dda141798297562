// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_REMINDERS_OFFICE_H_
#define GONGKAI_TESTS_REMINDERS_OFFICE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/case.pb.h"
#include "gongkai/v1/terms.pb.h"
#include "storage/inbox.h"
#include "tests/support/test_service.h"

namespace gongkai::test {

// An hour of a day in Shanghai.
absl::Time Hour(absl::CivilDay day, int hour, int minute = 0);

// The service with accounts that exist, and with its own job of reminding
// stopped, so that a test runs it when it likes. Callers are whom they say.
class Office {
 public:
  using Roles = std::vector<std::pair<v1::Role, std::string>>;

  explicit Office(absl::Time now);

  TestService& service() { return *service_; }
  storage::PostgresStore& store() { return service_->service().store(); }
  ManualClock& clock() { return service_->clock(); }

  // Opens an account that holds roles, each in a department or (empty) in the
  // whole agency.
  void Open(const std::string& account, const Roles& roles);
  // Closes or opens it again.
  void SetActive(const std::string& account, bool active);
  void SetTerms(const v1::AgencyTerms& terms);
  v1::AgencyTerms Terms();

  // Receives an application on the clock's day; the name of the case.
  std::string Receive();
  // The first of these registers.
  void Assign(const std::string& name, const std::string& officer,
              const std::string& department);
  void Withdraw(const std::string& name);
  void Restrict(const std::string& name,
                const std::vector<std::string>& accounts);
  void Label(const std::string& name, const std::vector<v1::Label>& labels);
  // The case as it stands, whoever may see it.
  v1::Case Get(const std::string& name);

  // Until what was recorded has its place in the log.
  void AwaitLog();
  // Every entry that there is, in the order of places.
  std::vector<storage::InboxEntry> Inboxes();
  std::vector<storage::InboxEntry> InboxOf(const std::string& account);

 private:
  void Must(const TestService::As& as, const std::string& name,
            const v1::Act& act);

  std::unique_ptr<TestService> service_;
  std::vector<std::string> accounts_;
  std::map<std::string, bool> registered_;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_REMINDERS_OFFICE_H_
