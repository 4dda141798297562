// SPDX-License-Identifier: Apache-2.0
#include "services/casework/past_case.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/law/replies.h"

namespace gongkai::casework {
namespace {

// REG08 comes into force.
constexpr absl::CivilDay kFirstDay(2008, 5, 1);

law::MaybeDay MaybeDayOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return DayOf(text);
}

absl::Status Misfit(v1::Reason reason, const std::string& field,
                    const std::string& wanted, const std::string& got) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  refusal.set_field(absl::StrCat("past_case.", field));
  refusal.set_wanted(wanted);
  refusal.set_got(got);
  return Refuse(refusal);
}

// Days in the order in which they must lie; those not given are stepped over.
class DayChain {
 public:
  explicit DayChain(absl::CivilDay today) : today_(today) {}

  // The next one, by the field it stands in.
  absl::Status Next(const std::string& field, const std::string& text) {
    if (text.empty()) return absl::OkStatus();
    const absl::CivilDay day = DayOf(text);
    if (day > today_) {
      return Misfit(v1::DATE_IN_FUTURE, field,
                    "a day not after " + FormatDay(today_), text);
    }
    if (last_ && day < *last_) {
      return Misfit(v1::PAST_DATES_MISFIT, field,
                    absl::StrCat("a day not before ", last_field_, ", ",
                                 FormatDay(*last_)),
                    text);
    }
    last_ = day;
    last_field_ = field;
    return absl::OkStatus();
  }

 private:
  const absl::CivilDay today_;
  law::MaybeDay last_;
  std::string last_field_;
};

std::vector<v1::Ground> GroundsOf(const v1::PastCase& past) {
  std::vector<v1::Ground> grounds;
  for (const int g : past.grounds()) {
    grounds.push_back(static_cast<v1::Ground>(g));
  }
  return grounds;
}

// The law of the day of receipt knows the outcome with its grounds (reading
// A37), or, for what was received under an older one, that of the end.
absl::Status CheckGrounds(const v1::PastCase& past,
                          const law::Rulebook& rules) {
  const std::vector<v1::Ground> grounds = GroundsOf(past);
  const auto rule = law::RuleOfReply(rules, DayOf(past.receipt_date()),
                                     past.outcome(), grounds, "", "");
  if (rule.ok() || law::RuleOfReply(rules, DayOf(past.finished_date()),
                                    past.outcome(), grounds, "", "")
                       .ok()) {
    return absl::OkStatus();
  }
  return Misfit(v1::GROUND_MISFIT, "grounds",
                std::string(rule.status().message()),
                v1::Outcome_Name(past.outcome()));
}

// Withdrawn or merged, as far as the register tells: no paper went out.
bool EndedWithoutReply(const v1::PastCase& past) {
  return past.outcome() == v1::OTHER_OUTCOME &&
         past.document_number().empty() && past.served_date().empty();
}

bool HasFee(const v1::PastCase& past) {
  return past.fee_basis() != v1::FEE_BASIS_UNSPECIFIED || past.fee_fen() != 0 ||
         !past.fee_notice_date().empty() || !past.fee_paid_date().empty();
}

// What an unfinished case may not say yet.
absl::Status CheckOpen(const v1::PastCase& past) {
  if (past.outcome() != v1::OUTCOME_UNSPECIFIED) {
    return RefuseField("past_case.finished_date",
                       "the day on which handling ended, for an outcome is "
                       "given");
  }
  const std::string_view of_a_reply =
      !past.grounds().empty()           ? "grounds"
      : !past.document_number().empty() ? "document_number"
      : !past.served_date().empty()     ? "served_date"
                                        : "";
  if (of_a_reply.empty()) return absl::OkStatus();
  return RefuseField(absl::StrCat("past_case.", ToAbsl(of_a_reply)),
                     "nothing while the case has no finished_date");
}

bool IsAppeal(const v1::PastDocket& docket) { return docket.instance() == 2; }

// The first instance that the appeal `at` is from: the last lawsuit before it
// that has none yet; -1 when there is none.
int FirstInstanceOf(const v1::PastCase& past, int at) {
  int appeals = 0;
  for (int i = at - 1; i >= 0; --i) {
    if (past.dockets(i).kind() != v1::LAWSUIT) continue;
    if (IsAppeal(past.dockets(i))) {
      ++appeals;
    } else if (appeals == 0) {
      return i;
    } else {
      --appeals;
    }
  }
  return -1;
}

bool FitsKind(v1::RemedyKind kind, v1::RemedyResult result) {
  if (result == v1::WITHDRAWN_OR_ENDED) return true;
  const bool of_complaint =
      result == v1::CORRECTION_ORDERED || result == v1::COMPLAINT_REJECTED;
  return (kind == v1::COMPLAINT) == of_complaint;
}

