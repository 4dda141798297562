// SPDX-License-Identifier: Apache-2.0
// `case receive`: one application by flags, or many from a file.
#include "clients/cli/receive.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/acts.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// Rows of one stream: each has its deadline, and is sent again as a whole.
constexpr size_t kRowsPerBatch = 500;

// An application typed by hand comes over the counter, from a person.
void FillUsual(v1::Application* application) {
  if (application->channel() == v1::CHANNEL_UNSPECIFIED) {
    application->set_channel(v1::IN_PERSON);
  }
  if (application->applicant_kind() == v1::APPLICANT_KIND_UNSPECIFIED) {
    application->set_applicant_kind(v1::NATURAL_PERSON);
  }
}

absl::StatusOr<ExitCode> ReceiveOne(const Run& run) {
  v1::ReceiveApplicationRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  RETURN_IF_ERROR(FillFromFlags(run.args, request.mutable_application()));
  FillUsual(request.mutable_application());
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day("date", Today()));
  request.set_arrived_date(FormatDay(day));
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  Connection connection(run.settings, UsualRole(v1::Act::kReceive));
  ASSIGN_OR_RETURN(const v1::ReceiveApplicationResponse response,
                   Receive(&connection, {.agency = request.agency()}, request));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  PrintReceipt(run, response.receipt());
  run.out << run.Say("申请人本月第 ", "the applicant's no. ")
          << response.month_rank()
          << run.Say(" 件，本年共 ", " of the month, of the year: ")
          << response.year_count()
          << run.Say(" 件；他人相同申请 ", "; others asking for the same: ")
          << response.other_applicants() << '\n';
  PrintSimilar(run, response.similar());
  return ExitCode::kOk;
}

// A row of the file with what was made of it.
struct Row {
  int line = 0;
  // The file names no day: the day of the first import counts.
  bool day_assumed = false;
  v1::ReceiveApplicationRequest request;
};

absl::StatusOr<Row> ReadRow(const Csv& csv, const Csv::Row& cells,
                            const std::string& source,
                            const std::string& agency, absl::CivilDay day) {
  if (cells.cells.size() != csv.heading.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the row has ", cells.cells.size(), " cells, the heading ",
                     csv.heading.size()));
  }
  Row row;
  row.line = cells.line;
  const std::string id = csv.Cell(cells, "id");
  if (id.empty()) return absl::InvalidArgumentError("id: is empty");
  row.request.set_agency(agency);
  row.request.set_request_id(
      UuidFrom(absl::StrCat("receive\n", agency, "\n", source, "\n", id)));
  const std::string arrived = csv.Cell(cells, "arrived_date");
  row.day_assumed = arrived.empty();
  row.request.set_arrived_date(row.day_assumed ? FormatDay(day) : arrived);
  v1::Application* application = row.request.mutable_application();
  std::string kind = csv.Cell(cells, "applicant_kind");
  if (kind == "other") kind = "other_organisation";
  RETURN_IF_ERROR(SetField(application, "applicant_kind", kind));
  application->mutable_applicant()->set_name(csv.Cell(cells, "applicant_name"));
  application->set_content(csv.Cell(cells, "content"));
  const std::string channel = csv.Cell(cells, "channel");
  if (!channel.empty()) {
    RETURN_IF_ERROR(SetField(application, "channel", channel));
  }
  FillUsual(application);
  return row;
}

struct Tally {
  int64_t received = 0;
  int64_t repeated = 0;
  int64_t broken = 0;
  std::vector<std::string> names;
};

void ReportBroken(const Run& run, int line, std::string_view what) {
  run.err << run.Say("第 ", "line ") << line << run.Say(" 行：", ": ") << what
          << '\n';
}

absl::StatusOr<v1::BatchReceiveResponse> Send(Connection* connection,
                                              const Identity& identity,
                                              const std::vector<Row>& rows,
                                              size_t from, size_t until) {
  return connection->Call<v1::BatchReceiveResponse>(
      identity,
      [&](grpc::ClientContext* context, v1::BatchReceiveResponse* response) {
        const auto stream = connection->cases().BatchReceive(context, response);
        for (size_t i = from; i < until; ++i) {
          // The service has ended the stream: its status says why.
          if (!stream->Write(rows[i].request)) break;
        }
        stream->WritesDone();
        return stream->Finish();
      });
}

