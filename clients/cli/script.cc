// SPDX-License-Identifier: Apache-2.0
// `script FILE…`: whole lives of cases from JSON lines, for demonstrations,
// imports and tests. Every request_id is made from the file's name, the line
// and the case, so that a script run twice acts once.
#include <filesystem>
#include <map>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/acts.h"
#include "clients/cli/commands.h"
#include "clients/cli/explain.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/receive.h"
#include "clients/cli/script_line.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

struct Tally {
  int acts = 0;
  int checks = 0;
  int failed = 0;
  // Lines about a moment that the case has left behind: the script was run
  // before, and they were proved then.
  int past = 0;
};

// Runs the lines of one file.
class Script {
 public:
  Script(const Run& run, Connection* connection, std::string file, Tally* tally)
      : run_(run),
        connection_(connection),
        file_(std::move(file)),
        tally_(tally) {}

  // Ends at the first line that the service refuses unasked; a failed check
  // does not end it.
  absl::Status Do(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      const absl::Status status = DoStep(step);
      if (!status.ok()) {
        run_.err << Place(step) << '\n';
        return status;
      }
    }
    return absl::OkStatus();
  }

 private:
  std::string Place(const Step& step) const {
    return absl::StrCat(file_, ":", step.line);
  }

  std::string RequestId(const Step& step, const std::string& subject) const {
    return UuidFrom(absl::StrCat(
        "script\n", std::filesystem::path(file_).filename().string(), "\n",
        step.line, "\n", subject, "\n", step.text));
  }

  absl::StatusOr<std::string> CaseOf(const Step& step) const {
    if (!step.case_ref.starts_with('$')) {
      return CaseNameOf(step.case_ref, run_.settings.agency);
    }
    const auto it = variables_.find(step.case_ref);
    if (it != variables_.end()) return it->second;
    return absl::InvalidArgumentError("no line has bound " + step.case_ref);
  }

  // A line that names nobody is done by the account named as the role that it
  // usually needs, when that is signed in.
  static Identity As(const Step& step, const std::string& agency,
                     const std::string& usual) {
    return {.account = step.account,
            .agency = agency,
            .usual = usual,
            .prefer_usual = true};
  }

  absl::Status DoStep(const Step& step) {
    switch (step.kind) {
      case Step::Kind::kReceive:
        return DoReceive(step);
      case Step::Kind::kAct:
        return DoAct(step);
      case Step::Kind::kCheck:
        return DoCheck(step);
      case Step::Kind::kExplain:
        return DoExplain(step);
      case Step::Kind::kNote:
        if (Talks()) run_.out << "# " << step.note << '\n';
        return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  bool Talks() const { return run_.settings.output == Output::kTable; }

  void Fail(const Step& step, const std::string& what) {
    ++tally_->failed;
    run_.err << Place(step) << ": " << what << '\n';
  }

  void PrintDone(const Step& step, const std::string& date,
                 const std::string& act, const std::string& what) const {
    if (!Talks()) return;
    run_.out << Padded(absl::StrCat(step.line), 4) << date << "  "
             << Padded(act, 22) << what << '\n';
  }

  std::string After(const v1::Receipt& receipt) const {
    return absl::StrCat(receipt.number(), "  v", receipt.version(), "  ",
                        TermOf(receipt.phase(), run_.settings.locale));
  }

  void Keep(const Step& step, const v1::Receipt& receipt) {
    versions_[receipt.name()] = receipt.version();
    if (step.bind.empty()) return;
    variables_[step.bind] =
        receipt.sub_case().empty() ? receipt.name() : receipt.sub_case();
  }

  absl::Status DoReceive(const Step& step) {
    v1::ReceiveApplicationRequest request = step.receive;
    if (request.agency().empty()) {
      ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run_.settings));
    }
    request.set_request_id(RequestId(step, request.agency()));
    const auto response = Receive(
        connection_, As(step, request.agency(), UsualRole(v1::Act::kReceive)),
        request);
    ++tally_->acts;
    if (!step.expect.empty()) return Expected(step, response.status(), "");
    RETURN_IF_ERROR(response.status());
    Keep(step, response->receipt());
    PrintDone(step, request.arrived_date(), "receive",
              After(response->receipt()));
    return absl::OkStatus();
  }

  absl::Status DoAct(const Step& step) {
    v1::PerformActRequest request = step.act;
    ASSIGN_OR_RETURN(*request.mutable_name(), CaseOf(step));
    request.set_request_id(RequestId(step, request.name()));
    if (!step.expect.empty()) {
      // Guards the second run: there the case has moved on, and an act that
      // is no longer refused must not happen.
      request.set_expected_version(versions_[request.name()]);
    }
    const auto response = Perform(
        connection_,
        As(step, AgencyOf(request.name()), UsualRole(request.act().act_case())),
        request);
    ++tally_->acts;
    if (!step.expect.empty()) {
      return Expected(step, response.status(), request.name());
    }
    RETURN_IF_ERROR(response.status());
    Keep(step, response->receipt());
    PrintDone(step, request.occurred_date(), ActName(request.act()),
              After(response->receipt()));
    return absl::OkStatus();
  }

  static std::string ActName(const v1::Act& act) {
    return v1::Act::descriptor()->FindFieldByNumber(act.act_case())->name();
  }

  // A refusal was asked for.
  absl::Status Expected(const Step& step, const absl::Status& status,
                        const std::string& name) {
    const std::string reason = DetailsOf(status).reason;
    if (reason == step.expect) {
      PrintDone(step, "          ", run_.Say("被拒绝", "refused"), reason);
      return absl::OkStatus();
    }
    if (reason == "VERSION_STALE" && !name.empty() && versions_[name] > 0) {
      ++tally_->past;
      PrintDone(step, "          ", run_.Say("已过", "past"), step.expect);
      return absl::OkStatus();
    }
    // Away, not identified, not understood: no answer to the question.
    if (!status.ok() && reason.empty()) return status;
    Fail(step,
         absl::StrCat(run_.Say("应以此理由拒绝：", "should be refused for "),
                      step.expect, run_.Say("，实为：", ", but: "),
                      status.ok() ? run_.Say("成功", "it was done") : reason));
    return absl::OkStatus();
  }

  absl::Status DoCheck(const Step& step) {
    v1::GetCaseRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(), CaseOf(step));
    request.set_as_of_date(step.as_of);
    ASSIGN_OR_RETURN(
        const v1::GetCaseResponse response,
        ReadCase(connection_, As(step, AgencyOf(request.name()), "handler"),
                 request));
    ++tally_->checks;
    std::vector<std::string> wrong;
    const v1::Limit* limit = nullptr;
    for (const v1::Limit& one : response.case_().limits()) {
      if (one.kind() == step.limit && one.ordinal() == step.ordinal) {
        limit = &one;
      }
    }
    for (const auto& [key, wanted] : step.check) {
      const std::string got = Found(response.case_(), limit, key);
      if (!Same(key, wanted, got)) {
        wrong.push_back(absl::StrCat(key, run_.Say("：应为 ", ": wanted "),
                                     wanted, run_.Say("，实为 ", ", got "),
                                     got.empty() ? "—" : got));
      }
    }
    const int64_t seen = versions_[request.name()];
    if (!wrong.empty() && seen > 0 && response.case_().version() > seen) {
      ++tally_->past;
      PrintDone(step, "          ", run_.Say("已过", "past"), wrong.front());
      return absl::OkStatus();
    }
    for (const std::string& what : wrong) Fail(step, what);
    if (wrong.empty()) {
      PrintDone(step, "          ", run_.Say("相符", "holds"),
                Words(step, limit));
    }
    return absl::OkStatus();
  }

  std::string Words(const Step& step, const v1::Limit* limit) const {
    std::string words;
    if (limit != nullptr) words = TermOf(limit->kind(), run_.settings.locale);
    for (const auto& [key, wanted] : step.check) {
      absl::StrAppend(&words, words.empty() ? "" : "  ", key, "=", wanted);
    }
    return words;
  }

  // What the case has under the key of a check, enum values by name.
  static std::string Found(const v1::Case& c, const v1::Limit* limit,
                           const std::string& key) {
    if (key == "phase") return v1::Phase_Name(c.phase());
    if (key == "outcome") return v1::Outcome_Name(c.outcome());
    if (key == "version") return absl::StrCat(c.version());
    if (key == "receipt_date") return c.receipt_date();
    if (limit == nullptr) return "";
    if (key == "due") return limit->due_date();
    if (key == "state") return v1::LimitState_Name(limit->state());
    if (key == "start") return limit->start_date();
    if (key == "ended") return limit->ended_date();
    if (key == "late_by") return absl::StrCat(limit->late_by());
    if (key == "provisional") return limit->provisional() ? "true" : "false";
    if (key == "length") return absl::StrCat(limit->length());
    return limit->article();
  }

  static bool Same(const std::string& key, const std::string& wanted,
                   const std::string& got) {
    const google::protobuf::EnumDescriptor* type =
        key == "phase"     ? v1::Phase_descriptor()
        : key == "outcome" ? v1::Outcome_descriptor()
        : key == "state"   ? v1::LimitState_descriptor()
                           : nullptr;
    if (type == nullptr) return wanted == got;
    const auto value = FindEnumValue(*type, wanted);
    return value.ok() && (*value)->name() == got;
  }

  absl::Status DoExplain(const Step& step) {
    v1::ExplainTimeLimitRequest request = step.explain;
    ASSIGN_OR_RETURN(*request.mutable_name(), CaseOf(step));
    ASSIGN_OR_RETURN(
        const v1::ExplainTimeLimitResponse response,
        ReadLedger(connection_, As(step, AgencyOf(request.name()), "handler"),
                   request));
    if (!Talks()) return absl::OkStatus();
    run_.out << '\n' << request.name() << '\n';
    PrintLedger(run_, response);
    run_.out << '\n';
    return absl::OkStatus();
  }

  const Run& run_;
  Connection* connection_;
  const std::string file_;
  Tally* tally_;
  std::map<std::string, std::string> variables_;
  // Version of each case after the last line of this script that changed it.
  std::map<std::string, int64_t> versions_;
};

