// SPDX-License-Identifier: Apache-2.0
// root, prove, prove-consistency: trees over a file of leaves.
#include <functional>
#include <limits>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/verify/input.h"
#include "clients/verify/path_builder.h"
#include "clients/verify/verbs.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

// Longer lines are no leaves of a log that one could keep.
constexpr size_t kMostLineBytes = 16 << 20;
constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

using TakeHash = std::function<void(int64_t index, std::string_view hash)>;

// Gives the leaf hashes of a file of leaves to `take`, of at most `most`
// leaves; returns how many there were.
absl::StatusOr<int64_t> ReadLeaves(audit::Suite suite, const std::string& path,
                                   int64_t most, const TakeHash& take) {
  ASSIGN_OR_RETURN(Input in, Input::Open(path));
  int64_t size = 0;
  for (; size < most; ++size) {
    const auto line = in.Line(kMostLineBytes);
    if (!line.ok()) {
      return absl::Status(
          line.status().code(),
          absl::StrFormat("line %d: %s", size + 1, line.status().message()));
    }
    if (!line->has_value()) break;
    const absl::StatusOr<std::string> leaf = audit::FromHex(**line);
    if (!leaf.ok()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("line %d: %s", size + 1, leaf.status().message()));
    }
    take(size, audit::LeafHashOf(suite, *leaf));
  }
  return size;
}

// The size that an optional argument gives; without one the tree ends with its
// file.
absl::StatusOr<int64_t> MostLeaves(const Given& given,
                                   const std::string& name) {
  if (!given.Has(name)) return kNoEnd;
  return given.GetSize(name);
}

absl::Status CheckRead(int64_t size, int64_t wanted) {
  if (wanted == kNoEnd || size == wanted) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "the file has %d leaves, fewer than the %d asked for", size, wanted));
}

void Print(const audit::Hashes& proof, std::ostream& out) {
  for (const std::string& hash : proof) out << audit::ToHex(hash) << "\n";
}

absl::StatusOr<Exit> Root(const Call& call) {
  ASSIGN_OR_RETURN(const audit::Suite suite, call.given.GetSuite());
  audit::RootBuilder tree(suite);
  RETURN_IF_ERROR(
      ReadLeaves(suite, call.given.Get("FILE"), kNoEnd,
                 [&](int64_t, std::string_view hash) { tree.Add(hash); })
          .status());
  call.out << audit::ToHex(tree.Root()) << "\n";
  return Exit::kSound;
}

absl::StatusOr<Exit> Prove(const Call& call) {
  ASSIGN_OR_RETURN(const audit::Suite suite, call.given.GetSuite());
  ASSIGN_OR_RETURN(const int64_t index, call.given.GetSize("INDEX"));
  ASSIGN_OR_RETURN(const int64_t most, MostLeaves(call.given, "SIZE"));
  PathBuilder tree(suite);
  ASSIGN_OR_RETURN(const int64_t size,
                   ReadLeaves(suite, call.given.Get("FILE"), most,
                              [&](int64_t at, std::string_view hash) {
                                if (at == index) tree.FollowNextLeaf();
                                tree.Add(hash);
                              }));
  RETURN_IF_ERROR(CheckRead(size, most));
  if (index >= size) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "there is no leaf %d in a tree of %d leaves", index, size));
  }
  Print(tree.Path(), call.out);
  return Exit::kSound;
}

absl::StatusOr<Exit> ProveConsistency(const Call& call) {
  ASSIGN_OR_RETURN(const audit::Suite suite, call.given.GetSuite());
  ASSIGN_OR_RETURN(const int64_t old_size, call.given.GetSize("SIZE1"));
  ASSIGN_OR_RETURN(const int64_t most, MostLeaves(call.given, "SIZE2"));
  PathBuilder tree(suite);
  std::string ending;
  ASSIGN_OR_RETURN(const int64_t size,
                   ReadLeaves(suite, call.given.Get("FILE"), most,
                              [&](int64_t at, std::string_view hash) {
                                tree.Add(hash);
                                if (at + 1 != old_size) return;
                                ending = tree.FollowLastSubtree();
                              }));
  RETURN_IF_ERROR(CheckRead(size, most));
  if (old_size == 0 || old_size > size) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "a tree of %d leaves cannot be shown to begin with one of %d: the old "
        "size is 1 to the new size",
        size, old_size));
  }
  if (old_size == size) return Exit::kSound;
  audit::Hashes proof = tree.Path();
  // A subtree that is the whole old tree needs no hash: it is the old root.
  if ((old_size & (old_size - 1)) != 0) proof.insert(proof.begin(), ending);
  Print(proof, call.out);
  return Exit::kSound;
}

Option LeavesFile() {
  return {.name = "FILE",
          .zh = "每行一个十六进制叶子的文件；- 为标准输入",
          .en = "file with one hexadecimal leaf a line; - is standard input",
          .required = true};
}

}  // namespace

Verb RootVerb() {
  return {.name = "root",
          .zh = "打印叶子文件的默克尔树根（十六进制）",
          .en = "Prints the root of a file of leaves, in hexadecimal",
          .positionals = {LeavesFile()},
          .flags = {SuiteFlag()},
          .run = Root};
}

Verb ProveVerb() {
  return {.name = "prove",
          .zh = "打印叶子在树中的包含证明，每行一个散列",
          .en = "Prints the proof that a leaf is in the tree, one hash a line",
          .positionals = {LeavesFile(),
                          {.name = "INDEX",
                           .zh = "叶子序号，从 0 起",
                           .en = "index of the leaf, from 0",
                           .required = true},
                          {.name = "SIZE",
                           .zh = "只取前若干叶子，默认全部",
                           .en = "the first so many leaves; all without it"}},
          .flags = {SuiteFlag()},
          .run = Prove};
}

Verb ProveConsistencyVerb() {
  return {
      .name = "prove-consistency",
      .zh = "打印大树以小树为开头的一致性证明，每行一个散列",
      .en =
          "Prints the proof that a tree begins with a smaller one, one hash a "
          "line",
      .positionals = {LeavesFile(),
                      {.name = "SIZE1",
                       .zh = "旧树的叶子数",
                       .en = "leaves of the old tree",
                       .required = true},
                      {.name = "SIZE2",
                       .zh = "新树的叶子数，默认全部",
                       .en = "leaves of the new tree; all without it"}},
      .flags = {SuiteFlag()},
      .run = ProveConsistency};
}

}  // namespace gongkai::verify
