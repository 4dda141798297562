// SPDX-License-Identifier: Apache-2.0
#include "services/server/keys_verbs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"
#include "services/server/audit_verbs.h"
#include "services/server/vault_file.h"
#include "services/vault/secret.h"
#include "services/vault/vault.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {
namespace {

constexpr absl::Duration kTime = absl::Seconds(60);
constexpr mode_t kOwnerOnly = 0600;

struct KeysOptions {
  std::string file;
  std::string database;
  std::string cipher = "aes-256-gcm";
};

absl::Status Make(const KeysOptions& options) {
  const vault::Cipher cipher = options.cipher == "aes-256-gcm"
                                   ? vault::Cipher::kAes256Gcm
                                   : vault::Cipher::kSm4CtrHmacSm3;
  ASSIGN_OR_RETURN(std::string text, vault::Vault::Generate(cipher, ""));
  const absl::Status made = CreateFile(options.file, text, kOwnerOnly);
  vault::Wipe(text);
  RETURN_IF_ERROR(made);
  std::printf(
      "%s: key 1, %s. Keep a copy elsewhere, apart from the copies of the "
      "database: without this file nothing that is sealed can be read.\n",
      options.file.c_str(), options.cipher.c_str());
  return absl::OkStatus();
}

// A file that another user owns would be that user's no more after it.
absl::Status CheckOwner(const std::string& file) {
  struct stat is {};
  if (stat(file.c_str(), &is) != 0) {
    return absl::NotFoundError(absl::StrCat("cannot read ", file));
  }
  if (is.st_uid == geteuid()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(file, " belongs to another user: run this as its owner"));
}

absl::Status Rotate(const KeysOptions& options) {
  RETURN_IF_ERROR(CheckOwner(options.file));
  // Beside the file, for the file itself is replaced.
  ASSIGN_OR_RETURN(const FileLock lock, FileLock::Take(options.file + ".lock"));
  ASSIGN_OR_RETURN(std::string old, ReadVaultText(options.file));
  auto text = vault::Vault::Generate(vault::Cipher::kAes256Gcm, old);
  vault::Wipe(old);
  if (!text.ok()) return text.status();
  const absl::Status put = ReplaceFile(options.file, *text, kOwnerOnly);
  const auto vault = vault::Vault::Parse(*text);
  vault::Wipe(*text);
  RETURN_IF_ERROR(put);
  RETURN_IF_ERROR(vault.status());
  std::printf(
      "%s: key %d is the newest. Services that run take it within seconds and "
      "bring all keys under it; `keys status` says when an older key is no "
      "longer needed.\n",
      options.file.c_str(), (*vault)->newest());
  return absl::OkStatus();
}

absl::Status PrintStatus(const KeysOptions& options) {
  ASSIGN_OR_RETURN(const auto file, VaultFile::Open(options.file));
  storage::PostgresStore store(options.database, 1);
  ASSIGN_OR_RETURN(std::vector<storage::KeyBook::KeyCount> counts,
                   store.CountKeys(absl::Now() + kTime));
  const std::vector<int> here = file->vault().numbers();
  bool lost = false;
  std::printf("%-6s %12s %12s  %s\n", "key", "data keys", "accounts", "");
  for (const int number : here) {
    const auto at = std::find_if(
        counts.begin(), counts.end(),
        [number](const auto& count) { return count.outer == number; });
    const int64_t keys = at == counts.end() ? 0 : at->keys;
    const int64_t secrets = at == counts.end() ? 0 : at->secrets;
    if (at != counts.end()) counts.erase(at);
    const char* says = number == here.back()       ? "newest"
                       : keys == 0 && secrets == 0 ? "may be removed"
                                                   : "in use";
    std::printf("%-6d %12lld %12lld  %s\n", number,
                static_cast<long long>(keys), static_cast<long long>(secrets),
                says);
  }
  for (const auto& count : counts) {
    lost = true;
    std::printf("%-6d %12lld %12lld  NOT IN THE FILE\n", count.outer,
                static_cast<long long>(count.keys),
                static_cast<long long>(count.secrets));
  }
  if (!lost) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the database has keys under an outer key that is not in the file: put "
      "it back, or what they seal is lost");
}

template <typename Do>
CLI::App& AddVerb(CLI::App& keys, std::function<int()>& run, const char* name,
                  const char* help, const std::shared_ptr<KeysOptions>& options,
                  Do what) {
  CLI::App& verb = *keys.add_subcommand(name, help);
  verb.callback([options, what, &run] {
    run = [options, what] { return Finish(what(*options)); };
  });
  return verb;
}

}  // namespace

void AddKeysVerbs(CLI::App& app, std::function<int()>& run) {
  CLI::App& keys =
      *app.add_subcommand("keys", "The outer keys of what is sealed");
  keys.require_subcommand(1);
  const auto options = std::make_shared<KeysOptions>();
  CLI::App& make = AddVerb(keys, run, "generate",
                           "Make the file, with one key in it", options, Make);
  make.add_option("--out", options->file, "File, which must not exist")
      ->required();
  make.add_option("--cipher", options->cipher,
                  "aes-256-gcm, or sm4-ctr-hmac-sm3 (国密)")
      ->check(CLI::IsMember({"aes-256-gcm", "sm4-ctr-hmac-sm3"}))
      ->capture_default_str();
  AddVerb(keys, run, "rotate", "Add a newer key to the file", options, Rotate)
      .add_option("--file", options->file, "The file")
      ->required();
  CLI::App& status =
      AddVerb(keys, run, "status", "How many keys lie under each outer key",
              options, PrintStatus);
  status
      .add_option("--database", options->database,
                  "Connection string, as the service's role")
      ->required();
  status.add_option("--vault", options->file, "The file")->required();
}

}  // namespace gongkai::server
