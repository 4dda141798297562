// SPDX-License-Identifier: Apache-2.0
#include "services/api/admin_service.h"

#include <utility>

#include "gongkai/v1/admin_service.grpc.pb.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using S = v1::AdminService;

using Base = S::WithRawCallbackMethod_OpenAccount<
    S::WithRawCallbackMethod_ResetAccount<S::WithRawCallbackMethod_SetAccountState<
        S::WithRawCallbackMethod_EndSessions<S::WithRawCallbackMethod_GrantRole<
            S::WithRawCallbackMethod_ProposeGrant<S::WithRawCallbackMethod_DecideGrant<
                S::WithRawCallbackMethod_WithdrawGrant<
                    S::WithRawCallbackMethod_AddCertificate<
                        S::WithRawCallbackMethod_RevokeCertificate<
                            S::WithRawCallbackMethod_LinkSubject<
                                S::WithRawCallbackMethod_SetDelegation<
                                    S::WithRawCallbackMethod_ListAccounts<
                                        S::WithRawCallbackMethod_GetAccount<
                                            S::WithRawCallbackMethod_GetAgencyTerms<
                                                S::WithRawCallbackMethod_SetAgencyTerms<
                                                    S::Service>>>>>>>>>>>>>>>>;

class AdminService final : public Base {
 public:
  AdminService(Desk& desk, act::AccountKeeper& keeper,
               act::Performer& performer, std::function<void()> written)
      : desk_(desk),
        keeper_(keeper),
        performer_(performer),
        written_(std::move(written)) {}

  Unary* OpenAccount(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return ServeUnary<v1::OpenAccountRequest>(
        desk_, "OpenAccount", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.OpenAccount(caller, asked, deadline));
        });
  }

  Unary* ResetAccount(Context* context, const Bytes* request,
                      Bytes* reply) override {
    return ServeUnary<v1::ResetAccountRequest>(
        desk_, "ResetAccount", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.ResetAccount(caller, asked, deadline));
        });
  }

  Unary* SetAccountState(Context* context, const Bytes* request,
                         Bytes* reply) override {
    return ServeUnary<v1::SetAccountStateRequest>(
        desk_, "SetAccountState", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.SetAccountState(caller, asked, deadline));
        });
  }

  Unary* EndSessions(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return ServeUnary<v1::EndSessionsRequest>(
        desk_, "EndSessions", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.EndSessions(caller, asked, deadline));
        });
  }

  Unary* GrantRole(Context* context, const Bytes* request,
                   Bytes* reply) override {
    return ServeUnary<v1::GrantRoleRequest>(
        desk_, "GrantRole", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.GrantRole(caller, asked, deadline));
        });
  }

  Unary* ProposeGrant(Context* context, const Bytes* request,
                      Bytes* reply) override {
    return ServeUnary<v1::GrantRoleRequest>(
        desk_, "ProposeGrant", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.ProposeGrant(caller, asked, deadline));
        });
  }

  Unary* DecideGrant(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return ServeUnary<v1::DecideGrantRequest>(
        desk_, "DecideGrant", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.DecideGrant(caller, asked, deadline));
        });
  }

  Unary* WithdrawGrant(Context* context, const Bytes* request,
                       Bytes* reply) override {
    return ServeUnary<v1::GrantRoleRequest>(
        desk_, "WithdrawGrant", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.WithdrawGrant(caller, asked, deadline));
        });
  }

  Unary* AddCertificate(Context* context, const Bytes* request,
                        Bytes* reply) override {
    return ServeUnary<v1::CertificateRequest>(
        desk_, "AddCertificate", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.AddCertificate(caller, asked, deadline));
        });
  }

  Unary* RevokeCertificate(Context* context, const Bytes* request,
                           Bytes* reply) override {
    return ServeUnary<v1::CertificateRequest>(
        desk_, "RevokeCertificate", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.RevokeCertificate(caller, asked, deadline));
        });
  }

  Unary* LinkSubject(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return ServeUnary<v1::LinkSubjectRequest>(
        desk_, "LinkSubject", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.LinkSubject(caller, asked, deadline));
        });
  }

  Unary* SetDelegation(Context* context, const Bytes* request,
                       Bytes* reply) override {
    return ServeUnary<v1::SetDelegationRequest>(
        desk_, "SetDelegation", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.SetDelegation(caller, asked, deadline));
        });
  }

  Unary* ListAccounts(Context* context, const Bytes* request,
                      Bytes* reply) override {
    return ServeUnary<v1::ListAccountsRequest>(
        desk_, "ListAccounts", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return keeper_.ListAccounts(caller, asked, deadline);
        });
  }

  Unary* GetAccount(Context* context, const Bytes* request,
                    Bytes* reply) override {
    return ServeUnary<v1::GetAccountRequest>(
        desk_, "GetAccount", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return keeper_.GetAccount(caller, asked, deadline);
        });
  }

  Unary* GetAgencyTerms(Context* context, const Bytes* request,
                        Bytes* reply) override {
    return ServeUnary<v1::GetAgencyTermsRequest>(
        desk_, "GetAgencyTerms", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return keeper_.GetAgencyTerms(caller, asked, deadline);
        });
  }

  Unary* SetAgencyTerms(Context* context, const Bytes* request,
                        Bytes* reply) override {
    return ServeUnary<v1::SetAgencyTermsRequest>(
        desk_, "SetAgencyTerms", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(performer_.SetAgencyTerms(caller, asked, deadline));
        });
  }

 private:
  // Wakes who waits for the log when something was written.
  template <typename Response>
  absl::StatusOr<Response> Told(absl::StatusOr<Response> response) {
    if (response.ok()) written_();
    return response;
  }

  Desk& desk_;
  act::AccountKeeper& keeper_;
  act::Performer& performer_;
  const std::function<void()> written_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAdminService(Desk& desk,
                                               act::AccountKeeper& keeper,
                                               act::Performer& performer,
                                               std::function<void()> written) {
  return std::make_unique<AdminService>(desk, keeper, performer,
                                        std::move(written));
}

}  // namespace gongkai::api
