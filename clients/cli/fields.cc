// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/fields.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gongkai/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// `By-Item` and `by_item` are one word.
std::string Folded(std::string_view text) {
  std::string folded =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(ToAbsl(text)));
  for (char& c : folded) {
    if (c == '-' || c == ' ') c = '_';
  }
  return folded;
}

bool HasTerm(const EnumValueDescriptor& value) {
  return value.options().HasExtension(v1::zh);
}

// A zero value without a term means "nothing was said" and is no choice,
// unless it is named like its fellows.
bool IsChoice(const EnumValueDescriptor& value) {
  return value.number() != 0 || HasTerm(value) ||
         !std::string_view(value.name()).ends_with("_UNSPECIFIED");
}

absl::Status Bad(std::string_view path, std::string_view wanted,
                 std::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(ToAbsl(path), ": ", ToAbsl(wanted), ", not '",
                   ToAbsl(got.substr(0, 80)), "'"));
}

absl::Status SetEnum(Message* message, const FieldDescriptor& field,
                     std::string_view path, std::string_view text) {
  const auto* reflection = message->GetReflection();
  std::vector<std::string> words = {std::string(text)};
  if (field.is_repeated()) {
    words = absl::StrSplit(ToAbsl(text), ',', absl::SkipWhitespace());
  }
  for (const std::string& word : words) {
    const auto value = FindEnumValue(*field.enum_type(), word);
    if (!value.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(ToAbsl(path), ": ", value.status().message()));
    }
    if (field.is_repeated()) {
      reflection->AddEnum(message, &field, *value);
    } else {
      reflection->SetEnum(message, &field, *value);
    }
  }
  return absl::OkStatus();
}

absl::Status SetBool(Message* message, const FieldDescriptor& field,
                     std::string_view path, std::string_view text) {
  const std::string word = Folded(text);
  const bool yes =
      word == "true" || word == "yes" || word == "1" || word == "是";
  const bool no =
      word == "false" || word == "no" || word == "0" || word == "否";
  if (!yes && !no) return Bad(path, "true or false", text);
  message->GetReflection()->SetBool(message, &field, yes);
  return absl::OkStatus();
}

absl::Status SetScalar(Message* message, const FieldDescriptor& field,
                       std::string_view path, std::string_view text) {
  const auto* reflection = message->GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(message, field, path, text);
    case FieldDescriptor::CPPTYPE_BOOL:
      return SetBool(message, field, path, text);
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.is_repeated()) {
        reflection->AddString(message, &field, std::string(text));
      } else {
        reflection->SetString(message, &field, std::string(text));
      }
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t number = 0;
      if (!absl::SimpleAtoi(ToAbsl(text), &number)) {
        return Bad(path, "a whole number", text);
      }
      if (field.is_repeated()) {
        reflection->AddInt32(message, &field, number);
      } else {
        reflection->SetInt32(message, &field, number);
      }
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t number = 0;
      if (!absl::SimpleAtoi(ToAbsl(text), &number)) {
        return Bad(path, "a whole number", text);
      }
      if (field.is_repeated()) {
        reflection->AddInt64(message, &field, number);
      } else {
        reflection->SetInt64(message, &field, number);
      }
      return absl::OkStatus();
    }
    default:
      return Bad(path, "a field that a word can set", text);
  }
}

const v1::FieldRule& RuleOfField(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

// What the rule says of the field, for the help.
std::string HelpOf(const FieldDescriptor& field, Locale locale) {
  const v1::FieldRule& rule = RuleOfField(field);
  std::vector<std::string> parts;
  if (rule.required()) parts.push_back(Say(locale, "必填", "required"));
  if (rule.format() == v1::DATE) {
    parts.push_back(Say(locale, "日期，如 2024-02-29", "date, as 2024-02-29"));
  } else if (rule.format() != v1::FORMAT_UNSPECIFIED) {
    parts.push_back(absl::AsciiStrToLower(
        absl::StrReplaceAll(v1::Format_Name(rule.format()), {{"_", " "}})));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    parts.push_back(Say(locale, "文本，@文件", "text, or @file"));
  }
  if (rule.max() != 0) {
    parts.push_back(absl::StrCat(rule.min(), "–", rule.max()));
  }
  return absl::StrJoin(parts, Say(locale, "；", "; "));
}

std::string Hyphened(std::string_view name) {
  return absl::StrReplaceAll(ToAbsl(name), {{"_", "-"}, {".", "-"}});
}

// Calls `visit(path, field)` for each field that a caller may set.
template <typename Visit>
void VisitFields(const Descriptor& type, const std::string& prefix,
                 const Visit& visit) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (RuleOfField(field).server_only()) continue;
    const std::string path = prefix + field.name();
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      visit(path, field);
    } else if (!field.is_repeated()) {
      VisitFields(*field.message_type(), path + ".", visit);
    }
  }
}

}  // namespace

