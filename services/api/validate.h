// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_VALIDATE_H_
#define GONGKAI_SERVICES_API_VALIDATE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gongkai/v1/options.pb.h"
#include "google/protobuf/message.h"

namespace gongkai::api {

// Checks the shape of a request by the rules beside its fields in the contract
// (options.proto), deeply, in the order of the contract. The first defect is
// FIELD_INVALID with the field's path (`act.require_correction.items`), what
// the rule asks for, and never the text itself. Nothing about cases or law. A
// free text that bears the mark of a state secret is STATE_SECRET_AT_DOOR.
absl::Status Validate(const google::protobuf::Message& request);

// The path of the first string that is not UTF-8, or empty: says which field
// made a message unreadable. Looks at what was read of it.
std::string FindBadUtf8(const google::protobuf::Message& message);

// Whether a string that is not empty has the form, and if not, what it should
// look like; empty when it has.
std::string_view FormDefect(std::string_view text, v1::Format format);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_VALIDATE_H_
