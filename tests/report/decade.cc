// SPDX-License-Identifier: Apache-2.0
#include "tests/report/decade.h"

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/report/dockets.h"
#include "services/report/result.h"

namespace gongkai::report {
namespace {

ReturnFacts FactsOf(const casework::Case& c) {
  ReturnFacts facts;
  facts.received = *c.facts.received;
  facts.finished = FinishedDay(c);
  facts.row = ResultRow(c, casework::TheRulebook());
  facts.column = ColumnOf(c.applicant_kind);
  return facts;
}

bool BelongsTo(const casework::Case& c, const std::string& agency) {
  return agency.empty() || c.agency == agency;
}

}  // namespace

casework::Case Decade::NewCase(int i) {
  casework::Case c;
  c.agency = std::string(1, static_cast<char>('A' + Below(4)));
  c.number = absl::StrCat(c.agency, "-", i);
  c.version = 1;
  c.phase = v1::HANDLING;
  c.applicant_kind = static_cast<v1::ApplicantKind>(Below(7));
  c.facts.channel = v1::IN_PERSON;
  const absl::CivilDay day(kFirstYear + Below(kLastYear - kFirstYear + 1),
                           1 + Below(12), 1 + Below(31));
  c.facts.arrived = day;
  if (!OneIn(40)) c.facts.received = day;
  if (OneIn(15)) c.reopened_from = absl::StrCat(c.agency, "-", Below(i + 1));
  return c;
}

void Decade::Answer(casework::Case& c) {
  const absl::CivilDay received = *c.facts.received;
  const absl::CivilDay day =
      received + (OneIn(20) ? Below(900) : Below(OneIn(4) ? 90 : 30));
  if (OneIn(12)) {
    c.outcome = v1::OTHER_OUTCOME;
    c.facts.withdrawn = day;
    c.phase = v1::CLOSED;
    return;
  }
  c.outcome = static_cast<v1::Outcome>(1 + Below(v1::Outcome_MAX));
  c.grounds.clear();
  if (c.outcome == v1::REFUSED || c.outcome == v1::PARTIAL) {
    const int grounds = 1 + Below(3);
    for (int i = 0; i < grounds; ++i) {
      c.grounds.push_back(static_cast<v1::Ground>(1 + Below(v1::Ground_MAX)));
    }
  }
  law::ReplySent reply;
  reply.carrier = v1::POST_EMS;
  reply.dispatched = day;
  c.facts.reply = reply;
  c.phase = v1::SERVED;
}

void Decade::AddRemedies(casework::Case& c) {
  absl::CivilDay day = *c.facts.received + 30 + Below(200);
  while (OneIn(2)) {
    law::Docket docket;
    docket.kind = static_cast<v1::RemedyKind>(1 + Below(3));
    docket.copy_received = day;
    const auto decide = [&](law::Docket& d) {
      day += Below(300);
      d.decided = day - Below(10);
      d.decision_received = day;
      d.result = static_cast<v1::RemedyResult>(
          d.kind == v1::COMPLAINT ? 11 + Below(2) : 1 + Below(10));
    };
    if (!OneIn(4)) decide(docket);
    c.facts.dockets.push_back(docket);
    if (docket.kind == v1::LAWSUIT && docket.decided && OneIn(2)) {
      day += Below(20);
      c.facts.dockets.back().appealed = day;
      law::Docket second;
      second.kind = v1::LAWSUIT;
      second.instance = 2;
      second.accepted = day;
      if (OneIn(2)) second.copy_received = day;
      if (!OneIn(4)) decide(second);
      c.facts.dockets.push_back(second);
    }
    day += Below(100);
  }
  c.docket_rectified.resize(c.facts.dockets.size());
  c.docket_numbers.resize(c.facts.dockets.size());
}

std::vector<casework::Case> Decade::Cases(int count) {
  std::vector<casework::Case> cases;
  for (int i = 0; i < count; ++i) {
    casework::Case c = NewCase(i);
    if (c.facts.received) {
      if (!OneIn(12)) Answer(c);
      if (OneIn(3)) AddRemedies(c);
    }
    cases.push_back(std::move(c));
  }
  return cases;
}

void Decade::Change(casework::Case& c) {
  if (!c.facts.received) {
    c.facts.received = c.facts.arrived;
    return;
  }
  switch (Below(4)) {
    case 0:
      c.applicant_kind = static_cast<v1::ApplicantKind>(1 + Below(6));
      break;
    case 1:
      c.facts.reply.reset();
      c.facts.withdrawn.reset();
      Answer(c);
      break;
    case 2:
      c.facts.reply.reset();
      c.facts.withdrawn.reset();
      break;
    default:
      c.facts.dockets.clear();
      AddRemedies(c);
      break;
  }
}

void Decade::Try(casework::Life& life, v1::Capacity capacity,
                 absl::CivilDay day, const std::string& act) {
  // What is not lawful there is left out: the life goes on without it.
  life.Do(capacity, absl::StrCat("p", static_cast<int>(capacity)),
          FormatDay(day), act)
      .IgnoreError();
}

casework::Life Decade::LifeFrom(int year) {
  casework::Life life;
  absl::CivilDay day(year, 1 + Below(12), 1 + Below(31));
  const auto handle = [&](const std::string& act) {
    day += Below(6);
    Try(life, v1::HANDLER, day, act);
  };
  handle(absl::StrCat(
      "receive { applicant_kind: ",
      v1::ApplicantKind_Name(static_cast<v1::ApplicantKind>(1 + Below(6))),
      " channel: ", OneIn(3) ? "MAIL_ORDINARY" : "IN_PERSON",
      R"( applicant { name: "甲" } content: "文" })"));
  if (!OneIn(5)) handle("confirm_receipt {}");
  handle(R"(register { officer: "li" department: "d1" })");
  if (OneIn(3)) {
    handle(R"(require_correction { items: "项" served_at_once: true })");
    handle("accept_correction { channel: IN_PERSON }");
  }
  if (OneIn(4)) handle(R"(withdraw { note: "撤" })");
  if (OneIn(6)) return life;
  handle(OneIn(2) ? R"(draft_reply { outcome: PARTIAL text: "见附件"
                         grounds: [PERSONAL_PRIVACY, STATE_SECRET]
                         reasons: "因" access: "附" review_organ: "甲"
                         court: "乙" })"
                  : R"(draft_reply { outcome: REFUSED text: "不予"
                         grounds: PROCESS_INFORMATION reasons: "因"
                         review_organ: "甲" court: "乙" })");
  handle("submit_for_review {}");
  Try(life, v1::SECRECY_REVIEWER, day, "clear_draft { step: SECRECY }");
  Try(life, v1::LEGAL_REVIEWER, day, "clear_draft { step: LEGAL }");
  Try(life, v1::SIGNER, day, R"(sign { document_number: "某〔2024〕1号" })");
  handle("dispatch { carrier: POST_EMS }");
  handle("record_service { outcome: DELIVERED }");
  if (!OneIn(3)) return life;
  day += Below(300);
  Try(life, v1::LITIGATOR, day, R"(open_remedy { kind: LAWSUIT organ: "法" })");
  day += Below(200);
  Try(life, v1::LITIGATOR, day, "decide_remedy { docket: 1 result: REVOKED }");
  return life;
}

v1::AnnualReturn DrawUp(const std::string& agency,
                        const std::vector<casework::Case>& cases, int year) {
  ReturnSum sum(agency, year);
  for (const casework::Case& c : cases) {
    if (!BelongsTo(c, agency)) continue;
    if (IsCounted(c)) sum.AddCase(FactsOf(c));
    for (const DocketCell& cell : RemedyCells(c, year)) {
      sum.AddDocket(cell.group, cell.cell);
    }
  }
  return sum.Sum();
}

std::vector<Listed> ListOf(const std::string& agency,
                           const std::vector<casework::Case>& cases, int year) {
  std::vector<Listed> list;
  for (const casework::Case& c : cases) {
    if (!BelongsTo(c, agency)) continue;
    if (IsCounted(c)) {
      const ReturnFacts facts = FactsOf(c);
      for (const int row : RowsIn(facts, year)) {
        list.push_back({c.number, 3, row, facts.column, 0});
      }
    }
    for (const DocketCell& cell : RemedyCells(c, year)) {
      list.push_back({c.number, 4, cell.group, cell.cell, cell.docket});
    }
  }
  return list;
}

}  // namespace gongkai::report
