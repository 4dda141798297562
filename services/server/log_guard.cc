// SPDX-License-Identifier: Apache-2.0
#include "services/server/log_guard.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/act/log_fork.h"
#include "services/audit/encoding.h"
#include "services/base/status_macros.h"
#include "services/jobs/contained.h"

namespace gongkai::server {
namespace {

// Whether `fork` gave up exactly the checkpoint of `head`.
bool Names(const v1::LogFork& fork, const storage::TreeHead& head) {
  return fork.outside_size() == head.size &&
         fork.outside_root() == audit::ToHex(head.root);
}

// Whether a checkpoint of this size is of the branch that `fork` gave up.
bool OnBranch(const v1::LogFork& fork, const storage::TreeHead& head) {
  return head.size > fork.tree_size() && head.size <= fork.outside_size();
}

}  // namespace

LogGuard::LogGuard(storage::Store& store, storage::Log& log,
                   storage::Proofs& proofs, Forks forks, Options options)
    : store_(store),
      log_(log),
      proofs_(proofs),
      forks_(std::move(forks)),
      options_(std::move(options)) {}

std::optional<v1::LogFork> LogGuard::fork() const {
  absl::MutexLock lock(&mutex_);
  return fork_;
}

absl::StatusOr<std::vector<LogGuard::Claim>> LogGuard::ReadFolders(
    const Look& look, Newest newest) {
  std::vector<Claim> claims;
  for (const std::string& folder : options_.folders) {
    ASSIGN_OR_RETURN(const auto found,
                     NewestAnchors(folder, look.origin, options_.keys, newest));
    for (const FoundAnchor& one : found) {
      claims.push_back({{one.open.checkpoint.size, one.open.checkpoint.root},
                        absl::StrCat(folder, "/", one.file),
                        one.written});
    }
    if (!found.empty()) continue;
    // A mount that is gone looks like a folder that never held anything.
    ASSIGN_OR_RETURN(const auto health, proofs_.Health(look.deadline));
    if (health.anchored_size == 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the log stands still: the anchor folder ", folder,
        " is empty, and the database knows of checkpoints that went out. Is "
        "the folder mounted? A new folder is filled by the signer first"));
  }
  return claims;
}

