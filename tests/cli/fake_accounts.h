// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_CLI_FAKE_ACCOUNTS_H_
#define GONGKAI_TESTS_CLI_FAKE_ACCOUNTS_H_

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/synchronization/mutex.h"
#include "gongkai/v1/account_service.grpc.pb.h"
#include "gongkai/v1/admin_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace gongkai::cli {

// The account service as far as the command line can tell it apart: tokens that
// serve once, and a second factor that is looked at. On a Unix socket in
// `folder`.
class FakeAccounts final : public v1::AccountService::Service {
 public:
  explicit FakeAccounts(const std::string& folder);
  ~FakeAccounts() override;

  const std::string& address() const { return address_; }

  // Seconds that the next access tokens last.
  void SetAccessLife(int seconds);
  // Takes every access token back, as a revocation does; those of a refresh are
  // good.
  void TakeBackAccess();
  // Ends every session.
  void EndAll();

  int refreshed() const;
  // Refresh tokens that came a second time.
  int replayed() const;
  // What the last call of WhoAmI carried.
  std::multimap<std::string, std::string> metadata() const;

  static constexpr const char* kPassword = "correct horse battery";
  static constexpr const char* kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  // The bytes of kSecret.
  static constexpr const char* kKey = "12345678901234567890";

 private:
  using Context = grpc::ServerContext;
  grpc::Status SetUp(Context* context, const v1::SetUpRequest* request,
                     v1::SetUpResponse* response) override;
  grpc::Status ConfirmSetUp(Context* context,
                            const v1::ConfirmSetUpRequest* request,
                            v1::ConfirmSetUpResponse* response) override;
  grpc::Status SignIn(Context* context, const v1::SignInRequest* request,
                      v1::SignInResponse* response) override;
  grpc::Status Refresh(Context* context, const v1::RefreshRequest* request,
                       v1::SignInResponse* response) override;
  grpc::Status SignOut(Context* context, const v1::SignOutRequest* request,
                       v1::SignOutResponse* response) override;
  grpc::Status WhoAmI(Context* context, const v1::WhoAmIRequest* request,
                      v1::WhoAmIResponse* response) override;

  void Give(const std::string& agency, const std::string& account,
            v1::SignInResponse* response) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Empty when the token is none.
  std::string AccountOf(const Context& context) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string address_;
  mutable absl::Mutex mutex_;
  int life_ ABSL_GUARDED_BY(mutex_) = 600;
  int given_ ABSL_GUARDED_BY(mutex_) = 0;
  int refreshed_ ABSL_GUARDED_BY(mutex_) = 0;
  int replayed_ ABSL_GUARDED_BY(mutex_) = 0;
  // Account by token.
  std::map<std::string, std::string> access_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> refresh_ ABSL_GUARDED_BY(mutex_);
  std::multimap<std::string, std::string> metadata_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace gongkai::cli

#endif  // GONGKAI_TESTS_CLI_FAKE_ACCOUNTS_H_
