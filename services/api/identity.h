// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_IDENTITY_H_
#define GONGKAI_SERVICES_API_IDENTITY_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/string_ref.h"
#include "services/act/identities.h"

namespace gongkai::api {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// The value of a metadata key, empty when there is none. With several, the
// first.
std::string_view MetadataValue(const Metadata& metadata, std::string_view key);

// What the transport knows of a call.
struct Wire {
  const Metadata& metadata;
  // The client's certificate, PEM, when it showed one that the service's
  // authorities vouch for; else empty.
  std::string_view certificate;
  // Address that the call comes from, without its port; empty from a socket of
  // this machine.
  std::string_view source;
};

// Says who calls. Thread-safe.
class Identifier {
 public:
  virtual ~Identifier() = default;
  // NOT_IDENTIFIED or SESSION_OVER of who cannot be believed. May ask the
  // database.
  virtual absl::StatusOr<act::Identified> Identify(const Wire& wire,
                                                   absl::Time deadline) = 0;
  // Whose the call seems to be, as far as is known without asking anybody:
  // `AGENCY/account`, empty when it is not. Never waits. Good for counting
  // calls, never for letting one in.
  virtual std::string SeemsToBe(const Wire& wire) = 0;
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_IDENTITY_H_
