// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/decade.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "tests/bench/decade_past.h"

namespace gongkai::bench {
namespace {

constexpr size_t kTogether = 200;
constexpr size_t kInOneImport = 2000;
// Numbers of applications of one agency begin this far from those of the next,
// so that every applicant of the city applies once.
constexpr uint64_t kApart = 40'000;

// Lives of one agency, from its first day to its last.
class AgencyFill {
 public:
  AgencyFill(BulkOffice& office, const Decade& decade, int agency,
             int64_t cases)
      : office_(office),
        decade_(decade),
        planner_(decade.seed, office.calendar(), office.rules()),
        agency_(DecadeAgency(agency)),
        first_(kApart * static_cast<uint64_t>(agency)),
        cases_(cases) {}

  absl::Status Run() {
    int64_t i = 0;
    while (i < cases_ && DayOf(i) < decade_.service_from) ++i;
    RETURN_IF_ERROR(TakeInRegister(i));
    while (i < cases_) {
      const absl::CivilDay day = DayOf(i);
      std::vector<PlannedLife> lives;
      for (; i < cases_ && lives.size() < kTogether && DayOf(i) == day; ++i) {
        lives.push_back(
            planner_.Plan(agency_, day, first_ + static_cast<uint64_t>(i)));
      }
      RETURN_IF_ERROR(Lead(lives));
    }
    return absl::OkStatus();
  }

 private:
  // Applications come in evenly, on working days.
  absl::CivilDay DayOf(int64_t i) const {
    const int64_t days = decade_.last - decade_.first;
    const absl::CivilDay day = decade_.first + i * days / cases_;
    return std::min(office_.calendar().RollForward(day).day, decade_.last);
  }

  // The first `n` cases, in imports of one commit each.
  absl::Status TakeInRegister(int64_t n) {
    std::vector<act::ImportRow> rows;
    int imports = 0;
    for (int64_t i = 0; i < n; ++i) {
      const PlannedLife life =
          planner_.Plan(agency_, DayOf(i), first_ + static_cast<uint64_t>(i));
      rows.push_back({PastOf(life, absl::StrFormat("REG-%06d", i + 1),
                             decade_.service_from - 1),
                      absl::OkStatus()});
      if (rows.size() < kInOneImport && i + 1 < n) continue;
      RETURN_IF_ERROR(
          office_.Import(agency_, decade_.service_from, ++imports, rows));
      for (const act::ImportRow& row : rows) {
        office_.store().Release(agency_, row.past.number());
      }
      rows.clear();
    }
    return absl::OkStatus();
  }

  absl::Status Lead(const std::vector<PlannedLife>& lives) {
    ASSIGN_OR_RETURN(const std::vector<std::string> numbers,
                     office_.ReceiveAll(lives));
    for (size_t i = 0; i < lives.size(); ++i) {
      for (const PlannedAct& planned : lives[i].acts) {
        if (planned.day > decade_.last) break;
        const absl::Status done = office_.Do(agency_, numbers[i], planned);
        if (!done.ok()) return Refused(done, numbers[i], planned);
      }
      office_.store().Release(agency_, numbers[i]);
    }
    return absl::OkStatus();
  }

  absl::Status Refused(const absl::Status& status, const std::string& number,
                       const PlannedAct& planned) const {
    return absl::InternalError(absl::StrCat(
        "seed ", decade_.seed, ", case ", number, " on ",
        FormatDay(planned.day), ": ", planned.act.ShortDebugString(), ": ",
        std::string(status.message())));
  }

  BulkOffice& office_;
  const Decade& decade_;
  const LifePlanner planner_;
  const std::string agency_;
  const uint64_t first_;
  const int64_t cases_;
};

}  // namespace

std::string DecadeAgency(int i) { return absl::StrFormat("A%03d", i); }

std::vector<int64_t> AgencySizes(const Decade& decade) {
  double sum = 0;
  for (int i = 1; i <= decade.agencies; ++i) sum += 1.0 / (i + 10);
  std::vector<int64_t> sizes;
  int64_t left = decade.cases;
  for (int i = 1; i <= decade.agencies; ++i) {
    const double share = 1.0 / (i + 10) / sum;
    const auto size =
        static_cast<int64_t>(share * static_cast<double>(decade.cases));
    sizes.push_back(std::max<int64_t>(1, size));
    left -= sizes.back();
  }
  sizes.front() += std::max<int64_t>(0, left);
  return sizes;
}

absl::StatusOr<DecadeFilled> FillDecade(const BulkOffice::Options& options,
                                        const Decade& decade) {
  ASSIGN_OR_RETURN(
      const auto office,
      BulkOffice::Open(options,
                       absl::FromCivil(absl::CivilSecond(decade.first - 1),
                                       absl::UTCTimeZone())));
  RETURN_IF_ERROR(office->AddAgency(kCity));
  RETURN_IF_ERROR(office->AddAgency(kDistrict, kCity));
  const std::vector<int64_t> sizes = AgencySizes(decade);
  DecadeFilled filled;
  for (int i = 1; i <= decade.agencies; ++i) {
    RETURN_IF_ERROR(
        office->AddAgency(DecadeAgency(i), i % 5 == 0 ? kDistrict : kCity));
  }
  for (int i = 1; i <= decade.agencies; ++i) {
    const int64_t size = sizes[static_cast<size_t>(i) - 1];
    RETURN_IF_ERROR(AgencyFill(*office, decade, i, size).Run());
    filled.cases += size;
    if (i % 20 == 0) {
      std::fprintf(stderr, "   %d agencies: %lld cases\n", i,
                   static_cast<long long>(filled.cases));
    }
    if (!office->ok()) {
      return absl::UnavailableError("the rows cannot be written");
    }
  }
  office->store().Finish();
  filled.events = office->store().events();
  return filled;
}

}  // namespace gongkai::bench
