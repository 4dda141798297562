// SPDX-License-Identifier: Apache-2.0
// `audit export`: the evidence of a case in a folder.
#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/bundle_writer.h"
#include "clients/cli/case_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/explain.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "nlohmann/json.hpp"
#include "services/audit/note.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

constexpr absl::Duration kLookAgain = absl::Seconds(2);

// Sizes of the checkpoints in the files of --old.
absl::StatusOr<std::set<int64_t>> OldSizes(const Run& run) {
  std::set<int64_t> sizes;
  for (const std::string& path : run.args.All("old")) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    const absl::StatusOr<audit::Note> note = audit::ParseNote(text);
    const absl::StatusOr<audit::Checkpoint> checkpoint =
        note.ok() ? audit::ParseCheckpoint(note->text) : note.status();
    if (!checkpoint.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": ", checkpoint.status().message()));
    }
    if (checkpoint->size > 0) sizes.insert(checkpoint->size);
  }
  return sizes;
}

absl::StatusOr<v1::ExportCaseResponse> ReadPage(
    Connection* connection, const v1::ExportCaseRequest& request) {
  return connection->Call<v1::ExportCaseResponse>(
      {.agency = AgencyOf(request.name())},
      [&](grpc::ClientContext* context, v1::ExportCaseResponse* response) {
        return connection->audits().ExportCase(context, request, response);
      });
}

// The first page, once a signed checkpoint that `witnesses` cosigned holds all
// of the case, or after `until` what there is.
absl::StatusOr<v1::ExportCaseResponse> FirstPage(
    Connection* connection, const v1::ExportCaseRequest& request, int witnesses,
    absl::Time until) {
  while (true) {
    absl::StatusOr<v1::ExportCaseResponse> page = ReadPage(connection, request);
    const bool wanting =
        page.ok() ? page->not_yet_signed() > 0 ||
                        page->witness_notes_size() < witnesses
                  : DetailsOf(page.status()).reason == "NOT_YET_SIGNED";
    if (!wanting || absl::Now() + kLookAgain >= until) return page;
    absl::SleepFor(kLookAgain);
  }
}

// Every limit with its days, as `case explain` prints it, in Chinese.
std::string LedgerText(const Run& run, const v1::ExportCaseResponse& page) {
  std::ostringstream out;
  Settings settings = run.settings;
  settings.locale = Locale::kZh;
  settings.output = Output::kTable;
  const Run chinese{settings, run.args, out, run.err};
  out << "期限台账　" << page.case_().number()
      << "\n\n由本机关依工作日历和规则计算，不能仅凭证据包核验。\n";
  for (const v1::ExplainTimeLimitResponse& ledger : page.ledgers()) {
    out << "\n" << TermOf(ledger.limit().kind(), Locale::kZh) << "\n\n";
    PrintLedger(chinese, ledger);
  }
  return out.str();
}

void PrintSummary(const Run& run, const v1::ExportCaseResponse& first,
                  int64_t events) {
  const std::string folder = run.args.Get("out");
  if (run.settings.output == Output::kJson) {
    const nlohmann::json json = {
        {"folder", folder},
        {"case", first.case_().number()},
        {"events", events},
        {"not_yet_signed", first.not_yet_signed()},
        {"checkpoint_size", first.checkpoint_size()},
        {"witness_notes", first.witness_notes_size()},
        {"consistency_proofs", first.consistency_size()}};
    run.out << json.dump(2, ' ', false,
                         nlohmann::json::error_handler_t::replace)
            << '\n';
    return;
  }
  run.out << folder << "  " << first.case_().number() << "  "
          << run.Say("记录 ", "records ") << events << "  "
          << run.Say("检查点 ", "checkpoint ") << first.checkpoint_size()
          << "  " << run.Say("见证联署 ", "witness notes ")
          << first.witness_notes_size() << '\n'
          << run.Say("核验：", "verify: ") << "gongkai-verify verify --vkey "
          << run.Say("日志验证公钥", "LOG_KEY") << ' ' << folder << '\n';
}

