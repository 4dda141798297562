// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_LOCALE_H_
#define GONGKAI_SERVICES_BASE_LOCALE_H_

namespace gongkai {

// The language of a reader (语言).
enum class Locale { kChinese, kEnglish };

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_LOCALE_H_
