// SPDX-License-Identifier: Apache-2.0
// Who reads personal text, or is refused, leaves a record of access that is in
// the log like every event; and the trail shows it.

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/audit/merkle.h"
#include "services/audit/record.h"
#include "services/base/dates.h"
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
using testing::UnorderedElementsAre;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// A record of access as stored.
struct Stored {
  audit::Record record;
  v1::Access access;
  std::string bytes;
  std::string leaf_hash;
};

class Access : public ::testing::Test {
 protected:
  std::string Ask(const std::string& sql) const {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service_.database()), sql);
  }

  // All records that were made, oldest first.
  std::vector<Stored> Records() const {
    std::vector<Stored> records;
    const std::string rows = Ask(
        "SELECT string_agg(encode(record, 'hex') || ' ' || "
        "encode(leaf_hash, 'hex'), ',' ORDER BY recorded_time) FROM access");
    for (absl::string_view row : absl::StrSplit(rows, ',', absl::SkipEmpty())) {
      const std::vector<std::string> cells = absl::StrSplit(row, ' ');
      Stored stored;
      stored.bytes = absl::HexStringToBytes(cells[0]);
      stored.leaf_hash = absl::HexStringToBytes(cells[1]);
      const auto record = audit::Decode(stored.bytes);
      EXPECT_TRUE(record.ok()) << record.status();
      if (!record.ok()) continue;
      stored.record = *record;
      v1::Event event;
      EXPECT_TRUE(event.ParseFromString(record->public_body));
      stored.access = event.accessed();
      records.push_back(std::move(stored));
    }
    return records;
  }

  // The one record that was made.
  Stored OnlyRecord() const {
    const auto records = Records();
    EXPECT_EQ(records.size(), 1u);
    return records.empty() ? Stored() : records.back();
  }

  std::string NewCase() {
    // Cases are earlier and later by the millisecond.
    service_.clock().Set(service_.clock().Now() + absl::Seconds(1));
    const auto receipt = service_.Receive("申请公开专项资金清单。").receipt();
    number_ = receipt.number();
    return receipt.name();
  }

  grpc::Status Read(const TestService::As& as, const std::string& name,
                    v1::GetCaseResponse* response = nullptr) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::GetCaseRequest request;
    request.set_name(name);
    request.set_with_history(true);
    v1::GetCaseResponse unwanted;
    return service_.cases().GetCase(&context, request,
                                    response == nullptr ? &unwanted : response);
  }

  grpc::Status Search(const TestService::As& as, const std::string& phrase,
                      v1::SearchCasesResponse* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::SearchCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_phrase(phrase);
    return service_.cases().SearchCases(&context, request, response);
  }

  grpc::Status Trail(const TestService::As& as, const std::string& name,
                     const std::string& as_of,
                     v1::GetCaseTrailResponse* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::GetCaseTrailRequest request;
    request.set_name(name);
    request.set_as_of_time(as_of);
    return v1::AuditService::NewStub(service_.channel())
        ->GetCaseTrail(&context, request, response);
  }

  // From now on nobody's access can be recorded, or it can again.
  void CloseBook() {
    Ask("REVOKE EXECUTE ON FUNCTION record_access FROM gongkai_service");
  }
  void OpenBook() {
    Ask("GRANT EXECUTE ON FUNCTION record_access TO gongkai_service");
  }

  // Waits until nothing is queued.
  void WaitForTheLog() const {
    const absl::Time end = Soon();
    while (Ask("SELECT count(*) FROM log_queue") != "0" && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    EXPECT_EQ(Ask("SELECT count(*) FROM log_queue"), "0");
  }

  static v1::Act Register() {
    v1::Act act;
    act.mutable_register_()->set_officer("li");
    return act;
  }

  const TestService::As auditor_ = {"shen", "legal_auditor"};
  TestService service_;
  std::string number_;
};

TEST_F(Access, ReadingACaseLeavesOneRecord) {
  const std::string name = NewCase();
  ASSERT_TRUE(Read({"wang", "manager"}, name).ok());
  const Stored stored = OnlyRecord();
  EXPECT_EQ(stored.access.kind(), v1::READ_CASE);
  EXPECT_EQ(stored.access.method(), "GetCase");
  EXPECT_THAT(stored.access.cases(), ElementsAre(number_));
  EXPECT_EQ(stored.access.version(), 1);
  const audit::Record& record = stored.record;
  EXPECT_EQ(record.actor.account(), "wang");
  EXPECT_EQ(record.actor.person(), "wang");
  EXPECT_EQ(record.actor.sign_in(), "dev");
  EXPECT_EQ(record.actor.capacity(), v1::READER);
  EXPECT_EQ(record.agency, TestService::kAgency);
  EXPECT_EQ(record.event_type, v1::Event::kAccessed);
  EXPECT_EQ(record.seq, 1);
  EXPECT_EQ(record.occurred_date, "2024-03-20");
  EXPECT_EQ(record.previous_hash, std::string(32, '\0'));
  EXPECT_EQ(record.private_commitment, std::string(32, '\0'));
  EXPECT_EQ(audit::LeafHash(stored.bytes), stored.leaf_hash);
}

