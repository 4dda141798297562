// SPDX-License-Identifier: Apache-2.0
// What `verify` says, and its command line.
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "clients/verify/keys.h"
#include "clients/verify/verify.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/document/plain_words.h"

namespace gongkai::verify {
namespace {

using Kind = audit::Finding::Kind;

std::string KindText(Kind kind, const Call& call) {
  switch (kind) {
    case Kind::kAltered:
      return call.Say("不符  ", "ALTERED      ");
    case Kind::kUnchecked:
      return call.Say("未核  ", "NOT CHECKED  ");
    case Kind::kNote:
      return call.Say("注意  ", "NOTE         ");
  }
  return "";
}

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kAltered:
      return "altered";
    case Kind::kUnchecked:
      return "unchecked";
    case Kind::kNote:
      return "note";
  }
  return "";
}

// What a sentence takes from a bundle is the words of others: it stays one
// line, and does nothing to a terminal.
std::string OneLine(std::string_view text) {
  return absl::StrReplaceAll(document::Visible(text),
                             {{"\n", "［U+000A］"}, {"\t", "［U+0009］"}});
}

// One sentence in both languages.
struct Sentence {
  std::string zh;
  std::string en;
};

std::vector<Sentence> Checked(const VerifyReport& report) {
  std::vector<Sentence> lines;
  if (!report.checkpoint) return lines;
  const audit::Checkpoint& log = report.checkpoint->checkpoint;
  const std::string suite(audit::SuiteName(report.checkpoint->suite));
  const std::string root = audit::ToHex(log.root);
  lines.push_back(
      {absl::StrFormat("检查点的签名：日志 %s，%d 条，根 %s，密码套件 %s",
                       log.origin, log.size, root, suite),
       absl::StrFormat("the checkpoint's signature: log %s, %d entries, root "
                       "%s, suite %s",
                       log.origin, log.size, root, suite)});
  if (report.witnesses > 0) {
    lines.push_back(
        {absl::StrFormat("见证人联署：%d 个", report.witnesses),
         absl::StrFormat("cosignatures: %d witnesses", report.witnesses)});
  }
  if (report.old_checked > 0) {
    lines.push_back(
        {absl::StrFormat("与旧检查点一致：%d 个", report.old_checked),
         absl::StrFormat("consistency with older checkpoints: %d",
                         report.old_checked)});
  }
  const auto& counts = report.counts;
  lines.push_back(
      {absl::StrFormat("机关 %s 案件 %s 的 %d 号记录：序号、前后散列、时间、"
                       "类型、包含证明",
                       report.agency, report.case_number, counts.events),
       absl::StrFormat("%d records of agency %s, case %s: numbers, chain, "
                       "times, types, proofs of inclusion",
                       counts.events, report.agency, report.case_number)});
  lines.push_back({absl::StrFormat("与承诺相符的私密部分：%d 件", counts.shown),
                   absl::StrFormat("private parts that are what was committed "
                                   "to: %d",
                                   counts.shown)});
  if (report.histories_same) {
    lines.push_back({"history.txt 与 history.html 与记录逐字相符",
                     "history.txt and history.html, made again and equal byte "
                     "for byte"});
  }
  return lines;
}

