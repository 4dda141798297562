// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_SCAN_STATEMENTS_H_
#define GONGKAI_STORAGE_POSTGRES_SCAN_STATEMENTS_H_

#include "storage/postgres/statements.h"

// The statements of those who check a whole database. They read the tables and
// call none of the functions, which could have been changed. Each is the query
// of a cursor of its name.
namespace gongkai::storage {

// One snapshot that takes its time. Rows come by their indexes, in order:
// sorting all of them would need room on the disk.
inline constexpr char kScanSnapshot[] =
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; "
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = pg_catalog, "
    "public; "
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'; "
    "SET LOCAL idle_in_transaction_session_timeout = 0; "
    "SET LOCAL jit = off; SET LOCAL enable_sort = off; "
    "SET LOCAL enable_seqscan = on; SET LOCAL cursor_tuple_fraction = 1.0; "
    "SET LOCAL work_mem = '64MB'";

// Whether every row can be seen, and not those of one agency alone.
inline constexpr char kScanSeesAll[] =
    "SELECT pg_has_role('gongkai_auditor', 'USAGE') "
    "OR NOT row_security_active('event')";

inline constexpr char kScanLog[] =
    "SELECT origin, suite, record_prefix, size, tree_size, root, "
    "(SELECT count(*) FROM log_queue) FROM log WHERE log_id = 1";

inline constexpr Statement kScanStreams{
    "scan_streams",
    "SELECT agency_id, stream_id, kind, number, version, head, opened_time, "
    "phase, outcome, applicant_kind, officer, department, received_date, "
    "done_time, calendar_version, labels, restricted_to, finished_date, "
    "return_row, counted, remedies, fees, row_version FROM stream "
    "ORDER BY agency_id, stream_id"};
inline constexpr Statement kScanEvents{
    "scan_events",
    "SELECT agency_id, stream_id, seq, type, event_id, request_id, "
    "recorded_time, occurred_date, record, hash, leaf_hash FROM event "
    "ORDER BY agency_id, stream_id, seq"};
inline constexpr Statement kScanPrivates{
    "scan_privates",
    "SELECT agency_id, stream_id, seq, salt, payload, erased_time, outer_key, "
    "wrapped FROM private_part LEFT JOIN data_key USING (agency_id, stream_id) "
    "ORDER BY agency_id, stream_id, seq"};
inline constexpr Statement kScanIdleKeys{
    "scan_idle_keys",
    "SELECT k.agency_id, k.stream_id FROM data_key k WHERE NOT EXISTS ("
    "SELECT FROM private_part p WHERE p.agency_id = k.agency_id "
    "AND p.stream_id = k.stream_id AND p.erased_time IS NULL) "
    "ORDER BY k.agency_id, k.stream_id"};
inline constexpr Statement kScanAccounts{
    "scan_accounts",
    "SELECT a.agency_id, a.account, a.person, a.kind, a.active, a.post, "
    "(SELECT string_agg(k.kind || ':' || encode(k.digest, 'hex'), ' ' "
    "ORDER BY k.kind, k.digest) FROM account_key k "
    "WHERE k.agency_id = a.agency_id AND k.account = a.account) "
    "FROM account a ORDER BY a.agency_id, a.account"};
inline constexpr Statement kScanPlaces{
    "scan_places",
    "SELECT agency_id, stream_id, seq, log_index, leaf_hash, kind "
    "FROM log_leaf ORDER BY agency_id, stream_id, seq"};
inline constexpr Statement kScanQueue{
    "scan_queue",
    "SELECT agency_id, stream_id, seq, queue_id, leaf_hash, kind "
    "FROM log_queue ORDER BY agency_id, stream_id, seq"};
inline constexpr Statement kScanAccesses{
    "scan_accesses",
    "SELECT agency_id, access_id, recorded_time, kind, "
    "array_to_string(numbers, ' '), leaf_hash, record FROM access "
    "ORDER BY agency_id, access_id"};
inline constexpr Statement kScanLimits{
    "scan_limits",
    "SELECT agency_id, stream_id, kind, ordinal, whose, state, start_date, "
    "due, provisional, first FROM case_limit "
    "ORDER BY agency_id, stream_id, kind, ordinal"};
inline constexpr Statement kScanTexts{
    "scan_texts",
    "SELECT agency_id, stream_id, arrived, applicant_name, content, "
    "array_to_string(tsvector_to_array(grams), E'\\n'), applicant_key, "
    "content_key, "
    "(SELECT string_agg(k.kind || ':' || encode(k.digest, 'hex'), ' ' "
    "ORDER BY k.kind, k.digest) FROM person_key k "
    "WHERE k.agency_id = case_text.agency_id "
    "AND k.stream_id = case_text.stream_id) "
    "FROM case_text ORDER BY agency_id, stream_id"};
inline constexpr Statement kScanRequests{
    "scan_requests",
    "SELECT agency_id, stream_id, seq, request_id FROM request "
    "ORDER BY agency_id, stream_id, seq"};
inline constexpr Statement kScanFiled{
    "scan_filed",
    "SELECT agency_id, stream_id, seq, year, edition, filed_time, filed_by, "
    "document, cases FROM filed_return ORDER BY agency_id, stream_id, seq, "
    "year, edition"};
inline constexpr Statement kScanRepeated{
    "scan_repeated",
    "SELECT event_id, count(*) FROM event GROUP BY event_id "
    "HAVING count(*) > 1"};
inline constexpr Statement kScanLeaves{
    "scan_leaves",
    "SELECT agency_id, stream_id, seq, log_index, leaf_hash, kind "
    "FROM log_leaf ORDER BY log_id, log_index"};
inline constexpr Statement kScanCheckpoints{
    "scan_checkpoints",
    "SELECT tree_size, root, note, signed_time FROM checkpoint "
    "WHERE log_id = 1 ORDER BY tree_size"};
inline constexpr Statement kScanAnchors{
    "scan_anchors",
    "SELECT tree_size, kind, place, note, anchored_time FROM anchor "
    "WHERE log_id = 1 ORDER BY tree_size"};
inline constexpr Statement kScanNumbers{
    "scan_numbers",
    "SELECT agency_id, number FROM stream WHERE number IS NOT NULL "
    "ORDER BY agency_id, length(number), number"};

// One page of the tiles of a level.
inline constexpr char kScanTiles[] =
    "SELECT tile_index, hashes FROM log_tile "
    "WHERE log_id = 1 AND level = $1 AND tile_index > $2 ORDER BY tile_index "
    "LIMIT 64";
inline constexpr char kScanTileLevels[] =
    "SELECT DISTINCT level FROM log_tile ORDER BY level";
inline constexpr char kScanCounters[] =
    "SELECT agency_id, year, last FROM counter ORDER BY agency_id, year";

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_SCAN_STATEMENTS_H_