TEST_F(Access, ASearchIsRecordedWithWhatItShowedAndWithoutThePhrase) {
  NewCase();
  const std::string first = number_;
  NewCase();
  v1::SearchCasesResponse response;
  ASSERT_TRUE(Search({}, "专项资金", &response).ok());
  ASSERT_EQ(response.hits_size(), 2);
  ASSERT_TRUE(Search({}, "无此词语", &response).ok());
  EXPECT_EQ(response.hits_size(), 0);
  const auto records = Records();
  // The second receipt showed the first case of the same applicant.
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].access.method(), "ReceiveApplication");
  EXPECT_EQ(records[0].access.kind(), v1::SEARCHED);
  EXPECT_THAT(records[0].access.cases(), ElementsAre(first));
  EXPECT_EQ(records[1].access.kind(), v1::SEARCHED);
  EXPECT_THAT(records[1].access.cases(), UnorderedElementsAre(first, number_));
  EXPECT_THAT(records[2].access.cases(), IsEmpty());
  EXPECT_EQ(records[2].record.actor.capacity(), v1::HANDLER);
  for (const Stored& stored : records) {
    EXPECT_THAT(stored.bytes, Not(HasSubstr("专项资金")));
    EXPECT_THAT(stored.bytes, Not(HasSubstr("无此词语")));
  }
}

TEST_F(Access, LikeCasesAreRecordedAsASearch) {
  const std::string name = NewCase();
  const std::string first = number_;
  NewCase();
  const size_t before = Records().size();
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::ListSimilarCasesRequest request;
  request.set_name(name);
  v1::ListSimilarCasesResponse response;
  ASSERT_TRUE(
      service_.cases().ListSimilarCases(&context, request, &response).ok());
  ASSERT_EQ(response.similar_size(), 1);
  const auto records = Records();
  ASSERT_EQ(records.size(), before + 1);
  EXPECT_EQ(records.back().access.kind(), v1::SEARCHED);
  EXPECT_EQ(records.back().access.method(), "ListSimilarCases");
  EXPECT_THAT(records.back().access.cases(), ElementsAre(number_));
}

TEST_F(Access, ListsAndActsThatSucceedLeaveNone) {
  const std::string name = NewCase();
  ASSERT_TRUE(service_.Perform({}, name, Register()).ok());
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::ListCasesRequest request;
  request.set_agency(TestService::kAgency);
  v1::ListCasesResponse response;
  ASSERT_TRUE(service_.cases().ListCases(&context, request, &response).ok());
  EXPECT_THAT(Records(), IsEmpty());
}

TEST_F(Access, ARefusedActIsRecordedWithItsReason) {
  const std::string name = NewCase();
  v1::Act sign;
  sign.mutable_sign()->set_document_number("沪某信答〔2024〕第1号");
  ASSERT_FALSE(service_.Perform({"li", "signer"}, name, sign).ok());
  // Without the capacity, and in another agency's case.
  ASSERT_FALSE(service_.Perform({"li", "handler"}, name, sign).ok());
  ASSERT_FALSE(service_.Perform({"bo", "signer", "BJGXW"}, name, sign).ok());
  const auto records = Records();
  ASSERT_EQ(records.size(), 3u);
  for (const Stored& stored : records) {
    EXPECT_EQ(stored.access.kind(), v1::ACT_REFUSED);
    EXPECT_EQ(stored.access.method(), "PerformAct");
    EXPECT_EQ(stored.access.act(), "sign");
    EXPECT_THAT(stored.access.cases(), ElementsAre(number_));
    EXPECT_EQ(stored.record.agency, TestService::kAgency);
    EXPECT_THAT(stored.bytes, Not(HasSubstr("沪某信答")));
  }
  EXPECT_EQ(records[0].access.reason(), "NOT_IN_THIS_PHASE");
  EXPECT_EQ(records[0].record.actor.capacity(), v1::SIGNER);
  EXPECT_EQ(records[1].access.reason(), "CAPACITY_MISSING");
  EXPECT_EQ(records[1].record.actor.capacity(), v1::CAPACITY_UNSPECIFIED);
  EXPECT_EQ(records[2].record.actor.account(), "bo");
}

