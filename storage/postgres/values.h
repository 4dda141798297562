// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_VALUES_H_
#define GONGKAI_STORAGE_POSTGRES_VALUES_H_

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

// Values as PostgreSQL writes and reads them in text, with datestyle ISO and
// timezone UTC. An array is an array, never a piece of a statement.
namespace gongkai::storage {

// A text array with every element quoted.
class ArrayText {
 public:
  void Add(std::string_view element);
  void AddNull();
  void AddInt(int64_t element);
  void AddBool(bool element);
  void AddDay(absl::CivilDay day);
  void AddBytes(std::string_view bytes);
  // `{…}`.
  std::string Take();

 private:
  void Separate();
  std::string text_ = "{";
};

// The argument for a text that is null when empty.
inline const char* NullIfEmpty(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

// A question for all of `words`, as tsquery reads it; Latin words also match
// longer ones that begin so. Single other characters ask nothing, because they
// are words of the index only where they stand alone. Empty when nothing is
// left to ask.
std::string WordsText(const std::vector<std::string>& words);

// Read a column that is not null.
std::string TextOf(const pqxx::field& field);
std::string BytesOf(const pqxx::field& field);
absl::CivilDay DayOfField(const pqxx::field& field);
absl::Time TimeOf(const pqxx::field& field);

// The elements of an array, as text; null ones are left out.
std::vector<std::string> ElementsOf(const pqxx::field& field);
// Those of an array of whole numbers.
std::vector<int> IntsOf(const pqxx::field& field);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_VALUES_H_
