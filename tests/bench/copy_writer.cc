// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/copy_writer.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/base/dates.h"

namespace gongkai::bench {
namespace {

// Enough that a block is worth its begin and end.
constexpr size_t kBlock = 8u << 20;

constexpr std::array<const char*, CopyWriter::kTables> kColumns = {
    "stream (agency_id, stream_id, version, opened_time, done_time, "
    "received_date, kind, phase, outcome, applicant_kind, number, head, "
    "officer, department, calendar_version, labels, restricted_to, "
    "finished_date, return_row, counted, remedies, fees, row_version)",
    "event (agency_id, stream_id, seq, recorded_time, occurred_date, type, "
    "event_id, request_id, hash, leaf_hash, record)",
    "private_part (agency_id, stream_id, seq, salt, payload)",
    "request (agency_id, request_id, stream_id, seq, mac)",
    "case_limit (agency_id, stream_id, start_date, due, kind, ordinal, whose, "
    "state, provisional, first)",
    "case_text (agency_id, stream_id, arrived, applicant_key, content_key, "
    "applicant_name, content, grams)",
    "log_leaf (log_id, log_index, seq, stream_id, agency_id, leaf_hash)",
    "counter (agency_id, year, last)",
    "data_key (agency_id, stream_id, outer_key, wrapped)",
    "person_key (agency_id, stream_id, kind, digest)"};

void Escape(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        out.push_back(c);
    }
  }
}

}  // namespace

using Fields = CopyWriter::Fields;

void Fields::Separate() {
  if (!first_) out_.push_back('\t');
  first_ = false;
}

Fields& Fields::Text(std::string_view text) {
  Separate();
  Escape(text, out_);
  return *this;
}

Fields& Fields::TextOrNull(std::string_view text) {
  if (!text.empty()) return Text(text);
  Separate();
  out_.append("\\N");
  return *this;
}

Fields& Fields::Int(int64_t value) {
  Separate();
  absl::StrAppend(&out_, value);
  return *this;
}

Fields& Fields::Bool(bool value) {
  Separate();
  out_.push_back(value ? 't' : 'f');
  return *this;
}

Fields& Fields::Bytes(std::string_view bytes) {
  Separate();
  absl::StrAppend(&out_, "\\\\x", absl::BytesToHexString(ToAbsl(bytes)));
  return *this;
}

Fields& Fields::Ints(const std::vector<int>& elements) {
  return Text(absl::StrCat("{", absl::StrJoin(elements, ","), "}"));
}

Fields& Fields::Texts(const std::vector<std::string>& elements) {
  std::string array = "{";
  for (const std::string& element : elements) {
    if (array.size() > 1) array.push_back(',');
    array.push_back('"');
    for (const char c : element) {
      if (c == '"' || c == '\\') array.push_back('\\');
      array.push_back(c);
    }
    array.push_back('"');
  }
  return Text(array + "}");
}

Fields& Fields::Words(const std::vector<std::string>& words) {
  std::string vector;
  for (const std::string& word : words) {
    if (!vector.empty()) vector.push_back(' ');
    vector.push_back('\'');
    for (const char c : word) {
      if (c == '\'' || c == '\\') vector.push_back(c);
      vector.push_back(c);
    }
    vector.push_back('\'');
  }
  return Text(vector);
}

Fields CopyWriter::Row(Table table) {
  size_t total = 0;
  for (const std::string& rows : rows_) total += rows.size();
  if (total > kBlock) Flush();
  return Fields(rows_[table]);
}

void CopyWriter::Flush() {
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].empty()) continue;
    Put("COPY ");
    Put(kColumns[i]);
    Put(" FROM stdin;\n");
    Put(rows_[i]);
    Put("\\.\n");
    rows_[i].clear();
  }
}

void CopyWriter::SetLogSize(int64_t size) {
  Put(absl::StrCat("UPDATE log SET size = ", size, " WHERE log_id = 1;\n"));
}

void CopyWriter::Put(std::string_view text) {
  // A writer without a file only counts for those who want no rows.
  if (out_ == nullptr) return;
  ok_ = std::fwrite(text.data(), 1, text.size(), out_) == text.size() && ok_;
}

}  // namespace gongkai::bench
