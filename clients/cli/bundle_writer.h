// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_BUNDLE_WRITER_H_
#define GONGKAI_CLIENTS_CLI_BUNDLE_WRITER_H_

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gongkai/v1/audit_service.pb.h"
#include "services/document/history_text.h"

namespace gongkai::cli {

// Writes a bundle of evidence (clients/verify/README.md) into a new folder:
// beside it first, and under its name when it is whole. What is left of one
// that was not finished goes with this object.
class BundleWriter {
 public:
  // ALREADY_EXISTS when there is something under the name, or half a bundle
  // beside it.
  static absl::StatusOr<BundleWriter> Create(const std::string& folder);
  BundleWriter(BundleWriter&& other) noexcept;
  ~BundleWriter();

  // A page, in order. `with_personal` false leaves the private parts out.
  // DATA_LOSS when the service sent what cannot be read.
  absl::Status AddPage(const v1::ExportCaseResponse& page, bool with_personal);
  // A small file under a fixed name.
  absl::Status AddFile(std::string_view name, std::string_view text);
  // Closes everything, waits for the disk and gives the folder its name.
  absl::Status Finish();

  int64_t events() const { return events_; }

 private:
  explicit BundleWriter(std::string folder);
  absl::Status AddFirst(const v1::ExportCaseResponse& page);

  std::string folder_;  // empty when moved from or finished
  std::string half_;
  std::ofstream lines_;
  std::ofstream text_;
  std::ofstream page_;
  document::History text_history_{document::Form::kText};
  document::History page_history_{document::Form::kHtml};
  int64_t events_ = 0;
};

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_BUNDLE_WRITER_H_
