// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/decade_life.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "tests/bench/decade_remedies.h"
#include "tests/bench/dice.h"
#include "tests/bench/words.h"

namespace gongkai::bench {
namespace {

constexpr absl::CivilDay kRegulationsOf2019(2019, 5, 15);
constexpr absl::CivilDay kFeesOf2021(2021, 1, 1);
constexpr char kReasons[] =
    "经审查，该信息属于依法不予公开或者不属于本机关公开的范围，理由如上。";

using Outcomes = std::vector<std::pair<v1::Outcome, int>>;
using Grounds = std::vector<std::pair<v1::Ground, int>>;

// In ten thousandths of what is answered on its merits.
const Outcomes& OutcomeShares() {
  static const auto& shares =
      *new Outcomes{{v1::DISCLOSED, 3600},      {v1::ALREADY_PUBLIC, 650},
                    {v1::PARTIAL, 1250},        {v1::REFUSED, 420},
                    {v1::DOES_NOT_EXIST, 1600}, {v1::NOT_THIS_AGENCY, 1150},
                    {v1::SPECIAL_REGIME, 70},   {v1::NEEDS_PROCESSING, 120},
                    {v1::PETITION, 330},        {v1::REPEATED, 110},
                    {v1::PUBLICATION, 15},      {v1::CONFIRMATION_DEMANDED, 15},
                    {v1::OTHER_OUTCOME, 670}};
  return shares;
}

const Grounds& GroundShares() {
  static const auto& shares =
      *new Grounds{{v1::STATE_SECRET, 2},         {v1::FORBIDDEN_BY_LAW, 3},
                   {v1::THREE_SECURITIES, 4},     {v1::BUSINESS_SECRET, 9},
                   {v1::PERSONAL_PRIVACY, 9},     {v1::INTERNAL_AFFAIRS, 21},
                   {v1::PROCESS_INFORMATION, 13}, {v1::ENFORCEMENT_FILE, 23}};
  return shares;
}

// Writes one life, act by act; the day goes on as it does.
class Writer {
 public:
  Writer(Dice dice, const law::Calendar& calendar, const law::Rulebook& rules,
         PlannedLife& life)
      : dice_(dice), calendar_(calendar), rules_(rules), life_(life) {}

  void Receive(std::string_view agency, absl::CivilDay day, uint64_t n) {
    life_.arrived = day;
    day_ = received_ = day;
    number_ = n;
    handler_ = absl::StrCat("h", 1 + n % 5);
    department_ = absl::StrCat("D-0", 1 + n % 5);
    v1::ReceiveApplicationRequest& request = life_.application;
    request.set_agency(std::string(agency));
    request.set_arrived_date(FormatDay(day));
    v1::Application& a = *request.mutable_application();
    a.set_applicant_kind(
        dice_.Of(std::vector<std::pair<v1::ApplicantKind, int>>{
            {v1::NATURAL_PERSON, 9350},
            {v1::ENTERPRISE, 350},
            {v1::RESEARCH, 10},
            {v1::SOCIAL_ORG, 20},
            {v1::LEGAL_SERVICE, 200},
            {v1::OTHER_ORGANISATION, 70}}));
    a.mutable_applicant()->set_name(ApplicantOf(n));
    a.set_content(ContentOf(n));
    a.set_item_count(1);
    SetChannel(a);
  }

  void Live() {
    if (confirms_later_) {
      Later(1 + dice_.Below(2));
      received_ = day_;
      Handle().mutable_confirm_receipt();
    }
    base_ = received_;
    old_law_ = received_ < kRegulationsOf2019;
    Later(dice_.Below(3));
    v1::Registration& registration = *Handle().mutable_register_();
    registration.set_officer(handler_);
    registration.set_department(department_);
    // One in three hundred lies where it was put.
    if (dice_.In(1, 300)) return;
    if (dice_.In(25, 1000)) return Withdraw();
    if (!Correct() || !Charge()) return Reply();
    if (dice_.In(60, 100)) Search();
    ChooseOutcome();
    Consult();
    Extend();
    Reply();
  }

