// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/workloads.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "tests/bench/lives.h"
#include "tests/bench/words.h"

namespace gongkai::bench {
namespace {

constexpr char kPerform[] = "/gongkai.v1.CaseService/PerformAct";
constexpr char kReceive[] = "/gongkai.v1.CaseService/ReceiveApplication";
constexpr char kGet[] = "/gongkai.v1.CaseService/GetCase";
constexpr char kList[] = "/gongkai.v1.CaseService/ListCases";
constexpr char kSearch[] = "/gongkai.v1.CaseService/SearchCases";
constexpr int kPage = 50;

absl::CivilDay Today() { return ShanghaiDay(absl::Now()); }

// Step `i` of the life on a case.
Outgoing ActOn(const std::string& agency, const std::string& number, size_t i) {
  const Step& step = Life()[i];
  v1::PerformActRequest request;
  request.set_name(CaseName(agency, number));
  request.set_request_id(NewUuid(absl::Now()));
  request.set_expected_version(static_cast<int64_t>(i) + 1);
  request.set_occurred_date(FormatDay(Today()));
  *request.mutable_act() = step.act;
  return {kPerform, BytesOf(request), step.account, agency};
}

class ActsWorkload : public Workload {
 public:
  explicit ActsWorkload(Supply& supply) : supply_(supply) {}

  Outgoing Next(int caller) override {
    if (caller >= static_cast<int>(places_.size())) {
      places_.resize(static_cast<size_t>(caller) + 1);
    }
    Place& place = places_[static_cast<size_t>(caller)];
    if (place.step == 0) place.n = supply_.next++;
    const std::string number = SupplyNumber(place.n, supply_.year);
    return ActOn(number.substr(0, number.find('-')), number, place.step);
  }

  void Done(int caller, bool ok) override {
    Place& place = places_[static_cast<size_t>(caller)];
    place.step = ok ? (place.step + 1) % Life().size() : 0;
  }

 private:
  struct Place {
    int64_t n = 0;
    size_t step = 0;
  };
  Supply& supply_;
  std::vector<Place> places_;
};

class ReceiptsWorkload : public Workload {
 public:
  ReceiptsWorkload(int agencies, uint64_t& counter)
      : agencies_(agencies), counter_(counter) {}

  Outgoing Next(int) override {
    const uint64_t n = counter_++;
    const std::string agency =
        agencies_ == 1
            ? std::string(kOneAgency)
            : ManyAgency(1 + static_cast<int>(n % uint64_t(agencies_)));
    return {kReceive, BytesOf(Application(agency, Today(), n)), "li", agency};
  }

 private:
  const int agencies_;
  uint64_t& counter_;
};

Outgoing History(const Contents& contents, int64_t n) {
  v1::GetCaseRequest request;
  request.set_name(CaseName(
      kHistoryAgency, CaseNumber(kHistoryAgency, contents.history_year, n)));
  request.set_with_history(true);
  return {kGet, BytesOf(request), "li", kHistoryAgency};
}

class HistoriesWorkload : public Workload {
 public:
  explicit HistoriesWorkload(const Contents& contents)
      : contents_(contents), any_(1, contents.histories) {}
  Outgoing Next(int) override { return History(contents_, any_(random_)); }

 private:
  const Contents contents_;
  std::mt19937_64 random_{20080501};
  std::uniform_int_distribution<int64_t> any_;
};

Outgoing OverduePage(const std::string& agency) {
  v1::ListCasesRequest request;
  request.set_agency(agency);
  request.set_due_by_date(FormatDay(Today() - 1));
  request.set_order(v1::ListCasesRequest::DUE);
  request.set_page_size(kPage);
  return {kList, BytesOf(request), "li", agency};
}

Outgoing SearchPage(const std::string& agency, const std::string& phrase) {
  v1::SearchCasesRequest request;
  request.set_agency(agency);
  request.set_phrase(phrase);
  request.set_page_size(kPage);
  return {kSearch, BytesOf(request), "li", agency};
}

// The same calls again and again, one of them by chance.
class ChoiceWorkload : public Workload {
 public:
  explicit ChoiceWorkload(std::vector<Outgoing> calls)
      : calls_(std::move(calls)), any_(0, calls_.size() - 1) {}
  Outgoing Next(int) override { return calls_[any_(random_)]; }

