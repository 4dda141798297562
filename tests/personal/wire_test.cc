// SPDX-License-Identifier: Apache-2.0
// Personal data over the wire: masked without a purpose, whole and recorded
// with one, refused to roles that may not; cases found by a person's number.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/audit/record.h"
#include "storage/postgres/postgres_store.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TempPostgres;
using test::TestService;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kIdentity[] = "31010119900307789X";
constexpr char kTelephone[] = "13777654321";

class PersonalWire : public ::testing::Test {
 protected:
  static TestService& Service() {
    static TestService service;
    return service;
  }

  static v1::ReceiveApplicationRequest Application() {
    v1::ReceiveApplicationRequest request = Service().Application(
        "申请公开征收补偿协议，电话13777654321，卡号6222021234567890123。");
    v1::Person& who = *request.mutable_application()->mutable_applicant();
    who.set_name("钱乙二");
    who.set_identity_kind(v1::RESIDENT_ID);
    who.set_identity_number(kIdentity);
    who.set_telephone("137-7765-4321");
    who.set_email("qian@quill.example");
    who.set_address("上海市某区梧桐里7319号");
    v1::Person& agent = *request.mutable_application()->mutable_agent();
    agent.set_name("孙丙三");
    agent.set_identity_number("310101198511113210");
    return request;
  }

