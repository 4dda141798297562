// SPDX-License-Identifier: Apache-2.0
#include "services/base/log.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"

namespace gongkai {
namespace {

void AppendJson(std::string_view s, std::string& out) {
  out.push_back('"');
  for (const char c : s) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", c);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

std::string_view Name(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}

}  // namespace

void Log(Severity severity, std::string_view event,
         std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":";
  AppendJson(FormatInstant(absl::Now()), line);
  line += ",\"severity\":";
  AppendJson(Name(severity), line);
  line += ",\"event\":";
  AppendJson(event, line);
  for (const LogField& field : fields) {
    line.push_back(',');
    AppendJson(field.name, line);
    line.push_back(':');
    if (const auto* n = std::get_if<int64_t>(&field.value)) {
      absl::StrAppend(&line, *n);
    } else if (const auto* d = std::get_if<double>(&field.value)) {
      absl::StrAppend(&line, *d);
    } else {
      AppendJson(std::get<std::string>(field.value), line);
    }
  }
  line += "}\n";
  // A log that cannot be written has nowhere to complain to.
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace gongkai
