// SPDX-License-Identifier: Apache-2.0
// The walk over the records; what is asked of each is in fsck_record_checks.cc.
#include "services/act/fsck_records.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"

namespace gongkai::act {
namespace {

// How often somebody is told how far it is.
constexpr int64_t kTellEvery = 4096;

std::string StreamName(const Group& group) {
  using storage::StreamKind;
  if (group.second == storage::WellKnownStream(StreamKind::kAgency)) {
    return "its terms";
  }
  if (group.second == storage::WellKnownStream(StreamKind::kCalendar)) {
    return "its calendar";
  }
  if (group.second == storage::WellKnownStream(StreamKind::kLog)) {
    return "what was decided about the log";
  }
  return absl::StrCat("stream ", group.second);
}

}  // namespace

RecordPass::RecordPass(storage::Scan& scan, const storage::LogRow& log,
                       const FsckOptions& options, const Findings& findings,
                       FsckReport& report)
    : scan_(scan),
      log_(log),
      options_(options),
      findings_(findings),
      report_(report),
      streams_(scan.Streams()),
      events_(scan.Events()),
      privates_(scan.Privates()),
      places_(scan.Places()),
      queue_(scan.Queue()),
      accesses_(scan.Accesses()),
      filed_(scan.Filed()) {}

void RecordPass::Run() {
  while (true) {
    bool any = false;
    streams_.Lower(group_, any);
    events_.Lower(group_, any);
    privates_.Lower(group_, any);
    places_.Lower(group_, any);
    queue_.Lower(group_, any);
    accesses_.Lower(group_, any);
    filed_.Lower(group_, any);
    if (!any) break;
    stream_ = Stream();
    stream_.place = StreamName(group_);
    stream_.hash = stream_.said = std::string(audit::kHashBytes, '\0');
    TakeStream();
    TakeAccesses();
    while (true) {
      int64_t seq = 0;
      bool more = false;
      events_.LowerSeq(group_, seq, more);
      privates_.LowerSeq(group_, seq, more);
      places_.LowerSeq(group_, seq, more);
      queue_.LowerSeq(group_, seq, more);
      filed_.LowerSeq(group_, seq, more);
      if (!more) break;
      Rows rows = Take(seq);
      if (rows.event.has_value()) {
        CheckEvent(rows);
      } else {
        CheckWithoutRecord(seq, rows);
      }
    }
    CheckEnd();
  }
  CheckIds();
  CheckKeys();
}

void RecordPass::CheckKeys() {
  const auto idle = scan_.IdleKeys();
  storage::IdleKeyRow row;
  while (idle->Next(row)) {
    findings_({row.key.agency, absl::StrCat("stream ", row.key.stream), 0,
               "its data key is still there, and it has no private part left: "
               "copies of what was destroyed could be opened with it"});
  }
}

void RecordPass::CheckIds() {
  const auto repeated = scan_.RepeatedEvents();
  storage::RepeatedRow row;
  while (repeated->Next(row)) {
    findings_({"", "", 0,
               absl::StrFormat("%d records have the event id %s: all but one "
                               "are copies",
                               row.times, row.event_id)});
  }
}

void RecordPass::Tell(int64_t seq, std::string_view defect) {
  findings_({group_.first, stream_.place, seq, std::string(defect)});
}

void RecordPass::Step() {
  const int64_t done = report_.events + report_.accesses;
  if (options_.progress != nullptr && done % kTellEvery == 0) {
    options_.progress("records", done, log_.size + log_.queued);
  }
}

void RecordPass::TakeStream() {
  while (streams_.In(group_)) {
    if (stream_.row.has_value()) {
      Tell(0, "there are two rows of this stream");
    } else {
      ++report_.streams;
      stream_.row = std::move(streams_.row());
      if (!stream_.row->number.empty()) {
        stream_.place = absl::StrCat("case ", stream_.row->number);
      }
    }
    streams_.Next();
  }
}

void RecordPass::TakeAccesses() {
  bool first = true;
  while (accesses_.In(group_)) {
    stream_.place = absl::StrCat("access record ", group_.second);
    const storage::AccessRow access = std::move(accesses_.row().access);
    accesses_.Next();
    if (!std::exchange(first, false)) {
      Tell(0, "the record is there twice");
      continue;
    }
    ++report_.accesses;
    Step();
    CheckAccess(access, Take(1));
    // So that an event of the same id does not pass for the record.
    stream_.seq = 1;
  }
}

RecordPass::Rows RecordPass::Take(int64_t seq) {
  Rows rows;
  while (events_.At(group_, seq)) {
    if (rows.event.has_value()) {
      Tell(seq, "the record is there twice");
    } else {
      rows.event = std::move(events_.row());
    }
    events_.Next();
  }
  while (privates_.At(group_, seq)) {
    if (rows.private_row.has_value()) {
      Tell(seq, "there are two private parts of the record");
    } else {
      rows.private_row = std::move(privates_.row());
    }
    privates_.Next();
  }
  while (places_.At(group_, seq)) {
    rows.places.push_back(std::move(places_.row()));
    places_.Next();
  }
  while (queue_.At(group_, seq)) {
    rows.queued.push_back(std::move(queue_.row()));
    queue_.Next();
  }
  while (filed_.At(group_, seq)) {
    rows.filed.push_back(std::move(filed_.row()));
    filed_.Next();
  }
  return rows;
}

void RecordPass::CheckWithoutRecord(int64_t seq, const Rows& rows) {
  std::vector<std::string> left;
  for (const storage::LeafRow& place : rows.places) {
    left.push_back(absl::StrCat("its place ", place.place, " in the log"));
  }
  if (!rows.queued.empty()) left.push_back("its entry in the queue of the log");
  if (rows.private_row.has_value()) left.push_back("its private part");
  if (!rows.filed.empty()) left.push_back("a return that it filed");
  std::string text = "the record is missing; left are ";
  for (size_t i = 0; i < left.size(); ++i) {
    if (i > 0) text += i + 1 == left.size() ? " and " : ", ";
    text += left[i];
  }
  Tell(seq, text);
  if (!rows.places.empty()) {
    stream_.log_index = std::max(stream_.log_index, rows.places[0].place);
  }
  stream_.gap = true;
  stream_.seq = std::max(stream_.seq, seq);
}

void RecordPass::CheckEnd() {
  const Stream& s = stream_;
  CheckErasures();
  if (!s.row.has_value()) {
    if (s.records > 0) Tell(0, "there are records but no row of this stream");
    return;
  }
  if (s.records == 0) return Tell(0, "there are no records of this stream");
  if (s.row->version > s.records) {
    Tell(0, absl::StrFormat("its row counts %d records and the last is %d: the "
                            "newest are missing",
                            s.row->version, s.records));
  } else if (s.row->version < s.records) {
    Tell(0, absl::StrFormat("its row counts %d records and the last is %d",
                            s.row->version, s.records));
  } else if (s.row->head != s.hash && s.row->head != s.said) {
    Tell(s.records,
         "the head of the stream is not the hash of this record, "
         "its last");
  }
}

void RecordPass::CheckErasures() {
  const Stream& s = stream_;
  for (const int64_t seq : s.gone) {
    if (!s.named.contains(seq)) {
      Tell(seq, "its private part was destroyed and no erasure names it");
    }
  }
  for (const auto& [seq, erasure] : s.named) {
    if (s.kept.contains(seq)) {
      Tell(seq, absl::StrFormat("its private part is still there, and record "
                                "%d says that it was destroyed",
                                erasure));
    }
  }
}

}  // namespace gongkai::act
