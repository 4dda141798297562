// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_USAGE_H_
#define GONGKAI_TESTS_BENCH_USAGE_H_

#include <sys/types.h>

namespace gongkai::bench {

// Processor seconds used so far, user and system.
struct Usage {
  double client = 0;
  double server = 0;
  double database = 0;
};

Usage operator-(const Usage& a, const Usage& b);

// Reads them from /proc; a pid of 0 is nobody. The database is the postmaster
// with all its children, also those that have ended.
Usage ReadUsage(pid_t client, pid_t server, pid_t postmaster);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_USAGE_H_
