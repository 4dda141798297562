// SPDX-License-Identifier: Apache-2.0
// What is recorded in the streams that are no cases: calendars, agencies,
// accounts, the log itself.
#include "services/act/stream_act.h"

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

std::string RequestMac(std::string_view request_key, const auth::Caller& caller,
                       const google::protobuf::Message& request) {
  return audit::ShortMac(
      request_key,
      absl::StrCat(caller.account, "\n", request.SerializeAsString()));
}

std::string Performer::Impl::MacOf(const auth::Caller& caller,
                                   const google::protobuf::Message& request) {
  return RequestMac(options.request_key, caller, request);
}

absl::StatusOr<Streamed> Performer::Impl::Record(const StreamAct& act,
                                                 absl::Time deadline) {
  return StreamWriter(store, registry, clock, options.standing)
      .Record(act, deadline);
}

StreamWriter::StreamWriter(storage::Store& store, Registry& registry,
                           Clock& clock, Standing* standing)
    : store_(store), registry_(registry), clock_(clock), standing_(standing) {}

absl::Status StreamWriter::CheckStanding(const StreamAct& act,
                                         int64_t revocation,
                                         absl::Time deadline) {
  if (standing_ == nullptr || act.caller == nullptr) return absl::OkStatus();
  return standing_->StillStands(*act.caller, revocation, deadline);
}

storage::Append StreamWriter::MakeAppend(const StreamAct& act,
                                         const std::string& stream,
                                         const storage::LogIdentity& log,
                                         const storage::History& history,
                                         v1::Event event) {
  const absl::Time now = clock_.Now();
  event.set_occurred_date(FormatDay(ShanghaiDay(now)));
  storage::Append append;
  append.agency = act.agency;
  append.stream = stream;
  append.kind = act.kind;
  append.expected_version = history.version;
  append.mac = act.mac;
  append.key = history.key;
  append.event = Seal(
      {log, append.agency, append.stream, history.version + 1, history.head,
       act.request_id, act.actor, now, CalendarVersionOf(history, act.agency),
       registry_.rules().version()},
      std::move(event));
  return append;
}

absl::StatusOr<Streamed> StreamWriter::Record(const StreamAct& act,
                                              absl::Time deadline) {
  const std::string stream =
      act.stream.empty() ? storage::WellKnownStream(act.kind) : act.stream;
  ASSIGN_OR_RETURN(const storage::LogIdentity log, registry_.Log(deadline));
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(
        const storage::History history,
        store_.LoadStream(act.agency, stream, act.request_id, false, deadline));
    RETURN_IF_ERROR(CheckStanding(act, history.revocation, deadline));
    if (history.prior) {
      if (!IsRepeat(*history.prior, act.mac)) {
        return Refuse(v1::REQUEST_ID_REUSED);
      }
      return Streamed{Streamed::kRepeated, history.prior->seq};
    }
    ASSIGN_OR_RETURN(std::optional<v1::Event> event, act.decide(history));
    if (!event.has_value()) return Streamed{Streamed::kNothing, 0};
    storage::Append append = MakeAppend(act, stream, log, history, *event);
    if (act.also) RETURN_IF_ERROR(act.also(history, *event, append));
    ASSIGN_OR_RETURN(const storage::Appended appended,
                     store_.AppendAll({append}, deadline));
    if (appended == storage::Appended::kAppended) {
      return Streamed{Streamed::kRecorded, append.event.seq};
    }
    if (appended == storage::Appended::kHeldElsewhere) {
      return Refuse(act.held_elsewhere);
    }
  }
  return Refuse(v1::VERSION_STALE);
}

}  // namespace gongkai::act
