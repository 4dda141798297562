// SPDX-License-Identifier: Apache-2.0
// The algorithms against published values, and every altered bit refused.
#include "services/vault/seal.h"

#include <gtest/gtest.h>

#include <string>

#include "services/audit/encoding.h"

namespace gongkai::vault {
namespace {

std::string Hex(std::string_view hex) { return audit::FromHex(hex).value(); }

const unsigned char* Bytes(const std::string& s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

struct Known {
  std::string_view key, nonce, context, plain, sealed;
};

// The Galois/Counter Mode of Operation (McGrew, Viega), test cases 13 to 16 of
// AES-256, which NIST SP 800-38D takes over.
TEST(SealTest, Aes256GcmGivesThePublishedValues) {
  const Known known[] = {
      {"0000000000000000000000000000000000000000000000000000000000000000",
       "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {"0000000000000000000000000000000000000000000000000000000000000000",
       "000000000000000000000000", "", "00000000000000000000000000000000",
       "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
      {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
       "cafebabefacedbaddecaf888", "",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
       "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
       "b094dac5d93471bdec1a502270e3cc6c"},
      {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
       "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
       "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
       "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
  for (const Known& one : known) {
    const std::string key = Hex(one.key);
    const std::string sealed =
        SealText(Cipher::kAes256Gcm, Bytes(key), Hex(one.nonce),
                 Hex(one.context), Hex(one.plain));
    EXPECT_EQ(audit::ToHex(sealed), one.sealed);
    EXPECT_EQ(OpenText(Cipher::kAes256Gcm, Bytes(key), Hex(one.nonce),
                       Hex(one.context), sealed),
              Hex(one.plain));
  }
}

// GB/T 32907 A.1: one block; in counter mode it masks a text of zeros.
TEST(SealTest, Sm4GivesTheValueOfTheStandard) {
  const std::string key = Hex("0123456789abcdeffedcba9876543210");
  EXPECT_EQ(audit::ToHex(Sm4Ctr(Bytes(key), key, std::string(16, '\0'))),
            "681edf34d206965e86b3e94f536e4246");
}

// The counter mode of the Internet draft on SM4, A.2.5.1.
TEST(SealTest, Sm4CounterModeGivesThePublishedValue) {
  const std::string key = Hex("0123456789abcdeffedcba9876543210");
  const std::string plain =
      Hex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
          "eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb");
  const std::string sealed =
      Sm4Ctr(Bytes(key), Hex("000102030405060708090a0b0c0d0e0f"), plain);
  EXPECT_EQ(audit::ToHex(sealed),
            "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
            "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514");
  EXPECT_EQ(Sm4Ctr(Bytes(key), Hex("000102030405060708090a0b0c0d0e0f"), sealed),
            plain);
}

// GM/T 0042-2015 D.3, first value.
TEST(SealTest, HmacSm3GivesTheValueOfTheStandard) {
  const std::string key =
      Hex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
  const std::string part =
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  EXPECT_EQ(audit::ToHex(Mac(Cipher::kSm4CtrHmacSm3, Bytes(key), part + part)),
            "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
}

// RFC 4231 2.4, its key of 25 bytes filled up with zeros as HMAC does itself.
TEST(SealTest, HmacSha256GivesThePublishedValue) {
  const std::string key =
      Hex("0102030405060708090a0b0c0d0e0f1011121314151617181900000000000000");
  EXPECT_EQ(audit::ToHex(
                Mac(Cipher::kAes256Gcm, Bytes(key), std::string(50, '\xcd'))),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

class EachCipher : public testing::TestWithParam<Cipher> {};

TEST_P(EachCipher, EveryFlippedBitIsRefused) {
  const std::string key(32, 'k');
  const std::string nonce(12, 'n');
  const std::string sealed =
      SealText(GetParam(), Bytes(key), nonce, "context", "身份证号");
  const auto opens = [&](const std::string& k, const std::string& n,
                         const std::string& context, const std::string& text) {
    return OpenText(GetParam(), Bytes(k), n, context, text).has_value();
  };
  ASSERT_TRUE(opens(key, nonce, "context", sealed));
  const auto flipped = [](std::string text, size_t bit) {
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    return text;
  };
  for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    EXPECT_FALSE(opens(key, nonce, "context", flipped(sealed, bit))) << bit;
  }
  for (size_t bit = 0; bit < 8 * nonce.size(); ++bit) {
    EXPECT_FALSE(opens(key, flipped(nonce, bit), "context", sealed)) << bit;
  }
  for (size_t bit = 0; bit < 8 * key.size(); ++bit) {
    EXPECT_FALSE(opens(flipped(key, bit), nonce, "context", sealed)) << bit;
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(opens(key, nonce, "context", sealed.substr(0, size))) << size;
  }
  EXPECT_FALSE(opens(key, nonce, "contex", sealed));
  EXPECT_FALSE(opens(key, nonce, "context", sealed + "x"));
}

INSTANTIATE_TEST_SUITE_P(All, EachCipher,
                         testing::Values(Cipher::kAes256Gcm,
                                         Cipher::kSm4CtrHmacSm3));

TEST(SealTest, NoTwoListsOfPartsGiveOneContext) {
  EXPECT_NE(Context({"ab", "c"}), Context({"a", "bc"}));
  EXPECT_NE(Context({"a", ""}), Context({"a"}));
  EXPECT_NE(Context({"", "a"}), Context({"a", ""}));
}

}  // namespace
}  // namespace gongkai::vault