absl::StatusOr<ExitCode> Export(const Run& run) {
  v1::ExportCaseRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("case"), run.settings.agency));
  ASSIGN_OR_RETURN(const int wait, run.args.Int("wait", 30, 0, 3600));
  ASSIGN_OR_RETURN(const int witnesses,
                   run.args.Int("min-witnesses", 0, 0, 16));
  ASSIGN_OR_RETURN(const std::set<int64_t> old, OldSizes(run));
  for (const int64_t size : old) request.add_old_sizes(size);
  request.set_purpose(v1::COURT_EVIDENCE);
  RETURN_IF_ERROR(SetPurpose(run, &request));
  const bool with_personal = !run.args.Has("without-personal");
  ASSIGN_OR_RETURN(BundleWriter writer,
                   BundleWriter::Create(run.args.Get("out")));
  // How long to wait for a signature is for --wait to say.
  Settings settings = run.settings;
  settings.timeout_seconds =
      std::min(std::max(wait, 2), settings.timeout_seconds);
  Connection waiting(settings, "legal_auditor");
  Connection connection(run.settings, "legal_auditor");
  ASSIGN_OR_RETURN(const v1::ExportCaseResponse first,
                   FirstPage(&waiting, request, witnesses,
                             absl::Now() + absl::Seconds(wait)));
  RETURN_IF_ERROR(writer.AddPage(first, with_personal));
  request.clear_old_sizes();
  request.set_checkpoint_size(first.checkpoint_size());
  for (bool more = first.more(); more;) {
    request.set_after_seq(writer.events());
    ASSIGN_OR_RETURN(const v1::ExportCaseResponse page,
                     ReadPage(&connection, request));
    if (page.events_size() == 0) {
      return absl::DataLossError("a page of evidence is empty");
    }
    RETURN_IF_ERROR(writer.AddPage(page, with_personal));
    more = page.more();
  }
  RETURN_IF_ERROR(writer.AddFile("ledger.txt", LedgerText(run, first)));
  RETURN_IF_ERROR(writer.Finish());
  if (first.not_yet_signed() > 0) {
    run.err << run.Say("注意：最后 ", "note: the last ")
            << first.not_yet_signed()
            << run.Say(" 号记录尚未被签名的检查点覆盖，不在包内\n",
                       " records are in no signed checkpoint yet, and not in "
                       "the bundle\n");
  }
  if (first.witness_notes_size() < witnesses) {
    run.err << run.Say("注意：联署的见证人不足 ", "note: fewer witnesses than ")
            << witnesses
            << run.Say(" 个\n", " cosigned the checkpoint in time\n");
  }
  PrintSummary(run, first, writer.events());
  return ExitCode::kOk;
}

Flag ExportPurposeFlag(Locale locale) {
  Flag flag = PurposeFlag(locale);
  flag.help = Say(locale, "为何导出，将记入查阅记录；默认 court_evidence",
                  "why it is exported, recorded; court_evidence by default");
  return flag;
}

}  // namespace

Command AuditExportCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      .name = "export",
      .help = say("证据包：案件的记录与证明，可离线核验",
                  "The evidence of a case, to be verified offline"),
      .flags = {{.name = "case",
                 .help = say("案号", "number of the case"),
                 .required = true},
                {.name = "out",
                 .help = say("新文件夹；已存在则拒绝",
                             "a new folder; refused when it exists"),
                 .required = true,
                 .file = true},
                {.name = "wait",
                 .help = say("至多等候签名的秒数，默认 30",
                             "seconds to wait for a signature, 30 by default")},
                {.name = "min-witnesses",
                 .help = say("一并等候至少这么多见证人联署，默认 0",
                             "wait for as many witnesses to cosign, too; 0 by "
                             "default")},
                {.name = "old",
                 .help = say("自己保存的旧检查点，附一致性证明；可多次给出",
                             "an older checkpoint that was kept: a proof of "
                             "consistency goes in; may be repeated"),
                 .takes = Takes::kValues,
                 .file = true},
                {.name = "without-personal",
                 .help = say("不附个人信息，只附对它的承诺",
                             "leave personal text out; its commitments stay"),
                 .takes = Takes::kNothing},
                ExportPurposeFlag(locale)},
      .run = Export};
}

}  // namespace gongkai::cli
