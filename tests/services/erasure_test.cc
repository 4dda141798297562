// SPDX-License-Identifier: Apache-2.0
// Destroying personal text over the wire and in PostgreSQL: nowhere in the
// database is it left, the record is still proved, and nothing else changed.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/act/fsck.h"
#include "services/act/reconcile.h"
#include "services/base/dates.h"
#include "services/server/audit_erasures.h"
#include "storage/postgres/postgres_scan.h"
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

// Words that occur nowhere else, and the applicant's name.
constexpr char kContent[] = "申请公开梧桐里征收补偿协议UNIQUE7319。";
constexpr char kName[] = "赵甲一";

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class Erasing : public ::testing::Test {
 protected:
  Erasing() {
    const auto received = service_.Receive(kContent);
    name_ = received.receipt().name();
    number_ = received.receipt().number();
  }

  grpc::Status Try(const TestService::As& as, const std::string& text,
                   int64_t* version = nullptr) {
    v1::Act act;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &act));
    v1::PerformActResponse response;
    const grpc::Status status = service_.Perform(as, name_, act, &response);
    if (version != nullptr) *version = response.receipt().version();
    return status;
  }
  void Do(const TestService::As& as, const std::string& text) {
    const grpc::Status status = Try(as, text);
    ASSERT_TRUE(status.ok()) << text << ": " << status.error_message();
  }

  // From receipt to the closed file.
  void Close() {
    Do({}, R"(register { officer: "li" })");
    Do({}, R"(draft_reply { outcome: DISCLOSED text: "见附件UNIQUE7319"
              access: "随函" review_organ: "市人民政府" court: "某法院" })");
    Do({}, "submit_for_review {}");
    Do({"mi", "secrecy_reviewer"}, "clear_draft { step: SECRECY }");
    Do({"fa", "legal_reviewer"}, "clear_draft { step: LEGAL }");
    Do({"qian", "signer"}, R"(sign { document_number: "某信答〔2024〕1号" })");
    Do({}, "dispatch { carrier: POST_EMS }");
    Do({}, R"(record_service { outcome: DELIVERED note: "UNIQUE7319签收" })");
    Do({}, "close {}");
  }

  static std::string Proposal() {
    return R"(propose_erasure { basis: ORDERED
              document_number: "某删〔2024〕1号" })";
  }
  void Erase() {
    int64_t proposal = 0;
    ASSERT_TRUE(Try(archivist_, Proposal(), &proposal).ok());
    Do(head_, absl::StrCat("erase { proposal: ", proposal, " }"));
  }

  // Every row of every table, bytes in hexadecimal.
  std::string WholeDatabase() {
    const std::string tables =
        Ask("SELECT string_agg(quote_ident(tablename), ',') FROM pg_tables "
            "WHERE schemaname = 'public'");
    std::string all;
    for (const absl::string_view table : absl::StrSplit(tables, ',')) {
      absl::StrAppend(&all, Ask(absl::StrCat("SELECT coalesce(string_agg("
                                             "t::text, E'\\n'), '') FROM ",
                                             table, " t")));
    }
    return all;
  }
  bool Holds(const std::string& all, const std::string& text) {
    return all.find(text) != std::string::npos ||
           all.find(absl::BytesToHexString(text)) != std::string::npos;
  }

  std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service_.database()), sql);
  }

  v1::GetCaseResponse Get() {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::GetCaseRequest request;
    request.set_name(name_);
    request.set_with_history(true);
    v1::GetCaseResponse response;
    EXPECT_TRUE(service_.cases().GetCase(&context, request, &response).ok());
    return response;
  }

  int Hits(const std::string& phrase) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::SearchCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_phrase(phrase);
    v1::SearchCasesResponse response;
    EXPECT_TRUE(
        service_.cases().SearchCases(&context, request, &response).ok());
    return response.hits_size();
  }

  // What those who check a whole database find, line by line.
  std::string FindingsOfAll() {
    const std::string auditor =
        TempPostgres::Shared().Auditor(service_.database());
    storage::PostgresStore store(auditor, 1);
    act::Registry registry(store, service_.service().registry().rules());
    std::string findings;
    const auto note = [&](const act::Finding& finding) {
      absl::StrAppend(&findings, finding.ToText(), "\n");
    };
    const absl::Status status =
        storage::ReadSnapshot(auditor, [&](storage::Scan& scan) {
          const auto report = act::Fsck(scan, {}, note);
          if (!report.ok()) return report.status();
          return act::Reconcile(scan, registry, {std::string(32, 'k'), {}},
                                note)
              .status();
        });
    EXPECT_TRUE(status.ok()) << status;
    return findings;
  }

  // The rows that lists and statistics read.
  std::string Columns() {
    return Ask(
        "SELECT concat_ws('|', phase, outcome, applicant_kind, officer, "
        "department, received_date, number) FROM stream "
        "WHERE kind = 1");
  }

  const TestService::As archivist_ = {"dang", "archivist"};
  const TestService::As head_ = {"zhang", "disclosure_head"};
  TestService service_;
  std::string name_, number_;
};

