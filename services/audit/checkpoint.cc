// SPDX-License-Identifier: Apache-2.0
// The text of a checkpoint, and a checkpoint whose signature holds.
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/audit/note.h"
#include "services/audit/note_text.h"
#include "services/base/status_macros.h"

namespace gongkai::audit {
namespace {

// The suite of the keys under the name of the log that signed.
absl::StatusOr<Suite> SuiteOfLog(std::string_view origin,
                                 const std::vector<Signed>& signatures) {
  std::optional<Suite> suite;
  for (const Signed& s : signatures) {
    if (s.by.use != KeyUse::kSign || s.by.name != origin) continue;
    if (suite.has_value() && *suite != s.by.suite) {
      return absl::InvalidArgumentError(
          "the checkpoint is signed by keys of the log of two suites");
    }
    suite = s.by.suite;
  }
  if (suite.has_value()) return *suite;
  return absl::InvalidArgumentError(
      "the checkpoint is not signed by a known key under the name of its log");
}

}  // namespace

std::string Checkpoint::ToText() const {
  return absl::StrCat(origin, "\n", size, "\n", ToBase64(root), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text) {
  RETURN_IF_ERROR(CheckNoteText(text));
  Checkpoint read;
  read.origin = std::string(TakeLine(text));
  if (read.origin.empty()) {
    return absl::InvalidArgumentError(
        "the first line of the checkpoint, its origin, is empty");
  }
  const absl::StatusOr<int64_t> size = ToSize(TakeLine(text));
  if (!size.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the second line of the checkpoint is no tree size: ",
                     size.status().message()));
  }
  read.size = *size;
  const absl::StatusOr<std::string> root = FromBase64(TakeLine(text));
  if (!root.ok() || root->size() != kHashBytes) {
    return absl::InvalidArgumentError(
        "the third line of the checkpoint is no root of 32 bytes in canonical "
        "base64");
  }
  read.root = *root;
  while (!text.empty()) {
    if (TakeLine(text).empty()) {
      return absl::InvalidArgumentError("the checkpoint has an empty line");
    }
  }
  return read;
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(
    std::string_view note_text, const std::vector<VerifierKey>& keys) {
  SignedCheckpoint open;
  ASSIGN_OR_RETURN(open.note, ParseNote(note_text));
  ASSIGN_OR_RETURN(open.signatures, CheckNote(open.note, keys));
  ASSIGN_OR_RETURN(open.checkpoint, ParseCheckpoint(open.note.text));
  ASSIGN_OR_RETURN(open.suite,
                   SuiteOfLog(open.checkpoint.origin, open.signatures));
  if (open.checkpoint.size == 0 &&
      open.checkpoint.root != EmptyRoot(open.suite)) {
    return absl::DataLossError(
        "the checkpoint of a tree without leaves has another root than such a "
        "tree has");
  }
  return open;
}

}  // namespace gongkai::audit
