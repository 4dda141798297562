// SPDX-License-Identifier: Apache-2.0
// State secrets at the door (保守国家秘密法): what bears the mark is refused
// wherever a text is taken, and only that.

#include "services/base/secrecy.h"

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/api/validate.h"
#include "services/audit/record.h"
#include "services/base/refusal.h"
#include "tests/support/temp_postgres.h"
#include "tests/walls/wall_house.h"

namespace gongkai {
namespace {

using test::Details;
using test::TempPostgres;
using test::TestService;
using testing::HasSubstr;
using testing::Not;

struct Marked {
  const char* text;
  bool bears;
};

const Marked kTexts[] = {
    {"机密★10年", true},
    {"绝密★", true},
    {"秘密★", true},
    {"附件：秘密★6个月 关于某事的函", true},
    {"机 密 ★ 长期", true},
    {"机　密★1年", true},         // as it is set on paper: a full blank between
    {"绝密\xc2\xa0★30年", true},  // a blank that does not break
    {"秘密\xe2\x80\x8b★", true},  // a blank without width
    {"機密★", true},
    {"密级：绝密 ★", true},
    {"保守商业秘密", false},
    {"国家秘密", false},
    {"申请公开贵机关定密情况：绝密、机密、秘密各几件", false},
    {"★机密", false},
    {"重点★秘密", false},
    {"保守商业秘密\n★ 重点提示", false},
    {"内部★10年", false},
    {"密★", false},
    {"机密*10年", false},
    {"机密☆10年", false},
    {"秘密。★", false},
    {"★★★★★", false},
    {"", false},
};

TEST(Secrecy, TheMarkIsFoundAndNothingLikeIt) {
  for (const Marked& one : kTexts) {
    EXPECT_EQ(BearsSecrecyMark(one.text), one.bears) << one.text;
  }
}

// Every free text of every request of the contract.
TEST(Secrecy, EveryFreeTextIsLookedAtAndNamed) {
  int fields = 0;
  for (const auth::MethodRow& row : auth::Methods()) {
    for (int skip = 0;; ++skip) {
      const auto request = test::RequestOf(row);
      int seen = 0;
      bool marked = false;
      test::Fill(
          *request,
          [&](const v1::FieldRule& rule) -> std::string {
            if (rule.personal() && !rule.secret() && seen++ == skip) {
              marked = true;
              return "机密★5年";
            }
            return rule.secret() ? "绝密★" : test::FittingText(rule);
          },
          [](const v1::FieldRule&) { return true; });
      if (!marked) break;
      const auto refusal = RefusalOf(api::Validate(*request));
      ASSERT_TRUE(refusal.has_value()) << row.method << " " << skip;
      EXPECT_EQ(refusal->reason(), v1::STATE_SECRET_AT_DOOR)
          << row.method << " " << refusal->field();
      EXPECT_NE(refusal->field(), "");
      EXPECT_THAT(refusal->ShortDebugString(), Not(HasSubstr("★")));
      ++fields;
    }
  }
  EXPECT_GT(fields, 15);
}

class AtTheDoor : public ::testing::Test {
 protected:
  std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service_.database()), sql);
  }
  // The newest record of access.
  std::pair<audit::Record, v1::Access> Newest() {
    const auto record = audit::Decode(
        absl::HexStringToBytes(Ask("SELECT encode(record, 'hex') FROM access "
                                   "ORDER BY recorded_time DESC LIMIT 1")));
    EXPECT_TRUE(record.ok());
    v1::Event event;
    EXPECT_TRUE(event.ParseFromString(record->public_body));
    return {*record, event.accessed()};
  }
  TestService service_;
};

TEST_F(AtTheDoor, ItIsRefusedWithAdviceAndRecordedWithoutAWord) {
  v1::ReceiveApplicationRequest request =
      service_.Application("随附件：绝密★长期 某某方案");
  grpc::ClientContext context;
  TestService::Identify({"li", "handler"}, context);
  v1::ReceiveApplicationResponse response;
  const grpc::Status status =
      service_.cases().ReceiveApplication(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  const auto told = Details(status);
  EXPECT_EQ(told.reason, "STATE_SECRET_AT_DOOR");
  EXPECT_EQ(told.metadata.at("article"), "保守国家秘密法 31");
  EXPECT_THAT(told.sentence, HasSubstr("classified channel"));
  EXPECT_THAT(status.error_details(), Not(HasSubstr("某某方案")));
  EXPECT_EQ(Ask("SELECT count(*) FROM stream WHERE kind = 1"), "0");
  const auto [record, access] = Newest();
  EXPECT_EQ(access.kind(), v1::CALL_REFUSED);
  EXPECT_EQ(access.method(), "ReceiveApplication");
  EXPECT_EQ(access.reason(), "STATE_SECRET_AT_DOOR");
  EXPECT_EQ(record.agency, TestService::kAgency);
  EXPECT_EQ(record.actor.account(), "li");
  EXPECT_THAT(record.public_body, Not(HasSubstr("★")));
}

TEST_F(AtTheDoor, AnActIsStoppedAsAReceiptIs) {
  const std::string name = service_.Receive("申请公开。").receipt().name();
  v1::Act act;
  act.mutable_log_contact()->set_note("来电称文件为机密★10年");
  EXPECT_EQ(Details(service_.Perform({}, name, act)).reason,
            "STATE_SECRET_AT_DOOR");
  EXPECT_EQ(Newest().second.method(), "PerformAct");
  EXPECT_EQ(service_.Get(name).version(), 1);
  // The label that says so is refused as the text is.
  act.mutable_set_labels()->add_labels(v1::LABEL_STATE_SECRET);
  EXPECT_EQ(Details(service_.Perform({}, name, act)).reason,
            "STATE_SECRET_AT_DOOR");
  EXPECT_EQ(Newest().second.kind(), v1::ACT_REFUSED);
  EXPECT_EQ(service_.Get(name).version(), 1);
}

TEST_F(AtTheDoor, ARowOfABatchIsNamedAndRecorded) {
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::BatchReceiveResponse response;
  const auto writer = service_.cases().BatchReceive(&context, &response);
  writer->Write(service_.Application("申请公开甲。"));
  writer->Write(service_.Application("秘密★3年 申请公开乙。"));
  writer->WritesDone();
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response.received(), 1);
  ASSERT_EQ(response.failures_size(), 1);
  EXPECT_EQ(response.failures(0).row(), 1);
  EXPECT_EQ(response.failures(0).reason(), "STATE_SECRET_AT_DOOR");
  EXPECT_EQ(response.failures(0).field(), "application.content");
  EXPECT_EQ(Newest().second.method(), "BatchReceive");
}

}  // namespace
}  // namespace gongkai
