// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_DOCUMENT_FACTS_H_
#define GONGKAI_SERVICES_DOCUMENT_FACTS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace gongkai::document {

// One field of an event in words: `申请人·姓名或名称`, `张三`.
struct Fact {
  std::string label;
  std::string value;
};

// Every field of `message` that says something, in the order of the contract:
// yes and no both, numbers but zero, texts but empty ones, terms of the law by
// their Chinese words. Fields of messages within carry the label of the outer
// one before a dot.
std::vector<Fact> FactsOf(const google::protobuf::Message& message);

// The Chinese term of a value, its name when it has none; empty for a zero that
// says nothing.
std::string TermOf(const google::protobuf::EnumValueDescriptor& value);

}  // namespace gongkai::document

#endif  // GONGKAI_SERVICES_DOCUMENT_FACTS_H_
