// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_KEY_FILES_H_
#define GONGKAI_SERVICES_SERVER_KEY_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"

namespace gongkai::server {

// The private key in a PEM file. FAILED_PRECONDITION when others than its owner
// can write it or everybody can read it: such a key is nobody's secret.
absl::StatusOr<audit::SigningKey> ReadSigningKey(const std::string& file);

// The verifier keys of `given`: each a key itself or the path of a file with
// one key a line.
absl::StatusOr<std::vector<audit::VerifierKey>> ReadVerifierKeys(
    const std::vector<std::string>& given);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_KEY_FILES_H_
