// SPDX-License-Identifier: Apache-2.0
#include "services/render/form_labels.h"

#include <array>
#include <string_view>

namespace gongkai::render {
namespace {

constexpr std::array<std::string_view, 7> kNumerals = {"一", "二", "三", "四",
                                                       "五", "六", "七"};
constexpr std::array<std::string_view, 7> kRoman = {"I", "II", "III", "IV",
                                                    "V", "VI", "VII"};

size_t NumberOf(const std::string& numeral) {
  for (size_t i = 0; i < kNumerals.size(); ++i) {
    if (kNumerals[i] == numeral) return i;
  }
  return 0;
}

// The groups that hold several rows.
struct Group {
  std::string_view numeral;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array<Group, 4> kGroups = {{
    {"三", "不予公开", "refused"},
    {"四", "无法提供", "cannot be provided"},
    {"五", "不予处理", "not processed"},
    {"六", "其他处理", "handled otherwise"},
}};

std::string Join(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  return joined;
}

}  // namespace

RowPlace PlaceOf(const report::FormRow& row) {
  const std::string section(row.section);
  const size_t open = section.find('(');
  const size_t close = section.find(')');
  if (open == std::string::npos || close == std::string::npos) {
    return {.part = section, .group = "", .item = ""};
  }
  return {.part = section.substr(0, open),
          .group = section.substr(open + 1, close - open - 1),
          .item = section.substr(close + 1)};
}

std::string LabelOf(const report::FormRow& row, Locale locale) {
  return std::string(locale == Locale::kChinese ? row.zh : row.en);
}

std::string PartLabel(Locale locale) {
  return locale == Locale::kChinese ? "三、本年度办理结果"
                                    : "III. results of the year";
}

std::string GroupLabel(const std::string& group, Locale locale) {
  for (const Group& one : kGroups) {
    if (one.numeral != group) continue;
    if (locale == Locale::kChinese) return Join({"（", group, "）", one.zh});
    return Join({"(", std::to_string(NumberOf(group) + 1), ") ", one.en});
  }
  return "";
}

std::string LeafLabel(const report::FormRow& row, Locale locale) {
  const RowPlace place = PlaceOf(row);
  const bool chinese = locale == Locale::kChinese;
  const std::string label = LabelOf(row, locale);
  if (!place.item.empty()) {
    return Join({place.item, chinese ? "." : ". ", label});
  }
  if (!place.group.empty()) {
    if (chinese) return Join({"（", place.group, "）", label});
    return Join({"(", std::to_string(NumberOf(place.group) + 1), ") ", label});
  }
  if (chinese) return Join({place.part, "、", label});
  return Join({kRoman[NumberOf(place.part)], ". ", label});
}

}  // namespace gongkai::render
