// SPDX-License-Identifier: Apache-2.0
// Files of TLS that are not taken, at the start or later.

#include "services/server/tls_files.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/server/service.h"
#include "tests/transport/tls_house.h"

namespace gongkai::test {
namespace {

using server::TlsFiles;
using testing::HasSubstr;

class TlsFilesTest : public ::testing::Test {
 protected:
  absl::Status Open(const std::string& certificate, const std::string& key,
                    const std::string& ca = "", unsigned mode = 0600) {
    TlsFiles::Paths paths;
    paths.certificate = folder_.Put("cert.pem", certificate);
    paths.key = folder_.Put("key.pem", key, mode);
    if (!ca.empty()) paths.client_ca = folder_.Put("ca.pem", ca);
    return TlsFiles::Open(paths).status();
  }
  Folder folder_;
  Authority authority_{"authority"};
};

TEST_F(TlsFilesTest, ThatGoTogetherAreTaken) {
  const Issued own = authority_.Issue("gongkai");
  EXPECT_TRUE(Open(own.certificate, own.key).ok());
  EXPECT_TRUE(Open(own.certificate + authority_.certificate(), own.key,
                   authority_.certificate(), 0640)
                  .ok());
}

TEST_F(TlsFilesTest, ThatDoNotAreNamed) {
  const Issued own = authority_.Issue("gongkai");
  const Issued other = authority_.Issue("other");
  const Issued over = authority_.Issue("over", -1);
  struct Row {
    absl::Status status;
    const char* says;
  };
  const Row rows[] = {
      {Open(own.certificate, other.key), "is not the key of"},
      {Open("", own.key), "holds no certificate"},
      {Open("rubbish", own.key), "holds no certificate"},
      {Open(own.certificate, "rubbish"), "holds no unprotected private key"},
      {Open(own.certificate, own.certificate), "holds no unprotected"},
      {Open(over.certificate, over.key), "not valid today"},
      {Open(own.certificate, own.key, "rubbish"), "holds no certificate"},
      {Open(own.certificate, own.key, "", 0644), "read by everybody"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(row.status.code(), absl::StatusCode::kFailedPrecondition)
        << row.says;
    EXPECT_THAT(std::string(row.status.message()), HasSubstr(row.says));
  }
  EXPECT_EQ(TlsFiles::Open({folder_.Path("none"), folder_.Path("none"), ""})
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

TEST_F(TlsFilesTest, AServiceWithHalfOfThemDoesNotStart) {
  ManualClock clock(TestNoon());
  server::Config config;
  config.metrics = "";
  const auto start = [&] {
    return server::Service::Start(config, clock).status();
  };
  // Neither TLS nor the operator's word.
  EXPECT_EQ(start().code(), absl::StatusCode::kFailedPrecondition);
  config.tls_cert = folder_.Path("cert.pem");
  EXPECT_EQ(start().code(), absl::StatusCode::kInvalidArgument);
  config.tls_cert = "";
  config.tls_client_ca = folder_.Path("ca.pem");
  EXPECT_EQ(start().code(), absl::StatusCode::kInvalidArgument);
  config.tls_client_ca = "";
  config.insecure_loopback = true;
  config.listen = "0.0.0.0:0";
  EXPECT_EQ(start().code(), absl::StatusCode::kFailedPrecondition);
  config.listen = "127.0.0.1:0";
  config.admin_listen = "0.0.0.0:0";
  EXPECT_EQ(start().code(), absl::StatusCode::kFailedPrecondition);
  config.admin_listen = "";
  config.metrics = "0.0.0.0:0";
  EXPECT_EQ(start().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace gongkai::test
