// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACCOUNT_DECIDE_H_
#define GONGKAI_SERVICES_ACCOUNT_DECIDE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/matter.pb.h"
#include "services/account/account.h"

// Every act on an account: the event that follows, without its date, or the
// refusal. NO_SUCH_ACCOUNT where there is none, OWN_ACCOUNT where it is of the
// actor's own person, ACCOUNT_STATE_MISFIT where it is closed or of the other
// kind.
namespace gongkai::account {

// Longest delegation, in days, first and last included.
inline constexpr int kLongestDelegation = 92;

// What an act on an account is judged by.
struct Matter {
  const Account& account;
  // The other accounts of the same person, in all agencies.
  const std::vector<Account>& others;
  const v1::Actor& actor;
  absl::CivilDay today;
};

// ACCOUNT_EXISTS: a name is given once. `opening` holds the person.
absl::StatusOr<v1::Event> OpenAccount(const Matter& m,
                                      const v1::AccountOpening& opening);
// Closes it, or opens it again; not what it is already.
absl::StatusOr<v1::Event> SetState(const Matter& m, bool active,
                                   std::string_view reason);
// Ends the means of proof and begins new ones. GRANT_NEEDS_SECOND_PERSON while
// the account holds a powerful role, or is lent one.
absl::StatusOr<v1::Event> BeginAnew(const Matter& m);
// As BeginAnew, of any account of staff, by the operator of the machine.
absl::StatusOr<v1::Event> BeginFirst(const Matter& m);

// GRANT_NEEDS_SECOND_PERSON for a powerful role; GRANT_MISFIT where it is held
// already, has a department though it is an administrator's, or is a powerful
// one for a program; ROLES_EXCLUSIVE.
absl::StatusOr<v1::Event> GrantRole(const Matter& m, const v1::Grant& grant);
absl::StatusOr<v1::Event> ProposeGrant(const Matter& m, const v1::Grant& grant);
// As GrantRole, but any role, by the operator of the machine, who gives an
// agency its first administrators.
absl::StatusOr<v1::Event> GrantFirst(const Matter& m, const v1::Grant& grant);
// GRANT_MISFIT when nothing of that number waits; GRANT_BY_PROPOSER to the
// proposer and the receiver; what stands against the role now.
absl::StatusOr<v1::Event> DecideGrant(const Matter& m, int64_t proposal,
                                      bool confirmed);
// GRANT_MISFIT when it is not held.
absl::StatusOr<v1::Event> WithdrawGrant(const Matter& m,
                                        const v1::Grant& grant);

// CERTIFICATE_MISFIT: only of a service account, once; only what is there.
absl::StatusOr<v1::Event> AddCertificate(const Matter& m,
                                         std::string_view fingerprint);
absl::StatusOr<v1::Event> RevokeCertificate(const Matter& m,
                                            std::string_view fingerprint);
// The digest in hexadecimal; empty ends the link. A subject is a means of
// proof: GRANT_NEEDS_SECOND_PERSON as for BeginAnew.
absl::StatusOr<v1::Event> LinkSubject(const Matter& m, std::string_view digest);

// Lends roles of `principal` to `m.account`. The actor is the principal, or a
// keeper, who may not lend a powerful role (GRANT_NEEDS_SECOND_PERSON). Without
// roles the principal lends all but an administrator's. DELEGATION_MISFIT;
// ROLES_EXCLUSIVE to whoever holds a post.
absl::StatusOr<v1::Event> Delegate(const Matter& m, const Account& principal,
                                   const v1::Delegation& delegation);
// Ends the delegation of that number by its principal.
absl::StatusOr<v1::Event> EndDelegation(const Matter& m, int64_t delegation);

}  // namespace gongkai::account

#endif  // GONGKAI_SERVICES_ACCOUNT_DECIDE_H_
