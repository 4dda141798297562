// SPDX-License-Identifier: Apache-2.0
// The shape of requests, rule by rule of options.proto.

#include "services/api/validate.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gongkai/v1/calendar_service.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

namespace pb = google::protobuf;
using testing::HasSubstr;
using testing::Not;

constexpr char kUuid[] = "018f4c2e-7a2b-7c3d-8e4f-5a6b7c8d9e0f";
constexpr char kCase[] = "agencies/SHGXW/cases/SHGXW-2024-00001";

v1::ReceiveApplicationRequest Receipt() {
  v1::ReceiveApplicationRequest request;
  request.set_agency("SHGXW");
  request.set_request_id(kUuid);
  request.set_arrived_date("2024-03-20");
  auto& application = *request.mutable_application();
  application.set_applicant_kind(v1::NATURAL_PERSON);
  application.mutable_applicant()->set_name("赵甲一");
  application.set_channel(v1::IN_PERSON);
  application.set_content("申请公开某政策文件。\n附件一并提供。");
  return request;
}

v1::PerformActRequest Acting() {
  v1::PerformActRequest request;
  request.set_name(kCase);
  request.set_request_id(kUuid);
  request.set_occurred_date("2024-03-20");
  request.mutable_act()->mutable_require_correction()->set_items("请补正。");
  return request;
}

// The refusal of a request, which must be FIELD_INVALID; its field is empty
// when the request is sound.
v1::Refusal RefusalFor(const pb::Message& request) {
  const absl::Status status = Validate(request);
  if (status.ok()) return {};
  const auto refusal = RefusalOf(status);
  EXPECT_TRUE(refusal.has_value()) << status;
  EXPECT_EQ(refusal->reason(), v1::FIELD_INVALID);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return *refusal;
}
std::string FieldFor(const pb::Message& request) {
  return RefusalFor(request).field();
}

TEST(Validate, SoundRequestsPass) {
  EXPECT_EQ(Validate(Receipt()), absl::OkStatus());
  EXPECT_EQ(Validate(Acting()), absl::OkStatus());
}

TEST(Validate, WhatIsRequiredMustBeThere) {
  v1::ReceiveApplicationRequest request = Receipt();
  request.clear_request_id();
  EXPECT_EQ(FieldFor(request), "request_id");
  request = Receipt();
  request.clear_application();
  EXPECT_EQ(FieldFor(request), "application");
  request = Receipt();
  request.mutable_application()->clear_channel();
  EXPECT_EQ(FieldFor(request), "application.channel");
  request = Receipt();
  request.mutable_application()->clear_content();
  EXPECT_EQ(FieldFor(request), "application.content");
  v1::LoadNoticeRequest notice;
  notice.set_request_id(kUuid);
  notice.mutable_notice()->set_number("国办发明电〔2019〕16号");
  notice.mutable_notice()->set_issued_date("2019-11-21");
  EXPECT_EQ(FieldFor(notice), "notice.days");
}

TEST(Validate, TheFirstDefectIsNamedByItsPath) {
  v1::PerformActRequest request = Acting();
  request.mutable_act()->mutable_require_correction()->clear_items();
  request.mutable_act()->mutable_require_correction()->set_period_days(99);
  EXPECT_EQ(FieldFor(request), "act.require_correction.items");
  request.mutable_act()->mutable_require_correction()->set_items("请补正。");
  EXPECT_EQ(FieldFor(request), "act.require_correction.period_days");
}

TEST(Validate, FormsOfStrings) {
  struct Row {
    v1::Format format;
    std::vector<std::string> good;
    std::vector<std::string> bad;
  };
  const std::vector<Row> rows = {
      {v1::DATE,
       {"2024-02-29", "1949-10-01", "2199-12-31"},
       {"2023-02-29", "2024-13-01", "2024-2-9", "1948-12-31", "2200-01-01",
        "2024-02-29 ", "二〇二四年", "2024/02/29"}},
      {v1::UUID,
       {kUuid},
       {"018F4C2E-7A2B-7C3D-8E4F-5A6B7C8D9E0F", "018f4c2e", "",
        "018f4c2e-7a2b-7c3d-8e4f-5a6b7c8d9e0g"}},
      {v1::AGENCY,
       {"SH", "SHGXW", "A1B2C3D4E5F6"},
       {"S", "shgxw", "A1B2C3D4E5F6G", "SH-GX", "上海"}},
      {v1::CASE_NAME,
       {kCase, "agencies/SH/cases/OLD-7"},
       {"SHGXW-2024-00001", "agencies/SHGXW/cases/", "agencies//cases/A",
        "agencies/SHGXW/cases/A'; --", "agencies/shgxw/cases/A",
        "agencies/SHGXW/cases/../../etc"}},
      {v1::ACCOUNT, {"li", "Li.si_2-x"}, {"li si", "李四", "li/si", "a'b"}},
      {v1::CODE,
       {"v1.2", "https://www.gov.cn/a_b+c"},
       {"a b", "编号", "a?b=c", "a;b"}},
      {v1::PAGE_TOKEN, {"aGVsbG8_-"}, {"a/b", "a b", "标记"}},
      {v1::DOCUMENT_NUMBER,
       {"沪经信信答〔2024〕第12号", "国办发明电〔2019〕16号", "APEC会议",
        "国庆节、中秋节", "上海市某某委员会（示例）", "(2024)沪7101行初12号"},
       {"号\"", "a'; DROP", "第12号😀", "a%b"}},
      {v1::LOCALE, {"zh-CN", "en"}, {"zh_CN", "zh;q=1"}},
  };
  for (const Row& row : rows) {
    for (const std::string& text : row.good) {
      EXPECT_EQ(FormDefect(text, row.format), "") << text;
    }
    for (const std::string& text : row.bad) {
      EXPECT_NE(text.empty() ? "empty" : FormDefect(text, row.format), "")
          << v1::Format_Name(row.format) << ": " << text;
    }
  }
}

