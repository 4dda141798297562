// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "clients/verify/input.h"
#include "clients/verify/keys.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

constexpr size_t kMostPemBytes = 1 << 16;

bool WriteAll(int file, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(file, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<size_t>(n);
  }
  return fsync(file) == 0;
}

}  // namespace

absl::StatusOr<audit::SigningKey> ReadSigningKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path, kMostPemBytes));
  return audit::SigningKey::FromPem(pem);
}

absl::Status WriteNewSecret(const std::string& path, const std::string& text) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
           S_IRUSR | S_IWUSR);
  if (file < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(
        "there is a file of this name already: a key is not written over");
  }
  if (file < 0) {
    return absl::UnavailableError(
        absl::StrCat("the file cannot be made: ", std::strerror(errno)));
  }
  const bool written = WriteAll(file, text);
  const int error = errno;
  const bool closed = close(file) == 0;
  if (written && closed) return absl::OkStatus();
  unlink(path.c_str());
  return absl::UnavailableError(absl::StrCat(
      "the file cannot be written: ", std::strerror(written ? errno : error)));
}

}  // namespace gongkai::verify
