// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_ROWS_H_
#define GONGKAI_STORAGE_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

// What the stores take and give: plain values. Enums of the contract are plain
// integers here.
namespace gongkai::storage {

// What a stream of events is about.
enum class StreamKind {
  kCase = 1,
  kAgency = 2,
  kAccount = 3,
  kCalendar = 4,
  kLog = 5,  // what was decided about the log itself
};

// The agency under which national streams are kept.
inline constexpr std::string_view kNation = "CN";

// The one stream of `kind` (agency, calendar, log) of an agency.
std::string WellKnownStream(StreamKind kind);

// The stream of an account of an agency: made of its name, a UUID of version 8.
std::string AccountStream(std::string_view account);

// One event as stored: its canonical bytes and its private part.
struct StoredEvent {
  int64_t seq = 0;
  // Field number in v1::Event.
  int type = 0;
  std::string event_id;    // UUID
  std::string request_id;  // UUID
  absl::Time recorded_time;
  absl::CivilDay occurred;
  std::string record;     // canonical bytes, hashed as stored
  std::string hash;       // 32 bytes, of the record in its chain
  std::string leaf_hash;  // 32 bytes, of the record in the log
  // Private part: both empty when there is none; `erased` when it was
  // destroyed.
  std::string salt;     // 32 bytes
  std::string payload;  // serialized private part of the event
  bool erased = false;
};

// An earlier request with the same request_id.
struct Prior {
  std::string stream;
  std::string number;  // of the case
  int64_t seq = 0;
  std::string mac;  // of the body; empty when its text was erased
};

// The data key of a stream (数据密钥), wrapped under a key outside the
// database: its private parts are sealed with it.
struct DataKey {
  // Of the outside key; 0 when the stream has no key.
  int outer = 0;
  std::string wrapped;
};

// What Load found.
struct History {
  // Empty when there is no such stream.
  std::string stream;
  std::string number;
  int64_t version = 0;
  std::string head;  // hash of the last event
  std::vector<StoredEvent> events;
  std::optional<Prior> prior;
  // Versions of the national and the agency's calendar and of its terms, as
  // they stood in the same snapshot: a server that holds older ones reads
  // them anew.
  int64_t national_calendar = 0;
  int64_t local_calendar = 0;
  int64_t terms = 0;
  // Of the stream; goes into the next Append.
  DataKey key;
  // How often an account, a grant or a session was taken away or changed, as in
  // the same snapshot: who was identified at another count is looked at again.
  int64_t revocation = 0;
};

// A live limit of a case, to be searched by. Replaced as a whole.
struct LimitRow {
  int kind = 0;
  int ordinal = 1;
  int whose = 0;
  int state = 0;  // RUNNING or SUSPENDED
  absl::CivilDay start;
  std::optional<absl::CivilDay> due;
  bool provisional = false;
  // The agency's own limit with a last day that runs out first in the case.
  bool first = false;
};

// The index row of a case: only to search by; a test keeps it equal to the
// fold of the events.
struct CaseRow {
  int phase = 0;
  int outcome = 0;
  int applicant_kind = 0;
  std::string officer;
  std::string department;
  std::optional<absl::CivilDay> received;
  // Record time at which the case was closed or merged, and no docket open.
  std::optional<absl::Time> done_time;
  std::string calendar_version;
  // Values of v1::Label, ascending.
  std::vector<int> labels = {};
  // Accounts that alone may see the case; none when it is not restricted.
  std::vector<std::string> restricted_to = {};

  // What the annual return finds it by (FMT table 3). The day on which handling
  // ended, while `received` is known.
  std::optional<absl::CivilDay> finished = {};
  // 3 to 23: the row of its result; 0 while there is none.
  int return_row = 0;
  // False for a reopened sub-case: not newly received (reading A31).
  bool counted = true;
  // A review or lawsuit was opened; a fee was charged: to be folded for table 4
  // and the fees.
  bool remedies = false;
  bool fees = false;
};

// A keyed digest of what names a person: found by equality, never read.
enum class PersonKeyKind { kIdentityNumber = 1, kTelephone = 2 };
struct PersonKey {
  PersonKeyKind kind = PersonKeyKind::kIdentityNumber;
  std::string digest;  // 16 bytes

