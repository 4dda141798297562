// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_POSTGRES_SCAN_H_
#define GONGKAI_STORAGE_POSTGRES_POSTGRES_SCAN_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "storage/scan.h"
#include "storage/sealer.h"

namespace gongkai::storage {

// Runs `read` over one snapshot of the database at `dsn`, which is not changed;
// others may work meanwhile. Under the auditor's role, for every row must be
// seen: PERMISSION_DENIED otherwise. UNAVAILABLE when the database is away or
// goes away, DATA_LOSS when it finds its own storage damaged; then `read` has
// been left in the middle. What `read` returns is returned. Sealed private
// parts are opened with `sealer`, or told of as sealed without one.
absl::Status ReadSnapshot(const std::string& dsn,
                          const std::function<absl::Status(Scan&)>& read,
                          Sealer* sealer = nullptr);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_POSTGRES_SCAN_H_
