// SPDX-License-Identifier: Apache-2.0
// The path of an act: load, fold, decide, seal, append.
#include "services/act/perform.h"

#include "absl/strings/escaping.h"
#include "services/act/history.h"
#include "services/act/marks.h"
#include "services/act/perform_impl.h"
#include "services/act/rows.h"
#include "services/auth/matrix.h"
#include "services/auth/walls.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

// Another's act between read and append is retried for a caller who named no
// version; more than this often it is a storm.
constexpr int kTries = 8;

// Acts whose rows or sub-case need the personal text of the case.
bool NeedsPrivate(const v1::Act& act) {
  return act.has_reopen() || act.has_mend_record() ||
         act.has_accept_correction();
}

// Words that the case is searched by changed.
bool ChangesText(const v1::Event& event) {
  if (event.has_correction_accepted()) {
    return !event.correction_accepted().content().empty();
  }
  return event.has_record_mended();
}

absl::Status CheckBackdating(absl::CivilDay occurred, absl::CivilDay today,
                             int max_days) {
  if (max_days == 0 || today - occurred <= max_days) return absl::OkStatus();
  v1::Refusal refusal;
  refusal.set_reason(v1::DATE_TOO_OLD);
  refusal.set_field("occurred_date");
  refusal.set_wanted("a day not before " + FormatDay(today - max_days));
  refusal.set_got(FormatDay(occurred));
  return Refuse(refusal);
}

}  // namespace

v1::Actor ActorOf(const auth::Caller& caller, v1::Capacity capacity) {
  v1::Actor actor;
  actor.set_account(caller.account);
  actor.set_person(caller.person);
  actor.set_capacity(capacity);
  actor.set_sign_in(caller.sign_in);
  actor.set_on_behalf_of(caller.on_behalf_of);
  return actor;
}

casework::Capacities HeldBy(const auth::Caller& caller) {
  casework::Capacities held;
  for (const v1::Capacity c : auth::CapacitiesOf(caller)) held.insert(c);
  return held;
}

absl::StatusOr<v1::Actor> ActorOn(const auth::Caller& caller,
                                  const v1::Act& act, const casework::Case& c) {
  const auth::CaseMarks marks = MarksOf(c);
  RETURN_IF_ERROR(auth::MaySee(caller, marks, auth::Access::kAct));
  casework::Capacities held;
  for (const v1::Capacity one : auth::CapacitiesOn(caller, marks)) {
    held.insert(one);
  }
  const auto capacity = casework::CapacityToUse(act, held);
  if (!capacity) return Refuse(v1::CAPACITY_MISSING);
  return ActorOf(caller, *capacity);
}

Refusing RefusalFor(std::string_view method, std::string_view agency,
                    const absl::Status& status) {
  Refusing refusing;
  refusing.agency = std::string(agency);
  refusing.access.set_kind(v1::ACT_REFUSED);
  refusing.access.set_method(std::string(method));
  refusing.status = status;
  return refusing;
}

v1::Receipt MakeReceipt(const casework::Case& c,
                        const storage::StoredEvent& event,
                        const std::vector<law::Limit>& limits,
                        const law::Calendar& calendar, absl::CivilDay as_of) {
  v1::Receipt receipt;
  receipt.set_name(CaseName(c.agency, c.number));
  receipt.set_number(c.number);
  receipt.set_version(event.seq);
  receipt.set_phase(c.phase);
  receipt.set_event_id(event.event_id);
  receipt.set_recorded_time(FormatInstant(event.recorded_time));
  receipt.set_hash(absl::BytesToHexString(event.hash));
  for (const law::Limit& limit : limits) {
    if (!limit.live()) continue;
    *receipt.add_limits() = casework::ViewOfLimit(limit, calendar, as_of);
  }
  return receipt;
}

Performer::Performer(storage::Store& store, storage::Index& index,
                     Registry& registry, AccessRecorder& recorder, Clock& clock,
                     Options options)
    : impl_(new Impl{store,
                     index,
                     registry,
                     recorder,
                     clock,
                     std::move(options),
                     {},
                     {}}) {}
Performer::~Performer() = default;

absl::StatusOr<v1::Receipt> Performer::Perform(
    const auth::Caller& caller, const v1::PerformActRequest& request,
    absl::Time deadline) {
  auto receipt = impl_->Perform(caller, request, deadline);
  const auto ref = ParseCaseName(request.name());
  if (receipt.ok() || !ref.ok()) return receipt;
  Refusing refusing = RefusalFor("PerformAct", ref->agency, receipt.status());
  refusing.capacity = casework::CapacityToUse(request.act(), HeldBy(caller))
                          .value_or(v1::CAPACITY_UNSPECIFIED);
  const auto* act =
      v1::Act::descriptor()->FindFieldByNumber(request.act().act_case());
  if (act != nullptr) refusing.access.set_act(act->name());
  refusing.access.add_cases(ref->number);
  return impl_->recorder.Refused(caller, refusing, deadline);
}

