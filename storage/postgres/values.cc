// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/values.h"

#include <tuple>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/text.h"

namespace gongkai::storage {
namespace {

int Digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// `digits` decimal digits of valid text.
int Number(std::string_view text, size_t at, size_t digits) {
  int n = 0;
  for (size_t i = at; i < at + digits && i < text.size(); ++i) {
    n = n * 10 + (text[i] - '0');
  }
  return n;
}

}  // namespace

void ArrayText::Separate() {
  if (text_.size() > 1) text_.push_back(',');
}

void ArrayText::Add(std::string_view element) {
  Separate();
  text_.push_back('"');
  for (const char c : element) {
    if (c == '"' || c == '\\') text_.push_back('\\');
    text_.push_back(c);
  }
  text_.push_back('"');
}

void ArrayText::AddNull() {
  Separate();
  text_.append("NULL");
}

void ArrayText::AddInt(int64_t element) {
  Separate();
  absl::StrAppend(&text_, element);
}

void ArrayText::AddBool(bool element) {
  Separate();
  text_.push_back(element ? 't' : 'f');
}

void ArrayText::AddDay(absl::CivilDay day) {
  Separate();
  text_.append(FormatDay(day));
}

void ArrayText::AddBytes(std::string_view bytes) {
  Add(absl::StrCat("\\x", absl::BytesToHexString(ToAbsl(bytes))));
}

std::string ArrayText::Take() {
  text_.push_back('}');
  return std::move(text_);
}

std::string WordsText(const std::vector<std::string>& words) {
  std::string query;
  for (const std::string& word : words) {
    const bool latin = static_cast<unsigned char>(word[0]) < 0x80;
    if (!latin && CodePoints(word) < 2) continue;
    if (!query.empty()) query.append(" & ");
    query.push_back('\'');
    for (const char c : word) {
      if (c == '\'' || c == '\\') query.push_back(c);
      query.push_back(c);
    }
    query.append(latin ? "':*" : "'");
  }
  return query;
}

std::string TextOf(const pqxx::field& field) {
  return std::string(field.c_str(), field.size());
}

std::string BytesOf(const pqxx::field& field) {
  if (field.is_null()) return "";
  const std::string_view hex(field.c_str(), field.size());
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (size_t i = 2; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(Digit(hex[i]) << 4 | Digit(hex[i + 1])));
  }
  return bytes;
}

absl::CivilDay DayOfField(const pqxx::field& field) {
  return DayOf(std::string_view(field.c_str(), field.size()));
}

absl::Time TimeOf(const pqxx::field& field) {
  // 2024-02-29 08:00:00.123456+00; trailing zeros are left out.
  const std::string_view text(field.c_str(), field.size());
  const absl::CivilSecond second(Number(text, 0, 4), Number(text, 5, 2),
                                 Number(text, 8, 2), Number(text, 11, 2),
                                 Number(text, 14, 2), Number(text, 17, 2));
  int64_t micros = 0;
  if (text.size() > 20 && text[19] == '.') {
    int64_t unit = 100000;
    for (size_t i = 20; i < text.size() && text[i] >= '0' && text[i] <= '9';
         ++i, unit /= 10) {
      micros += unit * (text[i] - '0');
    }
  }
  return absl::FromCivil(second, absl::UTCTimeZone()) +
         absl::Microseconds(micros);
}

std::vector<std::string> ElementsOf(const pqxx::field& field) {
  std::vector<std::string> elements;
  // Most arrays of a list are empty.
  if (field.is_null() || field.size() <= 2) return elements;
  pqxx::array_parser parser = field.as_array();
  for (auto [juncture, text] = parser.get_next();
       juncture != pqxx::array_parser::done;
       std::tie(juncture, text) = parser.get_next()) {
    if (juncture == pqxx::array_parser::string_value) elements.push_back(text);
  }
  return elements;
}

std::vector<int> IntsOf(const pqxx::field& field) {
  std::vector<int> elements;
  for (const std::string& text : ElementsOf(field)) {
    int n = 0;
    if (absl::SimpleAtoi(text, &n)) elements.push_back(n);
  }
  return elements;
}

}  // namespace gongkai::storage
