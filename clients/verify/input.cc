// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

constexpr size_t kBufferBytes = 1 << 16;
constexpr size_t kHexHash = 64;
constexpr size_t kBase64Hash = 44;
// A tree of 2^63 leaves needs 64; what is longer need not be read.
constexpr size_t kMostHashes = 128;

absl::Status Failed(std::string_view what, int error) {
  return absl::UnavailableError(
      absl::StrCat(ToAbsl(what), ": ", std::strerror(error)));
}

absl::Status TooManyHashes() {
  return absl::DataLossError(absl::StrFormat(
      "the proof has more than %d hashes: no proof has as many", kMostHashes));
}

// Whether the text is one hash and not the name of a file.
bool IsHash(std::string_view text) { return ReadHash("", text).ok(); }

absl::StatusOr<audit::Hashes> ReadProofFile(const std::string& path) {
  ASSIGN_OR_RETURN(Input in, Input::Open(path));
  audit::Hashes proof;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> line, in.Line(kHexHash));
    if (!line.has_value()) return proof;
    if (line->empty()) continue;
    if (proof.size() == kMostHashes) return TooManyHashes();
    ASSIGN_OR_RETURN(
        proof.emplace_back(),
        ReadHash(absl::StrFormat("line %d of the proof", proof.size() + 1),
                 *line));
  }
}

}  // namespace

absl::StatusOr<Input> Input::Open(const std::string& path) {
  if (path == "-") return Input(STDIN_FILENO);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed(path + " cannot be opened", errno);
  return Input(file);
}

Input::Input(Input&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      buffer_(std::move(other.buffer_)),
      next_(other.next_),
      line_ended_(other.line_ended_) {}

Input::~Input() {
  if (file_ > STDIN_FILENO) close(file_);
}

absl::StatusOr<bool> Input::Fill() {
  buffer_.resize(kBufferBytes);
  next_ = 0;
  ssize_t n = 0;
  do {
    n = read(file_, buffer_.data(), buffer_.size());
  } while (n < 0 && errno == EINTR);
  const int error = errno;
  buffer_.resize(n > 0 ? static_cast<size_t>(n) : 0);
  if (n < 0) return Failed("the file cannot be read", error);
  return n > 0;
}

absl::StatusOr<std::optional<std::string>> Input::Line(size_t most) {
  std::string line;
  bool any = false;
  while (true) {
    if (next_ == buffer_.size()) {
      ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) break;
    }
    any = true;
    const size_t end = buffer_.find('\n', next_);
    const size_t stop = end == std::string::npos ? buffer_.size() : end;
    if (line.size() + (stop - next_) > most) {
      return absl::InvalidArgumentError(
          absl::StrFormat("a line has more than %d bytes", most));
    }
    line.append(buffer_, next_, stop - next_);
    next_ = end == std::string::npos ? stop : end + 1;
    line_ended_ = end != std::string::npos;
    if (line_ended_) break;
  }
  if (!any) return std::nullopt;
  return line;
}

absl::StatusOr<std::string> Input::Bytes(size_t n) {
  std::string bytes;
  while (bytes.size() < n) {
    if (next_ == buffer_.size()) {
      ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) break;
    }
    const size_t take = std::min(n - bytes.size(), buffer_.size() - next_);
    bytes.append(buffer_, next_, take);
    next_ += take;
  }
  return bytes;
}

absl::StatusOr<std::string> Input::All(size_t most) {
  std::string all;
  while (true) {
    if (next_ == buffer_.size()) {
      ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) return all;
    }
    if (all.size() + (buffer_.size() - next_) > most) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the file has more than %d bytes", most));
    }
    all.append(buffer_, next_);
    next_ = buffer_.size();
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t most) {
  ASSIGN_OR_RETURN(Input in, Input::Open(path));
  return in.All(most);
}

absl::StatusOr<std::string> ReadHash(std::string_view what,
                                     std::string_view text) {
  if (text.size() != kHexHash && text.size() != kBase64Hash) {
    return absl::InvalidArgumentError(absl::StrCat(
        ToAbsl(what),
        ": a hash has 64 hexadecimal digits or 44 characters of base64"));
  }
  const absl::StatusOr<std::string> hash =
      text.size() == kHexHash ? audit::FromHex(text) : audit::FromBase64(text);
  if (!hash.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(ToAbsl(what), ": ", hash.status().message()));
  }
  if (hash->size() != audit::kHashBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(ToAbsl(what), ": the hash is not of 32 bytes"));
  }
  return *hash;
}

absl::StatusOr<std::vector<std::string>> ReadProof(const std::string& text) {
  audit::Hashes proof;
  if (text.empty()) return proof;
  std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  if (parts.size() < 2) {
    parts = absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  }
  if (parts.size() < 2 && !IsHash(text)) return ReadProofFile(text);
  for (const absl::string_view part : parts) {
    if (proof.size() == kMostHashes) return TooManyHashes();
    ASSIGN_OR_RETURN(
        proof.emplace_back(),
        ReadHash(absl::StrFormat("hash %d of the proof", proof.size() + 1),
                 ToStd(part)));
  }
  return proof;
}

}  // namespace gongkai::verify
