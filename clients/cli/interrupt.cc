// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/interrupt.h"

#include <chrono>
#include <csignal>
#include <utility>

namespace gongkai::cli {
namespace {

// A handler may do no more than this.
volatile std::sig_atomic_t pressed = 0;
void Press(int /*signal*/) { pressed = 1; }

constexpr std::chrono::milliseconds kLook(20);

}  // namespace

Interrupt::Interrupt(std::function<void()> stop) {
  pressed = 0;
  std::signal(SIGINT, Press);
  watch_ = std::jthread([stop = std::move(stop)](std::stop_token over) {
    while (!over.stop_requested()) {
      if (pressed != 0) {
        stop();
        return;
      }
      std::this_thread::sleep_for(kLook);
    }
  });
}

Interrupt::~Interrupt() {
  watch_.request_stop();
  watch_.join();
  std::signal(SIGINT, SIG_DFL);
}

bool Interrupt::happened() const { return pressed != 0; }

}  // namespace gongkai::cli
