// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_INTERRUPT_H_
#define GONGKAI_CLIENTS_CLI_INTERRUPT_H_

#include <functional>
#include <thread>

namespace gongkai::cli {

// While it lives, Ctrl-C (SIGINT) calls `stop` once, on a thread of its own,
// instead of ending the program. One at a time.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> stop);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Whether it was pressed.
  bool happened() const;

 private:
  std::jthread watch_;
};

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_INTERRUPT_H_
