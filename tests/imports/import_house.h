// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_IMPORTS_IMPORT_HOUSE_H_
#define GONGKAI_TESTS_IMPORTS_IMPORT_HOUSE_H_

#include <string>
#include <vector>

#include "gongkai/v1/report_service.grpc.pb.h"
#include "tests/imports/returns.h"
#include "tests/reports/reports_house.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {

// A service on 2025-03-03 that registers are brought to.
class ImportHouse : public ReportsHouse {
 public:
  ImportHouse() : ReportsHouse(Early()) {}

  v1::ImportCasesRequest::Head Head() {
    v1::ImportCasesRequest::Head head;
    head.set_agency(TestService::kAgency);
    head.set_request_id(service().NewRequestId());
    return head;
  }

  // Pieces as they are; the status and the answer.
  grpc::Status Send(const std::vector<v1::ImportCasesRequest>& pieces,
                    v1::ImportCasesResponse* response,
                    const As& as = test::Head()) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    const auto stream = stub().ImportCases(&context, response);
    for (const auto& piece : pieces) {
      if (!stream->Write(piece)) break;
    }
    stream->WritesDone();
    return stream->Finish();
  }

  // A head and its rows.
  static std::vector<v1::ImportCasesRequest> Pieces(
      const v1::ImportCasesRequest::Head& head,
      const std::vector<v1::PastCase>& rows) {
    std::vector<v1::ImportCasesRequest> pieces(1 + rows.size());
    *pieces[0].mutable_head() = head;
    for (size_t i = 0; i < rows.size(); ++i) {
      *pieces[i + 1].mutable_past_case() = rows[i];
    }
    return pieces;
  }

  v1::ImportCasesResponse Bring(const v1::ImportCasesRequest::Head& head,
                                const std::vector<v1::PastCase>& rows) {
    v1::ImportCasesResponse response;
    const grpc::Status status = Send(Pieces(head, rows), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // What the database holds of cases: any row of an import would show.
  std::string Kept() {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(
        postgres.Superuser(service().database()),
        "SELECT concat_ws(' ', (SELECT count(*) FROM stream WHERE kind = 1),"
        " (SELECT count(*) FROM event), (SELECT count(*) FROM case_limit),"
        " (SELECT count(*) FROM case_text), (SELECT count(*) FROM request),"
        " (SELECT count(*) FROM private_part), (SELECT count(*) FROM "
        "data_key))");
  }

 private:
  static TestService::Options Early() {
    TestService::Options options;
    options.now = TestNoon() + absl::Hours(24 * 348);  // 2025-03-03
    return options;
  }
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_IMPORTS_IMPORT_HOUSE_H_