TEST(Validate, FormsHaveALengthOfTheirOwn) {
  v1::ListCasesRequest list;
  list.set_agency("SHGXW");
  list.set_officer(std::string(64, 'a'));
  EXPECT_EQ(FieldFor(list), "");
  list.set_officer(std::string(65, 'a'));
  EXPECT_EQ(FieldFor(list), "officer");
  list.clear_officer();
  list.set_page_token(std::string(513, 'a'));
  EXPECT_EQ(FieldFor(list), "page_token");
}

TEST(Validate, LengthIsCountedInCodePoints) {
  v1::ReceiveApplicationRequest request = Receipt();
  std::string name;
  for (int i = 0; i < 100; ++i) name += "\U00020BB7";  // 𠮷, four bytes
  request.mutable_application()->mutable_applicant()->set_name(name);
  EXPECT_EQ(FieldFor(request), "");
  request.mutable_application()->mutable_applicant()->set_name(name + "二");
  const v1::Refusal refusal = RefusalFor(request);
  EXPECT_EQ(refusal.field(), "application.applicant.name");
  EXPECT_EQ(refusal.wanted(), "at most 100 characters");
  EXPECT_EQ(refusal.got(), "101");
}

TEST(Validate, DefectsOfTextAreRefused) {
  const std::vector<std::string> defects = {
      std::string("a\0b", 3), "a\x01",   "a\x7f", "a\u202e",
      "a\u2066b\u2069",       "a\u200f", "a\xff", "a\xed\xa0\x80",
      "two\nlines",
  };
  for (const std::string& text : defects) {
    v1::ReceiveApplicationRequest request = Receipt();
    request.mutable_application()->mutable_applicant()->set_name(text);
    EXPECT_EQ(FieldFor(request), "application.applicant.name")
        << testing::PrintToString(text);
  }
}

TEST(Validate, LineBreaksOnlyWhereTheRuleAllowsThem) {
  v1::ReceiveApplicationRequest request = Receipt();
  request.mutable_application()->set_content("一\r\n\t二");
  EXPECT_EQ(FieldFor(request), "");
  request.mutable_application()->set_postal_number("1\t2");
  EXPECT_EQ(FieldFor(request), "application.postal_number");
}

TEST(Validate, NoRefusalRepeatsWhatWasWritten) {
  v1::ReceiveApplicationRequest request = Receipt();
  const std::string secret = "310101199003074518";
  request.mutable_application()->mutable_applicant()->set_telephone(secret +
                                                                    "\u202e");
  const absl::Status status = Validate(request);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.ToString(), Not(HasSubstr(secret)));
  request = Receipt();
  request.set_arrived_date(secret.substr(0, 10));
  EXPECT_THAT(Validate(request).ToString(),
              Not(HasSubstr(secret.substr(0, 10))));
}

TEST(Validate, IntegersKeepTheirBounds) {
  v1::PerformActRequest request = Acting();
  auto& correction = *request.mutable_act()->mutable_require_correction();
  correction.set_period_days(60);
  EXPECT_EQ(FieldFor(request), "");
  correction.set_period_days(61);
  EXPECT_EQ(FieldFor(request), "act.require_correction.period_days");
  correction.set_period_days(-1);
  EXPECT_EQ(RefusalFor(request).wanted(), "0 to 60");
  request.mutable_act()->mutable_request_extension()->set_reason("人手不足");
  EXPECT_EQ(FieldFor(request), "act.request_extension.working_days");
  request = Acting();
  request.set_expected_version(-5);
  EXPECT_EQ(FieldFor(request), "expected_version");
  v1::WatchCasesRequest watch;
  watch.set_agency("SHGXW");
  watch.set_after_log_index(INT64_MAX);
  EXPECT_EQ(FieldFor(watch), "after_log_index");
}

