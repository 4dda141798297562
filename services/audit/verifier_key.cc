// SPDX-License-Identifier: Apache-2.0
// Verifier keys: names, ids and the bytes that stand for a type of signature.
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/audit/encoding.h"
#include "services/audit/note.h"
#include "services/audit/note_text.h"
#include "services/base/status_macros.h"
#include "services/base/utf8.h"

namespace gongkai::audit {
namespace {

constexpr size_t kIdBytes = 4;

struct SignatureType {
  std::string_view bytes;
  Suite suite;
  KeyUse use;
  size_t key_bytes;
};

// No two of them can be read from the same bytes: the lengths differ.
constexpr SignatureType kTypes[] = {
    {"\x01", Suite::kSha256Ed25519, KeyUse::kSign, 32},
    {"\x04", Suite::kSha256Ed25519, KeyUse::kCosign, 32},
    {"\xffgongkai.sm2", Suite::kSm3Sm2, KeyUse::kSign, 65},
    {"\xffgongkai.sm2.cosignature", Suite::kSm3Sm2, KeyUse::kCosign, 65},
};

const SignatureType& TypeOf(Suite suite, KeyUse use) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [&](const SignatureType& type) {
                         return type.suite == suite && type.use == use;
                       });
}

std::string IdOf(std::string_view name, const SignatureType& type,
                 std::string_view key) {
  return Digest(type.suite, {name, "\n", type.bytes, key}).substr(0, kIdBytes);
}

}  // namespace

absl::Status CheckKeyName(std::string_view name) {
  if (name.empty()) {
    return absl::InvalidArgumentError("the name of the key is empty");
  }
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  };
  if (!IsUtf8(name) || std::any_of(name.begin(), name.end(), is_control)) {
    return absl::InvalidArgumentError(
        "the name of the key is not UTF-8 or holds a control character");
  }
  if (HasSpace(name) || name.find('+') != std::string_view::npos) {
    return absl::InvalidArgumentError(
        "the name of a key holds neither white space nor a plus sign");
  }
  return absl::OkStatus();
}

std::string VerifierKey::ToText() const {
  const std::string bytes =
      absl::StrCat(std::string(TypeOf(suite, use).bytes), key);
  return absl::StrCat(name, "+", ToHex(id), "+", ToBase64(bytes));
}

absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second =
      first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return absl::InvalidArgumentError(
        "a verifier key has the form name+id+key: two plus signs are wanted");
  }
  VerifierKey read;
  read.name = std::string(text.substr(0, first));
  RETURN_IF_ERROR(CheckKeyName(read.name));
  const absl::StatusOr<std::string> id =
      FromHex(text.substr(first + 1, second - first - 1));
  // In lower case, for a key has one spelling.
  if (!id.ok() || id->size() != kIdBytes ||
      !text.substr(first + 1).starts_with(ToHex(*id))) {
    return absl::InvalidArgumentError(
        "the id in the verifier key is not of 8 hexadecimal digits in lower "
        "case");
  }
  const absl::StatusOr<std::string> bytes = FromBase64(text.substr(second + 1));
  if (!bytes.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the verifier key: ", bytes.status().message()));
  }
  for (const SignatureType& type : kTypes) {
    if (bytes->size() != type.bytes.size() + type.key_bytes ||
        !bytes->starts_with(type.bytes)) {
      continue;
    }
    read.id = *id;
    read.suite = type.suite;
    read.use = type.use;
    read.key = bytes->substr(type.bytes.size());
    if (read.id != IdOf(read.name, type, read.key)) {
      return absl::InvalidArgumentError(
          "the id in the verifier key is not that of its name and key");
    }
    if (!IsPublicKey(read.suite, read.key)) {
      return absl::InvalidArgumentError(
          "the verifier key holds no sound public key");
    }
    return read;
  }
  return absl::InvalidArgumentError(
      "the type of the verifier key is none that is known, or its length is "
      "not that of the type");
}

absl::StatusOr<VerifierKey> VerifierKeyOf(const SigningKey& key,
                                          std::string_view name, KeyUse use) {
  RETURN_IF_ERROR(CheckKeyName(name));
  const SignatureType& type = TypeOf(key.suite(), use);
  VerifierKey made{std::string(name), "", key.suite(), use, key.PublicKey()};
  made.id = IdOf(made.name, type, made.key);
  return made;
}

}  // namespace gongkai::audit
