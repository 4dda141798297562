// SPDX-License-Identifier: Apache-2.0
// keygen, vkey, rotate, algorithms: keys and what they are used with.
#include <unistd.h>

#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/verify/keys.h"
#include "clients/verify/verbs.h"
#include "services/audit/note.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

constexpr std::string_view kRotationHeader = "gongkai key rotation/v1";

absl::StatusOr<audit::KeyUse> GetUse(const Given& given) {
  const std::string use = given.Get("use");
  if (use.empty() || use == "sign") return audit::KeyUse::kSign;
  if (use == "cosign") return audit::KeyUse::kCosign;
  return absl::InvalidArgumentError("--use is sign or cosign");
}

// Writes the key, then prints `text`, which is worth nothing without the key
// and the key little without it: on failure there is neither.
absl::StatusOr<Exit> KeepKey(const audit::SigningKey& key,
                             const std::string& path, const std::string& text,
                             std::ostream& out) {
  RETURN_IF_ERROR(WriteNewSecret(path, key.ToPem()));
  out << text << std::flush;
  if (!out.good()) unlink(path.c_str());
  return Exit::kSound;
}

absl::StatusOr<Exit> Keygen(const Call& call) {
  const Given& given = call.given;
  ASSIGN_OR_RETURN(const audit::Suite suite, given.GetSuite());
  ASSIGN_OR_RETURN(const audit::KeyUse use, GetUse(given));
  ASSIGN_OR_RETURN(const audit::SigningKey key,
                   audit::SigningKey::Generate(suite));
  ASSIGN_OR_RETURN(const audit::VerifierKey vkey,
                   audit::VerifierKeyOf(key, given.Get("name"), use));
  return KeepKey(key, given.Get("out"), vkey.ToText() + "\n", call.out);
}

absl::StatusOr<Exit> Vkey(const Call& call) {
  const Given& given = call.given;
  ASSIGN_OR_RETURN(const audit::KeyUse use, GetUse(given));
  ASSIGN_OR_RETURN(const audit::SigningKey key,
                   ReadSigningKey(given.Get("KEYFILE")));
  ASSIGN_OR_RETURN(const audit::VerifierKey vkey,
                   audit::VerifierKeyOf(key, given.Get("name"), use));
  call.out << vkey.ToText() << "\n";
  return Exit::kSound;
}

absl::StatusOr<Exit> Rotate(const Call& call) {
  const Given& given = call.given;
  const std::string name = given.Get("name");
  ASSIGN_OR_RETURN(const audit::KeyUse use, GetUse(given));
  ASSIGN_OR_RETURN(const audit::SigningKey old_key,
                   ReadSigningKey(given.Get("key")));
  ASSIGN_OR_RETURN(const audit::VerifierKey old_vkey,
                   audit::VerifierKeyOf(old_key, name, use));
  // A log keeps its suite, so its keys do.
  ASSIGN_OR_RETURN(const audit::SigningKey key,
                   audit::SigningKey::Generate(old_key.suite()));
  ASSIGN_OR_RETURN(const audit::VerifierKey vkey,
                   audit::VerifierKeyOf(key, name, use));
  audit::Note note;
  note.text = absl::StrCat(ToAbsl(kRotationHeader), "\n", name, "\n",
                           old_vkey.ToText(), "\n", vkey.ToText(), "\n");
  RETURN_IF_ERROR(audit::SignNote(old_key, old_vkey, absl::Now(), note));
  RETURN_IF_ERROR(audit::SignNote(key, vkey, absl::Now(), note));
  return KeepKey(key, given.Get("out"), note.ToText(), call.out);
}

absl::StatusOr<Exit> Algorithms(const Call& call) {
  std::vector<audit::Suite> suites = {audit::Suite::kSha256Ed25519,
                                      audit::Suite::kSm3Sm2};
  if (call.given.Has("suite")) {
    ASSIGN_OR_RETURN(const audit::Suite suite, call.given.GetSuite());
    suites = {suite};
  }
  for (const audit::Suite suite : suites) {
    for (const audit::AlgorithmUse& use : audit::AlgorithmsOf(suite)) {
      call.out << audit::SuiteName(suite) << "\t" << use.use << "\t"
               << use.algorithm << "\t" << use.standard << "\t" << use.where
               << "\n";
    }
  }
  return Exit::kSound;
}

Option NameFlag() {
  return {.name = "name",
          .zh = "密钥名称，通常为日志的标识",
          .en = "name of the key, that of its log as a rule",
          .required = true};
}

Option UseFlag() {
  return {.name = "use",
          .zh = "用途：sign（默认）或见证方的 cosign",
          .en = "use: sign (default), or cosign for a witness"};
}

Option OutFlag() {
  return {.name = "out",
          .zh = "写入新私钥的文件，不得已存在",
          .en = "file for the new private key, which must not be there",
          .required = true};
}

}  // namespace

Verb KeygenVerb() {
  return {.name = "keygen",
          .zh = "生成私钥文件，打印其验证公钥",
          .en = "Makes a private key and prints its verifier key",
          .flags = {SuiteFlag(), NameFlag(), OutFlag(), UseFlag()},
          .run = Keygen};
}

Verb VkeyVerb() {
  return {.name = "vkey",
          .zh = "打印私钥文件的验证公钥",
          .en = "Prints the verifier key of a private key",
          .positionals = {{.name = "KEYFILE",
                           .zh = "私钥文件（PEM）",
                           .en = "file of the private key (PEM)",
                           .required = true}},
          .flags = {NameFlag(), UseFlag()},
          .run = Vkey};
}

Verb RotateVerb() {
  return {.name = "rotate",
          .zh = "更换密钥：生成新私钥，打印由新旧两钥签名的说明",
          .en = "Makes the next key and prints a note about it, signed by both",
          .flags = {{.name = "key",
                     .zh = "旧私钥文件（PEM）",
                     .en = "file of the old private key (PEM)",
                     .required = true},
                    NameFlag(),
                    OutFlag(),
                    UseFlag()},
          .run = Rotate};
}

Verb AlgorithmsVerb() {
  return {.name = "algorithms",
          .zh = "列出所用密码算法，制表符分隔",
          .en = "Lists the algorithms in use, with tabs between",
          .flags = {{.name = "suite",
                     .zh = "只列一个套件",
                     .en = "of one suite alone"}},
          .run = Algorithms};
}

}  // namespace gongkai::verify
