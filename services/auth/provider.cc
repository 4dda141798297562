// SPDX-License-Identifier: Apache-2.0
#include "services/auth/provider.h"

#include "absl/strings/str_cat.h"
#include "services/auth/tokens.h"
#include "services/base/dates.h"

namespace gongkai::auth {

std::string SubjectDigest(std::string_view issuer, std::string_view subject) {
  return TokenDigest(absl::StrCat(ToAbsl(issuer), "\n", ToAbsl(subject)));
}

}  // namespace gongkai::auth
