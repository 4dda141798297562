// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_IDENTITY_H_
#define GONGKAI_SERVICES_API_IDENTITY_H_

#include <map>
#include <string_view>

#include "absl/status/statusor.h"
#include "grpcpp/support/string_ref.h"
#include "services/auth/identity.h"

namespace gongkai::api {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// The value of a metadata key, empty when there is none. With several, the
// first.
std::string_view MetadataValue(const Metadata& metadata, std::string_view key);

// Says who calls. Until there are accounts that is what the caller says, and
// only where the operator started the service with the development switch;
// otherwise every call is NOT_IDENTIFIED. Thread-safe.
class Identifier {
 public:
  explicit Identifier(bool insecure_dev_identity)
      : insecure_dev_identity_(insecure_dev_identity) {}

  // Reads `x-gongkai-account`, `x-gongkai-person` (the account when absent),
  // `x-gongkai-roles` (names of v1.Role in lower case without `role_`, divided
  // by commas) and `x-gongkai-agency` (a code, or `*` for every agency).
  absl::StatusOr<auth::Caller> Identify(const Metadata& metadata) const;

 private:
  const bool insecure_dev_identity_;
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_IDENTITY_H_
