// SPDX-License-Identifier: Apache-2.0
#include "services/auth/json_once.h"

#include <set>
#include <vector>

#include "absl/strings/escaping.h"
#include "services/base/dates.h"

namespace gongkai::auth {
namespace {

using nlohmann::json;
constexpr int kDeepest = 16;

}  // namespace

std::optional<json> ReadJsonOnce(std::string_view text) {
  bool sound = true;
  std::vector<std::set<std::string>> names;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start:
        names.emplace_back();
        break;
      case json::parse_event_t::object_end:
        names.pop_back();
        break;
      case json::parse_event_t::key:
        sound = sound && names.back().insert(parsed.get<std::string>()).second;
        break;
      default:
        break;
    }
    sound = sound && depth <= kDeepest;
    return true;
  };
  json read = json::parse(text.begin(), text.end(), watch,
                          /*allow_exceptions=*/false);
  if (!sound || read.is_discarded() || !read.is_object()) return std::nullopt;
  return read;
}

std::optional<std::string> ReadBase64Url(std::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(ToAbsl(text), &bytes) ||
      absl::WebSafeBase64Escape(bytes) != ToAbsl(text)) {
    return std::nullopt;
  }
  return bytes;
}

std::string TextOf(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_string()) return "";
  return it->get<std::string>();
}

}  // namespace gongkai::auth
