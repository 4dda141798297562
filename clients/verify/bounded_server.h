// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_BOUNDED_SERVER_H_
#define GONGKAI_CLIENTS_VERIFY_BOUNDED_SERVER_H_

#include <httplib.h>

#include "absl/time/time.h"

namespace gongkai::verify {

// An HTTP server for strangers. The library bounds the body of a request and
// the pause between two bytes, but neither the lines of its head nor the whole
// time: one endless line would take all memory, and a byte now and then a
// worker for good.
class BoundedServer : public httplib::Server {
 public:
  struct Bounds {
    // Of one request, head and body, as far as it is read at all.
    size_t bytes = size_t{2} << 20;
    // From the first byte of a request to the last of its answer; also how long
    // a connection may wait for its next request.
    absl::Duration time = absl::Seconds(10);
  };

  explicit BoundedServer(const Bounds& bounds) : bounds_(bounds) {}

 private:
  bool process_and_close_socket(socket_t socket) override;

  const Bounds bounds_;
};

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_BOUNDED_SERVER_H_
