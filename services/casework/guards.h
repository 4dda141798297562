// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_GUARDS_H_
#define GONGKAI_SERVICES_CASEWORK_GUARDS_H_

#include "absl/status/status.h"
#include "gongkai/v1/reason.pb.h"
#include "services/casework/statute.h"

// The conditions of the statute, one named predicate each. The name is a
// sentence that must be true; the refusal names reason, limit and article.
namespace gongkai::casework::guards {

// A refusal for `m` with its phase and, when given, the limit that decided.
absl::Status RefuseMatter(const Matter& m, v1::Reason reason,
                          const law::Limit* limit = nullptr);
// A refusal that blames a field of the act.
absl::Status RefuseContent(const Matter& m, v1::Reason reason,
                           std::string_view field, std::string_view wanted,
                           std::string_view got = "");

// Receipt, REG 31.
absl::Status ReceiptFitsChannel(const Matter& m);

// Correction, REG 30.
absl::Status NotRequiredBefore(const Matter& m);
absl::Status WithinNoticeLimitOrOverridden(const Matter& m);
absl::Status CorrectionPeriodWithinBounds(const Matter& m);
absl::Status CorrectionCameInTimeOrWithReason(const Matter& m);
absl::Status CorrectionPeriodIsOver(const Matter& m);
absl::Status NotAbandoned(const Matter& m);

// Excessive use, REG 35.
absl::Status ReasonsNotAskedBefore(const Matter& m);
absl::Status ReasonsPeriodIsOverIfNone(const Matter& m);
absl::Status ReasonsWereReasonable(const Matter& m);
absl::Status NotDeferredBefore(const Matter& m);
absl::Status ReplyLimitNotPassed(const Matter& m);
absl::Status DeferredDayIsLater(const Matter& m);

// Fee, REG 42.
absl::Status FeeNotChargedBefore(const Matter& m);
absl::Status ReplyLimitNotPassedForFee(const Matter& m);
absl::Status AmountFollowsTariff(const Matter& m);
absl::Status PaymentPeriodIsOver(const Matter& m);

// Consultation, REG 11, 32, 34.
absl::Status NamesTheInterestAtStake(const Matter& m);
absl::Status ConsultationIsOpen(const Matter& m);

// Extension, REG 33(2).
absl::Status NotExtendedBefore(const Matter& m);
absl::Status NoExtensionPending(const Matter& m);
absl::Status ExtensionWithinBounds(const Matter& m);
absl::Status ExtensionWasRequested(const Matter& m);
absl::Status DeciderIsNotRequester(const Matter& m);
absl::Status ExtensionNoticeInTime(const Matter& m);

// Draft and review, REG 17, 36 to 39.
absl::Status RecordSupportsOutcome(const Matter& m);
absl::Status GroundsFitOutcome(const Matter& m);
absl::Status ReplyIsComplete(const Matter& m);
absl::Status RemedyClauseIsThere(const Matter& m);
absl::Status ThirdPartyWasConsulted(const Matter& m);
absl::Status ObjectionIsAnswered(const Matter& m);
absl::Status HasDraft(const Matter& m);
absl::Status DraftFitsTheRecord(const Matter& m);
absl::Status ConsultationsAreConcluded(const Matter& m);
absl::Status NotTheDrafter(const Matter& m);
absl::Status StepIsNext(const Matter& m);
absl::Status AllStepsCleared(const Matter& m);

// Dispatch and service.
absl::Status FirstSendingOrFailed(const Matter& m);
absl::Status CarrierMayCarryDecisions(const Matter& m);
absl::Status ElectronicWasAgreed(const Matter& m);
absl::Status LetterAwaitsService(const Matter& m);
absl::Status DeemedServiceHasBasis(const Matter& m);

// Closing and after.
absl::Status MergeBeforeSigned(const Matter& m);
absl::Status OtherCaseIsAnother(const Matter& m);
absl::Status ServedOrWaived(const Matter& m);
absl::Status NoRemedyOpen(const Matter& m);
absl::Status DocketDatesInOrder(const Matter& m);
absl::Status DocketAwaitsAnswer(const Matter& m);
absl::Status DocketAwaitsDecision(const Matter& m);
absl::Status ResultFitsDocket(const Matter& m);
absl::Status DocketIsAppealable(const Matter& m);
absl::Status DocketIsDecided(const Matter& m);
absl::Status DecisionOrdersReopening(const Matter& m);
absl::Status MendNamesAField(const Matter& m);
absl::Status MendKeepsTheRecordWhole(const Matter& m);
absl::Status NoHoldPlaced(const Matter& m);
absl::Status HoldIsPlaced(const Matter& m);
absl::Status SomethingMoves(const Matter& m);

// Erasure, PIPL 47.
absl::Status NotOnLegalHold(const Matter& m);
absl::Status AnErasureIsProposed(const Matter& m);
absl::Status ProposalAwaitsDecision(const Matter& m);
absl::Status DeciderIsNotProposer(const Matter& m);
absl::Status NamedEventsExist(const Matter& m);
absl::Status SomethingIsLeftToErase(const Matter& m);
absl::Status ReplyIsServedIfItIsMadeOfThem(const Matter& m);
absl::Status NoRemedyOpenUnlessOrdered(const Matter& m);
absl::Status RetentionIsOverIfThatIsTheBasis(const Matter& m);
absl::Status ApplicationIsNotErased(const Matter& m);
absl::Status MendBringsNoErasedTextBack(const Matter& m);

// Who may know of the case; what its papers are marked as.
absl::Status RestrictionNamesWhoeverRestricts(const Matter& m);
absl::Status RestrictionNamesAtLeastTwo(const Matter& m);
absl::Status RestrictionIsAnother(const Matter& m);
absl::Status CaseIsRestricted(const Matter& m);
absl::Status LabelsNameNoStateSecret(const Matter& m);
absl::Status LabelsChange(const Matter& m);

// Cases of an earlier register, REG 50.
absl::Status PastDatesAreInOrder(const Matter& m);
absl::Status PastOutcomeFits(const Matter& m);
absl::Status PastFeeIsWhole(const Matter& m);
absl::Status PastDocketsFit(const Matter& m);

}  // namespace gongkai::casework::guards

#endif  // GONGKAI_SERVICES_CASEWORK_GUARDS_H_
