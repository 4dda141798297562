// SPDX-License-Identifier: Apache-2.0
// The part of PostgresStore that keeps sessions, failed attempts and tokens
// that count once.
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// Columns of the table session.
enum SessionColumn {
  kSession,
  kBegun,
  kAccessUntil,
  kIdleUntil,
  kUntil,
  kOnlyPassword,
  kEnded,
  kAgency,
  kAccount,
  kSignIn,
  kSource,
  kAccess,
  kRefresh,
  kSessionColumns
};

SessionRow SessionOf(const pqxx::row& row) {
  SessionRow session;
  session.session = TextOf(row[kSession]);
  session.agency = TextOf(row[kAgency]);
  session.account = TextOf(row[kAccount]);
  session.sign_in = TextOf(row[kSignIn]);
  session.source = TextOf(row[kSource]);
  session.only_password = row[kOnlyPassword].as<bool>();
  session.begun = TimeOf(row[kBegun]);
  session.access = BytesOf(row[kAccess]);
  session.access_until = TimeOf(row[kAccessUntil]);
  session.refresh = BytesOf(row[kRefresh]);
  session.idle_until = TimeOf(row[kIdleUntil]);
  session.until = TimeOf(row[kUntil]);
  session.ended = row[kEnded].as<bool>();
  return session;
}

pqxx::binarystring Bytes(std::string_view bytes) {
  return pqxx::binarystring(std::string(bytes));
}

std::string IntervalText(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Microseconds(duration), " microseconds");
}

Attempts AttemptsOf(const pqxx::row& row) {
  Attempts attempts;
  attempts.failures = row[0].as<int>(0);
  if (!row[1].is_null()) attempts.locked_until = TimeOf(row[1]);
  return attempts;
}

// Answers of rotate_session.
Rotated RotatedOf(int outcome) {
  switch (outcome) {
    case 0:
      return Rotated::kRotated;
    case 2:
      return Rotated::kOver;
    case 3:
      return Rotated::kReplayed;
    default:
      return Rotated::kUnknown;
  }
}

}  // namespace

absl::Status PostgresStore::OpenSession(const SessionRow& session,
                                        absl::Time deadline) {
  for (const std::string* text :
       {&session.agency, &session.account, &session.sign_in, &session.source}) {
    RETURN_IF_ERROR(CheckText("session", *text));
  }
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kOpenSession.name, session.session, session.agency,
                     session.account, session.sign_in, session.source,
                     session.only_password, FormatInstant(session.begun),
                     Bytes(session.access), FormatInstant(session.access_until),
                     Bytes(session.refresh), FormatInstant(session.idle_until),
                     FormatInstant(session.until));
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<SessionRow>> PostgresStore::SessionByAccess(
    std::string_view access, absl::Time deadline) {
  std::optional<SessionRow> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::result rows =
        tx.exec_prepared(kSessionByAccess.name, Bytes(access));
    found.reset();
    if (!rows.empty()) found = SessionOf(rows[0]);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::optional<SessionRow>> PostgresStore::SessionById(
    std::string_view session, absl::Time deadline) {
  const std::string session_text(session);
  std::optional<SessionRow> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::result rows = tx.exec_prepared(kSessionById.name, session_text);
    found.reset();
    if (!rows.empty()) found = SessionOf(rows[0]);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<AccountBook::Rotation> PostgresStore::RotateSession(
    std::string_view refresh, const SessionRow& next, absl::Time now,
    absl::Time deadline) {
  Rotation rotation;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    rotation = {};
    const pqxx::row row = tx.exec_prepared1(
        kRotateSession.name, Bytes(refresh), Bytes(next.access),
        FormatInstant(next.access_until), Bytes(next.refresh),
        FormatInstant(next.idle_until), FormatInstant(now));
    rotation.outcome = RotatedOf(row[kSessionColumns].as<int>());
    if (rotation.outcome != Rotated::kUnknown) {
      rotation.session = SessionOf(row);
    }
    return absl::OkStatus();
  }));
  return rotation;
}

absl::StatusOr<int> PostgresStore::EndSession(std::string_view agency,
                                              std::string_view session,
                                              absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), session_text(session);
  int ended = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    ended = tx.exec_prepared1(kEndSession.name, agency_text, session_text)[0]
                .as<int>();
    return absl::OkStatus();
  }));
  return ended;
}

absl::StatusOr<int> PostgresStore::EndSessions(std::string_view agency,
                                               std::string_view account,
                                               std::string_view keep,
                                               absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account), keep_text(keep);
  int ended = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    ended = tx.exec_prepared1(kEndSessions.name, agency_text, account_text,
                              NullIfEmpty(keep_text))[0]
                .as<int>();
    return absl::OkStatus();
  }));
  return ended;
}

absl::StatusOr<Attempts> PostgresStore::ReadAttempts(std::string_view key,
                                                     absl::Time now,
                                                     absl::Time deadline) {
  Attempts attempts;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    // Without a row both are null.
    attempts = AttemptsOf(
        tx.exec_prepared1(kReadAttempts.name, Bytes(key), FormatInstant(now)));
    return absl::OkStatus();
  }));
  return attempts;
}

absl::StatusOr<Attempts> PostgresStore::AddFailure(
    std::string_view key, int limit, absl::Duration window, absl::Duration lock,
    absl::Time now, absl::Time deadline) {
  Attempts attempts;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    attempts = AttemptsOf(tx.exec_prepared1(
        kAddFailure.name, Bytes(key), limit, IntervalText(window),
        IntervalText(lock), FormatInstant(now)));
    return absl::OkStatus();
  }));
  return attempts;
}

absl::Status PostgresStore::ClearAttempts(std::string_view key,
                                          absl::Time deadline) {
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kClearAttempts.name, Bytes(key));
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> PostgresStore::UseOnce(std::string_view digest,
                                            absl::Time until,
                                            absl::Time deadline) {
  bool fresh = false;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    fresh =
        tx.exec_prepared1(kUseOnce.name, Bytes(digest), FormatInstant(until))[0]
            .as<bool>();
    return absl::OkStatus();
  }));
  return fresh;
}

}  // namespace gongkai::storage
