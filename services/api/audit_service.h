// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_AUDIT_SERVICE_H_
#define GONGKAI_SERVICES_API_AUDIT_SERVICE_H_

#include <functional>
#include <memory>

#include "grpcpp/grpcpp.h"
#include "services/act/audit_read.h"
#include "services/act/export.h"
#include "services/act/perform.h"
#include "services/api/call.h"

namespace gongkai::api {

// The service of the proof, for registering with a server. `written` is called
// after every write that succeeded.
std::unique_ptr<grpc::Service> NewAuditService(Desk& desk,
                                               act::Performer& performer,
                                               act::AuditReader& reader,
                                               act::Exporter& exporter,
                                               std::function<void()> written);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_AUDIT_SERVICE_H_
