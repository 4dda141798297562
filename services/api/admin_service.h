// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_ADMIN_SERVICE_H_
#define GONGKAI_SERVICES_API_ADMIN_SERVICE_H_

#include <functional>
#include <memory>

#include "grpcpp/grpcpp.h"
#include "services/act/account_keeper.h"
#include "services/act/perform.h"
#include "services/api/call.h"

namespace gongkai::api {

// The service of administration, for registering with a server of its own.
// `written` is called after every write that succeeded.
std::unique_ptr<grpc::Service> NewAdminService(Desk& desk,
                                               act::AccountKeeper& keeper,
                                               act::Performer& performer,
                                               std::function<void()> written);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_ADMIN_SERVICE_H_
