// SPDX-License-Identifier: Apache-2.0
#include "services/audit/suite.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/audit/ed25519_points.h"
#include "services/base/dates.h"

namespace gongkai::audit {
namespace {

// Frees what OpenSSL gave.
struct Free {
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// The signer id that GB/T 32918 and GM/T 0009 fix; OpenSSL's own is empty.
constexpr std::string_view kSm2Id = "1234567812345678";
constexpr size_t kEd25519KeyBytes = 32;
constexpr size_t kEd25519SignatureBytes = 64;
constexpr size_t kSm2PointBytes = 65;
constexpr size_t kSm2MaxSignatureBytes = 72;
// The order of the base point of SM2.
constexpr char kSm2Order[] =
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

// The digest of a suite, looked up once: the look-up costs more than a record.
const EVP_MD* Algorithm(Suite suite) {
  static const EVP_MD* const sha256 =
      EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  static const EVP_MD* const sm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  return suite == Suite::kSm3Sm2 ? sm3 : sha256;
}

absl::Status CryptoFailed(std::string_view what) {
  ERR_clear_error();
  return absl::InternalError(
      absl::StrCat("the crypto library failed: ", ToAbsl(what)));
}

EVP_PKEY* Get(void* key) { return static_cast<EVP_PKEY*>(key); }

// A context that signs or verifies as the suite says, not yet begun.
// `parameters` must live as long.
bool Prepare(Suite suite, EVP_PKEY* key, EVP_MD_CTX* context,
             EVP_PKEY_CTX* parameters) {
  if (key == nullptr || context == nullptr || parameters == nullptr) {
    return false;
  }
  if (suite == Suite::kSm3Sm2 &&
      EVP_PKEY_CTX_set1_id(parameters, kSm2Id.data(),
                           static_cast<int>(kSm2Id.size())) != 1) {
    return false;
  }
  EVP_MD_CTX_set_pkey_ctx(context, parameters);
  return true;
}

const char* DigestOfSignature(Suite suite) {
  return suite == Suite::kSm3Sm2 ? "SM3" : nullptr;
}

Owned<EVP_PKEY> Sm2PublicKey(std::string_view point) {
  if (point.size() != kSm2PointBytes || point[0] != '\x04') return nullptr;
  Owned<EVP_PKEY_CTX> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  char group[] = "SM2";
  std::string octets(point);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(),
                                        octets.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  // Reading the octets refuses what is not on the curve.
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) !=
          1) {
    return nullptr;
  }
  return Owned<EVP_PKEY>(key);
}

// Whether `signature` is the one DER form of two numbers of 1 to order - 1.
bool IsCanonicalSm2(std::string_view signature) {
  if (signature.size() > kSm2MaxSignatureBytes) return false;
  const unsigned char* at = Bytes(signature);
  const Owned<ECDSA_SIG> read(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
  if (read == nullptr || at != Bytes(signature) + signature.size()) {
    return false;
  }
  unsigned char* again = nullptr;
  const int size = i2d_ECDSA_SIG(read.get(), &again);
  const bool same =
      size > 0 && std::string_view(reinterpret_cast<char*>(again),
                                   static_cast<size_t>(size)) == signature;
  OPENSSL_free(again);
  if (!same) return false;
  BIGNUM* order = nullptr;
  if (BN_hex2bn(&order, kSm2Order) == 0) return false;
  const Owned<BIGNUM> bound(order);
  for (const BIGNUM* n :
       {ECDSA_SIG_get0_r(read.get()), ECDSA_SIG_get0_s(read.get())}) {
    if (BN_is_negative(n) || BN_is_zero(n) || BN_cmp(n, bound.get()) >= 0) {
      return false;
    }
  }
  return true;
}

bool IsCanonicalSignature(Suite suite, std::string_view signature) {
  if (suite == Suite::kSm3Sm2) return IsCanonicalSm2(signature);
  // That S is below the order, the library itself checks.
  return signature.size() == kEd25519SignatureBytes &&
         IsSoundPoint(signature.substr(0, kEd25519KeyBytes));
}

// Null for what is no public key in its canonical form.
Owned<EVP_PKEY> ReadPublicKey(Suite suite, std::string_view key) {
  if (suite == Suite::kSm3Sm2) return Sm2PublicKey(key);
  if (!IsSoundPoint(key)) return nullptr;
  return Owned<EVP_PKEY>(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                     Bytes(key), key.size()));
}

}  // namespace

std::string_view SuiteName(Suite suite) {
  return suite == Suite::kSm3Sm2 ? "sm3-sm2" : "sha256-ed25519";
}

absl::StatusOr<Suite> SuiteNamed(std::string_view name) {
  for (const Suite suite : {Suite::kSha256Ed25519, Suite::kSm3Sm2}) {
    if (name == SuiteName(suite)) return suite;
  }
  return absl::InvalidArgumentError(
      "no such suite; there are sha256-ed25519 and sm3-sm2");
}

