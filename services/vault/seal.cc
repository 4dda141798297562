// SPDX-License-Identifier: Apache-2.0
#include "services/vault/seal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "services/vault/secret.h"

namespace gongkai::vault {
namespace {

struct Free {
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_MAC_CTX* p) const { EVP_MAC_CTX_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

constexpr size_t kGcmTagBytes = 16;
constexpr size_t kMacBytes = 32;
constexpr size_t kSm4KeyBytes = 16;
constexpr std::string_view kFirstBlock("\0\0\0\1", 4);

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* Bytes(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}

void Must(bool done) {
  if (!done) std::abort();
}

// Looked up once: the look-up costs more than a seal.
const EVP_CIPHER* Gcm() {
  static const EVP_CIPHER* const gcm =
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return gcm;
}
const EVP_CIPHER* Sm4() {
  static const EVP_CIPHER* const sm4 =
      EVP_CIPHER_fetch(nullptr, "SM4-CTR", nullptr);
  return sm4;
}
EVP_MAC* Hmac() {
  static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return hmac;
}

int Size(std::string_view s) { return static_cast<int>(s.size()); }

// The two keys of SM4 and of HMAC that follow from one.
struct Sm4Keys {
  explicit Sm4Keys(const unsigned char* key)
      : encrypt(Mac(Cipher::kSm4CtrHmacSm3, key, "gongkai encrypt")),
        authenticate(Mac(Cipher::kSm4CtrHmacSm3, key, "gongkai authenticate")) {
  }
  Sm4Keys(const Sm4Keys&) = delete;
  Sm4Keys& operator=(const Sm4Keys&) = delete;
  ~Sm4Keys() {
    Wipe(encrypt);
    Wipe(authenticate);
  }
  std::string encrypt;  // its first 16 bytes
  std::string authenticate;
};

std::string Sm4Tag(const Sm4Keys& keys, std::string_view nonce,
                   std::string_view context, std::string_view text) {
  return Mac(Cipher::kSm4CtrHmacSm3, Bytes(keys.authenticate),
             Context({context, nonce, text}));
}

std::string CounterOf(std::string_view nonce) {
  return std::string(nonce) + std::string(kFirstBlock);
}

std::string SealGcm(const unsigned char* key, std::string_view nonce,
                    std::string_view context, std::string_view plain) {
  const Owned<EVP_CIPHER_CTX> at(EVP_CIPHER_CTX_new());
  std::string sealed(plain.size() + kGcmTagBytes, '\0');
  int n = 0;
  Must(at != nullptr && Gcm() != nullptr &&
       EVP_EncryptInit_ex2(at.get(), Gcm(), key, Bytes(nonce), nullptr) == 1 &&
       EVP_EncryptUpdate(at.get(), nullptr, &n, Bytes(context),
                         Size(context)) == 1 &&
       EVP_EncryptUpdate(at.get(), Bytes(sealed), &n, Bytes(plain),
                         Size(plain)) == 1 &&
       EVP_EncryptFinal_ex(at.get(), Bytes(sealed) + plain.size(), &n) == 1 &&
       EVP_CIPHER_CTX_ctrl(at.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes,
                           Bytes(sealed) + plain.size()) == 1);
  return sealed;
}

std::optional<std::string> OpenGcm(const unsigned char* key,
                                   std::string_view nonce,
                                   std::string_view context,
                                   std::string_view sealed) {
  if (sealed.size() < kGcmTagBytes) return std::nullopt;
  const std::string_view text = sealed.substr(0, sealed.size() - kGcmTagBytes);
  std::string tag(sealed.substr(text.size()));
  const Owned<EVP_CIPHER_CTX> at(EVP_CIPHER_CTX_new());
  // One byte more, so that an empty text has a place too.
  std::string plain(text.size() + 1, '\0');
  int n = 0;
  Must(at != nullptr && Gcm() != nullptr &&
       EVP_DecryptInit_ex2(at.get(), Gcm(), key, Bytes(nonce), nullptr) == 1 &&
       EVP_DecryptUpdate(at.get(), nullptr, &n, Bytes(context),
                         Size(context)) == 1 &&
       EVP_DecryptUpdate(at.get(), Bytes(plain), &n, Bytes(text), Size(text)) ==
           1 &&
       EVP_CIPHER_CTX_ctrl(at.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes,
                           Bytes(tag)) == 1);
  if (EVP_DecryptFinal_ex(at.get(), Bytes(plain) + text.size(), &n) != 1) {
    // What was opened may be what another chose: nobody may see it.
    Wipe(plain);
    return std::nullopt;
  }
  plain.resize(text.size());
  return plain;
}

}  // namespace

std::string Context(std::initializer_list<std::string_view> parts) {
  std::string context;
  for (const std::string_view part : parts) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      context.push_back(
          static_cast<char>(static_cast<uint64_t>(part.size()) >> shift));
    }
    context.append(part);
  }
  return context;
}

