// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_CHAIN_H_
#define GONGKAI_SERVICES_ACT_CHAIN_H_

#include <string_view>

#include "absl/status/status.h"
#include "storage/store.h"

namespace gongkai::act {

// Whether the stored events of a stream are whole: numbered without a gap,
// each hash that of its record, each record naming the hash before it, the
// head the last one, and every private part that is there what the record
// committed to. DATA_LOSS names the record and the defect.
absl::Status CheckChain(std::string_view agency,
                        const storage::History& history);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_CHAIN_H_
