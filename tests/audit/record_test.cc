// SPDX-License-Identifier: Apache-2.0
// The bytes of a record, its hashes, and the parting of personal text. The
// expected bytes and digests were made by other programs than ours.
#include "services/audit/record.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace gongkai::audit {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

std::string Hex(const std::string& bytes) {
  return absl::BytesToHexString(bytes);
}

Record ARecord() {
  Record r;
  r.log_origin = "log";
  r.agency = "TEST";
  r.stream = "018f0000-0000-7000-8000-000000000001";
  r.seq = 2;
  r.event_type = 4;
  r.event_id = "e";
  r.request_id = "q";
  r.actor.set_account("li");
  r.actor.set_person("p1");
  r.actor.set_capacity(v1::HANDLER);
  r.actor.set_on_behalf_of("wang");
  r.actor.set_sign_in("dev");
  r.recorded_time = absl::FromUnixMicros(1709280000123456);
  r.occurred_date = "2024-03-01";
  r.calendar_version = "1+0";
  r.rulebook_version = "r1";
  r.previous_hash = std::string(32, '\x11');
  r.private_commitment = std::string(32, '\x22');
  r.attachment_commitments = {std::string(32, '\x33'), std::string(32, '\x44')};
  r.public_body = "body";
  return r;
}

// Sets every field of a message, at every depth, to something that can be
// told apart; personal strings contain `<secret>`.
void FillAll(Message& message, const std::string& path) {
  const auto& to = *message.GetReflection();
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.containing_oneof() != nullptr) continue;
    const std::string here = absl::StrCat(path, ".", field.name());
    const bool personal = field.options().GetExtension(v1::rule).personal();
    const std::string text = (personal ? "<secret>" : "<open>") + here;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.is_repeated()) {
          to.AddString(&message, &field, text);
          to.AddString(&message, &field, text + "2");
        } else {
          to.SetString(&message, &field, text);
        }
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        to.SetBool(&message, &field, true);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        if (field.is_repeated()) {
          to.AddInt32(&message, &field, 7);
        } else {
          to.SetInt32(&message, &field, 7);
        }
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        if (field.is_repeated()) {
          to.AddInt64(&message, &field, 7);
        } else {
          to.SetInt64(&message, &field, 7);
        }
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        if (field.is_repeated()) {
          to.AddEnum(&message, &field, field.enum_type()->value(1));
        } else {
          to.SetEnum(&message, &field, field.enum_type()->value(1));
        }
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        FillAll(field.is_repeated() ? *to.AddMessage(&message, &field)
                                    : *to.MutableMessage(&message, &field),
                here);
        break;
      default:
        FAIL() << "a type of field that this test does not fill: " << here;
    }
  }
}

// Every event of the contract, filled to the brim.
void ForEveryEvent(const std::function<void(const v1::Event&)>& check) {
  const auto& bodies = *v1::Event::descriptor()->FindOneofByName("body");
  for (int i = 0; i < bodies.field_count(); ++i) {
    v1::Event event;
    event.set_occurred_date("2024-03-01");
    FillAll(*event.GetReflection()->MutableMessage(&event, bodies.field(i)),
            bodies.field(i)->name());
    check(event);
  }
}

TEST(RecordBytes, AreReadBackAsTheyWereWritten) {
  const auto read = Decode(Encode(ARecord()));
  ASSERT_TRUE(read.ok()) << read.status();
  const Record r = ARecord();
  EXPECT_EQ(read->suite, r.suite);
  EXPECT_EQ(read->log_origin, r.log_origin);
  EXPECT_EQ(read->agency, r.agency);
  EXPECT_EQ(read->stream, r.stream);
  EXPECT_EQ(read->seq, r.seq);
  EXPECT_EQ(read->event_type, r.event_type);
  EXPECT_EQ(read->event_id, r.event_id);
  EXPECT_EQ(read->request_id, r.request_id);
  EXPECT_TRUE(MessageDifferencer::Equals(read->actor, r.actor));
  EXPECT_EQ(read->recorded_time, r.recorded_time);
  EXPECT_EQ(read->occurred_date, r.occurred_date);
  EXPECT_EQ(read->calendar_version, r.calendar_version);
  EXPECT_EQ(read->rulebook_version, r.rulebook_version);
  EXPECT_EQ(read->previous_hash, r.previous_hash);
  EXPECT_EQ(read->private_commitment, r.private_commitment);
  EXPECT_EQ(read->attachment_commitments, r.attachment_commitments);
  EXPECT_EQ(read->public_body, r.public_body);
  EXPECT_EQ(Encode(*read), Encode(r));
}

