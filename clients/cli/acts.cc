// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/acts.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "clients/cli/commands.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/reports.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "services/casework/statute.h"

namespace gongkai::cli {
namespace {

using google::protobuf::FieldDescriptor;

std::string RoleWord(v1::Role role) {
  return absl::AsciiStrToLower(v1::Role_Name(role).substr(5));
}

// What the statute says of the act: its term and article, where it is lawful,
// and the conditions in the order of their refusals.
std::string HelpOf(const casework::Rule* rule, v1::Act::ActCase act,
                   Locale locale) {
  const bool english = locale == Locale::kEn;
  const auto term = casework::ActTerm(act, english);
  if (rule == nullptr) return std::string(term);
  std::string help = absl::StrCat(ToAbsl(term), Say(locale, "（", " ("),
                                  ToAbsl(rule->article), Say(locale, "）", ")"),
                                  "\n", Say(locale, "阶段：", "lawful: "),
                                  PhasesText(*rule, locale));
  std::vector<std::string> conditions;
  for (const auto* guards : {&rule->on_case, &rule->on_content}) {
    for (const casework::Guard& guard : *guards) {
      conditions.emplace_back(guard.name);
    }
  }
  if (!conditions.empty()) {
    absl::StrAppend(&help, "\n", Say(locale, "条件：", "if: "),
                    absl::StrJoin(conditions, Say(locale, "、", ", ")));
  }
  return help;
}

absl::StatusOr<ExitCode> RunAct(const Run& run, const std::string& act_name) {
  v1::PerformActRequest request;
  google::protobuf::Message* message = SetAct(request.mutable_act(), act_name);
  RETURN_IF_ERROR(FillFromFlags(run.args, message));
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day("date", Today()));
  request.set_occurred_date(FormatDay(day));
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  ASSIGN_OR_RETURN(const int version,
                   run.args.Int("expected-version", 0, 0, 1000000));
  request.set_expected_version(version);
  Connection connection(run.settings, UsualRole(request.act().act_case()));
  const Identity identity{.agency = AgencyOf(request.name())};
  ASSIGN_OR_RETURN(const v1::PerformActResponse response,
                   Perform(&connection, identity, request));
  PrintReceipt(run, response.receipt());
  if (request.act().act_case() == v1::Act::kDraftReply) {
    WarnOfCorrections(run, request.name());
  }
  return ExitCode::kOk;
}

}  // namespace

google::protobuf::Message* SetAct(v1::Act* act, std::string_view name) {
  const FieldDescriptor* field =
      v1::Act::descriptor()->FindFieldByName(std::string(name));
  if (field == nullptr) return nullptr;
  return act->GetReflection()->MutableMessage(act, field);
}

std::string PhasesText(const casework::Rule& rule, Locale locale) {
  std::vector<std::string> lawful;
  std::vector<std::string> others;
  for (int i = v1::PHASE_UNSPECIFIED + 1; i <= v1::Phase_MAX; ++i) {
    const auto phase = static_cast<v1::Phase>(i);
    (rule.lawful_in.contains(phase) ? lawful : others)
        .push_back(TermOf(phase, locale));
  }
  const std::string comma = Say(locale, "、", ", ");
  if (lawful.empty()) return TermOf(v1::PHASE_UNSPECIFIED, locale);
  if (others.empty()) return Say(locale, "任何阶段", "any");
  if (others.size() > 2) return absl::StrJoin(lawful, comma);
  return absl::StrCat(Say(locale, "任何阶段，除 ", "any but "),
                      absl::StrJoin(others, comma));
}

std::string UsualRole(v1::Capacity capacity) {
  for (const auth::RoleRow& row : auth::Matrix()) {
    for (const v1::Capacity has : row.capacities) {
      if (has == capacity) return RoleWord(row.role);
    }
  }
  return "handler";
}

std::string UsualRole(v1::Act::ActCase act) {
  const casework::Rule* rule = casework::RuleFor(act);
  if (rule == nullptr) return "handler";
  for (const auth::RoleRow& row : auth::Matrix()) {
    for (const v1::Capacity has : row.capacities) {
      if (rule->capacities.contains(has)) return RoleWord(row.role);
    }
  }
  return "handler";
}

absl::StatusOr<v1::PerformActResponse> Perform(
    Connection* connection, const Identity& identity,
    const v1::PerformActRequest& request) {
  return connection->Call<v1::PerformActResponse>(
      identity,
      [&](grpc::ClientContext* context, v1::PerformActResponse* response) {
        return connection->cases().PerformAct(context, request, response);
      });
}

std::vector<Command> ActVerbs(Locale locale) {
  std::vector<Command> verbs;
  const auto* acts = v1::Act::descriptor();
  for (int i = 0; i < acts->field_count(); ++i) {
    const FieldDescriptor& field = *acts->field(i);
    const auto act = static_cast<v1::Act::ActCase>(field.number());
    // Received by a verb of its own, imported as a whole, and the clock's.
    if (act == v1::Act::kReceive || act == v1::Act::kImportCase ||
        act == v1::Act::kApplyCalendar) {
      continue;
    }
    Command verb;
    verb.name = absl::StrReplaceAll(field.name(), {{"_", "-"}});
    verb.help = HelpOf(casework::RuleFor(act), act, locale);
    verb.positionals = {{.name = "NUMBER",
                         .help = Say(locale, "案号", "number of the case"),
                         .required = true}};
    verb.flags = {
        {.name = "date",
         .help = Say(locale, "发生之日，默认今天",
                     "day on which it happened, today by default")},
        {.name = "request-id",
         .help = Say(locale, "请求编号，重发时用同一编号",
                     "identifier of the request; the same when sent again")},
        {.name = "expected-version",
         .help = Say(locale, "所见版本，已变则拒绝",
                     "version that was seen; refused when it has changed")}};
    for (Flag& flag : FlagsOf(*field.message_type(), locale)) {
      verb.flags.push_back(std::move(flag));
    }
    verb.run = [name = field.name()](const Run& run) {
      return RunAct(run, name);
    };
    verbs.push_back(std::move(verb));
  }
  return verbs;
}

}  // namespace gongkai::cli
