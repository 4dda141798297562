// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_ACCOUNT_VERBS_H_
#define GONGKAI_SERVICES_SERVER_ACCOUNT_VERBS_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// Adds the verb group `account` to `app`: the first accounts of an agency, and
// a new beginning for one when no administrator can give it. A line of it
// leaves in `run` what is to be done, which returns the exit code.
void AddAccountVerbs(CLI::App& app, std::function<int()>& run);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_ACCOUNT_VERBS_H_
