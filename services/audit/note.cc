// SPDX-License-Identifier: Apache-2.0
#include "services/audit/note.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/audit/encoding.h"
#include "services/audit/note_text.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/base/utf8.h"

namespace gongkai::audit {
namespace {

constexpr std::string_view kDash = "\u2014 ";
constexpr std::string_view kCosignatureHeader = "cosignature/v1\n";
constexpr size_t kIdBytes = 4;
constexpr size_t kTimeBytes = 8;

absl::Status BadLine(size_t number, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrFormat("signature line %d of the note %s", number, what));
}

absl::StatusOr<NoteSignature> ParseSignatureLine(size_t number,
                                                 std::string_view line) {
  if (!line.starts_with(kDash)) {
    return BadLine(number, "does not begin with a dash (U+2014) and a space");
  }
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) {
    return BadLine(number, "has no name and signature with a space between");
  }
  NoteSignature read;
  read.name = std::string(line.substr(0, space));
  if (!CheckKeyName(read.name).ok()) {
    return BadLine(number, "has a name that no key can have");
  }
  const absl::StatusOr<std::string> bytes = FromBase64(line.substr(space + 1));
  if (!bytes.ok()) {
    return BadLine(number, "has a signature that is not canonical base64");
  }
  if (bytes->size() <= kIdBytes) {
    return BadLine(number, "has a signature that is too short");
  }
  read.id = bytes->substr(0, kIdBytes);
  read.signature = bytes->substr(kIdBytes);
  return read;
}

// What a cosignature signs: the text as seen at a time.
std::string CosignedText(uint64_t seconds, std::string_view text) {
  return absl::StrCat(ToAbsl(kCosignatureHeader), "time ", seconds, "\n",
                      ToAbsl(text));
}

// The time when the signature holds.
struct Held {
  bool holds = false;
  std::optional<absl::Time> time;
};

Held CheckSignature(const VerifierKey& key, std::string_view text,
                    std::string_view signature) {
  if (key.use == KeyUse::kSign) {
    return {Verifies(key.suite, key.key, text, signature), std::nullopt};
  }
  if (signature.size() <= kTimeBytes) return {};
  uint64_t seconds = 0;
  for (const char c : signature.substr(0, kTimeBytes)) {
    seconds = seconds << 8 | static_cast<unsigned char>(c);
  }
  if (seconds > std::numeric_limits<int64_t>::max()) return {};
  return {Verifies(key.suite, key.key, CosignedText(seconds, text),
                   signature.substr(kTimeBytes)),
          absl::FromUnixSeconds(static_cast<int64_t>(seconds))};
}

bool SameNameAndId(const VerifierKey& a, const VerifierKey& b) {
  return a.name == b.name && a.id == b.id;
}

// Two different keys of one name and id: nobody can say whose signature it is.
absl::Status CheckApart(const std::vector<VerifierKey>& keys) {
  for (size_t i = 0; i < keys.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (SameNameAndId(keys[i], keys[j]) &&
          (keys[i].key != keys[j].key || keys[i].use != keys[j].use)) {
        return absl::InvalidArgumentError(
            "two different verifier keys have the same name and id");
      }
    }
  }
  return absl::OkStatus();
}

// What may not be signed as a text: it would be another's cosignature.
bool LooksCosigned(std::string_view text) {
  return text.starts_with(kCosignatureHeader);
}

}  // namespace

absl::Status CheckNoteText(std::string_view text) {
  if (text.empty() || text.back() != '\n') {
    return absl::InvalidArgumentError("the text does not end with a newline");
  }
  if (!IsUtf8(text)) {
    return absl::InvalidArgumentError("the text is not UTF-8");
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') {
      return absl::InvalidArgumentError(
          "the text holds a control character other than the newline");
    }
  }
  return absl::OkStatus();
}

std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string Note::ToText() const {
  std::string out = text + "\n";
  for (const NoteSignature& s : signatures) {
    absl::StrAppend(&out, ToAbsl(kDash), s.name, " ",
                    ToBase64(s.id + s.signature), "\n");
  }
  return out;
}

absl::StatusOr<Note> ParseNote(std::string_view text) {
  if (text.size() > kMaxNoteBytes) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a note has at most %d bytes", kMaxNoteBytes));
  }
  RETURN_IF_ERROR(CheckNoteText(text));
  // The text may have blank lines of its own: the last one ends it.
  const size_t blank = text.rfind("\n\n");
  if (blank == std::string_view::npos) {
    return absl::InvalidArgumentError(
        "the note has no blank line between text and signatures");
  }
  Note note;
  note.text = std::string(text.substr(0, blank + 1));
  std::string_view lines = text.substr(blank + 2);
  if (lines.empty()) {
    return absl::InvalidArgumentError("the note has no signature");
  }
  while (!lines.empty()) {
    if (note.signatures.size() == kMaxSignatures) {
      return absl::InvalidArgumentError(
          absl::StrFormat("a note has at most %d signatures", kMaxSignatures));
    }
    ASSIGN_OR_RETURN(
        note.signatures.emplace_back(),
        ParseSignatureLine(note.signatures.size() + 1, TakeLine(lines)));
  }
  return note;
}

absl::Status SignNote(const SigningKey& key, const VerifierKey& as,
                      absl::Time time, Note& note) {
  RETURN_IF_ERROR(CheckNoteText(note.text));
  if (as.suite != key.suite() || as.key != key.PublicKey()) {
    return absl::InvalidArgumentError(
        "the verifier key is not that of the key that is to sign");
  }
  if (note.signatures.size() >= kMaxSignatures) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a note has at most %d signatures", kMaxSignatures));
  }
  NoteSignature made{as.name, as.id, ""};
  std::string message = note.text;
  if (as.use == KeyUse::kCosign) {
    const int64_t seconds = absl::ToUnixSeconds(time);
    if (seconds < 0 || time == absl::InfiniteFuture()) {
      return absl::InvalidArgumentError(
          "the time of a cosignature is not before 1970 nor without end");
    }
    message = CosignedText(static_cast<uint64_t>(seconds), note.text);
    for (int shift = 56; shift >= 0; shift -= 8) {
      made.signature += static_cast<char>(seconds >> shift & 0xff);
    }
  } else if (LooksCosigned(note.text)) {
    return absl::InvalidArgumentError(
        "a text that begins like a cosignature is not signed");
  }
  ASSIGN_OR_RETURN(const std::string signature, key.Sign(message));
  made.signature += signature;
  note.signatures.push_back(std::move(made));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Signed>> CheckNote(
    const Note& note, const std::vector<VerifierKey>& keys) {
  RETURN_IF_ERROR(CheckApart(keys));
  std::vector<Signed> all;
  for (const NoteSignature& s : note.signatures) {
    const auto key = std::find_if(
        keys.begin(), keys.end(),
        [&](const VerifierKey& k) { return k.name == s.name && k.id == s.id; });
    if (key == keys.end()) continue;
    const Held held = CheckSignature(*key, note.text, s.signature);
    if (!held.holds) {
      return absl::DataLossError(absl::StrCat("the signature by ", s.name, "+",
                                              ToHex(s.id), " does not hold"));
    }
    // One who signs twice is still one who signed.
    const bool again = std::any_of(
        all.begin(), all.end(),
        [&](const Signed& earlier) { return SameNameAndId(earlier.by, *key); });
    if (!again) all.push_back({*key, held.time});
  }
  return all;
}

}  // namespace gongkai::audit
