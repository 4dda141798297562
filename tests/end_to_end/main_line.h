// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_END_TO_END_MAIN_LINE_H_
#define GONGKAI_TESTS_END_TO_END_MAIN_LINE_H_

#include <string>
#include <vector>

#include "gongkai/v1/case_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace gongkai::test {

class House;

// One act on the way of a case from its receipt to the archive, and who does
// it.
struct Step {
  const char* role;
  v1::Act act;
};

// The shortest lawful way, all on one day.
const std::vector<Step>& MainLine();

// An application in person of today, with a request_id of its own.
v1::ReceiveApplicationRequest NewApplication(const std::string& content);

// An act of today, with a request_id of its own.
v1::PerformActRequest NewAct(const std::string& name, const v1::Act& act);

// Calls once as the account `role` of the house, waiting for a connection for
// up to 20 seconds.
grpc::Status Call(const House& house, v1::CaseService::Stub& stub,
                  const std::string& role, const v1::PerformActRequest& request,
                  v1::Receipt* receipt);
grpc::Status Call(const House& house, v1::CaseService::Stub& stub,
                  const std::string& role,
                  const v1::ReceiveApplicationRequest& request,
                  v1::Receipt* receipt);

// A case with its history as a handler reads it; ends the test binary when it
// cannot be read.
v1::GetCaseResponse MustGet(const House& house, v1::CaseService::Stub& stub,
                            const std::string& name);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_END_TO_END_MAIN_LINE_H_
