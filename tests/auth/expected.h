// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_AUTH_EXPECTED_H_
#define GONGKAI_TESTS_AUTH_EXPECTED_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace gongkai::test {

// What a table of tests/auth expects: by row and role, `x` for may, `.` for may
// not; of methods also `o`, open to anybody, and `s`, to whoever holds an
// account.
struct Expected {
  std::vector<std::string> columns;
  std::map<std::string, std::map<std::string, std::string>> rows;
};

inline std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

// Reads tests/auth/expected_NAME.csv. They were written by hand, and nothing
// makes them from the program.
inline Expected ReadExpected(const std::string& name) {
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  const std::string path = std::string(source == nullptr ? "." : source) +
                           "/tests/auth/expected_" + name + ".csv";
  std::ifstream in(path);
  EXPECT_TRUE(in.is_open()) << path;
  Expected expected;
  std::string line;
  std::getline(in, line);
  expected.columns = CellsOf(line);
  if (!expected.columns.empty()) {
    expected.columns.erase(expected.columns.begin());
  }
  while (std::getline(in, line)) {
    const auto cells = CellsOf(line);
    EXPECT_EQ(cells.size(), expected.columns.size() + 1) << line;
    if (cells.size() != expected.columns.size() + 1) continue;
    auto& row = expected.rows[cells[0]];
    EXPECT_TRUE(row.empty()) << cells[0] << " stands twice";
    for (size_t i = 0; i < expected.columns.size(); ++i) {
      row[expected.columns[i]] = cells[i + 1];
    }
  }
  return expected;
}

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_AUTH_EXPECTED_H_