absl::Status CheckAppeal(const v1::PastCase& past, int at,
                         const std::string& path) {
  const v1::PastDocket& docket = past.dockets(at);
  if (!IsAppeal(docket)) return absl::OkStatus();
  const int first =
      docket.kind() == v1::LAWSUIT ? FirstInstanceOf(past, at) : -1;
  if (first < 0) {
    return RefuseField(absl::StrCat("past_case.", path, ".instance"),
                       "2 only of a lawsuit whose first instance stands before "
                       "it",
                       "2");
  }
  const std::string& decided = past.dockets(first).decided_date();
  if (!decided.empty() && DayOf(docket.opened_date()) >= DayOf(decided)) {
    return absl::OkStatus();
  }
  return Misfit(
      v1::PAST_DATES_MISFIT, path + ".opened_date",
      decided.empty()
          ? "an appeal only when the first instance is decided"
          : "a day not before the first instance was decided, " + decided,
      docket.opened_date());
}

absl::Status CheckDocket(const v1::PastCase& past, int at,
                         absl::CivilDay today) {
  const v1::PastDocket& docket = past.dockets(at);
  const std::string path = absl::StrCat("dockets[", at, "]");
  DayChain chain(today);
  RETURN_IF_ERROR(chain.Next("receipt_date", past.receipt_date()));
  if (at > 0) {
    RETURN_IF_ERROR(
        chain.Next(absl::StrCat("dockets[", at - 1, "].opened_date"),
                   past.dockets(at - 1).opened_date()));
  }
  RETURN_IF_ERROR(chain.Next(path + ".opened_date", docket.opened_date()));
  RETURN_IF_ERROR(chain.Next(path + ".decided_date", docket.decided_date()));
  const bool decided = !docket.decided_date().empty();
  const bool has_result = docket.result() != v1::REMEDY_RESULT_UNSPECIFIED;
  if (decided != has_result) {
    return RefuseField(
        absl::StrCat("past_case.", path, decided ? ".result" : ".decided_date"),
        decided ? "a result, for a day of decision is given"
                : "the day of decision, for a result is given");
  }
  if (decided && !FitsKind(docket.kind(), docket.result())) {
    return Misfit(v1::RESULT_MISFIT, path + ".result",
                  "a result of " + v1::RemedyKind_Name(docket.kind()),
                  v1::RemedyResult_Name(docket.result()));
  }
  if (docket.rectified() && !decided) {
    return RefuseField(absl::StrCat("past_case.", path, ".rectified"),
                       "nothing while the docket is not decided");
  }
  return CheckAppeal(past, at, path);
}

void AddCorrection(const v1::PastCase& past, Case& c) {
  law::Correction correction;
  // Registers keep the day of the corrected application, which restarts the
  // count; when it was asked for moves no limit once it has come.
  correction.notified = *c.facts.received;
  if (!past.corrected_date().empty()) {
    correction.received = DayOf(past.corrected_date());
  } else if (past.outcome() == v1::CORRECTION_ABANDONED) {
    correction.lapsed = DayOf(past.finished_date());
  } else {
    return;
  }
  c.facts.correction = correction;
}

void AddFee(const v1::PastCase& past, Case& c) {
  if (past.fee_notice_date().empty()) return;
  law::Fee fee;
  fee.notified = DayOf(past.fee_notice_date());
  fee.paid = MaybeDayOf(past.fee_paid_date());
  if (past.outcome() == v1::PAYMENT_ABANDONED) {
    fee.lapsed = DayOf(past.finished_date());
  }
  c.facts.fee = fee;
  c.fee_fen = past.fee_fen();
}

void AddDockets(const v1::PastCase& past, Case& c) {
  for (int i = 0; i < past.dockets_size(); ++i) {
    const v1::PastDocket& from = past.dockets(i);
    law::Docket docket;
    docket.kind = from.kind();
    docket.instance = std::max(1, from.instance());
    docket.copy_received = DayOf(from.opened_date());
    docket.decided = docket.decision_received = MaybeDayOf(from.decided_date());
    docket.result = from.result();
    if (IsAppeal(from)) {
      docket.accepted = docket.copy_received;
      const int first = FirstInstanceOf(past, i);
      if (first >= 0) c.facts.dockets[first].appealed = docket.copy_received;
    }
    c.facts.dockets.push_back(docket);
    c.docket_rectified.push_back(from.rectified());
    c.docket_numbers.push_back(from.docket_number());
  }
}

void Finish(const v1::PastCase& past, Case& c) {
  const absl::CivilDay finished = DayOf(past.finished_date());
  c.outcome = past.outcome();
  c.grounds = GroundsOf(past);
  c.document_number = past.document_number();
  c.phase = v1::CLOSED;
  if (EndedWithoutReply(past)) {
    c.facts.withdrawn = finished;
    return;
  }
  law::ReplySent reply;
  reply.dispatched = finished;
  reply.served = MaybeDayOf(past.served_date());
  reply.review_first = past.outcome() == v1::REFUSED;
  c.facts.reply = reply;
  c.signed_day = c.last_dispatched = finished;
}

}  // namespace

