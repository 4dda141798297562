// SPDX-License-Identifier: Apache-2.0
// Notes, keys and checkpoints: published ones are read, and every trap of the
// formats is refused.
#include "services/audit/note.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"

namespace gongkai::audit {
namespace {

using absl::StatusCode;

constexpr Suite kEd = Suite::kSha256Ed25519;
constexpr Suite kSm = Suite::kSm3Sm2;

// The example of the specification of signed notes.
constexpr char kExampleKey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr char kExampleNote[] =
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n";

// A checkpoint of a public log with the cosignatures of public witnesses.
constexpr char kPublicCheckpoint[] =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIg"
    "IpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei5"
    "9RA23oHP7Ry1k3ZFWwQ=\n"
    "— remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobW"
    "X9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    "— witness1.smartit.nu/witness1 "
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7"
    "TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n";
constexpr char kPublicLogKey[] =
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+"
    "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
constexpr char kRemora[] =
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
constexpr char kSmartit[] =
    "witness1.smartit.nu/witness1+a48c820f+"
    "BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO";

VerifierKey Parsed(const std::string& text) {
  const auto key = ParseVerifierKey(text);
  EXPECT_TRUE(key.ok()) << text << ": " << key.status();
  return *key;
}

// A key with its verifier key.
struct Signer {
  explicit Signer(Suite suite, const std::string& name = "log.example/1",
                  KeyUse use = KeyUse::kSign)
      : key(SigningKey::Generate(suite).value()),
        vkey(VerifierKeyOf(key, name, use).value()) {}
  SigningKey key;
  VerifierKey vkey;

