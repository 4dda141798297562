// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_KEYS_H_
#define GONGKAI_CLIENTS_VERIFY_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"

namespace gongkai::verify {

// The verifier key that `text` is, or that stands in the file of that name.
absl::StatusOr<audit::VerifierKey> ReadVerifierKey(const std::string& text);
absl::StatusOr<std::vector<audit::VerifierKey>> ReadVerifierKeys(
    const std::vector<std::string>& texts);

// The private key in a PEM file.
absl::StatusOr<audit::SigningKey> ReadSigningKey(const std::string& path);

// Writes a file that only its owner can read. ALREADY_EXISTS when there is one:
// a key is never written over.
absl::Status WriteNewSecret(const std::string& path, const std::string& text);

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_KEYS_H_
