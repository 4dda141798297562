// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_SOURCE_H_
#define GONGKAI_SERVICES_API_SOURCE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/base/address.h"

namespace gongkai::api {

// Addresses that begin alike: `10.1.0.0/16`, `2001:db8::/32`, or one address.
// IPv4 inside IPv6 is IPv4.
class Network {
 public:
  // INVALID_ARGUMENT for another form, or bits beyond the prefix.
  static absl::StatusOr<Network> Parse(std::string_view text);
  // False of what is no address.
  bool Holds(std::string_view address) const;

 private:
  std::array<uint8_t, 16> prefix_{};
  int bits_ = 0;
};

// Reads many, as flags give them.
absl::StatusOr<std::vector<Network>> ParseNetworks(
    const std::vector<std::string>& texts);
bool AnyHolds(const std::vector<Network>& networks, std::string_view address);

// The address without its port of a peer as gRPC names it
// (`ipv4:10.0.0.1:3456`, `ipv6:%5B::1%5D:3456`); empty for a Unix socket.
std::string SourceOf(std::string_view peer);

// Where a call comes from: the peer, or, when the peer is one of the `proxies`,
// the last address that it says it forwards for. What is no address is the
// peer's.
std::string SourceBehind(const std::string& peer_source,
                         std::string_view forwarded_for,
                         const std::vector<Network>& proxies);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_SOURCE_H_
