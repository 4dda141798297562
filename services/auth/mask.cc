// SPDX-License-Identifier: Apache-2.0
#include "services/auth/mask.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <vector>

#include "gongkai/v1/matter.pb.h"

namespace gongkai::auth {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::string_view kHidden = "***";
// Of a text shorter than this nothing is shown.
constexpr size_t kLeastShown = 4;

std::vector<std::string_view> CharsOf(std::string_view text) {
  std::vector<std::string_view> chars;
  size_t from = 0;
  for (size_t i = 1; i <= text.size(); ++i) {
    if (i < text.size() && (text[i] & 0xC0) == 0x80) continue;
    chars.push_back(text.substr(from, i - from));
    from = i;
  }
  return chars;
}

// The first `head` and the last `tail` characters, a star for each other.
std::string Ends(const std::vector<std::string_view>& chars, size_t head,
                 size_t tail) {
  std::string shown;
  for (size_t i = 0; i < chars.size(); ++i) {
    const bool plain = i < head || i + tail >= chars.size();
    shown.append(plain ? chars[i] : "*");
  }
  return shown;
}

std::string MaskEnds(std::string_view text, size_t head, size_t tail) {
  const auto chars = CharsOf(text);
  if (chars.size() < kLeastShown) return Ends(chars, 0, 0);
  // At least half of it stays hidden.
  if (2 * (head + tail) > chars.size()) return Ends(chars, 1, 1);
  return Ends(chars, head, tail);
}

std::string MaskAddress(std::string_view text) {
  constexpr size_t kHead = 6;
  const auto chars = CharsOf(text);
  const size_t shown = std::min(kHead, chars.size() / 2);
  std::string masked;
  for (size_t i = 0; i < shown; ++i) masked.append(chars[i]);
  return masked.append(kHidden);
}

// What is printed on an envelope.
const FieldDescriptor* Envelope() {
  return v1::Dispatch::descriptor()->FindFieldByNumber(
      v1::Dispatch::kAddressedToFieldNumber);
}

// A mend says again, in a field of its own, what it puts right.
bool MaskMend(Message& message) {
  if (message.GetDescriptor() != v1::Mend::descriptor()) return false;
  auto& mend = static_cast<v1::Mend&>(message);
  if (mend.field() != Envelope()->name() || mend.text().empty()) return false;
  mend.set_text(MaskAddress(mend.text()));
  return true;
}

std::string MaskEmail(std::string_view text) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) {
    const auto chars = CharsOf(text);
    const bool any = chars.size() >= kLeastShown;
    return std::string(any ? chars[0] : "").append(kHidden);
  }
  const auto chars = CharsOf(text.substr(0, at));
  std::string masked(chars.size() > 1 ? chars[0] : "");
  return masked.append(kHidden).append(text.substr(at));
}

}  // namespace

std::string MaskText(v1::Mask mask, std::string_view text) {
  if (text.empty()) return "";
  switch (mask) {
    case v1::MASK_ENDS:
      return MaskEnds(text, 1, 1);
    case v1::MASK_TELEPHONE:
      return MaskEnds(text, 3, 2);
    case v1::MASK_ADDRESS:
      return MaskAddress(text);
    case v1::MASK_EMAIL:
      return MaskEmail(text);
    default:
      return std::string(text);
  }
}

bool MaskPersonal(Message& message) {
  const Reflection& r = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  r.ListFields(message, &fields);
  bool masked = MaskMend(message);
  for (const FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? r.FieldSize(message, field) : 0;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) {
        masked |= MaskPersonal(*r.MutableMessage(&message, field));
      }
      for (int i = 0; i < size; ++i) {
        masked |= MaskPersonal(*r.MutableRepeatedMessage(&message, field, i));
      }
      continue;
    }
    const v1::Mask mask = field->options().GetExtension(v1::rule).mask();
    if (mask == v1::MASK_NONE ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      continue;
    }
    masked = true;
    if (!field->is_repeated()) {
      r.SetString(&message, field, MaskText(mask, r.GetString(message, field)));
    }
    for (int i = 0; i < size; ++i) {
      r.SetRepeatedString(
          &message, field, i,
          MaskText(mask, r.GetRepeatedString(message, field, i)));
    }
  }
  return masked;
}

}  // namespace gongkai::auth
