// SPDX-License-Identifier: Apache-2.0
// The inventory of algorithms (密码应用安全性评估 asks for one). A new call of
// the crypto library belongs in this list.
#include "services/audit/suite.h"

namespace gongkai::audit {

std::vector<AlgorithmUse> AlgorithmsOf(Suite suite) {
  const bool sm = suite == Suite::kSm3Sm2;
  const std::string digest = sm ? "SM3" : "SHA-256";
  const std::string digest_standard = sm ? "GB/T 32905" : "FIPS 180-4";
  const std::string signature = sm ? "SM2, SM3" : "Ed25519";
  const std::string signature_standard =
      sm ? "GB/T 32918, GM/T 0009" : "RFC 8032";
  return {
      {"事件记录的杂凑与个案链", digest, digest_standard,
       "services/audit/record.cc"},
      {"个人信息的加盐承诺", digest, digest_standard,
       "services/audit/record.cc"},
      {"日志的默克尔树", digest, digest_standard + ", RFC 6962",
       "services/audit/merkle.cc"},
      {"检查点与签名文件的签名和验签", signature, signature_standard,
       "services/audit/suite.cc"},
      {"见证方的带时间联署", signature, signature_standard,
       "services/audit/note.cc"},
      {"验证公钥的编号", digest, digest_standard, "services/audit/note.cc"},
      {"签名私钥的生成", sm ? "SM2" : "Ed25519",
       sm ? "GB/T 32918.1" : "RFC 8032", "services/audit/suite.cc"},
      // What follows does not prove the log and is the same in every suite.
      {"请求内容的鉴别码", "HMAC-SHA-256", "RFC 2104, FIPS 198-1",
       "services/audit/record.cc"},
      {"由名称导出的编号", "SHA-256", "FIPS 180-4", "services/base/ids.cc"},
      {"规则集的指纹", "SHA-256", "FIPS 180-4", "services/law/rulebook.cc"},
      {"编号与盐的随机数", "CTR_DRBG", "SP 800-90A", "services/base/ids.cc"},
      // Which of the two ciphers is used, the file of the outer keys says.
      {"落库加密（密钥文件选定之一）", "AES-256-GCM", "FIPS 197, SP 800-38D",
       "services/vault/seal.cc"},
      {"落库加密（密钥文件选定之一）", "SM4-CTR, HMAC-SM3",
       "GB/T 32907, GB/T 17964, GB/T 15852.2", "services/vault/seal.cc"},
      {"个人信息盲索引（随密钥文件）", "HMAC-SHA-256, HMAC-SM3",
       "RFC 2104, GB/T 15852.2", "services/vault/seal.cc"},
      {"密钥与加密的随机数", "ChaCha20", "getrandom(2)",
       "services/vault/seal.cc"},
  };
}

}  // namespace gongkai::audit
