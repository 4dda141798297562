// SPDX-License-Identifier: Apache-2.0
// Random histories of an office of few persons with many accounts: whatever is
// tried, by whom, in which order, what must never be never is.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/account/office.h"

namespace gongkai::account {
namespace {

constexpr int kHistories = 300;
constexpr int kActs = 120;

class Chance {
 public:
  explicit Chance(uint32_t seed) : random_(seed) {}
  int Below(int n) {
    return std::uniform_int_distribution<int>(0, n - 1)(random_);
  }
  template <typename T>
  const T& Of(const std::vector<T>& all) {
    return all[static_cast<size_t>(Below(static_cast<int>(all.size())))];
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> kNames = {"a1", "a2", "b1", "b2",
                                         "c1", "d1", "w1"};
const std::vector<std::string> kDays = {"2024-03-10", "2024-03-20",
                                        "2024-03-25", "2024-04-30"};
const std::vector<std::string> kDepartments = {"", "", "yi"};

v1::Role AnyRole(Chance& chance) {
  return static_cast<v1::Role>(1 + chance.Below(12));
}

void AnyAct(Chance& chance, Office& office) {
  const std::string actor = chance.Of(kNames);
  const std::string name = chance.Of(kNames);
  const int64_t version = office.of(name).version;
  switch (chance.Below(8)) {
    case 0:
      office.Grant(actor, name, AnyRole(chance), chance.Of(kDepartments));
      break;
    case 1:
    case 2:
      office.Propose(actor, name, AnyRole(chance), chance.Of(kDepartments));
      break;
    case 3:
    case 4:
      office.Decide(actor, name,
                    1 + chance.Below(static_cast<int>(version) + 1),
                    chance.Below(4) != 0);
      break;
    case 5:
      office.Withdraw(actor, name, AnyRole(chance), chance.Of(kDepartments));
      break;
    case 6:
      office.State(actor, name, chance.Below(2) == 0);
      break;
    default: {
      const std::string principal = chance.Of(kNames);
      const bool all = chance.Below(2) == 0;
      office.Lend(chance.Below(2) == 0 ? principal : actor, name, principal,
                  chance.Of(kDays), chance.Of(kDays),
                  all ? std::vector<v1::Role>{}
                      : std::vector<v1::Role>{AnyRole(chance)});
    }
  }
}

// What every person may do today, own or lent, by all accounts.
void CheckPersons(Office& office) {
  std::map<std::string, std::multiset<v1::Role>> held;
  for (const auto& [name, deputy] : office.all()) {
    for (const auto& role : deputy.grants)
      held[deputy.person].insert(role.role);
    for (const auto& [other, principal] : office.all()) {
      for (const auto& role : LentOn(deputy, principal, office.today())) {
        held[deputy.person].insert(role.role);
        EXPECT_FALSE(IsAdministrator(role.role));
      }
    }
  }
  for (const auto& [person, roles] : held) {
    const bool post = std::any_of(roles.begin(), roles.end(), IsAdministrator);
    if (post) {
      EXPECT_EQ(roles.size(), 1u) << person;
    }
  }
}

// Of powerful roles that came by a proposal, proposer, receiver and decider are
// three persons; none came otherwise.
void CheckSecondPersons(Office& office) {
  for (const std::string& name : kNames) {
    std::map<int64_t, std::string> proposers;
    for (const PastEvent& past : office.history(name)) {
      if (past.event.has_grant_proposed()) {
        proposers[past.seq] = past.actor.person();
      }
      if (past.event.has_granted()) {
        EXPECT_FALSE(IsPowerful(past.event.granted().role()));
      }
      if (past.event.has_grant_decided()) {
        const auto& decided = past.event.grant_decided();
        EXPECT_NE(past.actor.person(), proposers[decided.proposal()]);
        EXPECT_NE(past.actor.person(), office.of(name).person);
      }
    }
  }
}

TEST(RandomOffices, NobodyHoldsWhatExcludesItself) {
  int events = 0;
  for (uint32_t seed = 1; seed <= kHistories; ++seed) {
    Chance chance(seed);
    Office office;
    for (const std::string& name : kNames) {
      office.Have(name, "p-" + name.substr(0, 1),
                  name[0] == 'w' ? v1::SERVICE_ACCOUNT : v1::STAFF);
    }
    for (int i = 0; i < kActs; ++i) {
      AnyAct(chance, office);
      if (i % 20 == 19) office.today() += 2;
      CheckPersons(office);
      if (::testing::Test::HasFailure())
        FAIL() << "seed " << seed << ", act " << i;
    }
    CheckSecondPersons(office);
    for (const std::string& name : kNames) {
      events += static_cast<int>(office.history(name).size());
      const Account folded = Fold("SHGXW", office.history(name));
      EXPECT_EQ(folded.grants, office.of(name).grants);
      EXPECT_EQ(folded.version, office.of(name).version);
    }
    if (::testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
  // The histories are not empty: acts of all kinds went through.
  EXPECT_GT(events, kHistories * 20);
}

}  // namespace
}  // namespace gongkai::account