// A change of these bytes is a new format, never a change of this one.
TEST(RecordBytes, OfFormatOneNeverChange) {
  EXPECT_EQ(Hex(Encode(ARecord())),
            "0101000000036c6f6700000004544553540000002430313866303030302d3030"
            "30302d373030302d383030302d30303030303030303030303100000000000000"
            "02000000000000000400000001650000000171000000026c6900000002703100"
            "000000000000010000000477616e670000000364657600061294c33aa2400000"
            "000a323032342d30332d303100000003312b3000000002723100000020111111"
            "1111111111111111111111111111111111111111111111111111111111000000"
            "2022222222222222222222222222222222222222222222222222222222222222"
            "2200000002333333333333333333333333333333333333333333333333333333"
            "3333333333444444444444444444444444444444444444444444444444444444"
            "444444444400000004626f6479");
}

TEST(RecordBytes, EveryTruncationIsAnErrorAndNoCrash) {
  const std::string bytes = Encode(ARecord());
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_EQ(Decode(bytes.substr(0, n)).status().code(),
              absl::StatusCode::kDataLoss)
        << n;
  }
}

TEST(RecordBytes, BytesLeftOverAreAnError) {
  EXPECT_EQ(Decode(Encode(ARecord()) + '\0').status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(RecordBytes, AnUnknownFormatIsAnError) {
  for (const char format : {'\0', '\2', '\xff'}) {
    std::string bytes = Encode(ARecord());
    bytes[0] = format;
    EXPECT_EQ(Decode(bytes).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(RecordBytes, AnUnknownSuiteIsAnError) {
  for (const char suite : {'\0', '\3', '\xff'}) {
    std::string bytes = Encode(ARecord());
    bytes[1] = suite;
    const auto read = Decode(bytes);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_NE(read.status().message().find("unknown suite"), std::string::npos);
  }
}

TEST(RecordBytes, AHashThatIsNotOf32BytesIsAnError) {
  for (const size_t size : {0u, 31u, 33u}) {
    Record r = ARecord();
    r.previous_hash.assign(size, '\x11');
    EXPECT_FALSE(Decode(Encode(r)).ok()) << size;
    r = ARecord();
    r.private_commitment.assign(size, '\x22');
    EXPECT_FALSE(Decode(Encode(r)).ok()) << size;
  }
}

// Whatever the bytes, what is read would be written the same way again: two
// byte forms never mean the same record.
TEST(RecordBytes, EveryChangedByteIsAnErrorOrAnotherRecord) {
  const std::string bytes = Encode(ARecord());
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const int change : {1, 128, 255}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ change);
      const auto read = Decode(changed);
      if (!read.ok()) {
        EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
      } else {
        EXPECT_EQ(Hex(Encode(*read)), Hex(changed)) << "byte " << i;
      }
    }
  }
}

TEST(RecordBytes, EveryFieldCounts) {
  const std::string plain = Encode(ARecord());
  const std::vector<std::function<void(Record&)>> changes = {
      [](Record& r) { r.suite = Suite::kSm3Sm2; },
      [](Record& r) { r.log_origin += "x"; },
      [](Record& r) { r.agency += "x"; }, [](Record& r) { r.stream += "x"; },
      [](Record& r) { ++r.seq; }, [](Record& r) { ++r.event_type; },
      [](Record& r) { r.event_id += "x"; },
      [](Record& r) { r.request_id += "x"; },
      [](Record& r) { r.actor.set_account("x"); },
      [](Record& r) { r.actor.set_person("x"); },
      [](Record& r) { r.actor.set_capacity(v1::CLOCK); },
      [](Record& r) { r.actor.set_on_behalf_of("x"); },
      [](Record& r) { r.actor.set_sign_in("x"); },
      [](Record& r) { r.recorded_time += absl::Microseconds(1); },
      [](Record& r) { r.occurred_date = "2024-03-02"; },
      [](Record& r) { r.calendar_version += "x"; },
      [](Record& r) { r.rulebook_version += "x"; },
      [](Record& r) { r.previous_hash[31] = 'x'; },
      [](Record& r) { r.private_commitment[0] = 'x'; },
      [](Record& r) { r.attachment_commitments.pop_back(); },
      [](Record& r) { r.public_body += "x"; },
      // Text moved from one field to its neighbour.
      [](Record& r) {
        r.event_id = "eq";
        r.request_id = "";
      }};
  std::set<std::string> all = {plain};
  for (size_t i = 0; i < changes.size(); ++i) {
    Record r = ARecord();
    changes[i](r);
    EXPECT_TRUE(all.insert(Encode(r)).second) << "change " << i;
  }
}

TEST(Hashes, HaveDomainsOfTheirOwn) {
  // sha256(02 || "abc"), sha256(00 || "abc"), sha256("pc1" "salt" "abc").
  EXPECT_EQ(Hex(EventHash("abc")),
            "909ac45e439911193205994d09399c29fede977ab212605f29ead5250a812e73");
  EXPECT_EQ(Hex(LeafHash("abc")),
            "609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1");
  EXPECT_EQ(Hex(Commitment(Suite::kSha256Ed25519, "salt", "abc")),
            "ae611e8b395d3db1e1c5dfd194829abf16b7890aeca0707ce4e478c3b511d659");
  // The leaf of the empty record, as RFC 6962 gives it.
  EXPECT_EQ(Hex(LeafHash("")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

// The last digest was made by another program.
TEST(Hashes, AreOfTheSuiteThatTheRecordNames) {
  Record r = ARecord();
  const std::string plain = Encode(r);
  r.suite = Suite::kSm3Sm2;
  const std::string record = Encode(r);
  EXPECT_EQ(record.substr(2), plain.substr(2));
  EXPECT_EQ(EventHash(record),
            Digest(Suite::kSm3Sm2, {std::string_view("\x02", 1), record}));
  EXPECT_EQ(LeafHash(record),
            Digest(Suite::kSm3Sm2, {std::string_view("\x00", 1), record}));
  EXPECT_EQ(LeafHash(plain), Digest(Suite::kSha256Ed25519,
                                    {std::string_view("\x00", 1), plain}));
  EXPECT_NE(Commitment(Suite::kSm3Sm2, "salt", "abc"),
            Commitment(Suite::kSha256Ed25519, "salt", "abc"));
  EXPECT_EQ(Hex(Commitment(Suite::kSm3Sm2, "salt", "abc")),
            "36098c8df74f819b9caea0622fbe30673f0efe9392e85d11d42f8999d9410d42");
}

TEST(Hashes, TheCommitmentChangesWithSaltAndText) {
  EXPECT_NE(Commitment(Suite::kSha256Ed25519, "salt", "abc"),
            Commitment(Suite::kSha256Ed25519, "salt", "abd"));
  EXPECT_NE(Commitment(Suite::kSha256Ed25519, "salt", "abc"),
            Commitment(Suite::kSha256Ed25519, "sale", "abc"));
}

TEST(Hashes, TheShortMacIsCutFromHmac) {
  // RFC 4231, case 2.
  EXPECT_EQ(Hex(ShortMac("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c7");
}

TEST(PersonalText, IsSplitOffAndPutBack) {
  v1::Event event;
  event.set_occurred_date("2024-03-01");
  v1::Application& a = *event.mutable_received();
  a.set_applicant_kind(v1::NATURAL_PERSON);
  a.set_channel(v1::IN_PERSON);
  a.mutable_applicant()->set_name("赵甲");
  a.mutable_applicant()->set_identity_kind(v1::RESIDENT_ID);
  a.mutable_applicant()->set_identity_number("110101199003070038");
  a.mutable_agent()->set_name("钱乙");
  a.set_content("某文件");
  a.set_number("TEST-2024-00001");
  const v1::Event whole = event;

  const std::string payload = SplitPrivate(event);
  const v1::Application& left = event.received();
  EXPECT_EQ(left.applicant().name(), "");
  EXPECT_EQ(left.applicant().identity_number(), "");
  EXPECT_EQ(left.agent().name(), "");
  EXPECT_EQ(left.content(), "");
  EXPECT_EQ(left.applicant_kind(), v1::NATURAL_PERSON);
  EXPECT_EQ(left.applicant().identity_kind(), v1::RESIDENT_ID);
  EXPECT_EQ(left.number(), "TEST-2024-00001");

  ASSERT_TRUE(MergePrivate(payload, event).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(event, whole));
}

TEST(PersonalText, OfEveryEventIsSplitOffAndPutBack) {
  int split = 0;
  ForEveryEvent([&](const v1::Event& whole) {
    v1::Event event = whole;
    const std::string payload = SplitPrivate(event);
    const std::string left = event.SerializeAsString();
    EXPECT_EQ(left.find("<secret>"), std::string::npos) << event.DebugString();
    EXPECT_EQ(payload.find("<open>"), std::string::npos);
    EXPECT_EQ(payload.empty(),
              whole.SerializeAsString().find("<secret>") == std::string::npos)
        << whole.DebugString();
    if (!payload.empty()) ++split;
    ASSERT_TRUE(MergePrivate(payload, event).ok());
    EXPECT_TRUE(MessageDifferencer::Equals(event, whole))
        << whole.DebugString();
  });
  EXPECT_GT(split, 20);
}

TEST(PersonalText, APrivatePartThatCannotBeReadIsAnError) {
  v1::Event event;
  EXPECT_EQ(MergePrivate("\xff\xff\xff", event).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(MergePrivate("", event).ok());
}

// What is kept apart is personal text and nothing else: a date or a word of the
// clear part would be shown and never be counted.
TEST(PersonalText, APrivatePartSetsNothingThatIsPublic) {
  v1::Event event;
  event.set_occurred_date("2024-03-01");
  event.mutable_received()->set_number("TEST-2024-00001");
  event.mutable_received()->mutable_applicant()->set_name("赵甲");
  const v1::Event whole = event;
  const std::string payload = SplitPrivate(event);
  const std::vector<std::function<void(v1::Event&)>> changes = {
      [](v1::Event& e) { e.set_occurred_date("2024-02-01"); },
      [](v1::Event& e) { e.mutable_received()->set_number("TEST-2024-2"); },
      [](v1::Event& e) { e.mutable_received()->set_channel(v1::EMAIL); },
      // That there is an agent is public; so is what happened.
      [](v1::Event& e) { e.mutable_received()->mutable_agent(); },
      [](v1::Event& e) {
        e.mutable_received()->mutable_agent()->set_name("钱乙");
      },
      [](v1::Event& e) { e.mutable_erased()->add_events(1); }};
  for (size_t i = 0; i < changes.size(); ++i) {
    v1::Event twin;
    ASSERT_TRUE(twin.ParseFromString(payload));
    changes[i](twin);
    v1::Event into = event;
    EXPECT_EQ(MergePrivate(twin.SerializeAsString(), into).code(),
              absl::StatusCode::kDataLoss)
        << "change " << i;
    EXPECT_TRUE(MessageDifferencer::Equals(into, event)) << "change " << i;
  }
  // Text in the clear part would be another where the private part is shown.
  v1::Event both = whole;
  EXPECT_EQ(MergePrivate(payload, both).code(), absl::StatusCode::kDataLoss);
  ASSERT_TRUE(MergePrivate(payload, event).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(event, whole));
}

// Putting personal text back into a repeated message would need its place.
TEST(PersonalText, NoRepeatedMessageOfAnyEventHoldsIt) {
  std::set<const Descriptor*> seen;
  const std::function<void(const Descriptor&, bool)> walk =
      [&](const Descriptor& type, bool repeated) {
        if (!seen.insert(&type).second && !repeated) return;
        for (int i = 0; i < type.field_count(); ++i) {
          const FieldDescriptor& field = *type.field(i);
          if (field.options().GetExtension(v1::rule).personal()) {
            EXPECT_FALSE(repeated) << field.full_name();
            EXPECT_EQ(field.cpp_type(), FieldDescriptor::CPPTYPE_STRING)
                << field.full_name();
          }
          if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            walk(*field.message_type(), repeated || field.is_repeated());
          }
        }
      };
  walk(*v1::Event::descriptor(), false);
  EXPECT_GT(seen.size(), 40u);
}

}  // namespace
}  // namespace gongkai::audit
