// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_STATEMENTS_H_
#define GONGKAI_STORAGE_POSTGRES_STATEMENTS_H_

// Every statement that the service sends to the database. The work itself is
// done by the functions of storage/migrations: one call, one trip.
namespace gongkai::storage {

// A statement, prepared under its name on first use in each connection.
struct Statement {
  const char* name;
  const char* sql;
};

// One stream with its events: agency, stream (or null), number (when the
// stream is null), request (or null), with private parts.
inline constexpr Statement kLoad{"load",
                                 "SELECT * FROM load_history($1,$2,$3,$4,$5)"};

// One event with all that follows from it; the answer is a value of Appended.
inline constexpr Statement kAppend{
    "append",
    "SELECT append_event($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,"
    "$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,"
    "$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50,$51,"
    "$52,$53,$54)"};

// Serial numbers and ranks of arrivals; locks the counter.
inline constexpr Statement kTakeNumbers{
    "take", "SELECT * FROM take_numbers($1,$2,$3,$4,$5,$6)"};

// The worklist without other filters.
inline constexpr Statement kWorklist{
    "worklist", "SELECT * FROM list_worklist($1,$2,$3,$4,$5)"};

// Lists with any filter, one per order.
inline constexpr Statement kListByDue{
    "by_due",
    "SELECT * FROM list_by_due($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)"};
inline constexpr Statement kListByReceipt{
    "by_receipt",
    "SELECT * FROM list_by_receipt($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,"
    "$13)"};
inline constexpr Statement kListNewest{
    "newest",
    "SELECT * FROM list_newest($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)"};

// Cases that contain a phrase.
inline constexpr Statement kSearch{
    "search", "SELECT * FROM search_phrase($1,$2,$3,$4,$5)"};

// Cases of a person.
inline constexpr Statement kByPerson{
    "by_person", "SELECT * FROM find_by_person($1,$2,$3,$4,$5)"};

// Cases like one.
inline constexpr Statement kSimilar{"similar",
                                    "SELECT * FROM find_similar($1,$2,$3)"};

// Earlier cases of the same applicant, after a row with the number of others.
inline constexpr Statement kEarlier{"earlier",
                                    "SELECT * FROM find_earlier($1,$2)"};

// Open cases after a place.
inline constexpr Statement kOpenCases{"open_cases",
                                      "SELECT * FROM open_cases($1,$2,$3,$4)"};

// Codes of all agencies.
inline constexpr Statement kAgencies{"agencies", "SELECT * FROM agencies()"};

// Destroys private parts: agency, stream, the erasure, events, with the words.
inline constexpr Statement kErase{"erase",
                                  "SELECT erase_private($1,$2,$3,$4,$5)"};

// Every erasure, with the leaves of its stream before it; sent once.
inline constexpr char kReadErasures[] =
    "SELECT e.agency_id, e.stream_id, coalesce(s.number, ''), e.seq, e.record, "
    "(SELECT coalesce(string_agg(b.leaf_hash, '' ORDER BY b.seq), '') "
    "FROM event b WHERE b.agency_id = e.agency_id "
    "AND b.stream_id = e.stream_id AND b.seq < e.seq) "
    "FROM event e LEFT JOIN stream s USING (agency_id, stream_id) "
    "WHERE e.type = 42 ORDER BY e.agency_id, e.stream_id, e.seq";

// Destroys again after a restore; sent once for each erasure.
inline constexpr char kReplayErasure[] =
    "SELECT known, destroyed FROM public.replay_erasure($1,$2,$3,$4,$5)";

// Gives places in the log to queued entries; the tree's new tiles and head.
inline constexpr Statement kSequence{"sequence",
                                     "SELECT * FROM sequence_log($1,$2,$3)"};
inline constexpr Statement kExtend{"extend",
                                   "SELECT extend_tree($1,$2,$3,$4,$5,$6)"};

// Name, suite and head of the log; one tile of its tree.
inline constexpr Statement kLogHead{"log_head", "SELECT * FROM log_head()"};
inline constexpr Statement kTile{"tile", "SELECT read_tile($1,$2)"};

// Places of a stream's events.
inline constexpr Statement kPlacesOf{"places_of",
                                     "SELECT * FROM places_of($1,$2)"};

// Checkpoints and where they went.
inline constexpr Statement kNewestCheckpoint{
    "newest_checkpoint",
    "SELECT tree_size, root, note, signed_time FROM newest_checkpoint($1)"};
inline constexpr Statement kAnchorsOf{
    "anchors_of",
    "SELECT tree_size, kind, place, note, anchored_time FROM anchors_of($1)"};
inline constexpr Statement kHealth{"health", "SELECT * FROM log_health()"};
inline constexpr Statement kPutCheckpoint{"put_checkpoint",
                                          "SELECT put_checkpoint($1,$2,$3)"};
inline constexpr Statement kPutAnchor{"put_anchor",
                                      "SELECT put_anchor($1,$2,$3,$4)"};

// Records accesses, and reads those of a case.
inline constexpr Statement kRecordAccess{
    "record_access", "SELECT record_access($1,$2,$3,$4,$5,$6,$7)"};
inline constexpr Statement kAccessesOf{
    "accesses_of", "SELECT * FROM accesses_of($1,$2,$3,$4)"};

// Names the log.
inline constexpr Statement kCreateLog{"create_log",
                                      "SELECT create_log($1,$2,$3,$4)"};

// Entries of the log after a place.
inline constexpr Statement kReadLog{"read_log",
                                    "SELECT * FROM read_log($1,$2,$3)"};

// Number of entries of the log.
inline constexpr Statement kLogSize{"log_size", "SELECT log_size()"};

// The place of a job, and how it is kept.
inline constexpr Statement kJobState{
    "job_state", "SELECT state FROM job_state WHERE job = $1"};
inline constexpr Statement kSetJobState{
    "set_job_state",
    "INSERT INTO job_state (job, state) VALUES ($1, $2) "
    "ON CONFLICT (job) DO UPDATE SET state = excluded.state, "
    "changed_time = now()"};

// Accounts: the row that an event leaves, lists, keys, persons, secrets.
inline constexpr Statement kPutAccount{
    "put_account", "SELECT put_account($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)"};
inline constexpr Statement kRevocation{
    "revocation", "SELECT raised FROM revocation WHERE revocation_id = 1"};
inline constexpr Statement kAccountsIn{"accounts_in",
                                       "SELECT * FROM accounts_in($1,$2,$3)"};
inline constexpr Statement kAccountsOf{"accounts_of",
                                       "SELECT * FROM accounts_of($1)"};
inline constexpr Statement kAccountWith{"account_with",
                                        "SELECT * FROM account_with($1,$2)"};
inline constexpr Statement kPersonFor{"person_for", "SELECT person_for($1,$2)"};
inline constexpr Statement kReadCredential{
    "read_credential", "SELECT version, sealed FROM read_credential($1,$2)"};
inline constexpr Statement kPutCredential{"put_credential",
                                          "SELECT put_credential($1,$2,$3,$4)"};

// Sessions, attempts and tokens that count once.
inline constexpr Statement kOpenSession{
    "open_session",
    "SELECT open_session($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)"};
inline constexpr Statement kSessionByAccess{
    "session_by_access", "SELECT * FROM session_by_access($1)"};
inline constexpr Statement kSessionById{"session_by_id",
                                        "SELECT * FROM session_by_id($1)"};
inline constexpr Statement kRotateSession{
    "rotate_session",
    "SELECT (r.held).*, r.outcome FROM rotate_session($1,$2,$3,$4,$5,$6) r"};
inline constexpr Statement kEndSession{"end_session",
                                       "SELECT end_session($1,$2)"};
inline constexpr Statement kEndSessions{"end_sessions",
                                        "SELECT end_sessions($1,$2,$3)"};
inline constexpr Statement kReadAttempts{
    "read_attempts",
    "SELECT failures, locked_until FROM read_attempts(sha256($1),$2)"};
inline constexpr Statement kAddFailure{
    "add_failure",
    "SELECT failures, locked_until FROM add_failure(sha256($1),$2,$3,$4,$5)"};
inline constexpr Statement kClearAttempts{"clear_attempts",
                                          "SELECT clear_attempts(sha256($1))"};
inline constexpr Statement kUseOnce{"use_once", "SELECT use_once($1,$2)"};

// Data keys, and private parts that are not sealed.
inline constexpr Statement kKeysNotUnder{
    "keys_not_under",
    "SELECT agency_id, stream_id, outer_key, wrapped "
    "FROM keys_not_under($1,$2)"};
inline constexpr Statement kReplaceKey{"replace_key",
                                       "SELECT replace_key($1,$2,$3,$4,$5,$6)"};
inline constexpr Statement kCountKeys{"count_keys",
                                      "SELECT * FROM count_keys()"};
inline constexpr Statement kSecretsNotUnder{
    "secrets_not_under",
    "SELECT agency_id, account, version, sealed FROM secrets_not_under($1,$2)"};
inline constexpr Statement kCountSecrets{"count_secrets",
                                         "SELECT * FROM count_secrets()"};
inline constexpr Statement kPlainParts{"plain_parts",
                                       "SELECT * FROM plain_parts($1)"};
inline constexpr Statement kReadPlain{"read_plain",
                                      "SELECT * FROM read_plain($1,$2,$3)"};
inline constexpr Statement kSealPart{
    "seal_part", "SELECT seal_part($1,$2,$3,$4,$5,$6,$7,$8)"};

// Cases whose rows are from before the annual return was counted by them.
inline constexpr Statement kStaleCases{"stale_cases",
                                       "SELECT * FROM stale_cases($1,$2,$3)"};
inline constexpr Statement kCountStaleCases{"count_stale_cases",
                                            "SELECT count_stale_cases()"};
inline constexpr Statement kRefreshCaseRow{
    "refresh_case_row", "SELECT refresh_case_row($1,$2,$3,$4,$5,$6,$7,$8)"};

// All of the above.
inline constexpr Statement kStatements[] = {kLoad,
                                            kAppend,
                                            kTakeNumbers,
                                            kWorklist,
                                            kListByDue,
                                            kListNewest,
                                            kListByReceipt,
                                            kSearch,
                                            kSimilar,
                                            kEarlier,
                                            kOpenCases,
                                            kAgencies,
                                            kErase,
                                            kSequence,
                                            kExtend,
                                            kLogHead,
                                            kTile,
                                            kPlacesOf,
                                            kNewestCheckpoint,
                                            kAnchorsOf,
                                            kHealth,
                                            kPutCheckpoint,
                                            kPutAnchor,
                                            kRecordAccess,
                                            kAccessesOf,
                                            kCreateLog,
                                            kReadLog,
                                            kLogSize,
                                            kJobState,
                                            kSetJobState,
                                            kByPerson,
                                            kPutAccount,
                                            kRevocation,
                                            kAccountsIn,
                                            kAccountsOf,
                                            kAccountWith,
                                            kPersonFor,
                                            kReadCredential,
                                            kPutCredential,
                                            kOpenSession,
                                            kSessionByAccess,
                                            kSessionById,
                                            kRotateSession,
                                            kEndSession,
                                            kEndSessions,
                                            kReadAttempts,
                                            kAddFailure,
                                            kClearAttempts,
                                            kUseOnce,
                                            kKeysNotUnder,
                                            kReplaceKey,
                                            kCountKeys,
                                            kSecretsNotUnder,
                                            kCountSecrets,
                                            kPlainParts,
                                            kReadPlain,
                                            kSealPart,
                                            kStaleCases,
                                            kCountStaleCases,
                                            kRefreshCaseRow};

// Sent once to each new connection. The functions' statements are planned once
// for all calls, by index whatever the tables held at that moment. A statement
// whose caller died ends after a minute.
inline constexpr char kSetUp[] =
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; "
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
    "SET jit = off; SET statement_timeout = '60s'; SET lock_timeout = '10s'; "
    "SET idle_in_transaction_session_timeout = '60s'";

// Of the migrations, on a connection of their own.
inline constexpr char kMigrationQuiet[] = "SET client_min_messages = warning";
inline constexpr char kMigrationLock[] = "SELECT pg_advisory_lock(20080501, 2)";
inline constexpr char kMigrationTable[] =
    "CREATE TABLE IF NOT EXISTS schema_version ("
    "version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, "
    "applied_time timestamptz NOT NULL DEFAULT now())";
inline constexpr char kMigrationsApplied[] =
    "SELECT version, name, checksum FROM schema_version ORDER BY version";
inline constexpr char kMigrationChecksum[] =
    "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')";
inline constexpr char kMigrationRecord[] =
    "INSERT INTO schema_version (version, name, checksum) VALUES ($1, $2, $3)";

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_STATEMENTS_H_
