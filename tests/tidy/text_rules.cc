// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/text_rules.h"

#include <algorithm>
#include <regex>
#include <set>
#include <string>

namespace gongkai::tidy {
namespace {

bool IsTest(std::string_view path) { return Under(path, "tests/"); }

// Files whose form has no place for a comment, or that are not ours to mark.
bool IsData(std::string_view path) {
  return EndsWith(path, ".csv") || EndsWith(path, ".jsonl") ||
         EndsWith(path, ".golden") || path == "LICENSE" ||
         Under(path, "tests/golden/");
}

bool IsScript(const Source& source) {
  return EndsWith(source.path, ".sh") || source.text.starts_with("#!");
}

size_t CodePoints(std::string_view line) {
  return std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
}

// Every line of `text` in which `pattern` occurs, as a finding against
// `source`.
void Grep(const Source& source, std::string_view text,
          const std::regex& pattern, std::string_view what,
          Findings* findings) {
  size_t number = 0;
  for (std::string_view line : Lines(text)) {
    ++number;
    std::cmatch match;
    if (std::regex_search(line.data(), line.data() + line.size(), match,
                          pattern)) {
      findings->push_back(
          At(source, number, std::string(what) + ": " + match[0].str()));
    }
  }
}

}  // namespace

Findings CheckLicence(const std::vector<Source>& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (IsData(source.path)) continue;
    const auto lines = Lines(source.text);
    size_t first = 0;
    if (!lines.empty() && lines[0].starts_with("#!")) first = 1;
    if (lines.size() <= first ||
        lines[first].find("SPDX-License-Identifier: Apache-2.0") ==
            std::string_view::npos) {
      findings.push_back(At(source, first + 1, "no SPDX licence line"));
    }
  }
  return findings;
}

Findings CheckLength(const std::vector<Source>& sources) {
  Findings findings;
  for (const Source& source : sources) {
    const bool contract = EndsWith(source.path, ".proto");
    if (!IsCpp(source.path) && !EndsWith(source.path, ".sql") && !contract &&
        !IsScript(source)) {
      continue;
    }
    const size_t most = IsTest(source.path) || contract ? 600 : 400;
    const size_t lines = Lines(source.text).size();
    if (lines > most) {
      findings.push_back(At(source, most + 1,
                            "has " + std::to_string(lines) +
                                " lines, more than " + std::to_string(most)));
    }
  }
  return findings;
}

Findings CheckColumns(const std::vector<Source>& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!IsCpp(source.path)) continue;
    size_t number = 0;
    for (std::string_view line : Lines(source.text)) {
      ++number;
      if (CodePoints(line) <= 100 || line.starts_with("#include") ||
          line.find("://") != std::string_view::npos) {
        continue;
      }
      findings.push_back(At(source, number, "more than 100 columns"));
    }
  }
  return findings;
}

