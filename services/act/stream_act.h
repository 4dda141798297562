// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_STREAM_ACT_H_
#define GONGKAI_SERVICES_ACT_STREAM_ACT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/reason.pb.h"
#include "google/protobuf/message.h"
#include "services/act/identities.h"
#include "services/act/registry.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/store.h"

namespace gongkai::act {

// What a caller who may records in a stream that is no case: of a calendar, an
// agency, an account, the log.
struct StreamAct {
  // Who asks, so that it can be seen whether he still stands; null for a job.
  const auth::Caller* caller = nullptr;
  std::string agency;
  storage::StreamKind kind = storage::StreamKind::kCalendar;
  // Empty: the one stream of the kind.
  std::string stream = {};
  std::string request_id;
  std::string mac;
  v1::Actor actor;
  // The event that follows on the stream as it stands, without its date; absent
  // when there is nothing to record.
  std::function<absl::StatusOr<std::optional<v1::Event>>(
      const storage::History&)>
      decide;
  // Puts beside the event what follows from it; may be empty.
  std::function<absl::Status(const storage::History&, const v1::Event&,
                             storage::Append&)>
      also = {};
  // The refusal when a key or post is held by another account.
  v1::Reason held_elsewhere = v1::ROLES_EXCLUSIVE;
};

// What became of it.
struct Streamed {
  enum What { kRecorded, kRepeated, kNothing } what = kNothing;
  int64_t seq = 0;  // of the event, also of a repeated request
};

// Writes such events. Thread-safe.
class StreamWriter {
 public:
  // `standing` may be null; what is given outlives it.
  StreamWriter(storage::Store& store, Registry& registry, Clock& clock,
               Standing* standing);

  // Tried again when another came between; VERSION_STALE when that does not
  // end.
  absl::StatusOr<Streamed> Record(const StreamAct& act, absl::Time deadline);

 private:
  storage::Append MakeAppend(const StreamAct& act, const std::string& stream,
                             const storage::LogIdentity& log,
                             const storage::History& history, v1::Event event);
  absl::Status CheckStanding(const StreamAct& act, int64_t revocation,
                             absl::Time deadline);

  storage::Store& store_;
  Registry& registry_;
  Clock& clock_;
  Standing* const standing_;
};

// Of a request's body, from this caller, under the service's key.
std::string RequestMac(std::string_view request_key, const auth::Caller& caller,
                       const google::protobuf::Message& request);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_STREAM_ACT_H_
