// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_STORE_H_
#define GONGKAI_STORAGE_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "storage/rows.h"

// What is stored, never why. Enums of the contract are plain integers here.
// Every call takes a deadline, after which the database is told to stop.
// UNAVAILABLE (Reason STORE_AWAY, with a retry delay) when the database is away
// or the outcome of a commit is unknown: the same request settles it.
// RESOURCE_EXHAUSTED (TOO_BUSY) when no connection is free in time;
// DEADLINE_EXCEEDED when the deadline passed.
namespace gongkai::storage {

// Streams of events. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // One case with its events and any earlier request of this id, in one trip.
  // A case that does not exist gives an empty `stream`. `with_private` also
  // reads the private parts.
  virtual absl::StatusOr<History> Load(std::string_view agency,
                                       std::string_view number,
                                       std::string_view request_id,
                                       bool with_private,
                                       absl::Time deadline) = 0;

  // As Load, by stream.
  virtual absl::StatusOr<History> LoadStream(std::string_view agency,
                                             std::string_view stream,
                                             std::string_view request_id,
                                             bool with_private,
                                             absl::Time deadline) = 0;

  // Appends all of `batch` or nothing, durably when it returns kAppended.
  virtual absl::StatusOr<Appended> AppendAll(const std::vector<Append>& batch,
                                             absl::Time deadline) = 0;

  // Takes in `arrivals` of one agency and year: locks the counter, finds
  // repeats, takes the numbers, calls `seal` with the places (in order) and
  // appends what it returns, in one commit. A refused receipt takes no number.
  // `seal` runs at most once, with the counter locked: no I/O in it. Serial
  // numbers that imported cases hold already are stepped over. NUMBER_TAKEN
  // names an imported number that is there; STORE_AWAY when another carried out
  // one of the requests at the same moment.
  virtual absl::Status Receive(
      std::string_view agency, int year, const std::vector<Arrival>& arrivals,
      const std::function<
          absl::StatusOr<std::vector<Append>>(const std::vector<Place>&)>& seal,
      absl::Time deadline) = 0;

  // The log that every record must name; a record that names another is
  // FAILED_PRECONDITION.
  virtual absl::StatusOr<LogIdentity> Identity(absl::Time deadline) = 0;
};

// What ListCases asks for. Absent and empty fields ask nothing.
struct CaseQuery {
  // kDue lists only cases with a limit marked `first`; kReceivedFirst puts
  // cases without a day of receipt last.
  enum class Order { kNewest, kDue, kReceivedFirst };
  std::string agency;
  std::vector<int> phases;
  std::string officer;
  std::string department;
  std::optional<absl::CivilDay> due_by;
  std::optional<absl::CivilDay> received_from;
  std::optional<absl::CivilDay> received_to;
  int outcome = 0;
  int applicant_kind = 0;
  bool open_only = false;
  Order order = Order::kNewest;
  int limit = 50;
  // Of the last row of the page before: its order key and stream.
  std::string after_key;
  std::string after_stream;
};

// One row of a list.
struct FoundCase {
  std::string stream;
  std::string number;
  int64_t version = 0;
  CaseRow row;
  // The limit marked `first`, if any.
  std::optional<LimitRow> next;
  // The order key, to go on after it.
  std::string key;
};

struct FoundText {
  FoundCase found;
  std::string applicant_name;
  // Some 40 characters around the phrase.
  std::string excerpt;
};

struct FoundSimilar {
  FoundCase found;
  double score = 0;
  bool same_applicant = false;
  std::string content;
};

// What is known of an applicant and a content at receipt.
struct Earlier {
  std::vector<FoundSimilar> same_applicant;
  int other_applicants = 0;
};

