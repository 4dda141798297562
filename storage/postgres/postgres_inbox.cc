// SPDX-License-Identifier: Apache-2.0
// The part of PostgresStore that keeps inboxes.
#include <pqxx/pqxx>

#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/report_statements.h"
#include "storage/postgres/session.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// Columns of the table inbox.
enum InboxColumn {
  kAgency,
  kId,
  kStream,
  kPlace,
  kOverdue,
  kRed,
  kYellow,
  kMadeTime,
  kReadTime,
  kMailedTime,
  kMailLease,
  kRemindDate,
  kDue,
  kRuleDays,
  kLeftDays,
  kAttempts,
  kKind,
  kLimit,
  kOrdinal,
  kAccount,
  kNumber,
  kMailTo,
};

InboxEntry EntryOf(const pqxx::row& row) {
  InboxEntry entry;
  entry.place = row[kPlace].as<int64_t>();
  entry.id = TextOf(row[kId]);
  entry.agency = TextOf(row[kAgency]);
  entry.account = TextOf(row[kAccount]);
  entry.kind = row[kKind].as<int>();
  entry.stream = TextOf(row[kStream]);
  entry.number = TextOf(row[kNumber]);
  entry.limit_kind = row[kLimit].as<int>();
  entry.ordinal = row[kOrdinal].as<int>();
  if (!row[kDue].is_null()) entry.due = DayOfField(row[kDue]);
  entry.rule_days = row[kRuleDays].as<int>();
  entry.left = row[kLeftDays].as<int>();
  entry.overdue = row[kOverdue].as<int64_t>();
  entry.red = row[kRed].as<int64_t>();
  entry.yellow = row[kYellow].as<int64_t>();
  entry.remind_date = DayOfField(row[kRemindDate]);
  entry.made_time = TimeOf(row[kMadeTime]);
  if (!row[kReadTime].is_null()) entry.read_time = TimeOf(row[kReadTime]);
  entry.mail_to = TextOf(row[kMailTo]);
  entry.attempts = row[kAttempts].as<int>();
  return entry;
}

// Those of `rows` read anew into `entries`.
void ReadEntries(const pqxx::result& rows, std::vector<InboxEntry>& entries) {
  entries.clear();
  entries.reserve(rows.size());
  for (const pqxx::row& row : rows) entries.push_back(EntryOf(row));
}

void AddOrNull(const std::string& text, ArrayText& array) {
  if (text.empty()) {
    array.AddNull();
  } else {
    array.Add(text);
  }
}

// Entries as arrays, in the order of put_inbox's arguments.
struct EntryArrays {
  explicit EntryArrays(const std::vector<InboxEntry>& entries) {
    ArrayText column[17];
    for (const InboxEntry& e : entries) {
      column[0].Add(e.agency);
      column[1].Add(e.id);
      column[2].Add(e.account);
      column[3].AddInt(e.kind);
      AddOrNull(e.stream, column[4]);
      column[5].Add(e.number);
      column[6].AddInt(e.limit_kind);
      column[7].AddInt(e.ordinal);
      AddOrNull(e.due.has_value() ? FormatDay(*e.due) : "", column[8]);
      column[9].AddInt(e.rule_days);
      column[10].AddInt(e.left);
      column[11].AddInt(e.overdue);
      column[12].AddInt(e.red);
      column[13].AddInt(e.yellow);
      column[14].AddDay(e.remind_date);
      column[15].Add(FormatInstant(e.made_time));
      column[16].Add(e.mail_to);
    }
    for (int i = 0; i < 17; ++i) text[i] = column[i].Take();
  }
  std::string text[17];
};

absl::Status CheckEntry(const InboxEntry& entry) {
  RETURN_IF_ERROR(CheckText("agency", entry.agency));
  RETURN_IF_ERROR(CheckText("account", entry.account));
  RETURN_IF_ERROR(CheckText("number", entry.number));
  return CheckText("mail_to", entry.mail_to);
}

}  // namespace

absl::StatusOr<int> PostgresStore::PutEntries(
    const std::vector<InboxEntry>& entries, absl::Time deadline) {
  for (const InboxEntry& entry : entries) RETURN_IF_ERROR(CheckEntry(entry));
  if (entries.empty()) return 0;
  const EntryArrays a(entries);
  int put = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    put = tx.exec_prepared1(kPutInbox.name, a.text[0], a.text[1], a.text[2],
                            a.text[3], a.text[4], a.text[5], a.text[6],
                            a.text[7], a.text[8], a.text[9], a.text[10],
                            a.text[11], a.text[12], a.text[13], a.text[14],
                            a.text[15], a.text[16])[0]
              .as<int>();
    return absl::OkStatus();
  }));
  return put;
}

