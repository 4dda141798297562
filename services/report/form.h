// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_FORM_H_
#define GONGKAI_SERVICES_REPORT_FORM_H_

#include <string_view>
#include <vector>

// The official form of the annual return (国办公开办函〔2021〕30号): what its
// rows, columns and cells are called. Plain words; no figures.
namespace gongkai::report {

// One heading of the form.
struct FormRow {
  // Never translated: `r3`, `c1`, `review`, `upheld`.
  std::string_view code;
  // Numbering as printed in the form: `三(一)`; empty where it has none.
  std::string_view section;
  std::string_view zh;
  std::string_view en;
  // What the row follows from: `REG 36(1), 36(2)`; empty where none.
  std::string_view article;
};

// Table 3 (收到和处理政府信息公开申请情况): rows r1 to r25 and columns c1 to
// c7.
const std::vector<FormRow>& ReturnRows();
const std::vector<FormRow>& ReturnColumns();

// Table 4 (政府信息公开行政复议、行政诉讼情况): review, direct suit, suit after
// review; each upheld, corrected, other, pending, total.
const std::vector<FormRow>& RemedyGroups();
const std::vector<FormRow>& RemedyCells();

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_FORM_H_
