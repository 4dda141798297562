// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_SCAN_ROWS_H_
#define GONGKAI_STORAGE_POSTGRES_SCAN_ROWS_H_

#include <cstdint>
#include <pqxx/pqxx>

#include "storage/scan.h"

// Rows of scan_statements.h, by position in their statement. One function per
// kind of row.
namespace gongkai::storage {

// 0 when it is null.
int64_t IntOf(const pqxx::field& field);

void Read(const pqxx::row& row, StreamRow& out);
void Read(const pqxx::row& row, EventRow& out);
void Read(const pqxx::row& row, PrivateRow& out);
void Read(const pqxx::row& row, IdleKeyRow& out);
void Read(const pqxx::row& row, AccountScanRow& out);
void Read(const pqxx::row& row, LeafRow& out);
void Read(const pqxx::row& row, AccessScanRow& out);
void Read(const pqxx::row& row, LimitScanRow& out);
void Read(const pqxx::row& row, TextScanRow& out);
void Read(const pqxx::row& row, RequestRow& out);
void Read(const pqxx::row& row, FiledRow& out);
void Read(const pqxx::row& row, StoredCheckpoint& out);
void Read(const pqxx::row& row, StoredAnchor& out);
void Read(const pqxx::row& row, RepeatedRow& out);
void Read(const pqxx::row& row, NumberRow& out);
void Read(const pqxx::row& row, TileRow& out);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_SCAN_ROWS_H_
