// SPDX-License-Identifier: Apache-2.0
// Putting a wrong record right: the mended field takes its place in the event
// it names, before the fold; the record itself stays as it was.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/case.h"

namespace gongkai::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Misfit(std::string_view field, std::string_view wanted) {
  v1::Refusal refusal;
  refusal.set_reason(v1::MEND_MISFIT);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  return Refuse(refusal);
}

absl::Status SetString(const FieldDescriptor& field, const std::string& value,
                       const std::string& text, Message& message) {
  const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
  const std::string& chosen = rule.personal() ? text : value;
  if (rule.required() && chosen.empty()) {
    return Misfit("act.mend_record.value", "a value: the field is required");
  }
  if (rule.format() == v1::DATE && !chosen.empty()) {
    if (!ParseDay(chosen).ok()) {
      return Misfit("act.mend_record.value", "a date of the form 2024-02-29");
    }
  }
  message.GetReflection()->SetString(&message, &field, chosen);
  return absl::OkStatus();
}

absl::Status SetNumber(const FieldDescriptor& field, const std::string& value,
                       Message& message) {
  const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
  const int64_t max =
      rule.min() == 0 && rule.max() == 0 ? INT32_MAX : rule.max();
  int64_t number = 0;
  if (!absl::SimpleAtoi(value, &number) || number < rule.min() ||
      number > max) {
    return Misfit("act.mend_record.value",
                  "a number within the field's bounds");
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    message.GetReflection()->SetInt32(&message, &field,
                                      static_cast<int32_t>(number));
  } else {
    message.GetReflection()->SetInt64(&message, &field, number);
  }
  return absl::OkStatus();
}

absl::Status SetBodyField(const FieldDescriptor& field,
                          const std::string& value, const std::string& text,
                          Message& message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return SetString(field, value, text, message);
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return SetNumber(field, value, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (value != "true" && value != "false") {
        return Misfit("act.mend_record.value", "true or false");
      }
      message.GetReflection()->SetBool(&message, &field, value == "true");
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* v = field.enum_type()->FindValueByName(value);
      if (v == nullptr || v->number() == 0) {
        return Misfit("act.mend_record.value", "a name of the field's values");
      }
      message.GetReflection()->SetEnum(&message, &field, v);
      return absl::OkStatus();
    }
    default:
      return Misfit("act.mend_record.field", "a plain field of the event");
  }
}

}  // namespace

absl::Status SetField(const std::string& name, const std::string& value,
                      const std::string& text, v1::Event& event) {
  if (name == "occurred_date") {
    if (!ParseDay(value).ok()) {
      return Misfit("act.mend_record.value", "a date of the form 2024-02-29");
    }
    event.set_occurred_date(value);
    return absl::OkStatus();
  }
  const auto* body = event.GetReflection()->GetOneofFieldDescriptor(
      event, event.GetDescriptor()->FindOneofByName("body"));
  if (body == nullptr) {
    return Misfit("act.mend_record.event_seq", "an event of this case");
  }
  Message& message = *event.GetReflection()->MutableMessage(&event, body);
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() ||
      field->options().GetExtension(v1::rule).server_only()) {
    return Misfit("act.mend_record.field",
                  "occurred_date or a plain field that a caller may set");
  }
  return SetBodyField(*field, value, text, message);
}

std::vector<PastEvent> WithMends(const std::vector<PastEvent>& history) {
  std::vector<PastEvent> mended = history;
  for (const PastEvent& past : history) {
    if (!past.event.has_record_mended()) continue;
    const v1::Mend& mend = past.event.record_mended();
    const auto it = std::find_if(
        mended.begin(), mended.end(),
        [&](const PastEvent& e) { return e.seq == mend.event_seq(); });
    if (it == mended.end()) continue;
    // A mend whose private text was not read, or was erased, leaves the text.
    SetField(mend.field(), mend.value(), mend.text(), it->event).IgnoreError();
  }
  return mended;
}

}  // namespace gongkai::casework
