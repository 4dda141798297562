// SPDX-License-Identifier: Apache-2.0
#include "tests/transport/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "absl/strings/escaping.h"

namespace gongkai::test {
namespace {

constexpr long kDay = 86'400;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key NewKey() { return Key(EVP_EC_gen("P-256"), EVP_PKEY_free); }

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, size);
  BIO_free(bio);
  return text;
}

std::string Pem(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  return TextOf(bio);
}

std::string Pem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(bio);
}

void Extend(X509* certificate, X509* issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, &context, what, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* Blank(EVP_PKEY* key, const std::string& name, long serial, long days) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate),
                  days < 0 ? (days - 1) * kDay : -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), days * kDay);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate, key);
  return certificate;
}

std::string Fingerprint(X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest, &size);
  return absl::BytesToHexString(
      std::string(reinterpret_cast<char*>(digest), size));
}

}  // namespace

Authority::Authority(const std::string& name)
    : key_(NewKey()), certificate_(Blank(key_.get(), name, 1, 30), X509_free) {
  X509* own = certificate_.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  Extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  Extend(own, own, NID_key_usage, "critical,keyCertSign");
  Extend(own, own, NID_subject_key_identifier, "hash");
  X509_sign(own, key_.get(), EVP_sha256());
  pem_ = Pem(own);
}

Issued Authority::Issue(const std::string& subject, int days) {
  const Key key = NewKey();
  const std::unique_ptr<X509, decltype(&X509_free)> one(
      Blank(key.get(), subject, ++serial_, days), X509_free);
  X509_set_issuer_name(one.get(), X509_get_subject_name(certificate_.get()));
  Extend(one.get(), certificate_.get(), NID_basic_constraints,
         "critical,CA:FALSE");
  Extend(one.get(), certificate_.get(), NID_ext_key_usage,
         "serverAuth,clientAuth");
  Extend(one.get(), certificate_.get(), NID_subject_alt_name,
         "IP:127.0.0.1,DNS:localhost");
  X509_sign(one.get(), key_.get(), EVP_sha256());
  return {Pem(one.get()), Pem(key.get()), Fingerprint(one.get())};
}

}  // namespace gongkai::test
