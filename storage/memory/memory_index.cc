// SPDX-License-Identifier: Apache-2.0
// The part of MemoryStore that lists, and the log.
#include <algorithm>

#include "services/audit/merkle.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "storage/memory/memory_store.h"

namespace gongkai::storage {
namespace {

constexpr audit::Suite kSuite = audit::Suite::kSha256Ed25519;

bool Matches(const CaseQuery& q, const FoundCase& c) {
  const bool phase = q.phases.empty() ||
                     std::find(q.phases.begin(), q.phases.end(), c.row.phase) !=
                         q.phases.end();
  const absl::CivilDay received =
      c.row.received.value_or(absl::CivilDay::max());
  return phase && (q.officer.empty() || q.officer == c.row.officer) &&
         (q.department.empty() || q.department == c.row.department) &&
         (!q.due_by.has_value() ||
          (c.next.has_value() && *c.next->due <= *q.due_by)) &&
         (!q.received_from.has_value() || received >= *q.received_from) &&
         (!q.received_to.has_value() || received <= *q.received_to) &&
         (q.outcome == 0 || q.outcome == c.row.outcome) &&
         (q.applicant_kind == 0 || q.applicant_kind == c.row.applicant_kind) &&
         (!q.open_only || !c.row.done_time.has_value()) &&
         (q.order != CaseQuery::Order::kDue || c.next.has_value());
}

std::string KeyOf(const CaseQuery& q, const FoundCase& c) {
  switch (q.order) {
    case CaseQuery::Order::kDue:
      return c.next.has_value() ? FormatDay(*c.next->due) : "";
    case CaseQuery::Order::kReceivedFirst:
      return c.row.received.has_value() ? FormatDay(*c.row.received)
                                        : "infinity";
    case CaseQuery::Order::kNewest:
      break;
  }
  return "";
}

}  // namespace

absl::StatusOr<std::vector<FoundCase>> MemoryStore::List(
    const CaseQuery& query, absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  std::vector<FoundCase> found;
  for (const auto& [key, stream] : state_.streams) {
    if (key.first != query.agency || stream.kind != StreamKind::kCase) continue;
    FoundCase c;
    c.stream = key.second;
    c.number = stream.number;
    c.version = static_cast<int64_t>(stream.events.size());
    c.row = stream.row;
    for (const LimitRow& limit : stream.limits) {
      if (limit.first && limit.due.has_value()) c.next = limit;
    }
    c.key = KeyOf(query, c);
    if (Matches(query, c)) found.push_back(std::move(c));
  }
  const bool newest = query.order == CaseQuery::Order::kNewest;
  const auto before = [&](const FoundCase& a, const FoundCase& b) {
    if (newest) return a.stream > b.stream;
    return std::tie(a.key, a.stream) < std::tie(b.key, b.stream);
  };
  std::sort(found.begin(), found.end(), before);
  if (!query.after_stream.empty()) {
    FoundCase last;
    last.key = query.after_key;
    last.stream = query.after_stream;
    found.erase(found.begin(),
                std::upper_bound(found.begin(), found.end(), last, before));
  }
  if (found.size() > static_cast<size_t>(query.limit)) {
    found.resize(static_cast<size_t>(query.limit));
  }
  return found;
}

absl::StatusOr<std::vector<FoundText>> MemoryStore::Search(
    std::string_view /*agency*/, std::string_view /*phrase*/,
    const std::vector<std::string>& /*words*/, int /*limit*/,
    std::string_view /*after_stream*/, absl::Time /*deadline*/) {
  return absl::UnimplementedError("no search in memory");
}

absl::StatusOr<std::vector<FoundSimilar>> MemoryStore::Similar(
    std::string_view /*agency*/, std::string_view /*stream*/, int /*limit*/,
    absl::Time /*deadline*/) {
  return absl::UnimplementedError("no likeness in memory");
}

absl::StatusOr<std::vector<FoundText>> MemoryStore::FindByPerson(
    std::string_view agency, const PersonKey& key, int limit,
    std::string_view after_stream, absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  std::vector<FoundText> found;
  for (auto it = state_.streams.rbegin(); it != state_.streams.rend(); ++it) {
    const auto& [id, stream] = *it;
    if (id.first != agency || !stream.text.has_value() ||
        (!after_stream.empty() && id.second >= after_stream)) {
      continue;
    }
    const std::vector<PersonKey>& keys = stream.text->person_keys;
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
    if (found.size() == static_cast<size_t>(limit)) break;
    FoundText one;
    one.found.stream = id.second;
    one.found.number = stream.number;
    one.found.version = static_cast<int64_t>(stream.events.size());
    one.found.row = stream.row;
    one.applicant_name = stream.text->applicant_name;
    found.push_back(std::move(one));
  }
  return found;
}

absl::StatusOr<Earlier> MemoryStore::EarlierOf(std::string_view agency,
                                               std::string_view stream,
                                               absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  Earlier earlier;
  const auto own =
      state_.streams.find({std::string(agency), std::string(stream)});
  if (own == state_.streams.end() || !own->second.text.has_value()) {
    return earlier;
  }
  const CaseText& text = *own->second.text;
  std::vector<std::string> others;
  for (auto it = state_.streams.begin(); it != own; ++it) {
    if (it->first.first != agency || !it->second.text.has_value()) continue;
    const CaseText& other = *it->second.text;
    if (other.applicant_key == text.applicant_key) {
      FoundSimilar same;
      same.found.stream = it->first.second;
      same.found.number = it->second.number;
      same.found.row = it->second.row;
      same.score = other.content == text.content ? 1 : 0;
      same.same_applicant = true;
      same.content = other.content;
      earlier.same_applicant.push_back(std::move(same));
    } else if (other.content_key == text.content_key) {
      others.push_back(other.applicant_key);
    }
  }
  std::sort(others.begin(), others.end());
  earlier.other_applicants = static_cast<int>(
      std::unique(others.begin(), others.end()) - others.begin());
  return earlier;
}

absl::StatusOr<std::vector<Index::OpenCase>> MemoryStore::OpenCases(
    std::string_view agency, std::string_view after_agency,
    std::string_view after_stream, int limit, absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  const Key after{std::string(agency.empty() ? after_agency : agency),
                  std::string(after_stream)};
  std::vector<OpenCase> found;
  for (auto it = state_.streams.upper_bound(after);
       it != state_.streams.end() && found.size() < static_cast<size_t>(limit);
       ++it) {
    const auto& [key, stream] = *it;
    if (stream.kind != StreamKind::kCase || stream.row.done_time.has_value() ||
        (!agency.empty() && key.first != agency)) {
      continue;
    }
    found.push_back(
        {key.first, key.second, stream.number, stream.row.calendar_version});
  }
  return found;
}

absl::StatusOr<std::vector<std::string>> MemoryStore::Agencies(
    absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> agencies;
  for (const auto& [key, stream] : state_.streams) {
    if (stream.kind == StreamKind::kAgency) agencies.push_back(key.first);
  }
  return agencies;
}

absl::StatusOr<std::string> MemoryStore::TileAt(int level,
                                                int64_t index) const {
  const auto it = tiles_.find({level, index});
  if (it == tiles_.end()) return absl::NotFoundError("there is no such tile");
  return it->second;
}

absl::StatusOr<Sequenced> MemoryStore::Sequence(int max, const TreeHead* known,
                                                absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  const audit::ReadTile read = [this](int level, int64_t index, int)
                                   ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
                                     return TileAt(level, index);
                                   };
  const int64_t size = static_cast<int64_t>(log_.size());
  Sequenced sequenced;
  sequenced.head.emplace();
  sequenced.head->size = size;
  ASSIGN_OR_RETURN(sequenced.head->root, audit::RootAt(kSuite, size, read));
  if (known != nullptr && *known != *sequenced.head) {
    sequenced.moved = true;
    return sequenced;
  }
  const size_t n = std::min(static_cast<size_t>(max), state_.queue.size());
  audit::Hashes leaves;
  for (size_t i = 0; i < n; ++i) {
    leaves.push_back(state_.queue[i].leaf_hash);
    log_.push_back(state_.queue[i].entry);
    log_.back().log_index = static_cast<int64_t>(log_.size());
  }
  state_.queue.erase(state_.queue.begin(),
                     state_.queue.begin() + static_cast<std::ptrdiff_t>(n));
  ASSIGN_OR_RETURN(const std::vector<audit::Tile> tiles,
                   audit::ExtendTiles(kSuite, size, leaves, read));
  for (const audit::Tile& tile : tiles) {
    tiles_[{tile.level, tile.index}] = tile.hashes;
  }
  sequenced.placed = static_cast<int>(n);
  sequenced.more = sequenced.placed == max;
  sequenced.head->size = static_cast<int64_t>(log_.size());
  ASSIGN_OR_RETURN(sequenced.head->root,
                   audit::RootAt(kSuite, sequenced.head->size, read));
  return sequenced;
}

