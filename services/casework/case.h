// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_CASE_H_
#define GONGKAI_SERVICES_CASEWORK_CASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/types.pb.h"
#include "services/law/facts.h"

namespace gongkai::casework {

// A reply in the making (拟稿).
struct Draft {
  int64_t seq = 0;      // its event
  std::string drafter;  // person
  v1::Outcome outcome = v1::OUTCOME_UNSPECIFIED;
  std::vector<v1::Ground> grounds;
  int pages = 0;
  bool secrecy_cleared = false;
  bool legal_cleared = false;
};

// An extension asked for and not yet decided.
struct ExtensionAsk {
  int working_days = 0;
  std::string person;
};

// An erasure proposed and not yet decided (提议删除个人信息, PIPL 47).
struct ErasureAsk {
  int64_t seq = 0;  // its event
  std::string person;
  absl::CivilDay day;
  v1::ErasureBasis basis = v1::ERASURE_BASIS_UNSPECIFIED;
  std::string document_number;
  std::vector<int64_t> events;  // as named; none is all
};

// A case as its events make it (案件). A plain value without personal data:
// equal histories, with or without their private parts, give equal cases.
struct Case {
  std::string agency;
  std::string number;
  int64_t version = 0;
  v1::Phase phase = v1::PHASE_UNSPECIFIED;
  law::Facts facts;

  v1::ApplicantKind applicant_kind = v1::APPLICANT_KIND_UNSPECIFIED;
  bool electronic_service_agreed = false;
  int item_count = 1;
  int month_rank = 0;
  v1::NumberCheck identity_check = v1::NUMBER_CHECK_UNSPECIFIED;
  v1::NumberCheck postal_check = v1::NUMBER_CHECK_UNSPECIFIED;

  std::string officer;
  std::string department;
  bool search_recorded = false;
  std::optional<ExtensionAsk> extension_asked;
  // Opinions, by consultation of `facts`.
  std::vector<v1::Opinion> opinions;
  std::optional<Draft> draft;

  // Of the signed reply, or of the withdrawal or merger.
  v1::Outcome outcome = v1::OUTCOME_UNSPECIFIED;
  std::vector<v1::Ground> grounds;
  std::string document_number;
  law::MaybeDay signed_day;
  // Of the last sending of the reply.
  law::MaybeDay last_dispatched;
  bool sending_failed = false;
  int64_t fee_fen = 0;

  std::vector<bool> docket_rectified;  // by docket of `facts`
  std::vector<std::string> docket_numbers;
  std::vector<std::string> linked_cases;
  std::string reopened_from;
  std::vector<std::string> sub_cases;
  bool legal_hold = false;
  v1::Retention retention = v1::RETENTION_UNSPECIFIED;
  std::vector<int> labels;  // of v1::Label, ascending
  // Accounts that alone may see the case, in order; none when it is not
  // restricted.
  std::vector<std::string> restricted_to;

  std::vector<ErasureAsk> erasures_asked;
  // Events whose personal text is destroyed, in order, and whether what the
  // case was searched by is.
  std::vector<int64_t> erased_events;
  bool words_erased = false;

  // Day of the last fact on the main line: the next may not lie before it.
  law::MaybeDay main_day;

  // What the last event was judged by.
  std::string calendar_version;
  std::string rulebook_version;

  // Closed (or archived) and no docket open.
  bool done() const;
  // Abandoned for no correction or no payment (REG 30, 42).
  bool abandoned() const;
};

// One event of a history, read back.
struct PastEvent {
  int64_t seq = 0;
  v1::Actor actor;
  std::string calendar_version;
  std::string rulebook_version;
  v1::Event event;
};

// The effect of one event on a case. Total: every event of the contract does
// something or is none of a case's business.
void Apply(const PastEvent& past, Case& c);

// The case that `history` makes, each event with its mends put in place.
Case Fold(const std::string& agency, const std::vector<PastEvent>& history);

// The history with every mended field in place: what the facts are now held
// to be. Mends that do not fit are left out; Decide admits none.
std::vector<PastEvent> WithMends(const std::vector<PastEvent>& history);

// Sets `field` of the event (`occurred_date` or a field of its message) to
// `value` or, for a personal text, `text`. INVALID_ARGUMENT when there is no
// such field, it belongs to the service, or the value does not fit.
absl::Status SetField(const std::string& field, const std::string& value,
                      const std::string& text, v1::Event& event);

// What is true of every case at every moment, or the first that is not:
// dates in order, phase and facts agree, outcome and document agree.
absl::Status CheckInvariants(const Case& c);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_CASE_H_
