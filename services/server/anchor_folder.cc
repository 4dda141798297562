// SPDX-License-Identifier: Apache-2.0
#include "services/server/anchor_folder.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

namespace fs = std::filesystem;

// Files of one size: the first and those beside torn ones.
constexpr int kMostBeside = 100;
constexpr size_t kSizeDigits = 20;
constexpr std::string_view kEnding = ".note";
constexpr size_t kMostNoteBytes = 1 << 16;
constexpr mode_t kReadOnly = 0444;
// Names looked at in one walk through the folder.
constexpr size_t kWindow = 1024;

// A name of the folder in the order of newest first.
struct Name {
  int64_t size = 0;
  int beside = 0;

  auto operator<=>(const Name&) const = default;

  std::string ToText() const {
    const std::string beside_text =
        beside == 0 ? std::string() : absl::StrCat(".", beside);
    return absl::StrFormat("%020d%s%s", size, beside_text, kEnding);
  }
};

std::optional<Name> NameOf(const std::string& text) {
  Name name;
  const size_t end = text.size() - std::min(text.size(), kEnding.size());
  if (end < kSizeDigits || text.substr(end) != kEnding ||
      !absl::SimpleAtoi(text.substr(0, kSizeDigits), &name.size)) {
    return std::nullopt;
  }
  const std::string rest = text.substr(kSizeDigits, end - kSizeDigits);
  if (!rest.empty() && !absl::SimpleAtoi(rest.substr(1), &name.beside)) {
    return std::nullopt;
  }
  // Only the one spelling that this program writes.
  if (name.beside >= kMostBeside || name.ToText() != text) return std::nullopt;
  return name;
}

// A name and what it is ordered by.
struct Ranked {
  int64_t rank = 0;  // size, or nanoseconds
  Name name;

  auto operator<=>(const Ranked&) const = default;
};

int64_t RankOf(const Name& name, const fs::directory_entry& entry,
               Newest newest) {
  if (newest == Newest::kLargest) return name.size;
  std::error_code error;
  const auto written = entry.last_write_time(error);
  return error ? std::numeric_limits<int64_t>::min()
               : written.time_since_epoch().count();
}

// The greatest names below `below`, greatest first, at most kWindow of them.
absl::StatusOr<std::vector<Ranked>> NamesBelow(
    const std::string& folder, const std::optional<Ranked>& below,
    Newest newest) {
  std::vector<Ranked> heap;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const auto name = NameOf(it->path().filename().string());
    if (!name.has_value()) continue;
    const Ranked next{RankOf(*name, *it, newest), *name};
    if (below.has_value() && next >= *below) continue;
    heap.push_back(next);
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
    if (heap.size() <= kWindow) continue;
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    heap.pop_back();
  }
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the anchor folder ", folder, " cannot be read: ", error.message()));
  }
  std::sort_heap(heap.begin(), heap.end(), std::greater<>());
  return heap;
}

// The checkpoint in a file; nothing when it is none.
std::optional<FoundAnchor> Open(const std::string& folder, const Name& name,
                                const std::string& origin,
                                const std::vector<audit::VerifierKey>& keys) {
  const std::string file = name.ToText();
  const auto read = ReadSmallFile(absl::StrCat(folder, "/", file),
                                  kMostNoteBytes, /*follow=*/false);
  if (!read.ok()) return std::nullopt;
  auto open = audit::OpenCheckpoint(read->bytes, keys);
  if (!open.ok() || open->checkpoint.origin != origin ||
      open->checkpoint.size != name.size) {
    return std::nullopt;
  }
  return FoundAnchor{file, *std::move(open), read->changed};
}

bool HasRoot(const std::vector<FoundAnchor>& found, const FoundAnchor& next) {
  return std::any_of(found.begin(), found.end(), [&](const FoundAnchor& one) {
    return one.open.checkpoint.root == next.open.checkpoint.root;
  });
}

}  // namespace

AnchorFolder::AnchorFolder(std::string folder,
                           std::vector<audit::VerifierKey> keys)
    : folder_(std::move(folder)), keys_(std::move(keys)) {}

absl::StatusOr<std::string> AnchorFolder::Standing(
    const std::string& path, const jobs::Outgoing& checkpoint) {
  if (doubtful_.contains(path)) {
    return absl::DataLossError("it may not be on the disk");
  }
  ASSIGN_OR_RETURN(FileRead read,
                   ReadSmallFile(path, kMostNoteBytes, /*follow=*/false));
  ASSIGN_OR_RETURN(const auto open, audit::OpenCheckpoint(read.bytes, keys_));
  if (open.checkpoint.size != checkpoint.head.size ||
      open.checkpoint.root != checkpoint.head.root) {
    return absl::DataLossError("it says something else");
  }
  if (const absl::Status synced = SyncFile(path); !synced.ok()) {
    doubtful_.insert(path);
    return synced;
  }
  return std::move(read.bytes);
}

absl::StatusOr<std::string> AnchorFolder::Put(const jobs::Outgoing& checkpoint,
                                              absl::Time /*deadline*/) {
  Name name{checkpoint.head.size, 0};
  for (; name.beside < kMostBeside; ++name.beside) {
    const std::string path = absl::StrCat(folder_, "/", name.ToText());
    const absl::Status made = CreateFile(path, checkpoint.note, kReadOnly);
    if (made.ok()) return checkpoint.note;
    if (!absl::IsAlreadyExists(made)) {
      doubtful_.insert(path);
      return made;
    }
    auto standing = Standing(path, checkpoint);
    if (standing.ok()) return standing;
  }
  return absl::UnavailableError(
      absl::StrCat(folder_, " is full of damaged checkpoints of size ",
                   checkpoint.head.size));
}

absl::StatusOr<std::vector<FoundAnchor>> NewestAnchors(
    const std::string& folder, const std::string& origin,
    const std::vector<audit::VerifierKey>& keys, Newest newest) {
  std::vector<FoundAnchor> found;
  std::vector<Ranked> names;
  std::optional<Ranked> below;
  int64_t rank = 0;  // of those found
  do {
    ASSIGN_OR_RETURN(names, NamesBelow(folder, below, newest));
    for (const Ranked& next : names) {
      if (!found.empty() && next.rank < rank) return found;
      auto open = Open(folder, next.name, origin, keys);
      if (open.has_value() && !HasRoot(found, *open)) {
        rank = next.rank;
        found.push_back(*std::move(open));
      }
      below = next;
    }
  } while (names.size() == kWindow);
  if (found.empty() && below.has_value()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the anchor folder ", folder,
        " holds checkpoints, and none is signed by a known key of the log ",
        origin));
  }
  return found;
}

}  // namespace gongkai::server
