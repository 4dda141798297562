// SPDX-License-Identifier: Apache-2.0
#include "services/vault/vault.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/base/status_macros.h"
#include "services/vault/key_ring.h"
#include "services/vault/seal.h"
#include "services/vault/secret.h"

namespace gongkai::vault {
namespace {

constexpr size_t kNumberBytes = 4;

std::string BigEndian(uint64_t value, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    bytes[size - 1 - i] = static_cast<char>(value >> (8 * i));
  }
  return bytes;
}

absl::Status Altered() {
  return absl::DataLossError(
      "a sealed text was altered, or moved from where it was sealed");
}

absl::Status KeyNotHere(int number) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the outer key ", number, " is not in the key file: put it back"));
}

// What was sealed, taken apart: cipher | nonce | text and tag.
struct Sealed {
  Cipher cipher;
  std::string_view nonce;
  std::string_view text;
};

absl::StatusOr<Sealed> TakeApart(std::string_view sealed) {
  if (sealed.size() < 1 + kNonceBytes) return Altered();
  const auto cipher = static_cast<Cipher>(sealed[0]);
  if (cipher != Cipher::kAes256Gcm && cipher != Cipher::kSm4CtrHmacSm3) {
    return Altered();
  }
  return Sealed{cipher, sealed.substr(1, kNonceBytes),
                sealed.substr(1 + kNonceBytes)};
}

std::string SealUnder(Cipher cipher, const unsigned char* key,
                      std::string_view context, std::string_view plain) {
  const std::string nonce = NewNonce();
  return static_cast<char>(cipher) + nonce +
         SealText(cipher, key, nonce, context, plain);
}

absl::StatusOr<std::string> OpenUnder(const unsigned char* key,
                                      std::string_view context,
                                      std::string_view sealed) {
  ASSIGN_OR_RETURN(const Sealed parts, TakeApart(sealed));
  std::optional<std::string> plain =
      OpenText(parts.cipher, key, parts.nonce, context, parts.text);
  if (!plain) return Altered();
  return *std::move(plain);
}

std::string WrapContext(std::string_view agency, std::string_view stream,
                        int outer) {
  return Context({"gongkai data key", agency, stream,
                  BigEndian(static_cast<uint64_t>(outer), kNumberBytes)});
}

std::string SealContext(std::string_view agency, std::string_view stream,
                        int64_t seq) {
  return Context({"gongkai private part", agency, stream,
                  BigEndian(static_cast<uint64_t>(seq), 8)});
}

std::string SecretContext(std::string_view context, int outer) {
  return Context({"gongkai secret", context,
                  BigEndian(static_cast<uint64_t>(outer), kNumberBytes)});
}

class KeyVault : public Vault {
 public:
  explicit KeyVault(std::shared_ptr<const KeyRing> ring)
      : ring_(std::move(ring)) {}

  absl::StatusOr<storage::DataKey> NewKey(std::string_view agency,
                                          std::string_view stream) override {
    BriefKey key;
    randombytes_buf(key.bytes.data(), key.bytes.size());
    return Wrap(*Ring(), agency, stream, key);
  }

  absl::StatusOr<storage::DataKey> Rewrap(
      std::string_view agency, std::string_view stream,
      const storage::DataKey& key) override {
    const auto ring = RingWith(key.outer);
    BriefKey plain;
    RETURN_IF_ERROR(Unwrap(*ring, agency, stream, key, &plain));
    return Wrap(*ring, agency, stream, plain);
  }

  absl::StatusOr<std::string> Seal(std::string_view agency,
                                   std::string_view stream, int64_t seq,
                                   const storage::DataKey& key,
                                   std::string_view plain) override {
    const auto ring = RingWith(key.outer);
    BriefKey data_key;
    RETURN_IF_ERROR(Unwrap(*ring, agency, stream, key, &data_key));
    return SealUnder(ring->cipher, data_key.bytes.data(),
                     SealContext(agency, stream, seq), plain);
  }

  absl::StatusOr<std::string> Open(std::string_view agency,
                                   std::string_view stream, int64_t seq,
                                   const storage::DataKey& key,
                                   std::string_view sealed) override {
    BriefKey data_key;
    RETURN_IF_ERROR(
        Unwrap(*RingWith(key.outer), agency, stream, key, &data_key));
    return OpenUnder(data_key.bytes.data(), SealContext(agency, stream, seq),
                     sealed);
  }

  int newest() const override { return Ring()->outer.back().number; }

  absl::StatusOr<std::string> SealSecret(std::string_view context,
                                         std::string_view plain) override {
    const auto ring = Ring();
    const OuterKey& key = ring->outer.back();
    std::string sealed = SealUnder(ring->cipher, key.secret.data(),
                                   SecretContext(context, key.number), plain);
    sealed.insert(1,
                  BigEndian(static_cast<uint64_t>(key.number), kNumberBytes));
    return sealed;
  }

