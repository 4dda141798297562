// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_PERFORM_H_
#define GONGKAI_SERVICES_ACT_PERFORM_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/admin_service.pb.h"
#include "gongkai/v1/audit_service.pb.h"
#include "gongkai/v1/calendar_service.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/act/access.h"
#include "services/act/identities.h"
#include "services/act/persons.h"
#include "services/act/registry.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/store.h"

namespace gongkai::act {

// What the path needs to know from the operator.
struct Options {
  // Key of the digests of request bodies and applicants, 32 bytes.
  std::string request_key;
  // Whether callers still stand; null where nobody can be revoked.
  Standing* standing = nullptr;
  // How many days back an act may be recorded; 0 is no bound.
  int max_backdating_days = 30;
  // By which cases are found by the numbers of a person.
  BlindIndex blind_index = {};
};

// The one door: every write goes through here, by person, client, import or
// clock. Requests have passed validation. What is refused for what it is, not
// for its form, is recorded. Thread-safe.
class Performer {
 public:
  Performer(storage::Store& store, storage::Index& index, Registry& registry,
            AccessRecorder& recorder, Clock& clock, Options options);
  ~Performer();

  // One act on one case. OK means durable; a request seen before gives its
  // first receipt, or REQUEST_ID_REUSED when the body differs.
  absl::StatusOr<v1::Receipt> Perform(const auth::Caller& caller,
                                      const v1::PerformActRequest& request,
                                      absl::Time deadline);

  // One application. Callers of one agency and year are combined into one
  // commit.
  absl::StatusOr<v1::ReceiveApplicationResponse> Receive(
      const auth::Caller& caller, const v1::ReceiveApplicationRequest& request,
      absl::Time deadline);

  // What becomes of one row of a batch.
  struct RowResult {
    absl::Status status;
    std::string name;
    bool repeated = false;
  };
  // Many applications, in order; each row stands for itself.
  std::vector<RowResult> ReceiveMany(
      const auth::Caller& caller,
      const std::vector<v1::ReceiveApplicationRequest>& requests,
      absl::Time deadline);

  // Loads a notice into the national or an agency's calendar stream.
  absl::StatusOr<v1::LoadNoticeResponse> LoadNotice(
      const auth::Caller& caller, const v1::LoadNoticeRequest& request,
      absl::Time deadline);

  // Registers an agency or sets its terms; nothing when they are the same.
  absl::Status SetAgencyTerms(const auth::Caller& caller,
                              std::string_view agency,
                              const v1::AgencyTerms& terms,
                              absl::Time deadline);
  // The same by whoever keeps terms: TERMS_UNCHANGED when they are the same.
  absl::StatusOr<v1::AgencyTermsResponse> SetAgencyTerms(
      const auth::Caller& caller, const v1::SetAgencyTermsRequest& request,
      absl::Time deadline);

  // States that the log lacks what an outside checkpoint proves; takes effect
  // when another person confirms it. `found` is what the log is found to lack
  // now: FORK_MISFIT when the statement is another, or nothing is lacking.
  absl::StatusOr<v1::ForkResponse> StateFork(
      const auth::Caller& caller, const v1::StateForkRequest& request,
      const std::optional<v1::LogFork>& found, absl::Time deadline);
  // Confirms the statement of another person: FORK_BY_STATER of one's own,
  // FORK_MISFIT when there is none, or it no longer says what is found.
  absl::StatusOr<v1::ForkResponse> ConfirmFork(
      const auth::Caller& caller, const v1::ConfirmForkRequest& request,
      const std::optional<v1::LogFork>& found, absl::Time deadline);

  // Brings one case to the newest calendar: the clock's act. True when its
  // limits moved and an event was written; nothing is written otherwise.
  absl::StatusOr<bool> ApplyCalendar(std::string_view agency,
                                     std::string_view number,
                                     absl::Time deadline);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_PERFORM_H_
