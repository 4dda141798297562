// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_NOTE_TEXT_H_
#define GONGKAI_SERVICES_AUDIT_NOTE_TEXT_H_

#include <string_view>

#include "absl/status/status.h"

// What notes, checkpoints and keys may hold in common.
namespace gongkai::audit {

// INVALID_ARGUMENT unless `text` is UTF-8 that ends with a newline and has no
// other character below U+0020.
absl::Status CheckNoteText(std::string_view text);

// INVALID_ARGUMENT unless `name` may be the name of a key: not empty, UTF-8, no
// space of Unicode, no plus sign, no control character.
absl::Status CheckKeyName(std::string_view name);

// Takes the first line off `text`, without its newline; all of it when there is
// none.
std::string_view TakeLine(std::string_view& text);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_NOTE_TEXT_H_
