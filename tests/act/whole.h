// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_ACT_WHOLE_H_
#define GONGKAI_TESTS_ACT_WHOLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temp_postgres.h"

namespace gongkai::test {

// A whole database read behind the service's back and held against itself.
struct Whole {
  // Where an event lies.
  struct Place {
    std::string number;  // of the case; empty for other streams
    int64_t seq = 0;
    int type = 0;  // field number in v1::Event
  };

  int cases = 0;
  int64_t events = 0;
  // The events that each request caused.
  std::multimap<std::string, Place> requests;
  // By case number, the types of its events in order.
  std::map<std::string, std::vector<int>> histories;
  // What is wrong, one sentence each; empty when the database is whole.
  std::vector<std::string> faults;
};

// Gives the entries that wait their place in the log, then runs the checks that
// the auditor has: act::Fsck, that everything proves itself, and
// act::Reconcile, that every row follows from the events. Nobody writes
// meanwhile.
Whole ReadWhole(const TempPostgres& postgres, const std::string& database);

// Every fault on a line of its own, at most twenty.
std::string FaultsOf(const Whole& whole);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_ACT_WHOLE_H_
