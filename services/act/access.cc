// SPDX-License-Identifier: Apache-2.0
#include "services/act/access.h"

#include <algorithm>
#include <utility>

#include "services/act/history.h"
#include "services/act/perform_impl.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/log.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr size_t kMostTogether = 200;

// The permission by which a kind of access is had.
v1::Capacity CapacityOf(const auth::Caller& caller, v1::AccessKind kind) {
  switch (kind) {
    case v1::READ_CASE:
      return auth::CapacityFor(caller, auth::Access::kReadCase);
    case v1::SEARCHED:
      return auth::CapacityFor(caller, auth::Access::kSearch);
    case v1::EXPORTED:
      return auth::CapacityFor(caller, auth::Access::kExportCase);
    case v1::READ_TRAIL:
      return auth::CapacityFor(caller, auth::Access::kReadTrail);
    case v1::REPORTED: {
      const v1::Capacity held =
          auth::CapacityFor(caller, auth::Access::kReport);
      return held != v1::CAPACITY_UNSPECIFIED
                 ? held
                 : auth::CapacityFor(caller, auth::Access::kListCases);
    }
    default:
      return v1::CAPACITY_UNSPECIFIED;
  }
}

// Reasons that tell of the service or of a slip, not of what was wanted.
bool IsWorthARecord(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_UNSPECIFIED:
    case v1::FIELD_INVALID:
    case v1::VERSION_STALE:
    case v1::REQUEST_ID_REUSED:
    case v1::TOO_BUSY:
    case v1::STORE_AWAY:
    case v1::SERVICE_STOPPING:
      return false;
    default:
      return true;
  }
}

// Whether the whole group would fail again, one by one.
bool IsOfTheStore(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status);
}

// A record of access is an event of a stream that holds nothing else.
storage::AccessRow Sealed(const storage::LogIdentity& log,
                          const auth::Caller& caller, std::string_view agency,
                          v1::Capacity capacity, const v1::Access& access,
                          absl::Time now) {
  storage::AccessRow row;
  row.agency = std::string(agency);
  row.access_id = NewUuid(now);
  row.kind = access.kind();
  row.numbers.assign(access.cases().begin(), access.cases().end());
  v1::Event event;
  *event.mutable_accessed() = access;
  event.mutable_accessed()->set_source(caller.source);
  event.set_occurred_date(FormatDay(ShanghaiDay(now)));
  storage::StoredEvent sealed = Seal({log, agency, row.access_id, 1, "", "",
                                      ActorOf(caller, capacity), now, "", ""},
                                     std::move(event));
  row.recorded_time = sealed.recorded_time;
  row.leaf_hash = std::move(sealed.leaf_hash);
  row.record = std::move(sealed.record);
  return row;
}

Refusing ReadRefused(std::string_view agency, std::string_view method,
                     std::string_view number, const absl::Status& status) {
  Refusing refusing;
  refusing.agency = std::string(agency);
  refusing.access.set_kind(v1::READ_REFUSED);
  refusing.access.set_method(std::string(method));
  if (!number.empty()) refusing.access.add_cases(std::string(number));
  refusing.status = status;
  return refusing;
}

}  // namespace

AccessRecorder::AccessRecorder(storage::AccessBook& book, Registry& registry,
                               Clock& clock)
    : book_(book), registry_(registry), clock_(clock) {}

absl::Status AccessRecorder::Record(const auth::Caller& caller,
                                    std::string_view agency,
                                    const v1::Access& access,
                                    absl::Time deadline) {
  ASSIGN_OR_RETURN(const storage::LogIdentity log, registry_.Log(deadline));
  return Write({Sealed(log, caller, agency, CapacityOf(caller, access.kind()),
                       access, clock_.Now())},
               deadline);
}

absl::Status AccessRecorder::Admit(const auth::Caller& caller,
                                   std::string_view method,
                                   std::string_view agency,
                                   std::string_view number, auth::Access access,
                                   absl::Time deadline) {
  const absl::Status may = auth::MayAccess(caller, agency, access);
  if (may.ok()) return may;
  // What belongs to no agency is the nation's.
  return Refused(caller,
                 ReadRefused(agency.empty() ? storage::kNation : agency, method,
                             number, may),
                 deadline);
}

absl::Status AccessRecorder::AdmitTo(const auth::Caller& caller,
                                     std::string_view method,
                                     const CaseRef& ref,
                                     const auth::CaseMarks& marks,
                                     auth::Access access, absl::Time deadline) {
  const absl::Status may = auth::MaySee(caller, marks, access);
  if (may.ok()) return may;
  return Refused(caller, ReadRefused(ref.agency, method, ref.number, may),
                 deadline);
}