absl::Status CheckPastDates(const v1::PastCase& past, absl::CivilDay today) {
  DayChain chain(today);
  RETURN_IF_ERROR(chain.Next("receipt_date", past.receipt_date()));
  if (DayOf(past.receipt_date()) < kFirstDay) {
    return Misfit(v1::PAST_DATES_MISFIT, "receipt_date",
                  "a day from 2008-05-01 on, when the regulation came into "
                  "force",
                  past.receipt_date());
  }
  RETURN_IF_ERROR(chain.Next("corrected_date", past.corrected_date()));
  RETURN_IF_ERROR(
      chain.Next("extension_notice_date", past.extension_notice_date()));
  RETURN_IF_ERROR(chain.Next("finished_date", past.finished_date()));
  return chain.Next("served_date", past.served_date());
}

absl::Status CheckPastOutcome(const v1::PastCase& past,
                              const law::Rulebook& rules) {
  if (past.finished_date().empty()) return CheckOpen(past);
  if (past.outcome() == v1::OUTCOME_UNSPECIFIED) {
    return RefuseField("past_case.outcome",
                       "an outcome, for a day on which handling ended is "
                       "given");
  }
  RETURN_IF_ERROR(CheckGrounds(past, rules));
  if (past.outcome() == v1::CORRECTION_ABANDONED &&
      !past.corrected_date().empty()) {
    return Misfit(v1::PAST_DATES_MISFIT, "corrected_date",
                  "nothing when the application lapsed for want of a "
                  "correction",
                  past.corrected_date());
  }
  return absl::OkStatus();
}

absl::Status CheckPastFee(const v1::PastCase& past, absl::CivilDay today) {
  const bool extended = past.extension_days() > 0;
  if (extended != !past.extension_notice_date().empty()) {
    return RefuseField(extended ? "past_case.extension_notice_date"
                                : "past_case.extension_days",
                       "days and notice of an extension together");
  }
  if (!HasFee(past)) return absl::OkStatus();
  const std::string_view missing =
      past.fee_basis() == v1::FEE_BASIS_UNSPECIFIED ? "fee_basis"
      : past.fee_fen() == 0                         ? "fee_fen"
      : past.fee_notice_date().empty()              ? "fee_notice_date"
                                                    : "";
  if (!missing.empty()) {
    return RefuseField(absl::StrCat("past_case.", ToAbsl(missing)),
                       "basis, amount and notice of a fee together");
  }
  DayChain paid(today);
  RETURN_IF_ERROR(paid.Next("receipt_date", past.receipt_date()));
  RETURN_IF_ERROR(paid.Next("fee_notice_date", past.fee_notice_date()));
  RETURN_IF_ERROR(paid.Next("fee_paid_date", past.fee_paid_date()));
  DayChain ended(today);
  RETURN_IF_ERROR(ended.Next("fee_notice_date", past.fee_notice_date()));
  RETURN_IF_ERROR(ended.Next("finished_date", past.finished_date()));
  if (past.outcome() == v1::PAYMENT_ABANDONED &&
      !past.fee_paid_date().empty()) {
    return Misfit(v1::PAST_DATES_MISFIT, "fee_paid_date",
                  "nothing when the application lapsed for want of payment",
                  past.fee_paid_date());
  }
  return absl::OkStatus();
}

absl::Status CheckPastDockets(const v1::PastCase& past, absl::CivilDay today) {
  for (int i = 0; i < past.dockets_size(); ++i) {
    RETURN_IF_ERROR(CheckDocket(past, i, today));
  }
  return absl::OkStatus();
}

absl::Status CheckPast(const v1::PastCase& past, absl::CivilDay today,
                       const law::Rulebook& rules) {
  RETURN_IF_ERROR(CheckPastDates(past, today));
  RETURN_IF_ERROR(CheckPastOutcome(past, rules));
  RETURN_IF_ERROR(CheckPastFee(past, today));
  return CheckPastDockets(past, today);
}

void CaseImported(const v1::PastCase& past, Case& c) {
  c.number = past.number();
  c.applicant_kind = past.applicant_kind();
  c.officer = past.officer();
  c.department = past.department();
  c.facts.channel = past.channel() == v1::CHANNEL_UNSPECIFIED ? v1::IN_PERSON
                                                              : past.channel();
  const absl::CivilDay received = DayOf(past.receipt_date());
  c.facts.arrived = c.facts.received = c.facts.registered = received;
  AddCorrection(past, c);
  if (!past.extension_notice_date().empty()) {
    c.facts.extension = law::Extension{DayOf(past.extension_notice_date()),
                                       past.extension_days()};
  }
  AddFee(past, c);
  AddDockets(past, c);
  c.phase = v1::RECEIVED;
  if (!past.finished_date().empty()) {
    Finish(past, c);
  } else if (c.facts.fee && !c.facts.fee->paid) {
    c.phase = v1::AWAITING_PAYMENT;
  }
}

absl::CivilDay MainDayOf(const v1::Event& event) {
  if (!event.has_case_imported()) return DayOf(event.occurred_date());
  const v1::PastCase& past = event.case_imported();
  absl::CivilDay last = DayOf(past.receipt_date());
  for (const std::string* day :
       {&past.corrected_date(), &past.fee_notice_date(), &past.fee_paid_date(),
        &past.finished_date(), &past.served_date()}) {
    if (!day->empty()) last = std::max(last, DayOf(*day));
  }
  return last;
}

}  // namespace gongkai::casework
