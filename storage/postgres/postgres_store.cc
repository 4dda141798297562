// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/postgres_store.h"

#include <map>
#include <pqxx/pqxx>
#include <utility>

#include "services/audit/record.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/rows.h"
#include "storage/postgres/sealing.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// The columns of the limits of a case as arrays; null when they stay.
struct LimitArrays {
  explicit LimitArrays(const std::optional<std::vector<LimitRow>>& limits) {
    if (!limits.has_value()) return;
    ArrayText columns[8];
    for (const LimitRow& l : *limits) {
      columns[0].AddInt(l.kind);
      columns[1].AddInt(l.ordinal);
      columns[2].AddInt(l.whose);
      columns[3].AddInt(l.state);
      columns[4].AddDay(l.start);
      if (l.due.has_value()) {
        columns[5].AddDay(*l.due);
      } else {
        columns[5].AddNull();
      }
      columns[6].AddBool(l.provisional);
      columns[7].AddBool(l.first);
    }
    for (int i = 0; i < 8; ++i) text[i] = columns[i].Take();
  }
  const char* operator[](int i) const { return NullIfEmpty(text[i]); }
  std::string text[8];
};

std::string DayText(const std::optional<absl::CivilDay>& day) {
  return day.has_value() ? FormatDay(*day) : "";
}

std::string IntsText(const std::vector<int>& elements) {
  ArrayText array;
  for (const int element : elements) array.AddInt(element);
  return array.Take();
}

std::string TextsText(const std::vector<std::string>& elements) {
  ArrayText array;
  for (const std::string& element : elements) array.Add(element);
  return array.Take();
}

// The persons of a case as arrays.
struct PersonArrays {
  explicit PersonArrays(const std::vector<PersonKey>& keys) {
    ArrayText kind, digest;
    for (const PersonKey& key : keys) {
      kind.AddInt(static_cast<int>(key.kind));
      digest.AddBytes(key.digest);
    }
    kinds = kind.Take();
    digests = digest.Take();
  }
  std::string kinds, digests;
};

// A return that is filed, as columns; null when there is none.
struct FiledColumns {
  explicit FiledColumns(const Append& a) {
    if (!a.filed.has_value()) return;
    year = std::to_string(a.filed->year);
    edition = std::to_string(a.filed->edition);
    document = a.filed->document;
    cases = a.filed->cases;
    const auto record = audit::Decode(a.event.record);
    if (record.ok()) by = record->actor.account();
  }
  std::string year, edition, document, cases, by;
};

// Sends one event to the database.
Appended AppendEvent(Tx& tx, const Append& a, const SealedPart& part) {
  const StoredEvent& e = a.event;
  const LimitArrays limits(a.limits);
  const std::string received = DayText(a.row.received);
  const std::string done =
      a.row.done_time.has_value() ? FormatInstant(*a.row.done_time) : "";
  static const CaseText kNoText;
  const bool with_text = a.text.has_value();
  const CaseText& t = with_text ? *a.text : kNoText;
  const std::string arrived = with_text ? FormatDay(t.arrived) : "";
  std::string words;
  if (with_text) {
    ArrayText array;
    for (const std::string& word : t.words) array.Add(word);
    words = array.Take();
  }
  const PersonArrays persons(t.person_keys);
  const std::string outer =
      part.fresh.outer == 0 ? "" : std::to_string(part.fresh.outer);
  const std::string finished = DayText(a.row.finished);
  const FiledColumns filed(a);
  const pqxx::result answer = tx.exec_prepared(
      kAppend.name, a.agency, a.stream, static_cast<int>(a.kind),
      NullIfEmpty(a.number), a.expected_version, e.type, e.event_id,
      e.request_id, FormatInstant(e.recorded_time), FormatDay(e.occurred),
      pqxx::binarystring(e.record), pqxx::binarystring(e.hash),
      pqxx::binarystring(e.leaf_hash), pqxx::binarystring(part.salt),
      pqxx::binarystring(part.payload), pqxx::binarystring(a.mac), a.row.phase,
      a.row.outcome, a.row.applicant_kind, a.row.officer, a.row.department,
      NullIfEmpty(received), NullIfEmpty(done), a.row.calendar_version,
      limits[0], limits[1], limits[2], limits[3], limits[4], limits[5],
      limits[6], limits[7], NullIfEmpty(arrived),
      with_text ? t.applicant_name.c_str() : nullptr,
      with_text ? t.content.c_str() : nullptr, NullIfEmpty(words),
      pqxx::binarystring(t.applicant_key), pqxx::binarystring(t.content_key),
      IntsText(a.row.labels), TextsText(a.row.restricted_to), persons.kinds,
      persons.digests, NullIfEmpty(outer),
      pqxx::binarystring(part.fresh.wrapped), NullIfEmpty(finished),
      a.row.return_row, a.row.counted, a.row.remedies, a.row.fees,
      NullIfEmpty(filed.year), NullIfEmpty(filed.edition),
      pqxx::binarystring(filed.document), pqxx::binarystring(filed.cases),
      filed.by);
  switch (answer[0][0].as<int>()) {
    case 1:
      return Appended::kAppended;
    case 3:
      return Appended::kDuplicate;
    case 4:
      return Appended::kNumberTaken;
    default:
      return Appended::kStale;
  }
}

