// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/words.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace gongkai::verify {
namespace {

using cli::Locale;

std::string SourceOf(const std::string& path) {
  const char* folder = std::getenv("GONGKAI_SOURCE_DIR");
  std::ifstream in(std::string(folder == nullptr ? "." : folder) + "/" + path);
  EXPECT_TRUE(in.good()) << path;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// The texts of errors in a source: the literals that begin what an error is
// made of, with something for what is filled in.
std::vector<std::string> ErrorsIn(const std::string& source) {
  static const std::regex made(
      R"re((?:Argument|Loss|Unavailable|Exists|Internal)Error\(\s*)re"
      R"re((?:absl::Str(?:Cat|Format)\()?\s*((?:"(?:[^"\\]|\\.)*"\s*)+)(.))re");
  static const std::regex literal(R"re("((?:[^"\\]|\\.)*)")re");
  static const std::regex filled("%[ds]");
  std::vector<std::string> errors;
  for (std::sregex_iterator it(source.begin(), source.end(), made), end;
       it != end; ++it) {
    const std::string literals = (*it)[1];
    std::string text;
    for (std::sregex_iterator l(literals.begin(), literals.end(), literal);
         l != end; ++l) {
      text += (*l)[1];
    }
    text = std::regex_replace(text, filled, "7");
    // What follows the literal in a StrCat.
    const char last = text.empty() ? '\0' : text.back();
    if (last == ' ') text += "7";
    errors.push_back(text);
  }
  return errors;
}

bool IsChinese(const std::string& text) {
  return text.find("\xe7\x9a\x84") !=
             std::string::npos ||  // the commonest word
         std::regex_search(text, std::regex("[\xe4-\xe9][\x80-\xbf]{2}"));
}

TEST(Words, OfEveryErrorAreThereInChinese) {
  size_t errors = 0;
  for (const char* path :
       {"services/audit/encoding.cc", "services/audit/merkle.cc",
        "services/audit/verifier_key.cc", "services/audit/checkpoint.cc",
        "services/audit/note.cc", "clients/verify/input.cc",
        "clients/verify/key_files.cc", "clients/verify/key_verbs.cc",
        "clients/verify/note_verbs.cc", "clients/verify/tree_verbs.cc"}) {
    for (const std::string& english : ErrorsIn(SourceOf(path))) {
      // Made of more pieces than this test sees; CarryWhatTheSentenceIsAbout
      // has one of each.
      if (english.starts_with("7 is not of") ||
          english.ends_with("of the note 7") || english.ends_with("by 7")) {
        continue;
      }
      // Mistakes of the program's own, which no input leads to.
      if (english.starts_with("the verifier key is not that of the key") ||
          english.starts_with("the time of a cosignature")) {
        continue;
      }
      ++errors;
      const std::string chinese = InWords(Locale::kZh, english);
      EXPECT_TRUE(IsChinese(chinese)) << path << ": " << english;
    }
  }
  EXPECT_GT(errors, 45u);
}

TEST(Words, CarryWhatTheSentenceIsAbout) {
  EXPECT_EQ(InWords(Locale::kZh, "there is no leaf 8 in a tree of 5 leaves"),
            "5 个叶子的树没有序号 8");
  EXPECT_EQ(InWords(Locale::kZh, "line 3: the number is empty"),
            "第 3 行：数字为空");
  EXPECT_EQ(InWords(Locale::kZh,
                    "the second line of the checkpoint is no tree size: the "
                    "number begins with a zero"),
            "检查点第二行不是树的大小：数字以零开头");
  EXPECT_EQ(InWords(Locale::kZh, "the old root is not of 32 bytes but of 31"),
            "旧树的根不是 32 字节，而是 31 字节");
  EXPECT_EQ(InWords(Locale::kZh,
                    "signature line 2 of the note has a signature that is too "
                    "short"),
            "第 2 个签名行的签名太短");
  EXPECT_EQ(InWords(Locale::kZh, "the signature by a+00000000 does not hold"),
            "a+00000000 的签名不成立");
  EXPECT_EQ(InWords(Locale::kEn, "line 3: the number is empty"),
            "line 3: the number is empty");
  // What nobody has put into Chinese stays.
  EXPECT_EQ(InWords(Locale::kZh, "unheard of"), "unheard of");
  EXPECT_EQ(InWords(Locale::kZh, ""), "");
}

}  // namespace
}  // namespace gongkai::verify
