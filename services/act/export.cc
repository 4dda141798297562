// SPDX-License-Identifier: Apache-2.0
#include "services/act/export.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/act/marks.h"
#include "services/act/read_case.h"
#include "services/audit/merkle.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

constexpr int kUsualPage = 500;
// Well below what a client takes in one message; an event is smaller.
constexpr size_t kPageBytes = size_t{1} << 20;
constexpr int64_t kSignedSoonMs = 1000;
// Checkpoints looked through for one that a witness saw.
constexpr int kLookedThrough = 8;

absl::Status NotYetSigned() {
  v1::Refusal refusal;
  refusal.set_reason(v1::NOT_YET_SIGNED);
  refusal.set_retry_ms(kSignedSoonMs);
  return Refuse(refusal);
}

// Tiles of the log, each read once.
audit::ReadTile Cached(storage::Log& log, absl::Time deadline) {
  using Key = std::pair<int, int64_t>;
  auto tiles = std::make_shared<std::map<Key, std::string>>();
  return [&log, deadline, tiles](int level, int64_t index,
                                 int) -> absl::StatusOr<std::string> {
    const auto it = tiles->find({level, index});
    if (it != tiles->end()) return it->second;
    ASSIGN_OR_RETURN(std::string tile, log.Tile(level, index, deadline));
    return tiles->emplace(Key{level, index}, std::move(tile)).first->second;
  };
}

bool IsOfWitness(const storage::StoredAnchor& anchor) {
  return anchor.kind == storage::AnchorKind::kWitness;
}

// How many of the places are in a tree of `size`; they are in order.
size_t Covered(const std::vector<storage::EventPlace>& places, int64_t size) {
  return static_cast<size_t>(std::partition_point(places.begin(), places.end(),
                                                  [size](const auto& place) {
                                                    return place.log_index <=
                                                           size;
                                                  }) -
                             places.begin());
}

}  // namespace

struct Exporter::Case {
  ReadCase read;
  std::vector<storage::EventPlace> places;
  storage::StoredCheckpoint checkpoint;
  size_t covered = 0;  // events that the checkpoint holds
  audit::Suite suite = audit::Suite::kSha256Ed25519;
  audit::ReadTile tiles;
};

absl::StatusOr<v1::ExportCaseResponse> Exporter::ExportCase(
    const auth::Caller& caller, const v1::ExportCaseRequest& request,
    absl::Time deadline) {
  // Also for who asks behind the wire: nothing leaves whole without a purpose.
  if (request.purpose() == v1::PURPOSE_UNSPECIFIED) {
    return RefuseField("purpose", "a value of Purpose", "nothing");
  }
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(from_.recorder.Admit(caller, "ExportCase", ref.agency,
                                       ref.number, auth::Access::kExportCase,
                                       deadline));
  Case c;
  ASSIGN_OR_RETURN(
      c.read, OpenForReading(from_.store, from_.registry, ref, true, deadline));
  RETURN_IF_ERROR(from_.recorder.AdmitTo(caller, "ExportCase", ref,
                                         MarksOf(c.read.c),
                                         auth::Access::kExportCase, deadline));
  const storage::History& history = c.read.history;
  ASSIGN_OR_RETURN(c.places,
                   from_.proofs.PlacesOf(ref.agency, history.stream, deadline));
  // An event appended since is for the next export.
  c.places.resize(std::min(c.places.size(), history.events.size()));
  ASSIGN_OR_RETURN(const storage::LogIdentity log,
                   from_.registry.Log(deadline));
  ASSIGN_OR_RETURN(c.suite, audit::SuiteNumbered(log.suite));
  ASSIGN_OR_RETURN(c.checkpoint, Choose(request, c, deadline));
  c.covered = Covered(c.places, c.checkpoint.size);
  if (c.covered == 0) return NotYetSigned();
  c.tiles = Cached(from_.log, deadline);

  v1::ExportCaseResponse response;
  response.set_checkpoint_size(c.checkpoint.size);
  response.set_not_yet_signed(
      static_cast<int64_t>(history.events.size() - c.covered));
  const size_t most = request.page_size() > 0
                          ? static_cast<size_t>(request.page_size())
                          : kUsualPage;
  size_t bytes = 0;
  auto i = static_cast<size_t>(std::max<int64_t>(0, request.after_seq()));
  for (; i < c.covered; ++i) {
    const auto taken = static_cast<size_t>(response.events_size());
    if (taken == most || (taken > 0 && bytes >= kPageBytes)) break;
    const storage::StoredEvent& stored = history.events[i];
    const int64_t place = c.places[i].log_index;
    if (c.places[i].seq != stored.seq) {
      return absl::DataLossError(absl::StrCat(
          "event ", stored.seq, " of the case has no place in the log"));
    }
    v1::ProvedEvent* event = response.add_events();
    event->set_seq(stored.seq);
    event->set_log_index(place);
    event->set_record(stored.record);
    event->set_salt(stored.salt);
    event->set_payload(stored.payload);
    event->set_erased(stored.erased);
    ASSIGN_OR_RETURN(
        const audit::Hashes proof,
        audit::ProveInclusion(c.suite, place - 1, c.checkpoint.size, c.tiles));
    for (const std::string& hash : proof) event->add_proof(hash);
    bytes += event->ByteSizeLong();
  }
  response.set_more(i < c.covered);
  if (request.checkpoint_size() == 0) {
    RETURN_IF_ERROR(AddFirst(request, c, deadline, response));
  }

  v1::Access access;
  access.set_kind(v1::EXPORTED);
  access.set_method("ExportCase");
  access.add_cases(ref.number);
  access.set_version(c.read.c.version);
  access.set_purpose(request.purpose());
  RETURN_IF_ERROR(from_.recorder.Record(caller, ref.agency, access, deadline));
  if (from_.reveals != nullptr) {
    from_.reveals->Note(caller, ref.agency, ref.number, from_.clock.Now());
  }
  return response;
}