 private:
  void SetChannel(v1::Application& a) {
    a.set_channel(dice_.Of(
        std::vector<std::pair<v1::Channel, int>>{{v1::WEB, 48},
                                                 {v1::MAIL_SIGNED, 20},
                                                 {v1::IN_PERSON, 17},
                                                 {v1::EMAIL, 8},
                                                 {v1::MAIL_ORDINARY, 5},
                                                 {v1::FAX, 2}}));
    const bool written = a.channel() == v1::WEB || a.channel() == v1::EMAIL;
    a.set_confirmed_on_arrival(written);
    a.set_electronic_service_agreed(written && dice_.In(1, 3));
    a.set_wanted_carrier(a.electronic_service_agreed() ? v1::ELECTRONIC
                                                       : v1::POST_EMS);
    electronic_ = a.electronic_service_agreed();
    confirms_later_ =
        a.channel() == v1::MAIL_ORDINARY || a.channel() == v1::FAX;
  }

  // ---- Days ----
  void Later(int workdays) { day_ = calendar_.AddWorkdays(day_, workdays).day; }
  absl::CivilDay FromBase(int workdays) const {
    return calendar_.AddWorkdays(base_, workdays).day;
  }
  int ReplyDays() const { return old_law_ ? 15 : 20; }

  // ---- Acts ----
  v1::Act& By(const std::string& account, v1::Role role) {
    life_.acts.push_back({day_, account, role, {}});
    return life_.acts.back().act;
  }
  v1::Act& Handle() { return By(handler_, v1::ROLE_HANDLER); }

  void Withdraw() {
    Later(1 + dice_.Below(8));
    Handle().mutable_withdraw()->set_note("申请人来电撤回申请。");
  }

  // False when the application was given up for it.
  bool Correct() {
    if (!dice_.In(12, 100)) return true;
    day_ = std::max(day_,
                    calendar_.AddWorkdays(received_, 1 + dice_.Below(6)).day);
    v1::CorrectionNotice& notice = *Handle().mutable_require_correction();
    notice.set_items("请写明所需信息的名称、文号或者其他特征性描述。");
    notice.set_served_at_once(true);
    if (dice_.In(78, 100)) {
      Later(2 + dice_.Below(7));
      v1::CorrectedApplication& c = *Handle().mutable_accept_correction();
      c.set_channel(v1::IN_PERSON);
      base_ = day_;
      corrected_ = true;
      return true;
    }
    Later(12 + dice_.Below(4));
    Handle().mutable_lapse_correction()->set_note("逾期未补正。");
    outcome_ = v1::CORRECTION_ABANDONED;
    base_ = day_;
    return false;
  }

  // False when the application was given up for it.
  bool Charge() {
    if (received_ < kFeesOf2021 || !dice_.In(1, 100)) return true;
    Later(1 + dice_.Below(5));
    v1::FeeNotice& fee = *Handle().mutable_charge_fee();
    fee.set_basis(v1::BY_PAGE);
    const int pages = 31 + dice_.Below(70);
    fee.set_pages(pages);
    fee.set_amount_fen((pages - 30) * 1000);
    fee.set_how_to_pay("持缴款通知书到代收银行缴纳。");
    fee.set_served_at_once(true);
    if (dice_.In(60, 100)) {
      Later(2 + dice_.Below(12));
      Handle().mutable_accept_payment()->set_receipt_number(
          absl::StrCat("票", number_));
      base_ = day_;
      return true;
    }
    Later(21 + dice_.Below(4));
    Handle().mutable_lapse_payment()->set_note("逾期未缴费。");
    outcome_ = v1::PAYMENT_ABANDONED;
    base_ = day_;
    return false;
  }

  void Search() {
    if (searched_) return;
    searched_ = true;
    v1::Search& search = *Handle().mutable_record_search();
    search.set_scope("综合档案室；办公自动化系统收发文库");
    search.set_keywords("批复、纪要");
    search.set_found(true);
    search.set_result("检索到相关文件。");
  }

