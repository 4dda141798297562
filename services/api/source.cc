// SPDX-License-Identifier: Apache-2.0
#include "services/api/source.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::api {
namespace {

using Address = std::array<uint8_t, 16>;
constexpr int kMappedBits = 96;
constexpr size_t kLongestAddress = 45;

// IPv4 as IPv6 maps it, so that there is one form.
std::optional<Address> ReadAddress(std::string_view text, bool* four) {
  if (text.empty() || text.size() > kLongestAddress) return std::nullopt;
  const std::string word(text);
  Address address{};
  address[10] = address[11] = 0xFF;
  *four = inet_pton(AF_INET, word.c_str(), address.data() + 12) == 1;
  if (*four) return address;
  if (inet_pton(AF_INET6, word.c_str(), address.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

// The text of an address in its one spelling.
std::optional<std::string> Canonical(std::string_view text) {
  bool four = false;
  const auto address = ReadAddress(text, &four);
  if (!address) return std::nullopt;
  const bool mapped =
      four || (std::all_of(address->begin(), address->begin() + 10,
                           [](uint8_t b) { return b == 0; }) &&
               (*address)[10] == 0xFF && (*address)[11] == 0xFF);
  char out[INET6_ADDRSTRLEN];
  const void* from = mapped ? address->data() + 12 : address->data();
  inet_ntop(mapped ? AF_INET : AF_INET6, from, out, sizeof out);
  return std::string(out);
}

bool SameBits(const Address& a, const Address& b, int bits) {
  for (int i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
    const int keep = std::min(bits, 8);
    const auto mask = static_cast<uint8_t>(0xFF << (8 - keep));
    if ((a[i] & mask) != (b[i] & mask)) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<Network> Network::Parse(std::string_view text) {
  const auto wrong = [&] {
    return absl::InvalidArgumentError(absl::StrCat(
        "no network of addresses (such as 10.1.0.0/16): ", ToAbsl(text)));
  };
  const size_t slash = text.find('/');
  bool four = false;
  const auto address = ReadAddress(text.substr(0, slash), &four);
  if (!address) return wrong();
  const int most = four ? 32 : 128;
  int bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    if (digits.empty() || digits.size() > 3 ||
        digits.find_first_not_of("0123456789") != std::string_view::npos ||
        !absl::SimpleAtoi(ToAbsl(digits), &bits) || bits > most) {
      return wrong();
    }
  }
  Network network;
  network.prefix_ = *address;
  network.bits_ = bits + (four ? kMappedBits : 0);
  Address masked{};
  for (int i = 0; i < 16; ++i) {
    const int keep = std::clamp(network.bits_ - 8 * i, 0, 8);
    masked[i] = static_cast<uint8_t>((*address)[i] & (0xFF << (8 - keep)));
  }
  if (masked != *address) return wrong();
  return network;
}

bool Network::Holds(std::string_view address) const {
  bool four = false;
  const auto read = ReadAddress(address, &four);
  return read && SameBits(*read, prefix_, bits_);
}

absl::StatusOr<std::vector<Network>> ParseNetworks(
    const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) {
    ASSIGN_OR_RETURN(const Network network, Network::Parse(text));
    networks.push_back(network);
  }
  return networks;
}

bool AnyHolds(const std::vector<Network>& networks, std::string_view address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& n) { return n.Holds(address); });
}

std::string SourceOf(std::string_view peer) {
  const size_t colon = peer.rfind(':');
  const bool four = peer.starts_with("ipv4:");
  if ((!four && !peer.starts_with("ipv6:")) || colon < 5) return "";
  std::string_view host = peer.substr(5, colon - 5);
  // The brackets may be written as the bytes of a URI.
  for (const std::string_view open : {"%5B", "["}) {
    if (host.starts_with(open)) host.remove_prefix(open.size());
  }
  for (const std::string_view close : {"%5D", "]"}) {
    if (host.ends_with(close)) host.remove_suffix(close.size());
  }
  // The zone of a link-local address.
  host = host.substr(0, host.find('%'));
  return Canonical(host).value_or("");
}

std::string SourceBehind(const std::string& peer_source,
                         std::string_view forwarded_for,
                         const std::vector<Network>& proxies) {
  if (forwarded_for.empty() || !AnyHolds(proxies, peer_source)) {
    return peer_source;
  }
  const size_t comma = forwarded_for.rfind(',');
  if (comma != std::string_view::npos) forwarded_for.remove_prefix(comma + 1);
  const auto last = ToStd(absl::StripAsciiWhitespace(ToAbsl(forwarded_for)));
  return Canonical(last).value_or(peer_source);
}

}  // namespace gongkai::api
