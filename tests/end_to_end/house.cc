// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/house.h"

#include <signal.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/str_join.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "house: " << what << std::endl;
  std::_Exit(1);
}

std::string FromEnvironment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

// As `gongkai-server account init` takes them.
const std::vector<std::string>& Staff() {
  static const auto& staff = *new std::vector<std::string>{
      "handler=handler",
      "secrecy_reviewer=secrecy_reviewer",
      "legal_reviewer=legal_reviewer",
      "signer=signer",
      "disclosure_head=disclosure_head",
      "archivist=archivist",
      "legal_auditor=legal_auditor",
      "manager=manager",
      "deputy_head=handler,signer,disclosure_head"};
  return staff;
}

}  // namespace

std::string SourceDir() { return FromEnvironment("GONGKAI_SOURCE_DIR", "."); }

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) Die("cannot read " + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void WriteText(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush().good()) Die("cannot write " + path);
}

House::House() : House(Options()) {}

House::House(const Options& options)
    : port_(options.port), metrics_(options.metrics) {
  char path[] = "/tmp/gongkai-house-XXXXXX";
  if (mkdtemp(path) == nullptr) Die("no folder under /tmp");
  folder_ = path;
  WriteText(folder_ + "/request.key", std::string(32, 'k'));
  if (options.durable) {
    TempPostgres::Options durable;
    durable.fsync = true;
    own_ = std::make_unique<TempPostgres>(durable);
    postgres_ = own_.get();
  } else {
    postgres_ = &TempPostgres::Shared();
  }
  database_ = postgres_->EmptyDatabase();
  MustRun({Program("gongkai-server"), "migrate", "--database",
           postgres_->Owner(database_)});
  if (!options.suite.empty()) {
    MustRun({Program("gongkai-server"), "audit", "create-log", "--database",
             postgres_->Owner(database_), "--origin", kOrigin, "--suite",
             options.suite});
  }
  AddAgency(kAgency);
  AddAgency(kOther);
  AddAccounts(kNation,
              {"system_admin=system_admin", "security_admin=security_admin",
               "audit_admin=audit_admin"});
  AddAccounts(kAgency, Staff());
  AddAccounts(kOther, Staff());
  StartServer();
  people_ = std::make_unique<People>(NewChannel(), folder_ + "/codes");
  if (options.calendar) MustCli({"calendar", "load"});
}

House::~House() {
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string House::address() const {
  return port_ == 0 ? "unix:" + folder_ + "/socket"
                    : "127.0.0.1:" + std::to_string(port_);
}

std::string House::Program(const char* name) const {
  return FromEnvironment("GONGKAI_BIN_DIR", "build/dev/bin") + "/" + name;
}

void House::MustRun(const std::vector<std::string>& arguments) const {
  const Finished finished = RunProgram(arguments, {});
  if (finished.exit != 0) {
    Die(absl::StrJoin(arguments, " ") + "\n" + finished.out + finished.err);
  }
}

void House::AddAgency(const char* code) const {
  MustRun({Program("gongkai-server"), "agency", "add", "--database",
           postgres_->Owner(database_), "--vault", TestVaultFile(), "--code",
           code, "--name", "上海市某某委员会（示例）", "--review-organ",
           "上海市人民政府", "--court", "上海铁路运输法院", "--rulebook",
           SourceDir() + "/ops/rulebook"});
}

void House::AddAccounts(const char* agency,
                        const std::vector<std::string>& accounts) const {
  const std::string codes = folder_ + "/codes/" + agency;
  std::filesystem::create_directories(codes);
  std::vector<std::string> arguments = {Program("gongkai-server"),
                                        "account",
                                        "init",
                                        "--database",
                                        postgres_->Service(database_),
                                        "--vault",
                                        TestVaultFile(),
                                        "--agency",
                                        agency,
                                        "--codes",
                                        codes};
  for (const std::string& account : accounts) {
    arguments.insert(arguments.end(), {"--account", account});
  }
  MustRun(arguments);
}

void House::SignInAll(const std::string& agency) const {
  people_->FillKeyring(agency, address(), cli::Keyring(folder_ + "/keyring"));
}

void House::SignInAt(const std::string& server) const {
  people_->FillKeyring(kAgency, server, cli::Keyring(folder_ + "/keyring"));
}

void House::Identify(const std::string& account, grpc::ClientContext& context,
                     const std::string& agency) const {
  people_->Identify(agency, account, context);
}

void House::StartServer() {
  server_ = std::make_unique<Process>(
      std::vector<std::string>{Program("gongkai-server"),
                               "serve",
                               "--database",
                               postgres_->Service(database_),
                               "--listen",
                               address(),
                               "--metrics",
                               metrics_,
                               "--rulebook",
                               SourceDir() + "/ops/rulebook",
                               "--request-key",
                               folder_ + "/request.key",
                               "--vault",
                               TestVaultFile(),
                               "--admin-listen",
                               admin_address(),
                               "--insecure-loopback",
                               "--account-rate",
                               "0",
                               "--source-rate",
                               "0",
                               "--account-calls",
                               "0",
                               "--password-ops",
                               "1",
                               "--password-mib",
                               "8",
                               "--access-minutes",
                               "60",
                               "--idle-minutes",
                               "90",
                               "--max-backdating-days",
                               "36500"},
      std::vector<std::string>{});
  if (!server_->WaitFor("\"event\":\"serving\"", absl::Seconds(60))) {
    Die("the service does not start\n" + server_->out() + server_->err());
  }
}

void House::KillServer() {
  server_->Signal(SIGKILL);
  server_->Wait();
}

int House::EndServer(int signal) {
  server_->Signal(signal);
  return server_->Wait();
}

Finished House::Cli(const std::vector<std::string>& arguments) const {
  if (!keyring_filled_) {
    SignInAll(kNation);
    SignInAll(kAgency);
    keyring_filled_ = true;
  }
  std::vector<std::string> all = {Program("gongkai")};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return RunProgram(
      all, {"GONGKAI_SERVER=" + address(), "GONGKAI_ADMIN=" + admin_address(),
            std::string("GONGKAI_AGENCY=") + kAgency, "LC_ALL=zh_CN.UTF-8",
            "GONGKAI_INSECURE=1", "GONGKAI_ACCOUNT=@usual",
            "GONGKAI_KEYRING=" + folder_ + "/keyring",
            "GONGKAI_CALENDAR=" + SourceDir() + "/ops/calendar",
            "GONGKAI_RULEBOOK=" + SourceDir() + "/ops/rulebook"});
}

std::string House::MustCli(const std::vector<std::string>& arguments) const {
  const Finished finished = Cli(arguments);
  if (finished.exit != 0) {
    Die("gongkai " + absl::StrJoin(arguments, " ") + " ended with " +
        std::to_string(finished.exit) + "\n" + finished.out + finished.err +
        server_->err());
  }
  return finished.out;
}

std::shared_ptr<grpc::Channel> House::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  return grpc::CreateCustomChannel(
      address(), grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<v1::CaseService::Stub> House::NewStub() const {
  return v1::CaseService::NewStub(NewChannel());
}

std::string House::Ask(std::string_view sql) const {
  return postgres_->Run(postgres_->Superuser(database_), sql);
}

}  // namespace gongkai::test
