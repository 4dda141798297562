// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_ENCODING_H_
#define GONGKAI_SERVICES_AUDIT_ENCODING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// Text forms that have exactly one spelling for each value; every other
// spelling is INVALID_ARGUMENT. The texts of errors never repeat the input.
namespace gongkai::audit {

std::string ToBase64(std::string_view bytes);
// Standard alphabet with padding, no white space, no bits left over.
absl::StatusOr<std::string> FromBase64(std::string_view text);

// Lower case.
std::string ToHex(std::string_view bytes);
// Lower or upper case; an even number of digits.
absl::StatusOr<std::string> FromHex(std::string_view text);

// 0 to 2^63 - 1 in decimal: no sign, no leading zero, no space.
absl::StatusOr<int64_t> ToSize(std::string_view text);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_ENCODING_H_
