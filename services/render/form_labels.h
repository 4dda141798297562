// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_FORM_LABELS_H_
#define GONGKAI_SERVICES_RENDER_FORM_LABELS_H_

#include <string>

#include "services/base/locale.h"
#include "services/report/form.h"

namespace gongkai::render {

// Where a row of table 3 stands in its section column.
struct RowPlace {
  // 一, 二, 三 or 四.
  std::string part;
  // 一 to 七 of part 三; empty in the others.
  std::string group;
  // 1, 2, … within a group; empty where the group is one row.
  std::string item;
};
RowPlace PlaceOf(const report::FormRow& row);

// What the form prints there: `三、本年度办理结果`, `（三）不予公开`,
// `1.属于国家秘密`.
std::string PartLabel(Locale locale);
std::string GroupLabel(const std::string& group, Locale locale);
std::string LeafLabel(const report::FormRow& row, Locale locale);

// The plain label.
std::string LabelOf(const report::FormRow& row, Locale locale);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_FORM_LABELS_H_
