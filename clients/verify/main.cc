// SPDX-License-Identifier: Apache-2.0
// gongkai-verify: what a sceptic runs.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "clients/verify/parse.h"
#include "clients/verify/verbs.h"

namespace gongkai::verify {
namespace {

Locale LocaleOf(std::string_view tag) {
  return tag.starts_with("zh") ? Locale::kZh : Locale::kEn;
}

// The language is needed before the line is read: the help is in it.
Locale LocaleFor(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--lang" && i + 1 < argc) return LocaleOf(argv[i + 1]);
    if (word.starts_with("--lang=")) return LocaleOf(word.substr(7));
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return LocaleOf(value);
  }
  return Locale::kEn;
}

Exit Main(int argc, const char* const* argv) {
  const Locale locale = LocaleFor(argc, argv);
  const std::vector<Verb> verbs = Verbs();
  const Parsed parsed = ParseCommandLine(verbs, locale, argc, argv);
  if (parsed.verb == nullptr) return parsed.exit;
  return RunVerb(*parsed.verb,
                 Call{parsed.given, locale, std::cout, std::cerr});
}

}  // namespace
}  // namespace gongkai::verify

int main(int argc, char** argv) {
  return static_cast<int>(gongkai::verify::Main(argc, argv));
}
