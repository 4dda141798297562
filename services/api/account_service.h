// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_ACCOUNT_SERVICE_H_
#define GONGKAI_SERVICES_API_ACCOUNT_SERVICE_H_

#include <functional>
#include <memory>

#include "grpcpp/grpcpp.h"
#include "services/act/account_keeper.h"
#include "services/act/sign_in.h"
#include "services/api/call.h"

namespace gongkai::api {

// The service of one's own account, for registering with a server. `written` is
// called after every call that recorded something.
std::unique_ptr<grpc::Service> NewAccountService(Desk& desk,
                                                 act::SignInDesk& sign_in,
                                                 act::AccountKeeper& keeper,
                                                 std::function<void()> written);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_ACCOUNT_SERVICE_H_
