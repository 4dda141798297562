// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/rows.h"

#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

// Columns of history_row.
enum HistoryColumn {
  kSeq,
  kType,
  kEventId,
  kRequestId,
  kRecordedTime,
  kOccurredDate,
  kRecord,
  kHash,
  kLeafHash,
  kSalt,
  kPayload,
  kErased,
  kStreamId,
  kNumber,
  kVersion,
  kHead,
  kPriorStream,
  kPriorNumber,
  kPriorSeq,
  kPriorMac,
  kNationalCalendar,
  kLocalCalendar,
  kTerms,
  kRevocationCount,
  kOuterKey,
  kWrapped,
};

// Columns of found_case.
enum FoundColumn {
  kFoundStream,
  kFoundNumber,
  kFoundVersion,
  kFoundPhase,
  kFoundOutcome,
  kFoundApplicantKind,
  kFoundOfficer,
  kFoundDepartment,
  kFoundReceived,
  kFoundDone,
  kFoundCalendar,
  kLimitKind,
  kLimitOrdinal,
  kLimitWhose,
  kLimitState,
  kLimitStart,
  kLimitDue,
  kLimitProvisional,
  kOrderKey,
  kApplicantName,
  kWords,
  kScore,
  kSameApplicant,
  kLabels,
  kRestrictedTo,
};

Prior PriorOf(const pqxx::row& row, int first) {
  Prior prior;
  prior.stream = TextOf(row[first]);
  prior.number = TextOf(row[first + 1]);
  prior.seq = row[first + 2].as<int64_t>();
  prior.mac = BytesOf(row[first + 3]);
  return prior;
}

StoredEvent EventOf(const pqxx::row& row) {
  StoredEvent event;
  event.seq = row[kSeq].as<int64_t>();
  event.type = row[kType].as<int>();
  event.event_id = TextOf(row[kEventId]);
  event.request_id = TextOf(row[kRequestId]);
  event.recorded_time = TimeOf(row[kRecordedTime]);
  event.occurred = DayOfField(row[kOccurredDate]);
  event.record = BytesOf(row[kRecord]);
  event.hash = BytesOf(row[kHash]);
  event.leaf_hash = BytesOf(row[kLeafHash]);
  event.salt = BytesOf(row[kSalt]);
  event.payload = BytesOf(row[kPayload]);
  event.erased = row[kErased].as<bool>(false);
  return event;
}

}  // namespace

History HistoryOf(const pqxx::result& rows) {
  History history;
  const pqxx::row& first = rows[0];
  history.stream = TextOf(first[kStreamId]);
  history.number = TextOf(first[kNumber]);
  history.version = first[kVersion].as<int64_t>(0);
  history.head = BytesOf(first[kHead]);
  if (!first[kPriorStream].is_null()) {
    history.prior = PriorOf(first, kPriorStream);
  }
  history.national_calendar = first[kNationalCalendar].as<int64_t>(0);
  history.local_calendar = first[kLocalCalendar].as<int64_t>(0);
  history.terms = first[kTerms].as<int64_t>(0);
  history.revocation = first[kRevocationCount].as<int64_t>(0);
  if (!first[kOuterKey].is_null()) {
    history.key = {first[kOuterKey].as<int>(), BytesOf(first[kWrapped])};
  }
  history.events.reserve(rows.size() - 1);
  for (pqxx::result::size_type i = 1; i < rows.size(); ++i) {
    history.events.push_back(EventOf(rows[i]));
  }
  return history;
}

FoundCase FoundCaseOf(const pqxx::row& row) {
  FoundCase found;
  found.stream = TextOf(row[kFoundStream]);
  found.number = TextOf(row[kFoundNumber]);
  found.version = row[kFoundVersion].as<int64_t>();
  found.row.phase = row[kFoundPhase].as<int>();
  found.row.outcome = row[kFoundOutcome].as<int>();
  found.row.applicant_kind = row[kFoundApplicantKind].as<int>();
  found.row.officer = TextOf(row[kFoundOfficer]);
  found.row.department = TextOf(row[kFoundDepartment]);
  if (!row[kFoundReceived].is_null()) {
    found.row.received = DayOfField(row[kFoundReceived]);
  }
  if (!row[kFoundDone].is_null()) found.row.done_time = TimeOf(row[kFoundDone]);
  found.row.calendar_version = TextOf(row[kFoundCalendar]);
  found.row.labels = IntsOf(row[kLabels]);
  found.row.restricted_to = ElementsOf(row[kRestrictedTo]);
  if (!row[kLimitKind].is_null()) {
    LimitRow limit;
    limit.kind = row[kLimitKind].as<int>();
    limit.ordinal = row[kLimitOrdinal].as<int>();
    limit.whose = row[kLimitWhose].as<int>();
    limit.state = row[kLimitState].as<int>();
    limit.start = DayOfField(row[kLimitStart]);
    if (!row[kLimitDue].is_null()) limit.due = DayOfField(row[kLimitDue]);
    limit.provisional = row[kLimitProvisional].as<bool>();
    limit.first = true;
    found.next = limit;
  }
  found.key = TextOf(row[kOrderKey]);
  return found;
}

FoundText FoundTextOf(const pqxx::row& row) {
  return {FoundCaseOf(row), TextOf(row[kApplicantName]), TextOf(row[kWords])};
}

FoundSimilar FoundSimilarOf(const pqxx::row& row) {
  return {FoundCaseOf(row), row[kScore].as<double>(),
          row[kSameApplicant].as<bool>(), TextOf(row[kWords])};
}

LogEntry LogEntryOf(const pqxx::row& row) {
  LogEntry entry;
  entry.log_index = row[0].as<int64_t>();
  entry.agency = TextOf(row[1]);
  entry.stream = TextOf(row[2]);
  entry.number = TextOf(row[3]);
  entry.kind = static_cast<StreamKind>(row[4].as<int>());
  entry.seq = row[5].as<int64_t>();
  entry.type = row[6].as<int>();
  entry.occurred = DayOfField(row[7]);
  entry.recorded_time = TimeOf(row[8]);
  entry.department = TextOf(row[9]);
  entry.labels = IntsOf(row[10]);
  entry.restricted_to = ElementsOf(row[11]);
  return entry;
}

Place PlaceOf(const pqxx::row& row) {
  Place place;
  place.serial = row[0].as<int64_t>();
  place.month_rank = row[1].as<int>();
  place.year_count = row[2].as<int>();
  if (!row[3].is_null()) place.prior = PriorOf(row, 3);
  return place;
}

}  // namespace gongkai::storage
