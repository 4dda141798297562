// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_SUPPORT_TEST_VAULT_H_
#define GONGKAI_TESTS_SUPPORT_TEST_VAULT_H_

#include <string>

#include "services/vault/vault.h"

namespace gongkai::test {

// A file of outer keys that every service of this test binary, and every
// program that it starts, shares; it is gone when the binary ends.
const std::string& TestVaultFile();
// The keys in it.
vault::Vault& TestVault();

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_SUPPORT_TEST_VAULT_H_
