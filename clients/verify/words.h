// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_WORDS_H_
#define GONGKAI_CLIENTS_VERIFY_WORDS_H_

#include <string>
#include <string_view>

#include "clients/cli/locale.h"

namespace gongkai::verify {

// A sentence of an error in the reader's language. Errors are made in English;
// one that the table in words.cc does not know stays as it is.
std::string InWords(cli::Locale locale, std::string_view english);

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_WORDS_H_
