// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_AUDIT_ANCHORS_H_
#define GONGKAI_SERVICES_SERVER_AUDIT_ANCHORS_H_

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// `audit anchors`: the newest checkpoint of an anchor folder and its age, for
// alarms that run by the clock. kAltered when it is older than `max_age`, or
// the folder holds none that is signed.
struct AnchorsOptions {
  std::string folder;
  std::vector<std::string> keys;  // verifier keys of one log, or files
  std::string max_age;            // as absl::ParseDuration; empty: no bound
};
CLI::App& AddAnchors(CLI::App& audit, AnchorsOptions& options);
int RunAnchors(const AnchorsOptions& options);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_AUDIT_ANCHORS_H_