std::vector<Sentence> NotChecked(const VerifyReport& report) {
  std::vector<Sentence> lines;
  if (!report.checkpoint) {
    lines.push_back({"检查点以外的一切：没有可采信的检查点，无从证明",
                     "all but the checkpoint: without one to trust, nothing "
                     "can be proved"});
    return lines;
  }
  const auto& counts = report.counts;
  if (counts.erased > 0) {
    lines.push_back(
        {absl::StrFormat("已删除的私密部分：%d 件（内容无从核对，删除有记录）",
                         counts.erased),
         absl::StrFormat("private parts that were erased: %d", counts.erased)});
  }
  if (counts.withheld > 0) {
    lines.push_back(
        {absl::StrFormat("未随包提供的私密部分：%d 件", counts.withheld),
         absl::StrFormat("private parts that were withheld: %d",
                         counts.withheld)});
  }
  lines.push_back(
      {"ledger.txt 期限台账：由机关依日历和规则计算，不能仅凭证据包"
       "重算",
       "ledger.txt: counted by the office from calendar and rules, "
       "which the bundle does not hold"});
  lines.push_back({"README.txt：说明文字，不作证据，未比对",
                   "README.txt: words about the bundle, no evidence"});
  lines.push_back(
      {absl::StrFormat(
           "第 %d 号记录之后本案是否另有记录：包含证明只证明有，不能"
           "证明无；可索取更新的证据包，或持完整日志核对",
           counts.events),
       absl::StrFormat("whether the case has events after record %d: proofs of "
                       "inclusion show what is there, not what is not",
                       counts.events)});
  if (report.witnesses == 0) {
    lines.push_back({"是否向他人出示过另一份日志：未核对任何见证人的联署",
                     "whether others are shown another log: no witness's "
                     "cosignature was checked"});
  }
  return lines;
}

Sentence Verdict(const VerifyReport& report) {
  switch (report.exit()) {
    case Exit::kSound:
      return {
          "结论：核对无误。这些记录在签名的日志之中，未被改动。",
          "verdict: SOUND. These records are in the signed log, unaltered."};
    case Exit::kAltered:
      return {
          absl::StrFormat("结论：不符 %d 处。证据包被改动，或记录前后矛盾。",
                          report.altered),
          absl::StrFormat("verdict: ALTERED. %d findings: the bundle was "
                          "altered, or the record contradicts itself.",
                          report.altered)};
    case Exit::kNotChecked:
      break;
  }
  return {absl::StrFormat("结论：未能核对（%d 处）。未发现改动，但证明不完整。",
                          report.unchecked),
          absl::StrFormat("verdict: NOT CHECKED (%d findings). No alteration "
                          "was found, but the proof is not complete.",
                          report.unchecked)};
}

nlohmann::json Both(const Sentence& sentence) {
  return {{"zh", sentence.zh}, {"en", sentence.en}};
}

nlohmann::json All(const std::vector<Sentence>& sentences) {
  nlohmann::json list = nlohmann::json::array();
  for (const Sentence& sentence : sentences) list.push_back(Both(sentence));
  return list;
}

absl::StatusOr<VerifyOptions> ReadOptions(const Given& given) {
  VerifyOptions options;
  options.bundle = given.Get("BUNDLE");
  options.old_checkpoints = given.All("old");
  ASSIGN_OR_RETURN(options.keys, ReadVerifierKeys(given.All("vkey")));
  ASSIGN_OR_RETURN(options.witnesses,
                   ReadVerifierKeys(given.All("witness-vkey")));
  for (const audit::VerifierKey& key : options.keys) {
    if (key.use == audit::KeyUse::kSign) continue;
    return absl::InvalidArgumentError("--vkey takes the key of a log");
  }
  for (const audit::VerifierKey& key : options.witnesses) {
    if (key.use == audit::KeyUse::kCosign) continue;
    return absl::InvalidArgumentError(
        "--witness-vkey takes the key of a witness");
  }
  options.min_witnesses = options.witnesses.empty() ? 0 : 1;
  if (given.Has("min-witnesses")) {
    ASSIGN_OR_RETURN(const int64_t least, given.GetSize("min-witnesses"));
    options.min_witnesses = static_cast<size_t>(least);
  }
  return options;
}

absl::StatusOr<Exit> Verify(const Call& call) {
  const std::string output = call.given.Get("output");
  if (!output.empty() && output != "text" && output != "json") {
    return absl::InvalidArgumentError("--output is text or json");
  }
  ASSIGN_OR_RETURN(const VerifyOptions options, ReadOptions(call.given));
  const VerifyReport report = VerifyBundle(options);
  if (output == "json") {
    PrintReportJson(report, call.out);
  } else {
    PrintReport(report, call);
  }
  return report.exit();
}

}  // namespace

