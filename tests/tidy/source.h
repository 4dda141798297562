// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TIDY_SOURCE_H_
#define GONGKAI_TESTS_TIDY_SOURCE_H_

#include <string>
#include <string_view>
#include <vector>

namespace gongkai::tidy {

// One text file of the project.
struct Source {
  // Relative to the root, with forward slashes: `services/law/limits.h`.
  std::string path;
  std::string text;
};

// One breach of a rule, as `path:line: what is wrong`.
using Findings = std::vector<std::string>;

// Reads every text file under `root`, in the order of their paths. Left out
// are what is built or run there (build/, var/), hidden folders except .ci, and
// files of kinds that hold no text of ours.
std::vector<Source> ReadTree(const std::string& root);

// The lines of `text` without their ends.
std::vector<std::string_view> Lines(std::string_view text);

// `text` of a C++ file with comments blanked; the contents of literals are
// blanked too unless `keep_literals`. Line numbers stay.
std::string CodeOnly(std::string_view text, bool keep_literals);

// Whether `path` lies under `prefix`, which ends with a slash or is the path.
bool Under(std::string_view path, std::string_view prefix);

bool EndsWith(std::string_view text, std::string_view suffix);

// Whether `path` is C++.
bool IsCpp(std::string_view path);

// `path:line: what`; `line` counts from 1.
std::string At(const Source& source, size_t line, std::string_view what);

}  // namespace gongkai::tidy

#endif  // GONGKAI_TESTS_TIDY_SOURCE_H_
