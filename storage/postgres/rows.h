// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_ROWS_H_
#define GONGKAI_STORAGE_POSTGRES_ROWS_H_

#include <pqxx/pqxx>

#include "storage/store.h"

// Rows of the composite types of storage/migrations, read by position.
namespace gongkai::storage {

// Rows of history_row: the first of the stream, then one per event.
History HistoryOf(const pqxx::result& rows);

// A row of found_case.
FoundCase FoundCaseOf(const pqxx::row& row);
FoundText FoundTextOf(const pqxx::row& row);
FoundSimilar FoundSimilarOf(const pqxx::row& row);

// A row of read_log.
LogEntry LogEntryOf(const pqxx::row& row);

// A row of take_numbers.
Place PlaceOf(const pqxx::row& row);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_ROWS_H_
