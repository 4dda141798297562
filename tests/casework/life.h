// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_CASEWORK_LIFE_H_
#define GONGKAI_TESTS_CASEWORK_LIFE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gongkai/v1/act.pb.h"
#include "services/casework/decide.h"

namespace gongkai::casework {

// The rulebook and the calendar of ops/, read once.
const law::Rulebook& TheRulebook();
const law::Calendar& TheCalendar();

// An act from its text form: `register { officer: "li" }`.
v1::Act ActOf(const std::string& text);

// One case in memory, without database: acts in, events kept, case folded.
class Life {
 public:
  // The present day; acts may not lie after it.
  absl::CivilDay today = absl::CivilDay(2026, 11, 23);
  law::AgencyTerms terms;

  // Does an act given in text form, on `date`, as a person in a capacity.
  // The event is kept when the act is lawful.
  absl::Status Do(v1::Capacity capacity, std::string_view person,
                  std::string_view date, const std::string& act);
  absl::Status Do(const v1::Actor& actor, absl::CivilDay day,
                  const v1::Act& act);
  // As a handler named `li`.
  absl::Status Handle(std::string_view date, const std::string& act) {
    return Do(v1::HANDLER, "li", date, act);
  }

  // As the head of the disclosure office, named `zhang`.
  absl::Status Head(std::string_view date, const std::string& act) {
    return Do(v1::DISCLOSURE_HEAD, "zhang", date, act);
  }
  // As whoever conducts the dockets, named `song`.
  absl::Status Litigate(std::string_view date, const std::string& act) {
    return Do(v1::LITIGATOR, "song", date, act);
  }

  // A lawful way to a phase, from a receipt in person on `received`, the later
  // acts on the days the law leaves. Aborts the test when it is refused.
  void Receive(std::string_view date);
  void Register(std::string_view date);
  // Drafts a plain disclosure and clears, signs and sends it.
  void Draft(std::string_view date);
  void Review(std::string_view date);
  void Sign(std::string_view date);
  void Dispatch(std::string_view date);
  void Serve(std::string_view date);
  void Close(std::string_view date);

  const Case& c() const { return case_; }
  const std::vector<PastEvent>& history() const { return history_; }
  std::vector<law::Limit> Limits(absl::CivilDay as_of) const;
  // Last day of a limit in text, empty when it has none.
  std::string Due(v1::LimitKind kind, int ordinal = 1) const;
  // A matter on this case; the arguments must outlive it.
  Matter MatterOf(const v1::Act& act, const v1::Actor& actor,
                  absl::CivilDay day, const std::vector<law::Limit>& limits,
                  const law::Calendar* previous = nullptr) const;

 private:
  Case case_;
  std::vector<PastEvent> history_;
};

// The reason in a refusal, by name: `CORRECTION_NOTICE_TOO_LATE`; `OK` when
// the status is.
std::string ReasonOf(const absl::Status& status);
// The last day of the limit that decided a refusal; empty when none did.
std::string LastDayOf(const absl::Status& status);

// A case received in person and registered on `date`.
Life InHand(std::string_view date);
// Such a case whose plain disclosure is drafted, reviewed and signed on `date`.
Life SignedOn(std::string_view date);
// Such a case sent and served on `date`.
Life ServedOn(std::string_view date);

}  // namespace gongkai::casework

#endif  // GONGKAI_TESTS_CASEWORK_LIFE_H_
