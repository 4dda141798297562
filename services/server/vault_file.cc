// SPDX-License-Identifier: Apache-2.0
#include "services/server/vault_file.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "services/base/files.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/vault/secret.h"

namespace gongkai::server {
namespace {

constexpr size_t kMostBytes = 1 << 16;
constexpr mode_t kOthers = 0077;

// What tells a changed file from the same one; empty when there is none.
std::string LooksOf(const std::string& file) {
  struct stat is {};
  if (stat(file.c_str(), &is) != 0) return "";
  return absl::StrCat(is.st_ino, " ", is.st_size, " ", is.st_mtim.tv_sec, " ",
                      is.st_mtim.tv_nsec, " ", is.st_mode);
}

absl::Status About(const std::string& file, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(file, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::string> ReadVaultText(const std::string& file) {
  ASSIGN_OR_RETURN(FileRead read, ReadSmallFile(file, kMostBytes));
  if ((read.mode & kOthers) != 0) {
    vault::Wipe(read.bytes);
    return absl::FailedPreconditionError(absl::StrCat(
        file,
        " is open to others than its owner: set its mode to 0600, and add a "
        "newer key (keys rotate) if it was read"));
  }
  return std::move(read.bytes);
}

absl::StatusOr<std::unique_ptr<VaultFile>> VaultFile::Open(std::string file) {
  std::string looks = LooksOf(file);
  ASSIGN_OR_RETURN(std::string text, ReadVaultText(file));
  auto vault = vault::Vault::Parse(text);
  vault::Wipe(text);
  if (!vault.ok()) return About(file, vault.status());
  std::unique_ptr<VaultFile> opened(
      new VaultFile(std::move(file), *std::move(vault)));
  {
    const absl::MutexLock lock(&opened->mutex_);
    opened->seen_ = std::move(looks);
  }
  VaultFile* const self = opened.get();
  opened->vault_->WhenMissing([self] { self->Refresh(); });
  return opened;
}

absl::Status VaultFile::Read() {
  ASSIGN_OR_RETURN(std::string text, ReadVaultText(file_));
  const absl::Status status = vault_->Reload(text);
  vault::Wipe(text);
  return status.ok() ? status : About(file_, status);
}

void VaultFile::Refresh() {
  const absl::MutexLock lock(&mutex_);
  std::string looks = LooksOf(file_);
  if (looks == seen_) return;
  seen_ = std::move(looks);
  const absl::Status status = Read();
  if (status.ok()) {
    Log(Severity::kInfo, "outer keys read anew",
        {{"newest", static_cast<int64_t>(vault_->newest())}});
  } else {
    Log(Severity::kError, "the key file is not taken",
        {{"why", std::string(status.message())}});
  }
}

}  // namespace gongkai::server
