// SPDX-License-Identifier: Apache-2.0
// Keys and signatures from anywhere, of both suites.
#include <string>

#include "services/audit/suite.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

using audit::Suite;

// A key of each suite and its signature of the text, made once.
struct Made {
  explicit Made(Suite suite)
      : key(audit::SigningKey::Generate(suite).value()),
        public_key(key.PublicKey()),
        signature(key.Sign("text").value()) {}
  audit::SigningKey key;
  std::string public_key;
  std::string signature;
};

// The first byte names the suite and what is taken from the input; what is left
// of it stands for key or signature, or is laid over a good one.
GONGKAI_FUZZ(signature) {
  static const auto* const ed = new Made(Suite::kSha256Ed25519);
  static const auto* const sm = new Made(Suite::kSm3Sm2);
  Bytes bytes(input);
  const uint8_t how = bytes.Byte();
  const bool is_sm = how % 2 != 0;
  const Suite suite = is_sm ? Suite::kSm3Sm2 : Suite::kSha256Ed25519;
  const Made& made = is_sm ? *sm : *ed;
  std::string key = made.public_key;
  std::string signature = made.signature;
  std::string& victim = how & 2 ? key : signature;
  if (how & 4) {
    victim = std::string(bytes.Rest());
  } else {
    for (size_t at = 0; !bytes.empty() && at < victim.size(); ++at) {
      victim[at] = static_cast<char>(victim[at] ^ bytes.Byte());
    }
  }
  const bool good = key == made.public_key && signature == made.signature;
  const bool verifies = audit::Verifies(suite, key, "text", signature);
  Require(verifies == good, "only the signature verifies");
  if (verifies) Require(audit::IsPublicKey(suite, key), "only with a key");
}

}  // namespace
}  // namespace gongkai::fuzz
