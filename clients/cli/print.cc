// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/print.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "google/protobuf/util/json_util.h"
#include "services/base/dates.h"
#include "services/base/text.h"

namespace gongkai::cli {

Table::Table(std::vector<std::string> heading) {
  rows_.push_back(std::move(heading));
}

void Table::Add(std::vector<std::string> cells) {
  cells.resize(rows_[0].size());
  for (std::string& cell : cells) {
    std::replace_if(
        cell.begin(), cell.end(),
        [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  }
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out, size_t most) const {
  const size_t columns = rows_[0].size();
  std::vector<size_t> widths(columns, 0);
  std::vector<std::vector<std::string>> shown = rows_;
  for (auto& row : shown) {
    for (size_t i = 0; i < columns; ++i) {
      if (most > 0) row[i] = Clipped(row[i], most);
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  for (const auto& row : shown) {
    std::string line;
    for (size_t i = 0; i < columns; ++i) {
      if (i > 0) line += "  ";
      const bool right = i < right_.size() && right_[i];
      if (right) line.append(widths[i] - DisplayWidth(row[i]), ' ');
      line += right ? row[i] : Padded(row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

std::string Padded(std::string_view text, size_t columns) {
  std::string padded(text);
  const size_t width = DisplayWidth(text);
  if (width < columns) padded.append(columns - width, ' ');
  return padded;
}

std::string Clipped(std::string_view text, size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  std::string clipped;
  size_t width = 0;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (end < text.size() &&
           (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      ++end;
    }
    const std::string_view letter = text.substr(i, end - i);
    width += DisplayWidth(letter);
    // One column is kept for the ellipsis.
    if (width + 1 > columns) break;
    clipped += letter;
    i = end;
  }
  return clipped + "…";
}

void PrintJson(std::ostream& out, const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // Every message of the contract has a JSON form: nothing in it is an Any.
  if (google::protobuf::util::MessageToJsonString(message, &json, options)
          .ok()) {
    out << json;
  }
}

Table LimitTable(Locale locale) {
  if (locale == Locale::kEn) {
    return Table({"limit", "no.", "whose", "state", "from", "last day", "ended",
                  "left", "late", "article"});
  }
  return Table({"期限", "序", "义务人", "状态", "起算", "届满", "终了", "剩余",
                "逾期", "依据"});
}

void AddLimit(const v1::Limit& limit, Locale locale, Table* table) {
  // Months and years end on a date; what is left or late of them is counted in
  // days.
  const std::string unit = TermOf(
      limit.unit() == v1::WORKING_DAYS ? v1::WORKING_DAYS : v1::CALENDAR_DAYS,
      locale);
  const auto units = [&](int n) {
    return n == 0 ? std::string()
                  : absl::StrCat(n, locale == Locale::kEn ? " " : "", unit);
  };
  const bool live = limit.state() == v1::RUNNING || limit.state() == v1::MISSED;
  const std::string left =
      limit.due_date().empty() || limit.state() != v1::RUNNING
          ? ""
          : absl::StrCat(limit.left(), locale == Locale::kEn ? " " : "", unit);
  table->Add({TermOf(limit.kind(), locale), absl::StrCat(limit.ordinal()),
              TermOf(limit.whose(), locale), TermOf(limit.state(), locale),
              limit.start_date(),
              absl::StrCat(limit.due_date(),
                           limit.provisional()
                               ? Say(locale, "（暂定）", " (provisional)")
                               : ""),
              limit.ended_date(), live ? left : "", units(limit.late_by()),
              limit.article()});
}

void PrintReceipt(const Run& run, const v1::Receipt& receipt) {
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, receipt);
    return;
  }
  const Locale locale = run.settings.locale;
  run.out << receipt.number() << "  " << run.Say("版本 ", "version ")
          << receipt.version() << "  " << TermOf(receipt.phase(), locale)
          << '\n';
  if (!receipt.sub_case().empty()) {
    run.out << run.Say("子案 ", "sub-case ") << receipt.sub_case() << '\n';
  }
  Table table = LimitTable(locale);
  for (const v1::Limit& limit : receipt.limits()) {
    AddLimit(limit, locale, &table);
  }
  if (!table.empty()) table.Print(run.out);
}

void PrintError(std::ostream& err, const absl::Status& status, Locale locale) {
  const ErrorDetails details = DetailsOf(status);
  err << Say(locale, "错误：", "error: ")
      << (details.sentence.empty() ? std::string(status.message())
                                   : details.sentence)
      << '\n';
  // Enum values travel by name; people read the term.
  const auto term = [&](const google::protobuf::EnumDescriptor& type,
                        const std::string& name) {
    const auto value = FindEnumValue(type, name);
    return value.ok() ? Term(**value, locale) : name;
  };
  const auto line = [&](std::string_view key, std::string_view zh,
                        std::string_view en) {
    const auto it = details.metadata.find(std::string(key));
    if (it == details.metadata.end() || it->second.empty()) return;
    const std::string text =
        key == "phase"   ? term(*v1::Phase_descriptor(), it->second)
        : key == "limit" ? term(*v1::LimitKind_descriptor(), it->second)
                         : it->second;
    err << "  " << Say(locale, zh, en) << text << '\n';
  };
  if (!details.reason.empty()) {
    err << "  " << Say(locale, "理由  ", "reason   ") << details.reason << '\n';
  }
  line("field", "字段  ", "field    ");
  line("wanted", "要求  ", "wanted   ");
  line("got", "实为  ", "got      ");
  line("phase", "阶段  ", "phase    ");
  line("limit", "期限  ", "limit    ");
  line("due", "届满  ", "last day ");
  line("article", "依据  ", "article  ");
}

}  // namespace gongkai::cli
