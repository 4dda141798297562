// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_DOCUMENT_BUNDLE_README_H_
#define GONGKAI_SERVICES_DOCUMENT_BUNDLE_README_H_

#include <string>

#include "services/audit/suite.h"

namespace gongkai::document {

// README.txt of a bundle: what its files are, and how to verify it with the
// program and by hand, in Chinese and English. The same for every bundle of a
// suite.
std::string BundleReadme(audit::Suite suite);

}  // namespace gongkai::document

#endif  // GONGKAI_SERVICES_DOCUMENT_BUNDLE_README_H_