TEST_F(Erasing, NoRowOfTheDatabaseHoldsTheTextAnyMore) {
  Close();
  const std::string before = WholeDatabase();
  for (const char* text : {kContent, kName, "UNIQUE7319"}) {
    EXPECT_TRUE(Holds(before, text)) << text;
  }
  ASSERT_EQ(Hits("梧桐里"), 1);
  Erase();
  const std::string after = WholeDatabase();
  for (const char* text : {kContent, kName, "UNIQUE7319", "梧桐"}) {
    EXPECT_FALSE(Holds(after, text)) << text;
  }
  EXPECT_EQ(Hits("梧桐里"), 0);
  EXPECT_EQ(Hits(kName), 0);
  EXPECT_EQ(Ask("SELECT count(*) FROM private_part WHERE erased_time IS NULL"),
            "0");
}

TEST_F(Erasing, TheRecordAndItsProofStay) {
  Close();
  constexpr char kLeaves[] =
      "SELECT string_agg(encode(leaf_hash, 'hex') || encode(hash, 'hex') || "
      "encode(record, 'hex'), '' ORDER BY seq) FROM event e WHERE seq <= 10 "
      "AND EXISTS (SELECT FROM stream s WHERE s.stream_id = e.stream_id "
      "AND s.kind = 1)";
  const std::string leaves = Ask(kLeaves);
  const std::string columns = Columns();
  Erase();
  EXPECT_EQ(Ask(kLeaves), leaves);
  EXPECT_EQ(Columns(), columns);
}

TEST_F(Erasing, AReaderSeesWhatWasErasedAndByWhom) {
  Close();
  ASSERT_EQ(Get().case_().content(), kContent);
  Erase();
  const v1::GetCaseResponse seen = Get();
  EXPECT_EQ(seen.case_().content(), "");
  EXPECT_EQ(seen.case_().applicant().name(), "");
  EXPECT_EQ(seen.case_().reply_text(), "");
  EXPECT_EQ(seen.case_().phase(), v1::CLOSED);
  EXPECT_EQ(seen.case_().erasures_proposed_size(), 0);
  std::vector<int64_t> erased;
  for (const v1::RecordedEvent& event : seen.history()) {
    if (event.erased()) erased.push_back(event.seq());
  }
  // Receipt, draft, service: the events that held a text.
  EXPECT_THAT(erased, ElementsAre(1, 3, 9));
  const v1::RecordedEvent& last = *seen.history().rbegin();
  EXPECT_EQ(last.actor().account(), "zhang");
  EXPECT_EQ(last.event().erased().basis(), v1::ORDERED);
  EXPECT_TRUE(last.event().erased().words());
}

TEST_F(Erasing, AProposalAwaitingItsDecisionIsShown) {
  Close();
  int64_t proposal = 0;
  ASSERT_TRUE(Try(archivist_, Proposal(), &proposal).ok());
  ASSERT_EQ(Get().case_().erasures_proposed_size(), 1);
  EXPECT_EQ(Get().case_().erasures_proposed(0), proposal);
}

TEST_F(Erasing, OnePersonWithTwoAccountsIsOnePerson) {
  Close();
  int64_t proposal = 0;
  ASSERT_TRUE(Try({.account = "dang", .roles = "archivist", .person = "p-7"},
                  Proposal(), &proposal)
                  .ok());
  const std::string decision =
      absl::StrCat("erase { proposal: ", proposal, " }");
  const grpc::Status refused =
      Try({.account = "zhang", .roles = "disclosure_head", .person = "p-7"},
          decision);
  EXPECT_EQ(Details(refused).reason, "ERASURE_BY_PROPOSER");
  EXPECT_EQ(Get().case_().content(), kContent);
  EXPECT_TRUE(
      Try({.account = "zhang", .roles = "disclosure_head", .person = "p-8"},
          decision)
          .ok());
}

TEST_F(Erasing, NamedRecordsAloneLeaveTheOthersAndTheSearch) {
  Close();
  int64_t proposal = 0;
  ASSERT_TRUE(Try(archivist_,
                  R"(propose_erasure { basis: UNLAWFULLY_KEPT
                     document_number: "某删〔2024〕2号" events: 9 })",
                  &proposal)
                  .ok());
  Do(head_, absl::StrCat("erase { proposal: ", proposal, " }"));
  EXPECT_EQ(Get().case_().content(), kContent);
  EXPECT_TRUE(Get().history(8).erased());
  EXPECT_EQ(Hits("梧桐里"), 1);
}