absl::StatusOr<Suite> SuiteNumbered(int number) {
  for (const Suite suite : {Suite::kSha256Ed25519, Suite::kSm3Sm2}) {
    if (number == static_cast<int>(suite)) return suite;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no suite has the number ", number,
                   "; there are 1 (sha256-ed25519) and 2 (sm3-sm2)"));
}

std::string Digest(Suite suite, std::initializer_list<std::string_view> parts) {
  thread_local const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::string digest(kHashBytes, '\0');
  unsigned int size = 0;
  const EVP_MD* algorithm = Algorithm(suite);
  bool ok = context != nullptr && algorithm != nullptr &&
            EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1;
  for (const std::string_view part : parts) {
    ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  ok = ok && EVP_DigestFinal_ex(context.get(),
                                reinterpret_cast<unsigned char*>(digest.data()),
                                &size) == 1;
  // A digest that cannot be made leaves nothing that may be recorded.
  if (!ok || size != kHashBytes) std::abort();
  return digest;
}

SigningKey::SigningKey(SigningKey&& other) noexcept
    : suite_(other.suite_), key_(std::exchange(other.key_, nullptr)) {}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
  std::swap(suite_, other.suite_);
  std::swap(key_, other.key_);
  return *this;
}

SigningKey::~SigningKey() { EVP_PKEY_free(Get(key_)); }

absl::StatusOr<SigningKey> SigningKey::Generate(Suite suite) {
  EVP_PKEY* key = suite == Suite::kSm3Sm2
                      ? EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")
                      : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) return CryptoFailed("it made no key");
  return SigningKey(suite, key);
}

absl::StatusOr<SigningKey> SigningKey::FromPem(std::string_view pem) {
  const Owned<BIO> in(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (in == nullptr) return CryptoFailed("no memory for a key");
  // Nobody is there to be asked for a pass phrase.
  const auto no_phrase = [](char*, int, int, void*) { return -1; };
  Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, no_phrase, nullptr));
  if (key != nullptr && EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
    return SigningKey(Suite::kSha256Ed25519, key.release());
  }
  if (key != nullptr && EVP_PKEY_is_a(key.get(), "SM2") == 1) {
    return SigningKey(Suite::kSm3Sm2, key.release());
  }
  ERR_clear_error();
  return absl::InvalidArgumentError(
      "this is no private key in PEM of Ed25519 or SM2 without a pass phrase");
}

std::string SigningKey::ToPem() const {
  const Owned<BIO> out(BIO_new(BIO_s_secmem()));
  if (out == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), Get(key_), nullptr, nullptr, 0,
                                    nullptr, nullptr) != 1) {
    std::abort();
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string SigningKey::PublicKey() const {
  std::string bytes(kSm2PointBytes, '\0');
  auto* to = reinterpret_cast<unsigned char*>(bytes.data());
  size_t size = bytes.size();
  const bool ok =
      suite_ == Suite::kSm3Sm2
          ? EVP_PKEY_get_octet_string_param(Get(key_), OSSL_PKEY_PARAM_PUB_KEY,
                                            to, size, &size) == 1
          : EVP_PKEY_get_raw_public_key(Get(key_), to, &size) == 1;
  if (!ok) std::abort();
  bytes.resize(size);
  return bytes;
}

absl::StatusOr<std::string> SigningKey::Sign(std::string_view message) const {
  const Owned<EVP_PKEY_CTX> parameters(
      EVP_PKEY_CTX_new_from_pkey(nullptr, Get(key_), nullptr));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::string signature(kSm2MaxSignatureBytes, '\0');
  size_t size = signature.size();
  if (!Prepare(suite_, Get(key_), context.get(), parameters.get()) ||
      EVP_DigestSignInit_ex(context.get(), nullptr, DigestOfSignature(suite_),
                            nullptr, nullptr, Get(key_), nullptr) != 1 ||
      EVP_DigestSign(context.get(),
                     reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Bytes(message), message.size()) != 1) {
    return CryptoFailed("it did not sign");
  }
  signature.resize(size);
  return signature;
}

bool IsPublicKey(Suite suite, std::string_view public_key) {
  const bool read = ReadPublicKey(suite, public_key) != nullptr;
  ERR_clear_error();
  return read;
}

bool Verifies(Suite suite, std::string_view public_key,
              std::string_view message, std::string_view signature) {
  const Owned<EVP_PKEY> key = IsCanonicalSignature(suite, signature)
                                  ? ReadPublicKey(suite, public_key)
                                  : nullptr;
  bool ok = false;
  if (key != nullptr) {
    const Owned<EVP_PKEY_CTX> parameters(
        EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    ok = Prepare(suite, key.get(), context.get(), parameters.get()) &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr,
                                 DigestOfSignature(suite), nullptr, nullptr,
                                 key.get(), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                          Bytes(message), message.size()) == 1;
  }
  ERR_clear_error();
  return ok;
}

}  // namespace gongkai::audit
