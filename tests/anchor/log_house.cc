// SPDX-License-Identifier: Apache-2.0
#include "tests/anchor/log_house.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "gongkai/v1/event.pb.h"
#include "services/audit/record.h"
#include "services/base/ids.h"

namespace gongkai::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "log house: " << what << std::endl;
  std::_Exit(1);
}

void Must(const absl::Status& status) {
  if (!status.ok()) Die(status.ToString());
}

}  // namespace

TempFolder::TempFolder() {
  char path[] = "/var/tmp/gongkai-proof-XXXXXX";
  if (mkdtemp(path) == nullptr) Die("no folder under /var/tmp");
  path_ = path;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TempFolder::Make(const std::string& name) const {
  fs::create_directories(path_ + "/" + name);
  return path_ + "/" + name;
}

std::vector<std::string> TempFolder::Names(const std::string& name) const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_ + "/" + name)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

KeyPair::KeyPair(audit::Suite suite, const std::string& name,
                 audit::KeyUse use) {
  const auto key = audit::SigningKey::Generate(suite);
  Must(key.status());
  pem = key->ToPem();
  as = audit::VerifierKeyOf(*key, name, use).value();
}

audit::SigningKey KeyPair::Again() const {
  return audit::SigningKey::FromPem(pem).value();
}

LogHouse::LogHouse(audit::Suite suite)
    : suite_(suite), database_(TempPostgres::Shared().NewDatabase()) {
  storage::PostgresStore owner(TempPostgres::Shared().Owner(database_), 1);
  Must(owner.CreateLog({kOrigin, static_cast<int>(suite)}, Soon()));
  Open();
}

void LogHouse::Open() {
  auto& postgres = TempPostgres::Shared();
  service_ =
      std::make_unique<storage::PostgresStore>(postgres.Service(database_), 4);
  signer_ =
      std::make_unique<storage::PostgresStore>(postgres.Signer(database_), 4);
}

void LogHouse::Close() { TempPostgres::Shared().TerminateBackends(database_); }

std::string LogHouse::SignerDsn() const {
  return TempPostgres::Shared().Signer(database_);
}

void LogHouse::Record(int n) {
  std::vector<storage::AccessRow> rows;
  for (int i = 0; i < n; ++i) {
    audit::Record record;
    record.suite = suite_;
    record.log_origin = kOrigin;
    record.agency = "SHGXW";
    record.stream = NewUuid(absl::Now());
    record.seq = 1;
    record.event_type = 60;
    record.previous_hash = std::string(32, '\0');
    record.private_commitment = std::string(32, '\0');
    record.event_id = record.stream;
    record.actor.set_account("li");
    record.actor.set_person("li");
    record.actor.set_sign_in("dev");
    record.occurred_date = "2024-03-20";
    v1::Event event;
    event.set_occurred_date(record.occurred_date);
    event.mutable_accessed()->set_kind(v1::SEARCHED);
    event.mutable_accessed()->set_method("SearchCases");
    record.public_body = event.SerializeAsString();
    record.recorded_time =
        absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
    storage::AccessRow row;
    row.agency = record.agency;
    row.access_id = record.stream;
    row.recorded_time = record.recorded_time;
    row.kind = v1::SEARCHED;
    row.record = audit::Encode(record);
    row.leaf_hash = audit::LeafHash(row.record);
    rows.push_back(std::move(row));
  }
  Must(service_->RecordAccess(rows, Soon()));
}

storage::TreeHead LogHouse::Grow(int n) {
  Record(n);
  while (true) {
    const auto done = service_->Sequence(1000, nullptr, Soon());
    Must(done.status());
    if (done->placed == 0) return Head();
  }
}

storage::TreeHead LogHouse::Head() {
  auto head = service_->Head(Soon());
  Must(head.status());
  return *head;
}

std::string LogHouse::Copy() {
  static int copies = 0;
  auto& postgres = TempPostgres::Shared();
  const std::string copy = database_ + "_copy" + std::to_string(++copies);
  Close();
  postgres.Run(
      postgres.Superuser("postgres"),
      "CREATE DATABASE " + copy + " OWNER gongkai_owner TEMPLATE " + database_);
  return copy;
}

void LogHouse::PutBack(const std::string& copy) {
  auto& postgres = TempPostgres::Shared();
  const std::string super = postgres.Superuser("postgres");
  postgres.Run(super, "DROP DATABASE " + database_ + " WITH (FORCE)");
  postgres.Run(super, "CREATE DATABASE " + database_ +
                          " OWNER gongkai_owner TEMPLATE " + copy);
}

void LogHouse::AsSuperuser(const std::string& sql) {
  auto& postgres = TempPostgres::Shared();
  postgres.Run(postgres.Superuser(database_), sql);
}

std::string ProgramPath(const char* name) {
  const char* folder = std::getenv("GONGKAI_BIN_DIR");
  return std::string(folder == nullptr ? "build/dev/bin" : folder) + "/" + name;
}

void WriteSecret(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  if (chmod(path.c_str(), 0600) != 0) Die("cannot write " + path);
}

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace gongkai::test
