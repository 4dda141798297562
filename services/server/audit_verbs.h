// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_AUDIT_VERBS_H_
#define GONGKAI_SERVICES_SERVER_AUDIT_VERBS_H_

#include <functional>

#include "absl/status/status.h"

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// Exit codes of everything that checks: sound or done; altered, refused or not
// consistent; could not be checked.
inline constexpr int kSound = 0;
inline constexpr int kAltered = 1;
inline constexpr int kNotChecked = 2;

// Says on standard error what `status` says, if it is an error, and returns its
// exit code: kAltered for DATA_LOSS and FAILED_PRECONDITION, kNotChecked for
// every other error.
int Finish(const absl::Status& status);

// Adds the verb group `audit` to `app`. A line of it leaves in `run` what is to
// be done, which returns the exit code.
void AddAuditVerbs(CLI::App& app, std::function<int()>& run);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_AUDIT_VERBS_H_
