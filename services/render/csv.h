// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_CSV_H_
#define GONGKAI_SERVICES_RENDER_CSV_H_

#include <string>

#include "gongkai/v1/report.pb.h"

namespace gongkai::render {

// What the first line of a file says: headings for people, keys, which are
// never translated, for programs.
enum class FirstLine { kHeadings, kKeys };

// The table as comma-separated values (RFC 4180), UTF-8 with a byte order mark,
// lines ended by CR LF. Shares are numbers from 0 to 1, money is yuan. A text
// that a spreadsheet would take for a formula begins with an apostrophe.
std::string Csv(const v1::Table& table, FirstLine first);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_CSV_H_
