// SPDX-License-Identifier: Apache-2.0
#include "storage/store.h"

#include "absl/strings/str_format.h"
#include "services/base/ids.h"

namespace gongkai::storage {

std::string WellKnownStream(StreamKind kind) {
  return absl::StrFormat("00000000-0000-7000-8000-%012d",
                         static_cast<int>(kind));
}

std::string AccountStream(std::string_view account) {
  return UuidFrom("account\n" + std::string(account));
}

}  // namespace gongkai::storage
