// SPDX-License-Identifier: Apache-2.0
#include "services/server/audit_anchors.h"

#include <algorithm>
#include <cstdio>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/server/anchor_folder.h"
#include "services/server/audit_verbs.h"
#include "services/server/key_files.h"

namespace gongkai::server {
namespace {

absl::StatusOr<absl::Duration> ReadMaxAge(const std::string& text) {
  absl::Duration age = absl::InfiniteDuration();
  if (!text.empty() &&
      (!absl::ParseDuration(text, &age) || age <= absl::ZeroDuration())) {
    return absl::InvalidArgumentError(
        absl::StrCat("--max-age: a duration as in 90s or 26h is not ", text));
  }
  return age;
}

// The name of the log, which all its keys bear.
absl::StatusOr<std::string> OriginOf(
    const std::vector<audit::VerifierKey>& keys) {
  if (keys.empty()) {
    return absl::InvalidArgumentError("--vkey: no verifier key of the log");
  }
  for (const audit::VerifierKey& key : keys) {
    if (key.name == keys[0].name && key.use == audit::KeyUse::kSign) continue;
    return absl::InvalidArgumentError(
        "--vkey: the keys are not all signing keys of one log");
  }
  return keys[0].name;
}

absl::Status ShowAnchors(const AnchorsOptions& options) {
  ASSIGN_OR_RETURN(const absl::Duration max_age, ReadMaxAge(options.max_age));
  ASSIGN_OR_RETURN(const auto keys, ReadVerifierKeys(options.keys));
  ASSIGN_OR_RETURN(const std::string origin, OriginOf(keys));
  ASSIGN_OR_RETURN(const auto found, NewestAnchors(options.folder, origin, keys,
                                                   Newest::kWrittenLast));
  if (found.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the anchor folder ", options.folder,
                     " holds no checkpoint: is it mounted?"));
  }
  absl::Time newest = absl::InfinitePast();
  for (const FoundAnchor& one : found) {
    newest = std::max(newest, one.written);
    std::printf("%s: log %s, size %lld, root %s, written %s\n",
                one.file.c_str(), origin.c_str(),
                static_cast<long long>(one.open.checkpoint.size),
                audit::ToHex(one.open.checkpoint.root).c_str(),
                FormatInstant(one.written).c_str());
  }
  const absl::Duration age =
      std::max(absl::ZeroDuration(), absl::Now() - newest);
  std::printf("age %s\n",
              absl::FormatDuration(absl::Trunc(age, absl::Seconds(1))).c_str());
  if (age <= max_age) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the newest anchored checkpoint is older than ",
                   absl::FormatDuration(max_age),
                   ": either nothing was recorded since, or the signer or this "
                   "folder does not work"));
}

}  // namespace

CLI::App& AddAnchors(CLI::App& audit, AnchorsOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "anchors", "The newest checkpoint of an anchor folder and its age");
  verb.add_option("--dir", options.folder, "The anchor folder")->required();
  verb.add_option("--vkey", options.keys,
                  "Verifier key of the log, or a file of them")
      ->required();
  verb.add_option("--max-age", options.max_age,
                  "Exit with 1 when it is older, e.g. 26h");
  return verb;
}

int RunAnchors(const AnchorsOptions& options) {
  return Finish(ShowAnchors(options));
}

}  // namespace gongkai::server
