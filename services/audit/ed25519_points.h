// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_ED25519_POINTS_H_
#define GONGKAI_SERVICES_AUDIT_ED25519_POINTS_H_

#include <string_view>

namespace gongkai::audit {

// Whether 32 bytes may stand for a point of Ed25519 in a key or a signature:
// written in its one canonical form (RFC 8032, 5.1.3: y below p, no sign where
// x is 0) and not of small order, for a key of small order has signatures that
// hold for many messages. Whether the point is on the curve it does not say.
bool IsSoundPoint(std::string_view bytes);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_ED25519_POINTS_H_