absl::StatusOr<const EnumValueDescriptor*> FindEnumValue(
    const EnumDescriptor& type, std::string_view text) {
  const std::string wanted = Folded(text);
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    if (!IsChoice(value)) continue;
    const std::string name = Folded(value.name());
    const std::string prefix = Folded(type.name()) + "_";
    if (wanted == name || prefix + wanted == name ||
        (HasTerm(value) &&
         (wanted == Folded(value.options().GetExtension(v1::zh)) ||
          wanted == Folded(value.options().GetExtension(v1::en))))) {
      return &value;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("one of ", absl::StrJoin(ChoicesOf(type), ", "), "; not '",
                   ToAbsl(text.substr(0, 80)), "'"));
}

std::string Term(const EnumValueDescriptor& value, Locale locale) {
  if (HasTerm(value)) {
    return value.options().GetExtension(locale == Locale::kZh ? v1::zh
                                                              : v1::en);
  }
  return IsChoice(value) ? absl::AsciiStrToLower(value.name()) : "";
}

std::vector<std::string> ChoicesOf(const EnumDescriptor& type) {
  std::vector<std::string> choices;
  for (int i = 0; i < type.value_count(); ++i) {
    if (IsChoice(*type.value(i))) {
      choices.push_back(absl::AsciiStrToLower(type.value(i)->name()));
    }
  }
  return choices;
}

absl::Status SetField(Message* message, std::string_view path,
                      std::string_view text) {
  std::string_view rest = path;
  Message* at = message;
  for (size_t dot = rest.find('.'); dot != std::string_view::npos;
       dot = rest.find('.')) {
    const FieldDescriptor* outer =
        at->GetDescriptor()->FindFieldByName(std::string(rest.substr(0, dot)));
    if (outer == nullptr || outer->is_repeated() ||
        outer->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      return absl::InvalidArgumentError(
          absl::StrCat(ToAbsl(path), ": no such field"));
    }
    at = at->GetReflection()->MutableMessage(at, outer);
    rest.remove_prefix(dot + 1);
  }
  const FieldDescriptor* field =
      at->GetDescriptor()->FindFieldByName(std::string(rest));
  if (field == nullptr || RuleOfField(*field).server_only() ||
      field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return absl::InvalidArgumentError(absl::StrCat(
        ToAbsl(path), ": no such field of ", at->GetDescriptor()->name()));
  }
  return SetScalar(at, *field, path, text);
}

std::vector<Flag> FlagsOf(const Descriptor& type, Locale locale) {
  std::vector<Flag> flags;
  VisitFields(
      type, "", [&](const std::string& path, const FieldDescriptor& field) {
        Flag flag{.name = Hyphened(path), .help = HelpOf(field, locale)};
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
          flag.choices = ChoicesOf(*field.enum_type());
        }
        if (field.is_repeated()) flag.takes = Takes::kValues;
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
          flag.takes = Takes::kNothing;
        }
        // Of a nested message, only its own presence makes its fields required.
        flag.required = RuleOfField(field).required() &&
                        path.find('.') == std::string::npos;
        flags.push_back(std::move(flag));
      });
  return flags;
}

absl::Status FillFromFlags(const Arguments& args, Message* message) {
  absl::Status status;
  VisitFields(*message->GetDescriptor(), "",
              [&](const std::string& path, const FieldDescriptor& field) {
                const std::string flag = Hyphened(path);
                for (std::string text : args.All(flag)) {
                  if (!status.ok()) return;
                  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
                      text.starts_with('@')) {
                    text.erase(0, 1);
                    if (!text.starts_with('@')) {
                      auto file = ReadFile(text);
                      if (!file.ok()) {
                        status = file.status();
                        return;
                      }
                      text = *std::move(file);
                    }
                  }
                  const absl::Status set = SetField(message, path, text);
                  if (!set.ok()) {
                    status = UsageError(
                        absl::StrFormat("--%s %s", flag, set.message()));
                  }
                }
              });
  return status;
}

namespace {

std::string ValueText(const Message& message, const FieldDescriptor& field,
                      int index, Locale locale) {
  const auto* r = message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Term(*(many ? r->GetRepeatedEnum(message, &field, index)
                         : r->GetEnum(message, &field)),
                  locale);
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? r->GetRepeatedString(message, &field, index)
                  : r->GetString(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Say(locale, "是", "yes");
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(many ? r->GetRepeatedInt32(message, &field, index)
                               : r->GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(many ? r->GetRepeatedInt64(message, &field, index)
                               : r->GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "(" +
             Summary(many ? r->GetRepeatedMessage(message, &field, index)
                          : r->GetMessage(message, &field),
                     locale) +
             ")";
    default:
      return "";
  }
}

}  // namespace

std::string Summary(const Message& message, Locale locale) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : fields) {
    std::vector<std::string> values;
    const int count = field->is_repeated()
                          ? message.GetReflection()->FieldSize(message, field)
                          : 1;
    for (int i = 0; i < count; ++i) {
      values.push_back(ValueText(message, *field, i, locale));
    }
    parts.push_back(
        absl::StrCat(field->name(), "=", absl::StrJoin(values, ",")));
  }
  return absl::StrJoin(parts, Say(locale, "；", "; "));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  }
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file.is_open() || file.bad()) {
    return absl::NotFoundError("cannot read the file " + path);
  }
  return text;
}

}  // namespace gongkai::cli
