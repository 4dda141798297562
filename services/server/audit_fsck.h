// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_AUDIT_FSCK_H_
#define GONGKAI_SERVICES_SERVER_AUDIT_FSCK_H_

#include <string>
#include <vector>

#include "services/server/check_output.h"

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// `audit fsck`: recomputes everything that proves the log from the tables, and
// holds it against checkpoints that were kept outside.
struct FsckVerbOptions {
  std::string database;              // as gongkai_auditor
  std::vector<std::string> keys;     // verifier keys, or files of them
  std::vector<std::string> anchors;  // folders
  std::vector<std::string> old;      // files
  std::string vault;  // key file; empty: sealed parts are not opened
  CheckOutputOptions output;
};
CLI::App& AddFsck(CLI::App& audit, FsckVerbOptions& options);
// kSound, kAltered when anything was found, kNotChecked when the database, a
// key or a checkpoint cannot be read.
int RunFsck(const FsckVerbOptions& options);

// `audit reconcile`: folds the events and compares with every row that follows
// from them.
struct ReconcileVerbOptions {
  std::string database;  // as gongkai_auditor
  std::string rulebook;
  std::string request_key;
  std::string vault;  // as of fsck
  CheckOutputOptions output;
};
CLI::App& AddReconcile(CLI::App& audit, ReconcileVerbOptions& options);
int RunReconcile(const ReconcileVerbOptions& options);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_AUDIT_FSCK_H_
