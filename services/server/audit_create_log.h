// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_AUDIT_CREATE_LOG_H_
#define GONGKAI_SERVICES_SERVER_AUDIT_CREATE_LOG_H_

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// `audit create-log`: names the log and chooses its suite, once, before
// anything is recorded. A database that is not told has the log `gongkai` with
// sha256-ed25519.
struct CreateLogOptions {
  std::string database;  // as the owner
  std::string origin;
  std::string suite = "sha256-ed25519";
};
CLI::App& AddCreateLog(CLI::App& audit, CreateLogOptions& options);
int RunCreateLog(const CreateLogOptions& options);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_AUDIT_CREATE_LOG_H_
