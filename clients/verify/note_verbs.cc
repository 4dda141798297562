// SPDX-License-Identifier: Apache-2.0
// check-note: who signed a note or a checkpoint.
#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/verify/input.h"
#include "clients/verify/keys.h"
#include "clients/verify/verbs.h"
#include "services/audit/encoding.h"
#include "services/audit/note.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/document/plain_words.h"

namespace gongkai::verify {
namespace {

constexpr size_t kMostKeyBytes = 4096;

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

void Print(const audit::Signed& by, std::ostream& out) {
  out << (by.time.has_value() ? "cosigned " : "signed ") << by.by.ToText();
  if (by.time.has_value()) out << " " << TimeText(*by.time);
  out << "\n";
}

// As --vkey, and behind the note.
std::vector<std::string> KeysGiven(const Given& given) {
  std::vector<std::string> keys = given.All("vkey");
  if (given.Has("VKEY")) keys.push_back(given.Get("VKEY"));
  return keys;
}

absl::StatusOr<Exit> CheckNote(const Call& call) {
  ASSIGN_OR_RETURN(const std::vector<audit::VerifierKey> keys,
                   ReadVerifierKeys(KeysGiven(call.given)));
  if (keys.empty()) {
    return absl::InvalidArgumentError(
        "no verifier key is given: nobody's signature can be checked");
  }
  ASSIGN_OR_RETURN(const std::string text,
                   ReadFile(call.given.Get("NOTE"), audit::kMaxNoteBytes));
  ASSIGN_OR_RETURN(const audit::Note note, audit::ParseNote(text));
  ASSIGN_OR_RETURN(const std::vector<audit::Signed> all,
                   audit::CheckNote(note, keys));
  if (all.empty()) {
    return absl::InvalidArgumentError(
        "none of the signatures is by a key that was given");
  }
  for (const audit::Signed& by : all) Print(by, call.out);
  const absl::StatusOr<audit::Checkpoint> checkpoint =
      audit::ParseCheckpoint(note.text);
  if (checkpoint.ok()) {
    call.out << "origin " << document::Visible(checkpoint->origin) << "\nsize "
             << checkpoint->size << "\nroot " << audit::ToHex(checkpoint->root)
             << "\n";
  }
  return Exit::kSound;
}

}  // namespace

absl::StatusOr<audit::VerifierKey> ReadVerifierKey(const std::string& text) {
  const absl::StatusOr<audit::VerifierKey> key = audit::ParseVerifierKey(text);
  if (key.ok()) return key;
  const absl::StatusOr<std::string> file = ReadFile(text, kMostKeyBytes);
  // A text with its two signs was meant to be the key itself.
  if (!file.ok()) {
    const bool key_text = text.find('+') != std::string::npos;
    return key_text ? key.status() : file.status();
  }
  return audit::ParseVerifierKey(
      ToStd(absl::StripTrailingAsciiWhitespace(absl::string_view(*file))));
}

absl::StatusOr<std::vector<audit::VerifierKey>> ReadVerifierKeys(
    const std::vector<std::string>& texts) {
  std::vector<audit::VerifierKey> keys;
  for (const std::string& text : texts) {
    ASSIGN_OR_RETURN(keys.emplace_back(), ReadVerifierKey(text));
  }
  return keys;
}

Verb CheckNoteVerb() {
  return {.name = "check-note",
          .zh = "核对签名文件或检查点，打印签名者",
          .en = "Checks a signed note or checkpoint and prints who signed it",
          .positionals = {{.name = "NOTE",
                           .zh = "签名文件；- 为标准输入",
                           .en = "file of the note; - is standard input",
                           .required = true},
                          {.name = "VKEY",
                           .zh = "验证公钥，或含有它的文件",
                           .en = "verifier key, or a file with one"}},
          .flags = {{.name = "vkey",
                     .zh = "验证公钥，或含有它的文件；可多次给出",
                     .en = "verifier key, or a file with one; may be repeated",
                     .repeated = true}},
          .run = CheckNote};
}

}  // namespace gongkai::verify
