// SPDX-License-Identifier: Apache-2.0
#include "services/server/harden.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace gongkai::server {

absl::Status KeepMemoryClose() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) {
    return absl::UnavailableError("core files cannot be switched off");
  }
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return absl::UnavailableError(
        "the memory cannot be closed to other processes");
  }
  return absl::OkStatus();
}

}  // namespace gongkai::server
