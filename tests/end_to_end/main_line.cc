// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/main_line.h"

#include <google/protobuf/text_format.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "tests/end_to_end/house.h"

namespace gongkai::test {
namespace {

constexpr std::chrono::seconds kCall(20);

void Prepare(const House& house, const std::string& role,
             grpc::ClientContext& context) {
  house.Identify(role, context);
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kCall);
}

std::string Today() { return FormatDay(ShanghaiDay(absl::Now())); }

}  // namespace

const std::vector<Step>& MainLine() {
  static const auto& steps = *[] {
    const std::vector<std::pair<const char*, const char*>> texts = {
        {"handler", R"(register { officer: "handler" })"},
        {"handler", R"(record_search { scope: "档案" found: true
                                       result: "一份" })"},
        {"handler", R"(draft_reply { outcome: DISCLOSED text: "见附件"
                         access: "随函" review_organ: "市政府" court: "法院" })"},
        {"handler", "submit_for_review {}"},
        {"secrecy_reviewer", "clear_draft { step: SECRECY }"},
        {"legal_reviewer", "clear_draft { step: LEGAL }"},
        {"signer", R"(sign { document_number: "某〔2026〕1号" })"},
        {"handler", "dispatch { carrier: POST_EMS }"},
        {"handler", "record_service { outcome: DELIVERED }"},
        {"handler", "close {}"},
        {"archivist", "archive { retention: TEN_YEARS }"}};
    auto* made = new std::vector<Step>;
    for (const auto& [role, text] : texts) {
      Step step{role, {}};
      if (!google::protobuf::TextFormat::ParseFromString(text, &step.act)) {
        std::cerr << "not an act: " << text << std::endl;
        std::_Exit(1);
      }
      made->push_back(step);
    }
    return made;
  }();
  return steps;
}

v1::ReceiveApplicationRequest NewApplication(const std::string& content) {
  v1::ReceiveApplicationRequest request;
  request.set_agency(House::kAgency);
  request.set_request_id(NewUuid(absl::Now()));
  request.set_arrived_date(Today());
  auto& application = *request.mutable_application();
  application.set_applicant_kind(v1::NATURAL_PERSON);
  application.set_channel(v1::IN_PERSON);
  application.mutable_applicant()->set_name("赵甲一");
  application.set_content(content);
  return request;
}

v1::PerformActRequest NewAct(const std::string& name, const v1::Act& act) {
  v1::PerformActRequest request;
  request.set_name(name);
  request.set_request_id(NewUuid(absl::Now()));
  request.set_occurred_date(Today());
  *request.mutable_act() = act;
  return request;
}

grpc::Status Call(const House& house, v1::CaseService::Stub& stub,
                  const std::string& role, const v1::PerformActRequest& request,
                  v1::Receipt* receipt) {
  grpc::ClientContext context;
  Prepare(house, role, context);
  v1::PerformActResponse response;
  const grpc::Status status = stub.PerformAct(&context, request, &response);
  *receipt = response.receipt();
  return status;
}

grpc::Status Call(const House& house, v1::CaseService::Stub& stub,
                  const std::string& role,
                  const v1::ReceiveApplicationRequest& request,
                  v1::Receipt* receipt) {
  grpc::ClientContext context;
  Prepare(house, role, context);
  v1::ReceiveApplicationResponse response;
  const grpc::Status status =
      stub.ReceiveApplication(&context, request, &response);
  *receipt = response.receipt();
  return status;
}

v1::GetCaseResponse MustGet(const House& house, v1::CaseService::Stub& stub,
                            const std::string& name) {
  grpc::ClientContext context;
  Prepare(house, "handler", context);
  v1::GetCaseRequest request;
  request.set_name(name);
  request.set_with_history(true);
  v1::GetCaseResponse response;
  const grpc::Status status = stub.GetCase(&context, request, &response);
  if (!status.ok()) {
    std::cerr << name << ": " << status.error_message() << std::endl;
    std::_Exit(1);
  }
  return response;
}

}  // namespace gongkai::test
