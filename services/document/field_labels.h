// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_DOCUMENT_FIELD_LABELS_H_
#define GONGKAI_SERVICES_DOCUMENT_FIELD_LABELS_H_

#include <string_view>

#include "google/protobuf/descriptor.h"

namespace gongkai::document {

// The Chinese label of a field that an event may hold, as printed. Empty for a
// field that has none; a test holds that every one has.
std::string_view LabelOf(const google::protobuf::FieldDescriptor& field);

// The Chinese term of what an event records, by its number in v1::Event: that
// of its act where there is one. Empty when the number is not known.
std::string_view EventTerm(int event_type);

}  // namespace gongkai::document

#endif  // GONGKAI_SERVICES_DOCUMENT_FIELD_LABELS_H_
