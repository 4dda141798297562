// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_VAULT_FILE_H_
#define GONGKAI_SERVICES_SERVER_VAULT_FILE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/vault/vault.h"

namespace gongkai::server {

// The text of a key file. FAILED_PRECONDITION when anybody but its owner can
// read or write it. Whoever takes the text wipes it.
absl::StatusOr<std::string> ReadVaultText(const std::string& file);

// The outer keys in a file, as long as the service runs. Thread-safe.
class VaultFile {
 public:
  static absl::StatusOr<std::unique_ptr<VaultFile>> Open(std::string file);

  vault::Vault& vault() { return *vault_; }
  // Takes in the file when it changed. What is wrong with it is told in the log
  // once; the keys stay as they were then.
  void Refresh();

 private:
  VaultFile(std::string file, std::unique_ptr<vault::Vault> vault)
      : file_(std::move(file)), vault_(std::move(vault)) {}
  absl::Status Read();

  const std::string file_;
  const std::unique_ptr<vault::Vault> vault_;
  absl::Mutex mutex_;
  // Size, time and number of the file when it was read last.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_VAULT_FILE_H_
