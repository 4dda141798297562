// SPDX-License-Identifier: Apache-2.0
// What is recorded in the streams that are no cases: calendars, agencies, the
// log itself.
#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/perform_impl.h"
#include "services/audit/record.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr int kTries = 8;

}  // namespace

std::string CalendarVersionOf(const storage::History& history,
                              std::string_view agency) {
  // The nation has no days of its own above the nation's.
  return absl::StrCat(history.national_calendar, "+",
                      agency == storage::kNation ? 0 : history.local_calendar);
}

std::string Performer::Impl::MacOf(const auth::Caller& caller,
                                   const google::protobuf::Message& request) {
  return audit::ShortMac(
      options.request_key,
      absl::StrCat(caller.account, "\n", request.SerializeAsString()));
}

absl::StatusOr<Streamed> Performer::Impl::Record(const StreamAct& act,
                                                 absl::Time deadline) {
  const std::string stream = storage::WellKnownStream(act.kind);
  ASSIGN_OR_RETURN(const storage::LogIdentity log, registry.Log(deadline));
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(
        const storage::History history,
        store.LoadStream(act.agency, stream, act.request_id, false, deadline));
    if (act.caller != nullptr) {
      RETURN_IF_ERROR(CheckStanding(*act.caller, history.revocation, deadline));
    }
    if (history.prior) {
      if (!IsRepeat(*history.prior, act.mac)) {
        return Refuse(v1::REQUEST_ID_REUSED);
      }
      return Streamed{Streamed::kRepeated, history.prior->seq};
    }
    ASSIGN_OR_RETURN(std::optional<v1::Event> event, act.decide(history));
    if (!event.has_value()) return Streamed{Streamed::kNothing, 0};
    event->set_occurred_date(FormatDay(Today()));
    storage::Append append;
    append.agency = act.agency;
    append.stream = stream;
    append.kind = act.kind;
    append.expected_version = history.version;
    append.key = history.key;
    append.mac = act.mac;
    append.event = Seal(
        {log, append.agency, append.stream, history.version + 1, history.head,
         act.request_id, act.actor, clock.Now(),
         CalendarVersionOf(history, act.agency), registry.rules().version()},
        *event);
    ASSIGN_OR_RETURN(const storage::Appended appended,
                     store.AppendAll({append}, deadline));
    if (appended == storage::Appended::kAppended) {
      return Streamed{Streamed::kRecorded, append.event.seq};
    }
  }
  return Refuse(v1::VERSION_STALE);
}

}  // namespace gongkai::act
