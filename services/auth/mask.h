// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_MASK_H_
#define GONGKAI_SERVICES_AUTH_MASK_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "gongkai/v1/options.pb.h"

namespace gongkai::auth {

// `text` as it is shown to whoever gave no reason to see it. Counts characters,
// not bytes. What is short shows less than the mask says, never the whole; an
// empty text stays empty.
std::string MaskText(v1::Mask mask, std::string_view text);

// Masks every string of `message` whose rule has a mask, at every depth. True
// when there was one.
bool MaskPersonal(google::protobuf::Message& message);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_MASK_H_
