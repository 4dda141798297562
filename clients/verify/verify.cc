// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/verify.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/verify/bundle_folder.h"
#include "clients/verify/history_check.h"
#include "clients/verify/words.h"
#include "google/protobuf/stubs/logging.h"
#include "services/base/dates.h"
#include "services/document/plain_words.h"

namespace gongkai::verify {
namespace {

using audit::Altered;
using audit::Noted;
using audit::Unchecked;

constexpr int kMostWitnessNotes = 16;
constexpr size_t kMostProofBytes = 8192;
constexpr size_t kMostOthers = 10;

const std::vector<std::string_view>& KnownNames() {
  static const auto& names = *new std::vector<std::string_view>{
      "checkpoint",  "witness",      "consistency", "events.jsonl",
      "history.txt", "history.html", "ledger.txt",  "README.txt"};
  return names;
}

std::string Zh(const absl::Status& status) {
  return InWords(Locale::kZh, ToStd(status.message()));
}

// A file that cannot be taken: DATA_LOSS is an alteration.
audit::Finding NotTaken(const std::string& what_zh, const std::string& what_en,
                        const absl::Status& status) {
  const std::string zh = absl::StrCat(what_zh, "：", Zh(status), "。");
  const std::string en = absl::StrCat(what_en, ": ", status.message(), ".");
  return absl::IsDataLoss(status) ? Altered(zh, en) : Unchecked(zh, en);
}

// One verification, step by step.
class Verification {
 public:
  Verification(const VerifyOptions& options, const BundleFolder& folder,
               VerifyReport& report)
      : options_(options), folder_(folder), report_(report) {}

  void Run() {
    NoteOthers();
    if (!OpenCheckpoint()) return;
    CheckWitnesses();
    for (const std::string& path : options_.old_checkpoints) CheckOld(path);
    CheckEvents();
  }

 private:
  void NoteOthers() {
    const BundleFolder::Others others =
        folder_.OthersThan(KnownNames(), kMostOthers);
    if (others.count == 0) return;
    std::vector<std::string> names;
    for (const std::string& name : others.names) {
      names.push_back(document::Visible(name));
    }
    const std::string list = absl::StrJoin(names, ", ");
    const bool more = others.count > static_cast<int64_t>(names.size());
    report_.Add(Noted(
        absl::StrCat("文件夹中有不属于证据包的 ", others.count, " 项，未读取：",
                     list, more ? " 等" : "", "。"),
        absl::StrCat("the folder has ", others.count,
                     " entries that belong to no bundle, not read: ", list,
                     more ? " and others" : "", ".")));
  }

  bool OpenCheckpoint() {
    const absl::StatusOr<std::string> text =
        folder_.Read("checkpoint", audit::kMaxNoteBytes);
    if (!text.ok()) {
      report_.Add(NotTaken("检查点不能读取", "the checkpoint cannot be read",
                           text.status()));
      return false;
    }
    absl::StatusOr<audit::SignedCheckpoint> open =
        audit::OpenCheckpoint(*text, AllKeys());
    if (!open.ok()) {
      report_.Add(NotTaken("检查点不能采信", "the checkpoint cannot be trusted",
                           open.status()));
      return false;
    }
    report_.checkpoint = *std::move(open);
    CountWitnesses(report_.checkpoint->signatures);
    return true;
  }

  std::vector<audit::VerifierKey> AllKeys() const {
    std::vector<audit::VerifierKey> keys = options_.keys;
    keys.insert(keys.end(), options_.witnesses.begin(),
                options_.witnesses.end());
    return keys;
  }

  void CountWitnesses(const std::vector<audit::Signed>& signatures) {
    for (const audit::Signed& s : signatures) {
      if (s.by.use == audit::KeyUse::kCosign) seen_.insert(s.by.key);
    }
  }