TEST_F(Access, ARefusedReceiptIsRecorded) {
  v1::ReceiveApplicationRequest request = service_.Application("申请公开。");
  request.set_arrived_date("2024-03-21");
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::ReceiveApplicationResponse response;
  const grpc::Status status =
      service_.cases().ReceiveApplication(&context, request, &response);
  EXPECT_EQ(Details(status).reason, "DATE_IN_FUTURE");
  const Stored stored = OnlyRecord();
  EXPECT_EQ(stored.access.kind(), v1::ACT_REFUSED);
  EXPECT_EQ(stored.access.act(), "receive");
  EXPECT_EQ(stored.access.reason(), "DATE_IN_FUTURE");
  EXPECT_EQ(stored.record.actor.capacity(), v1::HANDLER);
}

TEST_F(Access, WhatSaysNothingOfTheWishIsNotRecorded) {
  const std::string name = NewCase();
  v1::PerformActRequest request;
  request.set_name(name);
  request.set_request_id(service_.NewRequestId());
  request.set_occurred_date("2024-03-20");
  *request.mutable_act() = Register();
  request.set_expected_version(7);
  for (const char* reason : {"VERSION_STALE", "FIELD_INVALID"}) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::PerformActResponse response;
    EXPECT_EQ(Details(service_.cases().PerformAct(&context, request, &response))
                  .reason,
              reason);
    request.set_occurred_date("yesterday");
  }
  EXPECT_THAT(Records(), IsEmpty());
}

TEST_F(Access, ARefusedReadIsRecorded) {
  const std::string name = NewCase();
  EXPECT_FALSE(Read({"bo", "handler", "BJGXW"}, name).ok());
  v1::SearchCasesResponse response;
  EXPECT_FALSE(Search({"bo", "handler", "BJGXW"}, "专项资金", &response).ok());
  v1::GetCaseTrailResponse trail;
  EXPECT_FALSE(
      Trail({"bo", "disclosure_head", "BJGXW"}, name, "", &trail).ok());
  {
    grpc::ClientContext context;
    TestService::Identify({"bo", "handler", "BJGXW"}, context);
    v1::WatchCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_name(name);
    const auto reader = service_.cases().WatchCases(&context, request);
    v1::WatchCasesResponse change;
    EXPECT_FALSE(reader->Read(&change));
    EXPECT_EQ(Details(reader->Finish()).reason, "CAPACITY_MISSING");
  }
  std::vector<std::string> methods;
  for (const Stored& stored : Records()) {
    EXPECT_EQ(stored.access.kind(), v1::READ_REFUSED);
    EXPECT_EQ(stored.access.reason(), "CAPACITY_MISSING");
    EXPECT_EQ(stored.record.agency, TestService::kAgency);
    methods.push_back(stored.access.method());
  }
  EXPECT_THAT(methods, ElementsAre("GetCase", "SearchCases", "GetCaseTrail",
                                   "WatchCases"));
}

TEST_F(Access, WhoIsTurnedAwayAtTheDoorIsRecorded) {
  const std::string name = NewCase();
  EXPECT_EQ(Details(Read({"gate", "portal"}, name)).reason,
            "METHOD_NOT_ALLOWED");
  EXPECT_EQ(
      Details(service_.Perform({"gate", "portal"}, name, Register())).reason,
      "METHOD_NOT_ALLOWED");
  const auto records = Records();
  ASSERT_EQ(records.size(), 2u);
  for (const Stored& stored : records) {
    EXPECT_EQ(stored.access.kind(), v1::CALL_REFUSED);
    EXPECT_EQ(stored.access.reason(), "METHOD_NOT_ALLOWED");
    EXPECT_EQ(stored.access.source(), "127.0.0.1");
    EXPECT_EQ(stored.access.act(), "");
    EXPECT_THAT(stored.access.cases(), IsEmpty());
    EXPECT_EQ(stored.record.agency, TestService::kAgency);
    EXPECT_EQ(stored.record.actor.account(), "gate");
  }
  EXPECT_EQ(records[0].access.method(), "GetCase");
  EXPECT_EQ(records[1].access.method(), "PerformAct");
}

