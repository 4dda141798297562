// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/words.h"

#include <optional>
#include <vector>

namespace gongkai::verify {
namespace {

// In the English a star stands for any text, which the Chinese takes by its
// number and in Chinese where that is known too. The first that fits counts.
struct Sentence {
  std::string_view en;
  std::string_view zh;
};

constexpr Sentence kSentences[] = {
    // Numbers and encodings.
    {"the length of base64 text is a multiple of four",
     "base64 文本的长度须为四的倍数"},
    {"base64 text has a character that is no digit of it",
     "base64 文本含有不属于该编码的字符"},
    {"base64 text is not canonical: bits are left over at its end",
     "base64 文本不是规范写法：末尾有多余的位"},
    {"hexadecimal text has an even number of digits",
     "十六进制文本的位数须为偶数"},
    {"hexadecimal text has a character that is no digit of it",
     "十六进制文本含有不属于该编码的字符"},
    {"the number is empty", "数字为空"},
    {"the number begins with a zero", "数字以零开头"},
    {"the number has a character that is no decimal digit",
     "数字含有非十进制数字的字符"},
    {"the number is 2^63 or more", "数字达到或超过 2^63"},
    {"a hash has 64 hexadecimal digits or 44 characters of base64",
     "散列应为 64 位十六进制或 44 个 base64 字符"},
    {"the hash is not of 32 bytes", "散列不是 32 字节"},
    {"* is not of 32 bytes but of *", "$1不是 32 字节，而是 $2 字节"},
    {"the hash of the leaf", "叶子的散列"},
    {"a hash of the proof", "证明中的散列"},
    {"the root", "根"},
    {"the old root", "旧树的根"},
    {"the new root", "新树的根"},
    // Trees and proofs.
    {"the proof has more than * hashes: no proof has as many",
     "证明的散列多于 $1 个：任何证明都没有这么多"},
    {"the proof has * hashes where one for these sizes has *",
     "证明有 $1 个散列，而这样大小的树应有 $2 个"},
    {"there is no leaf * in a tree of * leaves", "$2 个叶子的树没有序号 $1"},
    {"leaf * and its proof lead to another root than that of the tree of * "
     "leaves",
     "序号 $1 的叶子与证明得出的根，不是 $2 个叶子的树的根"},
    {"a tree of * leaves cannot be shown to begin with one of *: the old size "
     "is 1 to the new size",
     "无法证明 $1 个叶子的树以 $2 个叶子的树为开头：旧树大小须在 1 "
     "与新树大小之间"},
    {"two trees of * leaves have different roots",
     "两棵 $1 个叶子的树，根不相同"},
    {"the proof leads to another root than that of the old tree of * leaves",
     "证明得出的根，不是 $1 个叶子的旧树的根"},
    {"the tree of * leaves does not begin with the old one of *",
     "$1 个叶子的树不以 $2 个叶子的旧树为开头"},
    {"the file has * leaves, fewer than the * asked for",
     "文件只有 $1 个叶子，少于所要的 $2 个"},
    // Notes and checkpoints.
    {"signature line * of the note does not begin with a dash (U+2014) and a "
     "space",
     "第 $1 个签名行不以破折号（U+2014）和空格开头"},
    {"signature line * of the note has no name and signature with a space "
     "between",
     "第 $1 个签名行没有以空格分开的名称和签名"},
    {"signature line * of the note has a name that no key can have",
     "第 $1 个签名行的名称不能作密钥名称"},
    {"signature line * of the note has a signature that is not canonical "
     "base64",
     "第 $1 个签名行的签名不是规范的 base64"},
    {"signature line * of the note has a signature that is too short",
     "第 $1 个签名行的签名太短"},
    {"two different verifier keys have the same name and id",
     "两个不同的验证公钥名称与编号相同"},
    {"the text does not end with a newline", "文本不以换行结尾"},
    {"the text is not UTF-8", "文本不是 UTF-8"},
    {"the text holds a control character other than the newline",
     "文本含有换行以外的控制字符"},
    {"a note has at most * bytes", "签名文件至多 $1 字节"},
    {"a note has at most * signatures", "签名文件至多 $1 个签名"},
    {"the note has no blank line between text and signatures",
     "正文与签名之间没有空行"},
    {"the note has no signature", "签名文件没有签名"},
    {"the signature by * does not hold", "$1 的签名不成立"},
    {"no verifier key is given: nobody's signature can be checked",
     "没有给出验证公钥：无人的签名可以核对"},
    {"none of the signatures is by a key that was given",
     "没有一个签名出自所给的公钥"},
    {"a text that begins like a cosignature is not signed",
     "开头与联署相同的文本不予签名"},
    {"the checkpoint is signed by keys of the log of two suites",
     "检查点由日志的两种密码套件的密钥签名"},
    {"the checkpoint is not signed by a known key under the name of its log",
     "检查点没有以其日志名称、由已知密钥所作的签名"},
    {"the first line of the checkpoint, its origin, is empty",
     "检查点第一行（日志标识）为空"},
    {"the second line of the checkpoint is no tree size: *",
     "检查点第二行不是树的大小：$1"},
    {"the third line of the checkpoint is no root of 32 bytes in canonical "
     "base64",
     "检查点第三行不是规范 base64 写成的 32 字节的根"},
    {"the checkpoint has an empty line", "检查点含有空行"},
    {"the checkpoint of a tree without leaves has another root than such a "
     "tree "
     "has",
     "空树检查点的根不是空树的根"},
    // Keys.
    {"the name of the key is empty", "密钥名称为空"},
    {"the name of the key is not UTF-8 or holds a control character",
     "密钥名称不是 UTF-8 或含有控制字符"},
    {"the name of a key holds neither white space nor a plus sign",
     "密钥名称不得含有空白或加号"},
    {"a verifier key has the form name+id+key: two plus signs are wanted",
     "验证公钥的形式为“名称+编号+公钥”，须有两个加号"},
    {"the id in the verifier key is not of 8 hexadecimal digits in lower case",
     "验证公钥中的编号不是 8 位小写十六进制"},
    {"the id in the verifier key is not that of its name and key",
     "验证公钥中的编号与其名称和公钥不符"},
    {"the verifier key holds no sound public key",
     "验证公钥所含的不是合格的公钥"},
    {"the type of the verifier key is none that is known, or its length is not "
     "that of the type",
     "验证公钥的类型未知，或长度与类型不符"},
    {"the verifier key: *", "验证公钥：$1"},
    {"this is no private key in PEM of Ed25519 or SM2 without a pass phrase",
     "这不是无口令的 Ed25519 或 SM2 私钥（PEM）"},
    {"no such suite; there are sha256-ed25519 and sm3-sm2",
     "没有这种密码套件；可选 sha256-ed25519 和 sm3-sm2"},
    {"--use is sign or cosign", "--use 只能是 sign 或 cosign"},
    {"there is a file of this name already: a key is not written over",
     "已有同名文件：密钥文件不予覆盖"},
    // Bundles.
    {"it is a link or a special file: not read", "是链接或特殊文件，不予读取"},
    {"there is no such file", "没有这个文件"},
    {"`*` is missing where the format has it", "应有 $1 之处没有"},
    {"a text has no quotation mark at its end", "文本没有结尾的引号"},
    {"a hash or a salt is not of 32 bytes", "散列或盐值不是 32 字节"},
    {"a proof has more than 64 hashes", "证明的散列多于 64 个"},
    {"something follows the closing brace", "右花括号之后还有内容"},
    {"the line is longer than 16 MiB", "该行超过 16 MiB"},
    {"the last line has no newline", "最后一行没有换行"},
    {"--vkey takes the key of a log", "--vkey 须为日志的公钥"},
    {"--witness-vkey takes the key of a witness",
     "--witness-vkey 须为见证人的公钥"},
    {"--output is text or json", "--output 只能是 text 或 json"},
    // Files.
    {"* cannot be opened: *", "无法打开 $1：$2"},
    {"the file cannot be read: *", "无法读取文件：$1"},
    {"the file cannot be made: *", "无法建立文件：$1"},
    {"the file cannot be written: *", "无法写入文件：$1"},
    {"a line has more than * bytes", "一行超过 $1 字节"},
    {"the file has more than * bytes", "文件超过 $1 字节"},
    {"the output could not be written", "输出未能写出"},
    {"No such file or directory", "没有这个文件或目录"},
    {"Permission denied", "没有权限"},
    {"Is a directory", "是目录"},
    {"the crypto library failed: *", "密码库出错：$1"},
    // What an error is about, before what it says.
    {"line * of the proof: *", "证明第 $1 行：$2"},
    {"hash * of the proof: *", "证明第 $1 个散列：$2"},
    {"line *: *", "第 $1 行：$2"},
    {"*: *", "$1：$2"},
    // The witness.
    {"--listen takes HOST:PORT", "--listen 的写法是 HOST:PORT"},
    {"cannot listen on *", "无法监听 $1"},
    {"* is locked: another process is at work here",
     "$1 已被锁定：另一进程正在使用此目录"},
    {"the last checkpoint in * is not one that this witness cosigned",
     "$1 中的最近检查点不是本见证方签署的"},
    {"the key of a log is one that signs, not one that cosigns",
     "日志的公钥须用于签名，而非见证方的公钥"},
};

// What the stars stand for, when the text fits.
std::optional<std::vector<std::string_view>> Match(std::string_view pattern,
                                                   std::string_view text) {
  std::vector<std::string_view> stars;
  size_t star = pattern.find('*');
  if (!text.starts_with(pattern.substr(0, star))) return std::nullopt;
  if (star == std::string_view::npos) {
    if (text.size() != pattern.size()) return std::nullopt;
    return stars;
  }
  text.remove_prefix(star);
  while (star != std::string_view::npos) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    const std::string_view next = pattern.substr(0, star);
    // The last piece has to end the text.
    if (star == std::string_view::npos && !text.ends_with(next)) {
      return std::nullopt;
    }
    const size_t at = star == std::string_view::npos ? text.size() - next.size()
                                                     : text.find(next);
    if (at == std::string_view::npos) return std::nullopt;
    stars.push_back(text.substr(0, at));
    text.remove_prefix(at + next.size());
  }
  return stars;
}

std::string InChinese(std::string_view english);

std::string Fill(std::string_view zh,
                 const std::vector<std::string_view>& stars) {
  std::string out;
  for (size_t i = 0; i < zh.size(); ++i) {
    if (zh[i] == '$' && i + 1 < zh.size()) {
      out += InChinese(stars[static_cast<size_t>(zh[++i] - '1')]);
    } else {
      out += zh[i];
    }
  }
  return out;
}

std::string InChinese(std::string_view english) {
  for (const Sentence& sentence : kSentences) {
    const auto stars = Match(sentence.en, english);
    if (stars.has_value()) return Fill(sentence.zh, *stars);
  }
  return std::string(english);
}

}  // namespace

std::string InWords(cli::Locale locale, std::string_view english) {
  return locale == cli::Locale::kZh ? InChinese(english) : std::string(english);
}

}  // namespace gongkai::verify
