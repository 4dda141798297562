// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_LOG_H_
#define GONGKAI_SERVICES_BASE_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace gongkai {

// One field of a log line: a name of the program's own and a value that is a
// number, a code or an identifier. Free text of callers never goes here: it
// may name persons.
struct LogField {
  std::string_view name;
  std::variant<int64_t, double, std::string> value;
};

enum class Severity { kInfo, kWarning, kError };

// Writes one JSON line to standard error: time, severity, event and fields.
// Thread-safe; one write per line.
void Log(Severity severity, std::string_view event,
         std::initializer_list<LogField> fields);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_LOG_H_
