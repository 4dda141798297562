// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/bounded_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "absl/time/clock.h"

namespace gongkai::verify {
namespace {

// Answered on one connection; then the next stranger has his turn.
constexpr int kMostRequests = 100;

// A connection that ends when a request has used up its bytes or its time.
class BoundedStream : public httplib::Stream {
 public:
  explicit BoundedStream(int socket) : socket_(socket) {}

  // Whether a first byte of another request comes within `time`; it may then
  // take as many bytes and as much time as this.
  bool Begin(size_t bytes, absl::Duration time) {
    left_ = bytes;
    end_ = absl::Now() + time;
    if (next_ == filled_ && !is_readable()) return false;
    end_ = absl::Now() + time;
    return true;
  }

  bool is_readable() const override { return next_ < filled_ || Ready(POLLIN); }
  bool is_writable() const override { return Ready(POLLOUT); }

  ssize_t read(char* to, size_t size) override {
    if (left_ == 0) return -1;
    if (next_ == filled_ && !Fill()) return filled_ == 0 ? 0 : -1;
    const size_t take = std::min({size, left_, filled_ - next_});
    std::copy_n(buffer_.data() + next_, take, to);
    next_ += take;
    left_ -= take;
    return static_cast<ssize_t>(take);
  }
  ssize_t write(const char* from, size_t size) override {
    if (!is_writable()) return -1;
    ssize_t wrote = 0;
    do {
      wrote = send(socket_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (wrote < 0 &&
             (errno == EINTR || (errno == EAGAIN && is_writable())));
    return wrote;
  }

  // Who is there is nobody's business: no answer depends on it.
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return socket_; }

 private:
  bool Ready(short what) const {
    pollfd one{socket_, what, 0};
    while (true) {
      const int64_t left = absl::ToInt64Milliseconds(end_ - absl::Now());
      if (left <= 0) return false;
      const int ready = poll(&one, 1, static_cast<int>(left));
      if (ready >= 0 || errno != EINTR) return ready > 0;
    }
  }
  // False at the end of what is sent, and then the buffer is empty, and when
  // the time is over.
  bool Fill() {
    if (!Ready(POLLIN)) return false;
    ssize_t got = 0;
    do {
      got = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return false;
    next_ = 0;
    filled_ = static_cast<size_t>(got);
    return got > 0;
  }

  const int socket_;
  size_t left_ = 0;
  absl::Time end_ = absl::InfinitePast();
  std::array<char, 4096> buffer_;
  size_t next_ = 0;
  size_t filled_ = 0;
};

}  // namespace

bool BoundedServer::process_and_close_socket(socket_t socket) {
  BoundedStream stream(socket);
  bool answered = true;
  bool closed = false;
  for (int i = 1; i <= kMostRequests && answered && !closed; ++i) {
    // The library stops by giving up its own socket.
    if (svr_sock_ == INVALID_SOCKET) break;
    if (!stream.Begin(bounds_.bytes, bounds_.time)) break;
    answered = process_request(stream, i == kMostRequests, closed, nullptr);
  }
  shutdown(socket, SHUT_RDWR);
  close(socket);
  return answered;
}

}  // namespace gongkai::verify
