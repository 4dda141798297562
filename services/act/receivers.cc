// SPDX-License-Identifier: Apache-2.0
#include "services/act/receivers.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "services/account/account.h"
#include "services/act/account_streams.h"
#include "services/act/marks.h"
#include "services/auth/matrix.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr int kPage = 500;

bool MaySee(const auth::Caller& caller, const storage::CaseRow& row) {
  return IsShownTo(caller, row, auth::Access::kListCases);
}

// Whether the account holds the role for the department (empty: for the whole
// agency).
bool Holds(const auth::Caller& caller, v1::Role role,
           std::string_view department) {
  return std::any_of(caller.roles.begin(), caller.roles.end(),
                     [&](const auth::HeldRole& held) {
                       return held.role == role &&
                              held.department == department;
                     });
}

bool HoldsAnywhere(const auth::Caller& caller, v1::Role role) {
  return std::any_of(
      caller.roles.begin(), caller.roles.end(),
      [&](const auth::HeldRole& held) { return held.role == role; });
}

std::vector<std::string> Names(
    const Staff& staff, const storage::CaseRow& row,
    const std::function<bool(const auth::Caller&)>& wanted) {
  std::vector<std::string> names;
  for (const auth::Caller& one : staff) {
    if (wanted(one) && MaySee(one, row)) names.push_back(one.account);
  }
  return names;
}

std::vector<std::string> Managers(const Staff& staff,
                                  const storage::CaseRow& row) {
  if (!row.department.empty()) {
    std::vector<std::string> own =
        Names(staff, row, [&](const auth::Caller& one) {
          return Holds(one, v1::ROLE_MANAGER, row.department);
        });
    if (!own.empty()) return own;
  }
  return Names(staff, row, [](const auth::Caller& one) {
    return Holds(one, v1::ROLE_MANAGER, "");
  });
}

}  // namespace

Receivers::Receivers(storage::Store& store, storage::AccountBook& book)
    : store_(store), book_(book) {}

absl::StatusOr<std::shared_ptr<const Staff>> Receivers::StaffOf(
    std::string_view agency, absl::Time deadline) {
  // Read first: what is changed from here on is seen the next time.
  ASSIGN_OR_RETURN(const int64_t revocation, book_.Revocation(deadline));
  {
    absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(agency);
    if (kept != kept_.end() && kept->second.revocation == revocation) {
      return kept->second.staff;
    }
  }
  ASSIGN_OR_RETURN(Staff read, Read(agency, deadline));
  auto staff = std::make_shared<const Staff>(std::move(read));
  absl::MutexLock lock(&mutex_);
  kept_[std::string(agency)] = {revocation, staff};
  return staff;
}

absl::StatusOr<Staff> Receivers::Read(std::string_view agency,
                                      absl::Time deadline) {
  Staff staff;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<storage::FoundAccount> found,
                     book_.AccountsIn(agency, after, kPage, deadline));
    for (const storage::FoundAccount& one : found) {
      if (!one.active || one.kind != v1::STAFF) continue;
      ASSIGN_OR_RETURN(
          const account::Account account,
          ReadAccount(store_, one.agency, one.account, false, deadline));
      auth::Caller caller;
      caller.account = account.name;
      caller.person = account.person;
      caller.agency = account.agency;
      caller.roles = account::RolesOf(account);
      if (caller.roles.empty()) continue;
      ASSIGN_OR_RETURN(const bool post, HasPostElsewhere(one, deadline));
      if (!post) staff.push_back(std::move(caller));
    }
    if (static_cast<int>(found.size()) < kPage) return staff;
    after = found.back().account;
  }
}

// Who keeps accounts or the log somewhere sees no case anywhere.
absl::StatusOr<bool> Receivers::HasPostElsewhere(
    const storage::FoundAccount& one, absl::Time deadline) {
  if (one.person.empty()) return false;
  ASSIGN_OR_RETURN(const std::vector<storage::FoundAccount> all,
                   book_.AccountsOf(one.person, deadline));
  return std::any_of(
      all.begin(), all.end(),
      [](const storage::FoundAccount& other) { return other.post != 0; });
}

std::vector<std::string> ReceiversOf(const Staff& staff, v1::ReminderTo to,
                                     const storage::CaseRow& row) {
  if (to == v1::TO_DISCLOSURE_HEAD) {
    return Names(staff, row, [](const auth::Caller& one) {
      return HoldsAnywhere(one, v1::ROLE_DISCLOSURE_HEAD);
    });
  }
  if (to == v1::TO_OFFICER && !row.officer.empty()) {
    std::vector<std::string> officer = Names(
        staff, row,
        [&](const auth::Caller& one) { return one.account == row.officer; });
    if (!officer.empty()) return officer;
  }
  return Managers(staff, row);
}

Staff DigestReaders(const Staff& staff) {
  Staff readers;
  for (const auth::Caller& one : staff) {
    auth::Caller reader = one;
    std::erase_if(reader.roles, [](const auth::HeldRole& held) {
      return held.role != v1::ROLE_MANAGER &&
             held.role != v1::ROLE_DISCLOSURE_HEAD;
    });
    if (!reader.roles.empty()) readers.push_back(std::move(reader));
  }
  return readers;
}

bool CountsFor(const auth::Caller& reader, const storage::CaseRow& row) {
  return MaySee(reader, row);
}

}  // namespace gongkai::act
