// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_SECRET_H_
#define GONGKAI_SERVICES_AUTH_SECRET_H_

#include <sodium.h>

#include <string>

namespace gongkai::auth {

// Overwrites what a text holds when this goes, whichever way the function is
// left.
class Wiped {
 public:
  explicit Wiped(std::string& text) : text_(text) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { sodium_memzero(text_.data(), text_.size()); }

 private:
  std::string& text_;
};

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_SECRET_H_
