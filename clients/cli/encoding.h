// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_ENCODING_H_
#define GONGKAI_CLIENTS_CLI_ENCODING_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gongkai::cli {

// The bytes of a file as UTF-8, without a byte order mark. `encoding` is
// `utf-8`, `gb18030` (which spreadsheets in Chinese write, GBK and GB 2312
// within it), or `auto`: UTF-8 when the bytes are that, GB 18030 otherwise.
// INVALID_ARGUMENT names the line of the first byte that does not fit.
absl::StatusOr<std::string> Decode(std::string_view bytes,
                                   std::string_view encoding);

// The text as GB 18030; INVALID_ARGUMENT when it is not UTF-8.
absl::StatusOr<std::string> EncodeGb18030(std::string_view text);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_ENCODING_H_