  static std::string Receive() {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::ReceiveApplicationResponse response;
    const grpc::Status status = Service().cases().ReceiveApplication(
        &context, Application(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.receipt().name();
  }

  static grpc::Status Get(const TestService::As& as, const std::string& name,
                          v1::Purpose purpose, v1::GetCaseResponse* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::GetCaseRequest request;
    request.set_name(name);
    request.set_with_history(true);
    request.set_purpose(purpose);
    return Service().cases().GetCase(&context, request, response);
  }

  static grpc::Status Search(v1::SearchCasesRequest request,
                             std::vector<std::string>* numbers,
                             const std::string& agency = TestService::kAgency) {
    grpc::ClientContext context;
    TestService::Identify({.agency = agency}, context);
    request.set_agency(agency);
    v1::SearchCasesResponse response;
    const grpc::Status status =
        Service().cases().SearchCases(&context, request, &response);
    numbers->clear();
    for (const auto& hit : response.hits()) {
      numbers->push_back(hit.summary().name());
      EXPECT_THAT(hit.applicant_name(), "钱乙二");
    }
    return status;
  }

  // Records of access of the case, the newest last.
  static std::vector<v1::Access> Accesses(const std::string& name) {
    grpc::ClientContext context;
    TestService::Identify({"zhou", "disclosure_head"}, context);
    v1::GetCaseTrailRequest request;
    request.set_name(name);
    v1::GetCaseTrailResponse response;
    const grpc::Status status =
        v1::AuditService::NewStub(Service().channel())
            ->GetCaseTrail(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<v1::Access> accesses;
    for (const v1::CaseAccess& one : response.accesses()) {
      accesses.push_back(one.access());
    }
    return accesses;
  }

  // A checkpoint over all there is; what signed it is not looked at here.
  static void Sign(TestService& service) {
    auto& postgres = TempPostgres::Shared();
    const std::string dsn = postgres.Superuser(service.database());
    const absl::Time patience = absl::Now() + absl::Seconds(20);
    while (postgres.Run(dsn,
                        "SELECT NOT EXISTS (SELECT FROM log_queue) AND "
                        "size = tree_size FROM log") != "t" &&
           absl::Now() < patience) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    const absl::Time soon = absl::Now() + absl::Seconds(10);
    storage::PostgresStore store(postgres.Signer(service.database()), 1);
    const auto head = store.Head(soon);
    ASSERT_TRUE(head.ok()) << head.status();
    const absl::Status put = store.PutCheckpoint(
        {head->size, head->root, "a note", absl::Now()}, soon);
    ASSERT_TRUE(put.ok()) << put;
  }

  static std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(Service().database()), sql);
  }
};

TEST_F(PersonalWire, WithoutAPurposeEverythingIsMasked) {
  const std::string name = Receive();
  v1::GetCaseResponse response;
  ASSERT_TRUE(Get({}, name, v1::PURPOSE_UNSPECIFIED, &response).ok());
  EXPECT_TRUE(response.case_().masked());
  const v1::Person& who = response.case_().applicant();
  EXPECT_EQ(who.name(), "钱乙二");
  EXPECT_EQ(who.identity_number(), "3****************X");
  EXPECT_EQ(who.telephone(), "137********21");
  EXPECT_EQ(who.email(), "q***@quill.example");
  EXPECT_EQ(who.address(), "上海市某区梧***");
  EXPECT_EQ(response.case_().agent().identity_number(), "3****************0");
  EXPECT_EQ(
      response.history(0).event().received().applicant().identity_number(),
      "3****************X");
  const std::string bytes = response.SerializeAsString();
  EXPECT_THAT(bytes, Not(HasSubstr(kIdentity)));
  EXPECT_EQ(Accesses(name).back().purpose(), v1::PURPOSE_UNSPECIFIED);
}

TEST_F(PersonalWire, APurposeShowsItWholeAndIsRecorded) {
  const std::string name = Receive();
  v1::GetCaseResponse response;
  ASSERT_TRUE(Get({}, name, v1::CONTACT_APPLICANT, &response).ok());
  EXPECT_FALSE(response.case_().masked());
  EXPECT_EQ(response.case_().applicant().identity_number(), kIdentity);
  EXPECT_EQ(response.history(0).event().received().applicant().telephone(),
            "137-7765-4321");
  const v1::Access last = Accesses(name).back();
  EXPECT_EQ(last.kind(), v1::READ_CASE);
  EXPECT_EQ(last.purpose(), v1::CONTACT_APPLICANT);
}

TEST_F(PersonalWire, WhoMayNotSeeItWholeIsRefusedAndThatIsRecorded) {
  const std::string name = Receive();
  v1::GetCaseResponse response;
  const TestService::As signer{"wu", "signer"};
  EXPECT_TRUE(Get(signer, name, v1::PURPOSE_UNSPECIFIED, &response).ok());
  const grpc::Status status =
      Get(signer, name, v1::CONTACT_APPLICANT, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Details(status).reason, "REVEAL_NOT_ALLOWED");
  const v1::Access last = Accesses(name).back();
  EXPECT_EQ(last.kind(), v1::READ_REFUSED);
  EXPECT_EQ(last.reason(), "REVEAL_NOT_ALLOWED");
  EXPECT_EQ(last.purpose(), v1::CONTACT_APPLICANT);
}

TEST_F(PersonalWire, TheTrailIsMaskedToo) {
  const std::string name = Receive();
  const auto audits = v1::AuditService::NewStub(Service().channel());
  const auto trail = [&](const char* role, v1::Purpose purpose,
                         v1::GetCaseTrailResponse* response) {
    grpc::ClientContext context;
    TestService::Identify({"zheng", role}, context);
    v1::GetCaseTrailRequest request;
    request.set_name(name);
    request.set_purpose(purpose);
    return audits->GetCaseTrail(&context, request, response);
  };
  v1::GetCaseTrailResponse masked;
  ASSERT_TRUE(trail("legal_auditor", v1::PURPOSE_UNSPECIFIED, &masked).ok());
  EXPECT_TRUE(masked.case_().masked());
  EXPECT_THAT(masked.SerializeAsString(), Not(HasSubstr(kIdentity)));
  v1::GetCaseTrailResponse whole;
  ASSERT_TRUE(trail("disclosure_head", v1::SUPERVISION, &whole).ok());
  EXPECT_EQ(whole.case_().applicant().identity_number(), kIdentity);
  EXPECT_EQ(Details(trail("legal_auditor", v1::SUPERVISION, &whole)).reason,
            "REVEAL_NOT_ALLOWED");
}

TEST_F(PersonalWire, AnExportStatesItsPurposeAndCountsAsShownWhole) {
  TestService::Options options;
  options.config.reveal_alarm = 1;
  TestService service(options);
  std::vector<std::string> names;
  for (const char* content : {"申请公开甲。", "申请公开乙。"}) {
    names.push_back(service.Receive(content).receipt().name());
  }
  Sign(service);
  const auto audits = v1::AuditService::NewStub(service.channel());
  const auto take = [&](const std::string& name, v1::Purpose purpose,
                        v1::ExportCaseResponse* response) {
    grpc::ClientContext context;
    TestService::Identify({"zheng", "legal_auditor"}, context);
    v1::ExportCaseRequest request;
    request.set_name(name);
    request.set_purpose(purpose);
    return audits->ExportCase(&context, request, response);
  };
  v1::ExportCaseResponse page;
  const auto none = Details(take(names[0], v1::PURPOSE_UNSPECIFIED, &page));
  EXPECT_EQ(none.reason, "FIELD_INVALID");
  EXPECT_EQ(none.field, "purpose");
  EXPECT_EQ(page.events_size(), 0);

  testing::internal::CaptureStderr();
  EXPECT_TRUE(take(names[0], v1::COURT_EVIDENCE, &page).ok());
  EXPECT_TRUE(take(names[0], v1::COURT_EVIDENCE, &page).ok());
  EXPECT_EQ(page.events_size(), 1);
  EXPECT_FALSE(page.case_().masked());
  const std::string usual = testing::internal::GetCapturedStderr();
  EXPECT_THAT(usual, Not(HasSubstr("many cases shown whole")));
  testing::internal::CaptureStderr();
  EXPECT_TRUE(take(names[1], v1::SUPERVISION, &page).ok());
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("many cases shown whole"));
  EXPECT_THAT(told, HasSubstr("zheng"));
  auto& postgres = TempPostgres::Shared();
  EXPECT_EQ(postgres.Run(postgres.Superuser(service.database()),
                         "SELECT count(*) FROM access WHERE kind = 3"),
            "3");
}

