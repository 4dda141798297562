// SPDX-License-Identifier: Apache-2.0
#include "tests/support/spoken_identity.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/api/validate.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::test {
namespace {

absl::Status NotIdentified(std::string_view field, std::string_view wanted) {
  v1::Refusal refusal;
  refusal.set_reason(v1::NOT_IDENTIFIED);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  return Refuse(refusal);
}

absl::StatusOr<std::vector<auth::HeldRole>> ReadRoles(std::string_view list) {
  std::vector<auth::HeldRole> roles;
  for (const absl::string_view name :
       absl::StrSplit(ToAbsl(list), ',', absl::SkipWhitespace())) {
    // `handler@fagui`: for the cases of one department.
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(name, absl::MaxSplits('@', 1));
    v1::Role role = v1::ROLE_UNSPECIFIED;
    const std::string full = absl::StrCat(
        "ROLE_",
        absl::AsciiStrToUpper(absl::StripAsciiWhitespace(parts.first)));
    if (!v1::Role_Parse(full, &role) || role == v1::ROLE_UNSPECIFIED) {
      return NotIdentified("x-gongkai-roles", "names of roles");
    }
    roles.emplace_back(role, std::string(parts.second));
  }
  return roles;
}

bool IsAccount(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         api::FormDefect(text, v1::ACCOUNT).empty();
}

}  // namespace

absl::StatusOr<act::Identified> SpokenIdentity::Identify(const api::Wire& wire,
                                                         absl::Time) {
  act::Identified identified;
  identified.until = absl::InfiniteFuture();
  auth::Caller& caller = identified.caller;
  caller.account = api::MetadataValue(wire.metadata, "x-gongkai-account");
  caller.person = api::MetadataValue(wire.metadata, "x-gongkai-person");
  if (caller.person.empty()) caller.person = caller.account;
  if (!IsAccount(caller.account)) {
    return NotIdentified("x-gongkai-account", "an account");
  }
  if (!IsAccount(caller.person)) {
    return NotIdentified("x-gongkai-person", "a person");
  }
  caller.agency = api::MetadataValue(wire.metadata, "x-gongkai-agency");
  if (caller.agency != "*" &&
      (caller.agency.empty() ||
       !api::FormDefect(caller.agency, v1::AGENCY).empty())) {
    return NotIdentified("x-gongkai-agency", "the code of an agency");
  }
  ASSIGN_OR_RETURN(caller.roles, ReadRoles(api::MetadataValue(
                                     wire.metadata, "x-gongkai-roles")));
  caller.sign_in = "dev";
  return identified;
}

std::string SpokenIdentity::SeemsToBe(const api::Wire& wire) {
  return absl::StrCat(
      ToAbsl(api::MetadataValue(wire.metadata, "x-gongkai-agency")), "/",
      ToAbsl(api::MetadataValue(wire.metadata, "x-gongkai-account")));
}

}  // namespace gongkai::test
