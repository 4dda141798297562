// SPDX-License-Identifier: Apache-2.0
#include "services/server/audit_sign.h"

#include <signal.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/audit/encoding.h"
#include "services/base/files.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/jobs/signer.h"
#include "services/server/anchor_folder.h"
#include "services/server/audit_verbs.h"
#include "services/server/carriers.h"
#include "services/server/key_files.h"
#include "services/server/witness_client.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {
namespace {

// For one look at the database and what follows from it.
constexpr absl::Duration kTime = absl::Seconds(10);
constexpr size_t kMostNoteBytes = 1 << 16;
constexpr mode_t kOwnerOnly = 0600;

// The memory in a file.
class FileMemory : public jobs::SignerMemory {
 public:
  explicit FileMemory(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::string> Read() override {
    auto read = ReadSmallFile(path_, kMostNoteBytes);
    if (absl::IsNotFound(read.status())) return "";
    RETURN_IF_ERROR(read.status());
    return std::move(read->bytes);
  }
  absl::Status Write(const std::string& note) override {
    return ReplaceFile(path_, note, kOwnerOnly);
  }

 private:
  const std::string path_;
};

struct Timing {
  absl::Duration every;
  absl::Duration anchor_every;
  absl::Duration patience;
};

absl::StatusOr<absl::Duration> ReadDuration(const char* flag,
                                            const std::string& text) {
  absl::Duration read;
  if (absl::ParseDuration(text, &read) && read >= absl::Milliseconds(100) &&
      read <= absl::Hours(24)) {
    return read;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      flag, ": a duration from 100ms to 24h, as in 2s or 1m, is not ", text));
}

absl::StatusOr<Timing> ReadTiming(const SignOptions& options) {
  Timing timing;
  ASSIGN_OR_RETURN(timing.every, ReadDuration("--every", options.every));
  ASSIGN_OR_RETURN(timing.anchor_every,
                   ReadDuration("--anchor-every", options.anchor_every));
  ASSIGN_OR_RETURN(timing.patience,
                   ReadDuration("--patience", options.patience));
  return timing;
}

// Everything that signing needs, in the order of its making.
struct House {
  Timing timing;
  std::optional<FileLock> lock;
  std::optional<FileMemory> memory;
  std::vector<std::unique_ptr<jobs::AnchorPlace>> places;
  std::optional<storage::PostgresStore> store;
  std::optional<jobs::Signer> signer;
};

absl::StatusOr<std::string> ReadRoot(const std::string& text) {
  if (text.empty()) return text;
  const auto root = audit::FromHex(text);
  if (root.ok() && root->size() == audit::kHashBytes) {
    return audit::ToHex(*root);
  }
  return absl::InvalidArgumentError(
      "--accept-fork: a root is 64 hexadecimal digits");
}

absl::StatusOr<std::vector<jobs::Signer::Key>> ReadKeys(
    const std::vector<std::string>& files, const std::string& name) {
  std::vector<jobs::Signer::Key> keys;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(audit::SigningKey key, ReadSigningKey(file));
    ASSIGN_OR_RETURN(audit::VerifierKey as,
                     audit::VerifierKeyOf(key, name, audit::KeyUse::kSign));
    keys.push_back({std::move(key), std::move(as)});
  }
  return keys;
}

// What the folders hold already; looked at only when the memory is empty.
absl::StatusOr<std::vector<storage::TreeHead>> FoundOutside(
    const SignOptions& options, const std::string& origin,
    const std::vector<audit::VerifierKey>& keys) {
  std::vector<storage::TreeHead> heads;
  for (const std::string& folder : options.anchors) {
    ASSIGN_OR_RETURN(const auto found,
                     NewestAnchors(folder, origin, keys, Newest::kLargest));
    for (const FoundAnchor& one : found) {
      heads.push_back({one.open.checkpoint.size, one.open.checkpoint.root});
    }
  }
  return heads;
}

absl::Status Prepare(const SignOptions& options, House& house) {
  ASSIGN_OR_RETURN(house.timing, ReadTiming(options));
  ASSIGN_OR_RETURN(FileLock lock, FileLock::Take(options.state + ".lock"));
  house.lock.emplace(std::move(lock));
  house.memory.emplace(options.state);
  house.store.emplace(
      options.database,
      static_cast<int>(options.anchors.size() + options.witnesses.size() + 1));
  for (const std::string& given : options.witnesses) {
    ASSIGN_OR_RETURN(auto witness,
                     WitnessClient::Make(given, house.timing.patience));
    house.places.push_back(std::move(witness));
  }
  return absl::OkStatus();
}

