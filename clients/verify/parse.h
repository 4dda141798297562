// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_PARSE_H_
#define GONGKAI_CLIENTS_VERIFY_PARSE_H_

#include <vector>

#include "clients/verify/verbs.h"

namespace gongkai::verify {

// What the command line asks for.
struct Parsed {
  // Null when there is nothing to run: help was printed, or the line is wrong
  // and that was printed.
  const Verb* verb = nullptr;
  Given given;
  Exit exit = Exit::kSound;
};

// Reads a command line against `verbs`. Help goes to standard output, what is
// wrong with the line to standard error.
Parsed ParseCommandLine(const std::vector<Verb>& verbs, Locale locale, int argc,
                        const char* const* argv);

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_PARSE_H_
