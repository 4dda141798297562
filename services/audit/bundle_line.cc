// SPDX-License-Identifier: Apache-2.0
// The text of the evidence: every value has one spelling.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/audit/bundle.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::audit {
namespace {

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(ToAbsl(what));
}

// Takes the parts of a line off its front.
class Reader {
 public:
  explicit Reader(std::string_view line) : rest_(line) {}

  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  absl::Status Need(std::string_view text) {
    if (Take(text)) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "`", ToAbsl(text), "` is missing where the format has it"));
  }
  absl::StatusOr<int64_t> Number() {
    const size_t end =
        std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    const absl::StatusOr<int64_t> number = ToSize(rest_.substr(0, end));
    if (number.ok()) rest_.remove_prefix(end);
    return number;
  }
  // Base64 up to the quotation mark.
  absl::StatusOr<std::string> Bytes() {
    const size_t end = rest_.find('"');
    if (end == std::string_view::npos) {
      return Malformed("a text has no quotation mark at its end");
    }
    ASSIGN_OR_RETURN(std::string bytes, FromBase64(rest_.substr(0, end)));
    rest_.remove_prefix(end + 1);
    return bytes;
  }
  absl::StatusOr<std::string> Hash() {
    ASSIGN_OR_RETURN(std::string bytes, Bytes());
    if (bytes.size() == kHashBytes) return bytes;
    return Malformed("a hash or a salt is not of 32 bytes");
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

absl::StatusOr<Hashes> ReadProof(Reader& in) {
  Hashes proof;
  RETURN_IF_ERROR(in.Need(",\"proof\":["));
  if (in.Take("]")) return proof;
  do {
    if (proof.size() == kMaxProofHashes) {
      return Malformed("a proof has more than 64 hashes");
    }
    RETURN_IF_ERROR(in.Need("\""));
    ASSIGN_OR_RETURN(std::string hash, in.Hash());
    proof.push_back(std::move(hash));
  } while (in.Take(","));
  RETURN_IF_ERROR(in.Need("]"));
  return proof;
}

}  // namespace

std::string ToBundleLine(const BundleEvent& event) {
  std::string line =
      absl::StrCat("{\"seq\":", event.seq, ",\"index\":", event.index,
                   ",\"record\":\"", ToBase64(event.record), "\",\"proof\":[");
  for (size_t i = 0; i < event.proof.size(); ++i) {
    absl::StrAppend(&line, i > 0 ? "," : "", "\"", ToBase64(event.proof[i]),
                    "\"");
  }
  line += "]";
  if (event.has_private) {
    absl::StrAppend(&line, ",\"private\":{\"salt\":\"", ToBase64(event.salt),
                    "\",\"payload\":\"", ToBase64(event.payload), "\"}");
  } else if (event.erased) {
    line += ",\"erased\":true";
  }
  return line + "}\n";
}

absl::StatusOr<BundleEvent> ParseBundleLine(std::string_view line) {
  if (line.size() > kMaxBundleLine) {
    return Malformed("the line is longer than 16 MiB");
  }
  Reader in(line);
  BundleEvent event;
  RETURN_IF_ERROR(in.Need("{\"seq\":"));
  ASSIGN_OR_RETURN(event.seq, in.Number());
  RETURN_IF_ERROR(in.Need(",\"index\":"));
  ASSIGN_OR_RETURN(event.index, in.Number());
  RETURN_IF_ERROR(in.Need(",\"record\":\""));
  ASSIGN_OR_RETURN(event.record, in.Bytes());
  ASSIGN_OR_RETURN(event.proof, ReadProof(in));
  if (in.Take(",\"private\":{\"salt\":\"")) {
    event.has_private = true;
    ASSIGN_OR_RETURN(event.salt, in.Hash());
    RETURN_IF_ERROR(in.Need(",\"payload\":\""));
    ASSIGN_OR_RETURN(event.payload, in.Bytes());
    RETURN_IF_ERROR(in.Need("}"));
  } else if (in.Take(",\"erased\":true")) {
    event.erased = true;
  }
  RETURN_IF_ERROR(in.Need("}"));
  if (!in.at_end()) return Malformed("something follows the closing brace");
  return event;
}

std::string ToProofFile(const Hashes& proof) {
  std::string text;
  for (const std::string& hash : proof) {
    absl::StrAppend(&text, ToBase64(hash), "\n");
  }
  return text;
}

absl::StatusOr<Hashes> ParseProofFile(std::string_view text) {
  Hashes proof;
  while (!text.empty()) {
    if (proof.size() == kMaxProofHashes) {
      return Malformed("a proof has more than 64 hashes");
    }
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return Malformed("the last line has no newline");
    }
    ASSIGN_OR_RETURN(std::string hash, FromBase64(text.substr(0, end)));
    if (hash.size() != kHashBytes) {
      return Malformed("a hash or a salt is not of 32 bytes");
    }
    proof.push_back(std::move(hash));
    text.remove_prefix(end + 1);
  }
  return proof;
}

}  // namespace gongkai::audit
