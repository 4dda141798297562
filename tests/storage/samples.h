// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_STORAGE_SAMPLES_H_
#define GONGKAI_TESTS_STORAGE_SAMPLES_H_

#include <string>

#include "absl/time/clock.h"
#include "services/audit/record.h"
#include "services/base/ids.h"
#include "services/base/text.h"
#include "storage/store.h"

// Events as storage sees them: bytes and columns, whatever they mean.
namespace gongkai::storage {

inline constexpr char kAgencyA[] = "SHGXW";
inline constexpr char kAgencyB[] = "BJJW";

// A moment well after what any test does.
inline absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

inline std::string NewId() { return NewUuid(absl::Now()); }

// A key of 16 bytes made of `name`.
inline std::string KeyOf(std::string_view name) {
  std::string key(name);
  key.resize(16, '\xfe');
  return key;
}

// The event that moves `stream` from `version` on.
inline Append SampleAppend(const std::string& agency, const std::string& stream,
                           int64_t version, const std::string& number = "") {
  Append a;
  a.agency = agency;
  a.stream = stream;
  a.number = number;
  a.expected_version = version;
  a.event.seq = version + 1;
  a.event.type = 7;
  a.event.event_id = NewId();
  a.event.request_id = NewId();
  a.event.recorded_time = absl::FromUnixMicros(1'700'000'000'123'456 + version);
  a.event.occurred = absl::CivilDay(2024, 2, 29);
  a.event.record =
      audit::RecordPrefix(audit::Suite::kSha256Ed25519, "gongkai") +
      std::string("\0\xff", 2) + std::string(594, 'r');
  a.event.hash = RandomBytes(32);
  a.event.leaf_hash = RandomBytes(32);
  a.event.salt = RandomBytes(32);
  a.event.payload = std::string("pri\0vate", 8);
  a.mac = RandomBytes(16);
  a.row.phase = 2;
  a.row.officer = "wang";
  a.row.department = "XXGK";
  a.row.received = absl::CivilDay(2024, 2, 1);
  a.row.calendar_version = "CN-2024/1";
  return a;
}

inline LimitRow SampleLimit(absl::CivilDay due) {
  LimitRow limit;
  limit.kind = 5;
  limit.whose = 1;
  limit.state = 1;
  limit.start = absl::CivilDay(2024, 2, 1);
  limit.due = due;
  limit.first = true;
  return limit;
}

inline CaseText SampleText(const std::string& applicant,
                           const std::string& content,
                           absl::CivilDay arrived = absl::CivilDay(2024, 2,
                                                                   1)) {
  CaseText text;
  text.arrived = arrived;
  text.applicant_name = applicant;
  text.content = content;
  text.words = Bigrams(applicant + "\n" + content);
  text.applicant_key = KeyOf(applicant);
  text.content_key = KeyOf(content.substr(0, 12));
  return text;
}

}  // namespace gongkai::storage

#endif  // GONGKAI_TESTS_STORAGE_SAMPLES_H_
