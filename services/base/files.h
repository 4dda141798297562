// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_FILES_H_
#define GONGKAI_SERVICES_BASE_FILES_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

// Small files that must survive a crash. Errors name the file and what the
// system said: NOT_FOUND, ALREADY_EXISTS where it is that, else UNAVAILABLE.
namespace gongkai {

// What a regular file held when it was read.
struct FileRead {
  std::string bytes;
  absl::Time changed;  // its time of modification
  mode_t mode = 0;     // permission bits
};

// Reads a regular file of at most `most` bytes; what is larger or no regular
// file is FAILED_PRECONDITION. With `follow` false a symbolic link is no
// regular file.
absl::StatusOr<FileRead> ReadSmallFile(const std::string& path, size_t most,
                                       bool follow = true);

// Creates a file that must not exist, with `mode`, and waits until it and its
// entry in the folder are on the disk. After an error a part of it may stand
// there.
absl::Status CreateFile(const std::string& path, std::string_view bytes,
                        mode_t mode);

// Puts `bytes` in the place of the file, whole or not at all, by a file of the
// same name with `.new` and a rename; on the disk when it returns. A file of
// that name is removed first: the new one is this process's own, with `mode`.
absl::Status ReplaceFile(const std::string& path, std::string_view bytes,
                         mode_t mode);

// Waits until a file that exists, and its entry in the folder, are on the disk.
absl::Status SyncFile(const std::string& path);

// A lock on a file, which is made when it is not there, for as long as this
// lives and the process runs.
class FileLock {
 public:
  // FAILED_PRECONDITION when another process holds it.
  static absl::StatusOr<FileLock> Take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;
};

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_FILES_H_
