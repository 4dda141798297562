// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_KEYS_VERBS_H_
#define GONGKAI_SERVICES_SERVER_KEYS_VERBS_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// Adds the verb group `keys` to `app`: making the file of the outer keys,
// adding a newer key to it, and saying which is still in use. A line of it
// leaves in `run` what is to be done, which returns the exit code.
void AddKeysVerbs(CLI::App& app, std::function<int()>& run);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_KEYS_VERBS_H_
