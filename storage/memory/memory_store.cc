// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_store.h"

#include <algorithm>
#include <tuple>

#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "storage/check.h"

namespace gongkai::storage {
namespace {

std::string Text(std::string_view s) { return std::string(s); }

}  // namespace

bool MemoryStore::HeldElsewhere(const Append& a, const State& state) {
  for (const auto& [key, other] : state.accounts) {
    if (key == Key{a.agency, a.account->account}) continue;
    if (a.account->post != 0 && other.post != 0 &&
        a.account->person == other.person) {
      return true;
    }
    for (const AccountKey& mine : a.account->keys) {
      if (std::find(other.keys.begin(), other.keys.end(), mine) !=
          other.keys.end()) {
        return true;
      }
    }
  }
  return false;
}

Appended MemoryStore::AppendOne(const Append& a, State* state) {
  const Key key{a.agency, a.stream};
  const Key request{a.agency, a.event.request_id};
  const auto found = state->streams.find(key);
  const auto version = found == state->streams.end()
                           ? 0
                           : static_cast<int64_t>(found->second.events.size());
  const bool repeated = state->requests.contains(request);
  if (version != a.expected_version) {
    if (version > a.expected_version &&
        found->second.events[a.expected_version].event_id == a.event.event_id) {
      return Appended::kAppended;
    }
    return repeated ? Appended::kDuplicate : Appended::kStale;
  }
  if (version == 0 && !a.number.empty() &&
      state->numbers.contains({a.agency, a.number})) {
    return repeated ? Appended::kDuplicate : Appended::kNumberTaken;
  }
  if (repeated && !a.mac.empty()) return Appended::kDuplicate;
  if (a.account.has_value()) {
    if (HeldElsewhere(a, *state)) return Appended::kHeldElsewhere;
    state->accounts[{a.agency, a.account->account}] = *a.account;
    ++state->revocation;
  }

  Stream& stream = state->streams[key];
  if (version == 0) {
    stream.kind = a.kind;
    stream.number = a.number;
    if (!a.number.empty()) state->numbers[{a.agency, a.number}] = a.stream;
  }
  stream.events.push_back(a.event);
  stream.row = a.row;
  if (a.limits.has_value()) stream.limits = *a.limits;
  if (a.text.has_value()) stream.text = a.text;
  if (a.filed.has_value()) {
    state->filed[{a.agency, a.filed->year, a.filed->edition}] = *a.filed;
  }
  if (!a.mac.empty()) {
    state->requests[request] = {a.stream, stream.number, a.event.seq, a.mac};
  }
  state->queue.push_back({{0,
                           a.agency,
                           a.stream,
                           stream.number,
                           stream.kind,
                           a.event.seq,
                           a.event.type,
                           a.event.occurred,
                           a.event.recorded_time,
                           {},
                           {},
                           {}},
                          a.event.leaf_hash});
  for (const int64_t seq : a.erase) {
    for (StoredEvent& event : stream.events) {
      if (event.seq != seq) continue;
      event.erased = event.erased || !event.salt.empty();
      event.salt.clear();
      event.payload.clear();
      const auto caused = state->requests.find({a.agency, event.request_id});
      if (caused != state->requests.end()) caused->second.mac.clear();
    }
  }
  if (a.erase_words && stream.text.has_value()) {
    stream.text = CaseText{stream.text->arrived, "", "", {}, "", ""};
  }
  return Appended::kAppended;
}

History MemoryStore::HistoryOf(const Key& key, std::string_view request_id,
                               bool with_private) const {
  History history;
  const auto version_of = [this](std::string_view agency, StreamKind kind) {
    const auto it = state_.streams.find({Text(agency), WellKnownStream(kind)});
    return it == state_.streams.end()
               ? 0
               : static_cast<int64_t>(it->second.events.size());
  };
  history.national_calendar = version_of(kNation, StreamKind::kCalendar);
  history.local_calendar = version_of(key.first, StreamKind::kCalendar);
  history.terms = version_of(key.first, StreamKind::kAgency);
  history.revocation = state_.revocation;
  const auto prior = state_.requests.find({key.first, Text(request_id)});
  if (!request_id.empty() && prior != state_.requests.end()) {
    history.prior = prior->second;
  }
  const auto found = state_.streams.find(key);
  if (found == state_.streams.end()) return history;
  history.stream = key.second;
  history.number = found->second.number;
  history.events = found->second.events;
  history.version = static_cast<int64_t>(history.events.size());
  history.head = history.events.back().hash;
  if (!with_private) {
    for (StoredEvent& event : history.events) {
      event.salt.clear();
      event.payload.clear();
    }
  }
  return history;
}

absl::StatusOr<History> MemoryStore::Load(std::string_view agency,
                                          std::string_view number,
                                          std::string_view request_id,
                                          bool with_private,
                                          absl::Time /*deadline*/) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("number", number));
  absl::MutexLock lock(&mutex_);
  const auto found = state_.numbers.find({Text(agency), Text(number)});
  return HistoryOf(
      {Text(agency), found == state_.numbers.end() ? "" : found->second},
      request_id, with_private);
}

