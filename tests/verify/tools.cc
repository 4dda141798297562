// SPDX-License-Identifier: Apache-2.0
#include "tests/verify/tools.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gongkai::test {
namespace {

constexpr const char* kLeaves[] = {"",
                                   "00",
                                   "10",
                                   "2021",
                                   "3031",
                                   "40414243",
                                   "5051525354555657",
                                   "606162636465666768696a6b6c6d6e6f"};

std::string Program() {
  const char* folder = std::getenv("GONGKAI_BIN_DIR");
  return std::string(folder == nullptr ? "." : folder) + "/gongkai-verify";
}

}  // namespace

Tools::Tools() {
  std::string name =
      (std::filesystem::temp_directory_path() / "gongkai-verify-XXXXXX")
          .string();
  folder_ = mkdtemp(name.data());
}

Tools::~Tools() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Tools::Path(const std::string& name) const {
  return folder_ + "/" + name;
}

std::string Tools::Write(const std::string& name,
                         const std::string& text) const {
  std::ofstream(Path(name), std::ios::binary) << text;
  return Path(name);
}

Finished Tools::Run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), Program());
  return RunProgram(std::move(arguments), {"LC_ALL=C"});
}

Finished Tools::RunOn(const std::string& input,
                      std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"/bin/bash", "-c",
                                       "input=$1; shift; exec \"$0\" \"$@\" "
                                       "<\"$input\"",
                                       Program(), input});
  return RunProgram(std::move(arguments), {"LC_ALL=C"});
}

Finished Tools::Shell(const std::string& line) {
  return RunProgram({"/bin/bash", "-c", "set -o pipefail; " + line},
                    {"LC_ALL=C", "V=" + Program()});
}

std::string Tools::Print(std::vector<std::string> arguments) {
  const Finished run = Run(std::move(arguments));
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(run.err, "");
  return run.out.substr(0, run.out.size() - (run.out.empty() ? 0 : 1));
}

std::string StandardLeaves(int n) {
  std::string text;
  for (int i = 0; i < n; ++i) text += std::string(kLeaves[i]) + "\n";
  return text;
}

std::string StandardLeaf(int index) { return kLeaves[index]; }

}  // namespace gongkai::test