// The rows to search by. Thread-safe.
class Index {
 public:
  virtual ~Index() = default;
  virtual absl::StatusOr<std::vector<FoundCase>> List(const CaseQuery& query,
                                                      absl::Time deadline) = 0;
  // Cases whose content or applicant contains `phrase` literally; `words` are
  // its Bigrams. Newest first, after `after_stream`. Latin words of the phrase
  // are found where a word begins with them.
  virtual absl::StatusOr<std::vector<FoundText>> Search(
      std::string_view agency, std::string_view phrase,
      const std::vector<std::string>& words, int limit,
      std::string_view after_stream, absl::Time deadline) = 0;
  // Like cases of the agency by trigram similarity, best first, score >= 0.2,
  // of those that share one of the rarest pairs of characters.
  virtual absl::StatusOr<std::vector<FoundSimilar>> Similar(
      std::string_view agency, std::string_view stream, int limit,
      absl::Time deadline) = 0;
  // Cases whose applicant or agent has the key, newest first, after
  // `after_stream`; no excerpt.
  virtual absl::StatusOr<std::vector<FoundText>> FindByPerson(
      std::string_view agency, const PersonKey& key, int limit,
      std::string_view after_stream, absl::Time deadline) = 0;
  // Earlier cases of the same applicant (at most 20, best first), and how many
  // other applicants asked the same words.
  virtual absl::StatusOr<Earlier> EarlierOf(std::string_view agency,
                                            std::string_view stream,
                                            absl::Time deadline) = 0;
  // Open cases of an agency in the order of their streams, after one: for
  // jobs. Empty agency: of all agencies.
  struct OpenCase {
    std::string agency;
    std::string stream;
    std::string number;
    std::string calendar_version;
  };
  virtual absl::StatusOr<std::vector<OpenCase>> OpenCases(
      std::string_view agency, std::string_view after_agency,
      std::string_view after_stream, int limit, absl::Time deadline) = 0;
  // Codes of all agencies.
  virtual absl::StatusOr<std::vector<std::string>> Agencies(
      absl::Time deadline) = 0;
};

// One event in the log.
struct LogEntry {
  // From 1 on; places between may be those of access records.
  int64_t log_index = 0;
  std::string agency;
  std::string stream;
  std::string number;  // of a case
  StreamKind kind = StreamKind::kCase;
  int64_t seq = 0;
  int type = 0;
  absl::CivilDay occurred;
  absl::Time recorded_time;
  // Of the case as it stands now: who may hear of it.
  std::string department = {};
  std::vector<int> labels = {};
  std::vector<std::string> restricted_to = {};
};

// Size and root of the tree over the log.
struct TreeHead {
  int64_t size = 0;
  std::string root;  // 32 bytes

  bool operator==(const TreeHead&) const = default;
};

// What one call of Sequence did.
struct Sequenced {
  int placed = 0;
  // The tree is not the one that the caller knew: nothing was done.
  bool moved = false;
  // There may be more to do.
  bool more = false;
  // Of the tree after it; unset when another is at work.
  std::optional<TreeHead> head;
};

// The log: every event of every stream, and every access record, in one order,
// under one Merkle tree. Thread-safe.
class Log {
 public:
  virtual ~Log() = default;
  // Gives places to at most `max` queued entries and takes them into the tree,
  // in one transaction. Only one sequencer works at a time; for another nothing
  // is placed. With `known`, only while the tree is that one.
  virtual absl::StatusOr<Sequenced> Sequence(int max, const TreeHead* known,
                                             absl::Time deadline) = 0;
  // The tree as it stands.
  virtual absl::StatusOr<TreeHead> Head(absl::Time deadline) = 0;
  // The hashes of a tile of the tree (see audit::ReadTile). NOT_FOUND when it
  // is not there.
  virtual absl::StatusOr<std::string> Tile(int level, int64_t index,
                                           absl::Time deadline) = 0;
  // Events after `after`, in order, of `agency` (empty: all).
  virtual absl::StatusOr<std::vector<LogEntry>> ReadLog(
      int64_t after, std::string_view agency, int max, absl::Time deadline) = 0;
  // Number of places given.
  virtual absl::StatusOr<int64_t> LogSize(absl::Time deadline) = 0;
};

// Where resumable jobs keep their place. Thread-safe.
class JobBook {
 public:
  virtual ~JobBook() = default;
  // The state kept under `job`; empty when there is none.
  virtual absl::StatusOr<std::string> JobState(std::string_view job,
                                               absl::Time deadline) = 0;
  virtual absl::Status SetJobState(std::string_view job, std::string_view state,
                                   absl::Time deadline) = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_STORE_H_
