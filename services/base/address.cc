// SPDX-License-Identifier: Apache-2.0
#include "services/base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace gongkai {
namespace {

constexpr size_t kNetworkBytes = 8;

}  // namespace

std::string NeighbourhoodOf(const std::string& source) {
  std::array<uint8_t, 16> address{};
  if (inet_pton(AF_INET6, source.c_str(), address.data()) != 1) return source;
  std::fill(address.begin() + kNetworkBytes, address.end(), 0);
  char out[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, address.data(), out, sizeof out);
  return absl::StrCat(out, "/64");
}

}  // namespace gongkai
