// SPDX-License-Identifier: Apache-2.0
#include "services/law/lapsing.h"

namespace gongkai::law {

bool LapsesWithItsDay(v1::LimitKind kind) {
  switch (kind) {
    // The right to ask for a correction (REG 30).
    case v1::CORRECTION_NOTICE:
    // Rights to a remedy (ARL 20; ALL 45 to 47, 85).
    case v1::REVIEW_APPLICATION:
    case v1::SUIT_AFTER_REVIEW:
    case v1::DIRECT_SUIT:
    case v1::SUIT_FOR_NO_REPLY:
    case v1::APPEAL:
    // Silence is acceptance (ARL 30).
    case v1::REVIEW_ACCEPTANCE:
      return true;
    default:
      return false;
  }
}

}  // namespace gongkai::law
