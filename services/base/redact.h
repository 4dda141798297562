// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_REDACT_H_
#define GONGKAI_SERVICES_BASE_REDACT_H_

#include <string>
#include <string_view>

namespace gongkai {

// `text`, valid UTF-8, without the numbers by which people are found: each is
// replaced by one ▇. That are
// - 11 digits or more in a row: telephones, identity numbers (also with X at
//   the end), bank cards;
// - the same written in groups with blanks or hyphens between: mobile numbers,
//   identity numbers with a possible day of birth, bank cards in fours;
// - e-mail addresses.
// A digit is one in whatever script or width; characters without width do not
// part a number. Dates and numbers of documents stay.
std::string WithoutNumbers(std::string_view text);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_REDACT_H_
