// SPDX-License-Identifier: Apache-2.0
#include "services/document/bundle_readme.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"

namespace gongkai::document {
namespace {

constexpr std::string_view kFiles = R"txt(证据包 / EVIDENCE OF A CASE

checkpoint      检查点：日志名、条数、根、签名。其余一切据它证明
                the signed checkpoint: everything else is proved against it
witness/        见证人对同一检查点的联署
                the same checkpoint with cosignatures of witnesses
consistency/    与旧检查点的一致性证明（如有）
                proofs of consistency with older checkpoints, if any
events.jsonl    每行一号记录：记录、包含证明、私密部分
                one record a line: record, inclusion proof, private part
history.txt     可读案卷，只据记录生成
history.html    the readable history, made from the records alone
ledger.txt      期限台账；由本机关计算，不能仅凭证据包核验
                time limits as the office counts them; not verifiable from here

验证公钥不在包内：须由其他途径取得。
The verifier key is not in here: it must come by another way.

用程序核验，不需网络和数据库：
With the program, without network or database:

  gongkai-verify verify --vkey KEY FOLDER [--old CHECKPOINT]

手工核验检查点的签名（KEY 为验证公钥）：
By hand, the signature of the checkpoint (KEY is the verifier key):

  W=$(mktemp -d)
  sed '/^$/,$d' checkpoint > $W/text
  sed -n 's/^— [^ ]* //p' checkpoint | head -n 1 | base64 -d |
    tail -c +5 > $W/signature
)txt";

constexpr std::string_view kEd25519 =
    R"txt(  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'
    printf '%s' "$KEY" | cut -d+ -f3- | base64 -d | tail -c 32; } > $W/key
  openssl pkeyutl -verify -pubin -keyform DER -inkey $W/key -rawin \
    -in $W/text -sigfile $W/signature
)txt";

constexpr std::string_view kSm2 =
    R"txt(  { printf '\060\131\060\023\006\007\052\206\110\316\075\002\001'
    printf '\006\010\052\201\034\317\125\001\202\055\003\102\000'
    printf '%s' "$KEY" | cut -d+ -f3- | base64 -d | tail -c 65; } > $W/key
  openssl pkeyutl -verify -pubin -keyform DER -inkey $W/key -rawin \
    -digest sm3 -pkeyopt distid:1234567812345678 \
    -in $W/text -sigfile $W/signature
)txt";

constexpr std::string_view kRest = R"txt(
每号记录（events.jsonl 的 record，base64）：
Each record (record in events.jsonl, base64), with H = )txt";

constexpr std::string_view kEnd = R"txt(:

  H(0x00 || record)                  叶；沿 proof 逐级上至检查点的根 (RFC 6962)
                                     the leaf: proof leads from it to the root
  H(0x02 || record)                  写在后一号记录中
                                     stands in the next record
  H("pc1" || salt || payload)        写在本号记录中
                                     stands in the record itself

格式全文与数行代码的核验方法见 clients/verify/README.md。
The whole format, and a check in a few lines of code: clients/verify/README.md.
)txt";

}  // namespace

std::string BundleReadme(audit::Suite suite) {
  const bool sm = suite == audit::Suite::kSm3Sm2;
  return absl::StrCat(ToAbsl(kFiles), ToAbsl(sm ? kSm2 : kEd25519),
                      ToAbsl(kRest), sm ? "SM3" : "SHA-256", ToAbsl(kEnd));
}

}  // namespace gongkai::document
