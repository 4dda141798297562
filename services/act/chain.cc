// SPDX-License-Identifier: Apache-2.0
#include "services/act/chain.h"

#include <string>

#include "absl/strings/str_format.h"
#include "services/audit/record.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

absl::Status Defect(int64_t seq, std::string_view what) {
  return absl::DataLossError(absl::StrFormat("record %d: %s", seq, what));
}

absl::Status CheckPrivate(const audit::Record& record,
                          const storage::StoredEvent& event) {
  const bool committed = record.private_commitment != std::string(32, '\0');
  if (event.erased || (!committed && event.payload.empty())) {
    return absl::OkStatus();
  }
  // Histories may be read without their private parts.
  if (committed && event.payload.empty()) return absl::OkStatus();
  if (audit::Commitment(record.suite, event.salt, event.payload) !=
      record.private_commitment) {
    return Defect(record.seq, "the private part is not the one committed to");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckChain(std::string_view agency,
                        const storage::History& history) {
  std::string previous(32, '\0');
  int64_t seq = 0;
  for (const storage::StoredEvent& event : history.events) {
    ++seq;
    ASSIGN_OR_RETURN(const audit::Record record, audit::Decode(event.record));
    if (record.seq != seq || event.seq != seq) {
      return Defect(seq, "a number is missing or out of order");
    }
    if (record.agency != agency || record.stream != history.stream) {
      return Defect(seq, "the record belongs to another stream");
    }
    if (audit::EventHash(event.record) != event.hash ||
        audit::LeafHash(event.record) != event.leaf_hash) {
      return Defect(seq, "the hash is not that of the record");
    }
    if (record.previous_hash != previous) {
      return Defect(seq, "the record names another predecessor");
    }
    RETURN_IF_ERROR(CheckPrivate(record, event));
    previous = event.hash;
  }
  if (history.version != seq || history.head != previous) {
    return Defect(seq, "the head of the stream is not its last record");
  }
  return absl::OkStatus();
}

}  // namespace gongkai::act
