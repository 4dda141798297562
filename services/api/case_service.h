// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_CASE_SERVICE_H_
#define GONGKAI_SERVICES_API_CASE_SERVICE_H_

#include <functional>
#include <memory>

#include "gongkai/v1/case_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "services/act/perform.h"
#include "services/act/read.h"
#include "services/api/call.h"
#include "services/api/watch.h"

namespace gongkai::api {

// The service of cases, for registering with a server. Messages are taken as
// bytes, so that what cannot be read is answered with the field to blame.
// `written` is called after every write that succeeded.
std::unique_ptr<grpc::Service> NewCaseService(Desk& desk,
                                              act::Performer& performer,
                                              act::Reader& reader,
                                              WatchHub& hub,
                                              std::function<void()> written);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_CASE_SERVICE_H_
