// SPDX-License-Identifier: Apache-2.0
// `report annual`: the annual return (年度报告), the cases behind its cells,
// its filing and what differs between its editions.
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/connect.h"
#include "clients/cli/report_output.h"
#include "clients/cli/report_tables.h"
#include "clients/cli/reports.h"
#include "gongkai/v1/admin_service.grpc.pb.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "services/render/return_form.h"
#include "services/report/form.h"

namespace gongkai::cli {
namespace {

constexpr int kMostEdition = 1000;

// Which edition of which return.
struct Wanted {
  std::string agency;
  int year = 0;
  bool beneath = false;
  // 0 is drawn up now, -1 the last filed.
  int edition = 0;
};

// `now`, `last` or a number.
absl::StatusOr<int> EditionOf(const Run& run, const std::string& flag,
                              const std::string& text, int last) {
  int edition = 0;
  if (text.empty() || text == "now") return 0;
  if (text == "last") return last;
  if (absl::SimpleAtoi(text, &edition) && edition >= 1 &&
      edition <= kMostEdition) {
    return edition;
  }
  return UsageError(
      absl::StrCat("--", flag,
                   run.Say("：now、last 或报送次数，而非 ",
                           ": now, last or a number of an edition, not "),
                   text));
}

absl::StatusOr<Wanted> WantedReturn(const Run& run) {
  Wanted wanted;
  ASSIGN_OR_RETURN(wanted.agency, NeedAgency(run.settings));
  ASSIGN_OR_RETURN(wanted.year, run.args.Int("year", 0, 2008, 2199));
  wanted.beneath = run.args.Has("beneath");
  ASSIGN_OR_RETURN(wanted.edition,
                   EditionOf(run, "edition", run.args.Get("edition"), -1));
  return wanted;
}

absl::StatusOr<v1::GetReturnResponse> Get(Connection* connection,
                                          const Wanted& wanted) {
  v1::GetReturnRequest request;
  request.set_agency(wanted.agency);
  request.set_year(wanted.year);
  request.set_with_agencies_beneath(wanted.beneath);
  request.set_edition(wanted.edition);
  return connection->Call<v1::GetReturnResponse>(
      {.agency = wanted.agency},
      [&](grpc::ClientContext* context, v1::GetReturnResponse* answer) {
        return connection->reports().GetReturn(context, request, answer);
      });
}

// Place of `word` among the codes, from 1; 0 when it is none of them. `g2` is
// the second of any.
int PlaceOf(const std::vector<report::FormRow>& codes, const std::string& word,
            char letter) {
  for (size_t i = 0; i < codes.size(); ++i) {
    if (codes[i].code == word ||
        word == absl::StrCat(std::string(1, letter), i + 1)) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

// `r7:c1` of table 3; `g2:c3` or `direct_suit:other` of table 4.
absl::Status SetCell(const Run& run, const std::string& text,
                     v1::ListReturnCasesRequest* request) {
  const size_t colon = text.find(':');
  const std::string row = text.substr(0, colon);
  const std::string column =
      colon == std::string::npos ? "" : text.substr(colon + 1);
  request->set_table(3);
  request->set_row(PlaceOf(report::ReturnRows(), row, 'r'));
  request->set_column(PlaceOf(report::ReturnColumns(), column, 'c'));
  if (request->row() == 0) {
    request->set_table(4);
    request->set_row(PlaceOf(report::RemedyGroups(), row, 'g'));
    request->set_column(PlaceOf(report::RemedyCells(), column, 'c'));
  }
  if (request->row() > 0 && request->column() > 0) return absl::OkStatus();
  return UsageError(
      run.Say(
          "--cell：第三部分 r1:c1 至 r25:c7，第四部分 g1:c1 至 g3:c5，而非 ",
          "--cell: r1:c1 to r25:c7 of part III, g1:c1 to g3:c5 of part IV, "
          "not ") +
      text);
}

absl::StatusOr<ExitCode> ShowCell(const Run& run, Connection* connection,
                                  const Wanted& wanted) {
  v1::ListReturnCasesRequest request;
  request.set_agency(wanted.agency);
  request.set_year(wanted.year);
  request.set_with_agencies_beneath(wanted.beneath);
  request.set_edition(wanted.edition);
  RETURN_IF_ERROR(SetCell(run, run.args.Get("cell"), &request));
  request.set_page_size(1000);
  v1::ListReturnCasesResponse list;
  do {
    ASSIGN_OR_RETURN(const v1::ListReturnCasesResponse page,
                     connection->Call<v1::ListReturnCasesResponse>(
                         {.agency = wanted.agency},
                         [&](grpc::ClientContext* context,
                             v1::ListReturnCasesResponse* answer) {
                           return connection->reports().ListReturnCases(
                               context, request, answer);
                         }));
    list.mutable_cases()->MergeFrom(page.cases());
    list.set_hidden(list.hidden() + page.hidden());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ASSIGN_OR_RETURN(
      const ExitCode exit,
      Show(run, {.tables = {ReturnCaseTable(list, run.settings.locale)},
                 .about = absl::StrCat(wanted.agency, " ", wanted.year, " ",
                                       run.args.Get("cell")),
                 .message = &list}));
  if (list.hidden() > 0) {
    run.err << run.Say("另有无权查阅而计入者 ",
                       "counted, but not for this account to see: ")
            << list.hidden() << '\n';
  }
  return exit;
}

// `last:now`, `1:2`.
absl::StatusOr<ExitCode> Compare(const Run& run, Connection* connection,
                                 const Wanted& wanted) {
  const std::string text = run.args.Get("compare");
  const size_t colon = text.find(':');
  const std::string after =
      colon == std::string::npos ? "now" : text.substr(colon + 1);
  v1::CompareReturnsRequest request;
  request.set_agency(wanted.agency);
  request.set_year(wanted.year);
  ASSIGN_OR_RETURN(const int first,
                   EditionOf(run, "compare", text.substr(0, colon), 0));
  ASSIGN_OR_RETURN(const int second, EditionOf(run, "compare", after, -1));
  if (second < 0) {
    return UsageError(run.Say("--compare：在后者写报送次数或 now",
                              "--compare: the second is a number or now"));
  }
  request.set_before(first);
  request.set_after(second);
  ASSIGN_OR_RETURN(
      const v1::CompareReturnsResponse answer,
      connection->Call<v1::CompareReturnsResponse>(
          {.agency = wanted.agency}, [&](grpc::ClientContext* context,
                                         v1::CompareReturnsResponse* response) {
            return connection->reports().CompareReturns(context, request,
                                                        response);
          }));
  return Show(
      run,
      {.tables = {DifferenceTable(answer.differences(), run.settings.locale)},
       .about = absl::StrCat(wanted.agency, " ", wanted.year, " ", text),
       .message = &answer});
}

absl::StatusOr<ExitCode> File(const Run& run, Connection* connection,
                              const Wanted& wanted) {
  v1::FileReturnRequest request;
  request.set_agency(wanted.agency);
  request.set_year(wanted.year);
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  request.set_digest(run.args.Get("file"));
  request.set_reason(run.args.Get("reason"));
  ASSIGN_OR_RETURN(
      const v1::FileReturnResponse filed,
      connection->Call<v1::FileReturnResponse>(
          {.agency = wanted.agency},
          [&](grpc::ClientContext* context, v1::FileReturnResponse* answer) {
            return connection->reports().FileReturn(context, request, answer);
          }));
  run.err << wanted.agency << "  " << wanted.year
          << run.Say(" 年，第 ", ", edition ")
          << filed.annual_return().edition() << run.Say(" 次报送", " filed")
          << '\n';
  return Show(
      run,
      {.tables = {DifferenceTable(filed.differences(), run.settings.locale)},
       .about = absl::StrCat(wanted.agency, " ", wanted.year),
       .message = &filed});
}

// The name that is printed in letters; the code when the service of
// administration is out of reach.
std::string AgencyName(const Run& run, const std::string& agency) {
  if (run.args.Has("name")) return run.args.Get("name");
  Settings settings = run.settings;
  settings.timeout_seconds = 3;
  Connection connection(settings, kReporter, Connection::Port::kAdmin);
  const auto admin = v1::AdminService::NewStub(connection.channel());
  v1::GetAgencyTermsRequest request;
  request.set_agency(agency);
  const auto terms = connection.Call<v1::AgencyTermsResponse>(
      {.agency = agency},
      [&](grpc::ClientContext* context, v1::AgencyTermsResponse* answer) {
        return admin->GetAgencyTerms(context, request, answer);
      });
  return terms.ok() && !terms->terms().name().empty() ? terms->terms().name()
                                                      : agency;
}

// What a reader must know beside the figures.
void PrintStanding(const Run& run, const v1::GetReturnResponse& response) {
  const v1::AnnualReturn& annual = response.annual_return();
  if (annual.edition() > 0) {
    run.out << run.Say("第 ", "edition ") << annual.edition()
            << run.Say(" 次报送，", ", filed ")
            << response.filed_time().substr(0, 19) << "  "
            << response.filed_by() << '\n';
  } else {
    run.out << run.Say("即时汇总，已报送 ", "drawn up now; filed editions: ")
            << response.editions() << run.Say(" 次", "") << '\n'
            << run.Say("摘要（报送时写明） ",
                       "digest, to be named when filing ")
            << annual.digest() << '\n';
  }
  if (response.violations().empty()) {
    run.out << run.Say("勾稽关系成立", "it balances") << '\n';
  }
}

absl::StatusOr<ExitCode> Official(const Run& run, const Wanted& wanted,
                                  const v1::GetReturnResponse& response) {
  if (!run.args.Has("out")) {
    return UsageError(run.Say("--official：请用 --out FILE.xlsx 指明文件",
                              "--official: name the file by --out FILE.xlsx"));
  }
  ASSIGN_OR_RETURN(const std::string bytes,
                   render::ReturnXlsx(response.annual_return(),
                                      AgencyName(run, wanted.agency),
                                      CommonLocale(run.settings.locale)));
  RETURN_IF_ERROR(Deliver(run, bytes));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> ShowReturn(const Run& run, const Wanted& wanted,
                                    const v1::GetReturnResponse& response) {
  const Locale locale = run.settings.locale;
  Report report{.tables = render::ReturnTables(response.annual_return(),
                                               CommonLocale(locale)),
                .about = absl::StrCat(wanted.agency, " ", wanted.year),
                .message = &response};
  if (!response.violations().empty()) {
    report.tables.push_back(ViolationTable(response, locale));
  }
  ASSIGN_OR_RETURN(const Output output, WantedOutput(run));
  ASSIGN_OR_RETURN(const ExitCode exit, Show(run, report));
  if (output == Output::kTable) PrintStanding(run, response);
  return exit;
}

absl::StatusOr<ExitCode> Annual(const Run& run) {
  ASSIGN_OR_RETURN(const Wanted wanted, WantedReturn(run));
  Connection connection(run.settings, kReporter);
  if (run.args.Has("file")) return File(run, &connection, wanted);
  if (run.args.Has("cell")) return ShowCell(run, &connection, wanted);
  if (run.args.Has("compare")) return Compare(run, &connection, wanted);
  ASSIGN_OR_RETURN(const v1::GetReturnResponse response,
                   Get(&connection, wanted));
  if (run.args.Has("as-filed")) {
    if (response.filed_bytes().empty()) {
      return UsageError(run.Say("--as-filed：请用 --edition 指明已报送的版本",
                                "--as-filed: name a filed one by --edition"));
    }
    RETURN_IF_ERROR(Deliver(run, response.filed_bytes()));
    return ExitCode::kOk;
  }
  ASSIGN_OR_RETURN(const ExitCode exit,
                   run.args.Has("official")
                       ? Official(run, wanted, response)
                       : ShowReturn(run, wanted, response));
  if (response.violations().empty()) return exit;
  run.err << run.Say("勾稽关系不成立", "it does not balance") << '\n';
  return ExitCode::kCheckFailed;
}

}  // namespace

Command AnnualCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command command{
      .name = "annual",
      .help = say("年度报告第三、四部分及收费情况\n退出码 1：勾稽关系不成立",
                  "The annual return, parts III and IV and the fees\nExit 1: "
                  "it does not balance"),
      .flags =
          {{.name = "year", .help = say("年度", "year"), .required = true},
           {.name = "edition",
            .help = say("now（默认，即时汇总）、last 或第几次报送",
                        "now (the default: drawn up now), last, or the number "
                        "of a filed edition")},
           {.name = "cell",
            .help =
                say("所计案件：r7:c1，第四部分 g2:c3",
                    "the cases counted in a cell: r7:c1, of part IV g2:c3")},
           BeneathFlag(locale),
           {.name = "official",
            .help = say("按规定格式写入 --out FILE.xlsx",
                        "the official form, into --out FILE.xlsx"),
            .takes = Takes::kNothing},
           {.name = "name",
            .help = say("格式标题上的机关名称，默认为机关参数所载",
                        "agency in the title of the form; by default as in its "
                        "terms")},
           {.name = "as-filed",
            .help = say("报送时的原字节，写入 --out",
                        "the bytes as filed, into --out"),
            .takes = Takes::kNothing},
           {.name = "compare",
            .help = say("两次之间的差异：last:now、1:2",
                        "what differs between two editions: last:now, 1:2")},
           {.name = "file",
            .help = say("报送：写明所核对的摘要",
                        "file it: the digest of what was looked at")},
           {.name = "reason",
            .help = say("更正报送的理由", "why it is restated")},
           {.name = "request-id",
            .help = say("请求编号，重发时用同一编号",
                        "identifier of the request; the same when sent "
                        "again")}},
      .files = true,
      .run = Annual};
  for (Flag& flag : OutputFlags(locale)) {
    command.flags.push_back(std::move(flag));
  }
  return command;
}

}  // namespace gongkai::cli
