// SPDX-License-Identifier: Apache-2.0
// Bundles that were altered, as both verifiers see them.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/audit/suite.h"
#include "tests/evidence/bundle_copy.h"
#include "tests/evidence/evidence_house.h"

namespace gongkai::test {
namespace {

using audit::BundleEvent;
using Lines = std::vector<std::string>;

// A name, what is done, and the exit of both verifiers. The second one does not
// make the histories again: where only they give it away its own exit stands
// last.
struct Alteration {
  std::string name;
  std::function<void(const BundleCopy&)> alter;
  int exit;
  int second = -1;
};

// Another value of the same length and alphabet.
void Spoil(std::string& bytes, size_t at) {
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
}

std::function<void(const BundleCopy&)> OfEvent(
    int seq, std::function<void(BundleEvent&)> change) {
  return [seq, change = std::move(change)](const BundleCopy& copy) {
    copy.Event(seq, change);
  };
}
std::function<void(const BundleCopy&)> OfRecord(
    int seq, std::function<void(audit::Record&)> change) {
  return [seq, change = std::move(change)](const BundleCopy& copy) {
    copy.Record(seq, change);
  };
}
std::function<void(const BundleCopy&)> OfLines(
    std::function<void(Lines&)> change) {
  return [change = std::move(change)](const BundleCopy& copy) {
    copy.Lines(change);
  };
}
std::function<void(const BundleCopy&)> OfText(std::string name,
                                              std::string from,
                                              std::string to) {
  return [=](const BundleCopy& copy) { copy.Replace(name, from, to); };
}
std::function<void(const BundleCopy&)> Without(std::string name) {
  return [=](const BundleCopy& copy) { copy.Remove(name); };
}

std::vector<Alteration> LinesAltered() {
  return {
      {"a line is missing", OfLines([](Lines& l) { l.erase(l.begin() + 5); }),
       1},
      {"the first line is missing",
       OfLines([](Lines& l) { l.erase(l.begin()); }), 1},
      {"the last line is missing", OfLines([](Lines& l) { l.pop_back(); }), 1},
      {"the last lines are missing, erasure and erased text alike",
       OfLines([](Lines& l) { l.resize(2); }), 1, 0},
      {"a line twice", OfLines([](Lines& l) { l.insert(l.begin() + 4, l[4]); }),
       1},
      {"two lines changed places",
       OfLines([](Lines& l) { std::swap(l[6], l[7]); }), 1},
      {"a seq", OfEvent(4, [](BundleEvent& e) { ++e.seq; }), 1},
      {"an index", OfEvent(4, [](BundleEvent& e) { ++e.index; }), 1},
      {"an index before the last",
       OfEvent(4, [](BundleEvent& e) { e.index = 0; }), 1},
      {"an index beyond the log",
       OfEvent(14, [](BundleEvent& e) { e.index = INT64_MAX; }), 1},
      {"a proof too short",
       OfEvent(4, [](BundleEvent& e) { e.proof.pop_back(); }), 1},
      {"a proof too long",
       OfEvent(4,
               [](BundleEvent& e) { e.proof.push_back(std::string(32, 'x')); }),
       1},
      {"no proof", OfEvent(4, [](BundleEvent& e) { e.proof.clear(); }), 1},
      {"a hash of a proof",
       OfEvent(4, [](BundleEvent& e) { Spoil(e.proof[0], 7); }), 1},
      {"proofs changed places",
       [](const BundleCopy& c) {
         c.Two(4, 5, [](auto& a, auto& b) { std::swap(a.proof, b.proof); });
       },
       1},
      {"records changed places",
       [](const BundleCopy& c) {
         c.Two(7, 8, [](auto& a, auto& b) { std::swap(a.record, b.record); });
       },
       1},
      {"no record", OfEvent(4, [](BundleEvent& e) { e.record.clear(); }), 1},
      {"a record cut short",
       OfEvent(4, [](BundleEvent& e) { e.record.pop_back(); }), 1},
      {"a record with a byte more",
       OfEvent(4, [](BundleEvent& e) { e.record += 'x'; }), 1},
      {"a record of another format",
       OfEvent(4, [](BundleEvent& e) { e.record[0] = 2; }), 1},
      {"a record of another suite",
       OfEvent(4, [](BundleEvent& e) { e.record[1] ^= 3; }), 1},
  };
}

std::vector<Alteration> TextAltered() {
  return {
      {"salts changed places",
       [](const BundleCopy& c) {
         c.Two(4, 5, [](auto& a, auto& b) { std::swap(a.salt, b.salt); });
       },
       1},
      {"private parts changed places",
       [](const BundleCopy& c) {
         c.Two(4, 5, [](auto& a, auto& b) {
           std::swap(a.salt, b.salt);
           std::swap(a.payload, b.payload);
         });
       },
       1},
      {"a letter of a private part",
       OfEvent(1, [](BundleEvent& e) { Spoil(e.payload, 40); }), 1},
      {"a private part is left out",
       OfEvent(1, [](BundleEvent& e) { e.has_private = false; }), 1, 0},
      {"a private part where none was",
       OfEvent(2,
               [](BundleEvent& e) {
                 e.has_private = true;
                 e.salt = std::string(32, 's');
                 e.payload = "";
               }),
       1},
      {"a private part where it was erased",
       OfEvent(3,
               [](BundleEvent& e) {
                 e.has_private = true;
                 e.salt = std::string(32, 's');
                 e.payload = "";
               }),
       1},
      {"erased without an erasure",
       OfEvent(1,
               [](BundleEvent& e) {
                 e.has_private = false;
                 e.erased = true;
               }),
       1},
      {"erased where nothing was",
       OfEvent(2, [](BundleEvent& e) { e.erased = true; }), 1},
      {"the mark of an erasure is left out",
       OfEvent(3, [](BundleEvent& e) { e.erased = false; }), 1, 0},
  };
}

std::vector<Alteration> RecordsAltered() {
  using audit::Record;
  return {
      {"origin", OfRecord(4, [](Record& r) { r.log_origin += "x"; }), 1},
      {"agency", OfRecord(4, [](Record& r) { r.agency = "COURT"; }), 1},
      {"stream", OfRecord(4, [](Record& r) { r.stream[0] = 'f'; }), 1},
      {"number", OfRecord(4, [](Record& r) { r.seq = 5; }), 1},
      {"type", OfRecord(4, [](Record& r) { r.event_type = 7; }), 1},
      {"unknown type", OfRecord(4, [](Record& r) { r.event_type = 99; }), 1},
      {"event id", OfRecord(4, [](Record& r) { r.event_id[35] ^= 1; }), 1},
      {"request id", OfRecord(4, [](Record& r) { r.request_id[35] ^= 1; }), 1},
      {"account", OfRecord(4, [](Record& r) { r.actor.set_account("other"); }),
       1},
      {"person", OfRecord(4, [](Record& r) { r.actor.set_person("other"); }),
       1},
      {"capacity",
       OfRecord(4, [](Record& r) { r.actor.set_capacity(v1::SIGNER); }), 1},
      {"on behalf of",
       OfRecord(4, [](Record& r) { r.actor.set_on_behalf_of("x"); }), 1},
      {"sign-in", OfRecord(4, [](Record& r) { r.actor.set_sign_in("x"); }), 1},
      {"time",
       OfRecord(4, [](Record& r) { r.recorded_time -= absl::Seconds(1); }), 1},
      {"time by a year",
       OfRecord(4, [](Record& r) { r.recorded_time -= absl::Hours(24 * 365); }),
       1},
      {"day", OfRecord(4, [](Record& r) { r.occurred_date = "2020-01-01"; }),
       1},
      {"calendar", OfRecord(4, [](Record& r) { r.calendar_version = "9+9"; }),
       1},
      {"rulebook", OfRecord(4, [](Record& r) { r.rulebook_version = "x"; }), 1},
      {"previous hash",
       OfRecord(4, [](Record& r) { Spoil(r.previous_hash, 3); }), 1},
      {"commitment",
       OfRecord(4, [](Record& r) { Spoil(r.private_commitment, 3); }), 1},
      {"attachments",
       OfRecord(4,
                [](Record& r) {
                  r.attachment_commitments.push_back(std::string(32, 'x'));
                }),
       1},
      {"body", OfRecord(9, [](Record& r) { Spoil(r.public_body, 8); }), 1},
      {"no body", OfRecord(4, [](Record& r) { r.public_body.clear(); }), 1},
  };
}

std::vector<Alteration> Malformed() {
  const char* const events = "events.jsonl";
  return {
      {"no events.jsonl", Without(events), 2},
      {"an empty one", [=](const BundleCopy& c) { c.Write(events, ""); }, 2},
      {"a folder in its place",
       [=](const BundleCopy& c) {
         c.Remove(events);
         std::filesystem::create_directory(c.Path(events));
       },
       2},
      {"a link in its place",
       [=](const BundleCopy& c) {
         std::filesystem::rename(c.Path(events), c.folder() + ".moved");
         std::filesystem::create_symlink(c.folder() + ".moved", c.Path(events));
       },
       2},
      {"a pipe in its place",
       [=](const BundleCopy& c) {
         c.Remove(events);
         ASSERT_EQ(mkfifo(c.Path(events).c_str(), 0600), 0);
       },
       2},
      {"no newline at the end",
       [=](const BundleCopy& c) {
         c.Change(events, [](std::string& text) { text.pop_back(); });
       },
       2},
      {"CRLF",
       [=](const BundleCopy& c) {
         c.Change(events, [](std::string& text) {
           text = absl::StrReplaceAll(text, {{"\n", "\r\n"}});
         });
       },
       2},
      {"an empty line", OfLines([](Lines& l) { l.insert(l.begin(), ""); }), 2},
      {"a blank in a line", OfText(events, "{\"seq\":1,", "{\"seq\": 1,"), 2},
      {"a leading zero", OfText(events, "{\"seq\":2,", "{\"seq\":02,"), 2},
      {"a sign", OfText(events, "{\"seq\":2,", "{\"seq\":+2,"), 2},
      {"2^63", OfText(events, "{\"seq\":2,", "{\"seq\":9223372036854775808,"),
       2},
      {"a key more", OfText(events, "{\"seq\":2,", "{\"seq\":2,\"x\":1,"), 2},
      {"a key twice", OfText(events, "{\"seq\":2,", "{\"seq\":2,\"seq\":2,"),
       2},
      {"erased is false", OfText(events, "\"erased\":true", "\"erased\":false"),
       2},
      {"base64 that is not canonical",
       [=](const BundleCopy& c) {
         c.Change(events, [](std::string& text) {
           const size_t at = text.find("=\"");
           ASSERT_NE(at, std::string::npos);
           ++text[at - 1];
         });
       },
       2},
      {"a hash of 31 bytes",
       OfEvent(2, [](BundleEvent& e) { e.proof[0].pop_back(); }), 2},
      {"a proof of 65 hashes",
       OfEvent(
           2, [](BundleEvent& e) { e.proof.resize(65, std::string(32, 'x')); }),
       2},
      {"a salt of 31 bytes",
       OfEvent(1, [](BundleEvent& e) { e.salt.pop_back(); }), 2},
      {"a malformed line after an altered one", OfLines([](Lines& l) {
         l.erase(l.begin() + 1);
         l.back() = "{}";
       }),
       1},
  };
}

std::vector<Alteration> NotesAltered() {
  // Another letter of the base64 in which a signature stands.
  const auto flip = [](const char* name, size_t from_end) {
    return [=](const BundleCopy& c) {
      c.Change(name, [=](std::string& text) {
        char& letter = text.at(text.size() - from_end);
        letter = letter == 'A' ? 'B' : 'A';
      });
    };
  };
  return {
      {"no checkpoint", Without("checkpoint"), 2},
      {"an empty checkpoint",
       [](const BundleCopy& c) { c.Write("checkpoint", ""); }, 2},
      {"another origin",
       OfText("checkpoint", "gov.example.cn/gongkai\n",
              "gov.example.cn/gongkaj\n"),
       1},
      {"a line more", OfText("checkpoint", "\n\n", "\nmore\n\n"), 1},
      {"a signature by somebody unknown",
       OfText("checkpoint", "— gov.", "— com."), 2},
      {"a signature", flip("checkpoint", 60), 1},
      {"no signature",
       [](const BundleCopy& c) {
         c.Change("checkpoint", [](std::string& text) {
           text.resize(text.find("\n\n") + 2);
         });
       },
       2},
      {"CRLF in the checkpoint",
       [](const BundleCopy& c) {
         c.Change("checkpoint", [](std::string& text) {
           text = absl::StrReplaceAll(text, {{"\n", "\r\n"}});
         });
       },
       2},
      {"no witness note", Without("witness"), 2},
      {"a cosignature", flip("witness/01.note", 60), 1},
      {"a witness note cut short",
       [](const BundleCopy& c) {
         c.Change("witness/01.note", [](std::string& t) { t.resize(50); });
       },
       2},
      {"a witness note that is none",
       [](const BundleCopy& c) { c.Write("witness/16.note", "x"); }, 2},
      {"a link for a witness note",
       [](const BundleCopy& c) {
         std::filesystem::create_symlink("01.note", c.Path("witness/02.note"));
       },
       2},
      {"no history.txt", Without("history.txt"), 2},
      {"no history.html", Without("history.html"), 2},
      {"a letter of history.txt", OfText("history.txt", "档案室", "档案馆"), 1,
       0},
      {"a letter of history.html", OfText("history.html", "档案室", "档案馆"),
       1, 0},
      {"history.txt goes on",
       [](const BundleCopy& c) {
         c.Change("history.txt", [](std::string& text) { text += "\n"; });
       },
       1, 0},
      {"history.txt is cut short",
       [](const BundleCopy& c) {
         c.Change("history.txt", [](std::string& text) { text.pop_back(); });
       },
       1, 0},
      {"an empty history.html",
       [](const BundleCopy& c) { c.Write("history.html", ""); }, 1, 0},
      {"a history of another form",
       OfText("history.txt", "gongkai-history 1", "gongkai-history 9"), 2, 0},
      {"another ledger",
       [](const BundleCopy& c) { c.Write("ledger.txt", "x"); }, 0},
      {"no README.txt", Without("README.txt"), 0},
      {"a file that belongs to no bundle",
       [](const BundleCopy& c) { c.Write("..\n\x1b[2J", "x"); }, 0},
      {"nothing at all", [](const BundleCopy&) {}, 0},
  };
}

class AlteredBundle : public ::testing::TestWithParam<const char*> {
 protected:
  EvidenceHouse& home() { return EvidenceHouse::Of(GetParam()); }