  void ChooseOutcome() {
    if (corrected_ && dice_.In(8, 100)) {
      outcome_ = v1::STILL_UNCLEAR;
      return;
    }
    if (!old_law_ && dice_.In(3, 1000)) return AskReasons();
    do {
      outcome_ = dice_.Of(OutcomeShares());
    } while (rules_.OutcomeFor(outcome_, received_) == nullptr);
    if (outcome_ == v1::DOES_NOT_EXIST) Search();
    if (outcome_ != v1::REFUSED && outcome_ != v1::PARTIAL) return;
    do {
      ground_ = dice_.Of(GroundShares());
    } while (old_law_ && ground_ == v1::ENFORCEMENT_FILE);
  }

  void AskReasons() {
    v1::ReasonsNotice& notice = *Handle().mutable_ask_reasons();
    notice.set_facts("一年内申请八十余次。");
    notice.set_period_days(5);
    notice.set_served_at_once(true);
    Later(2 + dice_.Below(3));
    v1::ReasonsJudgement& judged = *Handle().mutable_accept_reasons();
    judged.set_verdict(v1::UNREASONABLE);
    judged.set_note("所述理由不合理。");
    outcome_ = v1::EXCESSIVE;
  }

  void Consult() {
    const bool of_a_third_party =
        ground_ == v1::BUSINESS_SECRET || ground_ == v1::PERSONAL_PRIVACY;
    if (outcome_ == v1::EXCESSIVE) return;
    if (!of_a_third_party && !dice_.In(4, 100)) return;
    v1::ConsultationLetter& letter = *Handle().mutable_consult();
    letter.set_kind(v1::THIRD_PARTY);
    letter.set_addressee("某某公司");
    letter.set_interest(ground_ == v1::PERSONAL_PRIVACY ? v1::PERSONAL_PRIVACY
                                                        : v1::BUSINESS_SECRET);
    letter.set_question("请就拟公开的内容提出意见。");
    letter.set_served_at_once(true);
    const absl::CivilDay asked = day_;
    Later(3 + dice_.Below(11));
    v1::OpinionReceived& opinion = *Handle().mutable_record_opinion();
    opinion.set_consultation(1);
    opinion.set_opinion(of_a_third_party ? v1::OBJECTS_WITH_REASON
                                         : v1::AGREES);
    // The time is not the agency's (REG 32).
    waited_ = calendar_.WorkdaysBetween(asked, day_);
  }

  void Extend() {
    if (outcome_ == v1::EXCESSIVE ||
        (old_law_ && (corrected_ || waited_ > 0))) {
      return;
    }
    if (!dice_.In(9, 100)) return;
    const absl::CivilDay ask = FromBase(7 + waited_ + dice_.Below(4));
    if (ask < day_) return;
    day_ = ask;
    extension_ = 5 + dice_.Below(11);
    v1::ExtensionRequest& request = *Handle().mutable_request_extension();
    request.set_working_days(extension_);
    request.set_reason("涉及文件较多，需逐件审查。");
    Later(1);
    v1::ExtensionDecision& decision =
        *By("head", v1::ROLE_DISCLOSURE_HEAD).mutable_decide_extension();
    decision.set_approved(true);
    decision.set_notice_date(FormatDay(day_));
  }

  // ---- The reply ----
  absl::CivilDay ReplyDay() {
    const int length = ReplyDays() + waited_ + extension_;
    const int days = dice_.In(3, 100) ? length + 1 + dice_.Below(40)
                                      : length - 1 - dice_.Below(length / 2);
    return std::max(calendar_.AddWorkdays(day_, 1).day, FromBase(days));
  }

  void Reply() {
    day_ = ReplyDay();
    if (outcome_ == v1::OUTCOME_UNSPECIFIED) outcome_ = v1::DISCLOSED;
    Draft();
    Handle().mutable_submit_for_review();
    By("mi", v1::ROLE_SECRECY_REVIEWER)
        .mutable_clear_draft()
        ->set_step(v1::SECRECY);
    By("fa", v1::ROLE_LEGAL_REVIEWER)
        .mutable_clear_draft()
        ->set_step(v1::LEGAL);
    By("qian", v1::ROLE_SIGNER)
        .mutable_sign()
        ->set_document_number(
            absl::StrCat("某信公开〔", day_.year(), "〕", number_, "号"));
    const size_t dispatched = life_.acts.size();
    Handle().mutable_dispatch()->set_carrier(electronic_ ? v1::ELECTRONIC
                                                         : v1::POST_EMS);
    Serve();
    Mend(dispatched);
    WriteRemedies(dice_, calendar_, day_, life_.acts);
    Archive();
  }

