// SPDX-License-Identifier: Apache-2.0
// `report import`: the cases of an earlier register, all of them or none.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/csv.h"
#include "clients/cli/encoding.h"
#include "clients/cli/fields.h"
#include "clients/cli/import_rows.h"
#include "clients/cli/import_totals.h"
#include "clients/cli/print.h"
#include "clients/cli/reports.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "services/report/form.h"

namespace gongkai::cli {
namespace {

// One commit of a whole register takes longer than a call.
constexpr int kLeastSeconds = 600;
constexpr std::string_view kCasePath = "past_case.";

// The file as it will be sent, with the line of each row.
struct Register {
  std::vector<v1::PastCase> rows;
  std::vector<int> lines;
  // By line: what of it could not be read.
  std::map<int, std::string> broken;
  v1::ImportCasesRequest::Head head;
};

absl::Status Naming(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::StatusOr<std::string> ReadText(const Run& run, const std::string& path) {
  const std::string encoding = run.args.Get("encoding", "auto");
  if (encoding != "auto" && encoding != "utf-8" && encoding != "gb18030") {
    return UsageError("--encoding auto, utf-8 or gb18030");
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  auto text = Decode(bytes, encoding);
  if (!text.ok()) return Naming(path, text.status());
  return text;
}

absl::Status ReadRows(const std::string& path, const std::string& text,
                      Register* whole) {
  const auto csv = ReadCsv(text);
  if (!csv.ok()) return Naming(path, csv.status());
  const auto reader = RegisterReader::Of(csv->heading);
  if (!reader.ok()) return Naming(path, reader.status());
  for (const Csv::Row& row : csv->rows) {
    auto past = reader->Read(row);
    if (past.ok()) {
      whole->rows.push_back(*std::move(past));
      whole->lines.push_back(row.line);
    } else {
      whole->broken[row.line] = std::string(past.status().message());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Register> Read(const Run& run) {
  Register whole;
  ASSIGN_OR_RETURN(*whole.head.mutable_agency(), NeedAgency(run.settings));
  const std::string path = run.args.Get("FILE");
  ASSIGN_OR_RETURN(const std::string text, ReadText(run, path));
  RETURN_IF_ERROR(ReadRows(path, text, &whole));
  // The same cases with the same totals are the same import, whatever their
  // files are called and however they are encoded.
  std::string all = absl::StrCat("import\n", whole.head.agency(), "\n", text);
  for (const std::string& typed : run.args.All("totals")) {
    std::string file;
    ASSIGN_OR_RETURN(const int year, YearOfTotals(typed, &file));
    ASSIGN_OR_RETURN(const std::string table, ReadText(run, file));
    auto totals = ReadTotals(table, year);
    if (!totals.ok()) return Naming(file, totals.status());
    absl::StrAppend(&all, "\n", year, "\n", table);
    *whole.head.add_totals() = *std::move(totals);
  }
  whole.head.set_request_id(run.args.Get("request-id", UuidFrom(all)));
  whole.head.set_dry_run(run.args.Has("dry-run"));
  if (!whole.broken.empty()) {
    // Nothing will be taken in: the others are only looked at, so that all that
    // is wrong is told at once. What they add up to means nothing then.
    whole.head.set_dry_run(true);
    whole.head.clear_totals();
  }
  return whole;
}

absl::StatusOr<v1::ImportCasesResponse> Send(const Run& run,
                                             const Register& whole) {
  Settings settings = run.settings;
  settings.timeout_seconds = std::max(settings.timeout_seconds, kLeastSeconds);
  Connection connection(settings, kReporter);
  return connection.Call<v1::ImportCasesResponse>(
      {.agency = whole.head.agency()},
      [&](grpc::ClientContext* context, v1::ImportCasesResponse* response) {
        const auto stream = connection.reports().ImportCases(context, response);
        v1::ImportCasesRequest piece;
        *piece.mutable_head() = whole.head;
        bool goes_on = stream->Write(piece);
        piece.clear_head();
        // When the service has ended the stream its status says why.
        for (size_t i = 0; goes_on && i < whole.rows.size(); ++i) {
          *piece.mutable_past_case() = whole.rows[i];
          goes_on = stream->Write(piece);
        }
        stream->WritesDone();
        return stream->Finish();
      });
}

std::string CellName(const Run& run, const v1::ReturnViolation& one) {
  const auto name = [&](const std::vector<report::FormRow>& all, int at) {
    if (at < 1 || static_cast<size_t>(at) > all.size()) return std::string();
    const report::FormRow& row = all[static_cast<size_t>(at) - 1];
    return absl::StrCat(ToAbsl(row.code), " ", run.Say(row.zh, row.en));
  };
  return absl::StrCat(name(report::ReturnRows(), one.row()), ", ",
                      name(report::ReturnColumns(), one.column()));
}

void PrintUnbalanced(const Run& run, const v1::ReturnViolation& one) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(one.identity(), absl::MaxSplits(':', 1));
  const bool declared = parts.first == "declared";
  run.err << parts.second << ' ' << CellName(run, one) << run.Say("：", ": ");
  if (declared) {
    run.err << run.Say("申报 ", "declared ") << one.should_be()
            << run.Say("，各行合计 ", ", the rows add up to ") << one.is();
  } else {
    run.err << run.Say("申报的年报自身不平衡：",
                       "the declared return does not "
                       "balance: ")
            << one.is() << run.Say("，应为 ", ", should be ") << one.should_be()
            << " (" << parts.first << ')';
  }
  run.err << '\n';
}

void PrintBroken(const Run& run, const Register& whole,
                 const v1::ImportCasesResponse& response) {
  std::map<int, std::string> broken = whole.broken;
  for (const auto& failure : response.failures()) {
    const auto at = static_cast<size_t>(failure.row());
    if (at >= whole.lines.size()) continue;
    std::string field = failure.field();
    if (field.starts_with(kCasePath)) field.erase(0, kCasePath.size());
    broken[whole.lines[at]] =
        absl::StrCat(field, field.empty() ? "" : ": ", failure.message());
  }
  for (const auto& [line, what] : broken) {
    run.err << run.Say("第 ", "line ") << line << run.Say(" 行：", ": ") << what
            << '\n';
  }
  for (const v1::ReturnViolation& one : response.unbalanced()) {
    PrintUnbalanced(run, one);
  }
}

absl::StatusOr<ExitCode> Import(const Run& run) {
  ASSIGN_OR_RETURN(const Register whole, Read(run));
  v1::ImportCasesResponse response;
  if (!whole.rows.empty()) {
    ASSIGN_OR_RETURN(response, Send(run, whole));
  } else if (whole.broken.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(run.args.Get("FILE"), ": no cases below the heading"));
  }
  PrintBroken(run, whole, response);
  const size_t broken =
      whole.broken.size() + static_cast<size_t>(response.failures_size());
  const bool sound = broken == 0 && response.unbalanced().empty();
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
  } else if (!sound) {
    run.err << run.Say("未导入：有误 ", "nothing was imported: ") << broken
            << run.Say(" 行，不平衡 ", " rows are broken, ")
            << response.unbalanced_size()
            << run.Say(" 格\n", " cells do not balance\n");
  } else if (run.args.Has("dry-run")) {
    run.out << run.Say("核对无误：", "nothing is wrong: ") << whole.rows.size()
            << run.Say(" 件\n", " cases\n");
  } else if (response.repeated()) {
    run.out << run.Say("此前已导入，未再导入\n",
                       "imported before; nothing was done\n");
  } else {
    run.out << run.Say("导入 ", "imported ") << response.imported()
            << run.Say(" 件\n", " cases\n");
  }
  return sound ? ExitCode::kOk : ExitCode::kBadData;
}

// The headings, for the help.
std::string Headings(bool chinese, const std::vector<RegisterColumn>& columns) {
  std::string text;
  for (const RegisterColumn& column : columns) {
    absl::StrAppend(&text,
                    text.empty() ? ""
                    : chinese    ? "、"
                                 : ", ",
                    ToAbsl(chinese ? column.zh : column.en));
  }
  return text;
}

}  // namespace

Command ReportImportCommand(Locale locale) {
  const bool zh = locale == Locale::kZh;
  Command command;
  command.name = "import";
  command.help = absl::StrCat(
      Say(locale,
          "导入历史台账（全部导入或全不导入）\n"
          "CSV，编码 UTF-8 或 GB 18030，首行为列名，中文英文均可：",
          "Imports an earlier register, all of it or nothing\n"
          "CSV in UTF-8 or GB 18030, headings in Chinese or English: "),
      Headings(zh, CaseColumns()),
      Say(locale, "；救济列以 复议、一审、二审、投诉 开头，后接：",
          "; of dockets, after review_, suit_, appeal_ or complaint_: "),
      Headings(zh, DocketColumns()),
      Say(locale,
          "，多件时末尾加序号（复议结果2）\n"
          "答复类型填代码（R3）或用语，日期 2024-01-05、2024年1月5日、20240105 "
          "均可；未填办结日期的为在办",
          ", with a number at the end when there are several "
          "(review_result_2)\n"
          "an outcome by its code (R3) or term, a day as 2024-01-05, 2024/1/5 "
          "or 20240105; without a finished_date the case is open"));
  command.positionals = {{.name = "FILE",
                          .help = Say(locale, "台账", "the register"),
                          .required = true,
                          .file = true}};
  command.flags = {
      {.name = "totals",
       .help = Say(locale,
                   "各行应合计成的年报表三（CSV），可多次；年份取自文件名或 "
                   "2023=文件",
                   "table 3 that the rows must add up to (CSV), again for each "
                   "year; the year is in the file's name, or 2023=FILE"),
       .takes = Takes::kValues,
       .file = true},
      {.name = "dry-run",
       .help = Say(locale, "只核对，不导入", "looks, and imports nothing"),
       .takes = Takes::kNothing},
      {.name = "encoding",
       .help = Say(locale, "文件编码，默认自动判断",
                   "of the files; found out by default"),
       .choices = {"auto", "utf-8", "gb18030"}},
      {.name = "request-id",
       .help = Say(locale, "请求编号，默认由文件内容得出",
                   "identifier of the request; made of the file by default")}};
  command.run = Import;
  return command;
}

}  // namespace gongkai::cli
