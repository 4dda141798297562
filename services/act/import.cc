// SPDX-License-Identifier: Apache-2.0
// The path of an earlier register: judge every row, then seal and append all.
#include "services/act/import.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/import_totals.h"
#include "services/act/perform_impl.h"
#include "services/act/rows.h"
#include "services/audit/record.h"
#include "services/auth/matrix.h"
#include "services/auth/walls.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/decide.h"

namespace gongkai::act {
namespace {

constexpr int kTries = 4;

v1::Act ImportAct(const v1::PastCase& past) {
  v1::Act act;
  *act.mutable_import_case() = past;
  return act;
}

// Whoever names one department alone may not bring a whole register.
absl::Status MayImport(const auth::Caller& caller, std::string_view agency) {
  RETURN_IF_ERROR(auth::MayAccess(caller, agency, auth::Access::kImport));
  if (auth::DepartmentsFor(caller, auth::Access::kImport).empty()) {
    return absl::OkStatus();
  }
  return Refuse(v1::CAPACITY_MISSING);
}

absl::Status NumberTaken(const std::string& number, const std::string& wanted) {
  v1::Refusal refusal;
  refusal.set_reason(v1::NUMBER_TAKEN);
  refusal.set_field("past_case.number");
  refusal.set_got(number);
  refusal.set_wanted(wanted);
  return Refuse(refusal);
}

// What stands in the record for all that was refused: the first row that breaks
// a rule rather than a form, where there is one.
absl::Status WhyRefused(const absl::StatusOr<Imported>& imported) {
  if (!imported.ok()) return imported.status();
  for (const ImportFailure& failure : imported->failures) {
    const auto refusal = RefusalOf(failure.status);
    if (!refusal || refusal->reason() != v1::FIELD_INVALID) {
      return failure.status;
    }
  }
  return absl::OkStatus();
}

// The day of the act is the day of receipt: its refusals name that field.
absl::Status NamingTheReceipt(const absl::Status& status) {
  auto refusal = RefusalOf(status);
  if (!refusal || refusal->field() != "occurred_date") return status;
  refusal->set_field("past_case.receipt_date");
  return Refuse(*refusal);
}

}  // namespace

// One import on its way.
struct Importer::Job {
  const auth::Caller& caller;
  const v1::ImportCasesRequest::Head& head;
  const std::vector<ImportRow>& rows;
  absl::Time deadline;

  v1::Actor actor = {};
  std::string mac = {};
  storage::LogIdentity log = {};
  std::shared_ptr<const Terms> terms = nullptr;
  absl::CivilDay today = {};
  // Of sound rows, in their places.
  std::vector<v1::Event> events = {};
  std::map<int64_t, absl::Status> failures = {};