absl::Status SendAll(const Run& run, const std::string& agency,
                     const std::vector<Row>& rows, Tally* tally) {
  Connection connection(run.settings, UsualRole(v1::Act::kReceive));
  const Identity identity{.agency = agency};
  for (size_t from = 0; from < rows.size(); from += kRowsPerBatch) {
    const size_t until = std::min(from + kRowsPerBatch, rows.size());
    ASSIGN_OR_RETURN(const v1::BatchReceiveResponse response,
                     Send(&connection, identity, rows, from, until));
    tally->received += response.received();
    tally->repeated += response.repeated();
    tally->names.insert(tally->names.end(), response.names().begin(),
                        response.names().end());
    for (const auto& failure : response.failures()) {
      const size_t at = from + static_cast<size_t>(failure.row());
      if (at >= rows.size()) continue;
      // Taken in on an earlier day under the same id: nothing to do.
      if (rows[at].day_assumed && failure.reason() == "REQUEST_ID_REUSED") {
        ++tally->repeated;
        continue;
      }
      ++tally->broken;
      ReportBroken(
          run, rows[at].line,
          absl::StrCat(failure.field(), failure.field().empty() ? "" : ": ",
                       failure.message()));
    }
    if (run.err_is_terminal) {
      run.err << '\r' << until << '/' << rows.size() << std::flush;
    } else if (until % 1000 == 0) {
      run.err << until << '/' << rows.size() << '\n';
    }
  }
  if (run.err_is_terminal && !rows.empty()) run.err << '\n';
  return absl::OkStatus();
}

void PrintTally(const Run& run, const Tally& tally) {
  if (run.settings.output == Output::kJson) {
    v1::BatchReceiveResponse sum;
    sum.set_received(tally.received);
    sum.set_repeated(tally.repeated);
    for (const std::string& name : tally.names) sum.add_names(name);
    PrintJson(run.out, sum);
    return;
  }
  run.out << run.Say("收到 ", "received ") << tally.received
          << run.Say(" 件，此前已收 ", ", received before ") << tally.repeated
          << run.Say(" 件，有误 ", ", broken ") << tally.broken
          << run.Say(" 行\n", "\n");
}

absl::StatusOr<ExitCode> ReceiveCsv(const Run& run) {
  ASSIGN_OR_RETURN(const std::string agency, NeedAgency(run.settings));
  const std::string path = run.args.Get("csv");
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const Csv csv, ReadCsv(text));
  for (const char* column :
       {"id", "applicant_kind", "applicant_name", "content"}) {
    if (!csv.Column(column).has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": no column ", column));
    }
  }
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day("date", Today()));
  // The name without its folder: the same file is the same import from
  // wherever it is read.
  const std::string source = std::filesystem::path(path).filename().string();
  Tally tally;
  std::vector<Row> rows;
  std::set<std::string> ids;
  for (const Csv::Row& cells : csv.rows) {
    absl::StatusOr<Row> row = ReadRow(csv, cells, source, agency, day);
    if (row.ok() && !ids.insert(row->request.request_id()).second) {
      row = absl::InvalidArgumentError("id: is there twice");
    }
    if (row.ok()) {
      rows.push_back(*std::move(row));
    } else {
      ++tally.broken;
      ReportBroken(run, cells.line, std::string(row.status().message()));
    }
  }
  RETURN_IF_ERROR(SendAll(run, agency, rows, &tally));
  PrintTally(run, tally);
  return tally.broken == 0 ? ExitCode::kOk : ExitCode::kBadData;
}

}  // namespace

absl::StatusOr<v1::ReceiveApplicationResponse> Receive(
    Connection* connection, const Identity& identity,
    const v1::ReceiveApplicationRequest& request) {
  return connection->Call<v1::ReceiveApplicationResponse>(
      identity, [&](grpc::ClientContext* context,
                    v1::ReceiveApplicationResponse* response) {
        return connection->cases().ReceiveApplication(context, request,
                                                      response);
      });
}

Command ReceiveCommand(Locale locale) {
  Command command;
  command.name = "receive";
  command.help = Say(locale,
                     "收到申请（REG 29, 31）：一件，或用 --csv 一批\n"
                     "不写渠道为当面提交，不写类别为自然人",
                     "Receives an application (REG 29, 31), or many by --csv\n"
                     "in person and from a natural person unless said");
  command.flags = {
      {.name = "csv",
       .help = Say(locale,
                   "文件，列 id,applicant_kind,applicant_name,content"
                   "[,channel,arrived_date]；再次导入不重复",
                   "file with the columns id,applicant_kind,applicant_name,"
                   "content[,channel,arrived_date]; a second run changes "
                   "nothing"),
       .file = true},
      {.name = "date",
       .help = Say(locale, "到达之日，默认今天",
                   "day on which it arrived, today by default")},
      {.name = "request-id",
       .help = Say(locale, "请求编号", "identifier of the request")}};
  for (Flag& flag : FlagsOf(*v1::Application::descriptor(), locale)) {
    // Required by the service, not by the parser: --csv needs none of them.
    flag.required = false;
    command.flags.push_back(std::move(flag));
  }
  command.run = [](const Run& run) {
    return run.args.Has("csv") ? ReceiveCsv(run) : ReceiveOne(run);
  };
  return command;
}

}  // namespace gongkai::cli
