// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_WORDS_H_
#define GONGKAI_SERVICES_REPORT_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/types.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "services/base/locale.h"

// Words of reports in the reader's language.
namespace gongkai::report {

inline std::string Say(Locale locale, std::string_view zh,
                       std::string_view en) {
  return std::string(locale == Locale::kChinese ? zh : en);
}

// The printed term of an enum value, as the contract has it; empty for a number
// that is no value.
std::string TermOf(const google::protobuf::EnumDescriptor& type, int number,
                   Locale locale);

template <typename Enum>
std::string TermOf(Enum value, Locale locale) {
  return TermOf(*google::protobuf::GetEnumDescriptor<Enum>(),
                static_cast<int>(value), locale);
}

// Several terms in one cell.
std::string TermsOf(const std::vector<v1::Ground>& grounds, Locale locale);

// `3月25日` when in the year of `beside`, otherwise `2024-03-25`; English
// always the latter.
std::string ShortDay(absl::CivilDay day, absl::CivilDay beside, Locale locale);

// `8个工作日`, `15日`, `6个月`, `10年`; `8 working days`, `1 working day`.
std::string Span(int count, v1::LimitUnit unit, Locale locale);

// What separates clauses and list items.
std::string Join(const std::vector<std::string>& clauses, Locale locale);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_WORDS_H_
