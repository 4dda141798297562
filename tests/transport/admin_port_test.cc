// SPDX-License-Identifier: Apache-2.0
// DB-15: administration has a port of its own, and comes from where it may.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"
#include "tests/transport/tls_house.h"

namespace gongkai::test {
namespace {

std::string ReadAccounts(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& token,
                         const std::string& forwarded_for = "") {
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  if (!forwarded_for.empty()) {
    context.AddMetadata("x-forwarded-for", forwarded_for);
  }
  v1::ListAccountsRequest request;
  request.set_agency(TestService::kAgency);
  v1::ListAccountsResponse response;
  const grpc::Status status = v1::AdminService::NewStub(channel)->ListAccounts(
      &context, request, &response);
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return "UNIMPLEMENTED";
  }
  return ReasonOrCode(status);
}

std::shared_ptr<grpc::Channel> To(int port) {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", port),
                             grpc::InsecureChannelCredentials());
}

// A server over the house's database whose administration is taken from these
// networks.
std::unique_ptr<server::Service> Beside(AccountHouse& house, Folder& folder,
                                        std::vector<std::string> allow) {
  server::Config config;
  config.database = TempPostgres::Shared().Service(house.test().database());
  config.listen = "127.0.0.1:0";
  config.admin_listen = "127.0.0.1:0";
  config.metrics = "";
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  config.rulebook =
      absl::StrCat(source == nullptr ? "." : source, "/ops/rulebook");
  config.request_key = folder.Put("request.key", std::string(32, 'k'));
  config.vault = TestVaultFile();
  config.insecure_loopback = true;
  config.admin_allow = std::move(allow);
  config.trusted_proxies = {"127.0.0.0/8"};
  auto service = server::Service::Start(config, house.clock());
  EXPECT_TRUE(service.ok()) << service.status();
  return service.ok() ? *std::move(service) : nullptr;
}

TEST(AdminPort, TheCommonPortDoesNotKnowAdministration) {
  AccountHouse house;
  const Person sec = house.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
  const auto& service = house.test().service();
  EXPECT_EQ(ReadAccounts(To(service.port()), sec.token), "UNIMPLEMENTED");
  EXPECT_EQ(ReadAccounts(To(service.admin_port()), sec.token), "OK");
  // And the other way round: cases are not read there.
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + sec.token);
  v1::ListCasesResponse response;
  EXPECT_EQ(v1::CaseService::NewStub(To(service.admin_port()))
                ->ListCases(&context, v1::ListCasesRequest(), &response)
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST(AdminPort, WhoComesFromElsewhereIsRefusedWhoeverHeIsAndRecorded) {
  AccountHouse house;
  Folder folder;
  const Person sec = house.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
  const auto service = Beside(house, folder, {"10.1.0.0/16"});
  ASSERT_NE(service, nullptr);
  const auto before = house.Accesses(v1::CALL_REFUSED).size();
  EXPECT_EQ(ReadAccounts(To(service->admin_port()), sec.token),
            "METHOD_NOT_ALLOWED");
  // Before it is asked who he is; what a proxy may say does not count here.
  EXPECT_EQ(ReadAccounts(To(service->admin_port()), ""), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(ReadAccounts(To(service->admin_port()), sec.token, "10.1.0.5"),
            "METHOD_NOT_ALLOWED");
  const auto recorded = house.Accesses(v1::CALL_REFUSED);
  ASSERT_EQ(recorded.size(), before + 3);
  for (size_t i = before; i < recorded.size(); ++i) {
    EXPECT_EQ(recorded[i].agency, "CN");
    EXPECT_EQ(recorded[i].actor.account(), "");
    EXPECT_EQ(recorded[i].access.method(), "ListAccounts");
    EXPECT_EQ(recorded[i].access.source(), "127.0.0.1");
  }
  // From where it may.
  const auto other = Beside(house, folder, {"10.1.0.0/16", "127.0.0.1"});
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(ReadAccounts(To(other->admin_port()), sec.token), "OK");
}

TEST(AdminPort, ThereNeedBeNone) {
  AccountHouse house;
  Folder folder;
  server::Config config;
  config.insecure_loopback = true;
  config.admin_allow = {"10.1.0.0/99"};
  config.metrics = "";
  config.vault = TestVaultFile();
  config.request_key = folder.Put("request.key", std::string(32, 'k'));
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  config.rulebook =
      absl::StrCat(source == nullptr ? "." : source, "/ops/rulebook");
  config.listen = "127.0.0.1:0";
  config.admin_listen = "";
  config.database = TempPostgres::Shared().Service(house.test().database());
  EXPECT_EQ(server::Service::Start(config, house.clock()).status().code(),
            absl::StatusCode::kInvalidArgument);
  config.admin_allow = {"10.1.0.0/16"};
  const auto service = server::Service::Start(config, house.clock());
  ASSERT_TRUE(service.ok()) << service.status();
  EXPECT_EQ((*service)->admin_port(), 0);
}

}  // namespace
}  // namespace gongkai::test
