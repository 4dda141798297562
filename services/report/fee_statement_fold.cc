// SPDX-License-Identifier: Apache-2.0
// The fees charged and paid (信息处理费, REG 42; 国办函〔2020〕109号).
#include <algorithm>
#include <map>
#include <tuple>

#include "services/report/folds.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

struct Figures {
  int64_t notices = 0;
  int64_t asked_fen = 0;
  int64_t payments = 0;
  int64_t paid_fen = 0;
  int64_t lapsed = 0;
  int64_t lapsed_fen = 0;
};

struct Charged {
  std::string agency;
  std::string number;
  law::Fee fee;
  int64_t fen = 0;
  v1::FeeBasis basis = v1::FEE_BASIS_UNSPECIFIED;
  int first_rank = 0;
  int last_rank = 0;
  int pages = 0;
  law::MaybeDay due;
  std::string department;
  std::string officer;
};

// How the fee was counted stands in the event of the notice.
void ReadBasis(const FoldedCase& folded, Charged& charged) {
  ForEachPast(folded, [&](const casework::PastEvent& past) {
    if (past.event.has_fee_charged()) {
      const v1::FeeNotice& notice = past.event.fee_charged();
      charged.basis = notice.basis();
      charged.first_rank = notice.first_rank();
      charged.last_rank = notice.last_rank();
      charged.pages = notice.pages();
    } else if (past.event.has_case_imported()) {
      charged.basis = past.event.case_imported().fee_basis();
    }
  });
}

class FeeStatementFold : public Fold {
 public:
  explicit FeeStatementFold(const FoldFrame& frame) : frame_(frame) {}

  void Add(const FoldedCase& folded) override {
    if (!folded.c.facts.fee) return;
    const law::Fee& fee = *folded.c.facts.fee;
    const Period& period = frame_.period;
    if (!period.Has(fee.notified) && !period.Has(fee.paid) &&
        !period.Has(fee.lapsed)) {
      return;
    }
    const Charged charged = ChargedOf(folded);
    Count(folded, charged);
    all_.push_back(charged);
  }

  std::vector<v1::Table> Tables() override {
    std::sort(all_.begin(), all_.end(), [](const Charged& a, const Charged& b) {
      return std::tie(a.agency, a.fee.notified, a.number) <
             std::tie(b.agency, b.fee.notified, b.number);
    });
    return {Summary(), List()};
  }

 private:
  static Charged ChargedOf(const FoldedCase& folded) {
    Charged charged;
    charged.agency = folded.agency;
    charged.number = folded.c.number;
    charged.fee = *folded.c.facts.fee;
    charged.fen = folded.c.fee_fen;
    charged.department = folded.c.department;
    charged.officer = folded.c.officer;
    if (const auto* limit = law::FindLimit(folded.limits, v1::PAYMENT)) {
      charged.due = limit->due;
    }
    ReadBasis(folded, charged);
    return charged;
  }

  // Grounds have nothing to do with fees: broken down by how they are counted.
  std::vector<GroupKey> KeysOf(const FoldedCase& folded, const Charged& charged,
                               absl::CivilDay day) const {
    if (frame_.grouping == v1::RunReportRequest::BY_GROUND) {
      return {{std::string(1, static_cast<char>('1' + charged.basis)),
               TermOf(charged.basis, frame_.locale)},
              TotalKey(frame_.locale)};
    }
    auto keys = GroupsOf(frame_.grouping, folded, day, frame_.locale);
    keys.push_back(TotalKey(frame_.locale));
    return keys;
  }

  // Each of the three in the period in which it happened.
  void Count(const FoldedCase& folded, const Charged& charged) {
    const law::Fee& fee = charged.fee;
    if (frame_.period.Has(fee.notified)) {
      for (const GroupKey& key : KeysOf(folded, charged, fee.notified)) {
        Figures& figures = lines_[key];
        ++figures.notices;
        figures.asked_fen += charged.fen;
      }
    }
    if (frame_.period.Has(fee.paid)) {
      for (const GroupKey& key : KeysOf(folded, charged, *fee.paid)) {
        Figures& figures = lines_[key];
        ++figures.payments;
        figures.paid_fen += charged.fen;
      }
    }
    if (frame_.period.Has(fee.lapsed)) {
      for (const GroupKey& key : KeysOf(folded, charged, *fee.lapsed)) {
        Figures& figures = lines_[key];
        ++figures.lapsed;
        figures.lapsed_fen += charged.fen;
      }
    }
  }

  v1::Table Summary() const {
    TableMaker table("fees", "信息处理费统计", "Fee statement", frame_.locale);
    const std::string heading =
        frame_.grouping == v1::RunReportRequest::BY_GROUND
            ? Say(frame_.locale, "收费方式", "counted by")
            : GroupingHeading(frame_.grouping, frame_.locale);
    table.Text("group", heading, heading)
        .Number("notices", "收费通知", "notices")
        .Money("asked_yuan", "通知金额（元）", "asked, yuan")
        .Number("payments", "缴费", "payments")
        .Money("paid_yuan", "缴费金额（元）", "paid, yuan")
        .Number("lapsed", "逾期未缴费", "not paid in time")
        .Money("lapsed_yuan", "逾期未缴金额（元）", "not paid, yuan")
        .Note(
            "通知、缴费、逾期各按发生日期归入期间（REG 42；国办函〔2020〕109"
            "号）。",
            "Notice, payment and lapse each count on the day they happened "
            "(REG 42; 国办函〔2020〕109号).");
    for (const auto& [key, figures] : lines_) {
      table.Row()
          .Text(key.label)
          .Number(figures.notices)
          .Number(figures.asked_fen)
          .Number(figures.payments)
          .Number(figures.paid_fen)
          .Number(figures.lapsed)
          .Number(figures.lapsed_fen);
    }
    return table.Done();
  }

  v1::Table List() const {
    TableMaker table("fee_notices", "收费明细", "Fees, case by case",
                     frame_.locale);
    table.Text("agency", "机关", "agency")
        .Text("number", "案号", "case")
        .Day("notice_date", "通知日期", "notice")
        .Text("basis", "收费方式", "counted by")
        .Number("first_rank", "首件序号", "first item of the month")
        .Number("last_rank", "末件序号", "last item of the month")
        .Number("pages", "页数", "pages")
        .Money("amount_yuan", "金额（元）", "amount, yuan")
        .Day("served_date", "送达日期", "served")
        .Day("due_date", "缴费期限", "payment due")
        .Day("paid_date", "缴费日期", "paid")
        .Day("lapsed_date", "认定逾期日期", "lapsed")
        .Text("department", "承办部门", "department")
        .Text("officer", "经办人", "officer");
    for (const Charged& one : all_) {
      table.Row()
          .Text(one.agency)
          .Text(one.number)
          .Day(one.fee.notified)
          .Text(TermOf(one.basis, frame_.locale))
          .Number(one.first_rank)
          .Number(one.last_rank)
          .Number(one.pages)
          .Number(one.fen)
          .Day(one.fee.served)
          .Day(one.due)
          .Day(one.fee.paid)
          .Day(one.fee.lapsed)
          .Text(one.department)
          .Text(one.officer);
    }
    return table.Done();
  }

  FoldFrame frame_;
  std::map<GroupKey, Figures> lines_;
  std::vector<Charged> all_;
};

}  // namespace

std::unique_ptr<Fold> NewFeeStatementFold(const FoldFrame& frame) {
  return std::make_unique<FeeStatementFold>(frame);
}

}  // namespace gongkai::report
