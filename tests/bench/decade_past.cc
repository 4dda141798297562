// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/decade_past.h"

#include "services/base/dates.h"

namespace gongkai::bench {
namespace {

class PastWriter {
 public:
  explicit PastWriter(v1::PastCase& past) : past_(past) {}

  void Add(const PlannedAct& planned) {
    const v1::Act& act = planned.act;
    const std::string day = FormatDay(planned.day);
    switch (act.act_case()) {
      case v1::Act::kConfirmReceipt:
        return past_.set_receipt_date(day);
      case v1::Act::kRegister:
        past_.set_officer(act.register_().officer());
        return past_.set_department(act.register_().department());
      case v1::Act::kAcceptCorrection:
        return past_.set_corrected_date(day);
      case v1::Act::kChargeFee:
        past_.set_fee_basis(act.charge_fee().basis());
        past_.set_fee_fen(act.charge_fee().amount_fen());
        return past_.set_fee_notice_date(day);
      case v1::Act::kAcceptPayment:
        return past_.set_fee_paid_date(day);
      case v1::Act::kRequestExtension:
        extension_ = act.request_extension().working_days();
        return;
      case v1::Act::kDecideExtension:
        past_.set_extension_days(extension_);
        return past_.set_extension_notice_date(
            act.decide_extension().notice_date());
      case v1::Act::kDraftReply:
        outcome_ = act.draft_reply().outcome();
        grounds_ = act.draft_reply().grounds();
        return;
      case v1::Act::kSign:
        number_ = act.sign().document_number();
        return;
      case v1::Act::kDispatch:
        return Finish(day);
      case v1::Act::kWithdraw:
        past_.set_finished_date(day);
        return past_.set_outcome(v1::OTHER_OUTCOME);
      case v1::Act::kRecordService:
        if (act.record_service().outcome() != v1::RETURNED) {
          past_.set_served_date(day);
        }
        return;
      default:
        return AddRemedy(planned, day);
    }
  }

 private:
  void Finish(const std::string& day) {
    past_.set_finished_date(day);
    past_.set_outcome(outcome_);
    *past_.mutable_grounds() = grounds_;
    past_.set_document_number(number_);
  }

  void AddRemedy(const PlannedAct& planned, const std::string& day) {
    const v1::Act& act = planned.act;
    if (act.has_open_remedy()) {
      v1::PastDocket& docket = *past_.add_dockets();
      docket.set_kind(act.open_remedy().kind());
      docket.set_opened_date(day);
    } else if (act.has_appeal_remedy()) {
      v1::PastDocket& docket = *past_.add_dockets();
      docket.set_kind(v1::LAWSUIT);
      docket.set_instance(2);
      docket.set_opened_date(day);
    } else if (act.has_decide_remedy()) {
      v1::PastDocket& docket =
          *past_.mutable_dockets(act.decide_remedy().docket() - 1);
      docket.set_decided_date(day);
      docket.set_result(act.decide_remedy().result());
    } else if (act.has_record_rectification()) {
      past_.mutable_dockets(act.record_rectification().docket() - 1)
          ->set_rectified(true);
    }
  }

  v1::PastCase& past_;
  int extension_ = 0;
  v1::Outcome outcome_ = v1::OUTCOME_UNSPECIFIED;
  google::protobuf::RepeatedField<int> grounds_;
  std::string number_;
};

}  // namespace

v1::PastCase PastOf(const PlannedLife& life, const std::string& number,
                    absl::CivilDay until) {
  v1::PastCase past;
  const v1::Application& a = life.application.application();
  past.set_number(number);
  past.set_applicant_kind(a.applicant_kind());
  *past.mutable_applicant() = a.applicant();
  past.set_content(a.content());
  past.set_channel(a.channel());
  past.set_receipt_date(FormatDay(life.arrived));
  PastWriter writer(past);
  for (const PlannedAct& planned : life.acts) {
    if (planned.day > until) break;
    writer.Add(planned);
  }
  return past;
}

}  // namespace gongkai::bench
