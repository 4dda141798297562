// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_FIELDS_H_
#define GONGKAI_CLIENTS_CLI_FIELDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "clients/cli/locale.h"
#include "google/protobuf/message.h"

namespace gongkai::cli {

// Words in and out of messages, by reflection over the contract: no command
// knows a field or a value by heart.

// The value that `text` names: its name in any case, with or without the
// common prefix (`ROLE_`), with hyphens or underscores, or its Chinese or
// English term. INVALID_ARGUMENT lists what may be said.
absl::StatusOr<const google::protobuf::EnumValueDescriptor*> FindEnumValue(
    const google::protobuf::EnumDescriptor& type, std::string_view text);

// The term of the value in the reader's language; its name in lower case when
// it has none; empty for the zero value without a term.
std::string Term(const google::protobuf::EnumValueDescriptor& value,
                 Locale locale);
// The same for a value by its type. Example: TermOf(case.phase(), locale).
template <typename E>
std::string TermOf(E value, Locale locale) {
  const google::protobuf::EnumValueDescriptor* descriptor =
      google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(value);
  return descriptor == nullptr ? std::string() : Term(*descriptor, locale);
}
// Names of the values, zero without a term left out, in lower case.
std::vector<std::string> ChoicesOf(
    const google::protobuf::EnumDescriptor& type);

// Sets the field `path` of the message (`content`, `applicant.name`; a list
// grows by it, several enum values may be separated by commas). The error
// names the path and what may be said.
absl::Status SetField(google::protobuf::Message* message, std::string_view path,
                      std::string_view text);

// One flag for each field that a caller may set: nested messages flattened
// (`--applicant-name`), bools as bare flags, enum values as choices. Lists of
// messages have none.
std::vector<Flag> FlagsOf(const google::protobuf::Descriptor& type,
                          Locale locale);

// Fills the message from the flags that FlagsOf made. A text `@FILE` is read
// from the file, `@@…` stands for `@…`.
absl::Status FillFromFlags(const Arguments& args,
                           google::protobuf::Message* message);

// `field: value` of each field that is set, for a line of history.
std::string Summary(const google::protobuf::Message& message, Locale locale);

// The contents of a file; `-` is standard input. NOT_FOUND names the file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_FIELDS_H_