std::string NewNonce() {
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  return nonce;
}

std::string Mac(Cipher cipher, const unsigned char* key,
                std::string_view text) {
  char sha256[] = "SHA256";
  char sm3[] = "SM3";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(
          OSSL_MAC_PARAM_DIGEST,
          cipher == Cipher::kSm4CtrHmacSm3 ? sm3 : sha256, 0),
      OSSL_PARAM_construct_end()};
  const Owned<EVP_MAC_CTX> at(EVP_MAC_CTX_new(Hmac()));
  std::string mac(kMacBytes, '\0');
  size_t size = 0;
  Must(at != nullptr &&
       EVP_MAC_init(at.get(), key, kKeyBytes, parameters) == 1 &&
       EVP_MAC_update(at.get(), Bytes(text), text.size()) == 1 &&
       EVP_MAC_final(at.get(), Bytes(mac), &size, mac.size()) == 1 &&
       size == kMacBytes);
  return mac;
}

std::string Sm4Ctr(const unsigned char* key, std::string_view counter,
                   std::string_view text) {
  const Owned<EVP_CIPHER_CTX> at(EVP_CIPHER_CTX_new());
  std::string out(text.size() + kSm4KeyBytes, '\0');
  int n = 0;
  int last = 0;
  Must(at != nullptr && Sm4() != nullptr &&
       EVP_EncryptInit_ex2(at.get(), Sm4(), key, Bytes(counter), nullptr) ==
           1 &&
       EVP_EncryptUpdate(at.get(), Bytes(out), &n, Bytes(text), Size(text)) ==
           1 &&
       EVP_EncryptFinal_ex(at.get(), Bytes(out) + n, &last) == 1);
  out.resize(text.size());
  return out;
}

std::string SealText(Cipher cipher, const unsigned char* key,
                     std::string_view nonce, std::string_view context,
                     std::string_view plain) {
  if (cipher == Cipher::kAes256Gcm) {
    return SealGcm(key, nonce, context, plain);
  }
  const Sm4Keys keys(key);
  const std::string text = Sm4Ctr(Bytes(keys.encrypt), CounterOf(nonce), plain);
  return text + Sm4Tag(keys, nonce, context, text);
}

std::optional<std::string> OpenText(Cipher cipher, const unsigned char* key,
                                    std::string_view nonce,
                                    std::string_view context,
                                    std::string_view sealed) {
  if (cipher == Cipher::kAes256Gcm) {
    return OpenGcm(key, nonce, context, sealed);
  }
  if (sealed.size() < kMacBytes) return std::nullopt;
  const Sm4Keys keys(key);
  const std::string_view text = sealed.substr(0, sealed.size() - kMacBytes);
  const std::string tag = Sm4Tag(keys, nonce, context, text);
  if (sodium_memcmp(tag.data(), sealed.data() + text.size(), kMacBytes) != 0) {
    return std::nullopt;
  }
  return Sm4Ctr(Bytes(keys.encrypt), CounterOf(nonce), text);
}

}  // namespace gongkai::vault
