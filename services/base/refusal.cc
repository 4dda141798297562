// SPDX-License-Identifier: Apache-2.0
#include "services/base/refusal.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"

namespace gongkai {
namespace {

constexpr char kPayload[] = "gongkai.v1.Refusal";

}  // namespace

const v1::Refused& RuleOf(v1::Reason reason) {
  const auto* value =
      v1::Reason_descriptor()->FindValueByNumber(static_cast<int>(reason));
  static const v1::Refused kNone;
  if (value == nullptr) return kNone;
  return value->options().GetExtension(v1::refused);
}

absl::Status Refuse(const v1::Refusal& refusal) {
  const v1::Refused& rule = RuleOf(refusal.reason());
  std::string message =
      absl::StrCat(v1::Reason_Name(refusal.reason()), ": ", rule.en());
  if (!refusal.field().empty()) {
    absl::StrAppend(&message, " [", refusal.field(), "]");
  }
  if (!refusal.wanted().empty()) {
    absl::StrAppend(&message, "; wanted ", refusal.wanted());
  }
  if (!refusal.got().empty())
    absl::StrAppend(&message, ", got ", refusal.got());
  if (refusal.phase() != v1::PHASE_UNSPECIFIED) {
    absl::StrAppend(&message, "; phase ", v1::Phase_Name(refusal.phase()));
  }
  if (!refusal.due_date().empty()) {
    if (refusal.limit() == v1::LIMIT_KIND_UNSPECIFIED) {
      absl::StrAppend(&message, "; last day ", refusal.due_date());
    } else {
      absl::StrAppend(&message, "; limit ", v1::LimitKind_Name(refusal.limit()),
                      " ended ", refusal.due_date());
    }
  }
  absl::StrAppend(
      &message, " (",
      refusal.article().empty() ? rule.article() : refusal.article(), ")");
  absl::Status status(static_cast<absl::StatusCode>(rule.code()), message);
  status.SetPayload(kPayload, absl::Cord(refusal.SerializeAsString()));
  return status;
}

absl::Status Refuse(v1::Reason reason) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  return Refuse(refusal);
}

absl::Status RefuseField(std::string_view field, std::string_view wanted,
                         std::string_view got) {
  v1::Refusal refusal;
  refusal.set_reason(v1::FIELD_INVALID);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  refusal.set_got(std::string(got));
  return Refuse(refusal);
}

absl::Status StoreAway(int64_t retry_ms) {
  v1::Refusal refusal;
  refusal.set_reason(v1::STORE_AWAY);
  refusal.set_retry_ms(retry_ms);
  return Refuse(refusal);
}

std::optional<v1::Refusal> RefusalOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload.has_value()) return std::nullopt;
  v1::Refusal refusal;
  if (!refusal.ParseFromString(std::string(*payload))) return std::nullopt;
  return refusal;
}

}  // namespace gongkai
