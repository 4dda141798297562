// SPDX-License-Identifier: Apache-2.0
#include "services/base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai {
namespace {

// The error of the last system call, about `path`.
absl::Status Trouble(std::string_view did, const std::string& path) {
  const int error = errno;
  const std::string text =
      absl::StrCat("cannot ", ToAbsl(did), " ", path, ": ", strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == EEXIST) return absl::AlreadyExistsError(text);
  return absl::UnavailableError(text);
}

// A descriptor that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return file_; }
  // Closes it and says whether that went well: a late write error shows here.
  bool Close() { return close(std::exchange(file_, -1)) == 0; }

 private:
  int file_;
};

absl::Status WriteAll(int file, std::string_view bytes,
                      const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return Trouble("write", path);
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return absl::OkStatus();
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status SyncFolder(const std::string& path) {
  const std::string folder = FolderOf(path);
  const Descriptor file(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || fsync(file.get()) != 0) return Trouble("sync", folder);
  return absl::OkStatus();
}

absl::Status WriteNew(const std::string& path, int flags,
                      std::string_view bytes, mode_t mode) {
  Descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode));
  if (file.get() < 0) return Trouble("create", path);
  RETURN_IF_ERROR(WriteAll(file.get(), bytes, path));
  if (fsync(file.get()) != 0) return Trouble("sync", path);
  if (!file.Close()) return Trouble("close", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FileRead> ReadSmallFile(const std::string& path, size_t most,
                                       bool follow) {
  // Without waiting: a named pipe would never answer.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK |
                                               (follow ? 0 : O_NOFOLLOW)));
  struct stat about;
  if (file.get() < 0 || fstat(file.get(), &about) != 0) {
    return Trouble("read", path);
  }
  if (!S_ISREG(about.st_mode) || about.st_size > static_cast<off_t>(most)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is no regular file of at most ", most, " bytes"));
  }
  FileRead read;
  read.changed = absl::TimeFromTimespec(about.st_mtim);
  read.mode = about.st_mode & 07777;
  // One more than it said: it may be growing.
  read.bytes.resize(static_cast<size_t>(about.st_size) + 1);
  size_t have = 0;
  while (have < read.bytes.size()) {
    const ssize_t got =
        ::read(file.get(), read.bytes.data() + have, read.bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Trouble("read", path);
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  read.bytes.resize(std::min(have, static_cast<size_t>(about.st_size)));
  return read;
}

absl::Status CreateFile(const std::string& path, std::string_view bytes,
                        mode_t mode) {
  RETURN_IF_ERROR(WriteNew(path, O_EXCL, bytes, mode));
  return SyncFolder(path);
}

absl::Status ReplaceFile(const std::string& path, std::string_view bytes,
                         mode_t mode) {
  const std::string fresh = path + ".new";
  // What stands there is a crash's, or of somebody who would own it, read it
  // or have it written elsewhere: never written to.
  if (unlink(fresh.c_str()) != 0 && errno != ENOENT) {
    return Trouble("remove", fresh);
  }
  RETURN_IF_ERROR(WriteNew(fresh, O_EXCL | O_NOFOLLOW, bytes, mode));
  if (rename(fresh.c_str(), path.c_str()) != 0) return Trouble("replace", path);
  return SyncFolder(path);
}

absl::Status SyncFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0 || fsync(file.get()) != 0) return Trouble("sync", path);
  return SyncFolder(path);
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path) {
  const int file =
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return Trouble("lock", path);
  FileLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return Trouble("lock", path);
  return absl::FailedPreconditionError(
      absl::StrCat(path, " is locked: another process is at work here"));
}

FileLock::FileLock(FileLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace gongkai
