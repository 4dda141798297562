// SPDX-License-Identifier: Apache-2.0
#include "services/act/log_fork.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "services/act/history.h"
#include "services/act/perform.h"
#include "services/act/perform_impl.h"
#include "services/auth/matrix.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

absl::Status Misfit(std::string_view field, std::string_view wanted,
                    const std::string& got) {
  v1::Refusal refusal;
  refusal.set_reason(v1::FORK_MISFIT);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  refusal.set_got(got);
  return Refuse(refusal);
}

// Whether `stated` is what the log lacks now.
absl::Status CheckFits(const v1::LogFork& stated,
                       const std::optional<v1::LogFork>& found,
                       std::string_view field) {
  if (!found.has_value()) {
    return Misfit(field, "a log that lacks an outside checkpoint", "");
  }
  if (SameFork(stated, *found)) return absl::OkStatus();
  return Misfit(field,
                absl::StrFormat("outside %d %s, tree %d %s",
                                found->outside_size(), found->outside_root(),
                                found->tree_size(), found->tree_root()),
                absl::StrFormat("outside %d %s, tree %d %s",
                                stated.outside_size(), stated.outside_root(),
                                stated.tree_size(), stated.tree_root()));
}

// What confirms the statement `seq` of `history`, or why it may not.
absl::StatusOr<std::optional<v1::Event>> Confirmation(
    const storage::History& history, int64_t seq, const std::string& person,
    const std::optional<v1::LogFork>& found) {
  ASSIGN_OR_RETURN(const std::vector<StatedFork> stated, StatedForks(history));
  const auto it =
      std::find_if(stated.begin(), stated.end(),
                   [&](const StatedFork& s) { return s.seq == seq; });
  if (it == stated.end() || it->confirmed) {
    return Misfit("statement", "the number of a statement not yet confirmed",
                  absl::StrFormat("%d", seq));
  }
  RETURN_IF_ERROR(CheckFits(it->fork, found, "statement"));
  if (it->person == person) return Refuse(v1::FORK_BY_STATER);
  std::optional<v1::Event> event(std::in_place);
  event->mutable_log_fork_confirmed()->set_statement(seq);
  return event;
}

}  // namespace

bool SameFork(const v1::LogFork& a, const v1::LogFork& b) {
  return a.outside_size() == b.outside_size() &&
         a.outside_root() == b.outside_root() &&
         a.tree_size() == b.tree_size() && a.tree_root() == b.tree_root();
}

absl::StatusOr<std::vector<StatedFork>> StatedForks(
    const storage::History& history) {
  ASSIGN_OR_RETURN(const std::vector<casework::PastEvent> past,
                   Unseal(history.events));
  std::vector<StatedFork> stated;
  for (const casework::PastEvent& one : past) {
    if (one.event.has_log_fork_stated()) {
      stated.push_back(
          {one.seq, one.actor.person(), one.event.log_fork_stated(), false});
    }
    const int64_t seq = one.event.log_fork_confirmed().statement();
    for (StatedFork& s : stated) {
      // Two persons, whatever the record says of itself.
      if (s.seq == seq && s.person != one.actor.person()) s.confirmed = true;
    }
  }
  return stated;
}

absl::StatusOr<std::vector<v1::LogFork>> ConfirmedForks(storage::Store& store,
                                                        absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const storage::History history,
      store.LoadStream(storage::kNation,
                       storage::WellKnownStream(storage::StreamKind::kLog), "",
                       false, deadline));
  ASSIGN_OR_RETURN(const std::vector<StatedFork> stated, StatedForks(history));
  std::vector<v1::LogFork> confirmed;
  for (const StatedFork& s : stated) {
    if (s.confirmed) confirmed.push_back(s.fork);
  }
  return confirmed;
}

absl::StatusOr<Streamed> Performer::Impl::RecordFork(const auth::Caller& caller,
                                                     std::string_view method,
                                                     StreamAct act,
                                                     absl::Time deadline) {
  absl::Status status =
      auth::MayAccess(caller, storage::kNation, auth::Access::kDecideFork);
  if (status.ok()) {
    act.agency = std::string(storage::kNation);
    act.kind = storage::StreamKind::kLog;
    act.caller = &caller;
    act.actor =
        ActorOf(caller, auth::CapacityFor(caller, auth::Access::kDecideFork));
    auto streamed = Record(act, deadline);
    if (streamed.ok()) return streamed;
    status = streamed.status();
  }
  return recorder.Refused(caller, RefusalFor(method, storage::kNation, status),
                          deadline);
}

absl::StatusOr<v1::ForkResponse> Performer::StateFork(
    const auth::Caller& caller, const v1::StateForkRequest& request,
    const std::optional<v1::LogFork>& found, absl::Time deadline) {
  StreamAct act;
  act.request_id = request.request_id();
  act.mac = impl_->MacOf(caller, request);
  act.decide =
      [&](const storage::History&) -> absl::StatusOr<std::optional<v1::Event>> {
    RETURN_IF_ERROR(CheckFits(request.fork(), found, "fork"));
    std::optional<v1::Event> event(std::in_place);
    *event->mutable_log_fork_stated() = request.fork();
    return event;
  };
  ASSIGN_OR_RETURN(
      const Streamed streamed,
      impl_->RecordFork(caller, "StateFork", std::move(act), deadline));
  v1::ForkResponse response;
  response.set_seq(streamed.seq);
  return response;
}

absl::StatusOr<v1::ForkResponse> Performer::ConfirmFork(
    const auth::Caller& caller, const v1::ConfirmForkRequest& request,
    const std::optional<v1::LogFork>& found, absl::Time deadline) {
  StreamAct act;
  act.request_id = request.request_id();
  act.mac = impl_->MacOf(caller, request);
  act.decide = [&](const storage::History& history) {
    return Confirmation(history, request.statement(), caller.person, found);
  };
  ASSIGN_OR_RETURN(
      const Streamed streamed,
      impl_->RecordFork(caller, "ConfirmFork", std::move(act), deadline));
  v1::ForkResponse response;
  response.set_seq(streamed.seq);
  response.set_confirmed(true);
  return response;
}

}  // namespace gongkai::act
