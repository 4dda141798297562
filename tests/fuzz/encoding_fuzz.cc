// SPDX-License-Identifier: Apache-2.0
// Whatever is read is written again as the same text.
#include <string>

#include "absl/strings/ascii.h"
#include "services/audit/encoding.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

GONGKAI_FUZZ(encoding) {
  const auto base64 = audit::FromBase64(input);
  RequireExpected(base64.status());
  if (base64.ok()) Require(audit::ToBase64(*base64) == input, "base64");
  const auto hex = audit::FromHex(input);
  RequireExpected(hex.status());
  if (hex.ok()) {
    Require(audit::ToHex(*hex) == absl::AsciiStrToLower(std::string(input)),
            "hexadecimal");
  }
  const auto size = audit::ToSize(input);
  RequireExpected(size.status());
  if (size.ok()) Require(std::to_string(*size) == input, "size");
  Require(audit::FromBase64(audit::ToBase64(input)).value() == input,
          "base64 of anything");
  Require(audit::FromHex(audit::ToHex(input)).value() == input,
          "hexadecimal of anything");
}

}  // namespace
}  // namespace gongkai::fuzz
