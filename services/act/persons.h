// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_PERSONS_H_
#define GONGKAI_SERVICES_ACT_PERSONS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gongkai/v1/person.pb.h"
#include "storage/store.h"

// How cases are found by the numbers of a person, without the database having
// the numbers.
namespace gongkai::act {

// A keyed digest of a value, 32 bytes: only equal values of one use share it
// (vault::Vault::BlindIndex). Empty where there is no vault: then nobody is
// found by a number.
using BlindIndex =
    std::function<std::string(std::string_view use, std::string_view value)>;

// By what cases with this number are found. Full-width forms, blanks, hyphens
// and letter case make no difference, nor does +86 before a telephone. Absent
// when nothing is left of it, or without an index.
std::optional<storage::PersonKey> PersonKeyOf(storage::PersonKeyKind kind,
                                              std::string_view number,
                                              const BlindIndex& index);

// By what a case of these persons is found: without repeats, in a fixed order.
// Several telephones may stand in one field.
std::vector<storage::PersonKey> PersonKeysOf(
    const std::vector<const v1::Person*>& persons, const BlindIndex& index);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_PERSONS_H_
