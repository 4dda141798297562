// SPDX-License-Identifier: Apache-2.0
// The walk over the streams, and what is no case's own: kinds, requests. How a
// case is held against its rows is in reconcile_case.cc, numbers in
// reconcile_numbers.cc.
#include "services/act/reconcile.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/act/ahead.h"
#include "services/act/history.h"
#include "services/act/reconcile_accounts.h"
#include "services/act/reconcile_case.h"
#include "services/act/reconcile_numbers.h"

namespace gongkai::act {
namespace {

constexpr int64_t kTellEvery = 4096;

// The kind of stream that begins with such an event.
storage::StreamKind KindOf(const v1::Event& first) {
  if (first.has_notice_loaded()) return storage::StreamKind::kCalendar;
  if (first.has_agency_terms_set()) return storage::StreamKind::kAgency;
  if (first.has_log_fork_stated()) return storage::StreamKind::kLog;
  if (first.has_account_opened()) return storage::StreamKind::kAccount;
  return storage::StreamKind::kCase;
}

class Reconciler {
 public:
  Reconciler(storage::Scan& scan, Registry& registry,
             const ReconcileOptions& options, const Findings& findings,
             ReconcileReport& report)
      : scan_(scan),
        options_(options),
        findings_(findings),
        report_(report),
        streams_(scan.Streams()),
        events_(scan.Events()),
        privates_(scan.Privates()),
        limits_(scan.Limits()),
        texts_(scan.Texts()),
        requests_(scan.Requests()),
        numbers_(scan, findings),
        accounts_(scan),
        cases_(registry, options.request_key, options.blind_index, numbers_) {}

  void Run() {
    if (const auto log = scan_.ReadLogRow(); log.has_value()) {
      total_ = log->size + log->queued;
    }
    while (true) {
      Group group;
      bool any = false;
      streams_.Lower(group, any);
      events_.Lower(group, any);
      privates_.Lower(group, any);
      limits_.Lower(group, any);
      texts_.Lower(group, any);
      requests_.Lower(group, any);
      if (!any) break;
      CheckGroup(group);
    }
    numbers_.Check();
    accounts_.CheckLeft(findings_);
  }

 private:
  void Tell(int64_t seq, const std::string& defect) {
    findings_({agency_, place_, seq, defect});
  }

  void CheckGroup(const Group& group) {
    agency_ = group.first;
    place_ = absl::StrCat("stream ", group.second);
    StreamRows rows = Take(group);
    if (rows.row.has_value() && !rows.row->number.empty()) {
      place_ = absl::StrCat("case ", rows.row->number);
    }
    CheckRequests(rows);
    if (!rows.row.has_value()) return TellOfOrphans(rows);
    ++report_.streams;
    const auto past = Unseal(rows.events);
    if (!past.ok()) {
      return Tell(0, absl::StrCat("its records cannot be read: ",
                                  past.status().message()));
    }
    if (past->empty()) return Tell(0, "there is a row and no record of it");
    CheckFrame(rows, *past);
    const Findings tell = [this](const Finding& finding) {
      findings_({agency_, place_, finding.seq, finding.defect});
    };
    if (rows.row->kind == storage::StreamKind::kCase) {
      ++report_.cases;
      if (rows.row->row_version < 1) ++report_.stale;
      cases_.Check(rows, *past, tell);
    } else {
      if (rows.row->kind == storage::StreamKind::kAgency) {
        cases_.LearnTerms(agency_, rows, *past);
      }
      if (rows.row->kind == storage::StreamKind::kAccount) {
        accounts_.Check(group.first, group.second, *past, tell);
      }
      cases_.CheckOther(rows, tell);
    }
  }