 private:
  const std::vector<Outgoing> calls_;
  std::mt19937_64 random_{20080501};
  std::uniform_int_distribution<size_t> any_;
};

class SixActsWorkload : public Workload {
 public:
  SixActsWorkload(int64_t most, int64_t& finished, const Contents& contents)
      : most_(most), finished_(finished), idle_(contents) {}

  Outgoing Next(int caller) override {
    if (caller >= static_cast<int>(places_.size())) {
      places_.resize(static_cast<size_t>(caller) + 1);
    }
    Place& place = places_[static_cast<size_t>(caller)];
    if (place.step == 0) {
      if (started_ == most_) return idle_.Next(caller);
      place.n = ++started_;
      v1::ReceiveApplicationRequest request = Application(
          kOneAgency, Today(), 50'000'000 + static_cast<uint64_t>(place.n));
      request.mutable_application()->set_imported_number(Number(place.n));
      return {kReceive, BytesOf(request), "li", kOneAgency};
    }
    return ActOn(kOneAgency, Number(place.n), place.step - 1);
  }

  void Done(int caller, bool ok) override {
    Place& place = places_[static_cast<size_t>(caller)];
    if (place.n == 0) return;
    if (ok && ++place.step < 6) return;
    if (ok) ++finished_;
    place = {};
  }

 private:
  struct Place {
    int64_t n = 0;
    size_t step = 0;
  };
  static std::string Number(int64_t n) { return absl::StrCat("SIX-", n); }

  const int64_t most_;
  int64_t started_ = 0;
  int64_t& finished_;
  HistoriesWorkload idle_;
  std::vector<Place> places_;
};

absl::Status Expect(const grpc::Status& status, const std::string& what,
                    int64_t got, int64_t wanted) {
  if (status.ok() && got >= wanted) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      what, ": ", got, " instead of ", wanted, " ", status.error_message()));
}

}  // namespace

std::unique_ptr<Workload> Acts(Supply& supply) {
  return std::make_unique<ActsWorkload>(supply);
}

std::unique_ptr<Workload> Receipts(int agencies, uint64_t& counter) {
  return std::make_unique<ReceiptsWorkload>(agencies, counter);
}

std::unique_ptr<Workload> Histories(const Contents& contents) {
  return std::make_unique<HistoriesWorkload>(contents);
}

std::unique_ptr<Workload> Overdue(const std::string& agency) {
  return std::make_unique<ChoiceWorkload>(
      std::vector<Outgoing>{OverduePage(agency)});
}

std::unique_ptr<Workload> Searches(const std::string& agency,
                                   const std::vector<std::string>& phrases) {
  std::vector<Outgoing> calls;
  for (const std::string& phrase : phrases) {
    calls.push_back(SearchPage(agency, phrase));
  }
  return std::make_unique<ChoiceWorkload>(std::move(calls));
}

std::unique_ptr<Workload> SixActs(int64_t most, int64_t& finished,
                                  const Contents& contents) {
  return std::make_unique<SixActsWorkload>(most, finished, contents);
}

absl::Status CheckAnswers(LoadClient& client, const Contents& contents) {
  v1::GetCaseResponse history;
  grpc::Status status = client.Once(History(contents, 1), history);
  absl::Status result =
      Expect(status, "events of a history", history.history_size(),
             static_cast<int64_t>(Life().size()) + 1);
  for (const int64_t cases : contents.open) {
    if (!result.ok()) return result;
    v1::ListCasesResponse page;
    status = client.Once(OverduePage(OpenAgency(cases)), page);
    result = Expect(status, absl::StrCat("overdue of ", cases),
                    page.cases_size(), kPage);
  }
  for (const auto* phrases :
       {&TwoCharacterPhrases(), &FourCharacterPhrases()}) {
    for (const std::string& phrase : *phrases) {
      if (!result.ok()) return result;
      v1::SearchCasesResponse page;
      status = client.Once(SearchPage(OpenAgency(contents.searched()), phrase),
                           page);
      result = Expect(status, "hits of " + phrase, page.hits_size(), 1);
    }
  }
  return result;
}

}  // namespace gongkai::bench
