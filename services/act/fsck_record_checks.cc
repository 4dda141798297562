// SPDX-License-Identifier: Apache-2.0
// What is asked of one record.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/act/fsck_records.h"
#include "services/audit/bundle.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"

namespace gongkai::act {
namespace {

constexpr int kEventEntry = 1;
constexpr int kAccessEntry = 2;

const std::string& Zeros() {
  static const auto& zeros = *new std::string(audit::kHashBytes, '\0');
  return zeros;
}

std::string Span(int64_t from, int64_t to) {
  return from == to ? absl::StrFormat("record %d is missing", from)
                    : absl::StrFormat("records %d to %d are missing", from, to);
}

}  // namespace

void RecordPass::CheckEvent(Rows& rows) {
  const storage::EventRow& row = *rows.event;
  const int64_t seq = row.key.seq;
  ++report_.events;
  Step();
  if (seq > stream_.seq + 1) {
    Tell(seq, absl::StrCat(Span(stream_.seq + 1, seq - 1), " before it"));
    stream_.gap = true;
  } else if (seq < 1) {
    Tell(seq, "records are counted from 1");
  }
  stream_.seq = seq;
  stream_.records = seq;

  CheckHashes(seq, row.event.record, row.event.hash, row.event.leaf_hash);
  CheckPlace(seq, kEventEntry, row.event.record, row.event.leaf_hash,
             rows.places, rows.queued);
  const absl::StatusOr<audit::Record> record = audit::Decode(row.event.record);
  if (record.ok()) {
    NameByRecord(*record);
    CheckLog(seq, *record);
    CheckColumns(row, *record);
    CheckChain(seq, *record);
    CheckTime(seq, *record);
    CheckPrivate(seq, *record, rows.private_row);
    ReadBody(*record);
    CheckWords(seq, row.event.record, rows.private_row);
    CheckFiled(seq, *record, rows.filed);
  } else {
    Tell(seq,
         absl::StrCat("its bytes are no record: ", record.status().message()));
  }
  stream_.gap = false;
  stream_.hash = audit::EventHash(row.event.record);
  stream_.said = row.event.hash;
}

void RecordPass::CheckHashes(int64_t seq, std::string_view record,
                             std::string_view hash,
                             std::string_view leaf_hash) {
  const bool chain = audit::EventHash(record) == hash;
  const bool leaf = audit::LeafHash(record) == leaf_hash;
  if (!chain && !leaf) {
    Tell(seq,
         "the record was altered: the hashes stored beside it are not "
         "those of its bytes");
  } else if (!chain) {
    Tell(seq, "the hash stored beside it is not that of its bytes");
  } else if (!leaf) {
    Tell(seq, "the leaf stored beside it is not that of its bytes");
  }
}

void RecordPass::CheckLog(int64_t seq, const audit::Record& record) {
  if (record.log_origin != log_.identity.origin) {
    Tell(seq,
         absl::StrCat("the record is of another log, ", record.log_origin));
  }
  if (static_cast<int>(record.suite) != log_.identity.suite) {
    Tell(seq, absl::StrCat("the record is of another suite, ",
                           ToAbsl(audit::SuiteName(record.suite))));
  }
}

void RecordPass::CheckColumns(const storage::EventRow& row,
                              const audit::Record& record) {
  const storage::StoredEvent& event = row.event;
  const int64_t seq = row.key.seq;
  if (record.agency != row.key.agency || record.stream != row.key.stream ||
      record.seq != seq) {
    Tell(seq, absl::StrFormat("the record was moved here: it says that it is "
                              "record %d of stream %s of %s",
                              record.seq, record.stream, record.agency));
  }
  std::vector<const char*> columns;
  if (record.event_type != event.type) columns.push_back("type");
  if (record.event_id != event.event_id) columns.push_back("event_id");
  if (record.request_id != event.request_id) columns.push_back("request_id");
  if (record.recorded_time != event.recorded_time) {
    columns.push_back("recorded_time");
  }
  if (record.occurred_date != FormatDay(event.occurred)) {
    columns.push_back("occurred_date");
  }
  if (columns.empty()) return;
  Tell(seq,
       absl::StrCat("stored beside it is another ",
                    absl::StrJoin(columns, ", "), " than the record says"));
}

void RecordPass::CheckChain(int64_t seq, const audit::Record& record) {
  // After a missing record nothing can be said; where the record before was
  // altered and its column was not, that has been told.
  if (stream_.gap || record.previous_hash == stream_.hash ||
      record.previous_hash == stream_.said) {
    return;
  }
  Tell(seq, "the record names another predecessor than the record before it");
}

void RecordPass::CheckTime(int64_t seq, const audit::Record& record) {
  if (record.recorded_time + options_.clock_tolerance < stream_.time) {
    Tell(seq, absl::StrCat("time anomaly: it was recorded at ",
                           FormatInstant(record.recorded_time),
                           ", and a record before it at ",
                           FormatInstant(stream_.time),
                           ": the clock had been set back"));
  }
  stream_.time = std::max(stream_.time, record.recorded_time);
}

void RecordPass::CheckPrivate(int64_t seq, const audit::Record& record,
                              const std::optional<storage::PrivateRow>& row) {
  const bool committed = record.private_commitment != Zeros();
  if (!committed) {
    if (row.has_value()) {
      Tell(seq, "it has a private part that the record does not commit to");
    }
    return;
  }
  if (!row.has_value()) {
    stream_.gone.insert(seq);
    return;
  }
  if (!row->has_salt && !row->has_payload) {
    stream_.gone.insert(seq);
    return;
  }
  stream_.kept.insert(seq);
  if (row->sealed) return CheckSealed(seq, *row);
  if (audit::Commitment(record.suite, row->salt, row->payload) !=
      record.private_commitment) {
    Tell(seq,
         "the private part was altered: it is not the one that the "
         "record commits to");
  }
}

void RecordPass::CheckSealed(int64_t seq, const storage::PrivateRow& row) {
  if (!row.has_key) {
    Tell(seq,
         "its private part is sealed, and the data key of the stream is "
         "missing: nobody can read it any more");
  } else if (absl::IsDataLoss(row.opening)) {
    Tell(seq, absl::StrCat("the private part was altered or moved here: ",
                           row.opening.message()));
  } else if (row.opening.ok()) {
    ++report_.sealed;
  } else {
    ++report_.unopened;
  }
}

// Whoever wrote the record himself may have put a thing into the wrong part.
void RecordPass::CheckWords(int64_t seq, std::string_view record,
                            const std::optional<storage::PrivateRow>& row) {
  audit::BundleEvent event;
  event.record = record;
  event.has_private =
      row.has_value() && row->has_salt && row->has_payload && !row->sealed;
  if (event.has_private) event.payload = row->payload;
  const absl::Status read = audit::OpenEvent(event).status();
  if (!read.ok()) {
    Tell(seq,
         absl::StrCat("what it says cannot be relied on: ", read.message()));
  }
}

void RecordPass::CheckPlace(int64_t seq, int kind, std::string_view record,
                            std::string_view leaf_column,
                            const std::vector<storage::LeafRow>& places,
                            const std::vector<storage::LeafRow>& queued) {
  report_.queued += static_cast<int64_t>(queued.size());
  if (places.size() + queued.size() > 1) {
    Tell(seq, absl::StrFormat("the record has more than one place: %d in the "
                              "log and %d in its queue",
                              places.size(), queued.size()));
  } else if (places.empty() && queued.empty()) {
    Tell(seq, "the record has no place in the log and does not wait for one");
    return;
  }
  const std::string leaf = audit::LeafHash(record);
  for (const std::vector<storage::LeafRow>* rows : {&places, &queued}) {
    for (const storage::LeafRow& row : *rows) {
      if (row.kind != kind) {
        Tell(seq, "its entry in the log is of another kind");
      }
      if (row.leaf_hash != leaf && row.leaf_hash != leaf_column) {
        Tell(seq, rows == &places
                      ? absl::StrFormat(
                            "the leaf in its place %d of the log is not the "
                            "hash of the record",
                            row.place)
                      : "the leaf that waits for a place is not the hash of "
                        "the record");
      }
    }
  }
  if (!places.empty()) {
    if (places[0].place <= stream_.log_index) {
      Tell(seq, absl::StrFormat("it has place %d in the log, before a record "
                                "that it follows",
                                places[0].place));
    } else if (stream_.queue_place > 0) {
      Tell(seq, "it has a place in the log while a record before it waits");
    }
    stream_.log_index = std::max(stream_.log_index, places[0].place);
  }
  if (!queued.empty()) {
    if (queued[0].place <= stream_.queue_place) {
      Tell(seq, "it waits for its place before a record that it follows");
    }
    stream_.queue_place = std::max(stream_.queue_place, queued[0].place);
  }
}

void RecordPass::NameByRecord(const audit::Record& record) {
  if (stream_.row.has_value() ||
      (record.event_type != v1::Event::kReceived &&
       record.event_type != v1::Event::kCaseImported)) {
    return;
  }
  v1::Event event;
  if (!event.ParseFromString(record.public_body)) return;
  const std::string& number = event.has_case_imported()
                                  ? event.case_imported().number()
                                  : event.received().number();
  if (!number.empty()) stream_.place = absl::StrCat("case ", number);
}

void RecordPass::ReadBody(const audit::Record& record) {
  if (record.event_type != v1::Event::kErased &&
      record.event_type != v1::Event::kLogForkStated &&
      record.event_type != v1::Event::kLogForkConfirmed) {
    return;
  }
  v1::Event event;
  if (!event.ParseFromString(record.public_body)) return;
  for (const int64_t named : event.erased().events()) {
    if (named < record.seq) stream_.named[named] = record.seq;
  }
  report_.erased += event.erased().events_size();
  const bool of_log =
      group_ == Group(storage::kNation,
                      storage::WellKnownStream(storage::StreamKind::kLog));
  if (!of_log) return;
  if (event.has_log_fork_stated()) {
    const v1::LogFork& stated = event.log_fork_stated();
    const auto outside = audit::FromHex(stated.outside_root());
    const auto tree = audit::FromHex(stated.tree_root());
    if (!outside.ok() || !tree.ok()) return;
    Fork& fork = stream_.stated[record.seq];
    fork.seq = record.seq;
    fork.outside_size = stated.outside_size();
    fork.outside_root = *outside;
    fork.tree_size = stated.tree_size();
    fork.tree_root = *tree;
    fork.person = record.actor.person();
  } else if (event.has_log_fork_confirmed()) {
    const auto it = stream_.stated.find(event.log_fork_confirmed().statement());
    if (it != stream_.stated.end() &&
        it->second.person != record.actor.person()) {
      forks_.push_back(it->second);
      forks_.back().confirmed = record.recorded_time;
    }
  }
}

void RecordPass::CheckAccess(const storage::AccessRow& access,
                             const Rows& rows) {
  if (rows.event.has_value()) {
    Tell(0, "an event has the id of a record of access");
  }
  if (rows.private_row.has_value()) {
    Tell(0, "a record of access has no private part, and here is one");
  }
  if (audit::LeafHash(access.record) != access.leaf_hash) {
    Tell(0,
         "the record was altered: the leaf stored beside it is not that of "
         "its bytes");
  }
  CheckPlace(0, kAccessEntry, access.record, access.leaf_hash, rows.places,
             rows.queued);
  const absl::StatusOr<audit::Record> record = audit::Decode(access.record);
  v1::Event event;
  if (!record.ok() || !event.ParseFromString(record->public_body)) {
    return Tell(0, "its bytes are no record");
  }
  CheckLog(0, *record);
  if (record->agency != access.agency || record->stream != access.access_id ||
      record->seq != 1 || record->event_type != v1::Event::kAccessed ||
      record->previous_hash != Zeros()) {
    Tell(0, "the record says that it is another one");
  }
  const auto& cases = event.accessed().cases();
  if (record->recorded_time != access.recorded_time ||
      event.accessed().kind() != access.kind ||
      !std::equal(cases.begin(), cases.end(), access.numbers.begin(),
                  access.numbers.end())) {
    Tell(0,
         "stored beside it are another time, kind or cases than the record "
         "says");
  }
}

}  // namespace gongkai::act
