// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bulk_store.h"

#include "services/base/dates.h"

namespace gongkai::bench {

using storage::Append;
using storage::Appended;
using storage::History;
using storage::StreamKind;

int64_t BulkStore::VersionOf(std::string_view agency, StreamKind kind) const {
  const auto it =
      streams_.find({std::string(agency), storage::WellKnownStream(kind)});
  return it == streams_.end() ? 0 : it->second.history.version;
}

absl::StatusOr<History> BulkStore::Seen(std::string_view agency,
                                        const Held* held) {
  History history;
  if (held != nullptr) history = held->history;
  history.national_calendar =
      VersionOf(storage::kNation, StreamKind::kCalendar);
  history.local_calendar = VersionOf(agency, StreamKind::kCalendar);
  history.terms = VersionOf(agency, StreamKind::kAgency);
  return history;
}

absl::StatusOr<History> BulkStore::Load(std::string_view agency,
                                        std::string_view number,
                                        std::string_view request_id,
                                        bool with_private,
                                        absl::Time deadline) {
  const auto it = by_number_.find({std::string(agency), std::string(number)});
  if (it == by_number_.end()) return Seen(agency, nullptr);
  return LoadStream(agency, it->second, request_id, with_private, deadline);
}

absl::StatusOr<History> BulkStore::LoadStream(std::string_view agency,
                                              std::string_view stream,
                                              std::string_view, bool,
                                              absl::Time) {
  const auto it = streams_.find({std::string(agency), std::string(stream)});
  return Seen(agency, it == streams_.end() ? nullptr : &it->second);
}

void BulkStore::Add(const Append& append) {
  Held& held = streams_[{append.agency, append.stream}];
  if (held.history.stream.empty()) {
    held.history.stream = append.stream;
    held.history.number = append.number;
    held.opened = FormatInstant(append.event.recorded_time);
    if (!append.number.empty()) {
      by_number_[{append.agency, append.number}] = append.stream;
    }
  }
  held.history.version = append.event.seq;
  held.history.head = append.event.hash;
  held.history.events.push_back(append.event);
  held.row = append;
  if (append.limits) held.limits = *append.limits;
  if (append.text) held.text = append.text;
  held.macs.push_back(append.mac);
  held.log_indexes.push_back(++log_size_);
  ++events_;
}

absl::StatusOr<Appended> BulkStore::AppendAll(const std::vector<Append>& batch,
                                              absl::Time) {
  for (const Append& append : batch) {
    const auto it = streams_.find({append.agency, append.stream});
    const int64_t version =
        it == streams_.end() ? 0 : it->second.history.version;
    if (version != append.expected_version) return Appended::kStale;
  }
  for (const Append& append : batch) Add(append);
  last_ = batch.back();
  return Appended::kAppended;
}

absl::Status BulkStore::Receive(
    std::string_view agency, int year,
    const std::vector<storage::Arrival>& arrivals,
    const std::function<absl::StatusOr<std::vector<Append>>(
        const std::vector<storage::Place>&)>& seal,
    absl::Time) {
  // Every applicant of the bench applies once.
  int64_t& serial = counters_[{std::string(agency), year}];
  std::vector<storage::Place> places(arrivals.size());
  for (storage::Place& place : places) place.serial = ++serial;
  const auto batch = seal(places);
  if (!batch.ok()) return batch.status();
  for (const Append& append : *batch) Add(append);
  if (!batch->empty()) last_ = batch->back();
  return absl::OkStatus();
}

void BulkStore::Write(const Key& key, const Held& held) {
  const auto& [agency, stream] = key;
  const History& history = held.history;
  const Append& last = held.row;
  const storage::CaseRow& row = last.row;
  const auto day = [](const std::optional<absl::CivilDay>& d) {
    return d ? FormatDay(*d) : std::string();
  };
  writer_.Row(CopyWriter::kStream)
      .Text(agency)
      .Text(stream)
      .Int(history.version)
      .Text(held.opened)
      .TextOrNull(row.done_time ? FormatInstant(*row.done_time) : "")
      .TextOrNull(day(row.received))
      .Int(static_cast<int>(last.kind))
      .Int(row.phase)
      .Int(row.outcome)
      .Int(row.applicant_kind)
      .TextOrNull(history.number)
      .Bytes(history.head)
      .Text(row.officer)
      .Text(row.department)
      .Text(row.calendar_version)
      .Ints(row.labels)
      .Texts(row.restricted_to)
      .TextOrNull(day(row.finished))
      .Int(row.return_row)
      .Bool(row.counted)
      .Bool(row.remedies)
      .Bool(row.fees)
      .Int(1);
  storage::PartSealer sealer(sealer_);
  for (size_t i = 0; i < history.events.size(); ++i) {
    const storage::StoredEvent& e = history.events[i];
    const std::string recorded = FormatInstant(e.recorded_time);
    writer_.Row(CopyWriter::kEvent)
        .Text(agency)
        .Text(stream)
        .Int(e.seq)
        .Text(recorded)
        .Text(FormatDay(e.occurred))
        .Int(e.type)
        .Text(e.event_id)
        .Text(e.request_id)
        .Bytes(e.hash)
        .Bytes(e.leaf_hash)
        .Bytes(e.record);
    writer_.Row(CopyWriter::kLeaf)
        .Int(1)
        .Int(held.log_indexes[i])
        .Int(e.seq)
        .Text(stream)
        .Text(agency)
        .Bytes(e.leaf_hash);
    if (!e.salt.empty()) WritePrivate(key, e, sealer);
    if (!held.macs[i].empty()) {
      writer_.Row(CopyWriter::kRequest)
          .Text(agency)
          .Text(e.request_id)
          .Text(stream)
          .Int(e.seq)
          .Bytes(held.macs[i]);
    }
  }
  for (const storage::LimitRow& l : held.limits) {
    writer_.Row(CopyWriter::kLimit)
        .Text(agency)
        .Text(stream)
        .Text(FormatDay(l.start))
        .TextOrNull(day(l.due))
        .Int(l.kind)
        .Int(l.ordinal)
        .Int(l.whose)
        .Int(l.state)
        .Bool(l.provisional)
        .Bool(l.first);
  }
  if (held.text) WriteText(key, *held.text);
}

void BulkStore::WritePrivate(const Key& key, const storage::StoredEvent& event,
                             storage::PartSealer& sealer) {
  Append append;
  append.agency = key.first;
  append.stream = key.second;
  append.event.seq = event.seq;
  append.event.salt = event.salt;
  append.event.payload = event.payload;
  const auto part = sealer.Seal(append);
  if (!part.ok()) {
    sealed_.Update(part.status());
    return;
  }
  writer_.Row(CopyWriter::kPrivate)
      .Text(key.first)
      .Text(key.second)
      .Int(event.seq)
      .Bytes(part->salt)
      .Bytes(part->payload);
  if (part->fresh.outer == 0) return;
  writer_.Row(CopyWriter::kDataKey)
      .Text(key.first)
      .Text(key.second)
      .Int(part->fresh.outer)
      .Bytes(part->fresh.wrapped);
}

void BulkStore::WriteText(const Key& key, const storage::CaseText& text) {
  writer_.Row(CopyWriter::kText)
      .Text(key.first)
      .Text(key.second)
      .Text(FormatDay(text.arrived))
      .Bytes(text.applicant_key)
      .Bytes(text.content_key)
      .Text(text.applicant_name)
      .Text(text.content)
      .Words(text.words);
  for (const storage::PersonKey& person : text.person_keys) {
    writer_.Row(CopyWriter::kPersonKey)
        .Text(key.first)
        .Text(key.second)
        .Int(static_cast<int>(person.kind))
        .Bytes(person.digest);
  }
}

void BulkStore::Release(std::string_view agency, std::string_view number) {
  const auto name = by_number_.find({std::string(agency), std::string(number)});
  if (name == by_number_.end()) return;
  const auto held = streams_.find({std::string(agency), name->second});
  Write(held->first, held->second);
  streams_.erase(held);
  by_number_.erase(name);
}

void BulkStore::KeepUnwritten(int64_t log_size) {
  for (auto& [key, held] : streams_) held.unwritten = true;
  log_size_ = log_size;
  events_ = 0;
}

void BulkStore::Finish() {
  for (const auto& [key, held] : streams_) {
    if (!held.unwritten) Write(key, held);
  }
  streams_.clear();
  by_number_.clear();
  for (const auto& [key, last] : counters_) {
    writer_.Row(CopyWriter::kCounter).Text(key.first).Int(key.second).Int(last);
  }
  writer_.Flush();
  writer_.SetLogSize(log_size_);
}

absl::StatusOr<storage::LogIdentity> BulkStore::Identity(absl::Time) {
  return storage::LogIdentity{"gongkai", 1};
}

}  // namespace gongkai::bench
