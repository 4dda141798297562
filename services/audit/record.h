// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_RECORD_H_
#define GONGKAI_SERVICES_AUDIT_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/event.pb.h"
#include "services/audit/suite.h"

namespace gongkai::audit {

// The canonical bytes of an event, version 1: the only bytes that are hashed.
// They are made once, stored as they are, and never made again from a message.
// Layout: one byte of format version, one of the suite; then the fields below
// in this order, strings as a 32-bit big-endian length and their bytes,
// integers as 64-bit big-endian, attachment commitments as a 32-bit count and
// 32 bytes each.
struct Record {
  static constexpr uint8_t kFormat = 1;

  Suite suite = Suite::kSha256Ed25519;
  std::string log_origin;
  std::string agency;
  std::string stream;  // UUID text
  int64_t seq = 0;
  int64_t event_type = 0;  // field number in v1::Event
  std::string event_id;
  std::string request_id;
  v1::Actor actor;
  absl::Time recorded_time;  // whole microseconds
  std::string occurred_date;
  std::string calendar_version;
  std::string rulebook_version;
  std::string previous_hash;  // 32 zero bytes for the first event
  std::string
      private_commitment;  // 32 bytes; zeros when there is no private part
  std::vector<std::string> attachment_commitments;  // 32 bytes each
  std::string public_body;  // v1::Event without personal strings
};

// The bytes of `record`.
std::string Encode(const Record& record);

// How every record of the log `origin` begins: format, suite, origin.
std::string RecordPrefix(Suite suite, std::string_view origin);

// Reads what Encode wrote. DATA_LOSS names the defect: unknown format or suite,
// length beyond the end, bytes left over.
absl::StatusOr<Record> Decode(std::string_view bytes);

// Digest(0x02 ‖ record), by the suite that the record names: the hash that the
// next record of the stream names.
std::string EventHash(std::string_view record);
// Digest(0x00 ‖ record), likewise: the leaf of the log (RFC 6962).
std::string LeafHash(std::string_view record);
// Digest("pc1" ‖ salt ‖ payload): what the record says of its private part.
std::string Commitment(Suite suite, std::string_view salt,
                       std::string_view payload);
// HMAC-SHA-256, cut to 16 bytes.
std::string ShortMac(std::string_view key, std::string_view text);

// Takes the personal strings out of `event` (by the contract's `personal`
// rule, at every depth) and returns them as a message of the same shape,
// serialized; empty when there are none.
std::string SplitPrivate(v1::Event& event);
// Puts them back. DATA_LOSS, and nothing is done, when the payload cannot be
// read or holds anything else: a public field, a message that the event does
// not have, text that it has already.
absl::Status MergePrivate(std::string_view payload, v1::Event& event);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_RECORD_H_
