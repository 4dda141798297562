// SPDX-License-Identifier: Apache-2.0
#include "storage/store.h"

#include <openssl/sha.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"

namespace gongkai::storage {

std::string WellKnownStream(StreamKind kind) {
  return absl::StrFormat("00000000-0000-7000-8000-%012d",
                         static_cast<int>(kind));
}

std::string AccountStream(std::string_view account) {
  const std::string name = absl::StrCat("account\n", ToAbsl(account));
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(),
         hash);
  hash[6] = static_cast<unsigned char>((hash[6] & 0x0f) | 0x80);
  hash[8] = static_cast<unsigned char>((hash[8] & 0x3f) | 0x80);
  std::string uuid;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid.push_back('-');
    absl::StrAppendFormat(&uuid, "%02x", hash[i]);
  }
  return uuid;
}

}  // namespace gongkai::storage