  bool operator==(const PersonKey&) const = default;
};

// What a case is searched by; apart from the row that acts update.
struct CaseText {
  absl::CivilDay arrived;
  std::string applicant_name;
  std::string content;
  std::vector<std::string> words;  // for phrase search
  std::string applicant_key;       // keyed digest of the applicant, 16 bytes
  std::string content_key;         // keyed digest of the normalized content
  // Blind indexes (盲索引) of identity numbers and telephones.
  std::vector<PersonKey> person_keys = {};
};

// What an account is known by besides its name.
struct AccountKey {
  enum class Kind { kCertificate = 1, kSubject = 2 } kind = Kind::kCertificate;
  std::string digest;  // 32 bytes

  bool operator==(const AccountKey&) const = default;
};

// An account as an event leaves it: replaces its row and its keys, raises the
// count of revocations, and ends its sessions when told so.
struct AccountRow {
  std::string account;
  std::string person;
  int kind = 0;  // v1::AccountKind
  bool active = true;
  // The one administrator's role that its person holds by this account
  // (v1::Role), 0 for none. One person has one such post in all the database.
  int post = 0;
  std::vector<AccountKey> keys;
  bool end_sessions = false;
};

// What is kept beside the event of a return that was filed (ReturnFiling).
struct FiledDocument {
  int year = 0;
  int edition = 0;
  std::string document;  // serialized v1::AnnualReturn
  std::string cases;     // its list of cases
};

// One event to append to one stream, with all that follows from it.
struct Append {
  std::string agency;
  std::string stream;
  StreamKind kind = StreamKind::kCase;
  // The number that a new case gets; empty otherwise.
  std::string number;
  // The version before; 0 makes the stream.
  int64_t expected_version = 0;
  StoredEvent event;
  // Of the request's body. Empty: the request is not remembered (jobs that
  // name their own ids still set it).
  std::string mac;
  CaseRow row;
  // Absent: the rows stay as they are. To be given only when they changed:
  // replacing them costs as much as the rest of the append.
  std::optional<std::vector<LimitRow>> limits;
  // Present on receipt and when words changed.
  std::optional<CaseText> text;
  // Of an erasure: the events whose salt and private part are destroyed in the
  // same commit, with the digests of the requests that caused them, and whether
  // the words of the case go too.
  std::vector<int64_t> erase;
  bool erase_words = false;
  // Of the stream, as History gave it; without one, a stream that gets private
  // parts is given a key.
  DataKey key;
  // Of an event in the stream of an account.
  std::optional<AccountRow> account;
  // Of a return that is filed, in the stream of an agency.
  std::optional<FiledDocument> filed = {};
};

// The log that records go to: named in each of them, fixed before the first.
struct LogIdentity {
  std::string origin;
  int suite = 1;  // number of audit::Suite
};

enum class Appended {
  // Also when this very event (by its event_id) was appended before, so that a
  // call whose answer was lost may be made again.
  kAppended,
  // The version moved on, or another made the stream.
  kStale,
  // The request_id is already there: Load again and look at `prior`.
  kDuplicate,
  // The number of a new case is taken.
  kNumberTaken,
  // A key or the post of the account's person is held by another account.
  kHeldElsewhere,
};

// One application in a batch of receipts, before it has a number. No request_id
// may stand twice in a batch (INVALID_ARGUMENT).
struct Arrival {
  std::string request_id;
  std::string applicant_key;
  absl::CivilDay arrived;
  // Kept as the case number when not empty.
  std::string imported_number;
};

// What the counter and the register say about an arrival.
struct Place {
  // Serial number of the year; 0 for an imported one or a repeated request.
  int64_t serial = 0;
  // 1 + the applicant's applications of the same calendar month before it.
  int month_rank = 1;
  // 1 + those of the calendar year before it.
  int year_count = 1;
  std::optional<Prior> prior;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_ROWS_H_
