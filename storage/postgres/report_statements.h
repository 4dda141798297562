// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_REPORT_STATEMENTS_H_
#define GONGKAI_STORAGE_POSTGRES_REPORT_STATEMENTS_H_

#include "storage/postgres/statements.h"

// Further statements: what reports and inboxes send, one call each.
namespace gongkai::storage {

// Live limits with their cases, and counts of them: open duties of the agency,
// or any limits. Columns of the case in the order of the view report_case, then
// those of the limit.
inline constexpr Statement kListDuties{
    "list_duties",
    "SELECT (w.of_case).*, (w.of_limit).kind, (w.of_limit).ordinal, "
    "(w.of_limit).whose, (w.of_limit).state, (w.of_limit).start_date, "
    "(w.of_limit).due, (w.of_limit).provisional, (w.of_limit).first FROM "
    "list_duties($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) AS w"};
inline constexpr Statement kListLimits{
    "list_limits",
    "SELECT (w.of_case).*, (w.of_limit).kind, (w.of_limit).ordinal, "
    "(w.of_limit).whose, (w.of_limit).state, (w.of_limit).start_date, "
    "(w.of_limit).due, (w.of_limit).provisional, (w.of_limit).first FROM "
    "list_limits($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15) AS w"};
inline constexpr Statement kCountDuties{
    "count_duties", "SELECT * FROM count_duties($1,$2,$3,$4,$5,$6,$7,$8)"};
inline constexpr Statement kCountLimits{
    "count_limits", "SELECT * FROM count_limits($1,$2,$3,$4,$5,$6,$7,$8,$9)"};

// Cases that may have been open at a moment, and events until a moment.
inline constexpr Statement kOpenThen{"open_then",
                                     "SELECT * FROM open_then($1,$2)"};
inline constexpr Statement kHistories{"histories",
                                      "SELECT * FROM histories($1,$2,$3)"};

// The annual return: counts, and the cases counted.
inline constexpr Statement kCountReturn{"count_return",
                                        "SELECT * FROM count_return($1,$2,$3)"};
inline constexpr Statement kReturnCases{
    "return_cases", "SELECT * FROM return_cases($1,$2,$3,$4,$5,$6)"};

// Cases with dockets or fees; by day of receipt or of ending; alike in words or
// applicant.
inline constexpr Statement kCasesWith{
    "cases_with", "SELECT * FROM cases_with($1,$2,$3,$4,$5)"};
inline constexpr Statement kCasesReceived{
    "cases_received", "SELECT * FROM cases_received($1,$2,$3)"};
inline constexpr Statement kCasesFinished{
    "cases_finished", "SELECT * FROM cases_finished($1,$2,$3)"};
inline constexpr Statement kSharedWords{
    "shared_words", "SELECT * FROM shared_words($1,$2,$3,$4,$5)"};

// Whether rows of the agencies, and rows of any, are from before the return was
// counted by them.
inline constexpr Statement kStaleRows{
    "stale_rows",
    "SELECT EXISTS (SELECT FROM stream WHERE kind = 1 AND row_version < 1 "
    "AND agency_id = ANY ($1)), "
    "EXISTS (SELECT FROM stream WHERE kind = 1 AND row_version < 1)"};

// Returns as filed.
inline constexpr Statement kFiledReturns{
    "filed_returns", "SELECT * FROM filed_returns($1,$2,$3)"};

// Inboxes: put in, read, mark; the mails that carry them.
inline constexpr Statement kPutInbox{
    "put_inbox",
    "SELECT put_inbox($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,"
    "$17)"};
inline constexpr Statement kReadInbox{
    "read_inbox", "SELECT * FROM read_inbox($1,$2,$3,$4,$5)"};
inline constexpr Statement kInboxAfter{
    "inbox_after", "SELECT * FROM inbox_after($1,$2,$3,$4)"};
inline constexpr Statement kCountUnread{"count_unread",
                                        "SELECT count_unread($1,$2)"};
inline constexpr Statement kLastPlace{
    "last_place", "SELECT last FROM inbox_place WHERE inbox_place_id = 1"};
inline constexpr Statement kMarkRead{"mark_read",
                                     "SELECT mark_read($1,$2,$3,$4)"};
inline constexpr Statement kTakeMails{"take_mails",
                                      "SELECT * FROM take_mails($1,$2,$3)"};
inline constexpr Statement kMailDone{"mail_done", "SELECT mail_done($1,$2,$3)"};
inline constexpr Statement kMailFailed{"mail_failed",
                                       "SELECT mail_failed($1,$2,$3)"};
inline constexpr Statement kMailBack{"mail_back", "SELECT mail_back($1,$2,$3)"};
inline constexpr Statement kMailsWaiting{"mails_waiting",
                                         "SELECT * FROM mails_waiting()"};

// All of the above.
inline constexpr Statement kReportStatements[] = {
    kListDuties,    kListLimits,  kCountDuties,  kCountLimits,  kOpenThen,
    kHistories,     kCountReturn, kReturnCases,  kCasesWith,    kCasesReceived,
    kCasesFinished, kSharedWords, kFiledReturns, kPutInbox,     kReadInbox,
    kInboxAfter,    kCountUnread, kLastPlace,    kMarkRead,     kTakeMails,
    kMailDone,      kMailFailed,  kMailBack,     kMailsWaiting, kStaleRows};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_REPORT_STATEMENTS_H_
