// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/witness_book.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kUnprocessable = 422;
constexpr int kServerError = 500;
constexpr size_t kMostProofLines = 63;
constexpr mode_t kReadable = 0644;

WitnessAnswer Say(int status, std::string_view sentence) {
  return {status, "text/plain; charset=utf-8",
          absl::StrCat(ToAbsl(sentence), "\n")};
}

std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

absl::Status BadBody(std::string_view what) {
  return absl::InvalidArgumentError(ToAbsl(what));
}

// Names of files never come from outside.
std::string FileOf(const std::string& folder, const std::string& origin) {
  return absl::StrCat(
      folder, "/",
      audit::ToHex(audit::Digest(audit::Suite::kSha256Ed25519, {origin})),
      ".checkpoint");
}

// Keeps the first pair of checkpoints of a log that contradict each other: its
// signatures under both prove what the log did.
void KeepConflict(const std::string& file, const std::string& known,
                  const std::string& next) {
  const absl::Status kept =
      CreateFile(file + ".conflict", known + "\n" + next, kReadable);
  if (kept.ok() || absl::IsAlreadyExists(kept)) return;
  Log(Severity::kError, "witness_conflict_not_kept", {});
}

}  // namespace

absl::StatusOr<std::unique_ptr<WitnessBook>> WitnessBook::Open(
    const std::string& folder, audit::SigningKey key, audit::VerifierKey as,
    const std::vector<audit::VerifierKey>& logs) {
  ASSIGN_OR_RETURN(FileLock lock, FileLock::Take(folder + "/lock"));
  std::unique_ptr<WitnessBook> book(
      new WitnessBook(std::move(lock), std::move(key), std::move(as)));
  absl::MutexLock hold(&book->mutex_);
  for (const audit::VerifierKey& log : logs) {
    if (log.use != audit::KeyUse::kSign) {
      return absl::InvalidArgumentError(
          "the key of a log is one that signs, not one that cosigns");
    }
    Witnessed& known = book->logs_[log.name];
    known.keys.push_back(log);
    known.file = FileOf(folder, log.name);
  }
  for (auto& [origin, log] : book->logs_) RETURN_IF_ERROR(book->Load(log));
  return book;
}

absl::Status WitnessBook::Load(Witnessed& log) const {
  auto read = ReadSmallFile(log.file, audit::kMaxNoteBytes);
  if (absl::IsNotFound(read.status())) return absl::OkStatus();
  RETURN_IF_ERROR(read.status());
  // Its own cosignature tells also when the log's key has changed since.
  const absl::Status damaged = absl::FailedPreconditionError(
      absl::StrCat("the last checkpoint in ", log.file,
                   " is not one that this witness cosigned"));
  const auto note = audit::ParseNote(read->bytes);
  if (!note.ok()) return damaged;
  const auto signatures = audit::CheckNote(*note, {as_});
  const auto checkpoint = audit::ParseCheckpoint(note->text);
  if (!signatures.ok() || signatures->empty() || !checkpoint.ok() ||
      checkpoint->origin != log.keys[0].name) {
    return damaged;
  }
  log.size = checkpoint->size;
  log.root = checkpoint->root;
  log.note = std::move(read->bytes);
  return absl::OkStatus();
}

absl::StatusOr<WitnessBook::Request> WitnessBook::Read(std::string_view body) {
  constexpr std::string_view kOld = "old ";
  Request request;
  const std::string_view first = TakeLine(body);
  if (!first.starts_with(kOld)) {
    return BadBody("the first line is not `old` and a size");
  }
  const auto size = audit::ToSize(first.substr(kOld.size()));
  if (!size.ok()) return BadBody("the old size is no tree size");
  request.old_size = *size;
  while (true) {
    if (body.empty()) return BadBody("there is no empty line after the proof");
    const std::string_view line = TakeLine(body);
    if (line.empty()) break;
    if (request.proof.size() == kMostProofLines) {
      return BadBody("a proof has at most 63 lines");
    }
    const auto hash = audit::FromBase64(line);
    if (!hash.ok() || hash->size() != audit::kHashBytes) {
      return BadBody("a line of the proof is no hash of 32 bytes in base64");
    }
    request.proof.push_back(*hash);
  }
  request.note = std::string(body);
  return request;
}

