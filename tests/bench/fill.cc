// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/fill.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "services/law/calendar.h"
#include "services/server/config.h"
#include "tests/bench/lives.h"

namespace gongkai::bench {
namespace {

// Taken in one go; the path takes no more together.
constexpr int kTogether = 200;
// Open cases came in evenly over this many days up to yesterday, so that most
// are overdue.
constexpr int kOpenDays = 700;
// Cases with histories came in this many days ago, and those for acts.
constexpr int kHistoryDays = 30;
constexpr int kSupplyDays = 5;
// Cases of the agency of single receipts.
constexpr int64_t kOneCases = 2'000;
// First numbers of applications, apart from each other so that every applicant
// applies once.
constexpr uint64_t kOneFirst = 10'000'000;
constexpr uint64_t kHistoryFirst = 20'000'000;
constexpr uint64_t kSupplyFirst = 30'000'000;
constexpr uint64_t kOpenFirst = 40'000'000;

auth::Caller Keeper(const std::string& agency) {
  return {"keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, agency, "console"};
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  }
  return std::string((std::istreambuf_iterator<char>(in)),
                     std::istreambuf_iterator<char>());
}

v1::CalendarNotice NoticeOf(const law::Notice& notice) {
  v1::CalendarNotice out;
  out.set_number(notice.number);
  out.set_title(notice.title);
  out.set_issued_date(FormatDay(notice.issued));
  out.set_year(notice.year);
  out.set_source(notice.source);
  for (const law::NoticeDay& day : notice.days) {
    v1::CalendarNotice::Day& d = *out.add_days();
    d.set_date(FormatDay(day.day));
    d.set_kind(day.kind);
    d.set_name(day.name);
  }
  return out;
}

// Ten in the morning in Shanghai.
absl::Time MorningOf(absl::CivilDay day) {
  return absl::FromCivil(absl::CivilSecond(day), absl::UTCTimeZone()) +
         absl::Hours(2);
}

absl::CivilDay Today() { return ShanghaiDay(absl::Now()); }

absl::Status Progress(const BulkOffice& office, const std::string& what,
                      int64_t n) {
  std::fprintf(stderr, "   %s: %lld cases\n", what.c_str(),
               static_cast<long long>(n));
  return office.ok() ? absl::OkStatus()
                     : absl::UnavailableError("the rows cannot be written");
}

absl::Status FillOpen(BulkOffice& office, int64_t cases) {
  const std::string agency = OpenAgency(cases);
  RETURN_IF_ERROR(office.AddAgency(agency));
  const absl::CivilDay first = Today() - kOpenDays;
  for (int64_t done = 0; done < cases;) {
    // All of one day together, as far as the path takes them.
    const int64_t day = done * kOpenDays / cases;
    const int64_t end = ((day + 1) * cases + kOpenDays - 1) / kOpenDays;
    const int n = static_cast<int>(
        std::min<int64_t>(kTogether, std::min(end, cases) - done));
    ASSIGN_OR_RETURN(
        const std::vector<std::string> numbers,
        office.Receive(agency, first + day,
                       kOpenFirst + static_cast<uint64_t>(done), n));
    for (const std::string& number : numbers) {
      office.store().Release(agency, number);
    }
    done += n;
  }
  return Progress(office, agency, cases);
}

absl::Status FillHistories(BulkOffice& office, int64_t cases,
                           absl::CivilDay day) {
  const std::string agency = kHistoryAgency;
  RETURN_IF_ERROR(office.AddAgency(agency));
  for (int64_t done = 0; done < cases;) {
    const int n = static_cast<int>(std::min<int64_t>(kTogether, cases - done));
    ASSIGN_OR_RETURN(
        const std::vector<std::string> numbers,
        office.Receive(agency, day, kHistoryFirst + static_cast<uint64_t>(done),
                       n));
    for (const std::string& number : numbers) {
      for (size_t i = 0; i < Life().size(); ++i) {
        RETURN_IF_ERROR(office.Act(agency, number, i, day + 1 + i));
      }
      office.store().Release(agency, number);
    }
    done += n;
  }
  return Progress(office, agency, cases);
}

// Receives `cases` applications from number `first` and leaves them.
absl::Status FillReceived(BulkOffice& office, const std::string& agency,
                          absl::CivilDay day, uint64_t first, int64_t cases) {
  for (int64_t done = 0; done < cases;) {
    const int n = static_cast<int>(std::min<int64_t>(kTogether, cases - done));
    ASSIGN_OR_RETURN(
        const std::vector<std::string> numbers,
        office.Receive(agency, day, first + static_cast<uint64_t>(done), n));
    for (const std::string& number : numbers) {
      office.store().Release(agency, number);
    }
    done += n;
  }
  return absl::OkStatus();
}

absl::Status FillSupply(BulkOffice& office, int64_t cases, absl::CivilDay day) {
  // Statistics know the agency of receipts, too.
  RETURN_IF_ERROR(office.AddAgency(kOneAgency));
  RETURN_IF_ERROR(FillReceived(office, kOneAgency, day, kOneFirst, kOneCases));
  const int64_t each = (cases + kManyAgencies - 1) / kManyAgencies;
  uint64_t first = kSupplyFirst;
  for (int i = 1; i <= kManyAgencies; ++i) {
    const std::string agency = ManyAgency(i);
    RETURN_IF_ERROR(office.AddAgency(agency));
    RETURN_IF_ERROR(FillReceived(office, agency, day, first, each));
    first += static_cast<uint64_t>(each);
  }
  return Progress(office, "for acts", each * kManyAgencies);
}

act::Options PathOf(const BulkOffice::Options& options) {
  act::Options path;
  path.request_key = options.request_key;
  path.max_backdating_days = 0;
  if (vault::Vault* vault = options.vault.get(); vault != nullptr) {
    path.blind_index = [vault](std::string_view use, std::string_view value) {
      return vault->BlindIndex(use, value);
    };
  }
  return path;
}

}  // namespace

int64_t Contents::searched() const {
  int64_t largest = 0;
  for (const int64_t cases : open) {
    if (cases <= 100'000) largest = std::max(largest, cases);
  }
  return largest;
}

absl::Status SaveContents(const Contents& contents, const std::string& file) {
  const nlohmann::json json = {{"open", contents.open},
                               {"histories", contents.histories},
                               {"history_year", contents.history_year},
                               {"supply", contents.supply},
                               {"supply_year", contents.supply_year}};
  std::ofstream out(file);
  out << json.dump() << "\n";
  out.flush();
  if (out.good()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", file));
}

absl::StatusOr<Contents> ReadContents(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(file));
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  Contents contents;
  if (!json.is_object() || !json.contains("open")) {
    return absl::DataLossError(absl::StrCat(file, " is not of this bench"));
  }
  contents.open = json["open"].get<std::vector<int64_t>>();
  contents.histories = json.value("histories", int64_t{0});
  contents.history_year = json.value("history_year", 0);
  contents.supply = json.value("supply", int64_t{0});
  contents.supply_year = json.value("supply_year", 0);
  return contents;
}

BulkOffice::BulkOffice(const Options& options, law::Rulebook rules,
                       absl::Time now)
    : vault_(options.vault),
      writer_(options.out),
      store_(writer_, vault_.get()),
      clock_(now),
      registry_(store_, std::move(rules)),
      recorder_(accesses_, registry_, clock_),
      performer_(store_, index_, registry_, recorder_, clock_, PathOf(options)),
      importer_(store_, registry_, recorder_, clock_, PathOf(options)) {}

absl::StatusOr<std::unique_ptr<BulkOffice>> BulkOffice::Open(
    const Options& options, absl::Time now) {
  ASSIGN_OR_RETURN(law::Rulebook rules, server::ReadRulebook(absl::StrCat(
                                            options.source, "/ops/rulebook")));
  std::unique_ptr<BulkOffice> office(
      new BulkOffice(options, std::move(rules), now));
  RETURN_IF_ERROR(office->LoadCalendar(options.source));
  return office;
}

absl::Status BulkOffice::LoadCalendar(const std::string& source) {
  ASSIGN_OR_RETURN(const std::string notices_text,
                   ReadText(absl::StrCat(source, "/ops/calendar/notices.csv")));
  ASSIGN_OR_RETURN(const std::string days_text,
                   ReadText(absl::StrCat(source, "/ops/calendar/days.csv")));
  ASSIGN_OR_RETURN(const std::vector<law::Notice> notices,
                   law::ReadNotices(notices_text, days_text));
  ASSIGN_OR_RETURN(calendar_, law::Calendar::Build(notices));
  for (const law::Notice& notice : notices) {
    v1::LoadNoticeRequest request;
    request.set_request_id(NewUuid(clock_.Now()));
    *request.mutable_notice() = NoticeOf(notice);
    RETURN_IF_ERROR(
        performer_.LoadNotice(Keeper("*"), request, absl::InfiniteFuture())
            .status());
  }
  return absl::OkStatus();
}

absl::Status BulkOffice::AddAgency(const std::string& agency,
                                   const std::string& superior) {
  v1::AgencyTerms terms;
  terms.set_superior(superior);
  terms.set_name(absl::StrCat("某某委员会", agency));
  terms.set_review_organ("市人民政府");
  terms.set_court("铁路运输法院");
  return performer_.SetAgencyTerms(Keeper(agency), agency, terms,
                                   absl::InfiniteFuture());
}

absl::StatusOr<std::vector<std::string>> BulkOffice::Receive(
    const std::string& agency, absl::CivilDay day, uint64_t first, int n) {
  clock_.Set(MorningOf(day) + absl::Milliseconds(first % 10'000'000));
  std::vector<v1::ReceiveApplicationRequest> requests;
  for (int i = 0; i < n; ++i) {
    requests.push_back(
        Application(agency, day, first + static_cast<uint64_t>(i)));
  }
  return TakeIn(agency, requests);
}

absl::StatusOr<std::vector<std::string>> BulkOffice::ReceiveAll(
    const std::vector<PlannedLife>& lives) {
  if (lives.empty()) return std::vector<std::string>();
  clock_.Set(MorningOf(lives.front().arrived));
  std::vector<v1::ReceiveApplicationRequest> requests;
  for (const PlannedLife& life : lives) {
    requests.push_back(life.application);
    requests.back().set_request_id(NewUuid(clock_.Now()));
  }
  return TakeIn(requests.front().agency(), requests);
}

absl::StatusOr<std::vector<std::string>> BulkOffice::TakeIn(
    const std::string& agency,
    const std::vector<v1::ReceiveApplicationRequest>& requests) {
  std::vector<std::string> numbers;
  for (const auto& row : performer_.ReceiveMany(Handler(agency), requests,
                                                absl::InfiniteFuture())) {
    RETURN_IF_ERROR(row.status);
    ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(row.name));
    numbers.push_back(ref.number);
  }
  return numbers;
}

absl::Status BulkOffice::Act(const std::string& agency,
                             const std::string& number, size_t i,
                             absl::CivilDay day) {
  const Step& step = Life()[i];
  const absl::Time morning = MorningOf(day);
  if (clock_.Now() < morning) clock_.Set(morning);
  v1::PerformActRequest request;
  request.set_name(CaseName(agency, number));
  request.set_request_id(NewUuid(clock_.Now()));
  request.set_expected_version(static_cast<int64_t>(i) + 1);
  request.set_occurred_date(FormatDay(day));
  *request.mutable_act() = step.act;
  return performer_
      .Perform(CallerOf(step, agency), request, absl::InfiniteFuture())
      .status();
}

absl::Status BulkOffice::Import(const std::string& agency, absl::CivilDay day,
                                int number,
                                const std::vector<act::ImportRow>& rows) {
  clock_.Set(MorningOf(day));
  v1::ImportCasesRequest::Head head;
  head.set_agency(agency);
  head.set_request_id(UuidFrom(absl::StrCat(agency, " ", number)));
  const auth::Caller caller = {
      "head", "head", {v1::ROLE_DISCLOSURE_HEAD}, agency, "dev"};
  ASSIGN_OR_RETURN(
      const act::Imported imported,
      importer_.Import(caller, head, rows, absl::InfiniteFuture()));
  if (imported.failures.empty()) return absl::OkStatus();
  const act::ImportFailure& first = imported.failures.front();
  return absl::InternalError(
      absl::StrCat(rows[static_cast<size_t>(first.row)].past.ShortDebugString(),
                   ": ", first.status.ToString()));
}

absl::Status BulkOffice::Do(const std::string& agency,
                            const std::string& number,
                            const PlannedAct& planned) {
  clock_.Set(std::max(MorningOf(planned.day), clock_.Now()));
  v1::PerformActRequest request;
  request.set_name(CaseName(agency, number));
  request.set_request_id(NewUuid(clock_.Now()));
  request.set_occurred_date(FormatDay(planned.day));
  *request.mutable_act() = planned.act;
  const auth::Caller caller = {
      planned.account, planned.account, {planned.role}, agency, "dev"};
  return performer_.Perform(caller, request, absl::InfiniteFuture()).status();
}

absl::Status FillMain(const BulkOffice::Options& options, Contents& contents) {
  const absl::CivilDay today = Today();
  ASSIGN_OR_RETURN(const auto office,
                   BulkOffice::Open(options, MorningOf(today - kOpenDays - 1)));
  for (const int64_t cases : contents.open) {
    RETURN_IF_ERROR(FillOpen(*office, cases));
  }
  const absl::CivilDay histories = today - kHistoryDays;
  RETURN_IF_ERROR(FillHistories(*office, contents.histories, histories));
  const absl::CivilDay supply = today - kSupplyDays;
  RETURN_IF_ERROR(FillSupply(*office, contents.supply, supply));
  contents.history_year = static_cast<int>(histories.year());
  contents.supply_year = static_cast<int>(supply.year());
  office->store().Finish();
  return Progress(*office, "all events", office->store().events());
}

absl::Status FillMore(const BulkOffice::Options& options, int64_t cases,
                      int64_t log_size) {
  ASSIGN_OR_RETURN(
      const auto office,
      BulkOffice::Open(options, MorningOf(Today() - kOpenDays - 1)));
  // The calendar is there already.
  office->store().KeepUnwritten(log_size);
  RETURN_IF_ERROR(FillOpen(*office, cases));
  office->store().Finish();
  return Progress(*office, "all events", office->store().events());
}

}  // namespace gongkai::bench
