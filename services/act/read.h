// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_READ_H_
#define GONGKAI_SERVICES_ACT_READ_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/calendar_service.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/act/access.h"
#include "services/act/persons.h"
#include "services/act/read_case.h"
#include "services/act/registry.h"
#include "services/act/reveals.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/store.h"

namespace gongkai::act {

// The one way to read. Requests have passed validation; every call checks the
// permission matrix first, and records who was refused. Personal text is given
// out only when it is recorded who saw it. Thread-safe.
class Reader {
 public:
  // What personal data needs: by which cases are found by the numbers of a
  // person, and who watches how many are shown whole.
  struct Personal {
    BlindIndex blind_index = {};
    RevealWatch* reveals = nullptr;
  };
  // `token_key` binds page tokens to their query.
  Reader(storage::Store& store, storage::Index& index, storage::JobBook& jobs,
         Registry& registry, AccessRecorder& recorder, Clock& clock,
         std::string token_key)
      : Reader(store, index, jobs, registry, recorder, clock,
               std::move(token_key), Personal()) {}
  Reader(storage::Store& store, storage::Index& index, storage::JobBook& jobs,
         Registry& registry, AccessRecorder& recorder, Clock& clock,
         std::string token_key, Personal personal);

  absl::StatusOr<v1::GetCaseResponse> GetCase(const auth::Caller& caller,
                                              const v1::GetCaseRequest& request,
                                              absl::Time deadline);
  absl::StatusOr<v1::ListLawfulActsResponse> ListLawfulActs(
      const auth::Caller& caller, const v1::ListLawfulActsRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::ListCasesResponse> ListCases(
      const auth::Caller& caller, const v1::ListCasesRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::SearchCasesResponse> SearchCases(
      const auth::Caller& caller, const v1::SearchCasesRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::ListSimilarCasesResponse> ListSimilarCases(
      const auth::Caller& caller, const v1::ListSimilarCasesRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::ExplainTimeLimitResponse> ExplainTimeLimit(
      const auth::Caller& caller, const v1::ExplainTimeLimitRequest& request,
      absl::Time deadline);
  // Shows no personal text; not recorded.
  absl::StatusOr<v1::GetProgressResponse> GetProgress(
      const auth::Caller& caller, const v1::GetProgressRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::ListDaysResponse> ListDays(
      const auth::Caller& caller, const v1::ListDaysRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::PreviewNoticeResponse> PreviewNotice(
      const auth::Caller& caller, const v1::PreviewNoticeRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::GetCalendarProgressResponse> GetCalendarProgress(
      const auth::Caller& caller, const v1::GetCalendarProgressRequest& request,
      absl::Time deadline);

 private:
  // The case, when the caller has the access to it.
  absl::StatusOr<ReadCase> OpenFor(const auth::Caller& caller,
                                   std::string_view method, const CaseRef& ref,
                                   bool with_private, auth::Access access,
                                   absl::Time deadline);
  // Cases by what the request asks for; the caller may search.
  absl::StatusOr<std::vector<storage::FoundText>> Find(
      const v1::SearchCasesRequest& request, int limit,
      const std::string& after_stream, absl::Time deadline);

  storage::Store& store_;
  storage::Index& index_;
  storage::JobBook& jobs_;
  Registry& registry_;
  AccessRecorder& recorder_;
  Clock& clock_;
  const std::string token_key_;
  const Personal personal_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_READ_H_
