// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_NUMBERS_H_
#define GONGKAI_SERVICES_LAW_NUMBERS_H_

#include <string>
#include <string_view>

#include "gongkai/v1/types.pb.h"

namespace gongkai::law {

// Number checks. A failed check flags; it never blocks receipt (REG 29, 30).

// Full-width forms to ASCII, letters to upper case, blanks and hyphens out.
std::string NormalizeNumber(std::string_view number);

// Checks a number of an identity document: GB 11643 for resident IDs and
// residence permits, GB 32100 with the nested GB 11714 for unified social
// credit codes, the form for permits and passports.
v1::NumberCheck CheckIdentityNumber(v1::IdentityKind kind,
                                    std::string_view number);

// Checks a postal number for the carrier: UPU S10 check digit for
// international forms (`…CN` hard), the known domestic forms by shape only.
// O and I in digit places are read as 0 and 1.
v1::NumberCheck CheckPostalNumber(v1::Carrier carrier, std::string_view number);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_NUMBERS_H_
