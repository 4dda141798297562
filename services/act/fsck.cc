// SPDX-License-Identifier: Apache-2.0
#include "services/act/fsck.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/fsck_records.h"
#include "services/act/fsck_tree.h"
#include "services/audit/record.h"

namespace gongkai::act {
namespace {

// Without a key of the log its checkpoints would all be found unsigned.
absl::Status CheckKeys(const std::vector<audit::VerifierKey>& keys,
                       const std::string& origin, audit::Suite suite) {
  if (keys.empty()) return absl::OkStatus();
  const bool ours =
      std::any_of(keys.begin(), keys.end(), [&](const audit::VerifierKey& key) {
        return key.use == audit::KeyUse::kSign && key.name == origin &&
               key.suite == suite;
      });
  if (ours) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("none of the keys signs for the log ", origin,
                   ", which the database holds"));
}

}  // namespace

std::string Finding::ToText() const {
  if (agency.empty()) return defect;
  std::string text = agency;
  if (!place.empty()) absl::StrAppend(&text, ", ", place);
  if (seq != 0) absl::StrAppend(&text, ", record ", seq);
  return absl::StrCat(text, ": ", defect);
}

absl::StatusOr<FsckReport> Fsck(storage::Scan& scan, const FsckOptions& options,
                                const Findings& findings) {
  FsckReport report;
  const Findings count = [&](const Finding& finding) {
    ++report.findings;
    findings(finding);
  };
  const std::optional<storage::LogRow> log = scan.ReadLogRow();
  if (!log.has_value()) {
    count({"", "", 0, "the row of the log is missing"});
    return report;
  }
  const auto suite = audit::SuiteNumbered(log->identity.suite);
  if (!suite.ok()) {
    count({"", "", 0,
           absl::StrCat("the row of the log: ", suite.status().message())});
    return report;
  }
  report.origin = log->identity.origin;
  report.suite = audit::SuiteName(*suite);
  if (const absl::Status status =
          CheckKeys(options.keys, report.origin, *suite);
      !status.ok()) {
    return status;
  }
  if (log->record_prefix != audit::RecordPrefix(*suite, report.origin)) {
    count({"", "", 0,
           "the prefix by which foreign records are kept out of the log "
           "is not that of this log"});
  }
  RecordPass records(scan, *log, options, count, report);
  records.Run();
  TreePass tree(scan, *log, *suite, options, records.forks(), count, report);
  tree.Run();
  if (report.sealed > 0) {
    report.unchecked.push_back(absl::StrCat(
        "that ", report.sealed,
        " sealed private parts are those that the records commit to: the "
        "vault's keys were not given"));
  }
  if (report.unopened > 0) {
    report.unchecked.push_back(absl::StrCat(
        "that ", report.unopened,
        " sealed private parts are those that the records commit to: their "
        "outer keys are not among those given"));
  }
  if (options.keys.empty() && report.checkpoints > 0) {
    report.unchecked.push_back(
        "the signatures of the checkpoints in the database: no key was given");
  }
  if (options.outside.empty()) {
    report.unchecked.push_back(
        "that the log is the one that was signed: no checkpoint from outside "
        "the database was given, and who can write to all of it can make "
        "another that agrees with itself");
  }
  return report;
}

}  // namespace gongkai::act