absl::Status AccessRecorder::Refused(const auth::Caller& caller,
                                     const Refusing& refusing,
                                     absl::Time deadline) {
  RefusedAll(caller, {refusing}, deadline);
  return refusing.status;
}

void AccessRecorder::RefusedAll(const auth::Caller& caller,
                                const std::vector<Refusing>& refusals,
                                absl::Time deadline) {
  std::vector<std::pair<const Refusing*, v1::Access>> wanted;
  for (const Refusing& refusing : refusals) {
    const auto refusal = RefusalOf(refusing.status);
    if (!refusal || !IsWorthARecord(refusal->reason())) continue;
    v1::Access access = refusing.access;
    access.set_reason(v1::Reason_Name(refusal->reason()));
    wanted.emplace_back(&refusing, std::move(access));
  }
  if (wanted.empty()) return;
  const auto log = registry_.Log(deadline);
  absl::Status status = log.status();
  if (log.ok()) {
    std::vector<storage::AccessRow> rows;
    for (const auto& [refusing, access] : wanted) {
      rows.push_back(Sealed(*log, caller, refusing->agency, refusing->capacity,
                            access, clock_.Now()));
    }
    status = Write(std::move(rows), deadline);
  }
  if (status.ok()) return;
  unrecorded_.fetch_add(static_cast<int64_t>(wanted.size()));
  Log(Severity::kWarning, "refusal not recorded",
      {{"method", wanted.front().second.method()},
       {"reason", wanted.front().second.reason()},
       {"refusals", static_cast<int64_t>(wanted.size())},
       {"code", std::string(ToStd(absl::StatusCodeToString(status.code())))}});
}

absl::Status AccessRecorder::Write(std::vector<storage::AccessRow> rows,
                                   absl::Time deadline) {
  const auto mine = std::make_shared<Waiting>();
  mine->rows = std::move(rows);
  mine->deadline = deadline;
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(mine);
  const auto ready = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return mine->done || (!led_ && !mine->taken);
  };
  if (!mutex_.AwaitWithDeadline(absl::Condition(&ready), deadline)) {
    const auto it = std::find(waiting_.begin(), waiting_.end(), mine);
    if (it != waiting_.end()) waiting_.erase(it);
    return absl::DeadlineExceededError(
        "the deadline passed before the access was recorded");
  }
  if (!mine->done) Lead(mine);
  return mine->status;
}

AccessRecorder::Group AccessRecorder::Take(
    const std::shared_ptr<Waiting>& mine) {
  Group group = {mine};
  size_t rows = mine->rows.size();
  std::deque<std::shared_ptr<Waiting>> left;
  for (auto& one : waiting_) {
    if (one == mine) continue;
    if (left.empty() && rows + one->rows.size() <= kMostTogether) {
      rows += one->rows.size();
      group.push_back(std::move(one));
    } else {
      left.push_back(std::move(one));
    }
  }
  waiting_ = std::move(left);
  for (const auto& one : group) one->taken = true;
  return group;
}

void AccessRecorder::Lead(const std::shared_ptr<Waiting>& mine) {
  led_ = true;
  const Group group = Take(mine);
  mutex_.Unlock();
  std::vector<storage::AccessRow> rows;
  for (const auto& one : group) {
    rows.insert(rows.end(), one->rows.begin(), one->rows.end());
  }
  const absl::Status together = book_.RecordAccess(rows, mine->deadline);
  std::vector<absl::Status> statuses(group.size(), together);
  // What is wrong with one is not the others' fault.
  if (!together.ok() && !IsOfTheStore(together) && group.size() > 1) {
    for (size_t i = 0; i < group.size(); ++i) {
      statuses[i] = book_.RecordAccess(group[i]->rows, mine->deadline);
    }
  }
  mutex_.Lock();
  const absl::Time now = absl::Now();
  for (size_t i = group.size(); i-- > 0;) {
    Waiting& one = *group[i];
    // It was the leader's time that ran out: who has more goes on waiting.
    // What was recorded already is passed over then.
    if (absl::IsDeadlineExceeded(statuses[i]) && group[i] != mine &&
        one.deadline > now) {
      one.taken = false;
      waiting_.push_front(group[i]);
      continue;
    }
    one.done = true;
    one.status = statuses[i];
  }
  led_ = false;
}

}  // namespace gongkai::act
