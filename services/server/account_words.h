// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_ACCOUNT_WORDS_H_
#define GONGKAI_SERVICES_SERVER_ACCOUNT_WORDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/act/account_keeper.h"

// First accounts as an operator writes them.
namespace gongkai::server {

// Reads `NAME=ROLE[,ROLE][@DEPARTMENT]`, roles as `security_admin`.
// INVALID_ARGUMENT says what is wrong, also that an administrator's role stands
// alone.
absl::StatusOr<act::AccountKeeper::FirstAccount> ReadFirstAccount(
    const std::string& agency, const std::string& word, v1::AccountKind kind);

// Gives the programs among `all` their certificates, each `NAME=FILE`.
absl::Status TakeCertificates(
    const std::vector<std::string>& words,
    std::vector<act::AccountKeeper::FirstAccount>& all);

// Gives the people among `all` the numbers of their identity documents, each
// `NAME=FILE`; never an argument, which everybody on the machine may see.
absl::Status TakeIdentities(const std::vector<std::string>& words,
                            std::vector<act::AccountKeeper::FirstAccount>& all);

// SHA-256 of a certificate in PEM, 64 hexadecimal digits. INVALID_ARGUMENT for
// anything else.
absl::StatusOr<std::string> FingerprintOfPem(const std::string& pem);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_ACCOUNT_WORDS_H_
