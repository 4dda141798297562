// SPDX-License-Identifier: Apache-2.0
#include "services/document/facts.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "gongkai/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "services/base/dates.h"
#include "services/document/field_labels.h"
#include "services/document/plain_words.h"

namespace gongkai::document {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The value of a field that is no message; empty when it says nothing. `index`
// counts in a list and is -1 for a single field.
std::string ValueOf(const Message& m, const FieldDescriptor& field, int index) {
  const Reflection& r = *m.GetReflection();
  const bool one = index < 0;
  const auto number = [](int64_t n) {
    return n == 0 ? std::string() : absl::StrCat(n);
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return TermOf(
          *(one ? r.GetEnum(m, &field) : r.GetRepeatedEnum(m, &field, index)));
    case FieldDescriptor::CPPTYPE_STRING:
      return Visible(one ? r.GetString(m, &field)
                         : r.GetRepeatedString(m, &field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? r.GetBool(m, &field) : r.GetRepeatedBool(m, &field, index))
                 ? "是"
                 : "否";
    case FieldDescriptor::CPPTYPE_INT32:
      return number(one ? r.GetInt32(m, &field)
                        : r.GetRepeatedInt32(m, &field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return number(one ? r.GetInt64(m, &field)
                        : r.GetRepeatedInt64(m, &field, index));
    default:
      return "";
  }
}

void AddFacts(const Message& message, const std::string& before,
              std::vector<Fact>& facts);

void AddMessages(const Message& message, const FieldDescriptor& field,
                 const std::string& label, std::vector<Fact>& facts) {
  const Reflection& r = *message.GetReflection();
  if (!field.is_repeated()) {
    if (!r.HasField(message, &field)) return;
    AddFacts(r.GetMessage(message, &field), label + "·", facts);
    return;
  }
  for (int i = 0; i < r.FieldSize(message, &field); ++i) {
    AddFacts(r.GetRepeatedMessage(message, &field, i),
             absl::StrCat(label, " ", i + 1, "·"), facts);
  }
}

void AddFacts(const Message& message, const std::string& before,
              std::vector<Fact>& facts) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string label = absl::StrCat(before, ToAbsl(LabelOf(field)));
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddMessages(message, field, label, facts);
      continue;
    }
    std::string value;
    if (field.is_repeated()) {
      const int size = message.GetReflection()->FieldSize(message, &field);
      for (int j = 0; j < size; ++j) {
        absl::StrAppend(&value, j > 0 ? "、" : "", ValueOf(message, field, j));
      }
    } else {
      value = ValueOf(message, field, -1);
    }
    if (!value.empty()) facts.push_back({label, std::move(value)});
  }
}

}  // namespace

std::string TermOf(const EnumValueDescriptor& value) {
  if (value.options().HasExtension(v1::zh)) {
    return value.options().GetExtension(v1::zh);
  }
  return value.number() == 0 ? "" : std::string(value.name());
}

std::vector<Fact> FactsOf(const Message& message) {
  std::vector<Fact> facts;
  AddFacts(message, "", facts);
  return facts;
}

}  // namespace gongkai::document
