// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_ACCOUNT_OFFICE_H_
#define GONGKAI_TESTS_ACCOUNT_OFFICE_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "services/account/account.h"
#include "services/account/decide.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"

namespace gongkai::account {

// Accounts of one agency and their histories, as acts make them.
class Office {
 public:
  explicit Office(absl::CivilDay today = absl::CivilDay(2024, 3, 20))
      : today_(today) {}

  // An account of `person`, without a word.
  void Have(const std::string& name, const std::string& person,
            v1::AccountKind kind = v1::STAFF) {
    v1::Event event;
    auto& opening = *event.mutable_account_opened();
    opening.set_account(name);
    opening.set_person(person);
    opening.set_kind(kind);
    Put(name, "root", event);
  }
  void Holds(const std::string& name, v1::Role role,
             const std::string& department = "") {
    v1::Event event;
    event.mutable_granted()->set_role(role);
    event.mutable_granted()->set_department(department);
    Put(name, "root", event);
  }

  using Decision = std::function<absl::StatusOr<v1::Event>(const Matter&)>;
  // One act of `actor` on an account: `OK`, or the name of the refusal.
  std::string Do(const std::string& actor, const std::string& name,
                 const Decision& decide) {
    v1::Actor who;
    who.set_account(actor);
    who.set_person(accounts_.contains(actor) ? accounts_[actor].person : actor);
    const Account subject = accounts_[name];
    std::vector<Account> others;
    for (const auto& [other, account] : accounts_) {
      const bool same = account.person == subject.person;
      if (same && other != name && account.version > 0) {
        others.push_back(account);
      }
    }
    const auto event = decide({subject, others, who, today_});
    if (!event.ok()) {
      const auto refusal = RefusalOf(event.status());
      return refusal ? v1::Reason_Name(refusal->reason())
                     : event.status().ToString();
    }
    PastEvent past{subject.version + 1, who, *event};
    Append(name, past);
    return "OK";
  }

  std::string Grant(const std::string& actor, const std::string& name,
                    v1::Role role, const std::string& department = "") {
    const v1::Grant grant = MakeGrant(role, department);
    return Do(actor, name,
              [&](const Matter& m) { return GrantRole(m, grant); });
  }
  std::string Propose(const std::string& actor, const std::string& name,
                      v1::Role role, const std::string& department = "") {
    const v1::Grant grant = MakeGrant(role, department);
    return Do(actor, name,
              [&](const Matter& m) { return ProposeGrant(m, grant); });
  }
  std::string Decide(const std::string& actor, const std::string& name,
                     int64_t proposal, bool confirmed = true) {
    return Do(actor, name, [&](const Matter& m) {
      return DecideGrant(m, proposal, confirmed);
    });
  }
  std::string Withdraw(const std::string& actor, const std::string& name,
                       v1::Role role, const std::string& department = "") {
    const v1::Grant grant = MakeGrant(role, department);
    return Do(actor, name,
              [&](const Matter& m) { return WithdrawGrant(m, grant); });
  }
  std::string State(const std::string& actor, const std::string& name,
                    bool active) {
    return Do(actor, name,
              [&](const Matter& m) { return SetState(m, active, "why"); });
  }
  std::string Lend(const std::string& actor, const std::string& deputy,
                   const std::string& principal, const std::string& from,
                   const std::string& to, std::vector<v1::Role> roles = {}) {
    v1::Delegation delegation;
    delegation.set_principal(principal);
    delegation.set_from_date(from);
    delegation.set_to_date(to);
    for (const v1::Role role : roles) delegation.add_roles(role);
    return Do(actor, deputy, [&](const Matter& m) {
      return Delegate(m, accounts_[principal], delegation);
    });
  }

  const Account& of(const std::string& name) { return accounts_[name]; }
  std::map<std::string, Account>& all() { return accounts_; }
  const std::vector<PastEvent>& history(const std::string& name) {
    return histories_[name];
  }
  absl::CivilDay& today() { return today_; }

  static v1::Grant MakeGrant(v1::Role role, const std::string& department) {
    v1::Grant grant;
    grant.set_role(role);
    grant.set_department(department);
    return grant;
  }

 private:
  void Put(const std::string& name, const std::string& actor,
           const v1::Event& event) {
    v1::Actor who;
    who.set_account(actor);
    who.set_person(actor);
    Append(name, {accounts_[name].version + 1, who, event});
  }
  void Append(const std::string& name, PastEvent past) {
    past.event.set_occurred_date(FormatDay(today_));
    accounts_[name].agency = "SHGXW";
    Apply(past, accounts_[name]);
    histories_[name].push_back(std::move(past));
  }

  absl::CivilDay today_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, std::vector<PastEvent>> histories_;
};

}  // namespace gongkai::account

#endif  // GONGKAI_TESTS_ACCOUNT_OFFICE_H_