  void Sign(Note& note, int64_t seconds = 1700000000) const {
    ASSERT_TRUE(SignNote(key, vkey, absl::FromUnixSeconds(seconds), note).ok());
  }
};

std::string CheckpointText(const std::string& origin = "log.example/1",
                           int64_t size = 5) {
  return Checkpoint{origin, size, std::string(32, 'r')}.ToText();
}

TEST(Notes, ThatArePublishedAreReadAndVerify) {
  const auto note = ParseNote(kExampleNote);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_EQ(note->ToText(), kExampleNote);
  const auto by = CheckNote(*note, {Parsed(kExampleKey)});
  ASSERT_TRUE(by.ok()) << by.status();
  ASSERT_EQ(by->size(), 1u);
  EXPECT_EQ((*by)[0].by.name, "example.com/foo");
  EXPECT_FALSE((*by)[0].time.has_value());
  EXPECT_EQ((*by)[0].by.ToText(), kExampleKey);
}

// The example of Go's note package: the second key is that of the seed of
// zeros, and its signature is made here anew.
TEST(Notes, AreSignedAsPublished) {
  const std::string text =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n";
  const std::string first =
      "— PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
      "otpRZb6KE6RyyBwJnAM=\n";
  const std::string second =
      "— EnochRoot "
      "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTG"
      "wnWLox33WWd1RvMc+QQ=\n";
  Note note = ParseNote(text + "\n" + first).value();
  EXPECT_EQ(CheckNote(note, {Parsed("PeterNeumann+c74f20a3+"
                                    "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
                                    "LDE4izWy10TW")})
                ->size(),
            1u);
  const SigningKey zeros =
      SigningKey::FromPem(
          absl::StrCat(
              "-----BEGIN PRIVATE KEY-----\n",
              ToBase64(FromHex("302e020100300506032b657004220420").value() +
                       std::string(32, '\0')),
              "\n-----END PRIVATE KEY-----\n"))
          .value();
  const VerifierKey enoch =
      VerifierKeyOf(zeros, "EnochRoot", KeyUse::kSign).value();
  EXPECT_EQ(enoch.ToText(),
            "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop");
  ASSERT_TRUE(SignNote(zeros, enoch, absl::Now(), note).ok());
  EXPECT_EQ(note.ToText(), text + "\n" + first + second);
}

TEST(Checkpoints, OfPublicLogsAndWitnessesVerify) {
  const auto open = OpenCheckpoint(
      kPublicCheckpoint,
      {Parsed(kPublicLogKey), Parsed(kRemora), Parsed(kSmartit)});
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(open->checkpoint.origin, "arche2025h1.staging.ct.transparency.dev");
  EXPECT_EQ(open->checkpoint.size, 1432088532);
  EXPECT_EQ(open->suite, kEd);
  EXPECT_EQ(open->note.ToText(), kPublicCheckpoint);
  // The signature of a type that this program does not know is passed over.
  ASSERT_EQ(open->signatures.size(), 3u);
  EXPECT_EQ(open->signatures[1].by.use, KeyUse::kCosign);
  EXPECT_EQ(open->signatures[1].time, absl::FromUnixSeconds(0x6a122120));

  const std::string other = absl::StrReplaceAll(
      kPublicCheckpoint, {{"\n1432088532\n", "\n1432088533\n"}});
  for (const char* key : {kPublicLogKey, kRemora, kSmartit}) {
    EXPECT_EQ(
        CheckNote(ParseNote(other).value(), {Parsed(key)}).status().code(),
        StatusCode::kDataLoss);
  }
}

TEST(Notes, ThatAreNoneAreRefused) {
  const std::string text = "text\n";
  const std::string line = std::string(kExampleNote).substr(29);
  ASSERT_TRUE(ParseNote(text + "\n" + line).ok());
  const std::pair<const char*, std::string> table[] = {
      {"nothing", ""},
      {"a newline", "\n"},
      {"two newlines", "\n\n"},
      {"no blank line", text + line},
      {"no signature", text + "\n"},
      {"a blank line after the signatures", text + "\n" + line + "\n"},
      {"no newline at the end", text + "\n" + line.substr(0, line.size() - 1)},
      {"CRLF everywhere",
       absl::StrReplaceAll(text + "\n" + line, {{"\n", "\r\n"}})},
      {"CR in the text", "te\rxt\n\n" + line},
      {"CR after the signature",
       text + "\n" + line.substr(0, line.size() - 1) + "\r\n"},
      {"a tab", "te\txt\n\n" + line},
      {"a NUL", std::string("te\0xt\n\n", 7) + line},
      {"an escape", "te\x1bxt\n\n" + line},
      {"not UTF-8", "te\xffxt\n\n" + line},
      {"an overlong form", "te\xc0\xafxt\n\n" + line},
      {"a surrogate", "te\xed\xa0\x80xt\n\n" + line},
      {"a hyphen for the dash", text + "\n- " + line.substr(4)},
      {"no space after the dash", text + "\n—" + line.substr(4)},
      {"two spaces after the dash", text + "\n—  " + line.substr(4)},
      {"a space at the end",
       text + "\n" + line.substr(0, line.size() - 1) + " \n"},
      {"no name", text + "\n—  AAAAAAA=\n"},
      {"no signature in its line", text + "\n— name\n"},
      {"an empty signature", text + "\n— name \n"},
      {"an id alone", text + "\n— name AAAAAA==\n"},
      {"base64 with bits left over", text + "\n— name AAAAAAB=\n"},
      {"base64 without padding", text + "\n— name AAAAAAA\n"},
      {"base64 of the other alphabet", text + "\n— name AAAAA-_=\n"},
      {"a plus in the name", text + "\n— na+me AAAAAAA=\n"},
      {"a space of Unicode in the name", text + "\n— na\u2003me AAAAAAA=\n"},
      {"a no-break space in the name", text + "\n— na\u00a0me AAAAAAA=\n"},
      {"text after the signatures", text + "\n" + line + "text\n"}};
  for (const auto& [what, bad] : table) {
    EXPECT_EQ(ParseNote(bad).status().code(), StatusCode::kInvalidArgument)
        << what;
  }
}

TEST(Notes, WithSixteenSignaturesAreReadAndWithSeventeenNot) {
  std::string note = "text\n\n";
  for (int i = 0; i < 16; ++i) {
    absl::StrAppend(&note, "— name", i, " AAAAAAA=\n");
  }
  EXPECT_EQ(ParseNote(note)->signatures.size(), 16u);
  EXPECT_EQ(ParseNote(note + "— name AAAAAAA=\n").status().code(),
            StatusCode::kInvalidArgument);
  Note full = ParseNote(note).value();
  const Signer signer(kEd);
  EXPECT_EQ(SignNote(signer.key, signer.vkey, absl::Now(), full).code(),
            StatusCode::kInvalidArgument);
}

TEST(Notes, OfMoreThanAMebibyteAreRefused) {
  const std::string tail = "\n\n— name AAAAAAA=\n";
  EXPECT_TRUE(
      ParseNote(std::string(kMaxNoteBytes - tail.size(), 'x') + tail).ok());
  EXPECT_FALSE(
      ParseNote(std::string(kMaxNoteBytes - tail.size() + 1, 'x') + tail).ok());
}

// The last blank line parts text and signatures; a text may have its own.
TEST(Notes, KeepTheBlankLinesOfTheirText) {
  const Signer signer(kEd);
  for (const std::string text : {"\n", "a\n\nb\n", "a\n\n", "\n\n\n"}) {
    Note note{text, {}};
    signer.Sign(note);
    const auto read = ParseNote(note.ToText());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->text, text);
    EXPECT_EQ(CheckNote(*read, {signer.vkey})->size(), 1u);
  }
}

TEST(Notes, WhoseTextIsNoneAreNotSigned) {
  const Signer signer(kEd);
  for (const std::string text : {"", "text", "a\r\n", "a\tb\n", "\xff\n",
                                 "cosignature/v1\ntime 1700000000\nlog\n"}) {
    Note note{text, {}};
    EXPECT_EQ(SignNote(signer.key, signer.vkey, absl::Now(), note).code(),
              StatusCode::kInvalidArgument)
        << text;
    EXPECT_TRUE(note.signatures.empty());
  }
  Note note{"text\n", {}};
  EXPECT_FALSE(SignNote(signer.key, Signer(kEd).vkey, absl::Now(), note).ok());
  EXPECT_FALSE(SignNote(signer.key, Signer(kSm).vkey, absl::Now(), note).ok());
}

class NotesOfSuite : public testing::TestWithParam<Suite> {};
INSTANTIATE_TEST_SUITE_P(Suites, NotesOfSuite, testing::Values(kEd, kSm));

TEST_P(NotesOfSuite, ANoteThatIsSignedVerifiesUntilAByteChanges) {
  const Signer signer(GetParam());
  Note note{CheckpointText(), {}};
  signer.Sign(note);
  const std::string text = note.ToText();
  ASSERT_EQ(ParseNote(text)->ToText(), text);
  ASSERT_EQ(CheckNote(ParseNote(text).value(), {signer.vkey})->size(), 1u);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string bad = text;
    bad[i] = static_cast<char>(bad[i] ^ 2);
    const auto read = ParseNote(bad);
    if (!read.ok()) continue;
    // Another name or id makes it an unknown key's.
    const auto by = CheckNote(*read, {signer.vkey});
    if (by.ok()) {
      EXPECT_TRUE(by->empty()) << "byte " << i;
    } else {
      EXPECT_EQ(by.status().code(), StatusCode::kDataLoss);
    }
  }
}

