// SPDX-License-Identifier: Apache-2.0
#include "services/api/identity.h"

namespace gongkai::api {

std::string_view MetadataValue(const Metadata& metadata, std::string_view key) {
  const auto it = metadata.find(grpc::string_ref(key.data(), key.size()));
  if (it == metadata.end()) return "";
  return std::string_view(it->second.data(), it->second.size());
}

}  // namespace gongkai::api
