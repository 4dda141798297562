// SPDX-License-Identifier: Apache-2.0
#include "services/server/account_words.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/account/account.h"
#include "services/api/validate.h"
#include "services/auth/names.h"
#include "services/base/dates.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

constexpr size_t kMostPem = size_t{64} * 1024;
constexpr size_t kMostNumber = 256;

absl::Status Wrong(const std::string& word, std::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat(word, ": wanted ", ToAbsl(wanted)));
}

absl::StatusOr<v1::Role> RoleNamed(const std::string& word,
                                   const std::string& name) {
  v1::Role role = v1::ROLE_UNSPECIFIED;
  if (!v1::Role_Parse(absl::StrCat("ROLE_", absl::AsciiStrToUpper(name)),
                      &role) ||
      role == v1::ROLE_UNSPECIFIED) {
    return Wrong(word, "names of roles, such as handler or security_admin");
  }
  return role;
}

using FirstAccounts = std::vector<act::AccountKeeper::FirstAccount>;

// The one that `NAME=…` means; the end when there is none of that kind.
FirstAccounts::iterator FindNamed(const std::string& word, v1::AccountKind kind,
                                  FirstAccounts& all) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos) return all.end();
  const std::string name = word.substr(0, equals);
  return std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return one.name == name && one.kind == kind;
  });
}

}  // namespace

absl::StatusOr<act::AccountKeeper::FirstAccount> ReadFirstAccount(
    const std::string& agency, const std::string& word, v1::AccountKind kind) {
  act::AccountKeeper::FirstAccount first;
  first.agency = agency;
  first.kind = kind;
  const size_t equals = word.find('=');
  if (equals == std::string::npos) {
    return Wrong(word, "NAME=ROLE[,ROLE][@DEPARTMENT]");
  }
  const auto name = auth::NormalName(word.substr(0, equals));
  if (!name)
    return Wrong(word, absl::StrCat("a name of ", ToAbsl(auth::kNameForm)));
  first.name = *name;
  std::string roles = word.substr(equals + 1);
  std::string department;
  if (const size_t at = roles.find('@'); at != std::string::npos) {
    department = roles.substr(at + 1);
    roles.resize(at);
    if (department.empty() || department.size() > 64 ||
        !api::FormDefect(department, v1::CODE).empty()) {
      return Wrong(word, "a department after @");
    }
  }
  const std::vector<std::string> names = absl::StrSplit(roles, ',');
  for (const std::string& one : names) {
    ASSIGN_OR_RETURN(const v1::Role role, RoleNamed(word, one));
    v1::Grant grant;
    grant.set_role(role);
    grant.set_department(department);
    first.grants.push_back(std::move(grant));
  }
  const bool fits = std::all_of(first.grants.begin(), first.grants.end(),
                                [&](const v1::Grant& grant) {
                                  return account::MayHold(kind, grant.role());
                                });
  if (!fits) return Wrong(word, "portal alone, the only role of a program");
  const bool post = std::any_of(first.grants.begin(), first.grants.end(),
                                [](const v1::Grant& grant) {
                                  return account::IsAdministrator(grant.role());
                                });
  if (post && (first.grants.size() > 1 || !department.empty())) {
    return Wrong(word, "an administrator's role alone, in the whole agency");
  }
  return first;
}

absl::StatusOr<std::string> FingerprintOfPem(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (certificate == nullptr ||
      X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) {
    return absl::InvalidArgumentError("no certificate in PEM");
  }
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

absl::Status TakeCertificates(
    const std::vector<std::string>& words,
    std::vector<act::AccountKeeper::FirstAccount>& all) {
  for (const std::string& word : words) {
    const auto it = FindNamed(word, v1::SERVICE_ACCOUNT, all);
    if (it == all.end()) {
      return Wrong(word, "NAME=FILE.pem of one of --service");
    }
    ASSIGN_OR_RETURN(const FileRead file,
                     ReadSmallFile(word.substr(word.find('=') + 1), kMostPem));
    const auto fingerprint = FingerprintOfPem(file.bytes);
    if (!fingerprint.ok()) return Wrong(word, "a certificate in PEM");
    it->fingerprint = *fingerprint;
  }
  return absl::OkStatus();
}

absl::Status TakeIdentities(
    const std::vector<std::string>& words,
    std::vector<act::AccountKeeper::FirstAccount>& all) {
  for (const std::string& word : words) {
    const auto it = FindNamed(word, v1::STAFF, all);
    if (it == all.end()) {
      return absl::InvalidArgumentError(
          "--identity: wanted NAME=FILE of one of --account");
    }
    // Not the system's words: they repeat what may be the number itself.
    const auto file =
        ReadSmallFile(word.substr(word.find('=') + 1), kMostNumber);
    if (file.ok()) {
      it->identity_number =
          std::string(absl::StripAsciiWhitespace(file->bytes));
    }
    if (it->identity_number.empty()) {
      return Wrong("--identity of " + it->name,
                   "a file that can be read, with the number of an identity "
                   "document");
    }
  }
  return absl::OkStatus();
}

}  // namespace gongkai::server
