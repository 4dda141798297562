// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TIDY_TEXT_RULES_H_
#define GONGKAI_TESTS_TIDY_TEXT_RULES_H_

#include <vector>

#include "tests/tidy/source.h"

namespace gongkai::tidy {

// Each rule reads all sources and returns what breaks it.

// The first line of a file (the second, after `#!`) names the licence. Data
// (.csv, .jsonl, .golden) and LICENSE are left out.
Findings CheckLicence(const std::vector<Source>& sources);

// C++ and scripts have at most 400 lines; tests, benches and the contract 600.
Findings CheckLength(const std::vector<Source>& sources);

// C++ has at most 100 columns, URLs and includes excepted.
Findings CheckColumns(const std::vector<Source>& sources);

// Nothing is left for later and nothing points at a machine: marks of
// unfinished work, absolute home and work paths, hosts of package registries.
Findings CheckWords(const std::vector<Source>& sources);

// SQL is written in storage/ alone, and in tests/.
Findings CheckSql(const std::vector<Source>& sources);

// Exceptions of the database driver end in storage/postgres/session.cc;
// nothing else catches.
Findings CheckCatch(const std::vector<Source>& sources);

// services/law and services/casework ask no clock and no chance.
Findings CheckPurity(const std::vector<Source>& sources);

// A document named in a text, `README.md`, exists.
Findings CheckDocuments(const std::vector<Source>& sources);

// A test named in ops/security.md, `Suite.Name`, is a test of this tree: a
// control without its proof is found.
Findings CheckNamedTests(const std::vector<Source>& sources);

// No algorithm that GB/T 39786-2021 forbids is called: MD5, SHA-1, DES, RC4. The
// second factor (RFC 6238) is SHA-1 in an HMAC, in its one file.
Findings CheckAlgorithms(const std::vector<Source>& sources);

// Every folder of the house says in a README.md what lives there.
Findings CheckReadmes(const std::vector<Source>& sources);

}  // namespace gongkai::tidy

#endif  // GONGKAI_TESTS_TIDY_TEXT_RULES_H_
