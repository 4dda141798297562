// SPDX-License-Identifier: Apache-2.0
// Where an act reaches beyond its case: a link to another, and the sub-case
// that a reopened one gets.
#include "services/act/history.h"
#include "services/act/marks.h"
#include "services/act/perform_impl.h"
#include "services/act/rows.h"
#include "services/auth/walls.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

// The application that a case begins with, or what an earlier register kept of
// it.
v1::Application ApplicationIn(const v1::Event& first) {
  if (first.has_received()) return first.received();
  const v1::PastCase& past = first.case_imported();
  v1::Application application;
  application.set_applicant_kind(past.applicant_kind());
  if (past.has_applicant()) *application.mutable_applicant() = past.applicant();
  application.set_channel(past.channel() == v1::CHANNEL_UNSPECIFIED
                              ? v1::IN_PERSON
                              : past.channel());
  application.set_content(past.content());
  return application;
}

}  // namespace

absl::Status Performer::Impl::CheckLink(const auth::Caller& caller,
                                        const v1::CaseLink& link,
                                        const std::string& agency,
                                        const std::string& request_id,
                                        absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const storage::History other,
      store.Load(agency, link.other_case(), request_id, false, deadline));
  if (!other.stream.empty()) {
    ASSIGN_OR_RETURN(const auto past, Unseal(other.events));
    // One that the caller may not read is refused like one that is not there.
    if (auth::MaySee(caller, MarksOf(casework::Fold(agency, past)),
                     auth::Access::kReadCase)
            .ok()) {
      return absl::OkStatus();
    }
  }
  v1::Refusal refusal;
  refusal.set_reason(v1::LINK_MISFIT);
  refusal.set_field("act.link.other_case");
  refusal.set_wanted("a case of this agency");
  refusal.set_got(link.other_case());
  return Refuse(refusal);
}

absl::StatusOr<storage::Append> Performer::Impl::MakeSubCase(
    const Opened& opened, const casework::Decision& decision,
    const v1::Actor& actor, absl::Time now) {
  const std::vector<casework::PastEvent> past =
      casework::WithMends(opened.past);
  if (past.empty() ||
      (!past[0].event.has_received() && !past[0].event.has_case_imported())) {
    return absl::DataLossError("a case does not begin with its receipt");
  }
  v1::Event event;
  v1::Application& application = *event.mutable_received();
  application = ApplicationIn(past[0].event);
  application.set_number(decision.event.reopened().sub_case());
  application.set_reopened_from(opened.c.number);
  application.set_ordered_reply_days(decision.ordered_reply_days);
  application.clear_imported_number();
  application.clear_labels();
  for (const int label : opened.c.labels) {
    application.add_labels(static_cast<v1::Label>(label));
  }
  application.clear_restricted_to();
  for (const std::string& account : opened.c.restricted_to) {
    application.add_restricted_to(account);
  }
  event.set_occurred_date(decision.event.occurred_date());

  storage::Append append;
  append.agency = opened.c.agency;
  append.stream = NewUuid(now);
  append.number = application.number();
  casework::PastEvent first{1, actor, opened.newest->calendar_version,
                            registry.rules().version(), event};
  casework::Case c;
  c.agency = opened.c.agency;
  casework::Apply(first, c);
  append.row = RowOf(c, now, registry.rules());
  append.limits = LimitRowsOf(
      law::DeriveLimits(c.facts, registry.rules(), opened.newest->calendar,
                        opened.newest->terms, ShanghaiDay(now)));
  append.text = TextOf({first}, options.request_key, options.blind_index);
  append.event =
      Seal({opened.log, append.agency, append.stream, 1, "", NewUuid(now),
            actor, now, first.calendar_version, first.rulebook_version},
           event);
  return append;
}

}  // namespace gongkai::act
