// SPDX-License-Identifier: Apache-2.0
#include "services/auth/password.h"

#include <sodium.h>

#include <array>

#include "services/auth/secret.h"
#include "services/base/ids.h"
#include "services/base/text.h"

namespace gongkai::auth {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

unsigned long long Ops(PasswordCost cost) {
  return static_cast<unsigned long long>(cost.ops);
}

size_t Memory(PasswordCost cost) {
  return static_cast<size_t>(cost.mib) * kMiB;
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost) {
  // Safe to call again; it picks the fastest code and seeds nothing.
  if (sodium_init() < 0) return;
  const auto hash = Hash(RandomBytes(16));
  if (hash.ok()) nothing_ = *hash;
  count_.store(0);
}

absl::StatusOr<std::string> PasswordHasher::Hash(std::string_view password) {
  // However the keyboard composed it.
  std::string text = ToNfc(password);
  const Wiped wiped(text);
  count_.fetch_add(1);
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), text.data(), text.size(), Ops(cost_),
                            Memory(cost_), crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return absl::ResourceExhaustedError("no memory to hash a password");
  }
  return std::string(hash.data());
}

bool PasswordHasher::Verify(const std::string& hash,
                            std::string_view password) {
  std::string text = ToNfc(password);
  const Wiped wiped(text);
  count_.fetch_add(1);
  return crypto_pwhash_str_verify(hash.c_str(), text.data(), text.size()) == 0;
}

bool PasswordHasher::VerifyNothing(std::string_view password) {
  Verify(nothing_, password);
  return false;
}

bool PasswordHasher::IsOutdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), Ops(cost_),
                                        Memory(cost_)) != 0;
}

}  // namespace gongkai::auth
