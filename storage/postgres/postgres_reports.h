// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_POSTGRES_REPORTS_H_
#define GONGKAI_STORAGE_POSTGRES_POSTGRES_REPORTS_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/reports.h"

namespace gongkai::storage {

class Sessions;

// What reports read, in PostgreSQL: over a pool of its own, so that reports
// never take a connection from acts. While rows of an agency are from before
// the return was counted by them (RowBook), what is read of its return, its
// finished cases, its dockets and its fees is STORE_AWAY. Thread-safe.
class PostgresReports : public ReportBook {
 public:
  // `dsn` as libpq takes it, under the role gongkai_report; it may lead to a
  // replica. `connections` at most. Connects when first used.
  explicit PostgresReports(std::string dsn, int connections = 3);
  ~PostgresReports() override;

  absl::StatusOr<std::vector<WorkRow>> ListWork(
      const WorkQuery& query, const std::optional<WorkPlace>& after, int limit,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<WorkCount>> CountWork(
      const WorkQuery& query, absl::Time deadline) override;
  absl::StatusOr<std::vector<CasePlace>> OpenThen(
      const std::vector<std::string>& agencies, absl::Time then,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<PastCaseEvents>> Histories(
      const std::vector<CasePlace>& places, absl::Time until,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<ReturnCount>> CountReturn(
      const std::vector<std::string>& agencies, int year,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<ReturnRow>> ReturnCases(
      const std::vector<std::string>& agencies, int year,
      const std::optional<CasePlace>& after, int limit,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<CasePlace>> CasesWith(
      const std::vector<std::string>& agencies, bool remedies, bool fees,
      absl::CivilDay from, absl::CivilDay to, absl::Time deadline) override;
  absl::StatusOr<std::vector<ReturnRow>> CasesOf(
      const std::vector<std::string>& agencies, bool finished,
      absl::CivilDay from, absl::CivilDay to, absl::Time deadline) override;
  absl::StatusOr<std::vector<SameWords>> SharedWords(
      const std::vector<std::string>& agencies, absl::CivilDay from,
      absl::CivilDay to, int words, int applicant,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<FiledReturn>> FiledReturns(
      const std::vector<std::string>& agencies, int year, bool whole,
      absl::Time deadline) override;

  // Connections that are open now.
  int connections() const;

 private:
  // OK when the rows of the agencies say how they are counted.
  absl::Status AreFresh(const std::string& agencies, absl::Time deadline);

  const std::unique_ptr<Sessions> sessions_;
  // No row is stale any more; none becomes so.
  std::atomic<bool> fresh_ = false;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_POSTGRES_REPORTS_H_
