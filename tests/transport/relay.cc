// SPDX-License-Identifier: Apache-2.0
#include "tests/transport/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace gongkai::test {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return where;
}

bool WriteAll(int to, const char* data, ssize_t size) {
  while (size > 0) {
    const ssize_t n = send(to, data, size, MSG_NOSIGNAL);
    if (n <= 0) return false;
    data += n;
    size -= n;
  }
  return true;
}

}  // namespace

Relay::Relay(int port) : to_(port) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where = Loopback(0);
  socklen_t size = sizeof where;
  bind(listener_, reinterpret_cast<sockaddr*>(&where), size);
  listen(listener_, 16);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size);
  port_ = ntohs(where.sin_port);
  thread_ = std::thread([this] { Accept(); });
}

Relay::~Relay() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  std::vector<std::thread> carriers;
  {
    absl::MutexLock lock(&mutex_);
    for (const int one : open_) shutdown(one, SHUT_RDWR);
    carriers.swap(carriers_);
  }
  for (std::thread& carrier : carriers) carrier.join();
  close(listener_);
}

std::string Relay::Heard() {
  absl::MutexLock lock(&mutex_);
  return heard_;
}

void Relay::Accept() {
  while (true) {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    absl::MutexLock lock(&mutex_);
    open_.push_back(client);
    carriers_.emplace_back([this, client] { Carry(client); });
  }
}

void Relay::Carry(int client) {
  const int service = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where = Loopback(to_);
  const bool connected =
      connect(service, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
  std::array<char, 16'384> buffer;
  pollfd ends[2] = {{client, POLLIN, 0}, {service, POLLIN, 0}};
  bool open = connected;
  while (open && poll(ends, 2, -1) > 0) {
    for (int i = 0; i < 2 && open; ++i) {
      if (ends[i].revents == 0) continue;
      const ssize_t n = recv(ends[i].fd, buffer.data(), buffer.size(), 0);
      open = n > 0;
      if (!open) break;
      {
        absl::MutexLock lock(&mutex_);
        heard_.append(buffer.data(), n);
      }
      open = WriteAll(ends[1 - i].fd, buffer.data(), n);
    }
  }
  shutdown(client, SHUT_RDWR);
  close(service);
  absl::MutexLock lock(&mutex_);
  std::erase(open_, client);
  close(client);
}

}  // namespace gongkai::test
