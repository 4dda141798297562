// SPDX-License-Identifier: Apache-2.0
// What a caller is told of a refusal, and what never leaves the house.

#include "services/api/status.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/refusal.h"
#include "tests/support/test_service.h"

namespace gongkai::api {
namespace {

using test::Details;
using test::Told;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

v1::Refusal Passed() {
  v1::Refusal refusal;
  refusal.set_reason(v1::LIMIT_HAS_PASSED);
  refusal.set_phase(v1::HANDLING);
  refusal.set_limit(v1::REPLY);
  refusal.set_due_date("2024-04-18");
  return refusal;
}

TEST(Status, ARefusalTellsReasonPhaseLimitLastDayAndArticle) {
  const grpc::Status status = ToGrpc(Refuse(Passed()), Locale::kChinese, "c-1");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  const Told told = Details(status);
  EXPECT_EQ(told.reason, "LIMIT_HAS_PASSED");
  EXPECT_THAT(told.metadata,
              UnorderedElementsAre(
                  Pair("phase", "HANDLING"), Pair("limit", "REPLY"),
                  Pair("due", "2024-04-18"), Pair("article", "REG 33(2)")));
  EXPECT_EQ(told.field, "");
  EXPECT_FALSE(told.retry.has_value());
}

TEST(Status, TheSentenceIsInTheReadersLanguage) {
  const Told zh = Details(ToGrpc(Refuse(Passed()), Locale::kChinese, ""));
  EXPECT_EQ(zh.locale, "zh-CN");
  EXPECT_EQ(zh.sentence,
            "答复期限已届满，不得延长；阶段：办理中；期限：答复期限；"
            "截止日：2024-04-18；依据：REG 33(2)");
  const Told en = Details(ToGrpc(Refuse(Passed()), Locale::kEnglish, ""));
  EXPECT_EQ(en.locale, "en");
  EXPECT_EQ(en.sentence,
            "the reply limit is over; it cannot be extended; phase: handling; "
            "limit: reply; last day: 2024-04-18; article: REG 33(2)");
}

TEST(Status, AFieldToBlameIsABadRequest) {
  const Told told = Details(ToGrpc(RefuseField("act.sign", "a number", "none"),
                                   Locale::kEnglish, ""));
  EXPECT_EQ(told.field, "act.sign");
  EXPECT_EQ(told.description, "wanted a number, got none");
  EXPECT_EQ(told.metadata.at("field"), "act.sign");
}

TEST(Status, WaitingIsToldWhereItHelps) {
  const Told told = Details(ToGrpc(StoreAway(1500), Locale::kEnglish, ""));
  EXPECT_EQ(told.reason, "STORE_AWAY");
  EXPECT_EQ(told.retry, absl::Milliseconds(1500));
}

TEST(Status, EveryReasonHasItsCodeAndSentences) {
  const auto* reasons = v1::Reason_descriptor();
  for (int i = 0; i < reasons->value_count(); ++i) {
    const auto reason = static_cast<v1::Reason>(reasons->value(i)->number());
    if (reason == v1::REASON_UNSPECIFIED) continue;
    const grpc::Status status = ToGrpc(Refuse(reason), Locale::kChinese, "");
    EXPECT_EQ(status.error_code(), RuleOf(reason).code());
    EXPECT_NE(status.error_code(), grpc::StatusCode::OK);
    const Told told = Details(status);
    EXPECT_EQ(told.reason, v1::Reason_Name(reason));
    EXPECT_THAT(told.sentence, HasSubstr(RuleOf(reason).zh()));
    EXPECT_FALSE(RuleOf(reason).zh().empty());
    EXPECT_FALSE(RuleOf(reason).en().empty());
  }
}

TEST(Status, WhatIsWrongInsideStaysInside) {
  for (const absl::Status& inside :
       {absl::InternalError("column secret_name"),
        absl::InvalidArgumentError("secret_name"),
        absl::NotFoundError("secret_name"), absl::UnknownError("secret_name"),
        absl::DataLossError("secret_name")}) {
    const grpc::Status status = ToGrpc(inside, Locale::kChinese, "ab-7");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(status.error_message(), "internal error, call ab-7");
    EXPECT_THAT(status.error_details(), Not(HasSubstr("secret")));
    EXPECT_THAT(Details(status).sentence, HasSubstr("ab-7"));
  }
}

TEST(Status, DeadlineAndCancellationStayWhatTheyAre) {
  EXPECT_EQ(ToGrpc(absl::DeadlineExceededError("x"), Locale::kChinese, "")
                .error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(
      ToGrpc(absl::CancelledError("x"), Locale::kChinese, "").error_code(),
      grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(ToGrpc(absl::OkStatus(), Locale::kChinese, "").ok());
}

TEST(Status, ChineseUnlessEnglishIsAskedForFirst) {
  EXPECT_EQ(LocaleOf(""), Locale::kChinese);
  EXPECT_EQ(LocaleOf("fr"), Locale::kChinese);
  EXPECT_EQ(LocaleOf("en"), Locale::kEnglish);
  EXPECT_EQ(LocaleOf("en-GB,zh;q=0.5"), Locale::kEnglish);
  EXPECT_EQ(LocaleOf("zh-CN,en;q=0.5"), Locale::kChinese);
}

TEST(Status, TheLogKeepsNoWordsOfCallers) {
  EXPECT_EQ(Scrubbed("bad value \"赵甲一\" in column 7"),
            "bad value \"\" in column 7");
  EXPECT_EQ(Scrubbed("key 13912345678 is there"), "key 1391******* is there");
  EXPECT_THAT(Scrubbed("赵甲一 a"), Not(HasSubstr("赵")));
}

}  // namespace
}  // namespace gongkai::api
