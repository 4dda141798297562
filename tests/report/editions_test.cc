// SPDX-License-Identifier: Apache-2.0
// What is kept beside a filed return, and what differs between two.
#include "services/report/editions.h"

#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

const std::vector<Listed>& SomeList() {
  static const auto& list =
      *new std::vector<Listed>{{"TEST-2024-00002", 4, 3, 2, 1},
                               {"TEST-2024-00002", 3, 13, 5, 0},
                               {"TEST-2024-00001", 3, 25, 1, 0},
                               {"TEST-2024-00001", 3, 1, 1, 0},
                               {"TEST-2024-00002", 3, 2, 5, 0}};
  return list;
}

TEST(WriteList, IsSortedAndReadsBack) {
  const std::string text = WriteList(SomeList());
  EXPECT_EQ(text,
            "TEST-2024-00001\t3\t1\t1\n"
            "TEST-2024-00001\t3\t25\t1\n"
            "TEST-2024-00002\t3\t2\t5\n"
            "TEST-2024-00002\t3\t13\t5\n"
            "TEST-2024-00002\t4\t3\t2\t1\n");
  std::vector<Listed> sorted = SomeList();
  std::sort(sorted.begin(), sorted.end());
  const auto read = ReadList(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, sorted);
  EXPECT_EQ(WriteList({sorted.rbegin(), sorted.rend()}), text);
  EXPECT_EQ(WriteList({}), "");
  EXPECT_TRUE(ReadList("")->empty());
}

TEST(ReadList, NamesTheLineThatIsNone) {
  for (const char* bad :
       {"N\t3\t1\t1", "N\t3\t1\n", "N\t3\t24\t1\n", "N\t3\t1\t7\n",
        "N\t3\t26\t1\n", "N\t5\t1\t1\n", "N\t4\t1\t1\n", "N\t4\t1\t5\t1\n",
        "N\t4\t4\t1\t1\n", "N\t3\t1\t1\t2\n", "\t3\t1\t1\n", "N\t3\tx\t1\n",
        "N\t3\t1\t1\n\n", "N\t3\t1\t1\t0\t0\n"}) {
    EXPECT_FALSE(ReadList(bad).ok()) << bad;
  }
  const auto status = ReadList("N\t3\t1\t1\nN\t3\t0\t1\n").status();
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("line 2"));
}

TEST(CountsIn, TotalsAreMadeOfTheOthers) {
  const Listed handled{"N", 3, 13, 5, 0};
  EXPECT_TRUE(CountsIn(handled, 3, 13, 5));
  EXPECT_TRUE(CountsIn(handled, 3, 13, 7));
  EXPECT_TRUE(CountsIn(handled, 3, 24, 5));
  EXPECT_TRUE(CountsIn(handled, 3, 24, 7));
  EXPECT_FALSE(CountsIn(handled, 3, 13, 4));
  EXPECT_FALSE(CountsIn(handled, 3, 25, 5));
  EXPECT_FALSE(CountsIn(handled, 4, 13, 5));
  EXPECT_FALSE(CountsIn({"N", 3, 25, 5, 0}, 3, 24, 5));
  EXPECT_TRUE(CountsIn({"N", 4, 3, 2, 1}, 4, 3, 5));
  EXPECT_FALSE(CountsIn({"N", 4, 3, 2, 1}, 4, 2, 5));
}

v1::AnnualReturn ReturnOf(const std::vector<Listed>& list) {
  ReturnSum sum("TEST", 2024);
  for (const Listed& place : list) {
    if (place.table == 3) {
      sum.Add(place.row, place.column);
    } else {
      sum.AddDocket(place.row, place.column);
    }
  }
  return sum.Sum();
}

TEST(Compare, NothingDiffersFromItself) {
  const auto one = ReturnOf(SomeList());
  EXPECT_THAT(Compare(one, SomeList(), one, SomeList(), "TEST"),
              ::testing::IsEmpty());
}

// A case that was answered after all moves from r25 to r3, in its column and in
// the total, and into r24.
TEST(Compare, NamesTheCellsAndTheCases) {
  std::vector<Listed> after_list = SomeList();
  after_list[2].row = 3;
  const auto differences = Compare(ReturnOf(SomeList()), SomeList(),
                                   ReturnOf(after_list), after_list, "TEST");
  std::vector<std::string> cells;
  for (const v1::ReturnDifference& d : differences) {
    cells.push_back(
        std::to_string(d.table()) + ":r" + std::to_string(d.row()) + "c" +
        std::to_string(d.column()) + " " + std::to_string(d.before()) + ">" +
        std::to_string(d.after()) + " +" + std::to_string(d.came_size()) +
        " -" + std::to_string(d.went_size()));
  }
  EXPECT_THAT(cells,
              ::testing::ElementsAre("3:r3c1 0>1 +1 -0", "3:r3c7 0>1 +1 -0",
                                     "3:r24c1 0>1 +1 -0", "3:r24c7 1>2 +1 -0",
                                     "3:r25c1 1>0 +0 -1", "3:r25c7 1>0 +0 -1"));
  EXPECT_EQ(differences[0].came(0), "agencies/TEST/cases/TEST-2024-00001");
}

// Two that change places leave the figures and not the cases.
TEST(Compare, FindsCasesThatChangedPlaces) {
  std::vector<Listed> after_list = SomeList();
  after_list[2].number = "TEST-2024-00007";
  const auto one = ReturnOf(SomeList());
  const auto differences = Compare(one, SomeList(), one, after_list, "TEST");
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[0].row(), 25);
  EXPECT_EQ(differences[0].before(), differences[0].after());
  EXPECT_EQ(differences[0].came_size(), 1);
  EXPECT_EQ(differences[0].went_size(), 1);
}

TEST(Compare, ADocketMovesByItself) {
  std::vector<Listed> after_list = SomeList();
  after_list[0].column = 1;
  after_list.push_back({"TEST-2024-00002", 4, 3, 4, 2});
  const auto differences = Compare(ReturnOf(SomeList()), SomeList(),
                                   ReturnOf(after_list), after_list, "TEST");
  ASSERT_EQ(differences.size(), 4u);
  for (const auto& d : differences) EXPECT_EQ(d.table(), 4);
  EXPECT_EQ(differences[3].column(), 5);
  EXPECT_EQ(differences[3].after(), 2);
  EXPECT_EQ(differences[3].came_size(), 1);
  EXPECT_EQ(differences[3].went_size(), 0);
}

}  // namespace
}  // namespace gongkai::report
