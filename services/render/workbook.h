// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_WORKBOOK_H_
#define GONGKAI_SERVICES_RENDER_WORKBOOK_H_

#include <xlsxwriter.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gongkai::render {

// How a cell looks.
struct Look {
  // As spreadsheets write it: `0.0%`; empty is general.
  const char* number_format = "";
  // LXW_ALIGN_LEFT, CENTER, RIGHT; 0 is by what is in it.
  uint8_t align = 0;
  double size = 10;
  bool bold = false;
  bool border = false;
  bool wrap = false;
  bool filled = false;
  // In letters of the text's own, for lines that explain.
  bool grey = false;
};

// A file of sheets in the making, in memory. The same calls give the same
// bytes. The first error of any call is what Finish() returns.
class Workbook {
 public:
  // `created` is written into the file as the time it was made. A file whose
  // rows are written one after the other and never merged may be `large`.
  Workbook(std::string_view title, absl::Time created, bool large);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  // A sheet of that name, cut and cleaned to what a spreadsheet takes and made
  // different from those before. Null when there is no file.
  lxw_worksheet* AddSheet(std::string_view name);

  void Text(lxw_worksheet* sheet, int row, int column, std::string_view text,
            const Look& look);
  void Number(lxw_worksheet* sheet, int row, int column, double number,
              const Look& look);
  // A civil day `2024-02-29`; any other text as it is.
  void Day(lxw_worksheet* sheet, int row, int column, std::string_view day,
           const Look& look);
  void Blank(lxw_worksheet* sheet, int row, int column, const Look& look);
  // One text over the cells from the first to the last, both included.
  void Merged(lxw_worksheet* sheet, int first_row, int first_column,
              int last_row, int last_column, std::string_view text,
              const Look& look);
  void Height(lxw_worksheet* sheet, int row, double points);
  void Width(lxw_worksheet* sheet, int first_column, int last_column,
             double letters);
  // A4, `page of pages` in the middle of the foot, `foot` at its left.
  void Page(lxw_worksheet* sheet, bool landscape, std::string_view foot);
  void Note(lxw_error error);

  // The file. RESOURCE_EXHAUSTED when it could not be made.
  absl::StatusOr<std::string> Finish();

 private:
  lxw_format* Made(const Look& look);

  std::FILE* file_ = nullptr;
  lxw_workbook* book_ = nullptr;
  lxw_error error_ = LXW_NO_ERROR;
  std::map<std::string, int> names_;
  std::map<std::string, lxw_format*> formats_;
};

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_WORKBOOK_H_
