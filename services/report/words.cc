// SPDX-License-Identifier: Apache-2.0
#include "services/report/words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "gongkai/v1/options.pb.h"
#include "services/base/dates.h"

namespace gongkai::report {
namespace {

const char* UnitZh(v1::LimitUnit unit) {
  switch (unit) {
    case v1::WORKING_DAYS:
      return "个工作日";
    case v1::MONTHS:
      return "个月";
    case v1::YEARS:
      return "年";
    default:
      return "日";
  }
}

const char* UnitEn(v1::LimitUnit unit) {
  switch (unit) {
    case v1::WORKING_DAYS:
      return "working day";
    case v1::MONTHS:
      return "month";
    case v1::YEARS:
      return "year";
    default:
      return "day";
  }
}

}  // namespace

std::string TermOf(const google::protobuf::EnumDescriptor& type, int number,
                   Locale locale) {
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return "";
  const auto& options = value->options();
  return locale == Locale::kChinese ? options.GetExtension(v1::zh)
                                    : options.GetExtension(v1::en);
}

std::string TermsOf(const std::vector<v1::Ground>& grounds, Locale locale) {
  return absl::StrJoin(grounds, locale == Locale::kChinese ? "、" : ", ",
                       [locale](std::string* out, v1::Ground ground) {
                         out->append(TermOf(ground, locale));
                       });
}

std::string ShortDay(absl::CivilDay day, absl::CivilDay beside, Locale locale) {
  if (locale == Locale::kEnglish || day.year() != beside.year()) {
    return FormatDay(day);
  }
  return absl::StrFormat("%d月%d日", day.month(), day.day());
}

std::string Span(int count, v1::LimitUnit unit, Locale locale) {
  if (locale == Locale::kChinese) return absl::StrCat(count, UnitZh(unit));
  return absl::StrCat(count, " ", UnitEn(unit), count == 1 ? "" : "s");
}

std::string Join(const std::vector<std::string>& clauses, Locale locale) {
  return absl::StrJoin(clauses, locale == Locale::kChinese ? "；" : "; ");
}

}  // namespace gongkai::report
