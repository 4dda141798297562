// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_STATUS_MACROS_H_
#define GONGKAI_SERVICES_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function when `expr`, an absl::Status, is an
// error.
#define RETURN_IF_ERROR(expr)                          \
  do {                                                 \
    absl::Status gongkai_status_ = (expr);             \
    if (!gongkai_status_.ok()) return gongkai_status_; \
  } while (false)

#define GONGKAI_CONCAT_INNER(a, b) a##b
#define GONGKAI_CONCAT(a, b) GONGKAI_CONCAT_INNER(a, b)

// Moves the value of `expr`, an absl::StatusOr, into `lhs`, or returns its
// status.
#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_INNER(GONGKAI_CONCAT(gongkai_statusor_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_INNER(tmp, lhs, expr) \
  auto tmp = (expr);                           \
  if (!tmp.ok()) return tmp.status();          \
  lhs = std::move(tmp).value()

#endif  // GONGKAI_SERVICES_BASE_STATUS_MACROS_H_