Findings CheckWords(const std::vector<Source>& sources) {
  // With [brackets], so that this file does not break its own rule.
  static const std::regex words(R"(\b(TOD[O]|FIXM[E]|XX[X])\b)");
  static const std::regex paths(
      R"re((^|[\s"'=(`])/(wor[k]|hom[e]|roo[t]|User[s]|mn[t])/)re");
  static const std::regex hosts(
      R"(registry\.npmj[s]|pypi\.or[g]|proxy\.golan[g]|crates\.i[o])");
  Findings findings;
  for (const Source& source : sources) {
    if (source.path == "LICENSE" || EndsWith(source.path, ".csv")) continue;
    Grep(source, source.text, words, "work left for later", &findings);
    Grep(source, source.text, paths, "a path of one machine", &findings);
    Grep(source, source.text, hosts, "a host of a registry", &findings);
  }
  return findings;
}

Findings CheckSql(const std::vector<Source>& sources) {
  static const std::regex sql(
      "\\b(SELECT\\s|INSERT INTO\\b|DELETE FROM\\b|UPDATE \\w+ SET\\b|"
      "(CREATE|ALTER|DROP) (TABLE|INDEX|ROLE|DATABASE|FUNCTION|SCHEMA)\\b|"
      "TRUNCATE \\w+|BEGIN;|COMMIT;|ROLLBACK;)");
  Findings findings;
  for (const Source& source : sources) {
    if (!IsCpp(source.path) || Under(source.path, "storage/") ||
        IsTest(source.path)) {
      continue;
    }
    Grep(source, CodeOnly(source.text, true), sql, "SQL outside storage/",
         &findings);
  }
  return findings;
}

Findings CheckCatch(const std::vector<Source>& sources) {
  static const std::regex caught(R"(\bcatch\s*\()");
  Findings findings;
  for (const Source& source : sources) {
    if (!IsCpp(source.path) || IsTest(source.path) ||
        source.path == "storage/postgres/session.cc") {
      continue;
    }
    Grep(source, CodeOnly(source.text, false), caught,
         "exceptions are caught in storage/postgres/session.cc alone",
         &findings);
  }
  return findings;
}

Findings CheckPurity(const std::vector<Source>& sources) {
  static const std::regex impure(
      R"(absl::Now\b|(system|steady|high_resolution)_clock|\btime\s*\(|)"
      R"(gettimeofday|clock_gettime|\brand\s*\(|random_device|\bgetenv\b|)"
      R"(std::thread|\bRandomBytes\b)");
  Findings findings;
  for (const Source& source : sources) {
    if (!IsCpp(source.path)) continue;
    if (!Under(source.path, "services/law/") &&
        !Under(source.path, "services/casework/") &&
        !Under(source.path, "services/report/")) {
      continue;
    }
    Grep(source, CodeOnly(source.text, false), impure,
         "the law, the case and figures are pure: take it as an argument", &findings);
  }
  return findings;
}

Findings CheckDocuments(const std::vector<Source>& sources) {
  static const std::regex named(R"(([A-Za-z0-9_.-]+\.md)\b)");
  std::set<std::string> names;
  for (const Source& source : sources)
    names.insert(source.path.substr(source.path.find_last_of('/') + 1));
  Findings findings;
  for (const Source& source : sources) {
    if (EndsWith(source.path, ".csv")) continue;
    size_t number = 0;
    for (std::string_view line : Lines(source.text)) {
      ++number;
      std::cregex_iterator it(line.data(), line.data() + line.size(), named);
      for (; it != std::cregex_iterator(); ++it) {
        const std::string name = (*it)[1];
        if (!names.contains(name))
          findings.push_back(At(source, number, "no such document: " + name));
      }
    }
  }
  return findings;
}

Findings CheckNamedTests(const std::vector<Source>& sources) {
  static const std::regex test(R"(\bTEST(_F|_P)?\(\s*(\w+),\s*(\w+)\s*\))");
  static const std::regex named(R"(`([A-Z]\w+)\.([A-Z]\w+)`)");
  std::set<std::string> tests;
  for (const Source& source : sources) {
    if (!Under(source.path, "tests/") || !IsCpp(source.path)) continue;
    const auto end = std::sregex_iterator();
    std::sregex_iterator it(source.text.begin(), source.text.end(), test);
    for (; it != end; ++it) tests.insert((*it)[2].str() + "." + (*it)[3].str());
  }
  Findings findings;
  for (const Source& source : sources) {
    if (source.path != "ops/security.md") continue;
    size_t number = 0;
    for (std::string_view line : Lines(source.text)) {
      ++number;
      std::cregex_iterator it(line.data(), line.data() + line.size(), named);
      for (; it != std::cregex_iterator(); ++it) {
        const std::string name = (*it)[1].str() + "." + (*it)[2].str();
        if (!tests.contains(name))
          findings.push_back(At(source, number, "no such test: " + name));
      }
    }
  }
  return findings;
}

Findings CheckAlgorithms(const std::vector<Source>& sources) {
  static const std::regex weak(
      R"(\bEVP_(md5|sha1|des\w*|rc4)\b|\b(MD5|SHA1|RC4|DES)_\w+\(|)"
      R"re("(MD5|SHA-?1|RC4|DES(-\w+)?)")re",
      std::regex::icase);
  Findings findings;
  for (const Source& source : sources) {
    if (!IsCpp(source.path) || Under(source.path, "tests/")) continue;
    if (source.path == "services/auth/totp.cc") continue;
    Grep(source, CodeOnly(source.text, true), weak,
         "an algorithm that is not to be used", &findings);
  }
  return findings;
}

namespace {

// The folder of `path` that has to have a README: the first level, the second
// within the folders that are houses of rooms; empty for none.
std::string RoomOf(const std::string& path) {
  const size_t first = path.find('/');
  if (first == std::string::npos || path[0] == '.') return "";
  std::string top = path.substr(0, first);
  if (top == "cmake") return "";
  const size_t second = path.find('/', first + 1);
  const bool house =
      top == "services" || top == "storage" || top == "clients" || top == "ops";
  if (second == std::string::npos || !house) return top;
  return path.substr(0, second);
}

}  // namespace

Findings CheckReadmes(const std::vector<Source>& sources) {
  std::set<std::string> rooms;
  std::set<std::string> paths;
  for (const Source& source : sources) {
    paths.insert(source.path);
    const std::string room = RoomOf(source.path);
    if (room.empty()) continue;
    rooms.insert(room);
    rooms.insert(room.substr(0, room.find('/')));
  }
  Findings findings;
  for (const std::string& room : rooms) {
    if (!paths.contains(room + "/README.md"))
      findings.push_back(room + "/README.md:1: missing");
  }
  return findings;
}

}  // namespace gongkai::tidy
