// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_PARSE_H_
#define GONGKAI_CLIENTS_CLI_PARSE_H_

#include <optional>

#include "clients/cli/command.h"

namespace gongkai::cli {

// What the command line asks for.
struct Parsed {
  // Null when there is nothing to run: help was printed, or the line is wrong
  // and that was printed. Points into the tree.
  const Command* command = nullptr;
  Arguments args;
  ExitCode exit = ExitCode::kOk;
};

// Reads a command line against the tree. Help goes to standard output, what is
// wrong with the line to standard error.
Parsed ParseCommandLine(const Command& root, const std::vector<Flag>& global,
                        int argc, const char* const* argv);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_PARSE_H_
