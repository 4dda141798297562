// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_LAW_LAW_FIXTURE_H_
#define GONGKAI_TESTS_LAW_LAW_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "services/base/dates.h"
#include "services/law/calendar.h"
#include "services/law/limits.h"
#include "services/law/rulebook.h"

namespace gongkai::law {

// Text of a file of the project, by its path from the root.
std::string ReadProjectFile(const std::string& path);

// The calendar and the rules that the program starts with.
const Calendar& National();
const Rulebook& Rules();
std::vector<std::string> RuleFiles();

// Rows of a CSV file without quoted cells, by column.
std::vector<std::map<std::string, std::string>> ReadVectors(
    const std::string& path);

inline absl::CivilDay D(std::string_view text) { return DayOf(text); }

// An application handed in on `received`, registered the same day.
Facts Received(std::string_view received);

// The limit of the case at the end of `as_of`; kind unspecified when it has
// none.
Limit Get(const Facts& facts, std::string_view as_of, v1::LimitKind kind,
          int ordinal = 1);

// Last day of the reply limit as text; `none` when it stands without a certain
// end.
std::string ReplyDue(const Facts& facts);

// `due state` of a limit: `2022-11-02 RUNNING`.
std::string Show(const Limit& limit);

// The ledger in short: one token per day, `09-30:trigger 10-08:1 …`, rests
// left out.
std::string ShowLedger(const std::vector<LedgerLine>& lines);
std::vector<LedgerLine> Explain(const Facts& facts, std::string_view as_of,
                                v1::LimitKind kind, int ordinal = 1);

}  // namespace gongkai::law

#endif  // GONGKAI_TESTS_LAW_LAW_FIXTURE_H_
