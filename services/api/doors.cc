// SPDX-License-Identifier: Apache-2.0
#include "services/api/doors.h"

#include <algorithm>
#include <array>

#include "absl/time/clock.h"
#include "services/api/source.h"
#include "services/auth/methods.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::api {
namespace {

constexpr Rate kRecordsOfSource = {1, 60};
constexpr Rate kRecordsOfAll = {10, 600};
constexpr size_t kMostSources = 10'000;
// Where those are recorded of whom no agency is known: the nation's.
constexpr std::string_view kNation = "CN";

// Whose path compares the count of revocations in the trip it makes anyway.
constexpr std::array<std::string_view, 3> kComparesItself = {
    "PerformAct", "ReceiveApplication", "BatchReceive"};
// What is left to somebody whose password is over.
constexpr std::array<std::string_view, 3> kOpenWithOldPassword = {
    "ChangePassword", "SignOut", "WhoAmI"};

bool Among(const std::array<std::string_view, 3>& names,
           std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Doors::Doors(Identifier& identifier, act::Standing* standing,
             act::AccessRecorder* recorder)
    : identifier_(identifier),
      standing_(standing),
      recorder_(recorder),
      by_source_(kRecordsOfSource, kMostSources),
      of_all_(kRecordsOfAll, 1) {}

absl::StatusOr<auth::Caller> Doors::Enter(std::string_view method,
                                          const Wire& wire, absl::Time deadline,
                                          bool later) {
  auth::Caller nobody;
  nobody.source = std::string(wire.source);
  const auth::MethodRow* row = auth::MethodOf(method);
  if (row != nullptr && row->door == auth::Door::kOpen) return nobody;
  auto identified = IdentifyNow(method, wire, deadline, later);
  if (!identified.ok()) {
    return TurnAway(nobody, method, identified.status(), deadline);
  }
  auth::Caller& caller = identified->caller;
  caller.source = std::string(wire.source);
  absl::Status may = auth::MayCall(caller, method);
  if (identified->only_password && !Among(kOpenWithOldPassword, method)) {
    may = Refuse(v1::PASSWORD_EXPIRED);
  }
  // Nobody is turned away for what was remembered of him.
  if (!may.ok() && later) return Enter(method, wire, deadline, false);
  if (!may.ok()) return TurnAway(caller, method, may, deadline);
  return std::move(caller);
}

absl::Status Doors::TurnAwayStranger(std::string_view method,
                                     const std::string& source,
                                     absl::Time deadline) {
  auth::Caller nobody;
  nobody.source = source;
  return TurnAway(nobody, method, Refuse(v1::METHOD_NOT_ALLOWED), deadline);
}

absl::StatusOr<act::Identified> Doors::IdentifyNow(std::string_view method,
                                                   const Wire& wire,
                                                   absl::Time deadline,
                                                   bool later) {
  ASSIGN_OR_RETURN(act::Identified identified,
                   identifier_.Identify(wire, deadline));
  const int64_t seen = identified.caller.revocation;
  if (standing_ == nullptr || seen < 0 || later ||
      Among(kComparesItself, method)) {
    return identified;
  }
  ASSIGN_OR_RETURN(const int64_t revocation, standing_->Revocation(deadline));
  if (revocation == seen) return identified;
  return identifier_.Identify(wire, deadline);
}

int64_t Doors::Mark() { return standing_ == nullptr ? 0 : standing_->Mark(); }

absl::Status Doors::StoodAfter(int64_t mark, const auth::Caller& caller,
                               absl::Time deadline) {
  if (standing_ == nullptr || caller.revocation < 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t revocation,
                   standing_->RevocationAfter(mark, deadline));
  if (revocation == caller.revocation) return absl::OkStatus();
  return standing_->StillStands(caller, revocation, deadline);
}

absl::Status Doors::TurnAway(const auth::Caller& who, std::string_view method,
                             const absl::Status& why, absl::Time deadline) {
  // What is wrong with the service is nothing that the caller did.
  if (recorder_ == nullptr || !RefusalOf(why)) return why;
  if (!WorthARecord(who.source)) {
    unrecorded_.fetch_add(1);
    return why;
  }
  return Stop(who, method, why, deadline);
}

absl::Status Doors::Stop(const auth::Caller& caller, std::string_view method,
                         const absl::Status& why, absl::Time deadline) {
  if (recorder_ == nullptr) return why;
  act::Refusing refusing;
  const bool known = !caller.agency.empty() && caller.agency != "*";
  refusing.agency = known ? caller.agency : std::string(kNation);
  refusing.access.set_kind(v1::CALL_REFUSED);
  refusing.access.set_method(std::string(method));
  refusing.status = why;
  return recorder_->Refused(caller, refusing, deadline);
}

bool Doors::WorthARecord(const std::string& source) {
  const absl::Time now = absl::Now();
  absl::MutexLock lock(&mutex_);
  return by_source_.Take(NeighbourhoodOf(source), now) ==
             absl::ZeroDuration() &&
         of_all_.Take("", now) == absl::ZeroDuration();
}

}  // namespace gongkai::api