// Makes the row of an account what the event left.
void PutAccount(Tx& tx, const Append& a) {
  const AccountRow& row = *a.account;
  ArrayText kinds, digests;
  for (const AccountKey& key : row.keys) {
    kinds.AddInt(static_cast<int>(key.kind));
    digests.AddBytes(key.digest);
  }
  tx.exec_prepared(kPutAccount.name, a.agency, a.stream, a.event.seq,
                   row.account, row.person, row.kind, row.active, row.post,
                   kinds.Take(), digests.Take(), row.end_sessions);
}

// An event with what it destroys, or with its account. Both are repeated like
// their event.
Appended AppendOne(Tx& tx, const Append& a, const SealedPart& part) {
  const Appended appended = AppendEvent(tx, a, part);
  if (appended != Appended::kAppended) return appended;
  if (!a.erase.empty() || a.erase_words) {
    ArrayText seqs;
    for (const int64_t seq : a.erase) seqs.AddInt(seq);
    tx.exec_prepared(kErase.name, a.agency, a.stream, a.event.seq, seqs.Take(),
                     a.erase_words);
  }
  if (a.account.has_value()) PutAccount(tx, a);
  return appended;
}

// Whether one call says all, so that it needs no transaction around it.
bool IsOneCall(const std::vector<Append>& batch) {
  return batch.size() == 1 && batch[0].erase.empty() && !batch[0].erase_words &&
         !batch[0].account.has_value();
}

// Whether `status` says that the constraint was violated.
bool Violates(const absl::Status& status, std::string_view constraint) {
  return absl::IsAlreadyExists(status) &&
         ToStd(status.message()).find(constraint) != std::string_view::npos;
}

// Whether `status` says that the request was carried out by another at the
// same moment.
bool IsRepeatedRequest(const absl::Status& status) {
  return Violates(status, "request_pkey");
}

// The case was received by another at the same moment, or the number was
// taken.
absl::Status NotReceived(Appended why, const std::string& number) {
  if (why != Appended::kNumberTaken) return StoreAway(0);
  v1::Refusal refusal;
  refusal.set_reason(v1::NUMBER_TAKEN);
  refusal.set_got(number);
  return Refuse(refusal);
}

}  // namespace

PostgresStore::PostgresStore(std::string dsn, int connections, Sealer* sealer)
    : sessions_(std::make_unique<Sessions>(
          Sessions::Options{std::move(dsn), connections, true})),
      sealer_(sealer) {}

PostgresStore::~PostgresStore() = default;

int PostgresStore::connections() const { return sessions_->open(); }

absl::StatusOr<History> PostgresStore::Load(std::string_view agency,
                                            std::string_view number,
                                            std::string_view request_id,
                                            bool with_private,
                                            absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("number", number));
  const std::string agency_text(agency), number_text(number),
      request_text(request_id);
  History history;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    history = HistoryOf(tx.exec_prepared(
        kLoad.name, agency_text, static_cast<const char*>(nullptr), number_text,
        NullIfEmpty(request_text), with_private));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(OpenParts(sealer_, agency, history));
  return history;
}

absl::StatusOr<History> PostgresStore::LoadStream(std::string_view agency,
                                                  std::string_view stream,
                                                  std::string_view request_id,
                                                  bool with_private,
                                                  absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), stream_text(stream),
      request_text(request_id);
  History history;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    history = HistoryOf(tx.exec_prepared(
        kLoad.name, agency_text, stream_text, static_cast<const char*>(nullptr),
        NullIfEmpty(request_text), with_private));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(OpenParts(sealer_, agency, history));
  return history;
}