absl::StatusOr<std::vector<InboxEntry>> PostgresStore::Inbox(
    std::string_view agency, std::string_view account, bool unread_only,
    int64_t before, int limit, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account),
      before_text = before == 0 ? "" : std::to_string(before);
  std::vector<InboxEntry> entries;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    ReadEntries(tx.exec_prepared(kReadInbox.name, agency_text, account_text,
                                 unread_only, NullIfEmpty(before_text), limit),
                entries);
    return absl::OkStatus();
  }));
  return entries;
}

absl::StatusOr<std::vector<InboxEntry>> PostgresStore::InboxAfter(
    std::string_view agency, std::string_view account, int64_t after, int limit,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account);
  std::vector<InboxEntry> entries;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    ReadEntries(tx.exec_prepared(kInboxAfter.name, agency_text, account_text,
                                 after, limit),
                entries);
    return absl::OkStatus();
  }));
  return entries;
}

absl::StatusOr<int64_t> PostgresStore::CountUnread(std::string_view agency,
                                                   std::string_view account,
                                                   absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account);
  int64_t unread = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    unread = tx.exec_prepared1(kCountUnread.name, agency_text, account_text)[0]
                 .as<int64_t>();
    return absl::OkStatus();
  }));
  return unread;
}

absl::StatusOr<int64_t> PostgresStore::LastPlace(absl::Time deadline) {
  int64_t last = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    last = tx.exec_prepared1(kLastPlace.name)[0].as<int64_t>();
    return absl::OkStatus();
  }));
  return last;
}

absl::StatusOr<int64_t> PostgresStore::MarkRead(
    std::string_view agency, std::string_view account,
    const std::vector<std::string>& ids, absl::Time now, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account);
  std::string ids_text;
  if (!ids.empty()) {
    ArrayText array;
    for (const std::string& id : ids) {
      RETURN_IF_ERROR(CheckText("id", id));
      array.Add(id);
    }
    ids_text = array.Take();
  }
  int64_t marked = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    marked = tx.exec_prepared1(kMarkRead.name, agency_text, account_text,
                               NullIfEmpty(ids_text), FormatInstant(now))[0]
                 .as<int64_t>();
    return absl::OkStatus();
  }));
  return marked;
}

absl::StatusOr<std::vector<InboxEntry>> PostgresStore::TakeMails(
    int limit, absl::Time now, absl::Duration lease, absl::Time deadline) {
  std::vector<InboxEntry> entries;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    ReadEntries(tx.exec_prepared(kTakeMails.name, limit, FormatInstant(now),
                                 FormatInstant(now + lease)),
                entries);
    return absl::OkStatus();
  }));
  return entries;
}

absl::Status PostgresStore::MailDone(std::string_view agency,
                                     std::string_view id, absl::Time now,
                                     absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("id", id));
  const std::string agency_text(agency), id_text(id);
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kMailDone.name, agency_text, id_text, FormatInstant(now));
    return absl::OkStatus();
  });
}

absl::Status PostgresStore::MailFailed(std::string_view agency,
                                       std::string_view id,
                                       const std::optional<absl::Time>& again,
                                       absl::Time /*now*/,
                                       absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("id", id));
  const std::string agency_text(agency), id_text(id),
      again_text = again.has_value() ? FormatInstant(*again) : "infinity";
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kMailFailed.name, agency_text, id_text, again_text);
    return absl::OkStatus();
  });
}

absl::Status PostgresStore::GiveBackMail(std::string_view agency,
                                         std::string_view id, absl::Time from,
                                         absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("id", id));
  const std::string agency_text(agency), id_text(id);
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kMailBack.name, agency_text, id_text, FormatInstant(from));
    return absl::OkStatus();
  });
}

absl::StatusOr<MailBacklog> PostgresStore::MailsWaiting(absl::Time deadline) {
  MailBacklog backlog;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::row row = tx.exec_prepared1(kMailsWaiting.name);
    backlog = {row[0].as<int64_t>(), std::nullopt};
    if (!row[1].is_null()) backlog.oldest = TimeOf(row[1]);
    return absl::OkStatus();
  }));
  return backlog;
}

}  // namespace gongkai::storage
