// SPDX-License-Identifier: Apache-2.0
#include "services/report/result.h"

#include <algorithm>
#include <string>

#include "absl/strings/numbers.h"

namespace gongkai::report {
namespace {

constexpr int kOtherRow = 23;

// `r13` as 13; 0 for anything else.
int RowNumber(const std::string& code) {
  int row = 0;
  if (code.size() < 2 || code[0] != 'r') return 0;
  return absl::SimpleAtoi(code.substr(1), &row) ? row : 0;
}

// The row that `rule` gives to a reply: its own, or that of the first ground
// that the law of the day knows.
int RowOfRule(const v1::OutcomeRule& rule,
              const std::vector<v1::Ground>& grounds) {
  if (!rule.return_row().empty()) return RowNumber(rule.return_row());
  for (const v1::Ground ground : grounds) {
    for (const v1::GroundRow& row : rule.ground_rows()) {
      if (row.ground() == ground) return RowNumber(row.return_row());
    }
  }
  return 0;
}

// An outcome that the law of the day of receipt did not know (an excessive
// number before 2019, given afterwards) has the row it had when it was given.
int RowUnder(const law::Rulebook& rules, absl::CivilDay received,
             absl::CivilDay finished, const casework::Case& c) {
  for (const absl::CivilDay day : {received, finished}) {
    const v1::OutcomeRule* rule = rules.OutcomeFor(c.outcome, day);
    if (rule == nullptr) continue;
    const int row = RowOfRule(*rule, c.grounds);
    if (row != 0) return row;
  }
  return kOtherRow;
}

}  // namespace

law::MaybeDay FinishedDay(const casework::Case& c) {
  law::MaybeDay ended = c.facts.withdrawn;
  if (c.facts.reply) {
    const absl::CivilDay sent = c.facts.reply->dispatched;
    ended = ended ? std::min(*ended, sent) : sent;
  }
  // The day of receipt may be mended to one after the merge: what ended before
  // it was received would stand in no year.
  if (ended && c.facts.received) ended = std::max(*ended, *c.facts.received);
  return ended;
}

int ResultRow(const casework::Case& c, const law::Rulebook& rules) {
  const law::MaybeDay finished = FinishedDay(c);
  if (!c.facts.received || !finished) return 0;
  return RowUnder(rules, *c.facts.received, *finished, c);
}

bool IsCounted(const casework::Case& c) {
  return c.facts.received.has_value() && c.reopened_from.empty();
}

int ColumnOf(v1::ApplicantKind kind) {
  const int column = static_cast<int>(kind);
  return column >= 1 && column <= 6 ? column : 6;
}

}  // namespace gongkai::report
