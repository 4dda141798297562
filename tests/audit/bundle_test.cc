// SPDX-License-Identifier: Apache-2.0
// What an office that signs its own log could still hide in one event.
#include "services/audit/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/audit/encoding.h"

namespace gongkai::audit {
namespace {

using ::testing::HasSubstr;

v1::Event AnApplication() {
  v1::Event event;
  event.set_occurred_date("2024-03-01");
  event.mutable_received()->set_number("TEST-2024-00001");
  event.mutable_received()->mutable_applicant()->set_name("赵甲");
  return event;
}

// As the service seals it, whatever the two parts are.
BundleEvent Sealed(const std::string& body, const std::string& payload) {
  BundleEvent sealed;
  sealed.seq = 1;
  Record record;
  record.log_origin = "log";
  record.agency = "TEST";
  record.stream = "018f0000-0000-7000-8000-000000000001";
  record.seq = 1;
  record.event_type = v1::Event::kReceived;
  record.recorded_time = absl::FromUnixSeconds(1709280000);
  record.occurred_date = "2024-03-01";
  record.previous_hash = std::string(kHashBytes, '\0');
  record.private_commitment = std::string(kHashBytes, '\0');
  record.public_body = body;
  if (!payload.empty()) {
    sealed.has_private = true;
    sealed.salt = std::string(kHashBytes, 's');
    sealed.payload = payload;
    record.private_commitment = Commitment(record.suite, sealed.salt, payload);
  }
  sealed.record = Encode(record);
  return sealed;
}

// A field of text that the contract does not have, as it stands on the wire.
std::string UnknownField() {
  const std::string text = "nobody sees this";
  // Number 500, length-delimited.
  return std::string("\xa2\x1f") + static_cast<char>(text.size()) + text;
}

class OpenedEventTest : public ::testing::Test {
 protected:
  OpenedEventTest() : event_(AnApplication()) {
    payload_ = SplitPrivate(event_);
    body_ = event_.SerializeAsString();
  }
  v1::Event event_;
  std::string payload_;
  std::string body_;
};

TEST_F(OpenedEventTest, IsReadWithAndWithoutItsPrivatePart) {
  const auto whole = OpenEvent(Sealed(body_, payload_));
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->event.received().applicant().name(), "赵甲");
  const auto bare = OpenEvent(Sealed(body_, ""));
  ASSERT_TRUE(bare.ok()) << bare.status();
  EXPECT_EQ(bare->event.received().applicant().name(), "");
}

// One name where the private part is withheld, another where it is shown.
TEST_F(OpenedEventTest, HasNoPersonalTextInItsPublicPart) {
  event_.mutable_received()->mutable_applicant()->set_name("钱乙");
  for (const std::string& payload : {payload_, std::string()}) {
    const auto opened = OpenEvent(Sealed(event_.SerializeAsString(), payload));
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(opened.status().message()),
                HasSubstr("personal text"));
  }
}

TEST_F(OpenedEventTest, HasNoPublicFieldInItsPrivatePart) {
  v1::Event twin;
  ASSERT_TRUE(twin.ParseFromString(payload_));
  twin.set_occurred_date("2024-02-01");
  EXPECT_EQ(OpenEvent(Sealed(body_, twin.SerializeAsString())).status().code(),
            absl::StatusCode::kDataLoss);
}

// What the history cannot show is told and never passed as checked.
TEST_F(OpenedEventTest, HidesNothing) {
  v1::Event other;
  other.mutable_erased()->add_events(1);
  const std::string shadowed = other.SerializeAsString();
  v1::Event nested = event_;
  ASSERT_TRUE(nested.mutable_received()->MergeFromString(UnknownField()));
  for (const std::string& body :
       {body_ + UnknownField(), nested.SerializeAsString(), shadowed + body_,
        body_ + event_.SerializeAsString()}) {
    EXPECT_EQ(OpenEvent(Sealed(body, "")).status().code(),
              absl::StatusCode::kUnimplemented);
  }
  for (const std::string& payload :
       {payload_ + UnknownField(), payload_ + payload_}) {
    EXPECT_EQ(OpenEvent(Sealed(body_, payload)).status().code(),
              absl::StatusCode::kUnimplemented);
  }
}

}  // namespace
}  // namespace gongkai::audit
