// SPDX-License-Identifier: Apache-2.0
#include "services/render/workbook.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"

namespace gongkai::render {
namespace {

// What a spreadsheet takes: letters of the name of a sheet, of a cell.
constexpr size_t kSheetLetters = 31;
constexpr size_t kCellLetters = 32767;
constexpr int kA4 = 9;
// Points of a row.
constexpr double kMostHeight = 409;

// The first `most` letters.
std::string Cut(std::string_view text, size_t most) {
  size_t letters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins && ++letters > most) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

// Without what the name of a sheet may not hold.
std::string SheetName(std::string_view name) {
  std::string clean;
  for (const char c : name) {
    if (std::string_view("[]:*?/\\'").find(c) == std::string_view::npos) {
      clean += c;
    }
  }
  return clean.empty() ? "1" : Cut(clean, kSheetLetters);
}

// The path by which the library, which takes paths alone, reaches the file.
std::string PathOf(std::FILE* file) {
  return absl::StrCat("/proc/self/fd/", fileno(file));
}

std::string Contents(std::FILE* file) {
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  std::rewind(file);
  for (;;) {
    const size_t got = std::fread(buffer.data(), 1, buffer.size(), file);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), got);
  }
}

// `&` begins a code in the foot of a page.
std::string FootText(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&&" : std::string(1, c);
  return out;
}

}  // namespace

Workbook::Workbook(std::string_view title, absl::Time created, bool large) {
  const int memory = memfd_create("sheets", MFD_CLOEXEC);
  if (memory >= 0) file_ = fdopen(memory, "w+");
  if (file_ == nullptr) return;
  lxw_workbook_options options = {};
  options.constant_memory = large ? LXW_TRUE : LXW_FALSE;
  book_ = workbook_new_opt(PathOf(file_).c_str(), &options);
  if (book_ == nullptr) return;
  std::string name(title);
  lxw_doc_properties properties = {};
  properties.title = name.data();
  properties.created = absl::ToTimeT(created);
  Note(workbook_set_properties(book_, &properties));
}

Workbook::~Workbook() {
  if (book_ != nullptr) lxw_workbook_free(book_);
  if (file_ != nullptr) std::fclose(file_);
}

void Workbook::Note(lxw_error error) {
  if (error_ == LXW_NO_ERROR) error_ = error;
}

lxw_worksheet* Workbook::AddSheet(std::string_view name) {
  if (book_ == nullptr) return nullptr;
  std::string free = SheetName(name);
  // Excel takes names that differ in case alone for the same.
  const int others = names_[absl::AsciiStrToLower(free)]++;
  if (others > 0) {
    const std::string number = absl::StrCat(" ", others + 1);
    free = Cut(free, kSheetLetters - number.size()) + number;
    ++names_[absl::AsciiStrToLower(free)];
  }
  lxw_worksheet* sheet = workbook_add_worksheet(book_, free.c_str());
  if (sheet == nullptr) Note(LXW_ERROR_PARAMETER_VALIDATION);
  return sheet;
}

lxw_format* Workbook::Made(const Look& look) {
  std::string key =
      absl::StrCat(look.number_format, "|", look.align, "|", look.size, "|",
                   look.bold, look.border, look.wrap, look.filled, look.grey);
  lxw_format*& format = formats_[key];
  if (format != nullptr || book_ == nullptr) return format;
  format = workbook_add_format(book_);
  format_set_font_name(format, "宋体");
  format_set_font_size(format, look.size);
  format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
  if (look.align != 0) format_set_align(format, look.align);
  if (look.bold) format_set_bold(format);
  if (look.border) format_set_border(format, LXW_BORDER_THIN);
  if (look.wrap) format_set_text_wrap(format);
  if (look.filled) format_set_bg_color(format, 0xE8EEF4);
  if (look.grey) format_set_font_color(format, 0x595959);
  if (*look.number_format != '\0') {
    format_set_num_format(format, look.number_format);
  }
  return format;
}

void Workbook::Text(lxw_worksheet* sheet, int row, int column,
                    std::string_view text, const Look& look) {
  if (sheet == nullptr) return;
  if (text.empty()) return Blank(sheet, row, column, look);
  Note(worksheet_write_string(sheet, row, static_cast<lxw_col_t>(column),
                              Cut(text, kCellLetters).c_str(), Made(look)));
}

void Workbook::Number(lxw_worksheet* sheet, int row, int column, double number,
                      const Look& look) {
  if (sheet == nullptr) return;
  Note(worksheet_write_number(sheet, row, static_cast<lxw_col_t>(column),
                              number, Made(look)));
}

void Workbook::Day(lxw_worksheet* sheet, int row, int column,
                   std::string_view day, const Look& look) {
  const auto parsed = ParseDay(day);
  if (sheet == nullptr || !parsed.ok()) {
    return Text(sheet, row, column, day, look);
  }
  lxw_datetime date = {};
  date.year = static_cast<int>(parsed->year());
  date.month = parsed->month();
  date.day = parsed->day();
  Note(worksheet_write_datetime(sheet, row, static_cast<lxw_col_t>(column),
                                &date, Made(look)));
}

void Workbook::Blank(lxw_worksheet* sheet, int row, int column,
                     const Look& look) {
  if (sheet == nullptr) return;
  Note(worksheet_write_blank(sheet, row, static_cast<lxw_col_t>(column),
                             Made(look)));
}

void Workbook::Merged(lxw_worksheet* sheet, int first_row, int first_column,
                      int last_row, int last_column, std::string_view text,
                      const Look& look) {
  if (sheet == nullptr) return;
  if (first_row == last_row && first_column == last_column) {
    return Text(sheet, first_row, first_column, text, look);
  }
  Note(worksheet_merge_range(sheet, first_row,
                             static_cast<lxw_col_t>(first_column), last_row,
                             static_cast<lxw_col_t>(last_column),
                             std::string(text).c_str(), Made(look)));
}

void Workbook::Height(lxw_worksheet* sheet, int row, double points) {
  if (sheet == nullptr) return;
  Note(worksheet_set_row(sheet, row, std::min(points, kMostHeight), nullptr));
}

void Workbook::Width(lxw_worksheet* sheet, int first_column, int last_column,
                     double letters) {
  if (sheet == nullptr) return;
  Note(worksheet_set_column(sheet, static_cast<lxw_col_t>(first_column),
                            static_cast<lxw_col_t>(last_column), letters,
                            nullptr));
}

void Workbook::Page(lxw_worksheet* sheet, bool landscape,
                    std::string_view foot) {
  if (sheet == nullptr) return;
  worksheet_set_paper(sheet, kA4);
  if (landscape) worksheet_set_landscape(sheet);
  worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.7);
  worksheet_center_horizontally(sheet);
  const std::string text =
      absl::StrCat("&L&8", Cut(FootText(foot), 150), "&R&8&P / &N");
  Note(worksheet_set_footer(sheet, text.c_str()));
}

absl::StatusOr<std::string> Workbook::Finish() {
  if (book_ != nullptr) {
    // Frees the workbook, whether it could be written or not.
    Note(workbook_close(book_));
    book_ = nullptr;
  } else {
    Note(LXW_ERROR_CREATING_XLSX_FILE);
  }
  if (error_ != LXW_NO_ERROR) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the spreadsheet could not be made: ", lxw_strerror(error_)));
  }
  return Contents(file_);
}

}  // namespace gongkai::render
