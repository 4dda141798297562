// SPDX-License-Identifier: Apache-2.0
#include "services/api/account_service.h"

#include <utility>

#include "gongkai/v1/account_service.grpc.pb.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using S = v1::AccountService;

using Base = S::WithRawCallbackMethod_SetUp<
    S::WithRawCallbackMethod_ConfirmSetUp<S::WithRawCallbackMethod_SignIn<
        S::WithRawCallbackMethod_SignInWithProvider<
            S::WithRawCallbackMethod_Refresh<
                S::WithRawCallbackMethod_ChangePassword<
                    S::WithRawCallbackMethod_SignOut<
                        S::WithRawCallbackMethod_WhoAmI<
                            S::WithRawCallbackMethod_Delegate<
                                S::WithRawCallbackMethod_EndDelegation<
                                    S::Service>>>>>>>>>>;

class AccountService final : public Base {
 public:
  AccountService(Desk& desk, act::SignInDesk& sign_in,
                 act::AccountKeeper& keeper, std::function<void()> written)
      : desk_(desk),
        sign_in_(sign_in),
        keeper_(keeper),
        written_(std::move(written)) {}

  Unary* SetUp(Context* context, const Bytes* request, Bytes* reply) override {
    return ServeUnary<v1::SetUpRequest>(
        desk_, "SetUp", Lane::kSignIn, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(sign_in_.SetUp(caller, asked, deadline));
        });
  }

  Unary* ConfirmSetUp(Context* context, const Bytes* request,
                      Bytes* reply) override {
    return ServeUnary<v1::ConfirmSetUpRequest>(
        desk_, "ConfirmSetUp", Lane::kSignIn, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(sign_in_.ConfirmSetUp(caller, asked, deadline));
        });
  }

  Unary* SignIn(Context* context, const Bytes* request, Bytes* reply) override {
    return ServeUnary<v1::SignInRequest>(
        desk_, "SignIn", Lane::kSignIn, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(sign_in_.SignIn(caller, asked, deadline));
        });
  }

  Unary* SignInWithProvider(Context* context, const Bytes* request,
                            Bytes* reply) override {
    return ServeUnary<v1::SignInWithProviderRequest>(
        desk_, "SignInWithProvider", Lane::kSignIn, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(sign_in_.SignInWithProvider(caller, asked, deadline));
        });
  }

  Unary* Refresh(Context* context, const Bytes* request,
                 Bytes* reply) override {
    return ServeUnary<v1::RefreshRequest>(
        desk_, "Refresh", Lane::kSignIn, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(sign_in_.Refresh(caller, asked, deadline));
        });
  }

  Unary* ChangePassword(Context* context, const Bytes* request,
                        Bytes* reply) override {
    return ServeUnary<v1::ChangePasswordRequest>(
        desk_, "ChangePassword", Lane::kSignIn, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(sign_in_.ChangePassword(caller, asked, deadline));
        });
  }

  Unary* SignOut(Context* context, const Bytes* request,
                 Bytes* reply) override {
    return ServeUnary<v1::SignOutRequest>(
        desk_, "SignOut", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          static_cast<void>(asked);
          return Told(sign_in_.SignOut(caller, deadline));
        });
  }

  Unary* WhoAmI(Context* context, const Bytes* request, Bytes* reply) override {
    return ServeUnary<v1::WhoAmIRequest>(
        desk_, "WhoAmI", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          static_cast<void>(asked);
          return keeper_.WhoAmI(caller, deadline);
        });
  }

  Unary* Delegate(Context* context, const Bytes* request,
                  Bytes* reply) override {
    return ServeUnary<v1::DelegateRequest>(
        desk_, "Delegate", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.Delegate(caller, asked, deadline));
        });
  }

  Unary* EndDelegation(Context* context, const Bytes* request,
                       Bytes* reply) override {
    return ServeUnary<v1::EndDelegationRequest>(
        desk_, "EndDelegation", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(keeper_.EndDelegation(caller, asked, deadline));
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
  act::SignInDesk& sign_in_;
  act::AccountKeeper& keeper_;
  const std::function<void()> written_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAccountService(
    Desk& desk, act::SignInDesk& sign_in, act::AccountKeeper& keeper,
    std::function<void()> written) {
  return std::make_unique<AccountService>(desk, sign_in, keeper,
                                          std::move(written));
}

}  // namespace gongkai::api
