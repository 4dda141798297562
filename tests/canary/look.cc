// SPDX-License-Identifier: Apache-2.0
#include "tests/canary/look.h"

#include <string.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"

namespace gongkai::test {
namespace {

namespace fs = std::filesystem;

// Code units of UTF-16 of the first plane, which all canaries keep to.
std::string Utf16(std::string_view utf8, bool little) {
  std::string out;
  for (size_t i = 0; i < utf8.size();) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    const size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : 3;
    unsigned unit = size == 1 ? c : c & (0x3F >> (size - 1));
    for (size_t k = 1; k < size; ++k) {
      unit = unit << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
    }
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit);
    out.push_back(little ? low : high);
    out.push_back(little ? high : low);
    i += size;
  }
  return out;
}

// What `value` leaves in base64 wherever it begins: the characters that depend
// on nothing around it.
std::string Base64At(std::string_view value, size_t offset) {
  const std::string padded = std::string(offset, 'x') + std::string(value);
  const std::string all = absl::Base64Escape(padded);
  const size_t first = (offset * 8 + 5) / 6;
  const size_t last = padded.size() * 8 / 6;
  return all.substr(first, last - first);
}

std::string Octal(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\%03o", byte);
      out += escape;
    }
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> FormsOf(
    std::string_view value) {
  const std::string hex = absl::BytesToHexString(ToAbsl(value));
  std::vector<std::pair<std::string, std::string>> forms = {
      {"UTF-8", std::string(value)},
      {"UTF-16LE", Utf16(value, true)},
      {"UTF-16BE", Utf16(value, false)},
      {"hexadecimal", hex},
      {"HEXADECIMAL", absl::AsciiStrToUpper(hex)},
      {"octal escapes", Octal(value)}};
  for (size_t offset = 0; offset < 3; ++offset) {
    std::string form = Base64At(value, offset);
    std::string web = form;
    std::replace(web.begin(), web.end(), '+', '-');
    std::replace(web.begin(), web.end(), '/', '_');
    forms.emplace_back("base64", std::move(form));
    forms.emplace_back("base64url", std::move(web));
  }
  return forms;
}

Look::Look(const std::vector<Canary>& canaries) {
  for (const Canary& canary : canaries) {
    for (auto& [name, bytes] : FormsOf(canary.value)) {
      forms_.push_back({absl::StrCat(canary.name, " as ", name), bytes});
    }
  }
}

void Look::InText(const std::string& place, std::string_view text) {
  bytes_ += text.size();
  for (const Form& form : forms_) {
    // Several times as fast as std::string_view::find here.
    if (memmem(text.data(), text.size(), form.bytes.data(),
               form.bytes.size()) == nullptr) {
      continue;
    }
    const std::string said = absl::StrCat(place, ": ", form.says);
    if (std::find(found_.begin(), found_.end(), said) == found_.end()) {
      found_.push_back(said);
    }
  }
}

void Look::InFolder(const std::string& folder) {
  std::error_code gone;
  for (auto it = fs::recursive_directory_iterator(folder, gone);
       it != fs::recursive_directory_iterator(); it.increment(gone)) {
    // Files of the database come and go.
    if (gone || !it->is_regular_file(gone)) continue;
    std::ifstream in(it->path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    InText(it->path().string(), bytes);
  }
}

}  // namespace gongkai::test