  std::string RequestId(size_t row) const {
    return UuidFrom(absl::StrCat("import\n", head.agency(), "\n",
                                 head.request_id(), "\n", row));
  }
  bool WellFormed() const {
    return std::all_of(rows.begin(), rows.end(),
                       [](const ImportRow& row) { return row.shape.ok(); });
  }
};

Importer::Importer(storage::Store& store, Registry& registry,
                   AccessRecorder& recorder, Clock& clock, Options options)
    : store_(store),
      registry_(registry),
      recorder_(recorder),
      clock_(clock),
      options_(std::move(options)) {}
Importer::~Importer() = default;

absl::StatusOr<Imported> Importer::Import(
    const auth::Caller& caller, const v1::ImportCasesRequest::Head& head,
    const std::vector<ImportRow>& rows, absl::Time deadline) {
  Job job{caller, head, rows, deadline};
  auto imported = Run(job);
  const absl::Status refused = WhyRefused(imported);
  if (refused.ok()) return imported;
  Refusing refusing = RefusalFor("ImportCases", head.agency(), refused);
  refusing.capacity = job.actor.capacity();
  refusing.access.set_act("import_case");
  // One record says that it was refused, however many rows were to blame.
  const absl::Status recorded = recorder_.Refused(caller, refusing, deadline);
  if (imported.ok()) return imported;
  return recorded;
}

absl::Status Importer::Open(Job& job) {
  RETURN_IF_ERROR(MayImport(job.caller, job.head.agency()));
  const auto capacity =
      casework::CapacityToUse(ImportAct({}), HeldBy(job.caller));
  if (!capacity) return Refuse(v1::CAPACITY_MISSING);
  job.actor = ActorOf(job.caller, *capacity);
  if (options_.standing != nullptr && job.caller.revocation >= 0) {
    ASSIGN_OR_RETURN(const int64_t revocation,
                     options_.standing->Revocation(job.deadline));
    if (revocation != job.caller.revocation) {
      RETURN_IF_ERROR(
          options_.standing->StillStands(job.caller, revocation, job.deadline));
    }
  }
  if (job.rows.empty() ||
      static_cast<int64_t>(job.rows.size()) > kMaxImportRows) {
    return RefuseField(
        "past_case",
        absl::StrCat("1 to ", kMaxImportRows, " cases in one import"),
        absl::StrCat(job.rows.size()));
  }
  RETURN_IF_ERROR(CheckTotals(job.head));
  ASSIGN_OR_RETURN(job.terms,
                   registry_.Newest(job.head.agency(), job.deadline));
  ASSIGN_OR_RETURN(job.log, registry_.Log(job.deadline));
  job.today = ShanghaiDay(clock_.Now());
  // Over all of it: the same rows in one other place are another import.
  v1::ImportCasesRequest::Head head = job.head;
  head.clear_dry_run();
  job.mac = audit::ShortMac(
      options_.request_key,
      absl::StrCat(job.caller.account, "\n", head.SerializeAsString()));
  for (const ImportRow& row : job.rows) {
    job.mac =
        audit::ShortMac(options_.request_key,
                        absl::StrCat(job.mac, row.past.SerializeAsString()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Imported> Importer::Run(Job& job) {
  RETURN_IF_ERROR(Open(job));
  JudgeAll(job);
  Imported result;
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(result.repeated, WasDone(job));
    if (result.repeated) return result;
    if (job.failures.empty()) {
      std::vector<const v1::PastCase*> rows;
      for (const ImportRow& row : job.rows) rows.push_back(&row.past);
      result.unbalanced = FindUnbalanced(job.head, rows, registry_.rules());
    }
    const bool sound = job.failures.empty() && result.unbalanced.empty();
    auto appended = storage::Appended::kNumberTaken;
    if (sound && !job.head.dry_run()) {
      ASSIGN_OR_RETURN(appended, AppendAll(job));
      if (appended == storage::Appended::kAppended) {
        result.imported = static_cast<int64_t>(job.rows.size());
        return result;
      }
    }
    if (appended == storage::Appended::kNumberTaken) {
      RETURN_IF_ERROR(NameTaken(job));
    }
    for (const auto& [row, status] : job.failures) {
      result.failures.push_back({row, status});
    }
    if (!result.failures.empty() || !sound || job.head.dry_run()) return result;
  }
  return Refuse(v1::TOO_BUSY);
}

absl::StatusOr<bool> Importer::WasDone(const Job& job) {
  // What was taken in was well formed.
  if (!job.WellFormed()) return false;
  ASSIGN_OR_RETURN(const storage::History first,
                   store_.Load(job.head.agency(), job.rows[0].past.number(),
                               job.RequestId(0), false, job.deadline));
  if (!first.prior) return false;
  if (!IsRepeat(*first.prior, job.mac)) return Refuse(v1::REQUEST_ID_REUSED);
  return true;
}

void Importer::JudgeAll(Job& job) {
  std::map<std::string, size_t> places;
  job.events.resize(job.rows.size());
  for (size_t i = 0; i < job.rows.size(); ++i) {
    const ImportRow& row = job.rows[i];
    absl::Status status = row.shape;
    if (status.ok()) {
      auto event = Judge(job, row.past);
      status = event.status();
      if (event.ok()) job.events[i] = *std::move(event);
    }
    if (!row.past.number().empty()) {
      const auto [first, is_new] = places.emplace(row.past.number(), i);
      if (!is_new && status.ok()) {
        status = NumberTaken(
            row.past.number(),
            absl::StrCat("a number that stands once; row ", first->second,
                         " of the import has it too"));
      }
    }
    if (!status.ok()) job.failures.emplace(static_cast<int64_t>(i), status);
  }
}

absl::StatusOr<v1::Event> Importer::Judge(const Job& job,
                                          const v1::PastCase& past) {
  // A number that no name of a case can hold would never be found again.
  if (!ParseCaseName(CaseName(job.head.agency(), past.number())).ok()) {
    return RefuseField("past_case.number",
                       "upper-case letters, digits and hyphens");
  }
  const v1::Act act = ImportAct(past);
  const casework::Case none;
  const std::vector<casework::PastEvent> no_history;
  const std::vector<law::Limit> no_limits;
  const casework::Matter matter{none,
                                no_history,
                                act,
                                job.actor,
                                DayOf(past.receipt_date()),
                                job.today,
                                registry_.rules(),
                                job.terms->calendar,
                                job.terms->terms,
                                no_limits};
  auto decision = casework::Decide(matter);
  if (!decision.ok()) return NamingTheReceipt(decision.status());
  return std::move(decision->event);
}

absl::Status Importer::NameTaken(Job& job) {
  for (size_t i = 0; i < job.rows.size(); ++i) {
    const std::string& number = job.rows[i].past.number();
    if (number.empty() || job.failures.contains(static_cast<int64_t>(i)) ||
        !ParseCaseName(CaseName(job.head.agency(), number)).ok()) {
      continue;
    }
    ASSIGN_OR_RETURN(const storage::History found,
                     store_.Load(job.head.agency(), number, job.RequestId(i),
                                 false, job.deadline));
    if (found.stream.empty()) continue;
    job.failures.emplace(
        static_cast<int64_t>(i),
        NumberTaken(number, "a number that no case of the register has"));
  }
  return absl::OkStatus();
}

absl::StatusOr<storage::Appended> Importer::AppendAll(const Job& job) {
  const absl::Time now = clock_.Now();
  std::vector<storage::Append> batch;
  batch.reserve(job.rows.size());
  for (size_t i = 0; i < job.rows.size(); ++i) {
    batch.push_back(MakeAppend(job, i, now));
  }
  return store_.AppendAll(batch, job.deadline);
}

storage::Append Importer::MakeAppend(const Job& job, size_t row,
                                     absl::Time now) {
  const Terms& terms = *job.terms;
  const casework::PastEvent first{1, job.actor, terms.calendar_version,
                                  registry_.rules().version(), job.events[row]};
  casework::Case c;
  c.agency = job.head.agency();
  casework::Apply(first, c);
  c.facts.county_agency = terms.county;
  storage::Append append;
  append.agency = c.agency;
  append.stream = NewUuid(now);
  append.number = c.number;
  append.mac = job.mac;
  append.row = RowOf(c, now, registry_.rules());
  append.limits = LimitRowsOf(law::DeriveLimits(
      c.facts, registry_.rules(), terms.calendar, terms.terms, job.today));
  append.text = TextOf({first}, options_.request_key, options_.blind_index);
  append.event =
      Seal({job.log, c.agency, append.stream, 1, "", job.RequestId(row),
            job.actor, now, first.calendar_version, first.rulebook_version},
           first.event);
  return append;
}

}  // namespace gongkai::act
