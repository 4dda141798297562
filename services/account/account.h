// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACCOUNT_ACCOUNT_H_
#define GONGKAI_SERVICES_ACCOUNT_ACCOUNT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/types.pb.h"
#include "services/auth/identity.h"

namespace gongkai::account {

// An event of an account's stream, with who did it.
struct PastEvent {
  int64_t seq = 0;
  v1::Actor actor;
  v1::Event event;
};

// A role that waits for a second person.
struct Proposed {
  int64_t seq = 0;  // of the proposal
  auth::HeldRole grant;
  std::string proposer;  // person
};

// Roles of another that this account may use for some days (代理).
struct Lent {
  int64_t seq = 0;  // of the delegation
  std::string principal;
  absl::CivilDay from;
  absl::CivilDay to;  // inclusive
  std::vector<v1::Role> roles;
};

// An account as its events make it (账号). A plain value without secrets.
struct Account {
  std::string agency;
  std::string name;
  int64_t version = 0;  // 0: there is none
  v1::AccountKind kind = v1::ACCOUNT_KIND_UNSPECIFIED;
  std::string person;
  std::string display_name;  // only where the private parts were read
  bool active = false;
  std::vector<auth::HeldRole> grants;
  std::vector<Proposed> proposed;
  std::vector<Lent> lent;
  std::vector<std::string> certificates;  // SHA-256, hexadecimal
  // Digest, hexadecimal; empty for none. Ends with a set-up code.
  std::string subject;
  // The event that began the present means of proof: the opening or the last
  // set-up code.
  int64_t means_seq = 0;
};

// The effect of one event. Events that are none of an account's do nothing.
void Apply(const PastEvent& past, Account& account);

// The account that the events of its stream make.
Account Fold(std::string_view agency, const std::vector<PastEvent>& history);

// One of the three administrators (三员).
bool IsAdministrator(v1::Role role);
// Takes a second person to be given.
bool IsPowerful(v1::Role role);
// Whether accounts of the kind may hold the role: a program hands in what a
// portal receives and does nothing else, for no person answers for it.
bool MayHold(v1::AccountKind kind, v1::Role role);

// The post of an administrator that the account's grants hold; unspecified for
// none.
v1::Role PostOf(const Account& account);

// The roles that count: none while the account is closed; of one that holds a
// post this alone, and of more than one post none; of a program only what a
// program may hold, whatever the record says.
std::vector<auth::HeldRole> RolesOf(const Account& account);

// The roles of `principal` that `deputy` has on `day` by delegation: those lent
// that the principal still holds, in the departments in which he holds them.
// None to whoever holds a post.
std::vector<auth::HeldRole> LentOn(const Account& deputy,
                                   const Account& principal,
                                   absl::CivilDay day);

}  // namespace gongkai::account

#endif  // GONGKAI_SERVICES_ACCOUNT_ACCOUNT_H_
