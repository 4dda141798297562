// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_VERIFY_TOOLS_H_
#define GONGKAI_TESTS_VERIFY_TOOLS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/end_to_end/process.h"

namespace gongkai::test {

// A folder of its own for each test, and the program run in English.
class Tools : public testing::Test {
 protected:
  Tools();
  ~Tools() override;

  // The path of a file of that name in the folder; written when there is text.
  std::string Path(const std::string& name) const;
  std::string Write(const std::string& name, const std::string& text) const;

  static Finished Run(std::vector<std::string> arguments);
  // The same with a file on standard input.
  static Finished RunOn(const std::string& input,
                        std::vector<std::string> arguments);
  // A line for the shell, in which $V is the program.
  static Finished Shell(const std::string& line);
  // What a run that has to succeed prints, without its last newline.
  static std::string Print(std::vector<std::string> arguments);

 private:
  std::string folder_;
};

// The standard leaves of RFC 6962 as a file of the first `n`.
std::string StandardLeaves(int n);
// The data of one, in hexadecimal.
std::string StandardLeaf(int index);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_VERIFY_TOOLS_H_
