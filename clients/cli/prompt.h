// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_PROMPT_H_
#define GONGKAI_CLIENTS_CLI_PROMPT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"

namespace gongkai::cli {

// A secret typed on the terminal, which does not show it; never taken from a
// pipe. FAILED_PRECONDITION without a terminal, naming the flag that gives the
// secret there.
absl::StatusOr<std::string> AskSecret(const Run& run, std::string_view question,
                                      std::string_view flag);

// The secret in the file that `flag` names, else asked for.
absl::StatusOr<std::string> SecretOf(const Run& run, const std::string& flag,
                                     std::string_view question);

// The same for a secret that is being made: typed twice, and equal.
absl::StatusOr<std::string> NewSecretOf(const Run& run, const std::string& flag,
                                        std::string_view question);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_PROMPT_H_
