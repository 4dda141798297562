// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_FUZZ_FUZZ_H_
#define GONGKAI_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace gongkai::fuzz {

using Target = void (*)(std::string_view input);

// The targets of this program by name.
std::map<std::string, Target>& Targets();

// Runs a target on one input, which is printed when something does not hold.
void RunOne(Target target, std::string_view input);

// Ends the program when what must hold for every input does not.
void Require(bool holds, std::string_view what);

// That the code is one of those that the header promises for bad input.
void RequireExpected(const absl::Status& status);

// Takes values off the front of an input; zeros and nothing at its end.
class Bytes {
 public:
  explicit Bytes(std::string_view input) : rest_(input) {}
  uint8_t Byte();
  uint64_t Number();  // eight bytes
  std::string_view Text(size_t most);
  std::string_view Rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace gongkai::fuzz

// Begins a target: GONGKAI_FUZZ(note) { … input … }. Under clang's libFuzzer it
// is the program's entry; elsewhere it waits in Targets() for the test.
#ifdef GONGKAI_LIBFUZZER
#define GONGKAI_FUZZ_ENTRY(name)                                            \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { \
    gongkai::fuzz::RunOne(                                                  \
        Fuzz_##name,                                                        \
        std::string_view(reinterpret_cast<const char*>(data), size));       \
    return 0;                                                               \
  }
#else
#define GONGKAI_FUZZ_ENTRY(name)        \
  static const bool registered_##name = \
      gongkai::fuzz::Targets().emplace(#name, Fuzz_##name).second;
#endif
#define GONGKAI_FUZZ(name)                         \
  static void Fuzz_##name(std::string_view input); \
  GONGKAI_FUZZ_ENTRY(name)                         \
  static void Fuzz_##name(std::string_view input)

#endif  // GONGKAI_TESTS_FUZZ_FUZZ_H_
