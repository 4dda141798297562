// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_CALENDAR_SERVICE_H_
#define GONGKAI_SERVICES_API_CALENDAR_SERVICE_H_

#include <functional>
#include <memory>

#include "grpcpp/grpcpp.h"
#include "services/act/perform.h"
#include "services/act/read.h"
#include "services/api/call.h"

namespace gongkai::api {

// The service of working days, for registering with a server. `loaded` is
// called after a notice was loaded.
std::unique_ptr<grpc::Service> NewCalendarService(Desk& desk,
                                                  act::Performer& performer,
                                                  act::Reader& reader,
                                                  std::function<void()> loaded);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_CALENDAR_SERVICE_H_
