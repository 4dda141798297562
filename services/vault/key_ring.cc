// SPDX-License-Identifier: Apache-2.0
#include "services/vault/key_ring.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/vault/seal.h"

namespace gongkai::vault {
namespace {

// What is being read of a file.
struct Draft {
  std::optional<Cipher> cipher;
  std::optional<KeptKey> index;
  std::vector<std::pair<int, KeptKey>> keys;
};

absl::Status Wrong(int line, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", line, ": ", ToAbsl(what)));
}

absl::StatusOr<KeptKey> KeyOf(int line, std::string_view hex) {
  KeptKey key;
  size_t size = 0;
  const char* end = nullptr;
  if (hex.size() != 2 * kKeyBytes ||
      sodium_hex2bin(key.data(), kKeyBytes, hex.data(), hex.size(), nullptr,
                     &size, &end) != 0 ||
      size != kKeyBytes) {
    return Wrong(line, "a key is 64 hexadecimal digits");
  }
  if (sodium_is_zero(key.data(), kKeyBytes) == 1) {
    return Wrong(line, "a key of nothing but zeros is no secret");
  }
  return key;
}

absl::Status ReadKey(int line, std::string_view number_text,
                     std::string_view hex, Draft* draft) {
  int number = 0;
  if (!absl::SimpleAtoi(ToAbsl(number_text), &number) || number < 1) {
    return Wrong(line, "the number of a key is 1 or more");
  }
  if (!draft->keys.empty() && draft->keys.back().first >= number) {
    return Wrong(line, "the numbers of the keys must rise");
  }
  ASSIGN_OR_RETURN(KeptKey key, KeyOf(line, hex));
  for (const auto& [other, bytes] : draft->keys) {
    if (bytes == key) return Wrong(line, "two numbers have the same key");
  }
  draft->keys.emplace_back(number, std::move(key));
  return absl::OkStatus();
}

absl::Status ReadLine(int line, const std::vector<absl::string_view>& words,
                      Draft* draft) {
  if (words.size() == 2 && words[0] == "cipher") {
    if (draft->cipher) return Wrong(line, "a second line `cipher`");
    const auto cipher = CipherNamed(ToStd(words[1]));
    if (!cipher.ok()) return Wrong(line, ToStd(cipher.status().message()));
    draft->cipher = *cipher;
    return absl::OkStatus();
  }
  if (words.size() == 2 && words[0] == "index") {
    if (draft->index) return Wrong(line, "a second line `index`");
    ASSIGN_OR_RETURN(draft->index, KeyOf(line, ToStd(words[1])));
    return absl::OkStatus();
  }
  if (words.size() == 3 && words[0] == "key") {
    return ReadKey(line, ToStd(words[1]), ToStd(words[2]), draft);
  }
  return Wrong(line,
               "neither `cipher NAME`, `index HEX`, `key NUMBER HEX` nor a "
               "comment");
}

void Derive(Cipher cipher, const KeptKey& key, std::string_view use,
            KeptKey* derived) {
  std::string mac = Mac(cipher, key.data(), use);
  std::copy(mac.begin(), mac.end(), derived->data());
  Wipe(mac);
}

}  // namespace

KeptKey::KeptKey()
    : bytes_(static_cast<unsigned char*>(
          sodium_init() < 0 ? nullptr : sodium_malloc(kKeyBytes))) {
  if (bytes_ == nullptr) std::abort();
  sodium_memzero(bytes_.get(), kKeyBytes);
}

const OuterKey* KeyRing::Find(int number) const {
  for (const OuterKey& key : outer) {
    if (key.number == number) return &key;
  }
  return nullptr;
}

std::string_view CipherName(Cipher cipher) {
  return cipher == Cipher::kSm4CtrHmacSm3 ? "sm4-ctr-hmac-sm3" : "aes-256-gcm";
}

absl::StatusOr<Cipher> CipherNamed(std::string_view name) {
  for (const Cipher cipher : {Cipher::kAes256Gcm, Cipher::kSm4CtrHmacSm3}) {
    if (name == CipherName(cipher)) return cipher;
  }
  return absl::InvalidArgumentError(
      "no such cipher; there are aes-256-gcm and sm4-ctr-hmac-sm3");
}

absl::StatusOr<std::unique_ptr<const KeyRing>> ParseKeyRing(
    std::string_view text) {
  Draft draft;
  int line = 0;
  for (const absl::string_view raw : absl::StrSplit(ToAbsl(text), '\n')) {
    ++line;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(raw, absl::MaxSplits('#', 1));
    const std::vector<absl::string_view> words = absl::StrSplit(
        parts.first, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    RETURN_IF_ERROR(ReadLine(line, words, &draft));
  }
  if (!draft.cipher) {
    return absl::InvalidArgumentError("there is no line `cipher`");
  }
  if (!draft.index) {
    return absl::InvalidArgumentError("there is no line `index`");
  }
  if (draft.keys.empty()) {
    return absl::InvalidArgumentError("there is no line `key`");
  }
  auto ring = std::make_unique<KeyRing>();
  ring->cipher = *draft.cipher;
  ring->index = *std::move(draft.index);
  for (const auto& [number, key] : draft.keys) {
    if (key == ring->index) {
      return absl::InvalidArgumentError(
          "the key of the indexes is one of the outer keys");
    }
    OuterKey outer;
    outer.number = number;
    Derive(ring->cipher, key, "gongkai wrap", &outer.wrap);
    Derive(ring->cipher, key, "gongkai secret", &outer.secret);
    ring->outer.push_back(std::move(outer));
  }
  return std::unique_ptr<const KeyRing>(std::move(ring));
}

absl::Status MayFollow(const KeyRing& now, const KeyRing& next) {
  if (now.cipher != next.cipher || !(now.index == next.index)) {
    return absl::FailedPreconditionError(
        "the cipher and the key of the indexes never change");
  }
  for (const OuterKey& key : now.outer) {
    const OuterKey* other = next.Find(key.number);
    if (other != nullptr && !(other->wrap == key.wrap)) {
      return absl::FailedPreconditionError(
          absl::StrCat("key ", key.number, " is another than before"));
    }
  }
  if (next.outer.back().number < now.outer.back().number) {
    return absl::FailedPreconditionError(
        "the newest key is older than the one in use");
  }
  return absl::OkStatus();
}

}  // namespace gongkai::vault
