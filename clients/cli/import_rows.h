// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_IMPORT_ROWS_H_
#define GONGKAI_CLIENTS_CLI_IMPORT_ROWS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/csv.h"
#include "gongkai/v1/past.pb.h"

namespace gongkai::cli {

// A column of an earlier register (历史台账), by its Chinese or its English
// heading.
struct RegisterColumn {
  // Field of PastCase, or of its applicant (`applicant.name`) or docket.
  std::string_view field;
  std::string_view zh;
  std::string_view en;
};
// The columns of a case, and those of each docket: a heading of a docket begins
// with its kind (`复议`, `review`), and ends in a number when there are several
// (`复议结果2`, `review_result_2`).
const std::vector<RegisterColumn>& CaseColumns();
const std::vector<RegisterColumn>& DocketColumns();

// Which column of the file is which.
class RegisterReader {
 public:
  // INVALID_ARGUMENT names a heading that is none or stands twice, and what is
  // missing of 案号, 申请人类别 and 收到日期.
  static absl::StatusOr<RegisterReader> Of(
      const std::vector<std::string>& heading);

  // The case of a row; INVALID_ARGUMENT names the heading and what it may hold.
  absl::StatusOr<v1::PastCase> Read(const Csv::Row& row) const;

 private:
  // A column of the file.
  struct Place {
    std::string heading;
    std::string_view field;
    // Of a docket: which, in the order of kinds and numbers; -1 of the case.
    int docket = -1;
    v1::RemedyKind kind = v1::REMEDY_KIND_UNSPECIFIED;
    int instance = 0;
  };
  static std::optional<Place> PlaceOf(const std::string& heading);

  std::vector<Place> places_;
};

// A day as registers write it (`2024-01-05`, `2024-1-5`, `2024/1/5`,
// `2024.1.5`, `2024年1月5日`, `20240105`) in the form of the contract.
// INVALID_ARGUMENT when it is none of these or no such day.
absl::StatusOr<std::string> NormalDay(std::string_view text);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_IMPORT_ROWS_H_
