// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_NAMES_H_
#define GONGKAI_SERVICES_AUTH_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace gongkai::auth {

// The account that `typed` names: 2 to 32 of `a-z`, digits, `.`, `_`, `-`,
// beginning with a letter. Forms of Unicode that mean the same name the same
// account (`Ｚhang.San` is `zhang.san`); absent for what names none.
std::optional<std::string> NormalName(std::string_view typed);

// What an account's name has to look like, for a reader.
inline constexpr std::string_view kNameForm =
    "2 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter";

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_NAMES_H_