absl::StatusOr<Appended> PostgresStore::AppendAll(
    const std::vector<Append>& batch, absl::Time deadline) {
  for (const Append& append : batch) RETURN_IF_ERROR(CheckAppend(append));
  PartSealer sealer(sealer_);
  std::vector<SealedPart> parts;
  for (const Append& append : batch) {
    ASSIGN_OR_RETURN(parts.emplace_back(), sealer.Seal(append));
  }
  Appended appended = Appended::kAppended;
  absl::Status status;
  if (IsOneCall(batch)) {
    status = sessions_->Autocommit(deadline, [&](Tx& tx) {
      appended = AppendOne(tx, batch[0], parts[0]);
      return absl::OkStatus();
    });
  } else {
    status = sessions_->Transact(deadline, [&](Tx& tx) {
      for (size_t i = 0; i < batch.size(); ++i) {
        appended = AppendOne(tx, batch[i], parts[i]);
        // Any error rolls back what went before.
        if (appended != Appended::kAppended) return absl::CancelledError();
      }
      return absl::OkStatus();
    });
    if (absl::IsCancelled(status)) return appended;
  }
  if (IsRepeatedRequest(status)) return Appended::kDuplicate;
  // The stream was given a key since it was loaded.
  if (Violates(status, "data_key_pkey")) return Appended::kStale;
  if (Violates(status, "account_post") ||
      Violates(status, "account_key_pkey")) {
    return Appended::kHeldElsewhere;
  }
  RETURN_IF_ERROR(status);
  return appended;
}

absl::Status PostgresStore::Receive(
    std::string_view agency, int year, const std::vector<Arrival>& arrivals,
    const std::function<
        absl::StatusOr<std::vector<Append>>(const std::vector<Place>&)>& seal,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckArrivals(arrivals));
  if (arrivals.empty()) return absl::OkStatus();
  ArrayText requests, keys, days, imported;
  for (const Arrival& arrival : arrivals) {
    requests.Add(arrival.request_id);
    keys.AddBytes(arrival.applicant_key);
    days.AddDay(arrival.arrived);
    imported.AddBool(!arrival.imported_number.empty());
  }
  const std::string agency_text(agency),
      request_text = requests.Take(), key_text = keys.Take(),
      day_text = days.Take(), imported_text = imported.Take();
  bool sealed = false;
  const absl::Status status = sessions_->Transact(deadline, [&](Tx& tx) {
    // Sealed records carry their numbers: whether they were kept is for the
    // same request to find out.
    if (sealed) return StoreAway(0);
    const pqxx::result rows =
        tx.exec_prepared(kTakeNumbers.name, agency_text, year, request_text,
                         key_text, day_text, imported_text);
    std::vector<Place> places;
    std::map<std::string_view, std::vector<size_t>> of_applicant;
    for (size_t i = 0; i < arrivals.size(); ++i) {
      const auto row = rows[static_cast<pqxx::result::size_type>(i)];
      places.push_back(PlaceOf(row));
      if (places[i].prior.has_value()) continue;
      // Those before it in the batch are not in the table yet.
      std::vector<size_t>& before = of_applicant[arrivals[i].applicant_key];
      for (const size_t j : before) {
        const absl::CivilDay a = arrivals[j].arrived, b = arrivals[i].arrived;
        if (a.year() != b.year()) continue;
        ++places[i].year_count;
        if (a.month() == b.month()) ++places[i].month_rank;
      }
      before.push_back(i);
    }
    sealed = true;
    ASSIGN_OR_RETURN(const std::vector<Append> batch, seal(places));
    PartSealer sealer(sealer_);
    for (const Append& append : batch) {
      RETURN_IF_ERROR(CheckAppend(append));
      ASSIGN_OR_RETURN(const SealedPart part, sealer.Seal(append));
      const Appended appended = AppendOne(tx, append, part);
      if (appended != Appended::kAppended) {
        return NotReceived(appended, append.number);
      }
    }
    return absl::OkStatus();
  });
  if (IsRepeatedRequest(status)) return StoreAway(0);
  return status;
}

}  // namespace gongkai::storage
