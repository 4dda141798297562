// SPDX-License-Identifier: Apache-2.0
#include "services/render/json.h"

#include <nlohmann/json.hpp>

#include "services/render/cell.h"

namespace gongkai::render {
namespace {

using Object = nlohmann::ordered_json;

Object ValueOf(const v1::Cell& cell, v1::ColumnType type) {
  switch (cell.value_case()) {
    case v1::Cell::kText:
      return cell.text();
    case v1::Cell::kNumber:
      if (type == v1::MONEY_COLUMN) {
        return static_cast<double>(cell.number()) / 100;
      }
      return cell.number();
    case v1::Cell::kDecimal:
      return cell.decimal();
    case v1::Cell::VALUE_NOT_SET:
      break;
  }
  return nullptr;
}

// Bytes that are no UTF-8 are shown as the replacement character.
std::string Written(const Object& object) {
  return object.dump(-1, ' ', false, Object::error_handler_t::replace);
}

std::string Array(const v1::Table& table) {
  std::string out = "[";
  bool first = true;
  for (const v1::Row& row : table.rows()) {
    Object object = Object::object();
    for (int i = 0; i < table.columns_size(); ++i) {
      const v1::Column& column = table.columns(i);
      object[column.key()] = ValueOf(CellAt(row, i), column.type());
    }
    out += first ? "\n" : ",\n";
    first = false;
    out += Written(object);
  }
  out += first ? "]" : "\n]";
  return out;
}

}  // namespace

std::string Json(const v1::Table& table) { return Array(table) + "\n"; }

std::string Json(const std::vector<v1::Table>& tables) {
  if (tables.size() == 1) return Json(tables[0]);
  std::string out = "{";
  bool first = true;
  for (const v1::Table& table : tables) {
    out += first ? "\n" : ",\n";
    first = false;
    out += Written(Object(table.key())) + ": " + Array(table);
  }
  return out + "\n}\n";
}

}  // namespace gongkai::render