absl::StatusOr<storage::StoredCheckpoint> Exporter::Choose(
    const v1::ExportCaseRequest& request, const Case& c,
    absl::Time deadline) const {
  if (const int64_t pinned = request.checkpoint_size(); pinned > 0) {
    ASSIGN_OR_RETURN(std::optional<storage::StoredCheckpoint> found,
                     from_.proofs.NewestCheckpoint(pinned, deadline));
    if (found && found->size == pinned) return *std::move(found);
    return RefuseField("checkpoint_size", "the size that the first page gave",
                       absl::StrCat(pinned));
  }
  ASSIGN_OR_RETURN(std::optional<storage::StoredCheckpoint> newest,
                   from_.proofs.NewestCheckpoint(0, deadline));
  if (!newest) return NotYetSigned();
  if (c.places.size() < c.read.history.events.size()) return *newest;
  int64_t need = c.places.empty() ? 0 : c.places.back().log_index;
  for (const int64_t old : request.old_sizes()) need = std::max(need, old);
  // What left the database cannot be taken back; best is what a witness saw.
  ASSIGN_OR_RETURN(const storage::LogHealth health,
                   from_.proofs.Health(deadline));
  std::optional<storage::StoredCheckpoint> anchored;
  int64_t size = health.anchored_size;
  for (int i = 0; i < kLookedThrough && size > 0 && size >= need; ++i) {
    ASSIGN_OR_RETURN(const std::optional<storage::StoredCheckpoint> found,
                     from_.proofs.NewestCheckpoint(size, deadline));
    if (!found || found->size < need) break;
    if (!anchored) anchored = found;
    ASSIGN_OR_RETURN(const auto anchors,
                     from_.proofs.AnchorsOf(found->size, deadline));
    if (std::any_of(anchors.begin(), anchors.end(), IsOfWitness)) return *found;
    size = found->size - 1;
  }
  return anchored.value_or(*newest);
}

absl::Status Exporter::AddFirst(const v1::ExportCaseRequest& request,
                                const Case& c, absl::Time deadline,
                                v1::ExportCaseResponse& response) const {
  response.set_checkpoint(c.checkpoint.note);
  ASSIGN_OR_RETURN(const auto anchors,
                   from_.proofs.AnchorsOf(c.checkpoint.size, deadline));
  for (const storage::StoredAnchor& anchor : anchors) {
    if (IsOfWitness(anchor)) response.add_witness_notes(anchor.note);
  }
  ASSIGN_OR_RETURN(const storage::TreeHead head, from_.log.Head(deadline));
  for (const int64_t old : request.old_sizes()) {
    const auto [from, to] = std::minmax(old, c.checkpoint.size);
    if (from < 1 || to > head.size) continue;
    ASSIGN_OR_RETURN(const audit::Hashes hashes,
                     audit::ProveConsistency(c.suite, from, to, c.tiles));
    v1::ConsistencyProof* proof = response.add_consistency();
    proof->set_from_size(from);
    proof->set_to_size(to);
    for (const std::string& hash : hashes) proof->add_hashes(hash);
  }
  const law::Rulebook& rules = from_.registry.rules();
  const absl::CivilDay as_of = ShanghaiDay(from_.clock.Now());
  const auto limits = c.read.LimitsOn(rules, as_of);
  for (const law::Limit& limit : limits) {
    v1::ExplainTimeLimitResponse* ledger = response.add_ledgers();
    *ledger->mutable_limit() =
        casework::ViewOfLimit(limit, c.read.calendar, as_of);
    for (const law::LedgerLine& line : law::ExplainLimit(
             c.read.c.facts, rules, c.read.calendar, c.read.terms->terms, as_of,
             limit.kind, limit.ordinal)) {
      *ledger->add_ledger() = casework::ViewOfLine(line);
    }
  }
  *response.mutable_case_() = casework::ViewOf(c.read.c, c.read.past, limits,
                                               rules, c.read.calendar, as_of);
  // Evidence is whole: what is committed to cannot be masked.
  response.mutable_case_()->set_masked(false);
  return absl::OkStatus();
}

}  // namespace gongkai::act
