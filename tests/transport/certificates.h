// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TRANSPORT_CERTIFICATES_H_
#define GONGKAI_TESTS_TRANSPORT_CERTIFICATES_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace gongkai::test {

// A certificate and its key, PEM.
struct Issued {
  std::string certificate;
  std::string key;
  // SHA-256 of the certificate, 64 hexadecimal digits.
  std::string fingerprint;
};

// Issues certificates for one house (证书机构).
class Authority {
 public:
  explicit Authority(const std::string& name);
  const std::string& certificate() const { return pem_; }
  // For the name `subject`, good for 127.0.0.1 and localhost, from now on for
  // so many days; of a negative number it is over.
  Issued Issue(const std::string& subject, int days = 1);

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
  std::string pem_;
  long serial_ = 1;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_TRANSPORT_CERTIFICATES_H_
