// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_RENDER_READ_BACK_H_
#define GONGKAI_TESTS_RENDER_READ_BACK_H_

#include <nlohmann/json.hpp>
#include <string>

namespace gongkai::render {

// What another program finds in the bytes: `kind` is `sheets` or `picture`, the
// answer that of read_back.py. Null, and a failed test, when it cannot read
// them.
nlohmann::json ReadBack(const std::string& kind, const std::string& bytes);

}  // namespace gongkai::render

#endif  // GONGKAI_TESTS_RENDER_READ_BACK_H_