absl::CivilDay Performer::Impl::Today() { return ShanghaiDay(clock.Now()); }

absl::StatusOr<Opened> Performer::Impl::Open(const std::string& agency,
                                             storage::History history,
                                             absl::Time deadline) {
  if (history.stream.empty()) return Refuse(v1::NO_SUCH_CASE);
  Opened opened;
  ASSIGN_OR_RETURN(opened.log, registry.Log(deadline));
  ASSIGN_OR_RETURN(opened.past, Unseal(history.events));
  opened.history = std::move(history);
  opened.c = casework::Fold(agency, opened.past);
  return opened;
}

absl::StatusOr<v1::Receipt> Performer::Impl::Perform(
    const auth::Caller& caller, const v1::PerformActRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  if (request.act().act_case() == v1::Act::ACT_NOT_SET ||
      request.act().has_receive() || request.act().has_import_case() ||
      request.act().has_apply_calendar()) {
    return Refuse(v1::ACT_MISSING);
  }
  RETURN_IF_ERROR(auth::MayAccess(caller, ref.agency, auth::Access::kAct));
  if (!casework::CapacityToUse(request.act(), HeldBy(caller))) {
    return Refuse(v1::CAPACITY_MISSING);
  }
  RETURN_IF_ERROR(CheckBackdating(DayOf(request.occurred_date()), Today(),
                                  options.max_backdating_days));
  const std::string mac = MacOf(caller, request);
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(auto receipt, TryPerform(caller, request, mac, deadline));
    if (receipt) return *std::move(receipt);
  }
  return Refuse(v1::VERSION_STALE);
}

absl::StatusOr<std::optional<v1::Receipt>> Performer::Impl::TryPerform(
    const auth::Caller& caller, const v1::PerformActRequest& request,
    const std::string& mac, absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  const v1::Act& act = request.act();
  ASSIGN_OR_RETURN(storage::History history,
                   store.Load(ref.agency, ref.number, request.request_id(),
                              NeedsPrivate(act), deadline));
  RETURN_IF_ERROR(CheckStanding(caller, history.revocation, deadline));
  if (history.prior) {
    if (!IsRepeat(*history.prior, mac)) return Refuse(v1::REQUEST_ID_REUSED);
    // Whose request it was is known by its digest alone.
    if (history.prior->mac.empty()) {
      ASSIGN_OR_RETURN(const auto past, Unseal(history.events));
      RETURN_IF_ERROR(
          ActorOn(caller, act, casework::Fold(ref.agency, past)).status());
    }
    ASSIGN_OR_RETURN(
        v1::Receipt receipt,
        ReceiptOf(ref.agency, history, history.prior->seq, deadline));
    return std::optional(std::move(receipt));
  }
  ASSIGN_OR_RETURN(Opened opened,
                   Open(ref.agency, std::move(history), deadline));
  ASSIGN_OR_RETURN(const v1::Actor actor, ActorOn(caller, act, opened.c));
  if (request.expected_version() != 0 &&
      request.expected_version() != opened.c.version) {
    return Refuse(v1::VERSION_STALE);
  }
  ASSIGN_OR_RETURN(opened.newest,
                   registry.Newest(ref.agency, opened.history, deadline));
  opened.c.facts.county_agency = opened.newest->county;
  ASSIGN_OR_RETURN(const bool moved, CatchUp(opened, deadline));
  if (moved) return std::optional<v1::Receipt>();
  if (act.has_link()) {
    RETURN_IF_ERROR(CheckLink(caller, act.link(), ref.agency,
                              request.request_id(), deadline));
  }

  const Terms& terms = *opened.newest;
  const absl::CivilDay occurred = DayOf(request.occurred_date());
  const std::vector<law::Limit> limits = law::DeriveLimits(
      opened.c.facts, registry.rules(), terms.calendar, terms.terms, occurred);
  const casework::Matter matter{
      opened.c,         opened.past,    act,         actor, occurred, Today(),
      registry.rules(), terms.calendar, terms.terms, limits};
  ASSIGN_OR_RETURN(const casework::Decision decision, casework::Decide(matter));

  casework::Case after;
  std::vector<storage::Append> batch;
  batch.push_back(MakeAppend(opened, decision.event, actor,
                             request.request_id(), terms.calendar_version,
                             terms.calendar, after));
  batch[0].mac = mac;
  const storage::StoredEvent event = batch[0].event;
  if (decision.opens_sub_case) {
    ASSIGN_OR_RETURN(storage::Append sub,
                     MakeSubCase(opened, decision, actor, event.recorded_time));
    batch.push_back(std::move(sub));
  }
  ASSIGN_OR_RETURN(const storage::Appended appended,
                   store.AppendAll(batch, deadline));
  if (appended == storage::Appended::kStale &&
      request.expected_version() != 0) {
    return Refuse(v1::VERSION_STALE);
  }
  if (appended != storage::Appended::kAppended) {
    return std::optional<v1::Receipt>();
  }
  const absl::CivilDay as_of = ShanghaiDay(event.recorded_time);
  v1::Receipt receipt =
      MakeReceipt(after, event,
                  law::DeriveLimits(after.facts, registry.rules(),
                                    terms.calendar, terms.terms, as_of),
                  terms.calendar, as_of);
  if (decision.opens_sub_case) {
    receipt.set_sub_case(
        CaseName(ref.agency, decision.event.reopened().sub_case()));
  }
  return std::optional(std::move(receipt));
}