  void Draft() {
    v1::DraftReply& draft = *Handle().mutable_draft_reply();
    draft.set_outcome(outcome_);
    if (ground_ != v1::GROUND_UNSPECIFIED) draft.add_grounds(ground_);
    draft.set_text("您好！您提出的政府信息公开申请收悉。现答复如下。");
    draft.set_reasons(kReasons);
    draft.set_access("随本答复书邮寄。");
    draft.set_earlier_case("AN-EARLIER-1");
    draft.set_special_law("不动产登记资料查询暂行办法");
    draft.set_right_agency("某某局");
    draft.set_review_organ("市人民政府");
    draft.set_court("铁路运输法院");
    draft.set_pages(1 + dice_.Below(30));
  }

  void Serve() {
    sent_ = day_;
    day_ += 2 + dice_.Below(5);
    if (!electronic_ && dice_.In(2, 100)) {
      Handle().mutable_record_service()->set_outcome(v1::RETURNED);
      day_ += 15;
      v1::ServiceRecord& deemed = *Handle().mutable_record_service();
      deemed.set_outcome(v1::DEEMED);
      deemed.set_basis("依照送达地址确认书视为送达。");
    } else {
      Handle().mutable_record_service()->set_outcome(v1::DELIVERED);
    }
    served_ = day_;
    Later(1);
    Handle().mutable_close();
  }

  // The day of sending was written down wrong and is put right months later:
  // some of these move a case into another year.
  void Mend(size_t dispatched) {
    if (!dice_.In(3, 1000)) return;
    const absl::CivilDay present = day_;
    day_ += 20 + dice_.Below(100);
    v1::Mend& mend =
        *By("head", v1::ROLE_DISCLOSURE_HEAD).mutable_mend_record();
    // The receipt is the first record.
    mend.set_event_seq(static_cast<int64_t>(dispatched) + 2);
    mend.set_field("occurred_date");
    mend.set_value(FormatDay(std::min(sent_ + 1, served_)));
    mend.set_reason("寄出日期录入有误。");
    day_ = present;
  }

  // Everything by day; the file is sealed when no docket is open.
  void Archive() {
    std::stable_sort(
        life_.acts.begin(), life_.acts.end(),
        [](const PlannedAct& a, const PlannedAct& b) { return a.day < b.day; });
    if (!dice_.In(7, 10) || HasOpenDocket(life_.acts)) return;
    day_ = life_.acts.back().day + 30 + dice_.Below(150);
    By("dang", v1::ROLE_ARCHIVIST)
        .mutable_archive()
        ->set_retention(v1::TEN_YEARS);
  }

  Dice dice_;
  const law::Calendar& calendar_;
  const law::Rulebook& rules_;
  PlannedLife& life_;

  absl::CivilDay day_, received_, base_, sent_, served_;
  uint64_t number_ = 0;
  std::string handler_, department_;
  bool confirms_later_ = false, electronic_ = false, old_law_ = false;
  bool corrected_ = false, searched_ = false;
  int waited_ = 0, extension_ = 0;
  v1::Outcome outcome_ = v1::OUTCOME_UNSPECIFIED;
  v1::Ground ground_ = v1::GROUND_UNSPECIFIED;
};

}  // namespace

PlannedLife LifePlanner::Plan(std::string_view agency, absl::CivilDay day,
                              uint64_t n) const {
  PlannedLife life;
  Writer writer(Dice(seed_, agency, n), calendar_, rules_, life);
  writer.Receive(agency, day, n);
  writer.Live();
  return life;
}

}  // namespace gongkai::bench
