// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_PERFORM_IMPL_H_
#define GONGKAI_SERVICES_ACT_PERFORM_IMPL_H_

#include <google/protobuf/message.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "services/act/perform.h"
#include "services/act/stream_act.h"
#include "services/casework/decide.h"

// What the parts of the path share: perform.cc (acts), receive.cc (receipts)
// and calendar_acts.cc (calendars and agencies).
namespace gongkai::act {

// One caller waiting in a combined receipt.
struct Arriving {
  const auth::Caller* caller = nullptr;
  const v1::ReceiveApplicationRequest* request = nullptr;
  std::string mac;
  absl::Time deadline;

  // The outcome.
  bool done = false;
  absl::Status status;
  std::string stream;
  bool repeated = false;
  int year_count = 0;
  v1::Receipt receipt;
  int month_rank = 0;
};

// Callers of one agency and year, taken together by whoever comes first.
struct Counter {
  std::vector<Arriving*> waiting;
  bool led = false;
};

// A case read and folded, with what it is judged by.
struct Opened {
  storage::History history;
  std::vector<casework::PastEvent> past;
  casework::Case c;
  std::shared_ptr<const Terms> newest;
  storage::LogIdentity log;
};

struct Performer::Impl {
  storage::Store& store;
  storage::Index& index;
  Registry& registry;
  AccessRecorder& recorder;
  Clock& clock;
  const Options options;

  absl::Mutex mutex;
  std::map<std::pair<std::string, int>, Counter> counters
      ABSL_GUARDED_BY(mutex);

  // perform.cc
  absl::StatusOr<Opened> Open(const std::string& agency,
                              storage::History history, absl::Time deadline);
  absl::StatusOr<v1::Receipt> Perform(const auth::Caller& caller,
                                      const v1::PerformActRequest& request,
                                      absl::Time deadline);
  // One try; absent when another came between and the caller did not mind.
  absl::StatusOr<std::optional<v1::Receipt>> TryPerform(
      const auth::Caller& caller, const v1::PerformActRequest& request,
      const std::string& mac, absl::Time deadline);
  // SESSION_OVER when `caller`, identified at another count of revocations than
  // `revocation`, is no longer who he was.
  absl::Status CheckStanding(const auth::Caller& caller, int64_t revocation,
                             absl::Time deadline);
  // other_cases.cc: the other case is there, and the caller may read it.
  absl::Status CheckLink(const auth::Caller& caller, const v1::CaseLink& link,
                         const std::string& agency,
                         const std::string& request_id, absl::Time deadline);
  // Brings the opened case to the newest calendar; true when an event was
  // written, after which the case must be read again.
  absl::StatusOr<bool> CatchUp(Opened& opened, absl::Time deadline);
  // The receipt that the event `seq` of a history gave.
  absl::StatusOr<v1::Receipt> ReceiptOf(const std::string& agency,
                                        const storage::History& history,
                                        int64_t seq, absl::Time deadline);
  storage::Append MakeAppend(const Opened& opened, const v1::Event& event,
                             const v1::Actor& actor,
                             const std::string& request_id,
                             const std::string& calendar_version,
                             const law::Calendar& calendar,
                             casework::Case& after);
  absl::StatusOr<storage::Append> MakeSubCase(
      const Opened& opened, const casework::Decision& decision,
      const v1::Actor& actor, absl::Time now);

  // stream_act.cc: tried again when another came between.
  absl::StatusOr<Streamed> Record(const StreamAct& act, absl::Time deadline);
  // Of a request's body, from this caller.
  std::string MacOf(const auth::Caller& caller,
                    const google::protobuf::Message& request);
  // calendar_acts.cc: the event that takes a notice in; absent when the very
  // notice is there.
  absl::StatusOr<std::optional<v1::Event>> DecideNotice(
      const std::string& agency, const v1::CalendarNotice& asked,
      absl::Time deadline);
  // log_fork.cc: records in the stream of the log, or the refusal.
  absl::StatusOr<Streamed> RecordFork(const auth::Caller& caller,
                                      std::string_view method, StreamAct act,
                                      absl::Time deadline);

  // receive.cc
  void ReceiveTogether(const std::string& agency, int year,
                       const std::vector<Arriving*>& batch);
  void Wait(Arriving& mine, const std::string& agency, int year);

  absl::CivilDay Today();
};

// Whether a request is the earlier one of its id: of one whose text was erased
// nothing is left to tell them apart by.
inline bool IsRepeat(const storage::Prior& prior, std::string_view mac) {
  return prior.mac.empty() || prior.mac == mac;
}
// The calendars that an event of `agency` pins.
std::string CalendarVersionOf(const storage::History& history,
                              std::string_view agency);
// The recorder of an act: the caller in `capacity`.
v1::Actor ActorOf(const auth::Caller& caller, v1::Capacity capacity);
casework::Capacities HeldBy(const auth::Caller& caller);
// The caller as who does the act on this case: NO_SUCH_CASE of one that is
// restricted to others, LABEL_NOT_CLEARED, CAPACITY_MISSING.
absl::StatusOr<v1::Actor> ActorOn(const auth::Caller& caller,
                                  const v1::Act& act, const casework::Case& c);
// A refused call of `method` that would have acted on `agency`, without the
// act.
Refusing RefusalFor(std::string_view method, std::string_view agency,
                    const absl::Status& status);
v1::Receipt MakeReceipt(const casework::Case& c,
                        const storage::StoredEvent& event,
                        const std::vector<law::Limit>& limits,
                        const law::Calendar& calendar, absl::CivilDay as_of);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_PERFORM_IMPL_H_