absl::StatusOr<TreeHead> MemoryStore::Head(absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  TreeHead head;
  head.size = static_cast<int64_t>(log_.size());
  ASSIGN_OR_RETURN(head.root,
                   audit::RootAt(kSuite, head.size,
                                 [this](int level, int64_t index, int)
                                     ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
                                       return TileAt(level, index);
                                     }));
  return head;
}

absl::StatusOr<std::string> MemoryStore::Tile(int level, int64_t index,
                                              absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  return TileAt(level, index);
}

absl::StatusOr<LogIdentity> MemoryStore::Identity(absl::Time /*deadline*/) {
  return LogIdentity{"gongkai", static_cast<int>(kSuite)};
}

absl::StatusOr<std::vector<LogEntry>> MemoryStore::ReadLog(
    int64_t after, std::string_view agency, int max, absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  std::vector<LogEntry> entries;
  for (size_t i = static_cast<size_t>(std::max<int64_t>(after, 0));
       i < log_.size() && entries.size() < static_cast<size_t>(max); ++i) {
    if (!agency.empty() && log_[i].agency != agency) continue;
    entries.push_back(log_[i]);
    const CaseRow& row =
        state_.streams.at({log_[i].agency, log_[i].stream}).row;
    entries.back().department = row.department;
    entries.back().labels = row.labels;
    entries.back().restricted_to = row.restricted_to;
  }
  return entries;
}

absl::StatusOr<int64_t> MemoryStore::LogSize(absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  return static_cast<int64_t>(log_.size());
}

absl::StatusOr<std::string> MemoryStore::JobState(std::string_view job,
                                                  absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  const auto it = jobs_.find(std::string(job));
  return it == jobs_.end() ? std::string() : it->second;
}

absl::Status MemoryStore::SetJobState(std::string_view job,
                                      std::string_view state,
                                      absl::Time /*deadline*/) {
  absl::MutexLock lock(&mutex_);
  jobs_[std::string(job)] = std::string(state);
  return absl::OkStatus();
}

}  // namespace gongkai::storage
