// SPDX-License-Identifier: Apache-2.0
#include "services/api/validate.h"

#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/refusal.h"
#include "services/base/secrecy.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"

namespace gongkai::api {
namespace {

namespace pb = google::protobuf;

// No message of the contract nests nearly so deep; protobuf itself reads 100.
constexpr int kMaxDepth = 16;

std::string Join(std::string_view path, std::string_view name) {
  std::string joined(path);
  if (!joined.empty()) joined.push_back('.');
  joined.append(name);
  return joined;
}

// The greatest number of code points: the rule's, else the form's, else 200.
size_t MaxChars(const v1::FieldRule& rule) {
  if (rule.max_chars() != 0) return rule.max_chars();
  switch (rule.format()) {
    case v1::DATE:
      return 10;
    case v1::UUID:
      return 36;
    case v1::AGENCY:
      return 12;
    case v1::CASE_NAME:
      return 93;  // agencies/ + 12 + /cases/ + 64, one to spare
    case v1::ACCOUNT:
    case v1::CODE:
      return 64;
    case v1::PAGE_TOKEN:
      return 512;
    case v1::DOCUMENT_NUMBER:
      return 60;
    case v1::LOCALE:
      return 35;
    default:
      return 200;
  }
}

absl::Status StateSecret(const std::string& path) {
  v1::Refusal refusal;
  refusal.set_reason(v1::STATE_SECRET_AT_DOOR);
  refusal.set_field(path);
  refusal.set_wanted("a text without the mark of a state secret");
  return Refuse(refusal);
}

absl::Status CheckString(const std::string& text, const v1::FieldRule& rule,
                         const std::string& path) {
  if (text.empty()) {
    if (rule.required()) return RefuseField(path, "a text", "nothing");
    return absl::OkStatus();
  }
  const size_t most = MaxChars(rule);
  const TextDefect defect = FindDefect(text, most, rule.multiline());
  if (defect == TextDefect::kTooLong) {
    return RefuseField(path, absl::StrCat("at most ", most, " characters"),
                       absl::StrCat(CodePoints(text)));
  }
  if (defect != TextDefect::kNone) {
    return RefuseField(
        path, "well-formed text",
        absl::StrCat("a text that ", std::string(DefectText(defect))));
  }
  // What bears the mark is stopped here, before anything is kept of it. A
  // password is kept nowhere.
  if (rule.personal() && !rule.secret() && BearsSecrecyMark(text)) {
    return StateSecret(path);
  }
  const std::string_view wanted = FormDefect(text, rule.format());
  if (!wanted.empty()) return RefuseField(path, wanted);
  return absl::OkStatus();
}

absl::Status CheckInteger(int64_t value, const v1::FieldRule& rule,
                          const std::string& path) {
  if (value == 0 && !rule.required()) return absl::OkStatus();
  int64_t least = rule.min();
  int64_t most = rule.max();
  if (least == 0 && most == 0) most = std::numeric_limits<int32_t>::max();
  if (value < least || value > most) {
    return RefuseField(path, absl::StrCat(least, " to ", most),
                       absl::StrCat(value));
  }
  return absl::OkStatus();
}

absl::Status CheckEnum(int number, const pb::FieldDescriptor& field,
                       const v1::FieldRule& rule, const std::string& path) {
  if (field.enum_type()->FindValueByNumber(number) == nullptr) {
    return RefuseField(path,
                       absl::StrCat("a value of ", field.enum_type()->name()),
                       absl::StrCat(number));
  }
  if (number == 0 && rule.required()) {
    return RefuseField(path,
                       absl::StrCat("a value of ", field.enum_type()->name()),
                       "nothing");
  }
  return absl::OkStatus();
}

absl::Status CheckMessage(const pb::Message& message, const std::string& path,
                          int depth);

// One value: of a singular field (`index` < 0) or an element of a repeated one.
absl::Status CheckValue(const pb::Message& message,
                        const pb::FieldDescriptor& field,
                        const v1::FieldRule& rule, int index,
                        const std::string& path, int depth) {
  const pb::Reflection& reflection = *message.GetReflection();
  const bool repeated = index >= 0;
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      return CheckString(
          repeated ? reflection.GetRepeatedStringReference(message, &field,
                                                           index, &scratch)
                   : reflection.GetStringReference(message, &field, &scratch),
          rule, path);
    }
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return CheckInteger(
          repeated ? reflection.GetRepeatedInt32(message, &field, index)
                   : reflection.GetInt32(message, &field),
          rule, path);
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return CheckInteger(
          repeated ? reflection.GetRepeatedInt64(message, &field, index)
                   : reflection.GetInt64(message, &field),
          rule, path);
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(
          repeated ? reflection.GetRepeatedEnumValue(message, &field, index)
                   : reflection.GetEnumValue(message, &field),
          field, rule, path);
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckMessage(
          repeated ? reflection.GetRepeatedMessage(message, &field, index)
                   : reflection.GetMessage(message, &field),
          path, depth + 1);
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return absl::OkStatus();
    default:
      // No other type occurs in a request; a test holds it so.
      return RefuseField(path, "a field of a known type");
  }
}