  void CheckWitnesses() {
    const absl::StatusOr<BundleFolder> folder = folder_.Folder("witness");
    if (folder.ok()) {
      for (int i = 1; i <= kMostWitnessNotes; ++i) {
        CheckWitness(*folder, absl::StrFormat("%02d.note", i));
      }
    } else if (!absl::IsNotFound(folder.status())) {
      report_.Add(NotTaken("文件夹 witness 不能读取",
                           "the folder witness cannot be read",
                           folder.status()));
    }
    report_.witnesses = seen_.size();
    if (seen_.size() >= options_.min_witnesses) return;
    report_.Add(Unchecked(
        absl::StrFormat("只有 %d 个已知见证人联署，要求至少 %d 个。",
                        seen_.size(), options_.min_witnesses),
        absl::StrFormat("only %d of the known witnesses cosigned, and %d are "
                        "asked for.",
                        seen_.size(), options_.min_witnesses)));
  }

  void CheckWitness(const BundleFolder& folder, const std::string& name) {
    const absl::StatusOr<std::string> text =
        folder.Read(name, audit::kMaxNoteBytes);
    if (absl::IsNotFound(text.status())) return;
    const std::string path = absl::StrCat("witness/", name);
    if (!text.ok()) {
      report_.Add(NotTaken(path, path, text.status()));
      return;
    }
    const absl::StatusOr<audit::SignedCheckpoint> open =
        audit::OpenCheckpoint(*text, AllKeys());
    if (!open.ok()) {
      report_.Add(NotTaken(path, path, open.status()));
    } else if (open->note.text != report_.checkpoint->note.text) {
      report_.Add(Altered(
          absl::StrCat(path, " 联署的不是本包的检查点。"),
          absl::StrCat(path, " cosigns another text than the checkpoint.")));
    } else {
      CountWitnesses(open->signatures);
    }
  }

  void CheckOld(const std::string& path) {
    const std::string zh = absl::StrCat("旧检查点 ", path, " 不能核对");
    const std::string en =
        absl::StrCat("the old checkpoint ", path, " could not be checked");
    const absl::StatusOr<std::string> text =
        ReadFile(path, audit::kMaxNoteBytes);
    absl::StatusOr<audit::SignedCheckpoint> old =
        text.ok() ? audit::OpenCheckpoint(*text, options_.keys) : text.status();
    if (!old.ok()) {
      // It is the asker's own file: its defect says nothing of the bundle.
      report_.Add(
          NotTaken(zh, en, absl::InvalidArgumentError(old.status().message())));
      return;
    }
    absl::StatusOr<std::optional<audit::Hashes>> proof =
        ProofFor(old->checkpoint.size);
    if (!proof.ok()) {
      report_.Add(NotTaken(zh, en, proof.status()));
      return;
    }
    std::optional<audit::Finding> found =
        audit::CheckOldCheckpoint(*report_.checkpoint, *old, *proof);
    if (!found) {
      ++report_.old_checked;
      return;
    }
    found->zh = absl::StrCat(path, "：", found->zh);
    found->en = absl::StrCat(path, ": ", found->en);
    report_.Add(*std::move(found));
  }

  // The numbers in the name are those of the checkpoints themselves.
  absl::StatusOr<std::optional<audit::Hashes>> ProofFor(int64_t old_size) {
    const std::string name =
        audit::ConsistencyFile(old_size, report_.checkpoint->checkpoint.size);
    if (name.empty()) return std::nullopt;
    const absl::StatusOr<BundleFolder> folder = folder_.Folder("consistency");
    const absl::StatusOr<std::string> text =
        folder.ok() ? folder->Read(name, kMostProofBytes) : folder.status();
    if (absl::IsNotFound(text.status())) return std::nullopt;
    if (!text.ok()) return text.status();
    absl::StatusOr<audit::Hashes> proof = audit::ParseProofFile(*text);
    if (!proof.ok()) return proof.status();
    return *std::move(proof);
  }

