// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/casework/case.h"

namespace gongkai::casework {
namespace {

absl::Status Broken(std::string_view what) {
  return absl::InternalError(absl::StrFormat("invariant: %s", what));
}

// `later` is not before `earlier`, where both are known.
bool InOrder(law::MaybeDay earlier, law::MaybeDay later) {
  return !earlier || !later || *earlier <= *later;
}

absl::Status CheckLoops(const law::Facts& f) {
  if (f.correction) {
    const law::Correction& c = *f.correction;
    if (!InOrder(f.received, c.notified) || !InOrder(c.notified, c.served) ||
        !InOrder(c.notified, c.received) || !InOrder(c.notified, c.lapsed)) {
      return Broken("the days of the correction are out of order");
    }
    if (c.received && c.lapsed) {
      return Broken("the correction came and lapsed");
    }
  }
  if (f.fee) {
    if (!InOrder(f.fee->notified, f.fee->served) ||
        !InOrder(f.fee->notified, f.fee->paid) ||
        !InOrder(f.fee->notified, f.fee->lapsed)) {
      return Broken("the days of the fee are out of order");
    }
    if (f.fee->paid && f.fee->lapsed) return Broken("the fee came and lapsed");
  }
  if (f.reasons && (!InOrder(f.reasons->asked, f.reasons->served) ||
                    !InOrder(f.reasons->asked, f.reasons->judged))) {
    return Broken("the days of the reasons are out of order");
  }
  if (f.extension && !InOrder(f.received, f.extension->notified)) {
    return Broken("the extension was told before the receipt");
  }
  if (f.deferral && (!InOrder(f.received, f.deferral->notified) ||
                     !InOrder(f.deferral->notified, f.deferral->until))) {
    return Broken("the days of the deferral are out of order");
  }
  for (const law::Consultation& c : f.consultations) {
    if (!InOrder(f.received, c.sent) || !InOrder(c.sent, c.served) ||
        !InOrder(c.sent, c.answered)) {
      return Broken("the days of a consultation are out of order");
    }
  }
  for (const law::Docket& d : f.dockets) {
    if (!InOrder(d.copy_received, d.answered) ||
        !InOrder(d.accepted, d.decided) ||
        !InOrder(d.decided, d.decision_received)) {
      return Broken("the days of a docket are out of order");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckInvariants(const Case& c) {
  if (c.phase == v1::PHASE_UNSPECIFIED) return Broken("a case without a phase");
  const law::Facts& f = c.facts;
  if (!f.arrived || !InOrder(f.arrived, f.received) ||
      !InOrder(f.received, f.registered)) {
    return Broken("arrival, receipt and registration are out of order");
  }
  const bool ended_early = f.withdrawn.has_value();
  if (c.phase != v1::AWAITING_CONFIRMATION && !ended_early && !f.received) {
    return Broken("clocks run without a day of receipt");
  }
  if (c.phase >= v1::HANDLING && !ended_early && !f.registered) {
    return Broken("handled without registration");
  }
  if (f.reply &&
      (!c.signed_day || !InOrder(c.signed_day, f.reply->dispatched) ||
       !InOrder(f.reply->dispatched, f.reply->served))) {
    return Broken("signature, dispatch and service are out of order");
  }
  if (c.phase == v1::SIGNED && c.document_number.empty()) {
    return Broken("signed without a document number");
  }
  if ((c.phase == v1::DISPATCHED || c.phase == v1::SERVED) && !f.reply) {
    return Broken("sent without a dispatch");
  }
  if (c.phase == v1::SERVED && !f.reply->served) {
    return Broken("served without a day of service");
  }
  if (c.phase >= v1::CLOSED && c.outcome == v1::OUTCOME_UNSPECIFIED) {
    return Broken("closed without an outcome");
  }
  if (c.opinions.size() != f.consultations.size() ||
      c.docket_rectified.size() != f.dockets.size()) {
    return Broken("opinions or dockets do not match their facts");
  }
  if (std::adjacent_find(c.labels.begin(), c.labels.end(),
                         std::greater_equal<>()) != c.labels.end() ||
      std::find(c.labels.begin(), c.labels.end(), v1::LABEL_STATE_SECRET) !=
          c.labels.end()) {
    return Broken("labels out of order, or one that may not be kept here");
  }
  return CheckLoops(f);
}

}  // namespace gongkai::casework
