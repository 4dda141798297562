// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_JSON_ONCE_H_
#define GONGKAI_SERVICES_AUTH_JSON_ONCE_H_

#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"

namespace gongkai::auth {

// Reads a JSON object in which no object names anything twice, as two readers
// would take different ones of them; absent for anything else.
std::optional<nlohmann::json> ReadJsonOnce(std::string_view text);

// Decodes base64url (RFC 4648 section 5) without padding in its one spelling:
// each bytes have one text. Absent for anything else.
std::optional<std::string> ReadBase64Url(std::string_view text);

// A member that is a text; empty when it is not.
std::string TextOf(const nlohmann::json& object, const char* name);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_JSON_ONCE_H_