TEST_F(Access, AReadThatCannotBeRecordedShowsNothing) {
  const std::string name = NewCase();
  CloseBook();
  v1::GetCaseResponse read;
  EXPECT_FALSE(Read({}, name, &read).ok());
  EXPECT_FALSE(read.has_case_());
  v1::SearchCasesResponse found;
  EXPECT_FALSE(Search({}, "专项资金", &found).ok());
  EXPECT_EQ(found.hits_size(), 0);
  v1::GetCaseTrailResponse trail;
  EXPECT_FALSE(Trail(auditor_, name, "", &trail).ok());
  EXPECT_FALSE(trail.has_case_());
  // A receipt is durable; what it would show beside is left out.
  service_.clock().Set(service_.clock().Now() + absl::Seconds(1));
  const auto received = service_.Receive("申请公开专项资金清单。");
  EXPECT_EQ(received.similar_size(), 0);
  EXPECT_EQ(received.month_rank(), 2);
  OpenBook();
  EXPECT_TRUE(Read({}, name).ok());
  service_.clock().Set(service_.clock().Now() + absl::Seconds(1));
  EXPECT_GE(service_.Receive("申请公开专项资金清单。").similar_size(), 1);
}

TEST_F(Access, ARefusalStandsAlsoUnrecorded) {
  const std::string name = NewCase();
  CloseBook();
  const grpc::Status status =
      service_.Perform({"gate", "portal"}, name, Register());
  EXPECT_EQ(Details(status).reason, "METHOD_NOT_ALLOWED");
  EXPECT_EQ(service_.service().recorder().unrecorded(), 1);
  EXPECT_THAT(service_.service().metrics().Text(),
              HasSubstr("gongkai_access_unrecorded_total 1"));
  OpenBook();
  EXPECT_THAT(Records(), IsEmpty());
}

TEST_F(Access, AgenciesDoNotSeeEachOthers) {
  const std::string name = NewCase();
  ASSERT_TRUE(Read({}, name).ok());
  auto& store = service_.service().store();
  const auto own = store.AccessesOf(TestService::kAgency, number_,
                                    service_.clock().Now(), 10, Soon());
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(own->size(), 1u);
  const auto others =
      store.AccessesOf("BJGXW", number_, service_.clock().Now(), 10, Soon());
  ASSERT_TRUE(others.ok());
  EXPECT_THAT(*others, IsEmpty());
  v1::GetCaseTrailResponse trail;
  EXPECT_EQ(
      Trail({"bo", "legal_auditor", "BJGXW"}, name, "", &trail).error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
  auto& postgres = TempPostgres::Shared();
  EXPECT_EQ(postgres.Run(postgres.Service(service_.database()),
                         "SET gongkai.agency = 'BJGXW';"
                         "SELECT count(*) FROM access"),
            "0");
}

TEST_F(Access, CallersWhoComeTogetherLeaveOneRecordEach) {
  constexpr int kCallers = 16;
  constexpr int kReads = 25;
  const std::string name = NewCase();
  std::vector<std::thread> callers;
  std::atomic<int> failed{0};
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      for (int k = 0; k < kReads; ++k) {
        if (!Read({absl::StrCat("reader", i)}, name).ok()) ++failed;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed.load(), 0);
  const auto records = Records();
  EXPECT_EQ(records.size(), static_cast<size_t>(kCallers * kReads));
  std::map<std::string, int> by_account;
  std::set<std::string> ids;
  for (const Stored& stored : records) {
    ++by_account[stored.record.actor.account()];
    ids.insert(stored.record.stream);
  }
  EXPECT_EQ(ids.size(), records.size());
  EXPECT_EQ(by_account.size(), static_cast<size_t>(kCallers));
  for (const auto& [account, count] : by_account) {
    EXPECT_EQ(count, kReads) << account;
  }
}

TEST_F(Access, RecordsAreInTheLogAndInTheTree) {
  const std::string name = NewCase();
  ASSERT_TRUE(Read({}, name).ok());
  ASSERT_FALSE(Read({"gate", "portal"}, name).ok());
  WaitForTheLog();
  EXPECT_EQ(Ask("SELECT count(*) FROM access a JOIN log_leaf l ON "
                "l.stream_id = a.access_id AND l.agency_id = a.agency_id AND "
                "l.kind = 2 AND l.seq = 1 AND l.leaf_hash = a.leaf_hash"),
            "2");
  const auto head = service_.service().store().Head(Soon());
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(absl::StrCat(head->size), Ask("SELECT count(*) FROM log_leaf"));
  audit::RootBuilder root(audit::Suite::kSha256Ed25519);
  for (absl::string_view leaf : absl::StrSplit(
           Ask("SELECT string_agg(encode(leaf_hash, 'hex'), ',' ORDER BY "
               "log_index) FROM log_leaf"),
           ',')) {
    root.Add(absl::HexStringToBytes(leaf));
  }
  EXPECT_EQ(root.Root(), head->root);
}

}  // namespace
}  // namespace gongkai
