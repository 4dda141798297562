// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "services/audit/encoding.h"

namespace gongkai::fuzz {
namespace {

// For the message of Require alone.
std::string_view g_input;

}  // namespace

std::map<std::string, Target>& Targets() {
  static auto* const targets = new std::map<std::string, Target>;
  return *targets;
}

void RunOne(Target target, std::string_view input) {
  g_input = input;
  target(input);
}

void Require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what
            << "\ninput in hexadecimal: " << audit::ToHex(g_input) << std::endl;
  std::abort();
}

void RequireExpected(const absl::Status& status) {
  Require(status.ok() || absl::IsInvalidArgument(status) ||
              absl::IsDataLoss(status),
          "the code of the status");
  Require(status.ok() || !status.message().empty(), "an error has a sentence");
}

uint8_t Bytes::Byte() {
  if (rest_.empty()) return 0;
  const auto byte = static_cast<uint8_t>(rest_[0]);
  rest_.remove_prefix(1);
  return byte;
}

uint64_t Bytes::Number() {
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | Byte();
  return number;
}

std::string_view Bytes::Text(size_t most) {
  const std::string_view text = rest_.substr(0, most);
  rest_.remove_prefix(text.size());
  return text;
}

}  // namespace gongkai::fuzz
