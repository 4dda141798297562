// SPDX-License-Identifier: Apache-2.0
// What each event does to a case: one function per event whose effect is more
// than a line, and one switch that names them all.
#include <algorithm>
#include <set>
#include <string>

#include "services/base/dates.h"
#include "services/casework/apply_letters.h"
#include "services/casework/apply_remedy.h"
#include "services/casework/case.h"
#include "services/casework/erasure.h"
#include "services/casework/past_case.h"
#include "services/casework/statute.h"

namespace gongkai::casework {
namespace {

using v1::Event;

// The day of receipt that the channel makes of the day of arrival, if it does
// (REG 31).
law::MaybeDay ReceiptDay(const v1::Application& a, absl::CivilDay arrived) {
  switch (a.channel()) {
    case v1::IN_PERSON:
    case v1::MAIL_SIGNED:
      return arrived;
    default:
      return a.confirmed_on_arrival() ? law::MaybeDay(arrived) : std::nullopt;
  }
}

// Each once, in order: equal sets give equal cases.
void SetLabels(const google::protobuf::RepeatedField<int>& labels, Case& c) {
  const std::set<int> ordered(labels.begin(), labels.end());
  c.labels.assign(ordered.begin(), ordered.end());
}

void Restrict(const google::protobuf::RepeatedPtrField<std::string>& accounts,
              Case& c) {
  const std::set<std::string> ordered(accounts.begin(), accounts.end());
  c.restricted_to.assign(ordered.begin(), ordered.end());
}

void Received(const v1::Application& a, absl::CivilDay day, Case& c) {
  c.number = a.number();
  c.applicant_kind = a.applicant_kind();
  c.electronic_service_agreed = a.electronic_service_agreed();
  c.item_count = std::max(1, a.item_count());
  c.month_rank = a.month_rank();
  c.identity_check = a.identity_check();
  c.postal_check = a.postal_check();
  c.reopened_from = a.reopened_from();
  c.facts.channel = a.channel();
  c.facts.arrived = day;
  // A sub-case is no new application: its clock starts with the order.
  c.facts.received =
      a.reopened_from().empty() ? ReceiptDay(a, day) : law::MaybeDay(day);
  c.facts.ordered_reply_days = a.ordered_reply_days();
  SetLabels(a.labels(), c);
  Restrict(a.restricted_to(), c);
  c.phase = c.facts.received ? v1::RECEIVED : v1::AWAITING_CONFIRMATION;
}

void ExtensionDecided(const v1::ExtensionDecision& d, Case& c) {
  c.extension_asked.reset();
  if (!d.approved()) return;
  c.facts.extension = law::Extension{DayOf(d.notice_date()), d.working_days()};
}

void ReplyDrafted(const v1::DraftReply& d, const PastEvent& past, Case& c) {
  Draft draft;
  draft.seq = past.seq;
  draft.drafter = past.actor.person();
  draft.outcome = d.outcome();
  for (const int g : d.grounds()) {
    draft.grounds.push_back(static_cast<v1::Ground>(g));
  }
  draft.pages = d.pages();
  c.draft = draft;
}

void Signed(const v1::Signature& s, absl::CivilDay day, Case& c) {
  c.outcome = s.outcome();
  c.grounds.clear();
  for (const int g : s.grounds()) {
    c.grounds.push_back(static_cast<v1::Ground>(g));
  }
  c.document_number = s.document_number();
  c.signed_day = day;
  c.phase = v1::SIGNED;
}

void Ended(v1::Outcome outcome, absl::CivilDay day, Case& c) {
  c.outcome = outcome;
  c.facts.withdrawn = day;
  c.phase = v1::CLOSED;
}

void Linked(const v1::CaseLink& l, absl::CivilDay day, Case& c) {
  c.linked_cases.push_back(l.other_case());
  if (l.kind() == v1::MERGED_INTO) Ended(v1::OTHER_OUTCOME, day, c);
}

void DraftReturned(Case& c) {
  if (c.draft) {
    c.draft->secrecy_cleared = false;
    c.draft->legal_cleared = false;
  }
  c.phase = v1::HANDLING;
}

void DraftCleared(const v1::Clearance& cl, Case& c) {
  if (!c.draft) return;
  if (cl.step() == v1::SECRECY) c.draft->secrecy_cleared = true;
  if (cl.step() == v1::LEGAL) c.draft->legal_cleared = true;
}

}  // namespace

bool Case::abandoned() const {
  return (facts.correction && facts.correction->lapsed) ||
         (facts.fee && facts.fee->lapsed);
}

bool Case::done() const {
  if (phase != v1::CLOSED && phase != v1::ARCHIVED) return false;
  return std::all_of(
      facts.dockets.begin(), facts.dockets.end(),
      [](const law::Docket& d) { return d.decided.has_value(); });
}

void Apply(const PastEvent& past, Case& c) {
  const Event& e = past.event;
  const absl::CivilDay day = DayOf(e.occurred_date());
  c.version = past.seq;
  c.calendar_version = past.calendar_version;
  c.rulebook_version = past.rulebook_version;
  switch (e.body_case()) {
    case Event::kReceived:
      Received(e.received(), day, c);
      break;
    case Event::kReceiptConfirmed:
      c.facts.received = day;
      c.phase = v1::RECEIVED;
      break;
    case Event::kRegistered:
      // A case of an earlier register was in one since its receipt.
      if (!c.facts.registered) c.facts.registered = day;
      c.officer = e.registered().officer();
      c.department = e.registered().department();
      c.phase = v1::HANDLING;
      break;
    case Event::kAssigned:
      c.officer = e.assigned().officer();
      c.department = e.assigned().department();
      break;
    case Event::kSearchRecorded:
      c.search_recorded = true;
      break;
    case Event::kCorrectionRequired:
      CorrectionRequired(e.correction_required(), day, c);
      break;
    case Event::kCorrectionAccepted:
      if (c.facts.correction) c.facts.correction->received = day;
      c.phase = v1::HANDLING;
      break;
    case Event::kCorrectionLapsed:
      if (c.facts.correction) c.facts.correction->lapsed = day;
      c.phase = v1::HANDLING;
      break;
    case Event::kReasonsAsked:
      ReasonsAsked(e.reasons_asked(), day, c);
      break;
    case Event::kReasonsJudged:
      if (c.facts.reasons) {
        c.facts.reasons->judged = day;
        c.facts.reasons->verdict = e.reasons_judged().verdict();
      }
      c.phase = v1::HANDLING;
      break;
    case Event::kReplyDeferred:
      c.facts.deferral =
          law::Deferral{day, DayOf(e.reply_deferred().until_date())};
      break;
    case Event::kFeeCharged:
      FeeCharged(e.fee_charged(), day, c);
      break;
    case Event::kPaymentAccepted:
      if (c.facts.fee) c.facts.fee->paid = day;
      c.phase = v1::HANDLING;
      break;
    case Event::kPaymentLapsed:
      if (c.facts.fee) c.facts.fee->lapsed = day;
      c.phase = v1::HANDLING;
      break;
    case Event::kConsulted:
      Consulted(e.consulted(), day, c);
      break;
    case Event::kOpinionRecorded:
      OpinionRecorded(e.opinion_recorded(), day, c);
      break;
    case Event::kExtensionRequested:
      c.extension_asked = ExtensionAsk{e.extension_requested().working_days(),
                                       past.actor.person()};
      break;
    case Event::kExtensionDecided:
      ExtensionDecided(e.extension_decided(), c);
      break;
    case Event::kReplyDrafted:
      ReplyDrafted(e.reply_drafted(), past, c);
      break;
    case Event::kReviewSubmitted:
      c.phase = v1::IN_REVIEW;
      break;
    case Event::kDraftCleared:
      DraftCleared(e.draft_cleared(), c);
      break;
    case Event::kDraftReturned:
      DraftReturned(c);
      break;
    case Event::kSigned:
      Signed(e.signed_(), day, c);
      break;
    case Event::kDispatched:
      Dispatched(e.dispatched(), day, c);
      break;
    case Event::kServiceRecorded:
      ServiceRecorded(e.service_recorded(), day, c);
      break;
    case Event::kWithdrawn:
      Ended(v1::OTHER_OUTCOME, day, c);
      break;
    case Event::kLinked:
      Linked(e.linked(), day, c);
      break;
    case Event::kClosed:
      c.phase = v1::CLOSED;
      break;
    case Event::kArchived:
      c.facts.archived = day;
      c.retention = e.archived().retention();
      c.phase = v1::ARCHIVED;
      break;
    case Event::kRemedyOpened:
      RemedyOpened(e.remedy_opened(), day, c);
      break;
    case Event::kRemedyAnswered:
      if (law::Docket* d = DocketOf(e.remedy_answered().docket(), c)) {
        d->answered = day;
      }
      break;
    case Event::kRemedyDecided:
      RemedyDecided(e.remedy_decided(), day, c);
      break;
    case Event::kRemedyAppealed:
      RemedyAppealed(e.remedy_appealed(), day, c);
      break;
    case Event::kRectificationRecorded:
      RectificationRecorded(e.rectification_recorded(), day, c);
      break;
    case Event::kReopened:
      Reopened(e.reopened(), c);
      break;
    case Event::kLegalHoldPlaced:
      c.legal_hold = true;
      break;
    case Event::kLegalHoldLifted:
      c.legal_hold = false;
      break;
    case Event::kErasureProposed:
      ErasureProposed(past, c);
      break;
    case Event::kErased:
      Erased(e.erased(), c);
      break;
    case Event::kRestricted:
      Restrict(e.restricted().accounts(), c);
      break;
    case Event::kRestrictionLifted:
      c.restricted_to.clear();
      break;
    case Event::kLabelsSet:
      SetLabels(e.labels_set().labels(), c);
      break;
    case Event::kCaseImported:
      CaseImported(e.case_imported(), c);
      break;
    // A mend works by changing the event it names, in WithMends; the others
    // leave the case as it is.
    case Event::kRecordMended:
    case Event::kContactLogged:
    case Event::kCalendarApplied:
    case Event::kNoticeLoaded:
    case Event::kAgencyTermsSet:
    case Event::kAgencyTermsChanged:
    case Event::kReturnFiled:
    case Event::kLogForkStated:
    case Event::kLogForkConfirmed:
    case Event::kAccessed:
    case Event::kAccountOpened:
    case Event::kAccountStateSet:
    case Event::kCredentialChanged:
    case Event::kGranted:
    case Event::kGrantProposed:
    case Event::kGrantDecided:
    case Event::kGrantWithdrawn:
    case Event::kDelegated:
    case Event::kDelegationEnded:
    case Event::BODY_NOT_SET:
      break;
  }
  const Rule* rule =
      RuleFor(static_cast<v1::Act::ActCase>(static_cast<int>(e.body_case())));
  if (rule != nullptr && rule->main_line) c.main_day = MainDayOf(e);
}

Case Fold(const std::string& agency, const std::vector<PastEvent>& history) {
  Case c;
  c.agency = agency;
  const auto fold = [&c](const std::vector<PastEvent>& events) {
    for (const PastEvent& past : events) Apply(past, c);
  };
  const bool mended = std::any_of(
      history.begin(), history.end(),
      [](const PastEvent& past) { return past.event.has_record_mended(); });
  // Few cases are mended; the others need no copy of their history.
  if (mended) {
    fold(WithMends(history));
  } else {
    fold(history);
  }
  return c;
}

}  // namespace gongkai::casework
