// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_NOTE_H_
#define GONGKAI_SERVICES_AUDIT_NOTE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/audit/suite.h"

// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint,
// tlog-cosignature). Types of signature: 0x01 Ed25519, 0x04 Ed25519 timestamped
// cosignature; 0xff with the text `gongkai.sm2` or `gongkai.sm2.cosignature`
// for SM2, which C2SP has no number for.
namespace gongkai::audit {

// At most this many signature lines are read, and bytes in a note.
inline constexpr size_t kMaxSignatures = 16;
inline constexpr size_t kMaxNoteBytes = 1 << 20;

// What a signature by this key says.
enum class KeyUse {
  kSign,    // of the note's text
  kCosign,  // a witness saw the text, at a time
};

// A verifier key: `name+hex8+base64(type ‖ key)`, the four bytes of hexadecimal
// being the first of Digest(name ‖ "\n" ‖ type ‖ key). Ed25519 keys use SHA-256
// there, SM2 keys SM3.
struct VerifierKey {
  std::string name;
  std::string id;  // 4 bytes
  Suite suite = Suite::kSha256Ed25519;
  KeyUse use = KeyUse::kSign;
  std::string key;  // as Verifies takes it

  std::string ToText() const;
};
// INVALID_ARGUMENT says what is wrong with the text: a name with space or plus,
// an id that is not that of the key, a type that is not known.
absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view text);
// The verifier key of a signing key under `name`. INVALID_ARGUMENT for a name
// that is empty or holds white space or a plus sign.
absl::StatusOr<VerifierKey> VerifierKeyOf(const SigningKey& key,
                                          std::string_view name, KeyUse use);

struct NoteSignature {
  std::string name;
  std::string id;         // 4 bytes
  std::string signature;  // what follows the id
};
struct Note {
  std::string text;  // ends with a newline
  std::vector<NoteSignature> signatures;

  std::string ToText() const;
};
// INVALID_ARGUMENT for what is no note: not UTF-8, a control character but
// newline, no blank line, no signature or more than kMaxSignatures, a line that
// is no signature line, too long.
absl::StatusOr<Note> ParseNote(std::string_view text);

// Adds the signature of `key` under its name. For KeyUse::kCosign the time goes
// in, in whole seconds.
absl::Status SignNote(const SigningKey& key, const VerifierKey& as,
                      absl::Time time, Note& note);

// One signature that holds.
struct Signed {
  VerifierKey by;
  std::optional<absl::Time> time;  // of a cosignature
};
// The signatures of `note` by `keys`; those of other keys are passed over.
// DATA_LOSS when one by a known key (its name and id) does not hold: then the
// note counts for nothing.
absl::StatusOr<std::vector<Signed>> CheckNote(
    const Note& note, const std::vector<VerifierKey>& keys);

// The text of a checkpoint: origin, size, root, and lines that say nothing.
struct Checkpoint {
  std::string origin;
  int64_t size = 0;
  std::string root;  // 32 bytes

  std::string ToText() const;
};
absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text);

// A checkpoint whose signature holds: by one of `keys` of use kSign whose name
// is the origin. INVALID_ARGUMENT when the note is none or nobody of `keys`
// signed it; DATA_LOSS when a known key's signature does not hold.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
  Suite suite = Suite::kSha256Ed25519;  // of the log's key
  std::vector<Signed> signatures;       // all that hold, cosignatures too
};
absl::StatusOr<SignedCheckpoint> OpenCheckpoint(
    std::string_view note_text, const std::vector<VerifierKey>& keys);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_NOTE_H_
