// SPDX-License-Identifier: Apache-2.0
#include "services/act/report_scope.h"

#include <deque>
#include <set>
#include <utility>

#include "services/auth/walls.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr absl::Duration kFresh = absl::Seconds(1);

// The agency and all whose superior is it, or one of these in turn.
std::set<std::string> Beneath(
    const std::string& agency,
    const std::map<std::string, std::shared_ptr<const Terms>>& all) {
  std::multimap<std::string, std::string> below;
  for (const auto& [code, terms] : all) {
    if (!terms->set.superior().empty()) {
      below.emplace(terms->set.superior(), code);
    }
  }
  std::set<std::string> found = {agency};
  std::deque<std::string> next = {agency};
  while (!next.empty()) {
    const auto [from, to] = below.equal_range(next.front());
    next.pop_front();
    for (auto it = from; it != to; ++it) {
      if (found.insert(it->second).second) next.push_back(it->second);
    }
  }
  return found;
}

}  // namespace

ReportScope::ReportScope(storage::Index& index, Registry& registry,
                         AccessRecorder& recorder, Clock& clock)
    : index_(index), registry_(registry), recorder_(recorder), clock_(clock) {}

absl::Status ReportScope::Admit(const auth::Caller& caller, const Ask& ask,
                                absl::Time deadline) {
  RETURN_IF_ERROR(recorder_.Admit(caller, ask.method, ask.agency, "",
                                  ask.access, deadline));
  if (!ask.whole || auth::DepartmentsFor(caller, ask.access).empty()) {
    return absl::OkStatus();
  }
  Refusing refusing;
  refusing.agency = ask.agency;
  refusing.access.set_kind(v1::READ_REFUSED);
  refusing.access.set_method(std::string(ask.method));
  refusing.status = Refuse(v1::CAPACITY_MISSING);
  return recorder_.Refused(caller, refusing, deadline);
}

absl::StatusOr<std::shared_ptr<const ReportScope::AllTerms>>
ReportScope::Everybody(absl::Time deadline) {
  const absl::Time now = clock_.Now();
  {
    absl::MutexLock lock(&mutex_);
    if (all_ != nullptr && now - asked_ < kFresh) return all_;
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> codes,
                   index_.Agencies(deadline));
  auto all = std::make_shared<AllTerms>();
  for (const std::string& code : codes) {
    const auto terms = registry_.Recent(code, now, deadline);
    const auto refusal = RefusalOf(terms.status());
    // What has no terms is no agency yet: it has but an account, or a calendar.
    if (refusal && refusal->reason() == v1::NO_SUCH_AGENCY) continue;
    if (!terms.ok()) return terms.status();
    all->emplace(code, *terms);
  }
  absl::MutexLock lock(&mutex_);
  all_ = all;
  asked_ = now;
  return all_;
}

absl::StatusOr<ReportReach> ReportScope::Reach(const auth::Caller& caller,
                                               const Ask& ask,
                                               absl::Time deadline) {
  RETURN_IF_ERROR(Admit(caller, ask, deadline));
  ReportReach reach;
  reach.access = ask.access;
  if (!ask.beneath) {
    ASSIGN_OR_RETURN(auto terms,
                     registry_.Recent(ask.agency, clock_.Now(), deadline));
    reach.agencies = {ask.agency};
    reach.terms.emplace(ask.agency, std::move(terms));
    const auto departments = auth::DepartmentsFor(caller, ask.access);
    if (departments.size() == 1) reach.department = departments[0];
    return reach;
  }
  Ask above = ask;
  above.access = reach.access = auth::Access::kReportBeneath;
  above.whole = true;
  RETURN_IF_ERROR(Admit(caller, above, deadline));
  ASSIGN_OR_RETURN(const auto all, Everybody(deadline));
  if (!all->contains(ask.agency)) return Refuse(v1::NO_SUCH_AGENCY);
  for (const std::string& code : Beneath(ask.agency, *all)) {
    reach.agencies.push_back(code);
    reach.terms.emplace(code, all->at(code));
  }
  if (reach.agencies.size() == 1) return Refuse(v1::NO_AGENCIES_BENEATH);
  return reach;
}

absl::Status ReportScope::Record(const auth::Caller& caller,
                                 std::string_view method,
                                 std::string_view agency, absl::Time deadline) {
  v1::Access access;
  access.set_kind(v1::REPORTED);
  access.set_method(std::string(method));
  return recorder_.Record(caller, agency, access, deadline);
}

}  // namespace gongkai::act
