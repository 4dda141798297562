// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/render/cell.h"
#include "services/render/form_labels.h"
#include "services/render/return_form.h"
#include "services/render/workbook.h"

namespace gongkai::render {
namespace {

constexpr int kRows = 25;
constexpr int kColumns = 7;
constexpr int kGroups = 3;
constexpr int kCells = 5;

// Both sheets: title, section, three rows of headings, figures.
constexpr int kSectionRow = 1;
constexpr int kHeadingRow = 2;
constexpr int kFigureRow = 5;
// Table 3: three columns of labels, then c1 to c7.
constexpr int kFirstFigure = 3;

constexpr Look kTitle{.align = LXW_ALIGN_CENTER, .size = 15, .bold = true};
constexpr Look kSection{.align = LXW_ALIGN_LEFT, .size = 12, .bold = true};
constexpr Look kHeading{
    .align = LXW_ALIGN_CENTER, .border = true, .wrap = true};
constexpr Look kLabel{.align = LXW_ALIGN_LEFT, .border = true, .wrap = true};
constexpr Look kFigure{
    .number_format = "0", .align = LXW_ALIGN_CENTER, .border = true};
constexpr Look kSmall{.align = LXW_ALIGN_LEFT, .size = 9, .wrap = true};

std::string Say(Locale locale, std::string_view zh, std::string_view en) {
  return std::string(locale == Locale::kChinese ? zh : en);
}

// One sheet of the form in the making.
struct Form {
  const v1::AnnualReturn& annual;
  std::string title;
  // Which edition it is, and as of when.
  std::string foot;
  Locale locale;
  Workbook* book;
};

std::string TitleOf(const v1::AnnualReturn& annual, std::string_view name,
                    Locale locale) {
  const bool several = annual.agencies_size() > 1;
  if (locale == Locale::kEnglish) {
    return absl::StrCat(ToAbsl(name), several ? " and agencies beneath" : "",
                        ": annual return of ", annual.year());
  }
  return absl::StrCat(ToAbsl(name), several ? "（含所属机关）" : "",
                      annual.year(), "年政府信息公开工作年度报告");
}

std::string FootOf(const v1::AnnualReturn& annual, absl::Time known,
                   Locale locale) {
  const std::string day = FormatDay(ShanghaiDay(known));
  if (annual.edition() == 0) {
    return Say(locale, "即时汇总，截至 ", "drawn up as of ") + day;
  }
  return absl::StrCat(Say(locale, "第 ", "edition "), annual.edition(),
                      Say(locale, " 次报送，截至 ", ", as of "), day);
}

// The part, group and label of one row, the first two merged where they begin
// and left to that where they go on.
void AddLabels(const Form& form, int row, lxw_worksheet* sheet) {
  const std::vector<report::FormRow>& rows = report::ReturnRows();
  const RowPlace place = PlaceOf(rows[row]);
  const int at = kFigureRow + row;
  const std::string leaf = LeafLabel(rows[row], form.locale);
  if (place.group.empty()) {
    form.book->Merged(sheet, at, 0, at, 2, leaf, kLabel);
    return;
  }
  const auto last_like = [&](auto same) {
    int last = row;
    while (last + 1 < kRows && same(PlaceOf(rows[last + 1]))) ++last;
    return kFigureRow + last;
  };
  const RowPlace above = row > 0 ? PlaceOf(rows[row - 1]) : RowPlace{};
  if (above.part != place.part) {
    const int last =
        last_like([&](const RowPlace& p) { return p.part == place.part; });
    form.book->Merged(sheet, at, 0, last, 0, PartLabel(form.locale), kHeading);
  }
  if (place.item.empty()) {
    form.book->Merged(sheet, at, 1, at, 2, leaf, kLabel);
    return;
  }
  if (above.group != place.group) {
    const int last = last_like([&](const RowPlace& p) {
      return p.part == place.part && p.group == place.group;
    });
    form.book->Merged(sheet, at, 1, last, 1,
                      GroupLabel(place.group, form.locale), kHeading);
  }
  form.book->Text(sheet, at, 2, leaf, kLabel);
}

void AddApplicationHeadings(const Form& form, lxw_worksheet* sheet) {
  Workbook& book = *form.book;
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(form.locale, zh, en);
  };
  const std::vector<report::FormRow>& columns = report::ReturnColumns();
  const int last = kFirstFigure + kColumns - 1;
  book.Merged(sheet, kHeadingRow, 0, kHeadingRow + 2, 2,
              say("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四"
                  "项之和）",
                  "(in each column I and II add up to III and IV)"),
              kHeading);
  book.Merged(sheet, kHeadingRow, kFirstFigure, kHeadingRow, last,
              say("申请人情况", "applicants"), kHeading);
  const auto upright = [&](int column, const report::FormRow& label) {
    book.Merged(sheet, kHeadingRow + 1, column, kHeadingRow + 2, column,
                LabelOf(label, form.locale), kHeading);
  };
  upright(kFirstFigure, columns[0]);
  upright(last, columns[kColumns - 1]);
  book.Merged(sheet, kHeadingRow + 1, kFirstFigure + 1, kHeadingRow + 1,
              last - 1, say("法人或其他组织", "legal persons, organisations"),
              kHeading);
  for (int i = 1; i < kColumns - 1; ++i) {
    book.Text(sheet, kHeadingRow + 2, kFirstFigure + i,
              LabelOf(columns[i], form.locale), kHeading);
  }
}

void AddTop(const Form& form, const std::string& section, int last_column,
            lxw_worksheet* sheet) {
  form.book->Height(sheet, 0, 32);
  form.book->Merged(sheet, 0, 0, 0, last_column, form.title, kTitle);
  form.book->Height(sheet, kSectionRow, 24);
  form.book->Merged(sheet, kSectionRow, 0, kSectionRow, last_column, section,
                    kSection);
}

void AddApplications(const Form& form) {
  Workbook& book = *form.book;
  const v1::Table table = ReturnTables(form.annual, form.locale)[0];
  lxw_worksheet* sheet =
      book.AddSheet(Say(form.locale, "三、申请情况", "III applications"));
  if (sheet == nullptr) return;
  book.Width(sheet, 0, 0, 7);
  book.Width(sheet, 1, 1, 11);
  book.Width(sheet, 2, 2, 34);
  const bool chinese = form.locale == Locale::kChinese;
  book.Width(sheet, kFirstFigure, kFirstFigure + kColumns - 1,
             chinese ? 7.5 : 10.5);
  AddTop(form, table.title(), kFirstFigure + kColumns - 1, sheet);
  AddApplicationHeadings(form, sheet);
  book.Height(sheet, kHeadingRow, 22);
  book.Height(sheet, kHeadingRow + 1, 22);
  book.Height(sheet, kHeadingRow + 2, chinese ? 32 : 46);
  for (int row = 0; row < kRows; ++row) {
    // Room for two lines, as the longest labels take.
    book.Height(sheet, kFigureRow + row, 34);
    AddLabels(form, row, sheet);
    for (int i = 0; i < kColumns; ++i) {
      book.Number(sheet, kFigureRow + row, kFirstFigure + i,
                  form.annual.cells(row * kColumns + i), kFigure);
    }
  }
  book.Page(sheet, false, form.foot);
  worksheet_fit_to_pages(sheet, 1, 1);
  worksheet_freeze_panes(sheet, kFigureRow, kFirstFigure);
}

void AddRemedyHeadings(const Form& form, lxw_worksheet* sheet) {
  Workbook& book = *form.book;
  const std::vector<report::FormRow>& groups = report::RemedyGroups();
  book.Merged(sheet, kHeadingRow, 0, kHeadingRow, kCells - 1,
              LabelOf(groups[0], form.locale), kHeading);
  book.Merged(sheet, kHeadingRow, kCells, kHeadingRow, kGroups * kCells - 1,
              Say(form.locale, "行政诉讼", "lawsuits"), kHeading);
  for (int group = 1; group < kGroups; ++group) {
    book.Merged(sheet, kHeadingRow + 1, group * kCells, kHeadingRow + 1,
                group * kCells + kCells - 1,
                LabelOf(groups[group], form.locale), kHeading);
  }
  for (int column = 0; column < kGroups * kCells; ++column) {
    const std::string label =
        LabelOf(report::RemedyCells()[column % kCells], form.locale);
    const int first = column < kCells ? kHeadingRow + 1 : kHeadingRow + 2;
    book.Merged(sheet, first, column, kHeadingRow + 2, column, label, kHeading);
  }
}

std::string FeeLine(const v1::FeeFigures& fees, Locale locale) {
  if (locale == Locale::kEnglish) {
    return absl::StrCat("Fees for processing information: ", fees.notices(),
                        " notices for ", Yuan(fees.asked_fen()), " yuan; ",
                        fees.payments(), " payments of ", Yuan(fees.paid_fen()),
                        " yuan.");
  }
  return absl::StrCat("信息处理费：本年发出收费通知 ", fees.notices(),
                      " 件，通知金额 ", Yuan(fees.asked_fen()),
                      " 元；收到缴费 ", fees.payments(), " 笔，实收 ",
                      Yuan(fees.paid_fen()), " 元。");
}

void AddRemedies(const Form& form) {
  Workbook& book = *form.book;
  const v1::Table table = ReturnTables(form.annual, form.locale)[1];
  lxw_worksheet* sheet =
      book.AddSheet(Say(form.locale, "四、复议诉讼", "IV remedies"));
  if (sheet == nullptr) return;
  const int last = kGroups * kCells - 1;
  book.Width(sheet, 0, last, 8);
  AddTop(form, table.title(), last, sheet);
  AddRemedyHeadings(form, sheet);
  for (int row = kHeadingRow; row <= kFigureRow; ++row) {
    book.Height(sheet, row, 28);
  }
  for (int column = 0; column <= last; ++column) {
    book.Number(sheet, kFigureRow, column, form.annual.remedies(column),
                kFigure);
  }
  const int other = kFigureRow + 2;
  book.Height(sheet, other, 24);
  book.Merged(
      sheet, other, 0, other, last,
      Say(form.locale, "六、其他需要报告的事项", "VI. Other matters to report"),
      kSection);
  book.Height(sheet, other + 1, 24);
  book.Merged(sheet, other + 1, 0, other + 1, last,
              FeeLine(form.annual.fees(), form.locale), kSmall);
  book.Page(sheet, true, form.foot);
  worksheet_fit_to_pages(sheet, 1, 1);
  worksheet_freeze_panes(sheet, kFigureRow, 0);
}

}  // namespace

absl::StatusOr<std::string> ReturnXlsx(const v1::AnnualReturn& annual,
                                       std::string_view agency_name,
                                       Locale locale) {
  if (annual.cells_size() != kRows * kColumns ||
      annual.remedies_size() != kGroups * kCells) {
    return absl::InvalidArgumentError(
        absl::StrCat("a return has ", kRows * kColumns, " and ",
                     kGroups * kCells, " cells; this one has ",
                     annual.cells_size(), " and ", annual.remedies_size()));
  }
  ASSIGN_OR_RETURN(const absl::Time known, ParseInstant(annual.known_time()));
  const std::string title = TitleOf(annual, agency_name, locale);
  Workbook book(title, known, false);
  const Form form{annual, title, FootOf(annual, known, locale), locale, &book};
  AddApplications(form);
  AddRemedies(form);
  return book.Finish();
}

}  // namespace gongkai::render
