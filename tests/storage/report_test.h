// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_STORAGE_REPORT_TEST_H_
#define GONGKAI_TESTS_STORAGE_REPORT_TEST_H_

#include <string>
#include <vector>

#include "gongkai/v1/types.pb.h"
#include "storage/postgres/postgres_reports.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {

// A store, and what reports read of it under a role of their own.
class ReportTest : public PostgresTest {
 protected:
  PostgresReports& reports() { return reports_; }

  // A first event of a case without limits, recorded at `opened`.
  Append NewCase(const std::string& agency, const std::string& number,
                 absl::Time opened = absl::FromUnixSeconds(1'700'000'000)) {
    // In the order in which they are made, whatever the clock's grain.
    Append a = SampleAppend(
        agency, NewUuid(opened + absl::Milliseconds(++made_)), 0, number);
    a.event.recorded_time = opened;
    a.limits.emplace();
    return a;
  }

  // A live limit of `kind`.
  static LimitRow Limit(int kind, std::optional<absl::CivilDay> due,
                        int whose = v1::AGENCY_DUTY) {
    LimitRow limit;
    limit.kind = kind;
    limit.whose = whose;
    limit.state = due.has_value() ? v1::RUNNING : v1::SUSPENDED;
    limit.start = absl::CivilDay(2024, 2, 1);
    limit.due = due;
    return limit;
  }

  // What an answer holds; empty, and a failure of the test, when it is none.
  template <typename T>
  static std::vector<T> Of(const absl::StatusOr<std::vector<T>>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : std::vector<T>{};
  }

  template <typename T>
  static std::vector<std::string> Numbers(const std::vector<T>& found) {
    std::vector<std::string> numbers;
    for (const T& one : found) numbers.push_back(one.place.number);
    return numbers;
  }
  static std::vector<std::string> Numbers(const std::vector<CasePlace>& found) {
    std::vector<std::string> numbers;
    for (const CasePlace& place : found) numbers.push_back(place.number);
    return numbers;
  }

  const std::string role_ = server().Report(database_);
  PostgresReports reports_{role_, 3};
  int made_ = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_TESTS_STORAGE_REPORT_TEST_H_
