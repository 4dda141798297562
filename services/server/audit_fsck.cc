// SPDX-License-Identifier: Apache-2.0
#include "services/server/audit_fsck.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/act/fsck.h"
#include "services/act/reconcile.h"
#include "services/act/registry.h"
#include "services/audit/encoding.h"
#include "services/audit/note.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"
#include "services/server/config.h"
#include "services/server/key_files.h"
#include "services/server/vault_file.h"
#include "storage/postgres/postgres_scan.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostNoteBytes = 1 << 20;
// Of an anchor folder the newest so many: each proves all that came before it,
// and older ones can only show that the signer once signed something else.
constexpr size_t kMostAnchors = 10'000;

void AddOutput(CLI::App& verb, CheckOutputOptions& output) {
  verb.add_option("--limit-findings", output.limit,
                  "Findings printed; all are counted")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  verb.add_option("--output", output.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void AddVault(CLI::App& verb, std::string& vault) {
  verb.add_option("--vault", vault,
                  "Key file of the vault: also check what is sealed");
}

// The keys in a file; none without one.
absl::StatusOr<std::unique_ptr<VaultFile>> OpenVault(const std::string& file) {
  if (file.empty()) return nullptr;
  return VaultFile::Open(file);
}

storage::Sealer* SealerOf(const std::unique_ptr<VaultFile>& file) {
  return file == nullptr ? nullptr : &file->vault();
}

// The checkpoint in a file.
absl::StatusOr<act::OutsideCheckpoint> ReadOutside(
    const std::string& path, const std::vector<audit::VerifierKey>& keys) {
  const auto read = ReadSmallFile(path, kMostNoteBytes);
  if (!read.ok()) return read.status();
  const auto open = audit::OpenCheckpoint(read->bytes, keys);
  if (!open.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", open.status().message()));
  }
  return act::OutsideCheckpoint{absl::StrCat("the checkpoint in ", path),
                                open->checkpoint.size, open->checkpoint.root,
                                read->changed};
}

// The newest files of an anchor folder, by their names. What is no checkpoint
// (a file torn by a crash, somebody's own) is passed over.
absl::Status ReadFolder(const std::string& folder,
                        const std::vector<audit::VerifierKey>& keys,
                        std::vector<act::OutsideCheckpoint>& outside) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".note") continue;
    names.push_back(it->path().filename().string());
    std::push_heap(names.begin(), names.end(), std::greater<>());
    if (names.size() <= kMostAnchors) continue;
    std::pop_heap(names.begin(), names.end(), std::greater<>());
    names.pop_back();
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "the anchor folder ", folder, " cannot be read: ", error.message()));
  }
  const size_t before = outside.size();
  absl::Status last = absl::NotFoundError(absl::StrCat(
      "the anchor folder ", folder, " holds no checkpoint: is it mounted?"));
  for (const std::string& name : names) {
    auto read = ReadOutside(absl::StrCat(folder, "/", name), keys);
    if (read.ok()) {
      outside.push_back(*std::move(read));
    } else {
      last = read.status();
    }
  }
  return outside.size() > before ? absl::OkStatus() : last;
}

absl::Status ReadAllOutside(const FsckVerbOptions& options,
                            act::FsckOptions& into,
                            std::vector<std::string>& unread) {
  ASSIGN_OR_RETURN(into.keys, ReadVerifierKeys(options.keys));
  if (into.keys.empty() && !(options.anchors.empty() && options.old.empty())) {
    return absl::InvalidArgumentError(
        "checkpoints from outside are worth as much as their signatures: give "
        "the verifier key with --vkey");
  }
  for (const std::string& file : options.old) {
    auto read = ReadOutside(file, into.keys);
    if (read.ok()) {
      into.outside.push_back(*std::move(read));
    } else {
      unread.push_back(std::string(read.status().message()));
    }
  }
  for (const std::string& folder : options.anchors) {
    const absl::Status status = ReadFolder(folder, into.keys, into.outside);
    if (!status.ok()) unread.push_back(std::string(status.message()));
  }
  return absl::OkStatus();
}

