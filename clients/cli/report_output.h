// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_REPORT_OUTPUT_H_
#define GONGKAI_CLIENTS_CLI_REPORT_OUTPUT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "gongkai/v1/report.pb.h"
#include "google/protobuf/message.h"
#include "services/base/locale.h"
#include "services/render/chart.h"

namespace gongkai::cli {

// A report as it came from the service, whatever it will be shown as.
struct Report {
  std::vector<v1::Table> tables = {};
  // Line beneath the title in a sheet: whose, of when.
  std::string about = {};
  // Keys of the columns that a terminal has room for; none shows all.
  std::vector<std::string> shown = {};
  // What JSON shows instead of the rows; may be null.
  const google::protobuf::Message* message = nullptr;
  // Nothing when it has no picture.
  std::optional<render::BarChart> chart = {};
};

// `--out`, `--keys`, `--table`: how a report leaves.
std::vector<Flag> OutputFlags(Locale locale);

// What is asked for: `--output`, or the end of the name in `--out`. A usage
// error when neither says it.
absl::StatusOr<Output> WantedOutput(const Run& run);
// Whether the report goes to a file or a program, which want all rows.
bool WantsAll(const Run& run);

// Shows the report as asked for, on the output or in the file of `--out`.
absl::StatusOr<ExitCode> Show(const Run& run, const Report& report);

// Puts the bytes into the file of `--out`, or on the output for `-`.
absl::Status Deliver(const Run& run, const std::string& bytes);

// The reader's language, as the rooms of the service know it.
gongkai::Locale CommonLocale(Locale locale);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_REPORT_OUTPUT_H_
