// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_HISTORY_H_
#define GONGKAI_SERVICES_ACT_HISTORY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/event.pb.h"
#include "services/casework/case.h"
#include "storage/store.h"

// Between what is stored and what the case is folded from.
namespace gongkai::act {

// The events of a history, with the private parts that were read. DATA_LOSS
// when a record cannot be read.
absl::StatusOr<std::vector<casework::PastEvent>> Unseal(
    const std::vector<storage::StoredEvent>& events);

// The same for a reader: with times, hashes and what was erased.
absl::StatusOr<std::vector<v1::RecordedEvent>> UnsealForReader(
    const std::vector<storage::StoredEvent>& events);

// Drops what was recorded after `until`. What is left says how the stream stood
// then; `version` and `head` are those of its last event.
void KeepUntil(absl::Time until, storage::History& history);

// What a record says besides its event.
struct Sealing {
  const storage::LogIdentity& log;
  std::string_view agency;
  std::string_view stream;
  int64_t seq = 1;
  std::string_view previous_hash;  // empty for the first event
  std::string_view request_id;
  v1::Actor actor;
  absl::Time recorded_time;
  std::string_view calendar_version;
  std::string_view rulebook_version;
};

// Splits off the private part, makes the canonical bytes and hashes them.
storage::StoredEvent Seal(const Sealing& sealing, v1::Event event);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_HISTORY_H_
