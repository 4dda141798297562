// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TIDY_PROTO_RULES_H_
#define GONGKAI_TESTS_TIDY_PROTO_RULES_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "tests/tidy/source.h"

namespace gongkai::tidy {

// Every message, enum, service and call has a comment of its own. Fields and
// enum values have one, or share the one of their group (lines without a blank
// one between them); a value that carries its Chinese term needs none. The
// first group of a message may share the message's.
Findings CheckContractComments(const std::vector<Source>& sources);

// Every string field of `file`, in all its messages, has a form or is
// personal: what can name a person can be erased.
Findings CheckPersonalStrings(const google::protobuf::FileDescriptor& file);

// Every field of the oneof of `act` is a row of the statute table, and occurs
// as `"field"` in a story (.jsonl) or test.
Findings CheckActsCovered(const google::protobuf::Descriptor& act,
                          const std::vector<Source>& sources);

// Acts and events pair by field number and message type; numbers of 50 and
// above are events without an act.
Findings CheckActsMatchEvents(const google::protobuf::Descriptor& act,
                              const google::protobuf::Descriptor& event);

}  // namespace gongkai::tidy

#endif  // GONGKAI_TESTS_TIDY_PROTO_RULES_H_