CheckOutput::Account AccountOf(const act::FsckReport& report) {
  if (report.origin.empty()) return {};
  return {{"log", report.origin},
          {"suite", report.suite},
          {"streams", report.streams},
          {"events", report.events},
          {"access_records", report.accesses},
          {"waiting", report.queued},
          {"erased", report.erased},
          {"returns", report.returns},
          {"tree_size", report.tree_size},
          {"root", audit::ToHex(report.root)},
          {"checkpoints", report.checkpoints},
          {"anchors", report.anchors},
          {"proved_from_outside", report.proved_size}};
}

}  // namespace

CLI::App& AddFsck(CLI::App& audit, FsckVerbOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "fsck", "Recompute everything that proves the log from the tables");
  verb.add_option("--database", options.database,
                  "Connection string, as the auditor")
      ->required();
  verb.add_option("--vkey", options.keys,
                  "Verifier key of the log or a witness, or a file of them");
  verb.add_option("--anchor-dir", options.anchors,
                  "Folder of checkpoints outside the database");
  verb.add_option("--old", options.old, "File of a checkpoint that was kept");
  AddVault(verb, options.vault);
  AddOutput(verb, options.output);
  return verb;
}

int RunFsck(const FsckVerbOptions& options) {
  CheckOutput output(options.output);
  act::FsckOptions fsck;
  std::vector<std::string> unread;
  act::FsckReport report;
  absl::Status status = ReadAllOutside(options, fsck, unread);
  const auto vault = OpenVault(options.vault);
  if (status.ok()) status = vault.status();
  if (status.ok()) {
    fsck.progress = output.progress();
    status = storage::ReadSnapshot(
        options.database,
        [&](storage::Scan& scan) -> absl::Status {
          ASSIGN_OR_RETURN(report, act::Fsck(scan, fsck, output.findings()));
          return absl::OkStatus();
        },
        SealerOf(*vault));
  }
  return output.End(status, AccountOf(report), report.unchecked, unread);
}

CLI::App& AddReconcile(CLI::App& audit, ReconcileVerbOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "reconcile", "Fold the events and compare with every row of them");
  verb.add_option("--database", options.database,
                  "Connection string, as the auditor")
      ->required();
  verb.add_option("--rulebook", options.rulebook, "Folder of the rule sets");
  verb.add_option("--request-key", options.request_key,
                  "The service's key file: also check what is keyed by it");
  AddVault(verb, options.vault);
  AddOutput(verb, options.output);
  return verb;
}

int RunReconcile(const ReconcileVerbOptions& options) {
  CheckOutput output(options.output);
  act::ReconcileReport report;
  const auto check = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(law::Rulebook rules, ReadRulebook(options.rulebook));
    act::ReconcileOptions reconcile;
    if (!options.request_key.empty()) {
      ASSIGN_OR_RETURN(reconcile.request_key, ReadKey(options.request_key));
    }
    ASSIGN_OR_RETURN(const std::unique_ptr<VaultFile> vault,
                     OpenVault(options.vault));
    if (vault != nullptr) {
      reconcile.blind_index = [&vault](std::string_view use,
                                       std::string_view value) {
        return vault->vault().BlindIndex(use, value);
      };
    }
    reconcile.progress = output.progress();
    storage::PostgresStore store(options.database, 1, SealerOf(vault));
    act::Registry registry(store, std::move(rules));
    return storage::ReadSnapshot(
        options.database,
        [&](storage::Scan& scan) -> absl::Status {
          ASSIGN_OR_RETURN(report, act::Reconcile(scan, registry, reconcile,
                                                  output.findings()));
          return absl::OkStatus();
        },
        SealerOf(vault));
  };
  const absl::Status status = check();
  const CheckOutput::Account account = {{"streams", report.streams},
                                        {"cases", report.cases},
                                        {"events", report.events},
                                        {"limits", report.limits},
                                        {"requests", report.requests}};
  return output.End(status, account, report.unchecked, {});
}

}  // namespace gongkai::server
