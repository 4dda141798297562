// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TRANSPORT_RELAY_H_
#define GONGKAI_TESTS_TRANSPORT_RELAY_H_

#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace gongkai::test {

// Stands between a client and a port of this machine, hands on what they say
// and keeps every byte of it.
class Relay {
 public:
  explicit Relay(int port);
  ~Relay();
  int port() const { return port_; }
  // All that went by, in both directions.
  std::string Heard();

 private:
  void Accept();
  void Carry(int client);

  const int to_;
  int port_ = 0;
  int listener_ = -1;
  absl::Mutex mutex_;
  std::string heard_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> open_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> carriers_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_TRANSPORT_RELAY_H_
