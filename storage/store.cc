// SPDX-License-Identifier: Apache-2.0
#include "storage/store.h"

#include "absl/strings/str_format.h"

namespace gongkai::storage {

std::string WellKnownStream(StreamKind kind) {
  return absl::StrFormat("00000000-0000-7000-8000-%012d",
                         static_cast<int>(kind));
}

}  // namespace gongkai::storage
