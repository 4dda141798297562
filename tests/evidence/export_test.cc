// SPDX-License-Identifier: Apache-2.0
// Who may take evidence, that it leaves a record, and how it comes in pages.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/base/ids.h"
#include "tests/evidence/evidence_house.h"
#include "tests/support/test_service.h"

namespace gongkai::test {
namespace {

using ::testing::HasSubstr;

class Export : public ::testing::Test {
 protected:
  EvidenceHouse& home() { return EvidenceHouse::Of("sha256-ed25519"); }

  grpc::Status Ask(const v1::ExportCaseRequest& request,
                   v1::ExportCaseResponse& response,
                   const std::string& account = "legal_auditor",
                   const std::string& agency = House::kAgency) {
    grpc::ClientContext context;
    home().house().Identify(account, context, agency);
    return v1::AuditService::NewStub(home().house().NewChannel())
        ->ExportCase(&context, request, &response);
  }
  v1::ExportCaseRequest First() {
    v1::ExportCaseRequest request;
    request.set_name(CaseName(House::kAgency, home().number()));
    request.set_purpose(v1::COURT_EVIDENCE);
    return request;
  }
  std::string Accesses() {
    return home().house().Ask("SELECT count(*) FROM access WHERE kind = 3");
  }
};

TEST_F(Export, IsForLegalStaffOfTheAgencyAlone) {
  v1::ExportCaseResponse response;
  for (const char* account : {"handler", "signer", "manager"}) {
    EXPECT_EQ(Details(Ask(First(), response, account)).reason,
              "METHOD_NOT_ALLOWED")
        << account;
  }
  for (const char* account : {"system_admin", "audit_admin"}) {
    EXPECT_EQ(Details(Ask(First(), response, account, House::kNation)).reason,
              "METHOD_NOT_ALLOWED")
        << account;
  }
  EXPECT_EQ(
      Details(Ask(First(), response, "legal_auditor", House::kOther)).reason,
      "CAPACITY_MISSING");
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_TRUE(Ask(First(), response).ok());
  EXPECT_GT(response.events_size(), 0);
}

TEST_F(Export, LeavesARecordOfEveryPage) {
  const int before = std::stoi(Accesses());
  v1::ExportCaseResponse response;
  ASSERT_TRUE(Ask(First(), response).ok());
  v1::ExportCaseRequest second = First();
  second.set_checkpoint_size(response.checkpoint_size());
  second.set_after_seq(1);
  ASSERT_TRUE(Ask(second, response).ok());
  EXPECT_EQ(std::stoi(Accesses()), before + 2);
  EXPECT_THAT(home().house().MustCli({"audit", "history", home().number(),
                                      "--as", "legal_auditor"}),
              HasSubstr("导出"));
}

TEST_F(Export, StatesAPurposeThatIsRecorded) {
  v1::ExportCaseRequest request = First();
  request.clear_purpose();
  v1::ExportCaseResponse response;
  const int before = std::stoi(Accesses());
  const grpc::Status status = Ask(request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).reason, "FIELD_INVALID");
  EXPECT_EQ(Details(status).field, "purpose");
  EXPECT_EQ(std::stoi(Accesses()), before);
  const auto newest = [&] {
    grpc::ClientContext context;
    home().house().Identify("legal_auditor", context, House::kAgency);
    v1::GetCaseTrailRequest asked;
    asked.set_name(First().name());
    v1::GetCaseTrailResponse trail;
    EXPECT_TRUE(v1::AuditService::NewStub(home().house().NewChannel())
                    ->GetCaseTrail(&context, asked, &trail)
                    .ok());
    v1::Access last;
    for (const auto& one : trail.accesses()) {
      if (one.access().kind() == v1::EXPORTED) last = one.access();
    }
    return last.purpose();
  };
  request.set_purpose(v1::SUPERVISION);
  ASSERT_TRUE(Ask(request, response).ok());
  EXPECT_FALSE(response.case_().masked());
  EXPECT_EQ(newest(), v1::SUPERVISION);
  // The command line says what evidence is for, unless it is told.
  const std::string folder = home().NewFolder();
  const auto exported = [&](const std::string& name,
                            const std::vector<std::string>& more) {
    std::vector<std::string> all = {"audit",         "export", "--case",
                                    home().number(), "--out",  folder + name};
    all.insert(all.end(), more.begin(), more.end());
    return home().house().Cli(all).exit;
  };
  std::filesystem::create_directories(folder);
  EXPECT_EQ(exported("/plain", {}), 0);
  EXPECT_EQ(newest(), v1::COURT_EVIDENCE);
  EXPECT_EQ(exported("/asked", {"--purpose", "asked_by_person"}), 0);
  EXPECT_EQ(newest(), v1::ASKED_BY_PERSON);
  EXPECT_EQ(exported("/none", {"--purpose", "curiosity"}), 3);
  EXPECT_THAT(home().house().MustCli({"audit", "history", home().number(),
                                      "--as", "legal_auditor"}),
              HasSubstr("应本人请求"));
}

TEST_F(Export, ComesInPagesAgainstOneCheckpoint) {
  v1::ExportCaseRequest request = First();
  request.set_page_size(5);
  v1::ExportCaseResponse page;
  ASSERT_TRUE(Ask(request, page).ok());
  EXPECT_NE(page.checkpoint(), "");
  EXPECT_GT(page.ledgers_size(), 0);
  const int64_t size = page.checkpoint_size();
  std::vector<int64_t> seqs;
  while (true) {
    for (const auto& event : page.events()) seqs.push_back(event.seq());
    if (!page.more()) break;
    request.set_checkpoint_size(size);
    request.set_after_seq(seqs.back());
    ASSERT_TRUE(Ask(request, page).ok());
    EXPECT_EQ(page.checkpoint(), "");
    EXPECT_EQ(page.checkpoint_size(), size);
    EXPECT_LE(page.events_size(), 5);
  }
  EXPECT_THAT(seqs, ::testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                           12, 13, 14));
}

TEST_F(Export, RefusesACheckpointThatIsNone) {
  v1::ExportCaseRequest request = First();
  request.set_checkpoint_size(1'000'000);
  v1::ExportCaseResponse response;
  const grpc::Status status = Ask(request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).field, "checkpoint_size");
}

TEST_F(Export, NeverWritesOverAFolder) {
  const std::string folder = home().NewFolder();
  const std::vector<std::string> arguments = {"audit", "export", "--case",
                                              home().number(), "--out"};
  const auto to = [&](const std::string& out) {
    auto all = arguments;
    all.push_back(out);
    return home().house().Cli(all);
  };
  EXPECT_EQ(to(folder).exit, 6);
  std::filesystem::create_directory(folder + "/x.tmp");
  EXPECT_EQ(to(folder + "/x").exit, 6);
  EXPECT_FALSE(std::filesystem::exists(folder + "/x"));
  // A failure leaves nothing behind.
  auto unknown = arguments;
  unknown[3] = "SHGXW-2026-99999";
  unknown.push_back(folder + "/y");
  EXPECT_EQ(home().house().Cli(unknown).exit, 4);
  EXPECT_FALSE(std::filesystem::exists(folder + "/y"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/y.tmp"));
}

}  // namespace
}  // namespace gongkai::test
