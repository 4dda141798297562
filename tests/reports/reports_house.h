// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_REPORTS_REPORTS_HOUSE_H_
#define GONGKAI_TESTS_REPORTS_REPORTS_HOUSE_H_

#include <memory>
#include <string>
#include <vector>

#include "gongkai/v1/report_service.grpc.pb.h"
#include "tests/support/test_service.h"

namespace gongkai::test {

// A service with what tests of reports do to it. What should go well and does
// not fails the test.
class ReportsHouse {
 public:
  using As = TestService::As;

  ReportsHouse() : ReportsHouse(TestService::Options()) {}
  explicit ReportsHouse(const TestService::Options& options)
      : service_(options),
        stub_(v1::ReportService::NewStub(service_.channel())) {}

  TestService& service() { return service_; }
  v1::ReportService::Stub& stub() { return *stub_; }

  // Noon in Shanghai of a day; or an hour of it.
  void SetDay(const std::string& day, int hour = 12);
  // Sets an agency's terms; it is there from then on.
  void SetTerms(const std::string& agency, const std::string& superior = "",
                int warning_days = 0);

  // Receives an application today; the name of its case.
  std::string Receive(const std::string& content = "申请公开某表。",
                      const std::string& agency = TestService::kAgency);
  // An act in text format by a holder of `role` named `account`.
  grpc::Status Act(const std::string& name, const std::string& role,
                   const std::string& act, const std::string& account = "li");
  void Must(const std::string& name, const std::string& role,
            const std::string& act, const std::string& account = "li");
  // From registration to the reply that leaves today, with the draft as given.
  void Reply(const std::string& name, const std::string& draft);

  // Takes in cases of an earlier register, in text format.
  void Import(const std::string& agency, const std::vector<std::string>& cases);

  // A call as somebody; the status where it is refused.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::ReportService::Stub::*method)(
                        grpc::ClientContext*, const Request&, Response*),
                    const As& as, const Request& request, Response* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    return (stub_.get()->*method)(&context, request, response);
  }

  // Every page of a worklist.
  std::vector<v1::WorkItem> Work(const As& as, v1::ListWorkRequest request);
  std::vector<v1::WorkGroup> Count(const As& as,
                                   const v1::CountWorkRequest& request);
  v1::GetReturnResponse Return(const As& as, const std::string& agency,
                               int year, bool beneath = false, int edition = 0);
  struct Cell {
    std::vector<v1::ReturnCase> cases;
    int hidden = 0;
  };
  Cell CasesOf(const As& as, v1::ListReturnCasesRequest request);
  grpc::Status File(const std::string& agency, int year,
                    const std::string& digest, const std::string& reason,
                    v1::FileReturnResponse* response,
                    const std::string& request_id = "");

  // How many access records of this kind and method there are.
  int Recorded(v1::AccessKind kind, const std::string& method);

 private:
  TestService service_;
  std::unique_ptr<v1::ReportService::Stub> stub_;
};

// The disclosure office's head of an agency, a manager, an officer.
TestService::As Head(const std::string& agency = TestService::kAgency);
TestService::As Manager(const std::string& agency = TestService::kAgency);
TestService::As Officer(const std::string& agency = TestService::kAgency);

// A row of an earlier register in text format.
std::string Past(const std::string& number, const std::string& received,
                 const std::string& finished = "",
                 const std::string& rest = "outcome: DISCLOSED");

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_REPORTS_REPORTS_HOUSE_H_
