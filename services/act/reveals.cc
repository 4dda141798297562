// SPDX-License-Identifier: Apache-2.0
#include "services/act/reveals.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/act/marks.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/log.h"
#include "services/base/refusal.h"

namespace gongkai::act {
namespace {

constexpr absl::Duration kWindow = absl::Hours(1);

}  // namespace

absl::Status AdmitReveal(AccessRecorder& recorder, const auth::Caller& caller,
                         std::string_view method, const CaseRef& ref,
                         const casework::Case& c, v1::Purpose purpose,
                         absl::Time deadline) {
  if (purpose == v1::PURPOSE_UNSPECIFIED) return absl::OkStatus();
  constexpr auth::Access kWhole = auth::Access::kRevealPersonal;
  const auth::CaseMarks marks = MarksOf(c);
  if (auth::MayAccess(caller, ref.agency, kWhole).ok() &&
      auth::MaySee(caller, marks, kWhole).ok()) {
    return absl::OkStatus();
  }
  Refusing refusing;
  refusing.agency = ref.agency;
  refusing.access.set_kind(v1::READ_REFUSED);
  refusing.access.set_method(std::string(method));
  refusing.access.add_cases(ref.number);
  refusing.access.set_purpose(purpose);
  refusing.status = Refuse(v1::REVEAL_NOT_ALLOWED);
  return recorder.Refused(caller, refusing, deadline);
}

void RevealWatch::Forget(absl::Time now) {
  for (auto it = accounts_.begin(); it != accounts_.end();) {
    Shown& shown = it->second;
    while (!shown.cases.empty() && shown.cases.front().first <= now - kWindow) {
      const auto times = shown.times.find(shown.cases.front().second);
      if (--times->second == 0) shown.times.erase(times);
      shown.cases.pop_front();
    }
    if (static_cast<int>(shown.times.size()) <= limit_) shown.told = false;
    it = shown.cases.empty() ? accounts_.erase(it) : std::next(it);
  }
}

void RevealWatch::Note(const auth::Caller& caller, std::string_view agency,
                       std::string_view number, absl::Time now) {
  if (limit_ == 0) return;
  const absl::MutexLock lock(&mutex_);
  Forget(now);
  Shown& shown = accounts_[absl::StrCat(caller.agency, "/", caller.account)];
  std::string name = absl::StrCat(ToAbsl(agency), "/", ToAbsl(number));
  ++shown.times[name];
  shown.cases.emplace_back(now, std::move(name));
  if (static_cast<int>(shown.times.size()) <= limit_ || shown.told) return;
  shown.told = true;
  Log(Severity::kWarning, "many cases shown whole in an hour",
      {{"agency", caller.agency},
       {"account", caller.account},
       {"limit", static_cast<int64_t>(limit_)}});
}

int64_t RevealWatch::OverLimit(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  Forget(now);
  int64_t over = 0;
  for (const auto& [account, shown] : accounts_) {
    if (static_cast<int>(shown.times.size()) > limit_) ++over;
  }
  return over;
}

}  // namespace gongkai::act