TEST(Validate, UnknownEnumValuesAreRefusedEverywhere) {
  v1::ReceiveApplicationRequest request = Receipt();
  request.mutable_application()->set_channel(static_cast<v1::Channel>(77));
  const v1::Refusal refusal = RefusalFor(request);
  EXPECT_EQ(refusal.field(), "application.channel");
  EXPECT_EQ(refusal.got(), "77");
  v1::ListCasesRequest list;
  list.set_agency("SHGXW");
  list.add_phases(v1::HANDLING);
  list.add_phases(static_cast<v1::Phase>(99));
  EXPECT_EQ(FieldFor(list), "phases[1]");
  list.clear_phases();
  list.set_order(static_cast<v1::ListCasesRequest::Order>(9));
  EXPECT_EQ(FieldFor(list), "order");
  list.clear_order();
  list.add_phases(v1::PHASE_UNSPECIFIED);
  EXPECT_EQ(FieldFor(list), "phases[0]");
}

TEST(Validate, RepeatedFieldsKeepTheirBounds) {
  v1::ListCasesRequest list;
  list.set_agency("SHGXW");
  for (int i = 0; i < 20; ++i) list.add_phases(v1::HANDLING);
  EXPECT_EQ(FieldFor(list), "");
  list.add_phases(v1::HANDLING);
  EXPECT_EQ(RefusalFor(list).wanted(), "at most 20 elements");
  v1::PerformActRequest request = Acting();
  auto& draft = *request.mutable_act()->mutable_draft_reply();
  draft.set_outcome(v1::REFUSED);
  draft.set_text("不予公开。");
  for (int i = 0; i < 9; ++i) draft.add_grounds(v1::STATE_SECRET);
  EXPECT_EQ(FieldFor(request), "act.draft_reply.grounds");
}

TEST(Validate, WhatTheServiceSetsNobodyElseMay) {
  v1::ReceiveApplicationRequest request = Receipt();
  request.mutable_application()->set_number("SHGXW-2024-00001");
  EXPECT_EQ(FieldFor(request), "application.number");
  request = Receipt();
  request.mutable_application()->set_month_rank(1);
  EXPECT_EQ(FieldFor(request), "application.month_rank");
  v1::PerformActRequest act = Acting();
  act.mutable_act()->mutable_sign()->set_document_number("第1号");
  act.mutable_act()->mutable_sign()->add_grounds(v1::STATE_SECRET);
  EXPECT_EQ(FieldFor(act), "act.sign.grounds");
}

TEST(Validate, TheFieldThatIsNotUtf8IsFound) {
  v1::ReceiveApplicationRequest request = Receipt();
  EXPECT_EQ(FindBadUtf8(request), "");
  request.mutable_application()->mutable_agent()->set_address("\xc3\x28");
  EXPECT_EQ(FindBadUtf8(request), "application.agent.address");
}

// Every field that a caller can reach is of a type that the validation knows:
// a new type in the contract must not slip through unchecked.
TEST(Validate, KnowsEveryTypeInTheContract) {
  std::set<const pb::Descriptor*> seen;
  std::vector<std::string> unknown;
  const std::function<void(const pb::Descriptor*)> walk =
      [&](const pb::Descriptor* type) {
        if (!seen.insert(type).second) return;
        for (int i = 0; i < type->field_count(); ++i) {
          const pb::FieldDescriptor* field = type->field(i);
          switch (field->type()) {
            case pb::FieldDescriptor::TYPE_MESSAGE:
              walk(field->message_type());
              break;
            case pb::FieldDescriptor::TYPE_STRING:
            case pb::FieldDescriptor::TYPE_INT32:
            case pb::FieldDescriptor::TYPE_INT64:
            case pb::FieldDescriptor::TYPE_ENUM:
            case pb::FieldDescriptor::TYPE_BOOL:
              break;
            default:
              unknown.push_back(field->full_name());
          }
        }
      };
  v1::ReceiveApplicationRequest::descriptor();
  v1::ListDaysRequest::descriptor();
  for (const char* name :
       {"gongkai.v1.CaseService", "gongkai.v1.CalendarService"}) {
    const auto* service =
        pb::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr);
    for (int i = 0; i < service->method_count(); ++i) {
      walk(service->method(i)->input_type());
    }
  }
  EXPECT_GT(seen.size(), 40u);
  EXPECT_THAT(unknown, testing::IsEmpty());
}

}  // namespace
}  // namespace gongkai::api