void PrintReport(const VerifyReport& report, const Call& call) {
  const auto say = [&](const Sentence& s) {
    return OneLine(call.Say(s.zh, s.en));
  };
  for (const audit::Finding& finding : report.findings) {
    call.out << KindText(finding.kind, call) << say({finding.zh, finding.en})
             << "\n";
  }
  const int64_t all = report.altered + report.unchecked + report.notes;
  const auto more = all - static_cast<int64_t>(report.findings.size());
  if (more > 0) {
    call.out << call.Say(absl::StrFormat("……另有 %d 处\n", more),
                         absl::StrFormat("… and %d more\n", more));
  }
  call.out << call.Say("已核对\n", "checked\n");
  for (const Sentence& s : Checked(report)) {
    call.out << "  " << say(s) << "\n";
  }
  call.out << call.Say("未核对\n", "not checked\n");
  for (const Sentence& s : NotChecked(report)) {
    call.out << "  " << say(s) << "\n";
  }
  call.out << say(Verdict(report)) << "\n";
}

void PrintReportJson(const VerifyReport& report, std::ostream& out) {
  nlohmann::json json;
  json["exit"] = static_cast<int>(report.exit());
  json["verdict"] = Both(Verdict(report));
  json["altered"] = report.altered;
  json["unchecked"] = report.unchecked;
  json["notes"] = report.notes;
  json["findings"] = nlohmann::json::array();
  for (const audit::Finding& finding : report.findings) {
    nlohmann::json one = Both({finding.zh, finding.en});
    one["kind"] = std::string(KindName(finding.kind));
    json["findings"].push_back(std::move(one));
  }
  if (report.checkpoint) {
    const audit::Checkpoint& log = report.checkpoint->checkpoint;
    json["checkpoint"] = {{"origin", log.origin},
                          {"size", log.size},
                          {"root", audit::ToHex(log.root)}};
    json["agency"] = report.agency;
    json["case"] = report.case_number;
    json["events"] = report.counts.events;
    json["private_shown"] = report.counts.shown;
    json["private_withheld"] = report.counts.withheld;
    json["private_erased"] = report.counts.erased;
    json["witnesses"] = report.witnesses;
  }
  json["checked"] = All(Checked(report));
  json["not_checked"] = All(NotChecked(report));
  out << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
      << "\n";
}

Verb VerifyVerb() {
  return {
      .name = "verify",
      .zh = "核验证据包：不用网络、数据库，不信任何人",
      .en = "Verifies a bundle of evidence without network or database",
      .positionals = {{.name = "BUNDLE",
                       .zh = "证据包的文件夹",
                       .en = "folder of the bundle",
                       .required = true}},
      .flags = {{.name = "vkey",
                 .zh = "日志的验证公钥，或含有它的文件；可多次给出",
                 .en = "verifier key of the log, or a file with one; may be "
                       "repeated",
                 .required = true,
                 .repeated = true},
                {.name = "witness-vkey",
                 .zh = "见证人的验证公钥，或含有它的文件；可多次给出",
                 .en = "verifier key of a witness, or a file with one; may be "
                       "repeated",
                 .repeated = true},
                {.name = "min-witnesses",
                 .zh = "至少须有几个见证人联署；给出见证人公钥时默认 1",
                 .en = "cosignatures asked for at least; 1 by default when "
                       "witness keys are given"},
                {.name = "old",
                 .zh = "自己保存的旧检查点；可多次给出",
                 .en = "an older checkpoint that was kept; may be repeated",
                 .repeated = true},
                {.name = "output",
                 .zh = "text（默认）或 json",
                 .en = "text (default) or json"}},
      .run = Verify};
}

}  // namespace gongkai::verify
