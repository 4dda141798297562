// SPDX-License-Identifier: Apache-2.0
// Conditions on who may know of a case and what its papers are marked as.
#include <algorithm>
#include <set>
#include <string>

#include "services/base/refusal.h"
#include "services/casework/guards.h"

namespace gongkai::casework::guards {

absl::Status RestrictionNamesWhoeverRestricts(const Matter& m) {
  const auto& accounts = m.act.restrict().accounts();
  if (std::find(accounts.begin(), accounts.end(), m.actor.account()) !=
      accounts.end()) {
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::RESTRICTED_FROM_SELF, "act.restrict.accounts",
                       "accounts with one's own among them");
}

// So that one who leaves does not leave a case behind that nobody can reach.
absl::Status RestrictionNamesAtLeastTwo(const Matter& m) {
  const std::set<std::string> asked(m.act.restrict().accounts().begin(),
                                    m.act.restrict().accounts().end());
  if (asked.size() >= 2) return absl::OkStatus();
  return RefuseContent(m, v1::RESTRICTION_MISFIT, "act.restrict.accounts",
                       "at least two accounts");
}

absl::Status RestrictionIsAnother(const Matter& m) {
  const std::set<std::string> asked(m.act.restrict().accounts().begin(),
                                    m.act.restrict().accounts().end());
  const std::set<std::string> held(m.before.restricted_to.begin(),
                                   m.before.restricted_to.end());
  if (asked != held) return absl::OkStatus();
  return RefuseContent(m, v1::RESTRICTION_MISFIT, "act.restrict.accounts",
                       "other accounts than those named already");
}

absl::Status CaseIsRestricted(const Matter& m) {
  if (!m.before.restricted_to.empty()) return absl::OkStatus();
  return RefuseMatter(m, v1::RESTRICTION_MISFIT);
}

absl::Status LabelsNameNoStateSecret(const Matter& m) {
  const auto& labels = m.act.set_labels().labels();
  if (std::find(labels.begin(), labels.end(), v1::LABEL_STATE_SECRET) ==
      labels.end()) {
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::STATE_SECRET_AT_DOOR, "act.set_labels.labels",
                       "labels of what may be kept here");
}

absl::Status LabelsChange(const Matter& m) {
  const std::set<int> asked(m.act.set_labels().labels().begin(),
                            m.act.set_labels().labels().end());
  const std::set<int> held(m.before.labels.begin(), m.before.labels.end());
  if (asked != held) return absl::OkStatus();
  return RefuseMatter(m, v1::LABELS_UNCHANGED);
}

}  // namespace gongkai::casework::guards