absl::Status CheckRepeated(const pb::Message& message,
                           const pb::FieldDescriptor& field,
                           const v1::FieldRule& rule, const std::string& path,
                           int depth) {
  const int size = message.GetReflection()->FieldSize(message, &field);
  if (size == 0) {
    if (rule.required()) return RefuseField(path, "at least one", "none");
    return absl::OkStatus();
  }
  const int most =
      rule.max_items() == 0 ? 20 : static_cast<int>(rule.max_items());
  if (size > most) {
    return RefuseField(path, absl::StrCat("at most ", most, " elements"),
                       absl::StrCat(size));
  }
  // In a list an element that says nothing is a mistake.
  v1::FieldRule element = rule;
  element.set_required(true);
  for (int i = 0; i < size; ++i) {
    RETURN_IF_ERROR(CheckValue(message, field, element, i,
                               absl::StrCat(path, "[", i, "]"), depth));
  }
  return absl::OkStatus();
}

absl::Status CheckField(const pb::Message& message,
                        const pb::FieldDescriptor& field,
                        const std::string& path, int depth) {
  const pb::Reflection& reflection = *message.GetReflection();
  const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
  const bool set = field.is_repeated()
                       ? reflection.FieldSize(message, &field) > 0
                       : reflection.HasField(message, &field);
  if (rule.server_only()) {
    if (set) return RefuseField(path, "nothing: the service sets it");
    return absl::OkStatus();
  }
  if (field.is_repeated()) {
    return CheckRepeated(message, field, rule, path, depth);
  }
  if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE && !set) {
    if (rule.required()) {
      return RefuseField(path, absl::StrCat("a ", field.message_type()->name()),
                         "nothing");
    }
    return absl::OkStatus();
  }
  if (field.real_containing_oneof() != nullptr && !set) {
    return absl::OkStatus();
  }
  return CheckValue(message, field, rule, -1, path, depth);
}

absl::Status CheckMessage(const pb::Message& message, const std::string& path,
                          int depth) {
  if (depth > kMaxDepth) return RefuseField(path, "a shallower message");
  const pb::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    RETURN_IF_ERROR(
        CheckField(message, field, Join(path, field.name()), depth));
  }
  return absl::OkStatus();
}

std::string BadUtf8In(const pb::Message& message, const std::string& path,
                      int depth) {
  if (depth > kMaxDepth) return "";
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const std::string here = Join(path, field->name());
    const int size =
        field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
        const pb::Message& inner =
            field->is_repeated()
                ? reflection.GetRepeatedMessage(message, field, i)
                : reflection.GetMessage(message, field);
        std::string found = BadUtf8In(inner, here, depth + 1);
        if (!found.empty()) return found;
      } else if (field->type() == pb::FieldDescriptor::TYPE_STRING) {
        const std::string text =
            field->is_repeated()
                ? reflection.GetRepeatedString(message, field, i)
                : reflection.GetString(message, field);
        if (FindDefect(text, text.size(), true) == TextDefect::kNotUtf8) {
          return here;
        }
      }
    }
  }
  return "";
}

}  // namespace

absl::Status Validate(const pb::Message& request) {
  return CheckMessage(request, "", 0);
}

std::string FindBadUtf8(const pb::Message& message) {
  return BadUtf8In(message, "", 0);
}

}  // namespace gongkai::api
