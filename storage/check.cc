// SPDX-License-Identifier: Apache-2.0
#include "storage/check.h"

#include <set>

#include "gongkai/v1/event.pb.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::storage {

absl::Status CheckText(std::string_view field, std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return absl::OkStatus();
  return RefuseField(field, "text without U+0000");
}

namespace {

// A return is kept beside its event, in the agency's own stream.
absl::Status CheckFiled(const Append& append) {
  if (append.kind != StreamKind::kAgency ||
      append.stream != WellKnownStream(StreamKind::kAgency) ||
      append.event.type != v1::Event::kReturnFiled) {
    return absl::InvalidArgumentError(
        "a filed return comes with its event, in the agency's stream");
  }
  const FiledDocument& filed = *append.filed;
  constexpr int kLargest = 32767;
  if (filed.year < 1 || filed.year > kLargest || filed.edition < 1 ||
      filed.edition > kLargest || filed.document.empty()) {
    return absl::InvalidArgumentError(
        "a filed return without year, edition or document");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckAppend(const Append& append) {
  RETURN_IF_ERROR(CheckText("agency", append.agency));
  RETURN_IF_ERROR(CheckText("number", append.number));
  RETURN_IF_ERROR(CheckText("officer", append.row.officer));
  RETURN_IF_ERROR(CheckText("department", append.row.department));
  RETURN_IF_ERROR(CheckText("calendar_version", append.row.calendar_version));
  if (append.agency.empty() || append.stream.empty()) {
    return absl::InvalidArgumentError("an event without agency or stream");
  }
  if (append.expected_version < 0 ||
      append.event.seq != append.expected_version + 1) {
    return absl::InvalidArgumentError(
        "the event's seq does not follow the expected version");
  }
  if (append.event.salt.empty() && !append.event.payload.empty()) {
    return absl::InvalidArgumentError("a private part without salt");
  }
  for (const std::string& account : append.row.restricted_to) {
    RETURN_IF_ERROR(CheckText("restricted_to", account));
  }
  if (append.account.has_value()) {
    RETURN_IF_ERROR(CheckText("account", append.account->account));
    RETURN_IF_ERROR(CheckText("person", append.account->person));
    if (append.kind != StreamKind::kAccount ||
        append.stream != AccountStream(append.account->account)) {
      return absl::InvalidArgumentError(
          "the row of an account comes with an event of its stream");
    }
    if (append.account->post != 0 && append.account->person.empty()) {
      return absl::InvalidArgumentError("a post is held by a person");
    }
  }
  if (append.filed.has_value()) RETURN_IF_ERROR(CheckFiled(append));
  if (append.text.has_value()) {
    RETURN_IF_ERROR(CheckText("applicant.name", append.text->applicant_name));
    RETURN_IF_ERROR(CheckText("content", append.text->content));
    for (const std::string& word : append.text->words) {
      if (word.empty()) return absl::InvalidArgumentError("an empty word");
      RETURN_IF_ERROR(CheckText("content", word));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckArrivals(const std::vector<Arrival>& arrivals) {
  std::set<std::string_view> ids;
  for (const Arrival& arrival : arrivals) {
    RETURN_IF_ERROR(CheckText("number", arrival.imported_number));
    if (!ids.insert(arrival.request_id).second) {
      return RefuseField("request_id", "each request once in a batch",
                         arrival.request_id);
    }
  }
  return absl::OkStatus();
}

}  // namespace gongkai::storage
