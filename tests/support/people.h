// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_SUPPORT_PEOPLE_H_
#define GONGKAI_TESTS_SUPPORT_PEOPLE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "clients/cli/keyring.h"
#include "gongkai/v1/account_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace gongkai::test {

// The holders of accounts of a running service: each sets its account up with
// the code that `gongkai-server account init` left, and signs in, when it is
// first needed. Trouble ends the test binary. Thread-safe.
class People {
 public:
  // `codes` holds AGENCY/ACCOUNT.code.
  People(std::shared_ptr<grpc::Channel> channel, std::string codes);

  // The access token of `AGENCY/ACCOUNT`, of a session that lasts for minutes
  // yet.
  std::string Token(const std::string& agency, const std::string& account);
  // Adds it to a call.
  void Identify(const std::string& agency, const std::string& account,
                grpc::ClientContext& context);

  // Everybody who has a code, so that no later call waits for it.
  void SignEverybodyIn();

  // Signs in everybody of an agency and puts the sessions where the command
  // line, to which the service is known as `server`, finds them.
  void FillKeyring(const std::string& agency, const std::string& server,
                   const cli::Keyring& keyring);

 private:
  struct Person {
    // Of the second factor; empty until the account is set up.
    std::string key;
    // The last step that was used: each serves once.
    int64_t last_step = 0;
    cli::Session session;
  };

  // The accounts of an agency that have a code.
  std::vector<std::string> With(const std::string& agency) const;
  Person& SignedIn(const std::string& agency, const std::string& account)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetUp(const std::string& agency, const std::string& account,
             Person& person);
  void SignIn(const std::string& agency, const std::string& account,
              Person& person);

  const std::unique_ptr<v1::AccountService::Stub> accounts_;
  const std::string codes_;
  absl::Mutex mutex_;
  // By agency and account.
  std::map<std::pair<std::string, std::string>, Person> people_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_SUPPORT_PEOPLE_H_
