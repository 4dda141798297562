// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_vault.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

namespace gongkai::test {
namespace {

// What every test binary has of its own.
struct Keys {
  Keys() {
    const std::string text =
        vault::Vault::Generate(vault::Cipher::kAes256Gcm, "").value();
    vault = vault::Vault::Parse(text).value();
    // mkstemp leaves it to its owner alone.
    const int file = mkstemp(path.data());
    if (file < 0 || write(file, text.data(), text.size()) !=
                        static_cast<ssize_t>(text.size())) {
      std::cerr << "test vault: cannot write under /tmp" << std::endl;
      std::_Exit(1);
    }
    close(file);
  }
  ~Keys() { unlink(path.c_str()); }

  std::string path = "/tmp/gongkai-vault-XXXXXX";
  std::unique_ptr<vault::Vault> vault;
};

Keys& Shared() {
  static Keys keys;
  return keys;
}

}  // namespace

const std::string& TestVaultFile() { return Shared().path; }

vault::Vault& TestVault() { return *Shared().vault; }

}  // namespace gongkai::test
