// SPDX-License-Identifier: Apache-2.0
// A newer outer key is taken while the service runs: every data key comes under
// it, and what was sealed under the older is read as before.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/files.h"
#include "services/jobs/key_rotation.h"
#include "services/server/vault_file.h"
#include "storage/postgres/postgres_store.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::TempPostgres;
using test::TestService;
using testing::HasSubstr;

class Rotation : public ::testing::Test {
 protected:
  Rotation() {
    char path[] = "/tmp/gongkai-rotation-XXXXXX";
    folder_ = mkdtemp(path);
    file_ = folder_ + "/vault";
    text_ = vault::Vault::Generate(vault::Cipher::kSm4CtrHmacSm3, "").value();
    EXPECT_TRUE(CreateFile(file_, text_, 0600).ok());
    TestService::Options options;
    options.config.vault = file_;
    options.calendar = false;
    service_ = std::make_unique<TestService>(options);
  }
  ~Rotation() override {
    service_.reset();
    unlink(file_.c_str());
    rmdir(folder_.c_str());
  }

  void AddKey() {
    text_ =
        vault::Vault::Generate(vault::Cipher::kSm4CtrHmacSm3, text_).value();
    EXPECT_TRUE(ReplaceFile(file_, text_, 0600).ok());
  }
  std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service_->database()), sql);
  }
  bool Becomes(const std::string& sql, const std::string& answer) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end) {
      if (Ask(sql) == answer) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }

  std::string folder_;
  std::string file_;
  std::string text_;
  std::unique_ptr<TestService> service_;
};

TEST_F(Rotation, EveryKeyComesUnderTheNewestWithoutARestart) {
  const std::string name =
      service_->Receive("申请公开专项资金清单。").receipt().name();
  for (int i = 0; i < 30; ++i) service_->Receive("申请公开另一件。");
  const std::string all = Ask("SELECT count(*) FROM data_key");
  EXPECT_EQ(Ask("SELECT count(*) FROM data_key WHERE outer_key = 1"), all);
  // Account secrets lie under the older one too.
  const std::string sealed =
      vault::Vault::Parse(text_)
          .value()
          ->SealSecret(vault::CredentialContext("SHGXW", "li"), "otp")
          .value();
  storage::PostgresStore store(
      TempPostgres::Shared().Service(service_->database()), 1);
  const absl::Time soon = absl::Now() + absl::Seconds(20);
  ASSERT_TRUE(store.PutCredential("SHGXW", "li", 0, sealed, soon).value());

  AddKey();
  service_->service().LookAtKeys();
  EXPECT_TRUE(
      Becomes("SELECT count(*) FROM data_key WHERE outer_key = 2", all));
  EXPECT_EQ(Ask("SELECT count(*) FROM data_key WHERE outer_key = 1"), "0");
  EXPECT_TRUE(Becomes("SELECT outer_key_of(sealed) FROM credential", "2"));
  const auto secret = store.ReadCredential("SHGXW", "li", soon);
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(
      vault::Vault::Parse(text_)
          .value()
          ->OpenSecret(vault::CredentialContext("SHGXW", "li"), secret->sealed)
          .value(),
      "otp");
  EXPECT_EQ(service_->Get(name).content(), "申请公开专项资金清单。");
  service_->Receive("申请公开第三件。");
  EXPECT_EQ(Ask("SELECT count(*) FROM data_key WHERE outer_key = 1"), "0");

  // The older one is not needed any more.
  std::string without = text_;
  const size_t line = without.find("key 1 ");
  without.erase(line, without.find('\n', line) + 1 - line);
  ASSERT_TRUE(ReplaceFile(file_, without, 0600).ok());
  service_->service().LookAtKeys();
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(service_->Get(name).content(), "申请公开专项资金清单。");
}

TEST_F(Rotation, ASpoiledFileChangesNothing) {
  const std::string name = service_->Receive("申请公开。").receipt().name();
  ASSERT_TRUE(ReplaceFile(file_, "key 1 nothing\n", 0600).ok());
  service_->service().LookAtKeys();
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(service_->Get(name).content(), "申请公开。");
  EXPECT_EQ(
      service_->Get(service_->Receive("又一件。").receipt().name()).content(),
      "又一件。");
}

TEST_F(Rotation, WhatWasKeptBareIsSealed) {
  const std::string name =
      service_->Receive("申请公开梧桐里。").receipt().name();
  // As it lay before there were keys.
  auto keys = server::VaultFile::Open(file_).value();
  const std::string stream =
      Ask("SELECT stream_id FROM private_part WHERE agency_id = 'SHGXW' "
          "ORDER BY stream_id DESC LIMIT 1");
  storage::PostgresStore store(
      TempPostgres::Shared().Service(service_->database()), 2, &keys->vault());
  const absl::Time soon = absl::Now() + absl::Seconds(20);
  const auto history = store.LoadStream("SHGXW", stream, "", true, soon);
  ASSERT_TRUE(history.ok()) << history.status();
  const auto& part = history->events.front();
  const auto hex = [](const std::string& bytes) {
    std::string text;
    for (const char c : bytes) {
      static const char kDigits[] = "0123456789abcdef";
      text.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
      text.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
    }
    return text;
  };
  Ask("SET session_replication_role = replica; UPDATE private_part SET salt = "
      "'\\x" +
      hex(part.salt) + "', payload = '\\x" + hex(part.payload) +
      "' WHERE stream_id = '" + stream + "' AND seq = 1");
  EXPECT_EQ(service_->Get(name).content(), "申请公开梧桐里。");

  jobs::KeyRotation job({store, store, keys->vault(), {}, {}}, {});
  EXPECT_TRUE(Becomes(
      "SELECT count(*) FROM private_part WHERE octet_length(salt) > 0", "0"));
  job.Stop();
  EXPECT_EQ(service_->Get(name).content(), "申请公开梧桐里。");
}

TEST_F(Rotation, AFileThatOthersCanReadIsRefused) {
  ASSERT_EQ(chmod(file_.c_str(), 0640), 0);
  const auto opened = server::VaultFile::Open(file_);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()),
              HasSubstr("open to others"));
}

TEST_F(Rotation, AKeyThatIsGoneIsTold) {
  service_->Receive("申请公开。");
  AddKey();
  std::string without = text_;
  const size_t line = without.find("key 1 ");
  without.erase(line, without.find('\n', line) + 1 - line);
  const auto vault = vault::Vault::Parse(without).value();
  storage::PostgresStore store(
      TempPostgres::Shared().Service(service_->database()), 2, vault.get());
  jobs::KeyRotation job({store, store, *vault, {}, {}}, {});
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (job.stuck() == 0 && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_GT(job.stuck(), 0);
  EXPECT_EQ(job.done(), 0);
  EXPECT_GT(job.waiting(), 0);
}

}  // namespace
}  // namespace gongkai
