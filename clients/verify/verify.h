// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_VERIFY_H_
#define GONGKAI_CLIENTS_VERIFY_VERIFY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/verify/verbs.h"
#include "services/audit/bundle.h"

namespace gongkai::verify {

// What a bundle is verified with.
struct VerifyOptions {
  std::string bundle;                         // the folder
  std::vector<audit::VerifierKey> keys;       // of the log
  std::vector<audit::VerifierKey> witnesses;  // of use kCosign
  size_t min_witnesses = 0;
  std::vector<std::string> old_checkpoints;  // files
};

// What came of it. Findings beyond the first hundred are counted only.
struct VerifyReport {
  static constexpr size_t kMostFindings = 100;

  std::vector<audit::Finding> findings;
  int64_t altered = 0;
  int64_t unchecked = 0;
  int64_t notes = 0;

  std::optional<audit::SignedCheckpoint> checkpoint;
  std::string case_number;  // as the first record gives it
  std::string agency;
  audit::CaseVerifier::Counts counts;
  absl::Time last_time;
  size_t witnesses = 0;
  size_t old_checked = 0;
  bool histories_same = false;

  void Add(audit::Finding finding);
  Exit exit() const;
};

// Verifies a bundle without network, database or trust. Every trouble with the
// bundle is a finding.
VerifyReport VerifyBundle(const VerifyOptions& options);

// The report for people, and as one JSON object.
void PrintReport(const VerifyReport& report, const Call& call);
void PrintReportJson(const VerifyReport& report, std::ostream& out);

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_VERIFY_H_
