// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_REPORT_SERVICE_H_
#define GONGKAI_SERVICES_API_REPORT_SERVICE_H_

#include <functional>
#include <memory>

#include "grpcpp/grpcpp.h"
#include "services/act/import.h"
#include "services/act/inbox.h"
#include "services/act/report_reader.h"
#include "services/act/return_filing.h"
#include "services/api/call.h"
#include "services/api/reminders.h"

namespace gongkai::api {

// What the service of reports works with; outlives it. `written` is called
// after every write that succeeded.
struct ReportParts {
  act::ReportReader& reader;
  act::ReturnFiler& filer;
  act::Importer& importer;
  act::InboxDesk& inbox;
  ReminderHub& reminders;
  std::function<void()> written;
};

// The service of reports, for registering with a server.
std::unique_ptr<grpc::Service> NewReportService(Desk& desk, ReportParts parts);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_REPORT_SERVICE_H_