  void ExpectAll(const std::vector<Alteration>& alterations) {
    for (const Alteration& one : alterations) {
      SCOPED_TRACE(one.name);
      const BundleCopy copy(home().erased(), home().NewFolder());
      one.alter(copy);
      const Finished first = home().Verify(copy.folder());
      EXPECT_EQ(first.exit, one.exit) << first.out << first.err;
      EXPECT_EQ(first.err, "");
      const Finished second = home().VerifyPy(copy.folder());
      EXPECT_EQ(second.exit, one.second < 0 ? one.exit : one.second)
          << second.out << second.err;
      EXPECT_EQ(second.err, "");
    }
  }
};

TEST_P(AlteredBundle, Lines) { ExpectAll(LinesAltered()); }
TEST_P(AlteredBundle, PersonalText) { ExpectAll(TextAltered()); }
TEST_P(AlteredBundle, Records) { ExpectAll(RecordsAltered()); }
TEST_P(AlteredBundle, Form) { ExpectAll(Malformed()); }
TEST_P(AlteredBundle, NotesAndHistories) { ExpectAll(NotesAltered()); }

// Every byte that is read counts: a flipped bit anywhere is never sound.
// GONGKAI_BITS sets how many are flipped.
TEST_P(AlteredBundle, AnyBit) {
  const char* asked = std::getenv("GONGKAI_BITS");
  const int bits = asked == nullptr ? 60 : std::atoi(asked);
  ASSERT_GT(bits, 0);
  std::mt19937_64 chance(20081001);
  const std::vector<std::string> names = {
      "checkpoint",   "events.jsonl", "events.jsonl",   "events.jsonl",
      "history.html", "history.txt",  "witness/01.note"};
  for (int i = 0; i < bits; ++i) {
    const BundleCopy copy(home().erased(), home().NewFolder());
    const std::string& name = names[chance() % names.size()];
    size_t at = 0;
    copy.Change(name, [&](std::string& text) {
      at = chance() % text.size();
      text[at] = static_cast<char>(text[at] ^ (1 << chance() % 8));
    });
    SCOPED_TRACE(absl::StrCat(name, " at ", at, ", turn ", i));
    const Finished first = home().Verify(copy.folder());
    EXPECT_TRUE(first.exit == 1 || first.exit == 2) << first.out << first.err;
    if (i % 3 != 0) continue;
    const Finished second = home().VerifyPy(copy.folder());
    EXPECT_EQ(second.exit, name.starts_with("history") ? 0 : first.exit)
        << first.out << second.out << second.err;
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, AlteredBundle,
                         ::testing::Values("sha256-ed25519", "sm3-sm2"),
                         [](const auto& suite) {
                           return std::string(suite.param) == "sm3-sm2"
                                      ? "Sm"
                                      : "Sha256";
                         });

}  // namespace
}  // namespace gongkai::test
