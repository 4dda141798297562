// SPDX-License-Identifier: Apache-2.0
#include "services/casework/erasure.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "services/base/dates.h"

namespace gongkai::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool Holds(const std::vector<int64_t>& events, int64_t seq) {
  return std::find(events.begin(), events.end(), seq) != events.end();
}

// Whether a message of this type may hold a personal text. Repeated messages
// never do; a test holds the contract to it.
bool MayBePersonal(const Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field.is_repeated() && MayBePersonal(*field.message_type())) {
        return true;
      }
    } else if (field.options().GetExtension(v1::rule).personal()) {
      return true;
    }
  }
  return false;
}

bool MayBePersonal(const v1::Event& event) {
  const FieldDescriptor* body = event.GetDescriptor()->FindFieldByNumber(
      static_cast<int>(event.body_case()));
  return body != nullptr && MayBePersonal(*body->message_type());
}

bool IsApplication(const v1::Event& event) {
  return event.has_received() || event.has_correction_accepted() ||
         event.has_case_imported();
}

const PastEvent* EventAt(const std::vector<PastEvent>& history, int64_t seq) {
  const auto it =
      std::find_if(history.begin(), history.end(),
                   [&](const PastEvent& e) { return e.seq == seq; });
  return it == history.end() ? nullptr : &*it;
}

// The text of an event lies in its mends too: they go with it.
bool IsMeant(const PastEvent& past, const std::vector<int64_t>& named) {
  if (named.empty() || Holds(named, past.seq)) return true;
  return past.event.has_record_mended() &&
         Holds(named, past.event.record_mended().event_seq());
}

std::vector<int64_t> EventsToErase(const Matter& m,
                                   const std::vector<int64_t>& named) {
  std::vector<int64_t> events;
  for (const PastEvent& past : m.history) {
    if (IsMeant(past, named) && MayBePersonal(past.event) &&
        !IsErased(m.before, past.seq)) {
      events.push_back(past.seq);
    }
  }
  return events;
}

}  // namespace

const ErasureAsk* ProposalOf(const Matter& m) {
  for (const ErasureAsk& ask : m.before.erasures_asked) {
    if (ask.seq == m.act.erase().proposal()) return &ask;
  }
  return nullptr;
}

std::optional<ErasurePlan> PlanOf(const Matter& m) {
  if (m.act.has_propose_erasure()) {
    const v1::ErasureProposal& proposal = m.act.propose_erasure();
    return ErasurePlan{
        proposal.basis(),
        EventsToErase(m, {proposal.events().begin(), proposal.events().end()})};
  }
  const ErasureAsk* ask = ProposalOf(m);
  if (ask == nullptr) return std::nullopt;
  return ErasurePlan{ask->basis, EventsToErase(m, ask->events)};
}

bool CarryWords(const std::vector<PastEvent>& history,
                const std::vector<int64_t>& events) {
  return std::any_of(events.begin(), events.end(), [&](int64_t seq) {
    const PastEvent* past = EventAt(history, seq);
    if (past == nullptr) return false;
    if (IsApplication(past->event)) return true;
    if (!past->event.has_record_mended()) return false;
    const v1::Mend& mend = past->event.record_mended();
    const PastEvent* mended = EventAt(history, mend.event_seq());
    return mend.field() == "content" && mended != nullptr &&
           IsApplication(mended->event);
  });
}

bool CarryReply(const Case& c, const std::vector<PastEvent>& history,
                const std::vector<int64_t>& events) {
  const auto is_needed = [&](int64_t seq) {
    const PastEvent* past = EventAt(history, seq);
    return past != nullptr && (IsApplication(past->event) ||
                               (c.draft.has_value() && c.draft->seq == seq));
  };
  return std::any_of(events.begin(), events.end(), [&](int64_t seq) {
    if (is_needed(seq)) return true;
    const PastEvent* past = EventAt(history, seq);
    return past != nullptr && past->event.has_record_mended() &&
           is_needed(past->event.record_mended().event_seq());
  });
}

bool IsErased(const Case& c, int64_t seq) {
  return std::binary_search(c.erased_events.begin(), c.erased_events.end(),
                            seq);
}

law::MaybeDay KeptUntil(v1::Retention retention, absl::CivilDay archived) {
  switch (retention) {
    case v1::TEN_YEARS:
      return absl::CivilDay(archived.year() + 10, 12, 31);
    case v1::THIRTY_YEARS:
      return absl::CivilDay(archived.year() + 30, 12, 31);
    default:
      return std::nullopt;
  }
}

void ErasureProposed(const PastEvent& past, Case& c) {
  const v1::ErasureProposal& proposal = past.event.erasure_proposed();
  ErasureAsk ask;
  ask.seq = past.seq;
  ask.person = past.actor.person();
  ask.day = DayOf(past.event.occurred_date());
  ask.basis = proposal.basis();
  ask.document_number = proposal.document_number();
  ask.events.assign(proposal.events().begin(), proposal.events().end());
  c.erasures_asked.push_back(std::move(ask));
}

void Erased(const v1::Erasure& erasure, Case& c) {
  std::erase_if(c.erasures_asked, [&](const ErasureAsk& ask) {
    return ask.seq == erasure.proposal();
  });
  std::vector<int64_t>& erased = c.erased_events;
  erased.insert(erased.end(), erasure.events().begin(), erasure.events().end());
  std::sort(erased.begin(), erased.end());
  erased.erase(std::unique(erased.begin(), erased.end()), erased.end());
  c.words_erased = c.words_erased || erasure.words();
}

}  // namespace gongkai::casework
