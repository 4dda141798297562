// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace gongkai::tidy {
namespace {

namespace fs = std::filesystem;

bool IsSkippedFolder(const std::string& name) {
  if (name == ".ci") return false;
  return name == "build" || name == "var" || name.starts_with(".");
}

bool IsText(const fs::path& path) {
  static const auto* const kinds = new std::set<std::string>{
      ".h",  ".cc",        ".proto", ".cmake", ".txt",     ".sql",   ".md",
      ".sh", ".textproto", ".csv",   ".jsonl", ".service", ".golden"};
  return kinds->contains(path.extension().string()) || !path.has_extension();
}

}  // namespace

std::vector<Source> ReadTree(const std::string& root) {
  std::vector<Source> sources;
  const fs::path base(root);
  auto it = fs::recursive_directory_iterator(base);
  for (; it != fs::recursive_directory_iterator(); ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory()) {
      if (IsSkippedFolder(name)) it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file() || name.starts_with(".")) continue;
    if (!IsText(it->path())) continue;
    std::ifstream in(it->path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    sources.push_back(
        {fs::relative(it->path(), base).generic_string(), text.str()});
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  size_t start = 0;
  while (start < text.size()) {
    size_t end = text.find('\n', start);
    if (end == std::string_view::npos) end = text.size();
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

namespace {

// Where the literal or comment that opens at `i` ends, one past its last byte;
// `i` itself when none opens there.
size_t CommentEnd(std::string_view s, size_t i) {
  if (s.substr(i, 2) == "//") return std::min(s.find('\n', i), s.size());
  if (s.substr(i, 2) == "/*") {
    const size_t end = s.find("*/", i + 2);
    return end == std::string_view::npos ? s.size() : end + 2;
  }
  return i;
}

size_t RawLiteralEnd(std::string_view s, size_t i) {
  if (s.substr(i, 2) != "R\"") return i;
  const size_t open = s.find('(', i);
  if (open == std::string_view::npos) return i;
  const std::string close =
      ")" + std::string(s.substr(i + 2, open - i - 2)) + "\"";
  const size_t end = s.find(close, open);
  return end == std::string_view::npos ? s.size() : end + close.size();
}

size_t LiteralEnd(std::string_view s, size_t i) {
  const char quote = s[i];
  if (quote != '"' && quote != '\'') return i;
  // An apostrophe between digits or letters separates: 1'000.
  if (quote == '\'' && i > 0 && isxdigit(static_cast<unsigned char>(s[i - 1])))
    return i;
  for (size_t j = i + 1; j < s.size() && s[j] != '\n'; ++j) {
    if (s[j] == '\\') {
      ++j;
    } else if (s[j] == quote) {
      return j + 1;
    }
  }
  return i;
}

void Blank(std::string* out, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    if ((*out)[i] != '\n') (*out)[i] = ' ';
  }
}

}  // namespace

std::string CodeOnly(std::string_view text, bool keep_literals) {
  std::string out(text);
  for (size_t i = 0; i < text.size();) {
    if (size_t end = CommentEnd(text, i); end > i) {
      Blank(&out, i, end);
      i = end;
      continue;
    }
    size_t end = RawLiteralEnd(text, i);
    if (end == i) end = LiteralEnd(text, i);
    if (end > i && !keep_literals) Blank(&out, i, end);
    i = std::max(end, i + 1);
  }
  return out;
}

bool Under(std::string_view path, std::string_view prefix) {
  return path.substr(0, prefix.size()) == prefix;
}

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix);
}

bool IsCpp(std::string_view path) {
  return EndsWith(path, ".h") || EndsWith(path, ".cc");
}

std::string At(const Source& source, size_t line, std::string_view what) {
  std::ostringstream out;
  out << source.path << ":" << line << ": " << what;
  return out.str();
}

}  // namespace gongkai::tidy
