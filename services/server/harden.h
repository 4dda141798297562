// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_HARDEN_H_
#define GONGKAI_SERVICES_SERVER_HARDEN_H_

#include "absl/status/status.h"

namespace gongkai::server {

// Keeps what is in the memory of this process in it: no core file, and no
// other process of the same user may read it. To be called before there are
// secrets. UNAVAILABLE when the system refuses.
absl::Status KeepMemoryClose();

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_HARDEN_H_
