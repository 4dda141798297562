// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/signer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/jobs/contained.h"

namespace gongkai::jobs {
namespace {

bool SignedBy(const std::vector<audit::Signed>& signatures,
              const audit::VerifierKey& key) {
  return std::any_of(
      signatures.begin(), signatures.end(),
      [&](const audit::Signed& s) { return s.by.key == key.key; });
}

}  // namespace

Signer::Signer(storage::Store& store, storage::Log& log,
               storage::Proofs& proofs, SignerMemory& memory,
               std::vector<Key> keys, Options options)
    : store_(store),
      log_(log),
      proofs_(proofs),
      memory_(memory),
      keys_(std::move(keys)),
      options_(std::move(options)) {}

std::vector<audit::VerifierKey> Signer::VerifierKeys() const {
  std::vector<audit::VerifierKey> keys;
  for (const Key& key : keys_) keys.push_back(key.as);
  return keys;
}

absl::StatusOr<audit::Suite> Signer::CheckLog(absl::Time deadline) {
  ASSIGN_OR_RETURN(const storage::LogIdentity log, store_.Identity(deadline));
  ASSIGN_OR_RETURN(const audit::Suite suite, audit::SuiteNumbered(log.suite));
  if (log.origin != options_.origin) {
    return absl::FailedPreconditionError(
        absl::StrCat("the log of this database is called ", log.origin,
                     " and not ", options_.origin));
  }
  for (const Key& key : keys_) {
    if (key.key.suite() == suite) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the log is of suite ", ToAbsl(audit::SuiteName(suite)),
        " and a key is of suite ", ToAbsl(audit::SuiteName(key.key.suite())),
        ": suites are never mixed in one log"));
  }
  return suite;
}

absl::Status Signer::Remember() {
  if (remembered_) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string note, memory_.Read());
  last_.reset();
  if (!note.empty()) {
    const auto open = audit::OpenCheckpoint(note, VerifierKeys());
    if (!open.ok() || open->checkpoint.origin != options_.origin) {
      return absl::FailedPreconditionError(absl::StrCat(
          "what this signer signed last cannot be read (",
          open.ok() ? "it is of another log" : open.status().message(),
          "): nothing is signed. While a key is changed the old key signs too; "
          "a damaged state is put back from the newest anchored checkpoint"));
    }
    Last last{{open->checkpoint.size, open->checkpoint.root}, note};
    last.by_all = std::all_of(keys_.begin(), keys_.end(), [&](const Key& key) {
      return SignedBy(open->signatures, key.as);
    });
    last_ = std::move(last);
  }
  remembered_ = true;
  return absl::OkStatus();
}

absl::Status Signer::CheckAfter(audit::Suite suite,
                                const storage::TreeHead& head,
                                const storage::TreeHead& earlier,
                                absl::Time deadline) const {
  const std::string root = audit::ToHex(earlier.root);
  const bool given_up = root == options_.given_up_root;
  const absl::Status contained = CheckContained(
      log_, suite, head, given_up ? storage::TreeHead() : earlier, deadline);
  if (!absl::IsDataLoss(contained)) return contained;
  return absl::FailedPreconditionError(absl::StrFormat(
      "%s. Nothing is signed. Signed and outside is size %d, root %s; the tree "
      "of the database has root %s. After a restore from backup two persons "
      "record the fork; then the signer is started with --accept-fork %s",
      std::string(contained.message()), earlier.size, root,
      audit::ToHex(head.root), root));
}

absl::Status Signer::CheckNext(audit::Suite suite,
                               const storage::TreeHead& head,
                               absl::Time deadline) {
  if (last_.has_value()) {
    return head == last_->head ? absl::OkStatus()
                               : CheckAfter(suite, head, last_->head, deadline);
  }
  RETURN_IF_ERROR(CheckAfter(suite, head, {}, deadline));
  for (const storage::TreeHead& outside : options_.outside) {
    RETURN_IF_ERROR(CheckAfter(suite, head, outside, deadline));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Signer::NoteOf(
    const storage::TreeHead& head) const {
  audit::Note note;
  note.text = audit::Checkpoint{options_.origin, head.size, head.root}.ToText();
  for (const Key& key : keys_) {
    RETURN_IF_ERROR(audit::SignNote(key.key, key.as, absl::Now(), note));
  }
  return note.ToText();
}

absl::Status Signer::Publish(audit::Suite suite, absl::Time deadline) {
  RETURN_IF_ERROR(proofs_.PutCheckpoint(
      {last_->head.size, last_->head.root, last_->note, absl::Now()},
      deadline));
  last_->stored = true;
  absl::MutexLock lock(&mutex_);
  suite_ = suite;
  out_ = Outgoing{last_->head, last_->note, nullptr};
  return absl::OkStatus();
}

absl::StatusOr<bool> Signer::Sign(absl::Time deadline) {
  absl::MutexLock lock(&signing_);
  ASSIGN_OR_RETURN(const audit::Suite suite, CheckLog(deadline));
  RETURN_IF_ERROR(Remember());
  ASSIGN_OR_RETURN(const storage::TreeHead head, log_.Head(deadline));
  RETURN_IF_ERROR(CheckNext(suite, head, deadline));
  if (last_.has_value() ? head == last_->head && last_->by_all
                        : head.size == 0) {
    if (last_.has_value() && !last_->stored) {
      RETURN_IF_ERROR(Publish(suite, deadline));
    }
    return false;
  }
  ASSIGN_OR_RETURN(const std::string note, NoteOf(head));
  if (const absl::Status kept = memory_.Write(note); !kept.ok()) {
    remembered_ = false;
    return kept;
  }
  last_ = Last{head, note, true, false};
  RETURN_IF_ERROR(Publish(suite, deadline));
  return true;
}

absl::Status Signer::Carry(AnchorPlace& place, absl::Time deadline) {
  Outgoing out;
  audit::Suite suite;
  {
    absl::MutexLock lock(&mutex_);
    if (!out_.has_value() || carried_[&place] == out_->note) {
      return absl::OkStatus();
    }
    out = *out_;
    suite = suite_;
  }
  out.prove = [&](int64_t old_size) {
    return audit::ProveConsistency(suite, old_size, out.head.size,
                                   TilesOf(log_, deadline));
  };
  ASSIGN_OR_RETURN(const std::string there, place.Put(out, deadline));
  RETURN_IF_ERROR(proofs_.PutAnchor(
      {out.head.size, place.kind(), place.name(), there, absl::Now()},
      deadline));
  absl::MutexLock lock(&mutex_);
  carried_[&place] = out.note;
  return absl::OkStatus();
}

std::optional<storage::TreeHead> Signer::signed_head() const {
  absl::MutexLock lock(&mutex_);
  if (!out_.has_value()) return std::nullopt;
  return out_->head;
}

}  // namespace gongkai::jobs
