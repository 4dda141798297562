// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/report_output.h"

#include <algorithm>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "clients/cli/print.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"
#include "services/render/cell.h"
#include "services/render/csv.h"
#include "services/render/json.h"
#include "services/render/table_xlsx.h"

namespace gongkai::cli {
namespace {

// Cells are cut to so many columns of the terminal.
constexpr size_t kMostColumns = 48;

bool IsNumber(v1::ColumnType type) {
  return type == v1::NUMBER_COLUMN || type == v1::SHARE_COLUMN ||
         type == v1::DECIMAL_COLUMN || type == v1::MONEY_COLUMN;
}

std::vector<int> ShownColumns(const v1::Table& table,
                              const std::vector<std::string>& shown) {
  std::vector<int> columns;
  for (int i = 0; i < table.columns_size(); ++i) {
    if (shown.empty() || std::find(shown.begin(), shown.end(),
                                   table.columns(i).key()) != shown.end()) {
      columns.push_back(i);
    }
  }
  return columns;
}

void PrintTable(const Run& run, const v1::Table& table,
                const std::vector<std::string>& shown) {
  const std::vector<int> columns = ShownColumns(table, shown);
  std::vector<std::string> headings;
  headings.reserve(columns.size());
  for (const int i : columns) headings.push_back(table.columns(i).heading());
  Table printed(headings);
  for (const v1::Row& row : table.rows()) {
    std::vector<std::string> cells;
    for (const int i : columns) {
      const std::string text =
          render::CellText(render::CellAt(row, i), table.columns(i).type());
      // What stands last may run on.
      cells.push_back(i == columns.back() ? text : Clipped(text, kMostColumns));
    }
    printed.Add(std::move(cells));
  }
  std::vector<bool> right;
  for (const int i : columns) {
    right.push_back(IsNumber(table.columns(i).type()));
  }
  printed.AlignRight(std::move(right));
  printed.Print(run.out);
  if (printed.empty()) run.out << run.Say("（无）\n", "(none)\n");
  for (const std::string& note : table.notes()) run.out << note << '\n';
}

void PrintTables(const Run& run, const Report& report) {
  bool first = true;
  for (const v1::Table& table : report.tables) {
    if (!first) run.out << '\n';
    first = false;
    if (report.tables.size() > 1) run.out << table.title() << '\n';
    PrintTable(run, table, report.shown);
  }
}

// The tables that are asked for.
absl::StatusOr<std::vector<v1::Table>> Chosen(const Run& run,
                                              const Report& report) {
  const std::string key = run.args.Get("table");
  if (key.empty()) return report.tables;
  std::vector<std::string> keys;
  for (const v1::Table& table : report.tables) {
    if (table.key() == key) return std::vector<v1::Table>{table};
    keys.push_back(table.key());
  }
  return UsageError(absl::StrCat("--table: ", absl::StrJoin(keys, ", "),
                                 "; not '", key, "'"));
}

absl::StatusOr<std::string> CsvOf(const Run& run, const Report& report) {
  if (report.tables.size() != 1) {
    std::vector<std::string> keys;
    for (const v1::Table& table : report.tables) keys.push_back(table.key());
    return UsageError(
        absl::StrCat(run.Say("一个 CSV 文件只容一张表，请用 --table 选择：",
                             "a CSV holds one table, choose by --table: "),
                     absl::StrJoin(keys, ", ")));
  }
  return render::Csv(report.tables[0], run.args.Has("keys")
                                           ? render::FirstLine::kKeys
                                           : render::FirstLine::kHeadings);
}

absl::StatusOr<std::string> BytesOf(const Run& run, const Report& report,
                                    Output output) {
  switch (output) {
    case Output::kCsv:
      return CsvOf(run, report);
    case Output::kXlsx:
      return render::Xlsx(report.tables, {report.about, absl::Now()});
    case Output::kSvg:
      if (!report.chart.has_value()) {
        return UsageError(
            run.Say("此报表没有图", "there is no picture of this report"));
      }
      return render::Svg(*report.chart);
    default: {
      if (report.message == nullptr || run.args.Has("table")) {
        return render::Json(report.tables);
      }
      std::ostringstream json;
      PrintJson(json, *report.message);
      return json.str();
    }
  }
}

}  // namespace

std::vector<Flag> OutputFlags(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {{.name = "out",
           .help = say("写入该文件，按其扩展名定形式；- 为标准输出",
                       "into this file, in the form that its name ends with; - "
                       "is the output"),
           .file = true},
          {.name = "keys",
           .help = say("CSV 首行用列的代码，供程序读取",
                       "first line of a CSV: keys for programs"),
           .takes = Takes::kNothing},
          {.name = "table",
           .help = say("只要这一张表（代码）", "only the table of this key")}};
}

absl::StatusOr<Output> WantedOutput(const Run& run) {
  const std::string to = run.args.Get("out");
  if (run.args.Has("output") || run.settings.output != Output::kTable ||
      to.empty()) {
    return run.settings.output;
  }
  if (to.ends_with(".csv")) return Output::kCsv;
  if (to.ends_with(".xlsx")) return Output::kXlsx;
  if (to.ends_with(".svg")) return Output::kSvg;
  if (to.ends_with(".json")) return Output::kJson;
  return UsageError(
      run.Say("--out：请以 .csv、.xlsx、.svg 或 .json 结尾，或用 "
              "--output 指明形式",
              "--out: a name that ends with .csv, .xlsx, .svg or "
              ".json, or say the form by --output"));
}

bool WantsAll(const Run& run) {
  const auto output = WantedOutput(run);
  return run.args.Has("all") || run.args.Has("out") ||
         (output.ok() && *output > Output::kJson);
}

absl::StatusOr<ExitCode> Show(const Run& run, const Report& report) {
  ASSIGN_OR_RETURN(const Output output, WantedOutput(run));
  Report chosen = report;
  ASSIGN_OR_RETURN(chosen.tables, Chosen(run, report));
  if (output == Output::kTable && !run.args.Has("out")) {
    PrintTables(run, chosen);
    return ExitCode::kOk;
  }
  if (output == Output::kTable) {
    return UsageError(run.Say("--out：表格只在屏幕上",
                              "--out: a table is for the terminal alone"));
  }
  if (output == Output::kXlsx && !run.args.Has("out")) {
    return UsageError(run.Say("xlsx：请用 --out FILE.xlsx 指明文件",
                              "xlsx: name the file by --out FILE.xlsx"));
  }
  ASSIGN_OR_RETURN(const std::string bytes, BytesOf(run, chosen, output));
  RETURN_IF_ERROR(Deliver(run, bytes));
  return ExitCode::kOk;
}

absl::Status Deliver(const Run& run, const std::string& bytes) {
  const std::string to = run.args.Get("out", "-");
  if (to == "-") {
    run.out << bytes;
    return absl::OkStatus();
  }
  // Reports name cases: theirs alone who drew them up, until they say
  // otherwise.
  RETURN_IF_ERROR(ReplaceFile(to, bytes, 0600));
  run.err << run.Say("已写入 ", "written: ") << to << '\n';
  return absl::OkStatus();
}

gongkai::Locale CommonLocale(Locale locale) {
  return locale == Locale::kZh ? gongkai::Locale::kChinese
                               : gongkai::Locale::kEnglish;
}

}  // namespace gongkai::cli
