// SPDX-License-Identifier: Apache-2.0
// The words of a history, and the lines of a bundle.
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/audit/bundle.h"
#include "services/audit/encoding.h"
#include "services/document/field_labels.h"
#include "services/document/history_text.h"
#include "services/document/plain_words.h"

namespace gongkai::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using ::testing::HasSubstr;
using ::testing::Not;

void ExpectLabels(const Descriptor& type, std::set<std::string>& seen) {
  if (!seen.insert(type.full_name()).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    EXPECT_NE(document::LabelOf(field), "") << field.full_name();
    if (field.message_type() != nullptr) {
      ExpectLabels(*field.message_type(), seen);
    }
  }
}

TEST(Labels, EveryFieldOfEveryEventHasOne) {
  std::set<std::string> seen;
  const auto& body = *v1::Event::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body.field_count(); ++i) {
    EXPECT_NE(document::EventTerm(body.field(i)->number()), "")
        << body.field(i)->name();
    ExpectLabels(*body.field(i)->message_type(), seen);
  }
  EXPECT_GT(seen.size(), 40u);
  EXPECT_EQ(document::EventTerm(99), "");
}

TEST(Words, AreShownAsTheyAre) {
  EXPECT_EQ(document::Visible("申请\n\t𠮷"), "申请\n\t𠮷");
  EXPECT_EQ(document::Visible("a\xE2\x80\xAE"
                              "b\x1b[2J\r\x7f"),
            "a［U+202E］b［U+001B］[2J［U+000D］［U+007F］");
  EXPECT_EQ(document::Visible(std::string("\0", 1)), "［U+0000］");
  EXPECT_EQ(document::Visible("\xff\xfe"), "［非文字：fffe］");
  // What has no width, and tags.
  EXPECT_EQ(document::Visible("a\xE2\x80\x8B"
                              "b\xC2\xAD"
                              "c\xF3\xA0\x80\xA1"),
            "a［U+200B］b［U+00AD］c［U+E0021］");
  EXPECT_EQ(document::ToHtml("<a href=\"x\" id='y'>&amp;"),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
}

audit::BundleEvent Contact(const std::string& note) {
  v1::Event event;
  event.mutable_contact_logged()->set_reached(true);
  event.set_occurred_date("2026-03-04");
  audit::Record record;
  record.event_type = v1::Event::kContactLogged;
  record.seq = 1;
  record.occurred_date = event.occurred_date();
  record.public_body = event.SerializeAsString();
  record.previous_hash = std::string(32, '\0');
  record.private_commitment = std::string(32, 'c');
  v1::Event twin;
  twin.mutable_contact_logged()->set_note(note);
  audit::BundleEvent made;
  made.seq = 1;
  made.record = audit::Encode(record);
  made.has_private = true;
  made.salt = std::string(32, 's');
  made.payload = twin.SerializeAsString();
  return made;
}

TEST(History, WordsOfOthersCannotPassForLinesOfIt) {
  const auto opened =
      audit::OpenEvent(Contact("甲\n第 2 号　签发\n<script>x</script>"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  document::History text(document::Form::kText);
  document::History page(document::Form::kHtml);
  std::string said = text.Add(*opened);
  said += text.Finish();
  EXPECT_THAT(said, Not(HasSubstr("\n第 2 号")));
  EXPECT_THAT(said, HasSubstr("│ 第 2 号　签发"));
  EXPECT_THAT(said, HasSubstr("以上共 1 号记录"));
  const std::string html = page.Add(*opened);
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

// Fills every field, lists with one, in the order of the contract.
void Fill(google::protobuf::Message& message) {
  const auto& r = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto* field = message.GetDescriptor()->field(i);
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(many ? *r.AddMessage(&message, field)
                  : *r.MutableMessage(&message, field));
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* value = field->enum_type()->value(1);
        many ? r.AddEnum(&message, field, value)
             : r.SetEnum(&message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        r.SetBool(&message, field, true);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        many ? r.AddInt32(&message, field, 7) : r.SetInt32(&message, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        many ? r.AddInt64(&message, field, 7) : r.SetInt64(&message, field, 7);
        break;
      default:
        many ? r.AddString(&message, field, "文")
             : r.SetString(&message, field, "文");
    }
  }
}

// A history that an office gave out years ago must still be made to the byte.
// When this fails, a word of it has changed: give kHistoryMark the next number,
// so that older bundles are not called altered, and write the new digest here.
// Only where nothing but a new kind of event, or a new field of one, was added
// the number may stay: what was recorded before has neither.
TEST(History, ChangesNoWordWithoutANewMark) {
  std::string all(document::kHistoryMark);
  for (const auto form : {document::Form::kText, document::Form::kHtml}) {
    document::History history(form);
    const auto& body = *v1::Event::descriptor()->FindOneofByName("body");
    for (int i = 0; i < body.field_count(); ++i) {
      for (const bool full : {false, true}) {
        audit::OpenedEvent opened;
        auto& message = *opened.event.GetReflection()->MutableMessage(
            &opened.event, body.field(i));
        if (full) Fill(message);
        opened.record.event_type = body.field(i)->number();
        opened.record.occurred_date = "2026-03-04";
        opened.record.actor.set_capacity(v1::HANDLER);
        opened.part = static_cast<audit::PrivatePart>(i % 4);
        all += history.Add(opened);
      }
    }
    all += history.Finish();
  }
  EXPECT_EQ(audit::ToHex(audit::Digest(audit::Suite::kSha256Ed25519, {all})),
            "841965250048e2215583e3a0866d428d6220e939748c1840605f79b43dd1ff37");
}

TEST(Event, ThatIsNotWhatItSaysIsNotOpened) {
  audit::BundleEvent event = Contact("甲");
  const audit::Record good = *audit::Decode(event.record);
  const auto code = [&](const audit::Record& record) {
    event.record = audit::Encode(record);
    return audit::OpenEvent(event).status().code();
  };
  EXPECT_EQ(code(good), absl::StatusCode::kOk);
  audit::Record bad = good;
  bad.event_type = 4;
  EXPECT_EQ(code(bad), absl::StatusCode::kDataLoss);
  bad.event_type = 100;
  EXPECT_EQ(code(bad), absl::StatusCode::kDataLoss);
  bad.event_type = 49;
  EXPECT_EQ(code(bad), absl::StatusCode::kUnimplemented);
  bad = good;
  bad.occurred_date = "2026-03-05";
  EXPECT_EQ(code(bad), absl::StatusCode::kDataLoss);
  bad = good;
  bad.public_body = "\xff";
  EXPECT_EQ(code(bad), absl::StatusCode::kDataLoss);
  // A private part of another kind would change what the event is.
  v1::Event twin;
  twin.mutable_signed_()->set_document_number("x");
  event.payload = twin.SerializeAsString();
  EXPECT_EQ(code(good), absl::StatusCode::kDataLoss);
}

TEST(Line, HasOneSpelling) {
  audit::BundleEvent event = Contact("甲");
  event.proof = {std::string(32, 'a'), std::string(32, 'b')};
  const std::string line = audit::ToBundleLine(event);
  ASSERT_TRUE(line.ends_with("}\n"));
  const std::string_view bare(line.data(), line.size() - 1);
  const auto read = audit::ParseBundleLine(bare);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(audit::ToBundleLine(*read), line);
  for (size_t n = 0; n < bare.size(); ++n) {
    EXPECT_FALSE(audit::ParseBundleLine(bare.substr(0, n)).ok()) << n;
  }
  EXPECT_FALSE(audit::ParseBundleLine(line).ok());
}

}  // namespace
}  // namespace gongkai::test