absl::Status LogGuard::Check(const Look& look, const std::vector<Claim>& claims,
                             std::vector<Missing>& missing) {
  for (const Claim& claim : claims) {
    const absl::Status contained = jobs::CheckContained(
        log_, look.suite, look.head, claim.head, look.deadline);
    if (absl::IsDataLoss(contained)) {
      missing.push_back({claim, std::string(contained.message())});
    } else {
      RETURN_IF_ERROR(contained);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::LogFork>> LogGuard::LeadingHere(
    const Look& look) {
  ASSIGN_OR_RETURN(auto forks, forks_(look.deadline));
  std::vector<v1::LogFork> leading;
  for (v1::LogFork& fork : forks) {
    const auto root = audit::FromHex(fork.tree_root());
    if (!root.ok()) continue;
    const absl::Status contained = jobs::CheckContained(
        log_, look.suite, look.head, {fork.tree_size(), *root}, look.deadline);
    if (contained.ok()) leading.push_back(std::move(fork));
    if (!contained.ok() && !absl::IsDataLoss(contained)) return contained;
  }
  return leading;
}

absl::Status LogGuard::Excuse(const Look& look, std::vector<Missing>& missing,
                              std::optional<Missing>& known) {
  ASSIGN_OR_RETURN(const auto leading, LeadingHere(look));
  std::vector<v1::LogFork> used;
  for (const v1::LogFork& fork : leading) {
    if (std::any_of(missing.begin(), missing.end(), [&](const Missing& one) {
          return Names(fork, one.claim.head);
        })) {
      used.push_back(fork);
    }
  }
  std::erase_if(missing, [&](const Missing& one) {
    return std::any_of(used.begin(), used.end(), [&](const v1::LogFork& fork) {
      return Names(fork, one.claim.head) || OnBranch(fork, one.claim.head);
    });
  });
  // What this server alone saw goes with the fork that answers its refusal.
  const std::optional<v1::LogFork> refused = fork();
  if (known.has_value() &&
      std::any_of(leading.begin(), leading.end(), [&](const auto& fork) {
        return Names(fork, known->claim.head) ||
               (refused.has_value() && act::SameFork(fork, *refused));
      })) {
    known.reset();
  }
  if (used.empty() || !missing.empty()) return absl::OkStatus();
  return CheckWrittenLast(look, leading, missing);
}

// The largest was given up once. The last that went out since must be there,
// else that fork would excuse every later restore.
absl::Status LogGuard::CheckWrittenLast(const Look& look,
                                        const std::vector<v1::LogFork>& leading,
                                        std::vector<Missing>& missing) {
  ASSIGN_OR_RETURN(const auto last, ReadFolders(look, Newest::kWrittenLast));
  const auto latest = std::max_element(
      last.begin(), last.end(),
      [](const Claim& a, const Claim& b) { return a.written < b.written; });
  if (latest == last.end()) return absl::OkStatus();
  RETURN_IF_ERROR(Check(look, {*latest}, missing));
  std::erase_if(missing, [&](const Missing& one) {
    return std::any_of(
        leading.begin(), leading.end(),
        [&](const v1::LogFork& fork) { return Names(fork, one.claim.head); });
  });
  return absl::OkStatus();
}

absl::Status LogGuard::Refused(const Look& look, const Missing& missing) {
  v1::LogFork fork;
  fork.set_outside_size(missing.claim.head.size);
  fork.set_outside_root(audit::ToHex(missing.claim.head.root));
  fork.set_tree_size(look.head.size);
  fork.set_tree_root(audit::ToHex(look.head.root));
  const absl::Status told = absl::FailedPreconditionError(absl::StrFormat(
      "the log stands still: %s. Outside stands size %d, root %s (%s); the "
      "database has size %d, root %s. Acts go on and wait in the queue. If a "
      "backup was restored, one person states the fork and another confirms it "
      "(runbook: restore); if none was, the log was altered",
      missing.why, fork.outside_size(), fork.outside_root(),
      missing.claim.place, fork.tree_size(), fork.tree_root()));
  absl::MutexLock lock(&mutex_);
  fork_ = std::move(fork);
  return told;
}

absl::Status LogGuard::Admit(const storage::TreeHead& head,
                             const storage::TreeHead* known,
                             absl::Time deadline) {
  ASSIGN_OR_RETURN(const storage::LogIdentity log, store_.Identity(deadline));
  ASSIGN_OR_RETURN(const audit::Suite suite, audit::SuiteNumbered(log.suite));
  const Look look{suite, log.origin, head, deadline};
  std::vector<Missing> seen;
  // Without a tree that it knows, at least the tiles must give the root.
  const Claim before{known == nullptr ? storage::TreeHead() : *known,
                     "seen by this server", absl::InfinitePast()};
  RETURN_IF_ERROR(Check(look, {before}, seen));
  if (known == nullptr && !seen.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the log stands still: ", seen[0].why));
  }
  {
    absl::MutexLock lock(&mutex_);
    if (known != nullptr && seen.empty() &&
        absl::Now() - looked_ < options_.again) {
      return absl::OkStatus();
    }
  }
  std::vector<Missing> missing;
  ASSIGN_OR_RETURN(const auto claims, ReadFolders(look, Newest::kLargest));
  RETURN_IF_ERROR(Check(look, claims, missing));
  std::optional<Missing> lost;
  if (!seen.empty()) lost = seen[0];
  if (!missing.empty() || lost.has_value()) {
    RETURN_IF_ERROR(Excuse(look, missing, lost));
  }
  if (!missing.empty()) return Refused(look, missing[0]);
  if (lost.has_value()) return Refused(look, *lost);
  absl::MutexLock lock(&mutex_);
  fork_.reset();
  looked_ = absl::Now();
  return absl::OkStatus();
}

}  // namespace gongkai::server
