// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_VAULT_SECRET_H_
#define GONGKAI_SERVICES_VAULT_SECRET_H_

#include <sodium.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace gongkai::vault {

inline constexpr size_t kKeyBytes = 32;

// A key for a moment: on the stack, wiped when it goes.
struct BriefKey {
  BriefKey() = default;
  BriefKey(const BriefKey&) = delete;
  BriefKey& operator=(const BriefKey&) = delete;
  ~BriefKey() { sodium_memzero(bytes.data(), bytes.size()); }
  std::array<unsigned char, kKeyBytes> bytes{};
};

// A key that is kept: between guard pages, locked against swapping, left out of
// core files, wiped when it goes.
class KeptKey {
 public:
  // Ends the program when there is no memory for it.
  KeptKey();
  unsigned char* data() { return bytes_.get(); }
  const unsigned char* data() const { return bytes_.get(); }
  // In a time that does not tell how much of it is the same.
  bool operator==(const KeptKey& other) const {
    return sodium_memcmp(data(), other.data(), kKeyBytes) == 0;
  }

 private:
  struct Free {
    void operator()(unsigned char* p) const { sodium_free(p); }
  };
  std::unique_ptr<unsigned char, Free> bytes_;
};

// Overwrites what `text` holds, then empties it.
inline void Wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace gongkai::vault

#endif  // GONGKAI_SERVICES_VAULT_SECRET_H_
