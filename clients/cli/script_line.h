// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_SCRIPT_LINE_H_
#define GONGKAI_CLIENTS_CLI_SCRIPT_LINE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gongkai/v1/case_service.pb.h"

namespace gongkai::cli {

// One line of a script, read and judged as far as that needs no service.
struct Step {
  enum class Kind { kReceive, kAct, kCheck, kExplain, kNote };

  Kind kind = Kind::kNote;
  // Of the file, 1-based.
  int line = 0;
  // The line as written: part of what the request_id is made from.
  std::string text;
  // Number or name of the case, or a variable `$a`.
  std::string case_ref;
  // The variable that the new case, or the sub-case of an act, is kept under.
  std::string bind;
  // Who does it, `handler` or `CN/secadmin`; empty leaves it to the command.
  std::string account;
  // The reason for which the act is to be refused; empty when it is to succeed.
  std::string expect;
  // By kind; what the service gives (name, request_id) is not set yet.
  v1::ReceiveApplicationRequest receive;
  v1::PerformActRequest act;
  v1::ExplainTimeLimitRequest explain;
  // kCheck: what is to be found, by key, in the order written.
  std::vector<std::pair<std::string, std::string>> check;
  // kCheck: the limit that the check is about, when it is about one, and the
  // day as of which it is looked at.
  v1::LimitKind limit = v1::LIMIT_KIND_UNSPECIFIED;
  int ordinal = 1;
  std::string as_of;
  std::string note;
};

// Reads a script: one JSON object a line, empty lines left out. `name` is the
// file's, for messages. INVALID_ARGUMENT names file and line of the first that
// is no JSON, has a key that nobody reads, lacks one, or has a value that does
// not fit; nothing has been done then.
absl::StatusOr<std::vector<Step>> ReadScript(const std::string& name,
                                             std::string_view text);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_SCRIPT_LINE_H_