WitnessAnswer WitnessBook::Judge(const Witnessed& log, const Request& request,
                                 const audit::SignedCheckpoint& next) const {
  const audit::Checkpoint& tree = next.checkpoint;
  if (request.old_size > tree.size) {
    return Say(kBadRequest, "the old size is above that of the checkpoint");
  }
  if (request.old_size != log.size) {
    return {kConflict, "text/x.tlog.size", absl::StrCat(log.size, "\n")};
  }
  if (log.size == tree.size && !log.note.empty() && log.root != tree.root) {
    KeepConflict(log.file, log.note, next.note.ToText());
    return Say(kConflict,
               "another checkpoint of this size was cosigned, with another "
               "root: the log shows two histories");
  }
  if (log.size == 0 || log.size == tree.size) {
    if (request.proof.empty()) return {};
    return Say(kUnprocessable, "between these sizes the proof is empty");
  }
  const absl::Status held = audit::CheckConsistency(
      next.suite, log.size, log.root, tree.size, tree.root, request.proof);
  if (held.ok()) return {};
  return Say(kUnprocessable, ToStd(held.message()));
}

WitnessAnswer WitnessBook::Cosign(const audit::SignedCheckpoint& next,
                                  absl::Time now, Witnessed& log) {
  audit::Note cosigned;
  cosigned.text = next.note.text;
  absl::Status done = audit::SignNote(key_, as_, now, cosigned);
  const std::string lines = cosigned.ToText().substr(cosigned.text.size() + 1);
  // Kept with the signatures of the log that hold.
  for (const audit::NoteSignature& line : next.note.signatures) {
    for (const audit::Signed& held : next.signatures) {
      if (line.name != held.by.name || line.id != held.by.id) continue;
      if (cosigned.signatures.size() < audit::kMaxSignatures) {
        cosigned.signatures.push_back(line);
      }
      break;
    }
  }
  const std::string note = cosigned.ToText();
  if (done.ok()) done = ReplaceFile(log.file, note, kReadable);
  if (!done.ok()) {
    Log(Severity::kError, "witness", {{"detail", std::string(done.message())}});
    return Say(kServerError, "the checkpoint could not be kept");
  }
  log.size = next.checkpoint.size;
  log.root = next.checkpoint.root;
  log.note = note;
  return {kOk, "text/plain; charset=utf-8", lines};
}

WitnessAnswer WitnessBook::AddCheckpoint(std::string_view body,
                                         absl::Time now) {
  const auto request = Read(body);
  if (!request.ok()) {
    return Say(kBadRequest, ToStd(request.status().message()));
  }
  const auto note = audit::ParseNote(request->note);
  if (!note.ok()) return Say(kBadRequest, ToStd(note.status().message()));
  const auto claimed = audit::ParseCheckpoint(note->text);
  if (!claimed.ok()) return Say(kBadRequest, ToStd(claimed.status().message()));

  absl::MutexLock lock(&mutex_);
  const auto found = logs_.find(claimed->origin);
  if (found == logs_.end()) {
    return Say(kNotFound, "this witness does not know the log");
  }
  const auto next = audit::OpenCheckpoint(request->note, found->second.keys);
  if (!next.ok()) {
    const auto held = audit::CheckNote(*note, found->second.keys);
    const bool is_signed = held.ok() && !held->empty();
    return Say(is_signed ? kUnprocessable : kForbidden,
               ToStd(next.status().message()));
  }
  WitnessAnswer answer = Judge(found->second, *request, *next);
  if (answer.status == 0) return Cosign(*next, now, found->second);
  Log(answer.status == kConflict ? Severity::kWarning : Severity::kError,
      "witness_refuses",
      {{"status", static_cast<int64_t>(answer.status)},
       {"known_size", found->second.size},
       {"size", next->checkpoint.size}});
  return answer;
}

}  // namespace gongkai::verify