absl::StatusOr<ExitCode> RunScripts(const Run& run) {
  Connection connection(run.settings, "handler");
  Tally tally;
  ExitCode worst = ExitCode::kOk;
  for (const std::string& file : run.args.All("FILE")) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
    ASSIGN_OR_RETURN(const std::vector<Step> steps, ReadScript(file, text));
    if (run.settings.output == Output::kTable) run.out << file << '\n';
    const absl::Status status =
        Script(run, &connection, file, &tally).Do(steps);
    if (!status.ok()) {
      PrintError(run.err, status, run.settings.locale);
      if (worst == ExitCode::kOk) worst = ExitCodeOf(status);
      // The next file would wait for the service as long as this one did.
      if (ExitCodeOf(status) == ExitCode::kAway) break;
    }
  }
  if (run.settings.output == Output::kJson) {
    run.out << "{\"acts\": " << tally.acts << ", \"checks\": " << tally.checks
            << ", \"failed\": " << tally.failed << ", \"past\": " << tally.past
            << "}\n";
  } else {
    run.out << run.Say("行为 ", "acts ") << tally.acts
            << run.Say("，核对 ", ", checks ") << tally.checks
            << run.Say("，不符 ", ", failed ") << tally.failed;
    if (tally.past > 0) {
      run.out << run.Say("，此前已核 ", ", proved before ") << tally.past;
    }
    run.out << '\n';
  }
  if (worst == ExitCode::kOk && tally.failed > 0) {
    worst = ExitCode::kCheckFailed;
  }
  return worst;
}

}  // namespace

Command ScriptCommand(Locale locale) {
  return {
      .name = "script",
      .help = Say(locale,
                  "按文件办理：每行一个 JSON（receive、act、check、explain、"
                  "note）；再次运行不重复办理",
                  "Acts and checks from files of JSON lines (receive, act, "
                  "check, explain, note); a second run changes nothing"),
      .positionals = {{.name = "FILE",
                       .help = Say(locale, "文件", "files"),
                       .takes = Takes::kValues,
                       .required = true,
                       .file = true}},
      .run = RunScripts};
}

}  // namespace gongkai::cli
