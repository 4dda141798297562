// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_VERBS_H_
#define GONGKAI_SERVICES_SERVER_VERBS_H_

#include "absl/status/status.h"
#include "services/server/config.h"

namespace gongkai::server {

// Brings the schema to this version; every step exactly once, whoever else
// does so at the same time. Says on standard output how many were taken.
absl::Status Migrate(const Config& config);

// Registers an agency or sets its terms; the same terms again change nothing.
absl::Status AddAgency(const Config& config);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_VERBS_H_