  StreamRows Take(const Group& group) {
    StreamRows rows;
    rows.agency = group.first;
    for (; streams_.In(group); streams_.Next()) {
      if (!rows.row.has_value()) rows.row = std::move(streams_.row());
    }
    for (; events_.In(group); events_.Next()) {
      rows.events.push_back(std::move(events_.row().event));
      const int64_t done = ++report_.events;
      if (options_.progress != nullptr && done % kTellEvery == 0) {
        options_.progress("events", done, total_);
      }
    }
    auto event = rows.events.begin();
    for (; privates_.In(group); privates_.Next()) {
      storage::PrivateRow& part = privates_.row();
      while (event != rows.events.end() && event->seq < part.key.seq) ++event;
      if (event == rows.events.end() || event->seq != part.key.seq) continue;
      if (part.sealed) {
        // The records are folded without it.
        rows.sealed = true;
        continue;
      }
      event->salt = std::move(part.salt);
      event->payload = std::move(part.payload);
      event->erased = part.erased_time.has_value();
    }
    for (; limits_.In(group); limits_.Next()) {
      rows.limits.push_back(limits_.row().limit);
      ++report_.limits;
    }
    for (; texts_.In(group); texts_.Next()) {
      rows.texts.push_back(std::move(texts_.row().text));
    }
    if (rows.sealed) ++report_.sealed;
    for (; requests_.In(group); requests_.Next()) {
      rows.requests.push_back(std::move(requests_.row()));
      ++report_.requests;
    }
    return rows;
  }

  void CheckRequests(const StreamRows& rows) {
    auto event = rows.events.begin();
    for (const storage::RequestRow& request : rows.requests) {
      while (event != rows.events.end() && event->seq < request.key.seq) {
        ++event;
      }
      if (event != rows.events.end() && event->seq == request.key.seq &&
          event->request_id == request.request_id) {
        continue;
      }
      Tell(request.key.seq,
           absl::StrCat("the remembered request ", request.request_id,
                        " is said to have caused this record, and did not"));
    }
  }

  void TellOfOrphans(const StreamRows& rows) {
    if (!rows.events.empty()) Tell(0, "there are records and no row of them");
    if (!rows.limits.empty()) Tell(0, "there are limits of a case without row");
    if (!rows.texts.empty()) Tell(0, "there are words of a case without row");
  }

  // What is asked of every stream.
  void CheckFrame(const StreamRows& rows,
                  const std::vector<casework::PastEvent>& past) {
    const storage::StreamRow& row = *rows.row;
    if (row.kind != KindOf(past.front().event)) {
      Tell(0, "its row says that it is of another kind than its records are");
    }
    if (row.version != past.back().seq) {
      Tell(0, absl::StrFormat("its row counts %d records and the last is %d",
                              row.version, past.back().seq));
    }
    if (row.opened_time != rows.events.front().recorded_time) {
      Tell(0,
           "its row says that it was opened at another time than its first "
           "record was made");
    }
  }

  storage::Scan& scan_;
  const ReconcileOptions& options_;
  const Findings& findings_;
  ReconcileReport& report_;
  Ahead<storage::StreamRow> streams_;
  Ahead<storage::EventRow> events_;
  Ahead<storage::PrivateRow> privates_;
  Ahead<storage::LimitScanRow> limits_;
  Ahead<storage::TextScanRow> texts_;
  Ahead<storage::RequestRow> requests_;
  NumberBook numbers_;
  AccountCheck accounts_;
  CaseCheck cases_;
  int64_t total_ = 0;
  std::string agency_;
  std::string place_;
};

}  // namespace

absl::StatusOr<ReconcileReport> Reconcile(storage::Scan& scan,
                                          Registry& registry,
                                          const ReconcileOptions& options,
                                          const Findings& findings) {
  ReconcileReport report;
  const Findings count = [&](const Finding& finding) {
    ++report.findings;
    findings(finding);
  };
  Reconciler(scan, registry, options, count, report).Run();
  if (report.sealed > 0) {
    report.unchecked.push_back(absl::StrCat(
        "the words of ", report.sealed,
        " streams: their private parts are sealed and were not opened"));
  }
  if (report.stale > 0) {
    report.unchecked.push_back(absl::StrCat(
        "by which rows of the annual return ", report.stale,
        " cases are counted: they are still to be brought up to date, which a "
        "running service does"));
  }
  if (options.blind_index == nullptr) {
    report.unchecked.push_back(
        "the persons that cases are found by: the vault's keys were not given");
  }
  if (options.request_key.empty()) {
    report.unchecked.push_back(
        "the keys of applicants and contents: no request key was given");
  }
  return report;
}

}  // namespace gongkai::act
