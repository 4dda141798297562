// SPDX-License-Identifier: Apache-2.0
#include "services/audit/ed25519_points.h"

#include <algorithm>
#include <string>

namespace gongkai::audit {
namespace {

constexpr size_t kPointBytes = 32;

// The y of the eight points of small order, little-endian, without sign: each
// stands for two points but 1 and -1, which have x = 0. With the sign cut off
// they cover the forms of x = 0 with a sign too.
constexpr std::string_view kSmallOrder[] = {
    // Order 4: y = 0.
    {"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
     "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
     kPointBytes},
    // Order 1: y = 1.
    {"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
     "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
     kPointBytes},
    // Order 2: y = -1.
    {"\xec\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
     kPointBytes},
    // Order 8.
    {"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0"
     "\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
     kPointBytes},
    {"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f"
     "\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
     kPointBytes},
};

// p - 1 = 2^255 - 20; larger values are second spellings of 0 to 18.
bool IsBelowP(std::string_view y) {
  if (static_cast<unsigned char>(y[0]) < 0xed) return true;
  if (y[kPointBytes - 1] != '\x7f') return true;
  return std::any_of(y.begin() + 1, y.end() - 1,
                     [](char c) { return c != '\xff'; });
}

}  // namespace

bool IsSoundPoint(std::string_view bytes) {
  if (bytes.size() != kPointBytes) return false;
  std::string y(bytes);
  y.back() = static_cast<char>(y.back() & 0x7f);
  return IsBelowP(y) &&
         std::find(std::begin(kSmallOrder), std::end(kSmallOrder), y) ==
             std::end(kSmallOrder);
}

}  // namespace gongkai::audit
