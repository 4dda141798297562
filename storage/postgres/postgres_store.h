// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_POSTGRES_STORE_H_
#define GONGKAI_STORAGE_POSTGRES_POSTGRES_STORE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/accounts.h"
#include "storage/inbox.h"
#include "storage/proofs.h"
#include "storage/row_book.h"
#include "storage/sealer.h"
#include "storage/store.h"

namespace gongkai::storage {

class Sessions;

// The store in PostgreSQL: streams, index, log, proofs, accounts, keys, inboxes
// and places of jobs over one bounded pool of connections. Thread-safe.
class PostgresStore : public Store,
                      public Index,
                      public Log,
                      public JobBook,
                      public Proofs,
                      public AccessBook,
                      public AccountBook,
                      public KeyBook,
                      public RowBook,
                      public InboxBook {
 public:
  // `dsn` as libpq takes it, under the service's role; `connections` at most.
  // Connects when first used, so that the service starts while the database is
  // away. Private parts are sealed with `sealer`, which outlives the store;
  // without one they are stored as they are (for tests and benches), and sealed
  // ones are FAILED_PRECONDITION to read.
  PostgresStore(std::string dsn, int connections, Sealer* sealer = nullptr);
  ~PostgresStore() override;

  absl::StatusOr<History> Load(std::string_view agency, std::string_view number,
                               std::string_view request_id, bool with_private,
                               absl::Time deadline) override;
  absl::StatusOr<History> LoadStream(std::string_view agency,
                                     std::string_view stream,
                                     std::string_view request_id,
                                     bool with_private,
                                     absl::Time deadline) override;
  absl::StatusOr<Appended> AppendAll(const std::vector<Append>& batch,
                                     absl::Time deadline) override;
  absl::Status Receive(std::string_view agency, int year,
                       const std::vector<Arrival>& arrivals,
                       const std::function<absl::StatusOr<std::vector<Append>>(
                           const std::vector<Place>&)>& seal,
                       absl::Time deadline) override;
  absl::StatusOr<LogIdentity> Identity(absl::Time deadline) override;

  absl::StatusOr<std::vector<FoundCase>> List(const CaseQuery& query,
                                              absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundText>> Search(
      std::string_view agency, std::string_view phrase,
      const std::vector<std::string>& words, int limit,
      std::string_view after_stream, absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundSimilar>> Similar(
      std::string_view agency, std::string_view stream, int limit,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundText>> FindByPerson(
      std::string_view agency, const PersonKey& key, int limit,
      std::string_view after_stream, absl::Time deadline) override;
  absl::StatusOr<Earlier> EarlierOf(std::string_view agency,
                                    std::string_view stream,
                                    absl::Time deadline) override;
  absl::StatusOr<std::vector<OpenCase>> OpenCases(std::string_view agency,
                                                  std::string_view after_agency,
                                                  std::string_view after_stream,
                                                  int limit,
                                                  absl::Time deadline) override;
  absl::StatusOr<std::vector<std::string>> Agencies(
      absl::Time deadline) override;

  absl::StatusOr<Sequenced> Sequence(int max, const TreeHead* known,
                                     absl::Time deadline) override;
  absl::StatusOr<TreeHead> Head(absl::Time deadline) override;
  absl::StatusOr<std::string> Tile(int level, int64_t index,
                                   absl::Time deadline) override;
  absl::StatusOr<std::vector<LogEntry>> ReadLog(int64_t after,
                                                std::string_view agency,
                                                int max,
                                                absl::Time deadline) override;
  absl::StatusOr<int64_t> LogSize(absl::Time deadline) override;

  absl::StatusOr<std::string> JobState(std::string_view job,
                                       absl::Time deadline) override;
  absl::Status SetJobState(std::string_view job, std::string_view state,
                           absl::Time deadline) override;

  absl::StatusOr<std::vector<EventPlace>> PlacesOf(
      std::string_view agency, std::string_view stream,
      absl::Time deadline) override;
  absl::StatusOr<std::optional<StoredCheckpoint>> NewestCheckpoint(
      int64_t size, absl::Time deadline) override;
  absl::StatusOr<std::vector<StoredAnchor>> AnchorsOf(
      int64_t size, absl::Time deadline) override;
  absl::StatusOr<LogHealth> Health(absl::Time deadline) override;
  absl::Status PutCheckpoint(const StoredCheckpoint& checkpoint,
                             absl::Time deadline) override;
  absl::Status PutAnchor(const StoredAnchor& anchor,
                         absl::Time deadline) override;

  absl::Status RecordAccess(const std::vector<AccessRow>& rows,
                            absl::Time deadline) override;
  absl::StatusOr<std::vector<std::string>> AccessesOf(
      std::string_view agency, std::string_view number, absl::Time until,
      int max, absl::Time deadline) override;

  absl::StatusOr<int64_t> Revocation(absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundAccount>> AccountsIn(
      std::string_view agency, std::string_view after, int limit,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundAccount>> AccountsOf(
      std::string_view person, absl::Time deadline) override;
  absl::StatusOr<std::optional<FoundAccount>> AccountWith(
      const AccountKey& key, absl::Time deadline) override;
  absl::StatusOr<std::string> PersonFor(std::string_view digest,
                                        std::string_view fresh,
                                        absl::Time deadline) override;
  absl::StatusOr<Credential> ReadCredential(std::string_view agency,
                                            std::string_view account,
                                            absl::Time deadline) override;
  absl::StatusOr<bool> PutCredential(std::string_view agency,
                                     std::string_view account, int64_t version,
                                     std::string_view sealed,
                                     absl::Time deadline) override;
  absl::Status OpenSession(const SessionRow& session,
                           absl::Time deadline) override;
  absl::StatusOr<std::optional<SessionRow>> SessionByAccess(
      std::string_view access, absl::Time deadline) override;
  absl::StatusOr<std::optional<SessionRow>> SessionById(
      std::string_view session, absl::Time deadline) override;
  absl::StatusOr<Rotation> RotateSession(std::string_view refresh,
                                         const SessionRow& next, absl::Time now,
                                         absl::Time deadline) override;
  absl::StatusOr<int> EndSession(std::string_view agency,
                                 std::string_view session,
                                 absl::Time deadline) override;
  absl::StatusOr<int> EndSessions(std::string_view agency,
                                  std::string_view account,
                                  std::string_view keep,
                                  absl::Time deadline) override;
  absl::StatusOr<Attempts> ReadAttempts(std::string_view key, absl::Time now,
                                        absl::Time deadline) override;
  absl::StatusOr<Attempts> AddFailure(std::string_view key, int limit,
                                      absl::Duration window,
                                      absl::Duration lock, absl::Time now,
                                      absl::Time deadline) override;
  absl::Status ClearAttempts(std::string_view key,
                             absl::Time deadline) override;
  absl::StatusOr<bool> UseOnce(std::string_view digest, absl::Time until,
                               absl::Time deadline) override;

  absl::StatusOr<std::vector<StreamKey>> KeysNotUnder(
      int newest, int limit, absl::Time deadline) override;
  absl::StatusOr<bool> ReplaceKey(std::string_view agency,
                                  std::string_view stream, const DataKey& from,
                                  const DataKey& to,
                                  absl::Time deadline) override;
  absl::StatusOr<std::vector<AccountSecret>> SecretsNotUnder(
      int newest, int limit, absl::Time deadline) override;
  absl::StatusOr<std::vector<KeyCount>> CountKeys(absl::Time deadline) override;
  absl::StatusOr<int> SealPlain(int limit, absl::Time deadline) override;

  absl::StatusOr<int> PutEntries(const std::vector<InboxEntry>& entries,
                                 absl::Time deadline) override;
  absl::StatusOr<std::vector<InboxEntry>> Inbox(std::string_view agency,
                                                std::string_view account,
                                                bool unread_only,
                                                int64_t before, int limit,
                                                absl::Time deadline) override;
  absl::StatusOr<std::vector<InboxEntry>> InboxAfter(
      std::string_view agency, std::string_view account, int64_t after,
      int limit, absl::Time deadline) override;
  absl::StatusOr<int64_t> CountUnread(std::string_view agency,
                                      std::string_view account,
                                      absl::Time deadline) override;
  absl::StatusOr<int64_t> LastPlace(absl::Time deadline) override;
  absl::StatusOr<int64_t> MarkRead(std::string_view agency,
                                   std::string_view account,
                                   const std::vector<std::string>& ids,
                                   absl::Time now,
                                   absl::Time deadline) override;
  absl::StatusOr<std::vector<InboxEntry>> TakeMails(
      int limit, absl::Time now, absl::Duration lease,
      absl::Time deadline) override;
  absl::Status MailDone(std::string_view agency, std::string_view id,
                        absl::Time now, absl::Time deadline) override;
  absl::Status MailFailed(std::string_view agency, std::string_view id,
                          const std::optional<absl::Time>& again,
                          absl::Time now, absl::Time deadline) override;
  absl::Status GiveBackMail(std::string_view agency, std::string_view id,
                            absl::Time from, absl::Time deadline) override;
  absl::StatusOr<MailBacklog> MailsWaiting(absl::Time deadline) override;

  absl::StatusOr<std::vector<StaleCase>> StaleCases(
      std::string_view after_agency, std::string_view after_stream, int limit,
      absl::Time deadline) override;
  absl::StatusOr<int64_t> CountStaleCases(absl::Time deadline) override;
  absl::StatusOr<bool> RefreshRow(std::string_view agency,
                                  std::string_view stream, int64_t version,
                                  const CaseRow& row,
                                  absl::Time deadline) override;

  // Names the log and chooses its suite, once, before anything is recorded;
  // under the owner's role. FAILED_PRECONDITION when it holds records.
  absl::Status CreateLog(const LogIdentity& identity, absl::Time deadline);

  // Connections that are open now.
  int connections() const;

 private:
  const std::unique_ptr<Sessions> sessions_;
  Sealer* const sealer_;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_POSTGRES_STORE_H_
