// SPDX-License-Identifier: Apache-2.0
// Lines of events.jsonl from anywhere: what is read is spelled as it was read,
// and whatever it holds is opened or refused.
#include <google/protobuf/stubs/logging.h>

#include "services/audit/bundle.h"
#include "services/document/history_text.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

GONGKAI_FUZZ(bundle) {
  // The library reports text that is not UTF-8, which is no finding here.
  static auto* const quiet = google::protobuf::SetLogHandler(nullptr);
  static_cast<void>(quiet);
  const auto proof = audit::ParseProofFile(input);
  RequireExpected(proof.status());
  if (proof.ok()) Require(audit::ToProofFile(*proof) == input, "proof file");
  const auto event = audit::ParseBundleLine(input);
  RequireExpected(event.status());
  if (!event.ok()) return;
  Require(audit::ToBundleLine(*event) == std::string(input) + "\n", "line");
  const auto opened = audit::OpenEvent(*event);
  if (absl::IsUnimplemented(opened.status())) return;
  RequireExpected(opened.status());
  if (!opened.ok()) return;
  document::History text(document::Form::kText);
  document::History page(document::Form::kHtml);
  Require(!text.Add(*opened).empty() && !page.Add(*opened).empty(), "history");
}

}  // namespace
}  // namespace gongkai::fuzz