TEST_P(NotesOfSuite, ACosignatureSaysWhenAndItsTimeIsSignedToo) {
  const Signer log(GetParam());
  const Signer witness(GetParam(), "witness.example/w", KeyUse::kCosign);
  Note note{CheckpointText(), {}};
  log.Sign(note);
  witness.Sign(note, 1679315147);
  const auto open = OpenCheckpoint(note.ToText(), {log.vkey, witness.vkey});
  ASSERT_TRUE(open.ok()) << open.status();
  ASSERT_EQ(open->signatures.size(), 2u);
  EXPECT_EQ(open->signatures[1].time, absl::FromUnixSeconds(1679315147));
  EXPECT_EQ(open->suite, GetParam());

  for (const size_t byte : {0u, 3u, 7u}) {
    Note later = note;
    later.signatures[1].signature[byte] ^= 1;
    EXPECT_EQ(CheckNote(later, {witness.vkey}).status().code(),
              StatusCode::kDataLoss);
    EXPECT_EQ(OpenCheckpoint(later.ToText(), {log.vkey, witness.vkey})
                  .status()
                  .code(),
              StatusCode::kDataLoss);
  }
  for (const size_t size : {1u, 7u, 8u, 9u}) {
    Note cut = note;
    cut.signatures[1].signature.resize(size);
    EXPECT_EQ(CheckNote(cut, {witness.vkey}).status().code(),
              StatusCode::kDataLoss);
  }
  // A witness alone does not make a checkpoint of the log.
  EXPECT_EQ(OpenCheckpoint(note.ToText(), {witness.vkey}).status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_FALSE(
      SignNote(witness.key, witness.vkey, absl::InfiniteFuture(), note).ok());
  EXPECT_FALSE(
      SignNote(witness.key, witness.vkey, absl::FromUnixSeconds(-1), note)
          .ok());
}

// The same private key in both uses: its signature and its cosignature are kept
// apart by their ids and by what is signed.
TEST_P(NotesOfSuite, ASignatureIsNoCosignature) {
  const Signer signer(GetParam());
  const VerifierKey cosigner =
      VerifierKeyOf(signer.key, signer.vkey.name, KeyUse::kCosign).value();
  EXPECT_NE(cosigner.id, signer.vkey.id);
  Note note{CheckpointText(), {}};
  signer.Sign(note);
  EXPECT_TRUE(CheckNote(note, {cosigner})->empty());
  note.signatures[0].id = cosigner.id;
  EXPECT_EQ(CheckNote(note, {cosigner}).status().code(), StatusCode::kDataLoss);
}

TEST(Checks, PassOverUnknownKeysAndRejectWhenAKnownOneFails) {
  const Signer log(kEd);
  const Signer other(kEd, "other.example");
  Note note{CheckpointText(), {}};
  log.Sign(note);
  other.Sign(note);
  // Unknown and broken: nobody can judge it.
  note.signatures[1].signature[0] ^= 1;
  EXPECT_EQ(CheckNote(note, {log.vkey})->size(), 1u);
  EXPECT_TRUE(OpenCheckpoint(note.ToText(), {log.vkey}).ok());
  // Known and broken: the whole note is rejected.
  EXPECT_EQ(CheckNote(note, {log.vkey, other.vkey}).status().code(),
            StatusCode::kDataLoss);
  EXPECT_TRUE(CheckNote(note, {}).value().empty());
  // The name of a known key with another id, and its id with another name, are
  // unknown keys.
  const Signer same_name(kEd);
  EXPECT_TRUE(CheckNote(note, {same_name.vkey})->empty());
  Note renamed = note;
  renamed.signatures[0].name = "log.example/2";
  EXPECT_TRUE(CheckNote(renamed, {log.vkey})->empty());
}

TEST(Checks, CountOneWhoSignsTwiceOnceAndHoldBothSignaturesToIt) {
  const Signer witness(kEd, "w", KeyUse::kCosign);
  Note note{CheckpointText(), {}};
  witness.Sign(note, 1);
  witness.Sign(note, 2);
  EXPECT_EQ(CheckNote(note, {witness.vkey, witness.vkey})->size(), 1u);
  note.signatures[1].signature[20] ^= 1;
  EXPECT_EQ(CheckNote(note, {witness.vkey}).status().code(),
            StatusCode::kDataLoss);
}

TEST(Checks, AreNotDoneWithTwoKeysOfOneNameAndId) {
  const Signer log(kEd);
  Note note{CheckpointText(), {}};
  log.Sign(note);
  VerifierKey twin = Signer(kEd).vkey;
  twin.id = log.vkey.id;
  EXPECT_EQ(CheckNote(note, {twin, log.vkey}).status().code(),
            StatusCode::kInvalidArgument);
}

// Old checkpoints are verified with the old key, those of the change with both.
TEST(Checks, HoldAfterTheKeyOfTheLogHasChanged) {
  const Signer before(kSm);
  const Signer after(kSm);
  Note old{CheckpointText(), {}};
  before.Sign(old);
  Note change{CheckpointText("log.example/1", 6), {}};
  before.Sign(change);
  after.Sign(change);
  Note later{CheckpointText("log.example/1", 7), {}};
  after.Sign(later);
  const std::vector<VerifierKey> both = {before.vkey, after.vkey};
  for (const Note& note : {old, change, later}) {
    EXPECT_TRUE(OpenCheckpoint(note.ToText(), both).ok());
  }
  EXPECT_TRUE(OpenCheckpoint(old.ToText(), {before.vkey}).ok());
  EXPECT_TRUE(OpenCheckpoint(change.ToText(), {after.vkey}).ok());
  EXPECT_FALSE(OpenCheckpoint(later.ToText(), {before.vkey}).ok());
}

TEST(Keys, ThatArePublishedAreReadAndWrittenTheSame) {
  for (const char* text : {kExampleKey, kPublicLogKey, kRemora, kSmartit,
                           "TEST+7997405c+AQcC+"
                           "FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"}) {
    EXPECT_EQ(Parsed(text).ToText(), text);
  }
  EXPECT_EQ(Parsed(kRemora).use, KeyUse::kCosign);
  EXPECT_EQ(Parsed(kExampleKey).use, KeyUse::kSign);
}

TEST_P(NotesOfSuite, AVerifierKeyIsReadAsItIsWritten) {
  for (const KeyUse use : {KeyUse::kSign, KeyUse::kCosign}) {
    const Signer signer(GetParam(), "名称.example/日志", use);
    const VerifierKey read = Parsed(signer.vkey.ToText());
    EXPECT_EQ(read.name, signer.vkey.name);
    EXPECT_EQ(read.id, signer.vkey.id);
    EXPECT_EQ(read.suite, GetParam());
    EXPECT_EQ(read.use, use);
    EXPECT_EQ(read.key, signer.key.PublicKey());
  }
}

// The text of a key of bytes as they are, with the id that belongs to them.
std::string KeyText(const std::string& name, const std::string& bytes,
                    Suite suite = kEd) {
  return absl::StrCat(name, "+",
                      ToHex(Digest(suite, {name, "\n", bytes}).substr(0, 4)),
                      "+", ToBase64(bytes));
}

TEST(Keys, ThatAreNoneAreRefused) {
  const std::string key = Parsed(kExampleKey).key;
  ASSERT_TRUE(ParseVerifierKey(KeyText("n", "\x01" + key)).ok());
  std::string off_curve = Signer(kSm).vkey.key;
  off_curve[64] ^= 1;
  const std::pair<const char*, std::string> table[] = {
      {"nothing", ""},
      {"no plus", "name"},
      {"one plus", "name+530d903a"},
      {"an empty name", KeyText("", "\x01" + key)},
      {"a space in the name", KeyText("a b", "\x01" + key)},
      {"a wide space in the name", KeyText("a\u3000b", "\x01" + key)},
      {"a newline in the name", KeyText("a\nb", "\x01" + key)},
      {"a name that is not UTF-8", KeyText("a\xff", "\x01" + key)},
      {"a control character", KeyText("a\x01", "\x01" + key)},
      {"a short id", "n+530d903+" + ToBase64("\x01" + key)},
      {"a long id", "n+530d903a00+" + ToBase64("\x01" + key)},
      {"an id in upper case",
       absl::StrReplaceAll(kExampleKey, {{"530d903a", "530D903A"}})},
      {"an id of zeros", "n+00000000+" + ToBase64("\x01" + key)},
      {"an id that is no number", "n+NOTANUMB+" + ToBase64("\x01" + key)},
      {"base64 that is not canonical",
       std::string(kExampleKey).substr(0, 68) + "="},
      {"a space at the end", std::string(kExampleKey) + " "},
      {"a newline at the end", std::string(kExampleKey) + "\n"},
      {"type 2", KeyText("n", "\x02" + key)},
      {"type 5", KeyText("n", "\x05" + key)},
      {"type 255 without a name", KeyText("n", "\xff" + key)},
      {"a name of type that is not known",
       KeyText("n", "\xffgongkai.sm9" + Signer(kSm).vkey.key, kSm)},
      {"a key cut off", KeyText("n", "\x01" + key.substr(1))},
      {"a key too long", KeyText("n", "\x01" + key + "x")},
      {"no key", KeyText("n", "\x01")},
      {"a key of small order", KeyText("n", "\x01" + std::string(32, '\0'))},
      {"a key that is not canonical",
       KeyText("n", "\x01\xee" + std::string(30, '\xff') + "\x7f")},
      {"a point off the curve",
       KeyText("n", "\xffgongkai.sm2" + off_curve, kSm)},
      {"SM2 with an id of SHA-256",
       KeyText("n", "\xffgongkai.sm2" + Signer(kSm).vkey.key, kEd)}};
  for (const auto& [what, text] : table) {
    EXPECT_EQ(ParseVerifierKey(text).status().code(),
              StatusCode::kInvalidArgument)
        << what;
  }
  const SigningKey signing = SigningKey::Generate(kEd).value();
  for (const char* name : {"", "a b", "a+b", "a\n", "\xff"}) {
    EXPECT_EQ(VerifierKeyOf(signing, name, KeyUse::kSign).status().code(),
              StatusCode::kInvalidArgument);
  }
}

TEST(Checkpoints, AreReadAsTheyAreWritten) {
  const std::string root(32, '\x5a');
  const auto read = ParseCheckpoint(
      Checkpoint{"带空格 的+标识", 9223372036854775807, root}.ToText());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->origin, "带空格 的+标识");
  EXPECT_EQ(read->size, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(read->root, root);
  EXPECT_TRUE(ParseCheckpoint(CheckpointText() + "more\nand more\n").ok());
}

TEST(Checkpoints, ThatAreNoneAreRefused) {
  const std::string root = ToBase64(std::string(32, 'r')) + "\n";
  const std::pair<const char*, std::string> table[] = {
      {"nothing", ""},
      {"an origin alone", "log\n"},
      {"no root", "log\n5\n"},
      {"an empty origin", "\n5\n" + root},
      {"an empty line", "log\n5\n" + root + "\n"},
      {"an empty line in the middle", "log\n5\n" + root + "a\n\nb\n"},
      {"no newline at the end", "log\n5\n" + root.substr(0, 44)},
      {"a zero in front", "log\n05\n" + root},
      {"two zeros", "log\n00\n" + root},
      {"a plus", "log\n+5\n" + root},
      {"a minus", "log\n-5\n" + root},
      {"2^63", "log\n9223372036854775808\n" + root},
      {"2^64 and five", "log\n18446744073709551621\n" + root},
      {"an empty size", "log\n\n" + root},
      {"a space after the size", "log\n5 \n" + root},
      {"CRLF", "log\r\n5\r\n" + root.substr(0, 44) + "\r\n"},
      {"a short root", "log\n5\n" + ToBase64(std::string(31, 'r')) + "\n"},
      {"a long root", "log\n5\n" + ToBase64(std::string(33, 'r')) + "\n"},
      {"an empty root", "log\n5\n\n"},
      {"a root in hexadecimal",
       "log\n5\n" + ToHex(std::string(32, 'r')) + "\n"},
      {"a root with bits left over", "log\n5\n" + root.substr(0, 42) + "J=\n"}};
  for (const auto& [what, text] : table) {
    EXPECT_EQ(ParseCheckpoint(text).status().code(),
              StatusCode::kInvalidArgument)
        << what;
  }
}

TEST(Checkpoints, AreOpenedOnlyBySignaturesOfTheirLog) {
  const Signer log(kEd);
  const Signer stranger(kEd, "stranger.example");
  Note note{CheckpointText(), {}};
  stranger.Sign(note);
  EXPECT_EQ(
      OpenCheckpoint(note.ToText(), {log.vkey, stranger.vkey}).status().code(),
      StatusCode::kInvalidArgument);
  log.Sign(note);
  EXPECT_TRUE(OpenCheckpoint(note.ToText(), {log.vkey, stranger.vkey}).ok());
  EXPECT_FALSE(OpenCheckpoint(note.ToText(), {}).ok());
  // Signed, but no checkpoint.
  Note text{"text\n", {}};
  log.Sign(text);
  EXPECT_EQ(OpenCheckpoint(text.ToText(), {log.vkey}).status().code(),
            StatusCode::kInvalidArgument);
  // Two suites for one log.
  const Signer other(kSm);
  other.Sign(note);
  EXPECT_EQ(
      OpenCheckpoint(note.ToText(), {log.vkey, other.vkey}).status().code(),
      StatusCode::kInvalidArgument);
}

TEST_P(NotesOfSuite, ACheckpointOfTheEmptyTreeHasTheEmptyRoot) {
  const Signer log(GetParam());
  Note good{Checkpoint{"log.example/1", 0, EmptyRoot(GetParam())}.ToText(), {}};
  log.Sign(good);
  EXPECT_TRUE(OpenCheckpoint(good.ToText(), {log.vkey}).ok());
  Note bad{CheckpointText("log.example/1", 0), {}};
  log.Sign(bad);
  EXPECT_EQ(OpenCheckpoint(bad.ToText(), {log.vkey}).status().code(),
            StatusCode::kDataLoss);
}

}  // namespace
}  // namespace gongkai::audit
