// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_MAIL_WAY_H_
#define GONGKAI_SERVICES_SERVER_MAIL_WAY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "services/jobs/smtp.h"
#include "services/server/config.h"

namespace gongkai::server {

// The way to the mail server that the flags name; null when they name none.
// INVALID_ARGUMENT when they do not go together, FAILED_PRECONDITION when the
// file of the user and password is open to others than its owner.
absl::StatusOr<std::unique_ptr<jobs::MailCarrier>> MailWayOf(
    const Config& config);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_MAIL_WAY_H_