absl::Status Performer::Impl::CheckStanding(const auth::Caller& caller,
                                            int64_t revocation,
                                            absl::Time deadline) {
  if (options.standing == nullptr || caller.revocation < 0 ||
      caller.revocation == revocation) {
    return absl::OkStatus();
  }
  return options.standing->StillStands(caller, revocation, deadline);
}

storage::Append Performer::Impl::MakeAppend(
    const Opened& opened, const v1::Event& event, const v1::Actor& actor,
    const std::string& request_id, const std::string& calendar_version,
    const law::Calendar& calendar, casework::Case& after) {
  const absl::Time now = clock.Now();
  storage::Append append;
  append.agency = opened.c.agency;
  append.stream = opened.history.stream;
  append.expected_version = opened.c.version;
  append.key = opened.history.key;

  casework::PastEvent past;
  past.seq = opened.c.version + 1;
  past.actor = actor;
  past.calendar_version = calendar_version;
  past.rulebook_version = registry.rules().version();
  past.event = event;
  if (event.has_record_mended()) {
    std::vector<casework::PastEvent> all = opened.past;
    all.push_back(past);
    after = casework::Fold(opened.c.agency, all);
  } else {
    after = opened.c;
    casework::Apply(past, after);
  }
  after.facts.county_agency = opened.newest->county;
  append.row = RowOf(after, now, registry.rules());
  const absl::CivilDay today = ShanghaiDay(now);
  const auto rows = [&](const casework::Case& c) {
    return LimitRowsOf(law::DeriveLimits(c.facts, registry.rules(), calendar,
                                         opened.newest->terms, today));
  };
  std::vector<storage::LimitRow> limits = rows(after);
  // A case that took a new calendar has rows of the old one.
  if (after.calendar_version != opened.c.calendar_version ||
      !SameRows(limits, rows(opened.c))) {
    append.limits = std::move(limits);
  }
  if (ChangesText(event)) {
    std::vector<casework::PastEvent> all = opened.past;
    all.push_back(past);
    append.text = TextOf(all, options.request_key, options.blind_index);
  }
  if (event.has_erased()) {
    append.erase.assign(event.erased().events().begin(),
                        event.erased().events().end());
    append.erase_words = event.erased().words();
  }
  append.event = Seal({opened.log, opened.c.agency, opened.history.stream,
                       past.seq, opened.history.head, request_id, actor, now,
                       calendar_version, past.rulebook_version},
                      event);
  return append;
}

absl::StatusOr<v1::Receipt> Performer::Impl::ReceiptOf(
    const std::string& agency, const storage::History& history, int64_t seq,
    absl::Time deadline) {
  if (seq < 1 || static_cast<size_t>(seq) > history.events.size()) {
    return absl::DataLossError("a request names an event that is not there");
  }
  const storage::StoredEvent& event = history.events[seq - 1];
  ASSIGN_OR_RETURN(
      std::vector<casework::PastEvent> past,
      Unseal({history.events.begin(), history.events.begin() + seq}));
  casework::Case c = casework::Fold(agency, past);
  ASSIGN_OR_RETURN(const auto terms,
                   registry.Newest(agency, history, deadline));
  c.facts.county_agency = terms->county;
  ASSIGN_OR_RETURN(const law::Calendar calendar,
                   registry.CalendarAt(agency, c.calendar_version, deadline));
  const absl::CivilDay as_of = ShanghaiDay(event.recorded_time);
  v1::Receipt receipt =
      MakeReceipt(c, event,
                  law::DeriveLimits(c.facts, registry.rules(), calendar,
                                    terms->terms, as_of),
                  calendar, as_of);
  if (past.back().event.has_reopened()) {
    receipt.set_sub_case(
        CaseName(agency, past.back().event.reopened().sub_case()));
  }
  return receipt;
}

}  // namespace gongkai::act
