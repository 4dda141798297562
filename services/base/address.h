// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_ADDRESS_H_
#define GONGKAI_SERVICES_BASE_ADDRESS_H_

#include <string>

namespace gongkai {

// What is counted under that comes from an address of the network: IPv4 itself,
// of IPv6 the network of 64 bits, which one caller has as a whole. What is no
// address is itself.
std::string NeighbourhoodOf(const std::string& source);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_ADDRESS_H_
