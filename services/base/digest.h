// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_DIGEST_H_
#define GONGKAI_SERVICES_BASE_DIGEST_H_

#include <string>
#include <string_view>

namespace gongkai {

// SHA-256 of `bytes` (FIPS 180-4), as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_DIGEST_H_
