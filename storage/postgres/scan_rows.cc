// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/scan_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

std::optional<absl::Time> MaybeTime(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return TimeOf(field);
}

std::optional<absl::CivilDay> MaybeDay(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return DayOfField(field);
}

// The parts of a text between separators; none of an empty text.
std::vector<std::string> Parts(const pqxx::field& field, char separator) {
  if (field.is_null() || field.size() == 0) return {};
  return absl::StrSplit(absl::string_view(field.c_str(), field.size()),
                        separator);
}

// Keys as `KIND:HEX KIND:HEX …`.
template <typename Key>
std::vector<Key> KeysOf(const pqxx::field& field) {
  std::vector<Key> keys;
  for (const std::string& part : Parts(field, ' ')) {
    const std::pair<std::string, std::string> halves =
        absl::StrSplit(part, absl::MaxSplits(':', 1));
    int kind = 0;
    if (!absl::SimpleAtoi(halves.first, &kind)) continue;
    keys.push_back({static_cast<decltype(Key::kind)>(kind),
                    absl::HexStringToBytes(halves.second)});
  }
  return keys;
}

RowKey KeyOf(const pqxx::row& row) {
  return {TextOf(row[0]), TextOf(row[1]), IntOf(row[2])};
}

RowKey StreamKeyOf(const pqxx::row& row) {
  return {TextOf(row[0]), TextOf(row[1]), 0};
}

}  // namespace

int64_t IntOf(const pqxx::field& field) { return field.as<int64_t>(0); }

void Read(const pqxx::row& row, StreamRow& out) {
  out.key = StreamKeyOf(row);
  out.kind = static_cast<StreamKind>(IntOf(row[2]));
  out.number = TextOf(row[3]);
  out.version = IntOf(row[4]);
  out.head = BytesOf(row[5]);
  out.opened_time = TimeOf(row[6]);
  out.row.phase = static_cast<int>(IntOf(row[7]));
  out.row.outcome = static_cast<int>(IntOf(row[8]));
  out.row.applicant_kind = static_cast<int>(IntOf(row[9]));
  out.row.officer = TextOf(row[10]);
  out.row.department = TextOf(row[11]);
  out.row.received = MaybeDay(row[12]);
  out.row.done_time = MaybeTime(row[13]);
  out.row.calendar_version = TextOf(row[14]);
  out.row.labels = IntsOf(row[15]);
  out.row.restricted_to = ElementsOf(row[16]);
  out.row.finished = MaybeDay(row[17]);
  out.row.return_row = static_cast<int>(IntOf(row[18]));
  out.row.counted = row[19].as<bool>(true);
  out.row.remedies = row[20].as<bool>(false);
  out.row.fees = row[21].as<bool>(false);
  out.row_version = static_cast<int>(IntOf(row[22]));
}

void Read(const pqxx::row& row, EventRow& out) {
  out.key = KeyOf(row);
  StoredEvent& event = out.event;
  event.seq = out.key.seq;
  event.type = static_cast<int>(IntOf(row[3]));
  event.event_id = TextOf(row[4]);
  event.request_id = TextOf(row[5]);
  event.recorded_time = TimeOf(row[6]);
  event.occurred = DayOfField(row[7]);
  event.record = BytesOf(row[8]);
  event.hash = BytesOf(row[9]);
  event.leaf_hash = BytesOf(row[10]);
}

void Read(const pqxx::row& row, PrivateRow& out) {
  out.key = KeyOf(row);
  out.salt = BytesOf(row[3]);
  out.payload = BytesOf(row[4]);
  out.has_salt = !row[3].is_null();
  out.has_payload = !row[4].is_null();
  out.erased_time = MaybeTime(row[5]);
  out.has_key = !row[6].is_null();
}

void Read(const pqxx::row& row, IdleKeyRow& out) { out.key = StreamKeyOf(row); }

void Read(const pqxx::row& row, AccountScanRow& out) {
  out.key = StreamKeyOf(row);
  AccountRow& account = out.account;
  account.account = out.key.stream;
  account.person = TextOf(row[2]);
  account.kind = static_cast<int>(IntOf(row[3]));
  account.active = row[4].as<bool>(false);
  account.post = static_cast<int>(IntOf(row[5]));
  account.keys = KeysOf<AccountKey>(row[6]);
}

void Read(const pqxx::row& row, LeafRow& out) {
  out.key = KeyOf(row);
  out.place = IntOf(row[3]);
  out.leaf_hash = BytesOf(row[4]);
  out.kind = static_cast<int>(IntOf(row[5]));
}

void Read(const pqxx::row& row, AccessScanRow& out) {
  AccessRow& access = out.access;
  access.agency = TextOf(row[0]);
  access.access_id = TextOf(row[1]);
  access.recorded_time = TimeOf(row[2]);
  access.kind = static_cast<int>(IntOf(row[3]));
  access.numbers = Parts(row[4], ' ');
  access.leaf_hash = BytesOf(row[5]);
  access.record = BytesOf(row[6]);
  out.key = {access.agency, access.access_id, 1};
}

void Read(const pqxx::row& row, LimitScanRow& out) {
  out.key = StreamKeyOf(row);
  LimitRow& limit = out.limit;
  limit.kind = static_cast<int>(IntOf(row[2]));
  limit.ordinal = static_cast<int>(IntOf(row[3]));
  limit.whose = static_cast<int>(IntOf(row[4]));
  limit.state = static_cast<int>(IntOf(row[5]));
  limit.start = DayOfField(row[6]);
  limit.due = MaybeDay(row[7]);
  limit.provisional = row[8].as<bool>(false);
  limit.first = row[9].as<bool>(false);
}

void Read(const pqxx::row& row, TextScanRow& out) {
  out.key = StreamKeyOf(row);
  out.text.arrived = DayOfField(row[2]);
  out.text.applicant_name = TextOf(row[3]);
  out.text.content = TextOf(row[4]);
  out.text.words = Parts(row[5], '\n');
  std::sort(out.text.words.begin(), out.text.words.end());
  out.text.applicant_key = BytesOf(row[6]);
  out.text.content_key = BytesOf(row[7]);
  out.text.person_keys = KeysOf<PersonKey>(row[8]);
}

void Read(const pqxx::row& row, RequestRow& out) {
  out.key = KeyOf(row);
  out.request_id = TextOf(row[3]);
}

void Read(const pqxx::row& row, FiledRow& out) {
  out.key = KeyOf(row);
  out.year = static_cast<int>(IntOf(row[3]));
  out.edition = static_cast<int>(IntOf(row[4]));
  out.filed_time = TimeOf(row[5]);
  out.filed_by = TextOf(row[6]);
  out.document = BytesOf(row[7]);
  out.cases = BytesOf(row[8]);
}

void Read(const pqxx::row& row, StoredCheckpoint& out) {
  out = {IntOf(row[0]), BytesOf(row[1]), TextOf(row[2]), TimeOf(row[3])};
}

void Read(const pqxx::row& row, StoredAnchor& out) {
  out = {IntOf(row[0]), static_cast<AnchorKind>(IntOf(row[1])), TextOf(row[2]),
         TextOf(row[3]), TimeOf(row[4])};
}

void Read(const pqxx::row& row, RepeatedRow& out) {
  out = {TextOf(row[0]), IntOf(row[1])};
}

void Read(const pqxx::row& row, NumberRow& out) {
  out = {TextOf(row[0]), TextOf(row[1])};
}

void Read(const pqxx::row& row, TileRow& out) {
  out = {IntOf(row[0]), BytesOf(row[1])};
}

}  // namespace gongkai::storage
