// SPDX-License-Identifier: Apache-2.0
#include "services/audit/encoding.h"

#include <array>
#include <limits>

#include "absl/status/status.h"

namespace gongkai::audit {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

// The value of each byte as a digit of base64; -1 for none.
std::array<int8_t, 256> Base64Values() {
  std::array<int8_t, 256> values;
  values.fill(-1);
  for (size_t i = 0; i < kBase64.size(); ++i) {
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<int8_t>(i);
  }
  return values;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uint32_t ByteAt(std::string_view bytes, size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

}  // namespace

std::string ToBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const uint32_t group = ByteAt(bytes, i) << 16 | ByteAt(bytes, i + 1) << 8 |
                           ByteAt(bytes, i + 2);
    const size_t left = bytes.size() - i;
    text += kBase64[group >> 18];
    text += kBase64[group >> 12 & 63];
    text += left > 1 ? kBase64[group >> 6 & 63] : '=';
    text += left > 2 ? kBase64[group & 63] : '=';
  }
  return text;
}

absl::StatusOr<std::string> FromBase64(std::string_view text) {
  static const std::array<int8_t, 256> values = Base64Values();
  if (text.size() % 4 != 0) {
    return absl::InvalidArgumentError(
        "the length of base64 text is a multiple of four");
  }
  size_t padding = 0;
  while (padding < 2 && padding < text.size() &&
         text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) {
      return absl::InvalidArgumentError(
          "base64 text has a character that is no digit of it");
    }
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xff);
    }
  }
  if ((bits & ((1u << held) - 1)) != 0) {
    return absl::InvalidArgumentError(
        "base64 text is not canonical: bits are left over at its end");
  }
  return bytes;
}

std::string ToHex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

absl::StatusOr<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return absl::InvalidArgumentError(
        "hexadecimal text has an even number of digits");
  }
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexValue(text[i]);
    const int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) {
      return absl::InvalidArgumentError(
          "hexadecimal text has a character that is no digit of it");
    }
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

absl::StatusOr<int64_t> ToSize(std::string_view text) {
  if (text.empty()) return absl::InvalidArgumentError("the number is empty");
  if (text.size() > 1 && text[0] == '0') {
    return absl::InvalidArgumentError("the number begins with a zero");
  }
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return absl::InvalidArgumentError(
          "the number has a character that is no decimal digit");
    }
    const int digit = c - '0';
    if (value > (kMost - digit) / 10) {
      return absl::InvalidArgumentError("the number is 2^63 or more");
    }
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace gongkai::audit