// Needs the database only when the log is not named.
absl::Status MakeSigner(const SignOptions& options, House& house) {
  jobs::Signer::Options signing;
  signing.origin = options.name;
  if (signing.origin.empty()) {
    ASSIGN_OR_RETURN(const auto log,
                     house.store->Identity(absl::Now() + kTime));
    signing.origin = log.origin;
  }
  ASSIGN_OR_RETURN(signing.given_up_root, ReadRoot(options.accept_fork));
  ASSIGN_OR_RETURN(auto keys, ReadKeys(options.keys, signing.origin));
  std::vector<audit::VerifierKey> known;
  for (const auto& key : keys) known.push_back(key.as);
  ASSIGN_OR_RETURN(const std::string memory, house.memory->Read());
  if (memory.empty()) {
    ASSIGN_OR_RETURN(signing.outside,
                     FoundOutside(options, signing.origin, known));
  }
  for (const std::string& folder : options.anchors) {
    house.places.push_back(std::make_unique<AnchorFolder>(folder, known));
  }
  house.signer.emplace(*house.store, *house.store, *house.store, *house.memory,
                       std::move(keys), std::move(signing));
  return absl::OkStatus();
}

int SignOnce(House& house) {
  const auto done = house.signer->Sign(absl::Now() + kTime);
  if (!done.ok()) return Finish(done.status());
  int exit = kSound;
  for (const auto& place : house.places) {
    const int said = Finish(house.signer->Carry(*place, absl::Now() + kTime));
    // What is refused weighs more than what is away.
    if (exit != kAltered && said != kSound) exit = said;
  }
  if (const auto head = house.signer->signed_head(); head.has_value()) {
    std::printf("%s size %lld, root %s\n", *done ? "signed" : "already signed:",
                static_cast<long long>(head->size),
                audit::ToHex(head->root).c_str());
  }
  return exit;
}

sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Whether a signal to end came within `time`.
bool EndWithin(const sigset_t& signals, absl::Duration time) {
  const timespec wait = absl::ToTimespec(time);
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

int SignUntilSignal(const SignOptions& options, const sigset_t& signals,
                    House& house) {
  Alarm alarm("signer", "");
  while (!house.signer.has_value()) {
    const absl::Status made = MakeSigner(options, house);
    alarm.Say(made);
    // A database that is away comes back; a wrong key does not.
    if (!made.ok() && !absl::IsUnavailable(made)) return Finish(made);
    if (!made.ok() && EndWithin(signals, house.timing.every)) return kSound;
  }
  Carriers carriers(*house.signer, house.places, house.timing.anchor_every);
  do {
    alarm.Say(house.signer->Sign(absl::Now() + kTime).status());
  } while (!EndWithin(signals, house.timing.every));
  Log(Severity::kInfo, "ended", {});
  return kSound;
}

int Sign(const SignOptions& options) {
  // Before any thread is made: each would take the signal for itself.
  sigset_t signals;
  sigemptyset(&signals);
  if (!options.once) signals = BlockEndSignals();
  House house;
  if (const absl::Status ready = Prepare(options, house); !ready.ok()) {
    return Finish(ready);
  }
  if (!options.once) return SignUntilSignal(options, signals, house);
  if (const absl::Status made = MakeSigner(options, house); !made.ok()) {
    return Finish(made);
  }
  return SignOnce(house);
}

}  // namespace

CLI::App& AddSign(CLI::App& audit, SignOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "sign", "Sign the tree while it grows and carry its checkpoints out");
  verb.add_option("--database", options.database,
                  "Connection string, as gongkai_signer")
      ->required();
  verb.add_option("--key", options.keys,
                  "PEM file of the signing key; again while keys change")
      ->required();
  verb.add_option("--name", options.name,
                  "Name of the log; empty takes the one of the database");
  verb.add_option("--state", options.state,
                  "File that keeps what was signed last")
      ->required();
  verb.add_option("--anchor", options.anchors,
                  "Folder that checkpoints go to; may be repeated");
  verb.add_option("--witness", options.witnesses,
                  "URL,VKEY of a witness; may be repeated");
  verb.add_option("--every", options.every, "Between two looks at the tree")
      ->capture_default_str();
  verb.add_option("--anchor-every", options.anchor_every,
                  "Between two checkpoints that go out")
      ->capture_default_str();
  verb.add_option("--patience", options.patience,
                  "How long an answer of a witness is waited for")
      ->capture_default_str();
  verb.add_flag("--once", options.once, "Sign and carry one time, then end");
  verb.add_option("--accept-fork", options.accept_fork,
                  "Give up the last signed checkpoint, of this root");
  return verb;
}

int RunSign(const SignOptions& options) { return Sign(options); }

}  // namespace gongkai::server