  void CheckEvents() {
    audit::CaseVerifier events(*report_.checkpoint);
    HistoryCheck text(folder_, "history.txt", document::Form::kText);
    HistoryCheck page(folder_, "history.html", document::Form::kHtml);
    const audit::Report add = [&](audit::Finding finding) {
      report_.Add(std::move(finding));
    };
    bool complete = false;
    absl::StatusOr<Input> file = folder_.File("events.jsonl");
    if (file.ok()) {
      complete = ReadEvents(*file, events, [&](const auto& opened) {
        text.Add(opened);
        page.Add(opened);
      });
      if (complete) events.Finish(add);
    } else {
      report_.Add(NotTaken("events.jsonl 不能读取",
                           "events.jsonl cannot be read", file.status()));
    }
    report_.counts = events.counts();
    report_.agency = document::Visible(events.agency());
    report_.last_time = events.last_time();
    report_.histories_same = true;
    for (HistoryCheck* history : {&text, &page}) {
      if (std::optional<audit::Finding> found = history->Finish(complete)) {
        report_.histories_same = false;
        report_.Add(*std::move(found));
      }
    }
  }

  // Whether every line was read.
  bool ReadEvents(
      Input& file, audit::CaseVerifier& events,
      const std::function<void(const std::optional<audit::OpenedEvent>&)>&
          opened) {
    const audit::Report add = [&](audit::Finding finding) {
      report_.Add(std::move(finding));
    };
    int64_t number = 0;
    while (true) {
      absl::StatusOr<std::optional<std::string>> line =
          file.Line(audit::kMaxBundleLine);
      if (line.ok() && !line->has_value()) return true;
      ++number;
      absl::StatusOr<audit::BundleEvent> event =
          line.ok() ? audit::ParseBundleLine(**line) : line.status();
      if (event.ok() && !file.line_ended()) {
        event = absl::InvalidArgumentError("the last line has no newline");
      }
      if (!event.ok()) {
        report_.Add(NotTaken(
            absl::StrCat("events.jsonl 第 ", number, " 行不合格式，其后未读"),
            absl::StrCat("line ", number,
                         " of events.jsonl is malformed, and what follows was "
                         "not read"),
            event.status()));
        return false;
      }
      const std::optional<audit::OpenedEvent> read = events.Add(*event, add);
      if (number == 1 && read && read->event.has_received()) {
        report_.case_number =
            document::Visible(read->event.received().number());
      } else if (number == 1 && read && read->event.has_case_imported()) {
        report_.case_number =
            document::Visible(read->event.case_imported().number());
      }
      opened(read);
    }
  }

  const VerifyOptions& options_;
  const BundleFolder& folder_;
  VerifyReport& report_;
  // Keys of witnesses: one under two names is one.
  std::set<std::string> seen_;
};

}  // namespace

void VerifyReport::Add(audit::Finding finding) {
  using Kind = audit::Finding::Kind;
  int64_t& count = finding.kind == Kind::kAltered     ? altered
                   : finding.kind == Kind::kUnchecked ? unchecked
                                                      : notes;
  ++count;
  if (findings.size() == kMostFindings && finding.kind != Kind::kNote) {
    // What is told of the verdict is not crowded out by what is by the way.
    const auto note = std::find_if(
        findings.begin(), findings.end(),
        [](const audit::Finding& f) { return f.kind == Kind::kNote; });
    if (note != findings.end()) findings.erase(note);
  }
  if (findings.size() < kMostFindings) findings.push_back(std::move(finding));
}

Exit VerifyReport::exit() const {
  if (altered > 0) return Exit::kAltered;
  return unchecked > 0 ? Exit::kNotChecked : Exit::kSound;
}

VerifyReport VerifyBundle(const VerifyOptions& options) {
  // protobuf would write to standard error what it could not read.
  google::protobuf::SetLogHandler(nullptr);
  VerifyReport report;
  const absl::StatusOr<BundleFolder> folder =
      BundleFolder::Open(options.bundle);
  if (!folder.ok()) {
    report.Add(NotTaken("证据包不能读取", "the bundle cannot be read",
                        folder.status()));
    return report;
  }
  Verification(options, *folder, report).Run();
  return report;
}

}  // namespace gongkai::verify
