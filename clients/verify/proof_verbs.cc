// SPDX-License-Identifier: Apache-2.0
// check, consistency: proofs against roots.
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/verify/input.h"
#include "clients/verify/verbs.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

absl::StatusOr<Exit> Check(const Call& call) {
  const Given& given = call.given;
  ASSIGN_OR_RETURN(const audit::Suite suite, given.GetSuite());
  ASSIGN_OR_RETURN(const std::string root, ReadHash("ROOT", given.Get("ROOT")));
  ASSIGN_OR_RETURN(const int64_t size, given.GetSize("SIZE"));
  ASSIGN_OR_RETURN(const int64_t index, given.GetSize("INDEX"));
  const absl::StatusOr<std::string> leaf = audit::FromHex(given.Get("LEAF"));
  if (!leaf.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("LEAF: ", leaf.status().message()));
  }
  ASSIGN_OR_RETURN(const audit::Hashes proof, ReadProof(given.Get("PROOF")));
  RETURN_IF_ERROR(audit::CheckInclusion(
      suite, index, size, audit::LeafHashOf(suite, *leaf), proof, root));
  call.out << call.Say("证明成立：该叶子在树中。",
                       "The proof holds: the leaf is in the tree.")
           << "\n";
  return Exit::kSound;
}

absl::StatusOr<Exit> Consistency(const Call& call) {
  const Given& given = call.given;
  ASSIGN_OR_RETURN(const audit::Suite suite, given.GetSuite());
  ASSIGN_OR_RETURN(const std::string old_root,
                   ReadHash("ROOT1", given.Get("ROOT1")));
  ASSIGN_OR_RETURN(const int64_t old_size, given.GetSize("SIZE1"));
  ASSIGN_OR_RETURN(const std::string root,
                   ReadHash("ROOT2", given.Get("ROOT2")));
  ASSIGN_OR_RETURN(const int64_t size, given.GetSize("SIZE2"));
  ASSIGN_OR_RETURN(const audit::Hashes proof, ReadProof(given.Get("PROOF")));
  RETURN_IF_ERROR(
      audit::CheckConsistency(suite, old_size, old_root, size, root, proof));
  call.out << call.Say("证明成立：新树以旧树为开头。",
                       "The proof holds: the new tree begins with the old one.")
           << "\n";
  return Exit::kSound;
}

Option Positional(std::string name, std::string_view zh, std::string_view en) {
  return {.name = std::move(name), .zh = zh, .en = en, .required = true};
}

Option ProofArgument() {
  return Positional(
      "PROOF",
      "证明：每行一个散列的文件，- 为标准输入，或以逗号或空格分隔的散列",
      "the proof: a file with one hash a line, - for standard input, or hashes "
      "with commas or blanks between");
}

constexpr std::string_view kHashZh = "根，十六进制或 base64";
constexpr std::string_view kHashEn = "root, in hexadecimal or base64";

}  // namespace

Verb CheckVerb() {
  return {
      .name = "check",
      .zh = "核对包含证明",
      .en = "Checks the proof that a leaf is in a tree",
      .positionals = {Positional("ROOT", kHashZh, kHashEn),
                      Positional("SIZE", "树的叶子数", "leaves of the tree"),
                      Positional("INDEX", "叶子序号，从 0 起",
                                 "index of the leaf, from 0"),
                      Positional("LEAF", "叶子内容，十六进制",
                                 "data of the leaf, in hexadecimal"),
                      ProofArgument()},
      .flags = {SuiteFlag()},
      .run = Check};
}

Verb ConsistencyVerb() {
  return {.name = "consistency",
          .zh = "核对一致性证明",
          .en = "Checks the proof that a tree begins with a smaller one",
          .positionals = {Positional("ROOT1", kHashZh, kHashEn),
                          Positional("SIZE1", "旧树的叶子数",
                                     "leaves of the old tree"),
                          Positional("ROOT2", kHashZh, kHashEn),
                          Positional("SIZE2", "新树的叶子数",
                                     "leaves of the new tree"),
                          ProofArgument()},
          .flags = {SuiteFlag()},
          .run = Consistency};
}

}  // namespace gongkai::verify
