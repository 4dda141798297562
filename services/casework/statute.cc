// SPDX-License-Identifier: Apache-2.0
// ★ The statute: which act is lawful when, for whom, under which conditions,
// by which article.
#include "services/casework/statute.h"

#include <algorithm>

#include "services/casework/guards.h"

namespace gongkai::casework {
namespace {

using namespace guards;  // NOLINT: the table reads as a table
using v1::Act;

constexpr Phases kNew = {v1::PHASE_UNSPECIFIED};
constexpr Phases kUnconfirmed = {v1::AWAITING_CONFIRMATION};
constexpr Phases kHandling = {v1::HANDLING};
constexpr Phases kBeforeSigned = {v1::AWAITING_CONFIRMATION,
                                  v1::RECEIVED,
                                  v1::HANDLING,
                                  v1::AWAITING_CORRECTION,
                                  v1::AWAITING_REASONS,
                                  v1::AWAITING_PAYMENT,
                                  v1::IN_REVIEW};
constexpr Phases kInHand = {
    v1::RECEIVED,         v1::HANDLING,         v1::AWAITING_CORRECTION,
    v1::AWAITING_REASONS, v1::AWAITING_PAYMENT, v1::IN_REVIEW,
    v1::SIGNED,           v1::DISPATCHED,       v1::SERVED};
constexpr Phases kLettersOut = {v1::HANDLING,         v1::AWAITING_CORRECTION,
                                v1::AWAITING_REASONS, v1::AWAITING_PAYMENT,
                                v1::IN_REVIEW,        v1::DISPATCHED};
constexpr Phases kSinceReceipt = {
    v1::RECEIVED,         v1::HANDLING,         v1::AWAITING_CORRECTION,
    v1::AWAITING_REASONS, v1::AWAITING_PAYMENT, v1::IN_REVIEW,
    v1::SIGNED,           v1::DISPATCHED,       v1::SERVED,
    v1::CLOSED,           v1::ARCHIVED};
constexpr Phases kAlways = {v1::AWAITING_CONFIRMATION,
                            v1::RECEIVED,
                            v1::HANDLING,
                            v1::AWAITING_CORRECTION,
                            v1::AWAITING_REASONS,
                            v1::AWAITING_PAYMENT,
                            v1::IN_REVIEW,
                            v1::SIGNED,
                            v1::DISPATCHED,
                            v1::SERVED,
                            v1::CLOSED,
                            v1::ARCHIVED};
constexpr Phases kAfterReply = {v1::DISPATCHED, v1::SERVED, v1::CLOSED,
                                v1::ARCHIVED};

constexpr Capacities kHandler = {v1::HANDLER};
constexpr Capacities kHandlerOrSupervisor = {v1::HANDLER, v1::SUPERVISOR};
constexpr Capacities kReviewers = {v1::SECRECY_REVIEWER, v1::LEGAL_REVIEWER};
constexpr Capacities kReviewersOrSigner = {v1::SECRECY_REVIEWER,
                                           v1::LEGAL_REVIEWER, v1::SIGNER};
constexpr Capacities kIntake = {v1::HANDLER, v1::INTAKE};
constexpr Capacities kLitigation = {v1::LITIGATOR};
constexpr Capacities kMenders = {v1::SUPERVISOR, v1::DISCLOSURE_HEAD};
constexpr Capacities kKeepers = {v1::LITIGATOR, v1::ARCHIVIST};
constexpr Capacities kProposers = {v1::HANDLER, v1::ARCHIVIST,
                                   v1::DISCLOSURE_HEAD};
constexpr Capacities kMarkers = {v1::HANDLER, v1::SECRECY_REVIEWER,
                                 v1::DISCLOSURE_HEAD};

constexpr bool kMain = true;
constexpr bool kAside = false;
constexpr v1::LimitKind kNoLimit = v1::LIMIT_KIND_UNSPECIFIED;

// A guard with its own name.
#define G(name) \
  Guard { #name, name }

// The rows are read side by side:
// clang-format off
std::vector<Rule> Build() {
  return {
      {Act::kReceive, "receive", kNew, kIntake,
       {}, {G(ReceiptFitsChannel)}, v1::REPLY, "REG 29, 31", kMain},
      {Act::kConfirmReceipt, "confirm_receipt", kUnconfirmed, kIntake,
       {}, {}, v1::MAIL_CONFIRMATION, "REG 31(2), (3)", kMain},
      {Act::kLogContact, "log_contact", kAlways, kIntake,
       {}, {}, kNoLimit, "REG 30", kAside},
      {Act::kRegister, "register", {v1::RECEIVED}, kHandler,
       {}, {}, v1::REGISTRATION, "REG 45", kMain},
      {Act::kAssign, "assign", kInHand, kHandlerOrSupervisor,
       {}, {}, kNoLimit, "internal", kAside},
      {Act::kRecordSearch, "record_search", kHandling, kHandler,
       {}, {}, kNoLimit, "REG 36(4)", kAside},
      {Act::kRequireCorrection, "require_correction", kHandling,
       kHandlerOrSupervisor,
       {G(NotAbandoned), G(NotRequiredBefore)},
       {G(WithinNoticeLimitOrOverridden), G(CorrectionPeriodWithinBounds)},
       v1::CORRECTION_NOTICE, "REG 30", kMain},
      {Act::kAcceptCorrection, "accept_correction", {v1::AWAITING_CORRECTION},
       kIntake,
       {}, {G(CorrectionCameInTimeOrWithReason)},
       v1::CORRECTION_PERIOD, "REG 30", kMain},
      {Act::kLapseCorrection, "lapse_correction", {v1::AWAITING_CORRECTION},
       kHandler,
       {G(CorrectionPeriodIsOver)}, {}, v1::CORRECTION_PERIOD, "REG 30", kMain},
      {Act::kAskReasons, "ask_reasons", kHandling, kHandler,
       {G(NotAbandoned), G(ReasonsNotAskedBefore)}, {},
       v1::REASONS_PERIOD, "REG 35", kMain},
      {Act::kAcceptReasons, "accept_reasons", {v1::AWAITING_REASONS}, kHandler,
       {}, {G(ReasonsPeriodIsOverIfNone)}, v1::REASONS_PERIOD, "REG 35", kMain},
      {Act::kDeferReply, "defer_reply", kHandling, kHandler,
       {G(NotAbandoned), G(ReasonsWereReasonable), G(NotDeferredBefore),
       G(ReplyLimitNotPassed)}, {G(DeferredDayIsLater)},
       v1::DEFERRED_REPLY, "REG 35", kMain},
      {Act::kChargeFee, "charge_fee", kHandling, kHandler,
       {G(NotAbandoned), G(FeeNotChargedBefore), G(ReplyLimitNotPassedForFee)},
       {G(AmountFollowsTariff)},
       v1::FEE_NOTICE, "REG 42; FEE 2 to 4", kMain},
      {Act::kAcceptPayment, "accept_payment", {v1::AWAITING_PAYMENT}, kHandler,
       {}, {}, v1::PAYMENT, "REG 42; FEE", kMain},
      {Act::kLapsePayment, "lapse_payment", {v1::AWAITING_PAYMENT}, kHandler,
       {G(PaymentPeriodIsOver)}, {}, v1::PAYMENT, "REG 42; FEE", kMain},
      {Act::kConsult, "consult", kHandling, kHandler,
       {G(NotAbandoned)}, {G(NamesTheInterestAtStake)},
       v1::THIRD_PARTY_OPINION, "REG 11, 32, 34", kAside},
      {Act::kRecordOpinion, "record_opinion", {v1::HANDLING,
       v1::AWAITING_CORRECTION, v1::AWAITING_REASONS, v1::AWAITING_PAYMENT,
       v1::IN_REVIEW, v1::SIGNED, v1::DISPATCHED, v1::SERVED}, kHandler,
       {}, {G(ConsultationIsOpen)},
       v1::THIRD_PARTY_OPINION, "REG 32, 34", kAside},
      {Act::kRequestExtension, "request_extension", {v1::HANDLING,
       v1::AWAITING_REASONS, v1::IN_REVIEW}, kHandler,
       {G(NotAbandoned), G(NotExtendedBefore), G(NoExtensionPending),
       G(ReplyLimitNotPassed)}, {G(ExtensionWithinBounds)},
       v1::REPLY, "REG 33(2)", kAside},
      {Act::kDecideExtension, "decide_extension", {v1::HANDLING,
       v1::AWAITING_CORRECTION, v1::AWAITING_REASONS, v1::AWAITING_PAYMENT,
       v1::IN_REVIEW}, {v1::DISCLOSURE_HEAD},
       {G(NotAbandoned), G(ExtensionWasRequested), G(DeciderIsNotRequester)},
       {G(ExtensionNoticeInTime)},
       v1::REPLY, "REG 33(2)", kAside},
      {Act::kDraftReply, "draft_reply", kHandling, kHandler,
       {}, {G(RecordSupportsOutcome), G(GroundsFitOutcome), G(ReplyIsComplete),
       G(RemedyClauseIsThere), G(ThirdPartyWasConsulted),
       G(ObjectionIsAnswered)},
       v1::REPLY, "REG 36 to 39", kMain},
      {Act::kSubmitForReview, "submit_for_review", kHandling, kHandler,
       {G(HasDraft), G(DraftFitsTheRecord), G(ConsultationsAreConcluded)}, {},
       v1::REPLY, "REG 17, 45", kMain},
      {Act::kClearDraft, "clear_draft", {v1::IN_REVIEW}, kReviewers,
       {G(HasDraft), G(NotTheDrafter)}, {G(StepIsNext)},
       v1::REPLY, "REG 17", kMain},
      {Act::kReturnDraft, "return_draft", {v1::IN_REVIEW}, kReviewersOrSigner,
       {G(HasDraft), G(NotTheDrafter)}, {}, v1::REPLY, "REG 17, 45", kMain},
      {Act::kSign, "sign", {v1::IN_REVIEW}, {v1::SIGNER},
       {G(HasDraft), G(NotTheDrafter), G(AllStepsCleared)}, {},
       v1::REPLY, "REG 36, 45", kMain},
      {Act::kDispatch, "dispatch", {v1::SIGNED, v1::DISPATCHED}, kHandler,
       {G(FirstSendingOrFailed)}, {G(CarrierMayCarryDecisions),
       G(ElectronicWasAgreed)},
       v1::REPLY, "REG 33, 36; 国办公开办函〔2016〕235号", kMain},
      {Act::kRecordService, "record_service", kLettersOut, kHandler,
       {}, {G(LetterAwaitsService), G(DeemedServiceHasBasis)},
       kNoLimit, "国办公开办函〔2016〕235号; CPL 88 to 95", kAside},
      {Act::kWithdraw, "withdraw", kBeforeSigned, kIntake,
       {}, {}, v1::REPLY, "internal", kMain},
      {Act::kLink, "link", kAlways, kHandler,
       {}, {G(OtherCaseIsAnother), G(MergeBeforeSigned)},
       kNoLimit, "internal", kAside},
      {Act::kClose, "close", {v1::DISPATCHED, v1::SERVED}, kHandler,
       {}, {G(ServedOrWaived)}, kNoLimit, "REG 45", kMain},
      {Act::kArchive, "archive", {v1::CLOSED}, {v1::ARCHIVIST},
       {G(NoRemedyOpen)}, {}, v1::ARCHIVE_TRANSFER, "REG 45; 档案法 14", kMain},
      {Act::kOpenRemedy, "open_remedy", kSinceReceipt, kLitigation,
       {}, {G(DocketDatesInOrder)}, v1::REVIEW_ANSWER, "REG 51", kAside},
      {Act::kAnswerRemedy, "answer_remedy", kSinceReceipt, kLitigation,
       {}, {G(DocketAwaitsAnswer)},
       v1::REVIEW_ANSWER, "ARL 48, 54; ALL 67", kAside},
      {Act::kDecideRemedy, "decide_remedy", kSinceReceipt, kLitigation,
       {}, {G(DocketAwaitsDecision), G(ResultFitsDocket)},
       v1::REVIEW_DECISION, "ARL 62 to 73; ALL 69 to 77", kAside},
      {Act::kAppealRemedy, "appeal_remedy", kSinceReceipt, kLitigation,
       {}, {G(DocketIsAppealable)}, v1::APPEAL, "ALL 85", kAside},
      {Act::kRecordRectification, "record_rectification", kSinceReceipt,
       kLitigation,
       {}, {G(DocketIsDecided)},
       v1::REVIEW_OPINION_REPORT, "ARL 76; REG 47", kAside},
      {Act::kReopen, "reopen", kAfterReply, {v1::LITIGATOR, v1::SUPERVISOR},
       {G(ApplicationIsNotErased)}, {G(DecisionOrdersReopening)},
       v1::ORDERED_DISCLOSURE, "ARL 64; ALL 70", kAside},
      {Act::kMendRecord, "mend_record", kAlways, kMenders,
       {}, {G(MendNamesAField), G(MendBringsNoErasedTextBack),
       G(MendKeepsTheRecordWhole)},
       kNoLimit, "internal", kAside},
      {Act::kPlaceLegalHold, "place_legal_hold", kAlways, kKeepers,
       {G(NoHoldPlaced)}, {}, kNoLimit, "internal", kAside},
      {Act::kLiftLegalHold, "lift_legal_hold", kAlways, kKeepers,
       {G(HoldIsPlaced)}, {}, kNoLimit, "internal", kAside},
      {Act::kApplyCalendar, "apply_calendar", {v1::AWAITING_CONFIRMATION,
       v1::RECEIVED, v1::HANDLING, v1::AWAITING_CORRECTION,
       v1::AWAITING_REASONS, v1::AWAITING_PAYMENT, v1::IN_REVIEW, v1::SIGNED,
       v1::DISPATCHED, v1::SERVED}, {v1::CLOCK},
       {}, {G(SomethingMoves)}, kNoLimit, "REG 33; 节假日安排通知", kAside},
      {Act::kProposeErasure, "propose_erasure", kSinceReceipt, kProposers,
       {G(NotOnLegalHold)},
       {G(NamedEventsExist), G(SomethingIsLeftToErase),
       G(ReplyIsServedIfItIsMadeOfThem), G(NoRemedyOpenUnlessOrdered),
       G(RetentionIsOverIfThatIsTheBasis)}, kNoLimit, "PIPL 47", kAside},
      // What held for the proposal must still hold on the day of the decision.
      {Act::kErase, "erase", kSinceReceipt, kMenders,
       {G(NotOnLegalHold), G(AnErasureIsProposed)},
       {G(ProposalAwaitsDecision), G(DeciderIsNotProposer),
       G(SomethingIsLeftToErase), G(ReplyIsServedIfItIsMadeOfThem),
       G(NoRemedyOpenUnlessOrdered), G(RetentionIsOverIfThatIsTheBasis)},
       kNoLimit, "PIPL 47", kAside},
      // Whoever may see the case at all is decided before (services/auth).
      {Act::kRestrict, "restrict", kSinceReceipt, kMenders,
       {}, {G(RestrictionNamesWhoeverRestricts), G(RestrictionNamesAtLeastTwo),
       G(RestrictionIsAnother)},
       kNoLimit, "internal", kAside},
      {Act::kLiftRestriction, "lift_restriction", kSinceReceipt, kMenders,
       {G(CaseIsRestricted)}, {}, kNoLimit, "internal", kAside},
      {Act::kSetLabels, "set_labels", kSinceReceipt, kMarkers,
       {}, {G(LabelsNameNoStateSecret), G(LabelsChange)},
       kNoLimit, "internal; 保守国家秘密法 31", kAside},
      // In place of a receipt, together with all of its register.
      {Act::kImportCase, "import_case", kNew, {v1::DISCLOSURE_HEAD},
       {}, {G(PastDatesAreInOrder), G(PastOutcomeFits), G(PastFeeIsWhole),
       G(PastDocketsFit)},
       kNoLimit, "REG 50", kMain},
  };
}
// clang-format on

#undef G

}  // namespace

const std::vector<Rule>& Statute() {
  static const auto& table = *new std::vector<Rule>(Build());
  return table;
}

const Rule* RuleFor(v1::Act::ActCase act) {
  const std::vector<Rule>& table = Statute();
  const auto it =
      std::find_if(table.begin(), table.end(),
                   [act](const Rule& rule) { return rule.act == act; });
  return it == table.end() ? nullptr : &*it;
}

}  // namespace gongkai::casework
