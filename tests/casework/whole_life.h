// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_CASEWORK_WHOLE_LIFE_H_
#define GONGKAI_TESTS_CASEWORK_WHOLE_LIFE_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "services/base/dates.h"
#include "tests/casework/life.h"

namespace gongkai::casework {

// State and last day of a limit at the end of `date`: `RUNNING 2024-03-29`.
inline std::string At(const Life& life, std::string_view date,
                      v1::LimitKind kind, int ordinal = 1) {
  const auto limits = life.Limits(DayOf(date));
  const law::Limit* limit = law::FindLimit(limits, kind, ordinal);
  if (limit == nullptr) return "none";
  return v1::LimitState_Name(limit->state) + " " +
         (limit->due ? FormatDay(*limit->due) : "open");
}

// A case in hand since 2024-03-01, and acts that must succeed.
class WholeLife : public ::testing::Test {
 protected:
  void Do(std::string_view date, const std::string& act, v1::Phase after) {
    const absl::Status status = life_.Handle(date, act);
    ASSERT_EQ(ReasonOf(status), "OK") << date << " " << act << "\n" << status;
    EXPECT_EQ(life_.c().phase, after) << date << " " << act;
    EXPECT_TRUE(CheckInvariants(life_.c()).ok());
  }
  void Litigate(std::string_view date, const std::string& act) {
    const absl::Status status = life_.Litigate(date, act);
    ASSERT_EQ(ReasonOf(status), "OK") << date << " " << act << "\n" << status;
    EXPECT_TRUE(CheckInvariants(life_.c()).ok());
  }
  void Archive(std::string_view date) {
    ASSERT_EQ(ReasonOf(life_.Do(v1::ARCHIVIST, "dang", date,
                                "archive { retention: THIRTY_YEARS }")),
              "OK");
    EXPECT_EQ(life_.c().phase, v1::ARCHIVED);
    EXPECT_TRUE(life_.c().done());
  }
  // From handling to the signed reply, all on one day.
  void Answer(std::string_view date) {
    life_.Draft(date);
    life_.Review(date);
    life_.Sign(date);
  }
  Life life_ = InHand("2024-03-01");
};

}  // namespace gongkai::casework

#endif  // GONGKAI_TESTS_CASEWORK_WHOLE_LIFE_H_
