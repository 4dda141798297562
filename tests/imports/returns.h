// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_IMPORTS_RETURNS_H_
#define GONGKAI_TESTS_IMPORTS_RETURNS_H_

#include <array>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "gongkai/v1/past.pb.h"
#include "gongkai/v1/report_service.pb.h"

namespace gongkai::test {

// A published return (data/annual_returns): table 3 as totals, table 4 row
// after row.
struct Published {
  int year = 0;
  v1::ImportCasesRequest::Totals table3;
  std::vector<int> table4;

  // Row r1 to r25, column c1 to c7.
  int Cell(int row, int column) const {
    return table3.cells((row - 1) * 7 + column - 1);
  }
};

// The path of a file of data/annual_returns.
std::string ReturnPath(const std::string& name);

// Reads NAME.csv and NAME_table4.csv. A figure that was published empty is
// filled with `empty` when that is given. Trouble fails the test.
Published ReadPublished(const std::string& name, int year, int empty = -1);

// Cases built to the margins of returns, year after year: who was carried in
// is answered first; what is left open at the end is carried on.
class Margins {
 public:
  explicit Margins(std::string prefix) : prefix_(std::move(prefix)) {}

  // The cases of `year` are added, and those that were open before are
  // answered in it.
  void AddYear(const Published& published);

  // By year of receipt; those still open in the last year have no end.
  std::vector<v1::PastCase> ReceivedUntil(int year) const;
  std::vector<v1::PastCase> ReceivedAfter(int year) const;

 private:
  // One docket of a case, by places.
  struct Docket {
    size_t at;
    int docket;
  };
  v1::PastCase& Receive(int column, int year, int nth, int of);
  void AddReturn(const Published& published, int column);
  void AddDockets(const Published& published);
  void AddGroup(const Published& published, int group,
                const std::vector<size_t>& cases, int month);

  const std::string prefix_;
  std::vector<v1::PastCase> cases_;
  std::map<int, std::deque<size_t>> open_;     // by column
  std::map<int, std::deque<Docket>> pending_;  // by group
  std::vector<size_t> fresh_;                  // answered in the year
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_IMPORTS_RETURNS_H_
