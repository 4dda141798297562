// SPDX-License-Identifier: Apache-2.0
// After a restore from backup the log stands still, acts wait and lose nothing,
// and it goes on when two persons have recorded the fork.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "services/audit/encoding.h"
#include "services/jobs/signer.h"
#include "services/server/anchor_folder.h"
#include "services/server/log_guard.h"
#include "tests/act/whole.h"
#include "tests/anchor/log_house.h"
#include "tests/support/test_service.h"
#include "tests/support/test_vault.h"

namespace gongkai::server {
namespace {

namespace fs = std::filesystem;
using test::KeyPair;
using test::Soon;
using test::TempFolder;
using test::TempPostgres;
using test::TestService;
using ::testing::HasSubstr;

constexpr char kOrigin[] = "gongkai";
constexpr absl::Duration kPatience = absl::Seconds(30);

struct Memory : jobs::SignerMemory {
  absl::StatusOr<std::string> Read() override { return note; }
  absl::Status Write(const std::string& next) override {
    note = next;
    return absl::OkStatus();
  }
  std::string note;
};

// Whether `holds` comes true in time.
bool Await(const std::function<bool()>& holds) {
  const absl::Time end = absl::Now() + kPatience;
  while (absl::Now() < end) {
    if (holds()) return true;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return false;
}

class GuardTest : public ::testing::Test {
 protected:
  GuardTest() { Start(); }

  // The service over the database, whatever is in it.
  void Start() {
    TestService::Options options;
    options.config.anchor_folders = {folder_};
    options.config.log_keys = {key_.as.ToText()};
    options.config.connections = 8;
    options.calendar = false;
    options.database = database_;
    service_.reset();
    service_ = std::make_unique<TestService>(options);
    database_ = service_->database();
  }
  void Receive(int n) {
    for (int i = 0; i < n; ++i) service_->Receive("申请公开。");
  }
  int64_t Queued() { return std::stoll(Ask("SELECT count(*) FROM log_queue")); }
  std::string Ask(const std::string& sql) {
    return postgres_.Run(postgres_.Superuser(database_), sql);
  }
  // All entries have their place.
  storage::TreeHead Settled() {
    EXPECT_TRUE(Await([&] { return Queued() == 0; }));
    return service_->service().store().Head(Soon()).value();
  }
  bool Stopped() { return service_->service().sequencer().stopped(); }

  absl::StatusOr<bool> Sign(const std::string& given_up = "") {
    storage::PostgresStore store(postgres_.Signer(database_), 2);
    std::vector<jobs::Signer::Key> keys;
    keys.push_back({key_.Again(), key_.as});
    jobs::Signer::Options options{kOrigin};
    options.given_up_root = given_up;
    jobs::Signer signer(store, store, store, memory_, std::move(keys), options);
    const auto done = signer.Sign(Soon());
    if (!done.ok()) return done;
    AnchorFolder folder(folder_, {key_.as});
    const absl::Status carried = signer.Carry(folder, Soon());
    if (!carried.ok()) return carried;
    return done;
  }

  // Nobody else comes in between; the service finds the database away.
  void CopyDatabase(const std::string& from, const std::string& to) {
    const std::string super = postgres_.Superuser("postgres");
    postgres_.Run(super, "ALTER DATABASE " + from + " ALLOW_CONNECTIONS false");
    postgres_.TerminateBackends(from);
    postgres_.Run(super, "CREATE DATABASE " + to +
                             " OWNER gongkai_owner TEMPLATE " + from);
    postgres_.Run(super, "ALTER DATABASE " + from + " ALLOW_CONNECTIONS true");
  }
  std::string Backup() {
    const std::string copy = database_ + "_backup" + std::to_string(++backups_);
    CopyDatabase(database_, copy);
    return copy;
  }
  void Restore(const std::string& copy) {
    postgres_.Run(postgres_.Superuser("postgres"),
                  "DROP DATABASE " + database_ + " WITH (FORCE)");
    CopyDatabase(copy, database_);
  }

  // Two persons record what the service found.
  void RecordFork() {
    const auto found = service_->service().guard().fork();
    ASSERT_TRUE(found.has_value());
    auto& performer = service_->service().performer();
    v1::StateForkRequest state;
    state.set_request_id(service_->NewRequestId());
    *state.mutable_fork() = *found;
    state.mutable_fork()->set_document_number("某报〔2024〕1号");
    const auto stated = performer.StateFork(shen_, state, found, Soon());
    ASSERT_TRUE(stated.ok()) << stated.status();
    // One person alone changes nothing.
    absl::SleepFor(absl::Seconds(2));
    EXPECT_TRUE(Stopped());
    v1::ConfirmForkRequest confirm;
    confirm.set_request_id(service_->NewRequestId());
    confirm.set_statement(stated->seq());
    const auto confirmed = performer.ConfirmFork(bao_, confirm, found, Soon());
    ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  }
  void ExpectStands(int64_t outside, int64_t tree) {
    ASSERT_TRUE(Await([&] { return Stopped(); }));
    const auto fork = service_->service().guard().fork();
    ASSERT_TRUE(fork.has_value());
    EXPECT_EQ(fork->outside_size(), outside);
    EXPECT_EQ(fork->tree_size(), tree);
    EXPECT_THAT(service_->service().metrics().Text(),
                HasSubstr("gongkai_log_stopped 1"));
    EXPECT_EQ(service_->service().store().Head(Soon())->size, tree);
  }
  void ExpectGoesOn() {
    EXPECT_TRUE(Await([&] { return !Stopped() && Queued() == 0; }));
    EXPECT_FALSE(service_->service().guard().fork().has_value());
    EXPECT_THAT(service_->service().metrics().Text(),
                HasSubstr("gongkai_log_stopped 0"));
  }

  const auth::Caller shen_ = {
      "shen", "shen", {v1::ROLE_AUDIT_ADMIN}, "CN", "dev"};
  const auth::Caller bao_ = {
      "bao", "bao", {v1::ROLE_SECURITY_ADMIN}, "CN", "dev"};
  TempPostgres& postgres_ = TempPostgres::Shared();
  TempFolder home_;
  std::string folder_ = home_.Make("anchors");
  KeyPair key_{audit::Suite::kSha256Ed25519, kOrigin, audit::KeyUse::kSign};
  Memory memory_;
  std::string database_;
  std::unique_ptr<TestService> service_;
  int backups_ = 0;
};

TEST_F(GuardTest, ARestoreUnderTheRunningServiceIsFoundAndTwoPersonsGoOn) {
  Receive(3);
  const storage::TreeHead early = Settled();
  const std::string backup = Backup();
  Receive(4);
  const storage::TreeHead late = Settled();
  ASSERT_TRUE(Sign().ok());
  Restore(backup);
  Receive(2);
  ExpectStands(late.size, early.size);
  const int64_t waiting = Queued();
  EXPECT_GE(waiting, 2);
  EXPECT_TRUE(absl::IsFailedPrecondition(Sign().status()));
  RecordFork();
  ExpectGoesOn();
  const storage::TreeHead forked = Settled();
  // What waited, the statement and its confirmation.
  EXPECT_EQ(forked.size, early.size + waiting + 2);
  // The signer needs its own operator.
  EXPECT_TRUE(absl::IsFailedPrecondition(Sign().status()));
  EXPECT_EQ(Sign(audit::ToHex(late.root)).value(), true);
  // A restart stands on the same ground.
  Start();
  Receive(1);
  ExpectGoesOn();
  const test::Whole whole = test::ReadWhole(postgres_, database_);
  EXPECT_TRUE(whole.faults.empty()) << test::FaultsOf(whole);
}

TEST_F(GuardTest, ARestoreWhileTheServiceIsDownIsFoundByTheFolder) {
  Receive(3);
  const storage::TreeHead early = Settled();
  const std::string backup = Backup();
  Receive(4);
  const storage::TreeHead late = Settled();
  ASSERT_TRUE(Sign().ok());
  service_.reset();
  Restore(backup);
  Start();
  Receive(1);
  ExpectStands(late.size, early.size);
  EXPECT_GE(Queued(), 1);
}

TEST_F(GuardTest, AForkExcusesNoLaterRestore) {
  Receive(3);
  Settled();
  const std::string first = Backup();
  Receive(9);
  const storage::TreeHead late = Settled();
  ASSERT_TRUE(Sign().ok());
  Restore(first);
  Receive(1);
  ASSERT_TRUE(Await([&] { return Stopped(); }));
  RecordFork();
  ExpectGoesOn();
  Settled();
  const std::string second = Backup();
  Receive(2);
  const storage::TreeHead between = Settled();
  ASSERT_LT(between.size, late.size);
  ASSERT_EQ(Sign(audit::ToHex(late.root)).value(), true);
  service_.reset();
  Restore(second);
  Start();
  Receive(1);
  ASSERT_TRUE(Await([&] { return Stopped(); }));
  EXPECT_EQ(service_->service().guard().fork()->outside_size(), between.size);
  RecordFork();
  ExpectGoesOn();
}

TEST_F(GuardTest, WhatOnlyThisServerSawCountsToo) {
  Receive(3);
  const storage::TreeHead early = Settled();
  const std::string backup = Backup();
  Receive(4);
  const storage::TreeHead late = Settled();  // nothing is signed
  Restore(backup);
  Receive(5);
  ExpectStands(late.size, early.size);
  RecordFork();
  ExpectGoesOn();
}

TEST_F(GuardTest, AnAlteredTreeIsNotTakenUp) {
  Receive(3);
  Settled();
  ASSERT_TRUE(Sign().ok());
  service_.reset();
  Ask("UPDATE log SET root = sha256('x') WHERE log_id = 1");
  Start();
  Receive(1);
  EXPECT_TRUE(Await([&] { return Stopped(); }));
  EXPECT_GE(Queued(), 1);
}

TEST_F(GuardTest, AnUnmountedFolderIsNoEmptyFolder) {
  Receive(3);
  Settled();
  ASSERT_TRUE(Sign().ok());
  service_.reset();
  fs::rename(folder_, folder_ + ".away");
  Start();  // the folder is not there
  Receive(1);
  EXPECT_TRUE(Await([&] { return Stopped(); }));
  fs::create_directory(folder_);  // nothing is mounted on it
  absl::SleepFor(absl::Seconds(2));
  EXPECT_TRUE(Stopped());
  fs::remove(folder_);
  fs::rename(folder_ + ".away", folder_);
  ExpectGoesOn();
}

TEST_F(GuardTest, AFolderUnderAnotherKeyIsRefused) {
  Receive(3);
  Settled();
  ASSERT_TRUE(Sign().ok());
  service_.reset();
  const KeyPair other(audit::Suite::kSha256Ed25519, kOrigin,
                      audit::KeyUse::kSign);
  std::swap(key_.as, const_cast<audit::VerifierKey&>(other.as));
  Start();
  Receive(1);
  EXPECT_TRUE(Await([&] { return Stopped(); }));
}

TEST_F(GuardTest, AFolderNeedsAKey) {
  server::Config config;
  config.anchor_folders = {folder_};
  test::WriteSecret(home_.path() + "/request.key", std::string(32, 'k'));
  config.request_key = home_.path() + "/request.key";
  config.vault = test::TestVaultFile();
  config.rulebook =
      std::string(std::getenv("GONGKAI_SOURCE_DIR")) + "/ops/rulebook";
  config.listen = "127.0.0.1:0";
  config.admin_listen = "";
  config.insecure_loopback = true;
  config.metrics = "";
  SystemClock clock;
  const auto started = server::Service::Start(config, clock);
  EXPECT_TRUE(absl::IsInvalidArgument(started.status()));
}

}  // namespace
}  // namespace gongkai::server
