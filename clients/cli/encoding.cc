// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace gongkai::cli {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// What was converted, and the first byte that could not be; npos when all
// could.
struct Converted {
  std::string text;
  size_t stuck = std::string_view::npos;
};

Converted Convert(std::string_view bytes, const char* to, const char* from) {
  Converted out;
  const iconv_t conversion = iconv_open(to, from);
  if (conversion == reinterpret_cast<iconv_t>(-1)) {
    out.stuck = 0;
    return out;
  }
  std::string copy(bytes);
  char* in = copy.data();
  size_t left = copy.size();
  std::array<char, 4096> buffer;
  while (left > 0) {
    char* at = buffer.data();
    size_t room = buffer.size();
    const size_t done = iconv(conversion, &in, &left, &at, &room);
    out.text.append(buffer.data(), buffer.size() - room);
    if (done == static_cast<size_t>(-1) && errno != E2BIG) {
      out.stuck = copy.size() - left;
      break;
    }
  }
  iconv_close(conversion);
  return out;
}

absl::Status BadByte(std::string_view bytes, size_t at, const char* encoding) {
  const auto line = 1 + std::count(bytes.begin(), bytes.begin() + at, '\n');
  return absl::InvalidArgumentError(absl::StrFormat(
      "line %d: the byte 0x%02X does not belong to a text in %s", line,
      static_cast<unsigned char>(bytes[at]), encoding));
}

}  // namespace

absl::StatusOr<std::string> Decode(std::string_view bytes,
                                   std::string_view encoding) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return absl::InvalidArgumentError(
        "the file is in UTF-16: save it as CSV in UTF-8 or GB 18030");
  }
  const bool marked = bytes.starts_with(kUtf8Mark);
  if (marked) bytes.remove_prefix(kUtf8Mark.size());
  if (encoding == "auto" || encoding == "utf-8") {
    Converted same = Convert(bytes, "UTF-8", "UTF-8");
    if (same.stuck == std::string_view::npos) return std::move(same.text);
    if (encoding == "utf-8" || marked) {
      return BadByte(bytes, same.stuck, "UTF-8");
    }
  }
  Converted converted = Convert(bytes, "UTF-8", "GB18030");
  if (converted.stuck == std::string_view::npos) {
    return std::move(converted.text);
  }
  return BadByte(bytes, converted.stuck,
                 encoding == "auto" ? "UTF-8 or GB 18030" : "GB 18030");
}

absl::StatusOr<std::string> EncodeGb18030(std::string_view text) {
  Converted converted = Convert(text, "GB18030", "UTF-8");
  if (converted.stuck == std::string_view::npos) {
    return std::move(converted.text);
  }
  return BadByte(text, converted.stuck, "UTF-8");
}

}  // namespace gongkai::cli
