// SPDX-License-Identifier: Apache-2.0
#include "tests/render/read_back.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace gongkai::render {

nlohmann::json ReadBack(const std::string& kind, const std::string& bytes) {
  char folder[] = "/tmp/gongkai-render-XXXXXX";
  if (mkdtemp(folder) == nullptr) return nullptr;
  const std::string file =
      std::string(folder) + (kind == "sheets" ? "/it.xlsx" : "/it.svg");
  std::ofstream(file, std::ios::binary) << bytes;
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  const std::string command =
      "/usr/bin/python3 '" + std::string(source == nullptr ? "." : source) +
      "/tests/render/read_back.py' " + kind + " " + file;
  std::string said;
  std::FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer;
  for (size_t got = 0;
       (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.append(buffer.data(), got);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  std::filesystem::remove_all(folder);
  return nlohmann::json::parse(said, nullptr, false);
}

}  // namespace gongkai::render
