// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_BUNDLE_H_
#define GONGKAI_SERVICES_AUDIT_BUNDLE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/event.pb.h"
#include "services/audit/merkle.h"
#include "services/audit/note.h"
#include "services/audit/record.h"

// The evidence of one case (证据包): what its lines hold and what is checked of
// them, without files. clients/verify/README.md describes the format.
namespace gongkai::audit {

// A line of events.jsonl, without its newline, is at most this long.
inline constexpr size_t kMaxBundleLine = size_t{16} << 20;
// A proof has at most this many hashes: the tree has fewer than 2^63 leaves.
inline constexpr size_t kMaxProofHashes = 64;

// One event as evidence.
struct BundleEvent {
  int64_t seq = 0;
  int64_t index = 0;  // of the leaf, from 0
  std::string record;
  Hashes proof;
  bool has_private = false;
  std::string salt;  // 32 bytes
  std::string payload;
  bool erased = false;
};

// The line of `event`, with its newline: the one spelling that it has.
std::string ToBundleLine(const BundleEvent& event);
// Reads a line without its newline. INVALID_ARGUMENT unless it is spelled as
// ToBundleLine spells it.
absl::StatusOr<BundleEvent> ParseBundleLine(std::string_view line);

// The file of a proof: one hash a line in base64, each line with its newline.
std::string ToProofFile(const Hashes& proof);
absl::StatusOr<Hashes> ParseProofFile(std::string_view text);

// What became of the personal text of an event.
enum class PrivatePart {
  kNone,      // the event never had any
  kShown,     // it is in the evidence
  kWithheld,  // it is kept, but not in the evidence
  kErased,    // it was destroyed
};

// An event read back from its record and its private part.
struct OpenedEvent {
  Record record;
  v1::Event event;  // with the personal text that is shown
  PrivatePart part = PrivatePart::kNone;
  std::string hash;  // that the next record names
};
// DATA_LOSS says in a sentence what cannot be read. UNIMPLEMENTED for an event
// of a kind that this program does not know. Proofs and commitments are not
// looked at.
absl::StatusOr<OpenedEvent> OpenEvent(const BundleEvent& event);

// Something found, one sentence in each language.
struct Finding {
  enum class Kind {
    kAltered,    // was checked and does not hold
    kUnchecked,  // could not be checked, and the proof needs it
    kNote,       // worth knowing
  };
  Kind kind = Kind::kAltered;
  std::string zh;
  std::string en;
};
using Report = std::function<void(Finding)>;

Finding Altered(std::string zh, std::string en);
Finding Unchecked(std::string zh, std::string en);
Finding Noted(std::string zh, std::string en);

// Checks the events of one case against a checkpoint, one at a time and in
// memory that grows by three bits an event.
class CaseVerifier {
 public:
  // A clock may be set back by this much between two records.
  static constexpr absl::Duration kClockTolerance = absl::Minutes(5);

  // `checkpoint` lives longer.
  explicit CaseVerifier(const SignedCheckpoint& checkpoint)
      : log_(checkpoint) {}

  // The next event of the case; what is found is reported. The event
  // as read, or nothing when it cannot be.
  std::optional<OpenedEvent> Add(const BundleEvent& event,
                                 const Report& report);
  // After the last one; not after an event that could not be read at all, for
  // what follows it may explain what came before.
  void Finish(const Report& report);

  struct Counts {
    int64_t events = 0;
    int64_t shown = 0;  // private parts that match
    int64_t withheld = 0;
    int64_t erased = 0;
  };
  const Counts& counts() const { return counts_; }
  // Of the first record; empty before it.
  const std::string& agency() const { return agency_; }
  const std::string& stream() const { return stream_; }
  // Of the last record.
  absl::Time last_time() const { return last_time_; }

 private:
  void CheckPlace(const BundleEvent& event, const Report& report);
  void CheckRecord(const BundleEvent& event, const Record& record,
                   const Report& report);
  void CheckTime(const Record& record, const Report& report);
  void CheckPrivate(const BundleEvent& event, const OpenedEvent& opened,
                    const Report& report);
  void CheckErasure(const v1::Erasure& erasure, const Report& report);

  const SignedCheckpoint& log_;
  Counts counts_;
  std::string agency_;
  std::string stream_;
  std::string last_hash_ = std::string(kHashBytes, '\0');
  absl::Time last_time_ = absl::InfinitePast();
  int64_t last_index_ = -1;
  int64_t last_seq_ = 0;
  bool in_order_ = true;
  // By place in the bundle: said to be erased, in the evidence, named by an
  // erasure.
  std::vector<bool> erased_ = {false};
  std::vector<bool> shown_ = {false};
  std::vector<bool> named_ = {false};
};

// An older checkpoint against the one of the evidence. `proof` is that of
// consistency between the smaller and the larger size, absent when there is
// none. Nothing when it holds.
std::optional<Finding> CheckOldCheckpoint(const SignedCheckpoint& bundle,
                                          const SignedCheckpoint& old,
                                          const std::optional<Hashes>& proof);
// The name of its file: `5-8.proof`; empty when none is needed.
std::string ConsistencyFile(int64_t one_size, int64_t other_size);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_BUNDLE_H_
