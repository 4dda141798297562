// SPDX-License-Identifier: Apache-2.0
#include "services/audit/record.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>
#include <limits>

#include "absl/strings/str_format.h"
#include "services/audit/merkle.h"
#include "services/base/status_macros.h"

namespace gongkai::audit {
namespace {

void PutInt(uint64_t v, int bytes, std::string& out) {
  for (int i = bytes - 1; i >= 0; --i) {
    out.push_back(static_cast<char>(v >> (8 * i)));
  }
}

void PutString(std::string_view s, std::string& out) {
  PutInt(s.size(), 4, out);
  out.append(s);
}

// Takes values off the front of the bytes; remembers the first defect.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  uint64_t Int(int bytes) {
    if (rest_.size() < static_cast<size_t>(bytes)) {
      ok_ = false;
      return 0;
    }
    uint64_t v = 0;
    for (int i = 0; i < bytes; ++i) {
      v = (v << 8) | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(bytes);
    return v;
  }

  std::string Bytes(uint64_t n) {
    if (n > rest_.size()) {
      ok_ = false;
      return "";
    }
    std::string s(rest_.substr(0, n));
    rest_.remove_prefix(n);
    return s;
  }

  std::string String() { return Bytes(Int(4)); }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// The suite that the bytes of a record name in their second place. Bytes that
// name none are no record, and hashed only to be told apart.
Suite SuiteOf(std::string_view record) {
  const bool sm =
      record.size() >= 2 && record[1] == static_cast<char>(Suite::kSm3Sm2);
  return sm ? Suite::kSm3Sm2 : Suite::kSha256Ed25519;
}

}  // namespace

std::string Encode(const Record& record) {
  std::string out;
  out.reserve(512 + record.public_body.size());
  PutInt(Record::kFormat, 1, out);
  PutInt(static_cast<uint8_t>(record.suite), 1, out);
  PutString(record.log_origin, out);
  PutString(record.agency, out);
  PutString(record.stream, out);
  PutInt(static_cast<uint64_t>(record.seq), 8, out);
  PutInt(static_cast<uint64_t>(record.event_type), 8, out);
  PutString(record.event_id, out);
  PutString(record.request_id, out);
  PutString(record.actor.account(), out);
  PutString(record.actor.person(), out);
  PutInt(static_cast<uint64_t>(record.actor.capacity()), 8, out);
  PutString(record.actor.on_behalf_of(), out);
  PutString(record.actor.sign_in(), out);
  PutInt(static_cast<uint64_t>(absl::ToUnixMicros(record.recorded_time)), 8,
         out);
  PutString(record.occurred_date, out);
  PutString(record.calendar_version, out);
  PutString(record.rulebook_version, out);
  PutString(record.previous_hash, out);
  PutString(record.private_commitment, out);
  PutInt(record.attachment_commitments.size(), 4, out);
  for (const std::string& c : record.attachment_commitments) out += c;
  PutString(record.public_body, out);
  return out;
}

std::string RecordPrefix(Suite suite, std::string_view origin) {
  std::string out;
  PutInt(Record::kFormat, 1, out);
  PutInt(static_cast<uint8_t>(suite), 1, out);
  PutString(origin, out);
  return out;
}

absl::StatusOr<Record> Decode(std::string_view bytes) {
  Cursor in(bytes);
  if (const uint64_t format = in.Int(1); format != Record::kFormat) {
    return absl::DataLossError(
        absl::StrFormat("unknown record format %d", format));
  }
  Record r;
  const auto suite_number = static_cast<int>(in.Int(1));
  r.log_origin = in.String();
  r.agency = in.String();
  r.stream = in.String();
  r.seq = static_cast<int64_t>(in.Int(8));
  r.event_type = static_cast<int64_t>(in.Int(8));
  r.event_id = in.String();
  r.request_id = in.String();
  r.actor.set_account(in.String());
  r.actor.set_person(in.String());
  const uint64_t capacity = in.Int(8);
  r.actor.set_capacity(static_cast<v1::Capacity>(capacity));
  r.actor.set_on_behalf_of(in.String());
  r.actor.set_sign_in(in.String());
  r.recorded_time = absl::FromUnixMicros(static_cast<int64_t>(in.Int(8)));
  r.occurred_date = in.String();
  r.calendar_version = in.String();
  r.rulebook_version = in.String();
  r.previous_hash = in.String();
  r.private_commitment = in.String();
  for (uint64_t n = in.Int(4); n > 0 && in.ok(); --n) {
    r.attachment_commitments.push_back(in.Bytes(kHashBytes));
  }
  r.public_body = in.String();
  if (!in.ok()) return absl::DataLossError("the record ends too early");
  if (!in.at_end())
    return absl::DataLossError("the record has bytes left over");
  const absl::StatusOr<Suite> suite = SuiteNumbered(suite_number);
  if (!suite.ok()) {
    return absl::DataLossError(
        absl::StrFormat("unknown suite %d", suite_number));
  }
  r.suite = *suite;
  // Cut to an enum it would read like another record's.
  if (capacity > std::numeric_limits<int32_t>::max()) {
    return absl::DataLossError("the capacity in the record is no capacity");
  }
  if (r.previous_hash.size() != kHashBytes ||
      r.private_commitment.size() != kHashBytes) {
    return absl::DataLossError("a hash in the record is not of 32 bytes");
  }
  return r;
}

std::string EventHash(std::string_view record) {
  return Digest(SuiteOf(record), {std::string_view("\x02", 1), record});
}

std::string LeafHash(std::string_view record) {
  return LeafHashOf(SuiteOf(record), record);
}

std::string Commitment(Suite suite, std::string_view salt,
                       std::string_view payload) {
  return Digest(suite, {"pc1", salt, payload});
}

std::string ShortMac(std::string_view key, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           mac, &size) == nullptr) {
    std::abort();
  }
  return std::string(reinterpret_cast<char*>(mac), 16);
}

}  // namespace gongkai::audit