absl::StatusOr<History> MemoryStore::LoadStream(std::string_view agency,
                                                std::string_view stream,
                                                std::string_view request_id,
                                                bool with_private,
                                                absl::Time /*deadline*/) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  absl::MutexLock lock(&mutex_);
  return HistoryOf({Text(agency), Text(stream)}, request_id, with_private);
}

std::optional<CaseRow> MemoryStore::RowOf(std::string_view agency,
                                          std::string_view stream) const {
  absl::MutexLock lock(&mutex_);
  const auto found = state_.streams.find({Text(agency), Text(stream)});
  if (found == state_.streams.end()) return std::nullopt;
  return found->second.row;
}

std::optional<FiledDocument> MemoryStore::FiledOf(std::string_view agency,
                                                  int year, int edition) const {
  absl::MutexLock lock(&mutex_);
  const auto found = state_.filed.find({Text(agency), year, edition});
  if (found == state_.filed.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<Appended> MemoryStore::AppendAll(
    const std::vector<Append>& batch, absl::Time /*deadline*/) {
  for (const Append& append : batch) RETURN_IF_ERROR(CheckAppend(append));
  absl::MutexLock lock(&mutex_);
  return AppendBatch(batch, nullptr);
}

Appended MemoryStore::AppendBatch(const std::vector<Append>& batch,
                                  std::string* which) {
  // One event is appended whole or not at all; more need a copy to go back to.
  State before;
  if (batch.size() > 1) before = state_;
  for (const Append& append : batch) {
    const Appended appended = AppendOne(append, &state_);
    if (appended == Appended::kAppended) continue;
    if (batch.size() > 1) state_ = std::move(before);
    if (which != nullptr) *which = append.number;
    return appended;
  }
  return Appended::kAppended;
}

Place MemoryStore::PlaceOf(std::string_view agency,
                           const Arrival& arrival) const {
  Place place;
  for (const auto& [key, stream] : state_.streams) {
    if (key.first != agency || !stream.text.has_value() ||
        stream.text->applicant_key != arrival.applicant_key ||
        stream.text->arrived.year() != arrival.arrived.year()) {
      continue;
    }
    ++place.year_count;
    if (stream.text->arrived.month() == arrival.arrived.month()) {
      ++place.month_rank;
    }
  }
  return place;
}

absl::Status MemoryStore::Receive(
    std::string_view agency, int year, const std::vector<Arrival>& arrivals,
    const std::function<
        absl::StatusOr<std::vector<Append>>(const std::vector<Place>&)>& seal,
    absl::Time /*deadline*/) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckArrivals(arrivals));
  if (arrivals.empty()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  int64_t last = state_.counters[{Text(agency), year}];
  std::vector<Place> places;
  for (size_t i = 0; i < arrivals.size(); ++i) {
    Place place = PlaceOf(agency, arrivals[i]);
    const auto prior =
        state_.requests.find({Text(agency), arrivals[i].request_id});
    if (prior != state_.requests.end()) {
      place.prior = prior->second;
    } else if (arrivals[i].imported_number.empty()) {
      do {
        ++last;
      } while (state_.numbers.contains(
          {Text(agency), CaseNumber(agency, year, last)}));
      place.serial = last;
    }
    for (size_t j = 0; j < i && !place.prior.has_value(); ++j) {
      const absl::CivilDay a = arrivals[j].arrived, b = arrivals[i].arrived;
      if (arrivals[j].applicant_key != arrivals[i].applicant_key ||
          places[j].prior.has_value() || a.year() != b.year()) {
        continue;
      }
      ++place.year_count;
      if (a.month() == b.month()) ++place.month_rank;
    }
    places.push_back(std::move(place));
  }
  ASSIGN_OR_RETURN(const std::vector<Append> batch, seal(places));
  for (const Append& append : batch) RETURN_IF_ERROR(CheckAppend(append));
  std::string number;
  const Appended appended = AppendBatch(batch, &number);
  if (appended == Appended::kNumberTaken) {
    v1::Refusal refusal;
    refusal.set_reason(v1::NUMBER_TAKEN);
    refusal.set_got(number);
    return Refuse(refusal);
  }
  if (appended != Appended::kAppended) return StoreAway(0);
  state_.counters[{Text(agency), year}] = last;
  return absl::OkStatus();
}

}  // namespace gongkai::storage