TEST_F(PersonalWire, CasesAreFoundByAnExactNumberAlone) {
  const std::string name = Receive();
  std::vector<std::string> found;
  v1::SearchCasesRequest request;
  for (const char* number : {kIdentity, "310101 19900307 789x",
                             "３１０１０１１９９００３０７７８９Ｘ"}) {
    request.set_identity_number(number);
    ASSERT_TRUE(Search(request, &found).ok());
    EXPECT_THAT(found, testing::Contains(name)) << number;
  }
  request.set_identity_number("310101198511113210");  // of the agent
  ASSERT_TRUE(Search(request, &found).ok());
  EXPECT_THAT(found, testing::Contains(name));
  for (const char* other : {"3101011990030778", "310101199003077890"}) {
    request.set_identity_number(other);
    ASSERT_TRUE(Search(request, &found).ok());
    EXPECT_THAT(found, IsEmpty()) << other;
  }
  request.clear_identity_number();
  for (const char* number : {kTelephone, "+86 137 7765 4321"}) {
    request.set_telephone(number);
    ASSERT_TRUE(Search(request, &found).ok());
    EXPECT_THAT(found, testing::Contains(name)) << number;
  }
  ASSERT_TRUE(Search(request, &found, "COURT").ok() || found.empty());
  EXPECT_THAT(found, IsEmpty());
  EXPECT_EQ(Accesses(name).back().kind(), v1::SEARCHED);
}

TEST_F(PersonalWire, PagesOfASearchByNumberFollowEachOther) {
  for (int i = 0; i < 3; ++i) Receive();
  v1::SearchCasesRequest request;
  request.set_agency(TestService::kAgency);
  request.set_telephone(kTelephone);
  request.set_page_size(2);
  std::vector<std::string> names;
  for (int page = 0; page < 100; ++page) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::SearchCasesResponse response;
    ASSERT_TRUE(
        Service().cases().SearchCases(&context, request, &response).ok());
    for (const auto& hit : response.hits()) {
      names.push_back(hit.summary().name());
    }
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  EXPECT_GE(names.size(), 3u);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  // A token of one number is none of another.
  grpc::ClientContext context;
  TestService::Identify({}, context);
  request.set_telephone("13777654322");
  v1::SearchCasesResponse response;
  if (!request.page_token().empty()) {
    EXPECT_EQ(
        Details(Service().cases().SearchCases(&context, request, &response))
            .reason,
        "PAGE_TOKEN_FOREIGN");
  }
}

TEST_F(PersonalWire, ASearchAsksForOneThing) {
  std::vector<std::string> found;
  v1::SearchCasesRequest request;
  EXPECT_EQ(Details(Search(request, &found)).field, "phrase");
  request.set_phrase("征收");
  request.set_identity_number(kIdentity);
  EXPECT_EQ(Details(Search(request, &found)).field, "identity_number");
  request.set_telephone(kTelephone);
  EXPECT_EQ(Details(Search(request, &found)).field, "telephone");
  request.clear_phrase();
  request.clear_identity_number();
  request.set_telephone(" - ");
  const grpc::Status status = Search(request, &found);
  EXPECT_EQ(Details(status).reason, "FIELD_INVALID");
  EXPECT_EQ(Details(status).field, "telephone");
}

TEST_F(PersonalWire, WordsAreFoundAndNumbersInThemAreNot) {
  const std::string name = Receive();
  std::vector<std::string> found;
  v1::SearchCasesRequest request;
  request.set_phrase("征收补偿协议");
  ASSERT_TRUE(Search(request, &found).ok());
  EXPECT_THAT(found, testing::Contains(name));
  for (const char* number :
       {kTelephone, "1377765", "6222021234567890123", "62220212"}) {
    request.set_phrase(number);
    ASSERT_TRUE(Search(request, &found).ok());
    EXPECT_THAT(found, IsEmpty()) << number;
  }
  EXPECT_EQ(Ask("SELECT count(*) FROM case_text WHERE content ~ '[0-9]{11}' "
                "OR grams::text ~ '[0-9]{11}'"),
            "0");
}

TEST_F(PersonalWire, NothingPrivateLiesInTheDatabaseUnsealed) {
  Receive();
  EXPECT_EQ(Ask("SELECT count(*) FROM private_part WHERE octet_length(salt) > "
                "0"),
            "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM private_part WHERE payload IS NOT NULL "
                "AND position('梧桐里'::bytea in payload) > 0"),
            "0");
}

}  // namespace
}  // namespace gongkai
