// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_LOCALE_H_
#define GONGKAI_CLIENTS_CLI_LOCALE_H_

#include <string>
#include <string_view>

namespace gongkai::cli {

// The reader's language.
enum class Locale { kZh, kEn };

// The sentence in the reader's language.
inline std::string Say(Locale locale, std::string_view zh,
                       std::string_view en) {
  return std::string(locale == Locale::kZh ? zh : en);
}

// `zh` or `en` in any longer form (`zh_CN.UTF-8`, `en-GB`); Chinese otherwise.
inline Locale LocaleOf(std::string_view tag) {
  return tag.substr(0, 2) == "en" ? Locale::kEn : Locale::kZh;
}

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_LOCALE_H_
