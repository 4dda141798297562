// SPDX-License-Identifier: Apache-2.0
#include "services/act/history.h"

#include "absl/strings/escaping.h"
#include "services/audit/record.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

const std::string& ZeroHash() {
  static const auto& zeros = *new std::string(32, '\0');
  return zeros;
}

absl::StatusOr<v1::Event> ReadEvent(const audit::Record& record,
                                    const storage::StoredEvent& stored) {
  v1::Event event;
  if (!event.ParseFromString(record.public_body)) {
    return absl::DataLossError("the body of a record cannot be read");
  }
  RETURN_IF_ERROR(audit::MergePrivate(stored.payload, event));
  return event;
}

}  // namespace

absl::StatusOr<std::vector<casework::PastEvent>> Unseal(
    const std::vector<storage::StoredEvent>& events) {
  std::vector<casework::PastEvent> history;
  history.reserve(events.size());
  for (const storage::StoredEvent& stored : events) {
    ASSIGN_OR_RETURN(audit::Record record, audit::Decode(stored.record));
    casework::PastEvent past;
    past.seq = record.seq;
    past.actor = record.actor;
    past.calendar_version = record.calendar_version;
    past.rulebook_version = record.rulebook_version;
    ASSIGN_OR_RETURN(past.event, ReadEvent(record, stored));
    history.push_back(std::move(past));
  }
  return history;
}

absl::StatusOr<std::vector<v1::RecordedEvent>> UnsealForReader(
    const std::vector<storage::StoredEvent>& events) {
  std::vector<v1::RecordedEvent> history;
  history.reserve(events.size());
  for (const storage::StoredEvent& stored : events) {
    ASSIGN_OR_RETURN(audit::Record record, audit::Decode(stored.record));
    v1::RecordedEvent event;
    event.set_seq(record.seq);
    event.set_event_id(record.event_id);
    event.set_request_id(record.request_id);
    *event.mutable_actor() = record.actor;
    event.set_recorded_time(FormatInstant(record.recorded_time));
    event.set_calendar_version(record.calendar_version);
    event.set_rulebook_version(record.rulebook_version);
    event.set_hash(absl::BytesToHexString(stored.hash));
    event.set_erased(stored.erased);
    ASSIGN_OR_RETURN(*event.mutable_event(), ReadEvent(record, stored));
    history.push_back(std::move(event));
  }
  return history;
}

void KeepUntil(absl::Time until, storage::History& history) {
  auto& events = history.events;
  while (!events.empty() && events.back().recorded_time > until) {
    events.pop_back();
  }
  history.version = events.empty() ? 0 : events.back().seq;
  history.head = events.empty() ? "" : events.back().hash;
}

storage::StoredEvent Seal(const Sealing& sealing, v1::Event event) {
  storage::StoredEvent stored;
  stored.seq = sealing.seq;
  stored.type = static_cast<int>(event.body_case());
  stored.event_id = NewUuid(sealing.recorded_time);
  stored.request_id = std::string(sealing.request_id);
  stored.recorded_time = sealing.recorded_time;
  stored.occurred = DayOf(event.occurred_date());
  stored.payload = audit::SplitPrivate(event);

  audit::Record record;
  record.suite = static_cast<audit::Suite>(sealing.log.suite);
  record.log_origin = sealing.log.origin;
  record.agency = std::string(sealing.agency);
  record.stream = std::string(sealing.stream);
  record.seq = sealing.seq;
  record.event_type = stored.type;
  record.event_id = stored.event_id;
  record.request_id = stored.request_id;
  record.actor = sealing.actor;
  record.recorded_time = sealing.recorded_time;
  record.occurred_date = event.occurred_date();
  record.calendar_version = std::string(sealing.calendar_version);
  record.rulebook_version = std::string(sealing.rulebook_version);
  record.previous_hash = sealing.previous_hash.empty()
                             ? ZeroHash()
                             : std::string(sealing.previous_hash);
  record.private_commitment = ZeroHash();
  if (!stored.payload.empty()) {
    stored.salt = RandomBytes(32);
    record.private_commitment =
        audit::Commitment(record.suite, stored.salt, stored.payload);
  }
  record.public_body = event.SerializeAsString();
  stored.record = audit::Encode(record);
  stored.hash = audit::EventHash(stored.record);
  stored.leaf_hash = audit::LeafHash(stored.record);
  return stored;
}

}  // namespace gongkai::act
