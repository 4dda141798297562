// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/verbs.h"

#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/verify/words.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"

namespace gongkai::verify {

std::vector<Verb> Verbs() {
  return {
      VerifyVerb(), CheckNoteVerb(),        RootVerb(),        ProveVerb(),
      CheckVerb(),  ProveConsistencyVerb(), ConsistencyVerb(), KeygenVerb(),
      VkeyVerb(),   RotateVerb(),           AlgorithmsVerb(),  WitnessVerb(),
  };
}

Exit ExitOf(const absl::Status& status) {
  if (status.ok()) return Exit::kSound;
  return absl::IsDataLoss(status) ? Exit::kAltered : Exit::kNotChecked;
}

std::string Given::Get(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? "" : it->second.back();
}

std::vector<std::string> Given::All(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

absl::StatusOr<audit::Suite> Given::GetSuite() const {
  if (!Has("suite")) return audit::Suite::kSha256Ed25519;
  return audit::SuiteNamed(Get("suite"));
}

absl::StatusOr<int64_t> Given::GetSize(const std::string& name) const {
  const absl::StatusOr<int64_t> size = audit::ToSize(Get(name));
  if (size.ok()) return size;
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": ", size.status().message()));
}

Option SuiteFlag() {
  return {.name = "suite",
          .zh = "密码套件：sha256-ed25519（默认）或 sm3-sm2",
          .en = "crypto suite: sha256-ed25519 (default) or sm3-sm2"};
}

Exit RunVerb(const Verb& verb, const Call& call) {
  const absl::StatusOr<Exit> exit = verb.run(call);
  call.out.flush();
  if (!exit.ok()) {
    call.err << verb.name << ": "
             << InWords(call.locale, ToStd(exit.status().message())) << "\n";
    return ExitOf(exit.status());
  }
  // A full disk or a closed pipe must not look like a sound record.
  if (!call.out.good()) {
    call.err << verb.name << ": "
             << InWords(call.locale, "the output could not be written") << "\n";
    return Exit::kNotChecked;
  }
  return *exit;
}

}  // namespace gongkai::verify
