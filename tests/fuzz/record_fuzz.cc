// SPDX-License-Identifier: Apache-2.0
// Records and private parts from anywhere.
#include <google/protobuf/stubs/logging.h>

#include "gongkai/v1/event.pb.h"
#include "services/audit/record.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

GONGKAI_FUZZ(record) {
  // The library reports text that is not UTF-8, which is no finding here.
  static const auto quiet = google::protobuf::SetLogHandler(nullptr);
  static_cast<void>(quiet);
  const auto record = audit::Decode(input);
  RequireExpected(record.status());
  if (record.ok()) Require(audit::Encode(*record) == input, "record");
  Require(audit::EventHash(input) != audit::LeafHash(input),
          "domains of their own");
  v1::Event event;
  RequireExpected(audit::MergePrivate(input, event));
}

}  // namespace
}  // namespace gongkai::fuzz
