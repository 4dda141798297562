// SPDX-License-Identifier: Apache-2.0
#include "tests/transport/tls_house.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {

Folder::Folder() : path_("/tmp/gongkai-transport-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) std::abort();
}

Folder::~Folder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

std::string Folder::Put(const std::string& name, const std::string& text,
                        unsigned mode) const {
  const std::string fresh = Path(name + ".new");
  std::ofstream(fresh, std::ios::binary) << text;
  chmod(fresh.c_str(), mode);
  std::filesystem::rename(fresh, Path(name));
  return Path(name);
}

TlsHouse::TlsHouse() {
  const Issued own = authority_.Issue("gongkai");
  server::Config config;
  config.database = TempPostgres::Shared().Service(home_.test().database());
  config.listen = "127.0.0.1:0";
  config.admin_listen = "127.0.0.1:0";
  config.metrics = "";
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  config.rulebook =
      absl::StrCat(source == nullptr ? "." : source, "/ops/rulebook");
  config.request_key = folder_.Put("request.key", std::string(32, 'k'));
  config.vault = TestVaultFile();
  config.sign_in = QuickSignIn();
  config.max_backdating_days = 0;
  config.tls_cert = folder_.Put("cert.pem", own.certificate);
  config.tls_key = folder_.Put("key.pem", own.key);
  config.tls_client_ca =
      folder_.Put("clients.pem", client_authority_.certificate());
  auto service = server::Service::Start(config, home_.clock());
  if (!service.ok()) {
    std::fprintf(stderr, "%s\n", service.status().ToString().c_str());
    std::abort();
  }
  service_ = *std::move(service);
}

std::shared_ptr<grpc::Channel> TlsHouse::Channel(const Issued* client,
                                                 int port) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority_.certificate();
  if (client != nullptr) {
    options.pem_cert_chain = client->certificate;
    options.pem_private_key = client->key;
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      absl::StrCat("127.0.0.1:", port == 0 ? service_->port() : port),
      grpc::SslCredentials(options), arguments);
}

std::shared_ptr<grpc::Channel> TlsHouse::Plain(int port) {
  return grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", port == 0 ? service_->port() : port),
      grpc::InsecureChannelCredentials());
}

void TlsHouse::AddService(const Person& keeper, const std::string& name,
                          v1::Role role, const std::string& fingerprint) {
  v1::OpenAccountRequest open;
  open.set_agency(keeper.agency);
  open.set_request_id(home_.test().NewRequestId());
  open.set_account(name);
  open.set_kind(v1::SERVICE_ACCOUNT);
  v1::OpenAccountResponse opened;
  EXPECT_EQ(ReasonOf(home_.admin().OpenAccount(home_.As(keeper).get(), open,
                                               &opened)),
            "OK");
  EXPECT_EQ(ReasonOf(home_.Grant(keeper, name, role)), "OK");
  v1::CertificateRequest request;
  request.set_agency(keeper.agency);
  request.set_request_id(home_.test().NewRequestId());
  request.set_account(name);
  request.set_fingerprint(fingerprint);
  v1::AccountResponse response;
  EXPECT_EQ(ReasonOf(home_.admin().AddCertificate(home_.As(keeper).get(),
                                                  request, &response)),
            "OK");
}

std::string TlsHouse::Revoke(const Person& keeper, const std::string& name,
                             const std::string& fingerprint) {
  v1::CertificateRequest request;
  request.set_agency(keeper.agency);
  request.set_request_id(home_.test().NewRequestId());
  request.set_account(name);
  request.set_fingerprint(fingerprint);
  v1::AccountResponse response;
  return ReasonOf(home_.admin().RevokeCertificate(home_.As(keeper).get(),
                                                  request, &response));
}

std::string ReasonOrCode(const grpc::Status& status) {
  const std::string reason = Details(status).reason;
  if (status.ok() || !reason.empty()) return status.ok() ? "OK" : reason;
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ? "UNAVAILABLE"
                                                              : "OTHER";
}

std::string ListOver(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& token) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  v1::ListCasesRequest request;
  request.set_agency(TestService::kAgency);
  v1::ListCasesResponse response;
  return ReasonOrCode(v1::CaseService::NewStub(channel)->ListCases(
      &context, request, &response));
}

}  // namespace gongkai::test
