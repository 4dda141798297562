// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_CANARY_LOOK_H_
#define GONGKAI_TESTS_CANARY_LOOK_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gongkai::test {

// A value that occurs nowhere but where it was planted (金丝雀).
struct Canary {
  std::string name;
  std::string value;
};

// Every form in which the bytes of `value` may lie somewhere: UTF-8, UTF-16 of
// both orders, hexadecimal in both cases, base64 at each of its three offsets,
// octal escapes; each with its name.
std::vector<std::pair<std::string, std::string>> FormsOf(
    std::string_view value);

// Looks for canaries, and keeps what it finds: `place: canary as form`.
class Look {
 public:
  explicit Look(const std::vector<Canary>& canaries);

  void InText(const std::string& place, std::string_view text);
  // Every regular file below the folder.
  void InFolder(const std::string& folder);

  const std::vector<std::string>& found() const { return found_; }
  size_t bytes() const { return bytes_; }

 private:
  struct Form {
    std::string says;
    std::string bytes;
  };
  std::vector<Form> forms_;
  std::vector<std::string> found_;
  size_t bytes_ = 0;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_CANARY_LOOK_H_
