// SPDX-License-Identifier: Apache-2.0
// The path of a receipt. Numbers are gap-free, so each agency and year has one
// counter that is locked until commit: callers who wait for it are taken
// together by whoever came first, in one commit.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/marks.h"
#include "services/act/perform.h"
#include "services/act/perform_impl.h"
#include "services/act/rows.h"
#include "services/audit/record.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/law/numbers.h"

namespace gongkai::act {
namespace {

constexpr size_t kMostTogether = 200;

// The application as it will be recorded: what the service adds to it.
v1::Event RecordOf(const v1::ReceiveApplicationRequest& request,
                   const storage::Place& place, int year) {
  v1::Event event;
  event.set_occurred_date(request.arrived_date());
  v1::Application& a = *event.mutable_received();
  a = request.application();
  a.set_number(a.imported_number().empty()
                   ? CaseNumber(request.agency(), year, place.serial)
                   : a.imported_number());
  const v1::Person& who = a.applicant();
  if (!who.identity_number().empty()) {
    a.set_identity_check(
        law::CheckIdentityNumber(who.identity_kind(), who.identity_number()));
  }
  if (!a.postal_number().empty()) {
    const v1::Carrier carrier =
        a.channel() == v1::MAIL_ORDINARY ? v1::POST_ORDINARY : v1::POST_EMS;
    a.set_postal_check(law::CheckPostalNumber(carrier, a.postal_number()));
  }
  a.set_month_rank(place.month_rank);
  return event;
}

// Judges a receipt as any act: by the statute, on a case that is not yet.
absl::Status Judge(const Arriving& arriving, const Terms& terms,
                   const law::Rulebook& rules, absl::CivilDay today,
                   int max_backdating_days) {
  const v1::ReceiveApplicationRequest& request = *arriving.request;
  v1::Act act;
  *act.mutable_receive() = request.application();
  const auto capacity = casework::CapacityToUse(act, HeldBy(*arriving.caller));
  if (!capacity) return Refuse(v1::CAPACITY_MISSING);
  // A number that no name of a case can hold would never be found again.
  const std::string& number = request.application().imported_number();
  if (!number.empty() &&
      !ParseCaseName(CaseName(request.agency(), number)).ok()) {
    return RefuseField("application.imported_number",
                       "upper-case letters, digits and hyphens");
  }
  const absl::CivilDay arrived = DayOf(request.arrived_date());
  if (max_backdating_days != 0 && today - arrived > max_backdating_days) {
    v1::Refusal refusal;
    refusal.set_reason(v1::DATE_TOO_OLD);
    refusal.set_field("arrived_date");
    refusal.set_got(request.arrived_date());
    refusal.set_wanted("a day not before " +
                       FormatDay(today - max_backdating_days));
    return Refuse(refusal);
  }
  const casework::Case none;
  const std::vector<casework::PastEvent> no_history;
  const std::vector<law::Limit> no_limits;
  const v1::Actor actor = ActorOf(*arriving.caller, *capacity);
  const casework::Matter matter{none,        no_history, act,   actor,
                                arrived,     today,      rules, terms.calendar,
                                terms.terms, no_limits};
  return casework::Decide(matter).status();
}

// A receipt that was refused, for the record.
Refusing RefusalOfReceipt(const Arriving& arriving, std::string_view method) {
  Refusing refusing =
      RefusalFor(method, arriving.request->agency(), arriving.status);
  v1::Act act;
  act.mutable_receive();
  refusing.capacity = casework::CapacityToUse(act, HeldBy(*arriving.caller))
                          .value_or(v1::CAPACITY_UNSPECIFIED);
  refusing.access.set_act("receive");
  return refusing;
}

// A request that came twice in one batch has the outcome of the first.
void TakeFrom(const Arriving& first, Arriving& twin) {
  twin.status = first.status;
  if (!first.status.ok()) return;
  if (first.mac != twin.mac) twin.status = Refuse(v1::REQUEST_ID_REUSED);
  twin.stream = first.stream;
  twin.repeated = true;
  twin.month_rank = first.month_rank;
  twin.year_count = first.year_count;
}

}  // namespace

void Performer::Impl::ReceiveTogether(const std::string& agency, int year,
                                      const std::vector<Arriving*>& batch) {
  // Whoever leads waits as long as the most patient.
  absl::Time deadline = absl::InfinitePast();
  for (const Arriving* a : batch) deadline = std::max(deadline, a->deadline);
  const auto terms_or = registry.Newest(agency, deadline);
  if (!terms_or.ok()) {
    for (Arriving* a : batch) a->status = terms_or.status();
    return;
  }
  const auto log = registry.Log(deadline);
  if (!log.ok()) {
    for (Arriving* a : batch) a->status = log.status();
    return;
  }
  // One question for the whole batch, as nothing of receiving loads a history,
  // and one look at each caller.
  std::map<const auth::Caller*, absl::Status> standing;
  std::optional<absl::StatusOr<int64_t>> revocation;
  const auto still_stands = [&](const auth::Caller& caller) {
    if (options.standing == nullptr || caller.revocation < 0) {
      return absl::OkStatus();
    }
    const auto [known, is_new] = standing.try_emplace(&caller);
    if (!is_new) return known->second;
    if (!revocation) revocation = options.standing->Revocation(deadline);
    known->second = revocation->ok()
                        ? CheckStanding(caller, **revocation, deadline)
                        : revocation->status();
    return known->second;
  };
  const Terms& terms = **terms_or;
  const absl::CivilDay today = Today();
  std::vector<Arriving*> sound;
  std::vector<storage::Arrival> arrivals;
  std::map<std::string, Arriving*> by_request;
  std::vector<std::pair<Arriving*, Arriving*>> twins;
  const auto settle_twins = [&] {
    for (auto [twin, first] : twins) TakeFrom(*first, *twin);
  };
  for (Arriving* a : batch) {
    const auto [first, is_new] =
        by_request.emplace(a->request->request_id(), a);
    if (!is_new) {
      twins.emplace_back(a, first->second);
      continue;
    }
    a->status = still_stands(*a->caller);
    if (a->status.ok()) {
      a->status = Judge(*a, terms, registry.rules(), today,
                        options.max_backdating_days);
    }
    if (!a->status.ok()) continue;
    const v1::Application& application = a->request->application();
    sound.push_back(a);
    arrivals.push_back(
        {a->request->request_id(),
         ApplicantKey(application.applicant(), options.request_key),
         DayOf(a->request->arrived_date()), application.imported_number()});
  }
  if (sound.empty()) return settle_twins();

  const auto seal = [&](const std::vector<storage::Place>& places)
      -> absl::StatusOr<std::vector<storage::Append>> {
    std::vector<storage::Append> appends;
    for (size_t i = 0; i < sound.size(); ++i) {
      Arriving& a = *sound[i];
      const storage::Place& place = places[i];
      a.year_count = place.year_count;
      a.month_rank = place.month_rank;
      if (place.prior) {
        a.repeated = true;
        a.stream = place.prior->stream;
        if (!IsRepeat(*place.prior, a.mac)) {
          a.status = Refuse(v1::REQUEST_ID_REUSED);
        }
        continue;
      }
      const absl::Time now = clock.Now();
      v1::Act act;
      act.mutable_receive();
      const v1::Actor actor =
          ActorOf(*a.caller, *casework::CapacityToUse(act, HeldBy(*a.caller)));
      casework::PastEvent first{1, actor, terms.calendar_version,
                                registry.rules().version(),
                                RecordOf(*a.request, place, year)};
      casework::Case c;
      c.agency = agency;
      casework::Apply(first, c);
      c.facts.county_agency = terms.county;
      const auto limits = law::DeriveLimits(c.facts, registry.rules(),
                                            terms.calendar, terms.terms, today);
      storage::Append append;
      append.agency = agency;
      append.stream = a.stream = NewUuid(now);
      append.number = c.number;
      append.mac = a.mac;
      append.row = RowOf(c, now, registry.rules());
      append.limits = LimitRowsOf(limits);
      append.text = TextOf({first}, options.request_key, options.blind_index);
      append.event =
          Seal({*log, agency, append.stream, 1, "", a.request->request_id(),
                actor, now, first.calendar_version, first.rulebook_version},
               first.event);
      a.receipt = MakeReceipt(c, append.event, limits, terms.calendar, today);
      appends.push_back(std::move(append));
    }
    return appends;
  };
  const absl::Status status =
      store.Receive(agency, year, arrivals, seal, deadline);
  if (status.ok()) return settle_twins();
  // One taken number would refuse the others with it: each by itself then.
  const auto refusal = RefusalOf(status);
  if (sound.size() > 1 && refusal && refusal->reason() == v1::NUMBER_TAKEN) {
    for (Arriving* a : sound) {
      a->repeated = false;
      ReceiveTogether(agency, year, {a});
    }
    return settle_twins();
  }
  for (Arriving* a : sound) a->status = status;
  settle_twins();
}

void Performer::Impl::Wait(Arriving& mine, const std::string& agency,
                           int year) {
  absl::MutexLock lock(&mutex);
  Counter& counter = counters[{agency, year}];
  counter.waiting.push_back(&mine);
  const auto ready = [&] { return mine.done || !counter.led; };
  mutex.Await(absl::Condition(&ready));
  if (mine.done) return;
  // First of those who wait: lead once, for everybody who waits now.
  counter.led = true;
  const size_t n = std::min(kMostTogether, counter.waiting.size());
  std::vector<Arriving*> batch(counter.waiting.begin(),
                               counter.waiting.begin() + n);
  // The leader goes with the first batch, wherever it stands in the line.
  if (std::find(batch.begin(), batch.end(), &mine) == batch.end()) {
    batch.back() = &mine;
  }
  const auto taken = [&](Arriving* a) {
    return std::find(batch.begin(), batch.end(), a) != batch.end();
  };
  counter.waiting.erase(
      std::remove_if(counter.waiting.begin(), counter.waiting.end(), taken),
      counter.waiting.end());
  mutex.Unlock();
  ReceiveTogether(agency, year, batch);
  mutex.Lock();
  for (Arriving* a : batch) a->done = true;
  counter.led = false;
}

absl::StatusOr<v1::ReceiveApplicationResponse> Performer::Receive(
    const auth::Caller& caller, const v1::ReceiveApplicationRequest& request,
    absl::Time deadline) {
  Arriving mine;
  mine.caller = &caller;
  mine.request = &request;
  mine.mac = audit::ShortMac(
      impl_->options.request_key,
      absl::StrCat(caller.account, "\n", request.SerializeAsString()));
  const int year = static_cast<int>(DayOf(request.arrived_date()).year());
  mine.deadline = deadline;
  // Whoever may not is told so, whether or not there is such an agency.
  mine.status =
      auth::MayAccess(caller, request.agency(), auth::Access::kReceive);
  if (mine.status.ok()) impl_->Wait(mine, request.agency(), year);
  if (!mine.status.ok()) {
    return impl_->recorder.Refused(
        caller, RefusalOfReceipt(mine, "ReceiveApplication"), deadline);
  }
  v1::ReceiveApplicationResponse response;
  if (mine.repeated) {
    ASSIGN_OR_RETURN(const storage::History history,
                     impl_->store.LoadStream(request.agency(), mine.stream, "",
                                             false, deadline));
    ASSIGN_OR_RETURN(*response.mutable_receipt(),
                     impl_->ReceiptOf(request.agency(), history, 1, deadline));
    ASSIGN_OR_RETURN(const auto past, Unseal({history.events.front()}));
    mine.month_rank = past[0].event.received().month_rank();
  } else {
    *response.mutable_receipt() = std::move(mine.receipt);
  }
  response.set_month_rank(mine.month_rank);
  response.set_year_count(mine.year_count);
  // Words of earlier cases are for those who may search them: not for a portal.
  if (!auth::MayAccess(caller, request.agency(), auth::Access::kSearch).ok()) {
    return response;
  }
  // The receipt is durable: what is shown beside it may fail without harm.
  const auto earlier =
      impl_->index.EarlierOf(request.agency(), mine.stream, deadline);
  if (!earlier.ok()) return response;
  response.set_other_applicants(earlier->other_applicants);
  std::vector<const storage::FoundSimilar*> shown;
  for (const storage::FoundSimilar& found : earlier->same_applicant) {
    if (IsShownTo(caller, found.found.row, auth::Access::kSearch)) {
      shown.push_back(&found);
    }
  }
  if (shown.empty()) return response;
  v1::Access access;
  access.set_kind(v1::SEARCHED);
  access.set_method("ReceiveApplication");
  for (const storage::FoundSimilar* found : shown) {
    access.add_cases(found->found.number);
  }
  const absl::Status recorded =
      impl_->recorder.Record(caller, request.agency(), access, deadline);
  if (!recorded.ok()) return response;
  for (const storage::FoundSimilar* found : shown) {
    *response.add_similar() = SimilarOf(request.agency(), *found);
  }
  return response;
}

std::vector<Performer::RowResult> Performer::ReceiveMany(
    const auth::Caller& caller,
    const std::vector<v1::ReceiveApplicationRequest>& requests,
    absl::Time deadline) {
  std::vector<Arriving> rows(requests.size());
  // Rows of one agency and year go together, in their order.
  std::map<std::pair<std::string, int>, std::vector<Arriving*>> groups;
  for (size_t i = 0; i < requests.size(); ++i) {
    rows[i].caller = &caller;
    rows[i].request = &requests[i];
    rows[i].deadline = deadline;
    rows[i].mac = audit::ShortMac(
        impl_->options.request_key,
        absl::StrCat(caller.account, "\n", requests[i].SerializeAsString()));
    const int year = static_cast<int>(DayOf(requests[i].arrived_date()).year());
    rows[i].status =
        auth::MayAccess(caller, requests[i].agency(), auth::Access::kReceive);
    if (!rows[i].status.ok()) continue;
    groups[{requests[i].agency(), year}].push_back(&rows[i]);
  }
  for (auto& [key, members] : groups) {
    for (size_t from = 0; from < members.size(); from += kMostTogether) {
      const size_t to = std::min(members.size(), from + kMostTogether);
      std::vector<Arriving*> batch(members.begin() + from,
                                   members.begin() + to);
      impl_->ReceiveTogether(key.first, key.second, batch);
    }
  }
  std::vector<Refusing> refused;
  for (const Arriving& row : rows) {
    if (row.status.ok()) continue;
    refused.push_back(RefusalOfReceipt(row, "BatchReceive"));
  }
  impl_->recorder.RefusedAll(caller, refused, deadline);
  std::vector<RowResult> results(requests.size());
  for (size_t i = 0; i < requests.size(); ++i) {
    results[i].status = rows[i].status;
    results[i].repeated = rows[i].repeated;
    if (rows[i].status.ok() && !rows[i].repeated) {
      results[i].name = rows[i].receipt.name();
    }
  }
  return results;
}

}  // namespace gongkai::act
