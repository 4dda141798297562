// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_CHECK_H_
#define GONGKAI_STORAGE_CHECK_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "storage/store.h"

namespace gongkai::storage {

// FIELD_INVALID for `field` when `text` holds U+0000: no store can keep it, and
// a text silently cut would no longer be what was proved.
absl::Status CheckText(std::string_view field, std::string_view text);

// CheckText of every text in `append`, and INVALID_ARGUMENT when it could not
// be stored whole: no stream, a first event without version 0, a private part
// without salt, the row of an account with another stream than its own.
absl::Status CheckAppend(const Append& append);

// INVALID_ARGUMENT when two of `arrivals` have one request_id, or a text holds
// U+0000.
absl::Status CheckArrivals(const std::vector<Arrival>& arrivals);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_CHECK_H_
