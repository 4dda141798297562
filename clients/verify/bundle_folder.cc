// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/bundle_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

absl::Status CannotOpen(const std::string& name, int error) {
  if (error == ENOENT) return absl::NotFoundError("there is no such file");
  if (error == ELOOP || error == ENOTDIR || error == ENXIO) {
    return absl::FailedPreconditionError(
        "it is a link or a special file: not read");
  }
  return absl::UnavailableError(
      absl::StrCat(name, " cannot be opened: ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<BundleFolder> BundleFolder::Open(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) return BundleFolder(folder);
  return absl::UnavailableError(
      absl::StrCat(path, " cannot be opened: ", std::strerror(errno)));
}

BundleFolder::BundleFolder(BundleFolder&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)) {}

BundleFolder::~BundleFolder() {
  if (folder_ >= 0) close(folder_);
}

absl::StatusOr<Input> BundleFolder::File(const std::string& name) const {
  // A pipe would else wait for somebody to write.
  const int file = openat(folder_, name.c_str(),
                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return CannotOpen(name, errno);
  Input input = Input::Of(file);
  struct stat about;
  if (fstat(file, &about) != 0) return CannotOpen(name, errno);
  if (!S_ISREG(about.st_mode)) return CannotOpen(name, ELOOP);
  return input;
}

absl::StatusOr<std::string> BundleFolder::Read(const std::string& name,
                                               size_t most) const {
  ASSIGN_OR_RETURN(Input input, File(name));
  return input.All(most);
}

absl::StatusOr<BundleFolder> BundleFolder::Folder(
    const std::string& name) const {
  const int folder = openat(folder_, name.c_str(),
                            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return CannotOpen(name, errno);
  return BundleFolder(folder);
}

BundleFolder::Others BundleFolder::OthersThan(
    const std::vector<std::string_view>& known, size_t most) const {
  Others others;
  // Reading takes the handle with it.
  const int handle = openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const list = handle < 0 ? nullptr : fdopendir(handle);
  if (list == nullptr) {
    if (handle >= 0) close(handle);
    return others;
  }
  while (const dirent* entry = readdir(list)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." ||
        std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    ++others.count;
    if (others.names.size() < most) others.names.emplace_back(name);
  }
  closedir(list);
  return others;
}

}  // namespace gongkai::verify