// The digest of the body went with it: the same id gives the first receipt.
TEST_F(Erasing, ARequestThatIsSentAgainAfterwardsGetsItsReceipt) {
  v1::ReceiveApplicationRequest request = service_.Application(kContent);
  const auto receive = [&](v1::ReceiveApplicationResponse* response) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    return service_.cases().ReceiveApplication(&context, request, response);
  };
  v1::ReceiveApplicationResponse first, again;
  ASSERT_TRUE(receive(&first).ok());
  name_ = first.receipt().name();
  Close();
  Erase();
  ASSERT_TRUE(receive(&again).ok());
  EXPECT_EQ(again.receipt().name(), name_);
  EXPECT_EQ(again.receipt().hash(), first.receipt().hash());
}

TEST_F(Erasing, AMendThatComesLaterDoesNotBringTheWordsBack) {
  Close();
  Erase();
  EXPECT_EQ(Details(Try(head_, R"(mend_record { event_seq: 1 field: "content"
                                  text: "某" reason: "误" })"))
                .reason,
            "TEXT_ERASED");
  Do(head_, R"(mend_record { event_seq: 1 field: "applicant_kind"
               value: "ENTERPRISE" reason: "误" })");
  EXPECT_EQ(Ask("SELECT concat(applicant_name, content, "
                "encode(applicant_key, 'hex')) FROM case_text"),
            "");
  EXPECT_EQ(Details(Try({"song", "legal_reviewer"},
                        R"(reopen { reason: "另有发现" })"))
                .reason,
            "TEXT_ERASED");
}

TEST_F(Erasing, TheWholeDatabaseIsStillSound) {
  Close();
  Erase();
  EXPECT_EQ(FindingsOfAll(), "");
}

// After a restore of a backup older than the erasure: the list destroyed the
// text again, the event of it is missing until two persons record it anew.
TEST_F(Erasing, DoneAgainAfterARestoreItIsRecordedAnewByTwoPersons) {
  Close();
  const std::string leaf =
      Ask("SELECT encode(leaf_hash, 'hex') FROM event e JOIN stream s USING "
          "(agency_id, stream_id) WHERE s.kind = 1 AND e.seq = 1");
  const std::string stream = Ask("SELECT stream_id FROM stream WHERE kind = 1");
  const auto replayed =
      storage::ReplayErasures(TempPostgres::Shared().Owner(service_.database()),
                              {{TestService::kAgency,
                                stream,
                                {1},
                                {absl::HexStringToBytes(leaf)},
                                true}},
                              Soon());
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_THAT(FindingsOfAll(), HasSubstr(number_));
  Erase();
  EXPECT_EQ(FindingsOfAll(), "");
}

TEST_F(Erasing, WhatWasErasedIsListedAndErasedAgainInARestoredDatabase) {
  Close();
  auto& postgres = TempPostgres::Shared();
  const std::string backup = absl::StrCat(service_.database(), "_backup");
  Erase();
  const auto erasures =
      storage::ReadErasures(postgres.Auditor(service_.database()), Soon());
  ASSERT_TRUE(erasures.ok()) << erasures.status();
  ASSERT_EQ(erasures->size(), 1u);
  const auto line = server::LineOf((*erasures)[0]);
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(*line, HasSubstr(number_));
  const auto lines = server::ReadErasureLines(*line + "\n\n");
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ((*lines)[0].number, number_);
  EXPECT_TRUE((*lines)[0].erased.words);
  EXPECT_EQ((*lines)[0].erased.events.size(), (*lines)[0].erased.leaves.size());
  // The backup is older than the erasure: its text is there once more.
  Ask("UPDATE private_part SET salt = '\\x01', payload = '\\x02', "
      "erased_time = NULL");
  Ask("UPDATE case_text SET content = '梧桐里'");
  const auto replayed = storage::ReplayErasures(
      postgres.Owner(service_.database()), {(*lines)[0].erased}, Soon());
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ((*replayed)[0].destroyed, 3);
  EXPECT_EQ(Ask("SELECT content FROM case_text"), "");
}

TEST(ErasureLines, ABrokenLineIsNamedAndNothingIsRead) {
  const std::string good =
      R"({"agency":"A","stream":"s","number":"A-1","words":true,"events":[1],)"
      R"("leaves":["0000000000000000000000000000000000000000000000000000000000000000"]})";
  EXPECT_TRUE(server::ReadErasureLines(good).ok());
  EXPECT_TRUE(server::ReadErasureLines("").ok());
  for (const std::string& bad :
       {std::string("{"), std::string("[]"), std::string("{\"agency\":1}"),
        std::string(good).replace(good.find("[1]"), 3, "[1,2]"),
        std::string(good).replace(good.find("[1]"), 3, "[-1]"),
        std::string(good).replace(good.find("000"), 3, "00G"),
        std::string(good).replace(good.find("true"), 4, "1")}) {
    const auto read = server::ReadErasureLines(absl::StrCat(good, "\n", bad));
    EXPECT_THAT(std::string(read.status().message()), HasSubstr("line 2"))
        << bad;
  }
}

}  // namespace
}  // namespace gongkai