  absl::StatusOr<std::string> OpenSecret(std::string_view context,
                                         std::string_view sealed) override {
    if (sealed.size() < 1 + kNumberBytes) return Altered();
    uint32_t number = 0;
    for (size_t i = 1; i <= kNumberBytes; ++i) {
      number = number << 8 | static_cast<unsigned char>(sealed[i]);
    }
    const auto ring = RingWith(static_cast<int>(number));
    const OuterKey* key = ring->Find(static_cast<int>(number));
    if (key == nullptr) return KeyNotHere(static_cast<int>(number));
    std::string rest(sealed);
    rest.erase(1, kNumberBytes);
    return OpenUnder(key->secret.data(), SecretContext(context, key->number),
                     rest);
  }

  std::string BlindIndex(std::string_view use,
                         std::string_view value) const override {
    const auto ring = Ring();
    return Mac(ring->cipher, ring->index.data(),
               Context({"gongkai index", use, value}));
  }

  Cipher cipher() const override { return Ring()->cipher; }

  std::vector<int> numbers() const override {
    std::vector<int> numbers;
    for (const OuterKey& key : Ring()->outer) numbers.push_back(key.number);
    return numbers;
  }

  void WhenMissing(std::function<void()> look) override {
    look_ = std::move(look);
  }

  absl::Status Reload(std::string_view text) override {
    ASSIGN_OR_RETURN(std::shared_ptr<const KeyRing> next, ParseKeyRing(text));
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(MayFollow(*ring_, *next));
    ring_ = std::move(next);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const KeyRing> Ring() const {
    const absl::ReaderMutexLock lock(&mutex_);
    return ring_;
  }

  // With the key of this number, if it can be had.
  std::shared_ptr<const KeyRing> RingWith(int number) const {
    auto ring = Ring();
    if (ring->Find(number) != nullptr || !look_) return ring;
    look_();
    return Ring();
  }

  static storage::DataKey Wrap(const KeyRing& ring, std::string_view agency,
                               std::string_view stream, const BriefKey& key) {
    const OuterKey& outer = ring.outer.back();
    const std::string_view plain(
        reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
    return {outer.number,
            SealUnder(ring.cipher, outer.wrap.data(),
                      WrapContext(agency, stream, outer.number), plain)};
  }

  static absl::Status Unwrap(const KeyRing& ring, std::string_view agency,
                             std::string_view stream,
                             const storage::DataKey& key, BriefKey* plain) {
    const OuterKey* outer = ring.Find(key.outer);
    if (outer == nullptr) return KeyNotHere(key.outer);
    ASSIGN_OR_RETURN(
        std::string bytes,
        OpenUnder(outer->wrap.data(), WrapContext(agency, stream, key.outer),
                  key.wrapped));
    if (bytes.size() != kKeyBytes) return Altered();
    std::copy(bytes.begin(), bytes.end(), plain->bytes.begin());
    Wipe(bytes);
    return absl::OkStatus();
  }

  std::function<void()> look_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const KeyRing> ring_ ABSL_GUARDED_BY(mutex_);
};

std::string NewHexKey() {
  BriefKey key;
  randombytes_buf(key.bytes.data(), key.bytes.size());
  std::string hex(2 * kKeyBytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), key.bytes.data(), key.bytes.size());
  hex.pop_back();
  return hex;
}

}  // namespace

std::string CredentialContext(std::string_view agency,
                              std::string_view account) {
  return Context({"credential", agency, account});
}

absl::StatusOr<std::unique_ptr<Vault>> Vault::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(std::shared_ptr<const KeyRing> ring, ParseKeyRing(text));
  return std::unique_ptr<Vault>(std::make_unique<KeyVault>(std::move(ring)));
}

absl::StatusOr<std::string> Vault::Generate(Cipher cipher,
                                            std::string_view old) {
  if (sodium_init() < 0) {
    return absl::InternalError("the crypto library did not start");
  }
  if (old.empty()) {
    return absl::StrCat(
        "# Outer keys: whoever has them reads what is sealed.\n"
        "cipher ",
        std::string(CipherName(cipher)), "\nindex ", NewHexKey(), "\nkey 1 ",
        NewHexKey(), "\n");
  }
  ASSIGN_OR_RETURN(const auto ring, ParseKeyRing(old));
  std::string text(old);
  if (text.back() != '\n') text.push_back('\n');
  absl::StrAppend(&text, "key ", ring->outer.back().number + 1, " ",
                  NewHexKey(), "\n");
  return text;
}

}  // namespace gongkai::vault
