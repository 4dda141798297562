// SPDX-License-Identifier: Apache-2.0
#include "services/report/fees.h"

namespace gongkai::report {

void AddFees(const FoldedCase& folded, int year, v1::FeeFigures* figures) {
  if (!folded.c.facts.fee) return;
  const law::Fee& fee = *folded.c.facts.fee;
  const int64_t fen = folded.c.fee_fen;
  if (fee.notified.year() == year) {
    figures->set_notices(figures->notices() + 1);
    figures->set_asked_fen(figures->asked_fen() + fen);
  }
  if (fee.paid && fee.paid->year() == year) {
    figures->set_payments(figures->payments() + 1);
    figures->set_paid_fen(figures->paid_fen() + fen);
  }
}

}  // namespace gongkai::report
