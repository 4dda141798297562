// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_FACTS_H_
#define GONGKAI_SERVICES_LAW_FACTS_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/types.pb.h"

namespace gongkai::law {

using MaybeDay = std::optional<absl::CivilDay>;

// The dated facts from which every limit of a case is derived. Nothing here
// is a deadline. Days are civil days in Asia/Shanghai.

// The one correction of a case (补正, REG 30).
struct Correction {
  absl::CivilDay notified;  // notice sent
  MaybeDay served;          // notice served on the applicant: T4 starts
  int length = 0;           // period set by the notice; 0: the agency's usual
  v1::LimitUnit unit = v1::WORKING_DAYS;
  // Sent after the 7 working days by a supervisor's override: the reply limit
  // still counts from the first receipt (reading A8).
  bool overridden = false;
  MaybeDay received;  // corrected application received, by REG 31
  MaybeDay lapsed;
};

// Reasons for an excessive number (REG 35).
struct Reasons {
  absl::CivilDay asked;
  MaybeDay served;
  int length = 0;
  v1::LimitUnit unit = v1::WORKING_DAYS;
  MaybeDay judged;
  v1::ReasonsVerdict verdict = v1::REASONS_VERDICT_UNSPECIFIED;
};

// The fee loop (REG 42, FEE).
struct Fee {
  absl::CivilDay notified;
  MaybeDay served;  // T11 starts
  MaybeDay paid;
  MaybeDay lapsed;
};

// One consultation (征求意见, REG 11, 32, 34).
struct Consultation {
  v1::ConsultationKind kind = v1::CONSULTATION_KIND_UNSPECIFIED;
  absl::CivilDay sent;
  // Until service is recorded the letter suspends nothing (reading A11).
  MaybeDay served;
  MaybeDay answered;
};

// The one extension (延长, REG 33(2)).
struct Extension {
  absl::CivilDay notified;
  int working_days = 0;
};

// A reply deferred for an excessive number (REG 35).
struct Deferral {
  absl::CivilDay notified;
  absl::CivilDay until;
};

// The reply's way out.
struct ReplySent {
  v1::Carrier carrier = v1::CARRIER_UNSPECIFIED;
  // First dispatch: decides timeliness by post and electronically
  // (国办公开办函〔2016〕235号).
  absl::CivilDay dispatched;
  MaybeDay served;  // decides timeliness when handed over or entrusted
  // The remedy clause was there (ARL 20(3)): otherwise the applicant's limits
  // run up to a year.
  bool told_of_remedies = true;
  // The reply withholds, so that review comes first where the law of the day
  // asks for it (ARL 23(1)(4)): no direct suit then.
  bool review_first = false;
};

// One docket of review, lawsuit or complaint (救济).
struct Docket {
  v1::RemedyKind kind = v1::REMEDY_KIND_UNSPECIFIED;
  v1::Procedure procedure = v1::ORDINARY;
  int instance = 1;  // lawsuit: 1 or 2
  // Application or complaint filed, where known; otherwise acceptance or the
  // copy stands for it.
  MaybeDay applied;
  MaybeDay accepted;       // T17, T19 (review); filed (lawsuit): T25
  MaybeDay copy_received;  // agency received the copy: T18, T24
  MaybeDay answered;       // agency answered: ends T18, T24
  int extended_days = 0;   // T19: extended by the review organ, at most 30
  MaybeDay decided;
  MaybeDay decision_received;  // T21, T26 start
  v1::RemedyResult result = v1::REMEDY_RESULT_UNSPECIFIED;
  bool by_ruling = false;  // 裁定 rather than 判决: T26 is 10 days
  MaybeDay appealed;       // a second instance began: ends T26
  // New answer or disclosure ordered: T28.
  int ordered_working_days = 0;
  MaybeDay ordered_from;  // day the order was received
  MaybeDay ordered_done;
  MaybeDay opinion_received;  // 行政复议意见书: T20
  MaybeDay opinion_reported;
};

// All of a case.
struct Facts {
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  MaybeDay arrived;   // reached the agency
  MaybeDay received;  // 收到申请之日 (REG 31): the clocks' day 0
  MaybeDay registered;
  std::optional<Correction> correction;
  std::optional<Reasons> reasons;
  std::optional<Fee> fee;
  std::vector<Consultation> consultations;
  std::optional<Extension> extension;
  std::optional<Deferral> deferral;
  std::optional<ReplySent> reply;
  // Duty to reply fell away: withdrawn or merged on this day.
  MaybeDay withdrawn;
  MaybeDay archived;
  bool county_agency = false;  // T29: 10 years instead of 20
  std::vector<Docket> dockets;
  // Reopened sub-case: its reply limit is set by the order (reading A31); 0
  // leaves the ordinary limit.
  int ordered_reply_days = 0;
};

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_FACTS_H_
