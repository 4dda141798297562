// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_BUNDLE_FOLDER_H_
#define GONGKAI_CLIENTS_VERIFY_BUNDLE_FOLDER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/verify/input.h"

namespace gongkai::verify {

// The folder of a bundle, read by fixed names alone. What a folder of others
// may hold instead of a file is refused: links, pipes, devices, folders.
class BundleFolder {
 public:
  // UNAVAILABLE when the folder cannot be opened.
  static absl::StatusOr<BundleFolder> Open(const std::string& path);
  BundleFolder(BundleFolder&& other) noexcept;
  BundleFolder(const BundleFolder&) = delete;
  ~BundleFolder();

  // A file of this name. NOT_FOUND when there is none; FAILED_PRECONDITION
  // when it is no ordinary file.
  absl::StatusOr<Input> File(const std::string& name) const;
  // The whole of it. INVALID_ARGUMENT when it has more than `most` bytes.
  absl::StatusOr<std::string> Read(const std::string& name, size_t most) const;
  // A folder within, likewise.
  absl::StatusOr<BundleFolder> Folder(const std::string& name) const;

  // Names of entries that are not among `known`: the first `most` of them as
  // the folder lists them, and how many there are.
  struct Others {
    std::vector<std::string> names;
    int64_t count = 0;
  };
  Others OthersThan(const std::vector<std::string_view>& known,
                    size_t most) const;

 private:
  explicit BundleFolder(int folder) : folder_(folder) {}
  int folder_;
};

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_BUNDLE_FOLDER_H_
