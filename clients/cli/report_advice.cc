// SPDX-License-Identifier: Apache-2.0
// `case advise`: like cases with what became of their replies, and whether the
// outcome or ground of a draft was corrected before.
#include <algorithm>

#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/report_output.h"
#include "clients/cli/report_tables.h"
#include "clients/cli/reports.h"
#include "services/base/status_macros.h"
#include "services/render/cell.h"

namespace gongkai::cli {
namespace {

// Nobody who has done an act waits long for advice.
constexpr int kSecondsAfterAnAct = 5;

absl::StatusOr<v1::AdviseDraftResponse> Ask(
    Connection* connection, const v1::AdviseDraftRequest& request) {
  return connection->Call<v1::AdviseDraftResponse>(
      {.agency = AgencyOf(request.name())},
      [&](grpc::ClientContext* context, v1::AdviseDraftResponse* answer) {
        return connection->reports().AdviseDraft(context, request, answer);
      });
}

absl::StatusOr<ExitCode> Advise(const Run& run) {
  v1::AdviseDraftRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  if (run.args.Has("outcome")) {
    RETURN_IF_ERROR(SetField(&request, "outcome", run.args.Get("outcome")));
  }
  for (const std::string& ground : run.args.All("grounds")) {
    RETURN_IF_ERROR(SetField(&request, "grounds", ground));
  }
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(const v1::AdviseDraftResponse advice,
                   Ask(&connection, request));
  const Locale locale = run.settings.locale;
  ASSIGN_OR_RETURN(const ExitCode exit,
                   Show(run, {.tables = {PrecedentTable(advice, locale),
                                         WarningTable(advice, locale)},
                              .about = request.name(),
                              .message = &advice}));
  if (run.settings.output == Output::kTable &&
      advice.answered_otherwise() > 0) {
    run.out << run.Say("答复站住而与草稿不同者 ",
                       "replies that stood and differ from the draft: ")
            << advice.answered_otherwise() << '\n';
  }
  return exit;
}

}  // namespace

void WarnOfCorrections(const Run& run, const std::string& case_name) {
  v1::AdviseDraftRequest request;
  request.set_name(case_name);
  Settings settings = run.settings;
  settings.timeout_seconds =
      std::min(settings.timeout_seconds, kSecondsAfterAnAct);
  Connection connection(settings, "handler");
  const auto advice = Ask(&connection, request);
  if (!advice.ok()) return;
  const v1::Table table = WarningTable(*advice, run.settings.locale);
  for (const v1::Row& row : table.rows()) {
    run.err << run.Say("注意：曾被纠正（以案促改）", "note: corrected before:");
    for (int i = 0; i < table.columns_size(); ++i) {
      const std::string text =
          render::CellText(render::CellAt(row, i), table.columns(i).type());
      if (!text.empty()) run.err << "  " << text;
    }
    run.err << '\n';
  }
  if (advice->answered_otherwise() > 0) {
    run.err << run.Say("注意：类案中答复站住而与草稿不同者 ",
                       "note: replies to like requests that stood and differ "
                       "from the draft: ")
            << advice->answered_otherwise() << '\n';
  }
}

Command AdviseCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command command{
      .name = "advise",
      .help = say("类案及其救济情况，以及拟用的答复或理由是否曾被纠正",
                  "Like cases and whether their replies stood; whether the "
                  "outcome or ground was corrected before"),
      .flags = {{.name = "outcome",
                 .help = say("拟用的答复，默认为案件草稿所载",
                             "outcome of the draft, by default the case's own"),
                 .choices = ChoicesOf(*v1::Outcome_descriptor())},
                {.name = "grounds",
                 .help = say("拟用的理由，可多次",
                             "ground of the draft, may be given again"),
                 .takes = Takes::kValues,
                 .choices = ChoicesOf(*v1::Ground_descriptor())}},
      .positionals = {{.name = "NUMBER",
                       .help = say("案号", "number of the case"),
                       .required = true}},
      .files = true,
      .run = Advise};
  for (Flag& flag : OutputFlags(locale)) {
    command.flags.push_back(std::move(flag));
  }
  return command;
}

}  // namespace gongkai::cli
