// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_TEXT_H_
#define GONGKAI_SERVICES_BASE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gongkai {

// Why a text is refused at the door.
enum class TextDefect {
  kNone,
  kNotUtf8,
  kNul,          // U+0000: PostgreSQL cannot hold it
  kControl,      // C0, C1 other than tab, line feed and carriage return
  kBidiControl,  // U+202A–202E, U+2066–2069, U+200E/F, U+061C: reorder what is
                 // read
  kLineBreak,  // where one line is asked for
  kTooLong,
};

// The first defect of `text` that is to hold at most `max_chars` code points.
TextDefect FindDefect(std::string_view text, size_t max_chars, bool multiline);

// One sentence about the defect, English.
std::string_view DefectText(TextDefect defect);

// Number of Unicode code points of valid UTF-8.
size_t CodePoints(std::string_view text);

// Columns that `text` takes in a terminal: two for wide characters.
size_t DisplayWidth(std::string_view text);

// NFC form of valid UTF-8; the text itself when it cannot be normalized.
std::string ToNfc(std::string_view text);

// What texts that mean the same share: NFKC form with letter case folded (全角
// and half-width, `Ａ` and `a`). The text itself when it cannot be normalized.
std::string FoldForms(std::string_view text);

// Pairs of neighbouring letters, and single ones where a run has only one, as
// the words of the phrase index: `公开信息` gives 公开, 开信, 信息. Text is
// case-folded (NFKC); blanks and punctuation separate runs; Latin and digit
// runs stay whole words. Repeats are dropped, order is kept.
std::vector<std::string> Bigrams(std::string_view text);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_TEXT_H_
