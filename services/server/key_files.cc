// SPDX-License-Identifier: Apache-2.0
#include "services/server/key_files.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/base/dates.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

constexpr size_t kMostBytes = 1 << 16;
// A credential that the system hands to a unit may be open to its group.
constexpr mode_t kTooOpen = 0027;

}  // namespace

absl::StatusOr<audit::SigningKey> ReadSigningKey(const std::string& file) {
  ASSIGN_OR_RETURN(const FileRead read, ReadSmallFile(file, kMostBytes));
  if ((read.mode & kTooOpen) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the key ", file,
        " is open to others than its owner: set its mode to 0600, and change "
        "the key if it was read"));
  }
  const auto key = audit::SigningKey::FromPem(read.bytes);
  if (key.ok()) return audit::SigningKey::FromPem(read.bytes);
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": ", key.status().message()));
}

absl::StatusOr<std::vector<audit::VerifierKey>> ReadVerifierKeys(
    const std::vector<std::string>& given) {
  std::vector<audit::VerifierKey> keys;
  for (const std::string& one : given) {
    if (auto key = audit::ParseVerifierKey(one); key.ok()) {
      keys.push_back(*std::move(key));
      continue;
    }
    const auto read = ReadSmallFile(one, kMostBytes);
    if (!read.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("neither a verifier key nor a file of them: ", one));
    }
    for (const auto line :
         absl::StrSplit(read->bytes, '\n', absl::SkipWhitespace())) {
      const auto key = audit::ParseVerifierKey(ToStd(line));
      if (!key.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(one, ": ", key.status().message()));
      }
      keys.push_back(*key);
    }
  }
  return keys;
}

}  // namespace gongkai::server
