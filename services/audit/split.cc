// SPDX-License-Identifier: Apache-2.0
// Splits an event into its public and private part by the contract's own
// `personal` rule, so that a new field cannot be forgotten here.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <vector>

#include "services/audit/record.h"

namespace gongkai::audit {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsPersonal(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule).personal();
}

// Moves every personal string of `from` into `to`, which has the same type.
// True when there was one. Repeated messages hold no personal strings: putting
// them back would need their places; a test holds the contract to it.
bool MovePersonal(Message& from, Message& to) {
  const Reflection& in = *from.GetReflection();
  const Reflection& out = *to.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  in.ListFields(from, &fields);
  bool moved = false;
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (field->is_repeated()) continue;
      // The private twin gets the sub-message only when it has something.
      std::unique_ptr<Message> part(in.GetMessage(from, field).New());
      if (MovePersonal(*in.MutableMessage(&from, field), *part)) {
        out.MutableMessage(&to, field)->CopyFrom(*part);
        moved = true;
      }
    } else if (IsPersonal(*field)) {
      if (field->is_repeated()) {
        for (int i = 0; i < in.FieldSize(from, field); ++i) {
          out.AddString(&to, field, in.GetRepeatedString(from, field, i));
        }
      } else {
        out.SetString(&to, field, in.GetString(from, field));
      }
      in.ClearField(&from, field);
      moved = true;
    }
  }
  return moved;
}

// Whether `from` holds personal strings alone, in messages that `into` has, and
// in fields that are empty there.
bool FillsGapsOf(const Message& into, const Message& from) {
  const Reflection& r = *from.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  r.ListFields(from, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!message && !IsPersonal(*field)) return false;
    const bool has = field->is_repeated() ? r.FieldSize(into, field) > 0
                                          : r.HasField(into, field);
    if (!message && has) return false;
    if (message &&
        (!has || field->is_repeated() ||
         !FillsGapsOf(r.GetMessage(into, field), r.GetMessage(from, field)))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string SplitPrivate(v1::Event& event) {
  v1::Event twin;
  if (!MovePersonal(event, twin)) return "";
  return twin.SerializeAsString();
}

absl::Status MergePrivate(std::string_view payload, v1::Event& event) {
  if (payload.empty()) return absl::OkStatus();
  v1::Event twin;
  if (!twin.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError("the private part cannot be read");
  }
  if (!FillsGapsOf(event, twin)) {
    return absl::DataLossError(
        "the private part holds what is not personal or not missing");
  }
  event.MergeFrom(twin);
  return absl::OkStatus();
}

}  // namespace gongkai::audit
