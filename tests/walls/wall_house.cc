// SPDX-License-Identifier: Apache-2.0
#include "tests/walls/wall_house.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/account_service.pb.h"
#include "gongkai/v1/admin_service.pb.h"
#include "gongkai/v1/audit_service.pb.h"
#include "gongkai/v1/report_service.pb.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/base/ids.h"

namespace gongkai::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Waits for the one thing under way.
bool Wait(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

// Administration is answered on a port of its own.
std::shared_ptr<grpc::Channel> ChannelFor(TestService& service,
                                          const auth::MethodRow& row) {
  if (!row.admin) return service.channel();
  static auto* const channels =
      new std::map<int, std::shared_ptr<grpc::Channel>>;
  const int port = service.service().admin_port();
  auto& channel = (*channels)[port];
  if (channel == nullptr) {
    channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", port),
                                  grpc::InsecureChannelCredentials());
  }
  return channel;
}

const google::protobuf::MethodDescriptor& MethodNamed(
    const auth::MethodRow& row) {
  // Naming a message of each file makes sure that its file is linked.
  static const google::protobuf::FileDescriptor* const files[] = {
      v1::GetCaseRequest::descriptor()->file(),
      v1::ListDaysRequest::descriptor()->file(),
      v1::ExportCaseRequest::descriptor()->file(),
      v1::ListWorkRequest::descriptor()->file(),
      v1::SignInRequest::descriptor()->file(),
      v1::GetAccountRequest::descriptor()->file()};
  for (const auto* file : files) {
    const auto* service = file->FindServiceByName(std::string(row.service));
    if (service == nullptr) continue;
    return *service->FindMethodByName(std::string(row.method));
  }
  std::abort();
}

void FillField(Message& message, const FieldDescriptor& field,
               const v1::FieldRule& rule,
               const std::function<std::string(const v1::FieldRule&)>& text,
               const std::function<bool(const v1::FieldRule&)>& also) {
  const auto& to = *message.GetReflection();
  const bool many = field.is_repeated();
  const int64_t number = std::max<int64_t>(1, rule.min());
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      many ? to.AddString(&message, &field, text(rule))
           : to.SetString(&message, &field, text(rule));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      many ? to.AddInt32(&message, &field, static_cast<int32_t>(number))
           : to.SetInt32(&message, &field, static_cast<int32_t>(number));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      many ? to.AddInt64(&message, &field, number)
           : to.SetInt64(&message, &field, number);
      break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = field.enum_type()->value(1);
      many ? to.AddEnum(&message, &field, value)
           : to.SetEnum(&message, &field, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!many) to.SetBool(&message, &field, true);
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      Fill(many ? *to.AddMessage(&message, &field)
                : *to.MutableMessage(&message, &field),
           text, also);
      break;
    default:
      ADD_FAILURE() << field.full_name();
  }
}

}  // namespace

Answer CallMethod(TestService& service, const auth::MethodRow& row,
                  const TestService::As& as, const std::string& bytes,
                  absl::Duration wait) {
  grpc::GenericStub stub(ChannelFor(service, row));
  grpc::ClientContext context;
  TestService::Identify(as, context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + wait));
  grpc::CompletionQueue queue;
  const auto call =
      stub.PrepareCall(&context,
                       absl::StrCat("/gongkai.v1.", std::string(row.service),
                                    "/", std::string(row.method)),
                       &queue);
  Answer answer;
  call->StartCall(nullptr);
  if (Wait(queue)) {
    const grpc::Slice slice(bytes);
    call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
    Wait(queue);
    while (true) {
      grpc::ByteBuffer message;
      call->Read(&message, nullptr);
      if (!Wait(queue)) break;
      std::vector<grpc::Slice> slices;
      EXPECT_TRUE(message.Dump(&slices).ok());
      std::string& text = answer.messages.emplace_back();
      for (const grpc::Slice& one : slices) {
        text.append(reinterpret_cast<const char*>(one.begin()), one.size());
      }
    }
  }
  call->Finish(&answer.status, nullptr);
  Wait(queue);
  queue.Shutdown();
  return answer;
}

std::unique_ptr<Message> RequestOf(const auth::MethodRow& row) {
  const auto* type = MethodNamed(row).input_type();
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(type)
          ->New());
}

void Fill(Message& message,
          const std::function<std::string(const v1::FieldRule&)>& text,
          const std::function<bool(const v1::FieldRule&)>& also) {
  const auto& type = *message.GetDescriptor();
  const int chosen = type.real_oneof_decl_count() == 0
                         ? -1
                         : type.oneof_decl(0)->field(0)->index();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
    if (rule.server_only()) continue;
    if (field.real_containing_oneof() != nullptr && field.index() != chosen) {
      continue;
    }
    if (!rule.required() && field.real_containing_oneof() == nullptr &&
        !also(rule)) {
      continue;
    }
    FillField(message, field, rule, text, also);
  }
}

std::string FittingText(const v1::FieldRule& rule) {
  switch (rule.format()) {
    case v1::DATE:
      return "2024-03-20";
    case v1::UUID:
      return NewUuid(absl::Now());
    case v1::AGENCY:
      return TestService::kAgency;
    case v1::CASE_NAME:
      return absl::StrCat("agencies/", TestService::kAgency,
                          "/cases/SHGXW-2024-00001");
    case v1::ACCOUNT:
      return "wang";
    case v1::CODE:
      return "code-1";
    case v1::DOCUMENT_NUMBER:
      return "某〔2024〕1号";
    case v1::PAGE_TOKEN:
    case v1::LOCALE:
      return "";
    default:
      return "某";
  }
}

std::vector<std::string> AllRoles() {
  std::vector<std::string> roles;
  for (const auth::RoleRow& row : auth::Matrix()) {
    std::string name = v1::Role_Name(row.role).substr(5);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    roles.push_back(std::move(name));
  }
  return roles;
}

void AddAgency(TestService& service, const std::string& agency) {
  v1::AgencyTerms terms;
  terms.set_name("北京市某某委员会");
  terms.set_review_organ("北京市人民政府");
  terms.set_court("北京市某区人民法院");
  auth::Caller keeper;
  keeper.account = keeper.person = "keeper";
  keeper.roles = {v1::ROLE_SECURITY_ADMIN};
  keeper.agency = "*";
  const absl::Status status = service.service().performer().SetAgencyTerms(
      keeper, agency, terms, absl::Now() + absl::Seconds(30));
  ASSERT_TRUE(status.ok()) << status;
}

std::string ReceiveIn(TestService& service, const std::string& agency,
                      const std::string& content) {
  // Cases are earlier and later by the millisecond.
  service.clock().Set(service.clock().Now() + absl::Milliseconds(2));
  v1::ReceiveApplicationRequest request = service.Application(content);
  request.set_agency(agency);
  grpc::ClientContext context;
  TestService::Identify({"li", "handler", agency}, context);
  v1::ReceiveApplicationResponse response;
  const grpc::Status status =
      service.cases().ReceiveApplication(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.receipt().name();
}

}  // namespace gongkai::test
