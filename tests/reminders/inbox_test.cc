// SPDX-License-Identifier: Apache-2.0
// One's own inbox over the wire: listing, marking, watching; and what the
// service puts in by itself.

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/act/receivers.h"
#include "services/base/ids.h"
#include "services/jobs/reminders.h"
#include "storage/postgres/postgres_reports.h"
#include "tests/reminders/office.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

storage::InboxEntry Entry(const std::string& account, int n) {
  storage::InboxEntry entry;
  entry.agency = TestService::kAgency;
  entry.account = account;
  entry.kind = v1::REMIND_LIMIT;
  entry.stream = UuidFrom("a case");
  entry.number = "SHGXW-2024-00001";
  entry.limit_kind = v1::REPLY;
  entry.ordinal = 1;
  entry.due = absl::CivilDay(2024, 4, 18);
  entry.rule_days = n;
  entry.remind_date = absl::CivilDay(2024, 3, 20);
  entry.made_time = TestNoon();
  entry.id = UuidFrom(absl::StrCat(account, " ", n));
  return entry;
}

class Inbox : public ::testing::Test {
 protected:
  explicit Inbox(absl::CivilDay day = absl::CivilDay(2024, 3, 20))
      : office_(Hour(day, 8)),
        reports_(v1::ReportService::NewStub(office_.service().channel())) {}

  void Put(const std::vector<storage::InboxEntry>& entries) {
    const auto put = office_.store().PutEntries(entries, Soon());
    ASSERT_TRUE(put.ok()) << put.status();
  }
  v1::ListRemindersResponse List(const std::string& account,
                                 v1::ListRemindersRequest request = {}) {
    grpc::ClientContext context;
    TestService::Identify({account, "handler"}, context);
    v1::ListRemindersResponse response;
    const grpc::Status status =
        reports_->ListReminders(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  int64_t Mark(const std::string& account,
               const std::vector<std::string>& ids) {
    grpc::ClientContext context;
    TestService::Identify({account, "handler"}, context);
    v1::MarkRemindersRequest request;
    for (const std::string& id : ids) request.add_ids(id);
    v1::MarkRemindersResponse response;
    const grpc::Status status =
        reports_->MarkReminders(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.marked();
  }
  std::unique_ptr<grpc::ClientReader<v1::WatchRemindersResponse>> Watch(
      grpc::ClientContext& context, const std::string& account, int64_t after) {
    TestService::Identify({account, "handler"}, context);
    v1::WatchRemindersRequest request;
    request.set_after_place(after);
    auto reader = reports_->WatchReminders(&context, request);
    reader->WaitForInitialMetadata();
    return reader;
  }

  Office office_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
};

TEST_F(Inbox, IsListedPageByPageNewestFirstAndIsOnesOwn) {
  std::vector<storage::InboxEntry> entries;
  for (int n = 0; n < 7; ++n) entries.push_back(Entry("li", n));
  entries.push_back(Entry("wang", 0));
  Put(entries);
  v1::ListRemindersRequest request;
  request.set_page_size(3);
  std::vector<int> days;
  int pages = 0;
  do {
    const v1::ListRemindersResponse page = List("li", request);
    for (const v1::Reminder& one : page.reminders()) {
      days.push_back(one.rule_days());
      EXPECT_EQ(one.name(), "agencies/SHGXW/cases/SHGXW-2024-00001");
    }
    EXPECT_EQ(page.unread(), 7);
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_THAT(days, ElementsAre(6, 5, 4, 3, 2, 1, 0));
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(List("wang").reminders_size(), 1);
  EXPECT_EQ(List("zhao").reminders_size(), 0);
}

TEST_F(Inbox, APageTokenIsOfOneInboxAlone) {
  Put({Entry("li", 0), Entry("li", 1), Entry("wang", 0), Entry("wang", 1)});
  v1::ListRemindersRequest request;
  request.set_page_size(1);
  request.set_page_token(List("li", request).next_page_token());
  grpc::ClientContext context;
  TestService::Identify({"wang", "handler"}, context);
  v1::ListRemindersResponse response;
  EXPECT_EQ(
      Details(reports_->ListReminders(&context, request, &response)).reason,
      "PAGE_TOKEN_FOREIGN");
}

TEST_F(Inbox, WhatIsReadIsMarkedOnceAndByItsHolderAlone) {
  Put({Entry("li", 0), Entry("li", 1), Entry("li", 2), Entry("wang", 0)});
  EXPECT_EQ(Mark("wang", {Entry("li", 0).id}), 0);
  EXPECT_EQ(Mark("li", {Entry("li", 0).id, Entry("wang", 0).id}), 1);
  EXPECT_EQ(Mark("li", {Entry("li", 0).id}), 0);
  v1::ListRemindersRequest unread;
  unread.set_unread_only(true);
  EXPECT_EQ(List("li", unread).reminders_size(), 2);
  EXPECT_EQ(List("li").reminders_size(), 3);
  EXPECT_EQ(List("li").unread(), 2);
  EXPECT_NE(List("li").reminders(2).read_time(), "");
  EXPECT_EQ(Mark("li", {}), 2);
  EXPECT_EQ(List("li").unread(), 0);
  EXPECT_EQ(List("wang").unread(), 1);
}

TEST_F(Inbox, AWatchBringsOnesOwnInOrderAndGoesOnFromAPlace) {
  Put({Entry("li", 0)});
  int64_t place = 0;
  {
    grpc::ClientContext context;
    const auto reader = Watch(context, "li", 0);
    Put({Entry("wang", 1), Entry("li", 1), Entry("li", 2)});
    office_.service().service().reminder_hub().Poke();
    v1::WatchRemindersResponse response;
    // What was there before is not given.
    for (const int n : {1, 2}) {
      ASSERT_TRUE(reader->Read(&response));
      EXPECT_EQ(response.reminder().rule_days(), n);
      EXPECT_GT(response.reminder().place(), place);
      place = response.reminder().place();
    }
    context.TryCancel();
    reader->Finish();
  }
  Put({Entry("li", 3), Entry("li", 4)});
  grpc::ClientContext context;
  const auto reader = Watch(context, "li", place);
  v1::WatchRemindersResponse response;
  for (const int n : {3, 4}) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(response.reminder().rule_days(), n);
  }
  context.TryCancel();
  reader->Finish();
}

// Two servers put in at once: whoever goes on after the last place he saw
// misses none.
TEST_F(Inbox, AWatchMissesNoneOfThoseThatSeveralPutInAtOnce) {
  constexpr int kEach = 150;
  grpc::ClientContext context;
  const auto reader = Watch(context, "li", 0);
  std::vector<std::thread> servers;
  for (int s = 0; s < 3; ++s) {
    servers.emplace_back([this, s] {
      for (int n = 0; n < kEach; ++n) {
        Put({Entry("li", s * 1000 + n), Entry("wang", s * 1000 + n)});
        office_.service().service().reminder_hub().Poke();
      }
    });
  }
  std::set<int> seen;
  int64_t place = 0;
  v1::WatchRemindersResponse response;
  while (seen.size() < 3 * kEach && reader->Read(&response)) {
    EXPECT_GT(response.reminder().place(), place);
    place = response.reminder().place();
    seen.insert(response.reminder().rule_days());
  }
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(seen.size(), 3u * kEach);
  context.TryCancel();
  reader->Finish();
}

TEST_F(Inbox, AServerThatStopsTellsItsWatchers) {
  grpc::ClientContext context;
  const auto reader = Watch(context, "li", 0);
  office_.service().service().reminder_hub().Stop();
  v1::WatchRemindersResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(Details(reader->Finish()).reason, "SERVICE_STOPPING");
}

// One run of the job, by the office's clock.
class Reminding : public Inbox {
 protected:
  Reminding() : Inbox(absl::CivilDay(2024, 3, 4)) {
    office_.Open("li", {{v1::ROLE_HANDLER, ""}});
    office_.Open("wang", {{v1::ROLE_HANDLER, ""}});
    office_.Open("ma", {{v1::ROLE_MANAGER, "A"}});
    office_.Open("mg", {{v1::ROLE_MANAGER, ""}});
    office_.Open("head", {{v1::ROLE_DISCLOSURE_HEAD, ""}});
    database_ = office_.service().database();
    reads_ = std::make_unique<storage::PostgresReports>(
        TempPostgres::Shared().Report(database_));
  }

  void RunOn(absl::CivilDay day, int hour = 9) {
    office_.clock().Set(Hour(day, hour));
    office_.AwaitLog();
    act::Receivers receivers(office_.store(), office_.store());
    jobs::Reminders job(
        {office_.service().service().registry(), office_.store(),
         office_.store(), office_.store(), *reads_, office_.store(), receivers,
         office_.clock(), nullptr},
        {});
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (job.last_pass() == absl::InfinitePast()) {
      ASSERT_LT(absl::Now(), end);
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  // Who was reminded of the reply to the case, by which rule.
  std::vector<std::string> Said(const std::string& name) {
    std::vector<std::string> said;
    for (const storage::InboxEntry& entry : office_.Inboxes()) {
      if (entry.kind != v1::REMIND_LIMIT || entry.limit_kind != v1::REPLY ||
          CaseName(entry.agency, entry.number) != name) {
        continue;
      }
      said.push_back(absl::StrCat(entry.account, " ", entry.rule_days));
    }
    return said;
  }
  std::string NewCase(const std::string& officer,
                      const std::string& department) {
    const std::string name = office_.Receive();
    office_.Assign(name, officer, department);
    return name;
  }

  std::string database_;
  std::unique_ptr<storage::PostgresReports> reads_;
};

// Received on 4 March: the 20th working day is 1 April 2024.
TEST_F(Reminding, ClimbsFromTheOfficerToTheManagersToTheHead) {
  const std::string name = NewCase("wang", "A");
  RunOn(absl::CivilDay(2024, 3, 26));
  EXPECT_THAT(Said(name), IsEmpty());
  RunOn(absl::CivilDay(2024, 3, 27));
  EXPECT_THAT(Said(name), ElementsAre("wang 3"));
  RunOn(absl::CivilDay(2024, 3, 29));
  EXPECT_THAT(Said(name), ElementsAre("wang 3"));
  RunOn(absl::CivilDay(2024, 4, 1));
  EXPECT_THAT(Said(name), ElementsAre("wang 3", "ma 0"));
  RunOn(absl::CivilDay(2024, 4, 2));
  RunOn(absl::CivilDay(2024, 4, 3));
  EXPECT_THAT(Said(name), ElementsAre("wang 3", "ma 0", "head -1"));
}

TEST_F(Reminding, WhatFellDueWhileNothingRanIsMadeUpFor) {
  const std::string name = NewCase("wang", "");
  // Nothing from 4 March to Qingming; then all of it, on a working day.
  RunOn(absl::CivilDay(2024, 4, 6));
  EXPECT_THAT(Said(name), IsEmpty());
  RunOn(absl::CivilDay(2024, 4, 7), 8);
  EXPECT_THAT(Said(name), IsEmpty()) << "before the agency's hour";
  RunOn(absl::CivilDay(2024, 4, 7));
  EXPECT_THAT(Said(name), UnorderedElementsAre("wang 3", "mg 0", "head -1"));
  for (const storage::InboxEntry& entry : office_.InboxOf("wang")) {
    if (entry.limit_kind == v1::REPLY) {
      EXPECT_EQ(entry.left, -3);
    }
  }
}

TEST_F(Reminding, WhatIsDoneRemindsNobody) {
  const std::string name = NewCase("wang", "A");
  office_.Withdraw(name);
  RunOn(absl::CivilDay(2024, 4, 8));
  EXPECT_THAT(Said(name), IsEmpty());
}

TEST_F(Reminding, ARestrictedCaseRemindsNobodyElse) {
  const std::string name = NewCase("wang", "A");
  office_.Restrict(name, {"head", "wang"});
  const std::string others = NewCase("wang", "A");
  office_.Restrict(others, {"head", "li"});
  RunOn(absl::CivilDay(2024, 4, 8));
  EXPECT_THAT(Said(name), UnorderedElementsAre("wang 3", "head -1"));
  EXPECT_THAT(Said(others), ElementsAre("head -1"));
  for (const char* account : {"ma", "mg"}) {
    for (const storage::InboxEntry& entry : office_.InboxOf(account)) {
      EXPECT_EQ(entry.kind, v1::REMIND_DIGEST);
      EXPECT_EQ(entry.overdue + entry.red + entry.yellow, 0);
    }
  }
}

TEST_F(Reminding, ALabelThatARoleIsNotClearedForKeepsItAway) {
  const std::string name = NewCase("wang", "A");
  office_.Label(name, {v1::LABEL_PRIVACY});
  RunOn(absl::CivilDay(2024, 4, 8));
  // Managers are cleared for internal papers alone.
  EXPECT_THAT(Said(name), UnorderedElementsAre("wang 3", "head -1"));
}

TEST_F(Reminding, AClosedAccountGetsNothing) {
  const std::string name = NewCase("wang", "A");
  office_.SetActive("wang", false);
  office_.SetActive("head", false);
  RunOn(absl::CivilDay(2024, 4, 8));
  EXPECT_THAT(Said(name), UnorderedElementsAre("ma 3", "ma 0"));
  EXPECT_THAT(office_.InboxOf("wang"), IsEmpty());
  EXPECT_THAT(office_.InboxOf("head"), IsEmpty());
}

TEST_F(Reminding, WhoTakesACaseOverIsRemindedToo) {
  const std::string name = NewCase("wang", "A");
  RunOn(absl::CivilDay(2024, 3, 28));
  EXPECT_THAT(Said(name), ElementsAre("wang 3"));
  office_.Assign(name, "li", "A");
  RunOn(absl::CivilDay(2024, 3, 28), 10);
  EXPECT_THAT(Said(name), ElementsAre("wang 3", "li 3"));
}

TEST_F(Reminding, ADigestEachMorningWithTheCountsOfOnesOwn) {
  NewCase("wang", "A");
  NewCase("wang", "A");
  NewCase("wang", "B");
  RunOn(absl::CivilDay(2024, 3, 29));  // one working day left
  RunOn(absl::CivilDay(2024, 3, 29), 15);
  RunOn(absl::CivilDay(2024, 3, 30));  // Saturday
  RunOn(absl::CivilDay(2024, 4, 2));   // one late
  const auto digests = [&](const std::string& account) {
    std::vector<std::string> texts;
    for (const storage::InboxEntry& entry : office_.InboxOf(account)) {
      if (entry.kind != v1::REMIND_DIGEST) continue;
      texts.push_back(
          absl::StrCat(entry.overdue, " ", entry.red, " ", entry.yellow));
    }
    return texts;
  };
  EXPECT_THAT(digests("ma"), ElementsAre("0 2 0", "2 0 0"));
  EXPECT_THAT(digests("mg"), ElementsAre("0 3 0", "3 0 0"));
  EXPECT_THAT(digests("head"), ElementsAre("0 3 0", "3 0 0"));
  EXPECT_THAT(digests("wang"), IsEmpty());
}

TEST_F(Reminding, MailGoesToTheAccountInTheAgencysDomain) {
  v1::AgencyTerms terms = office_.Terms();
  terms.set_mail_domain("gxw.example.cn");
  office_.SetTerms(terms);
  NewCase("wang", "A");
  RunOn(absl::CivilDay(2024, 3, 28));
  const auto mails = office_.store().TakeMails(10, office_.clock().Now(),
                                               absl::Minutes(1), Soon());
  ASSERT_TRUE(mails.ok()) << mails.status();
  std::vector<std::string> to;
  for (const auto& mail : *mails) to.push_back(mail.mail_to);
  EXPECT_THAT(to, testing::Contains("wang@gxw.example.cn"));
  EXPECT_THAT(to, testing::Contains("head@gxw.example.cn"));
}

TEST_F(Reminding, TermsThatDoNotFitAreRefused) {
  v1::AgencyTerms terms = office_.Terms();
  terms.set_reminder_time("25:00");
  const auth::Caller keeper{
      "keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, "*", "dev"};
  const absl::Status set =
      office_.service().service().performer().SetAgencyTerms(
          keeper, TestService::kAgency, terms, Soon());
  EXPECT_TRUE(absl::IsInvalidArgument(set)) << set;
}

// The service does it by itself, when it is told to look.
TEST(Service, RemindsByItself) {
  TestService::Options options;
  options.now = Hour(absl::CivilDay(2024, 3, 20), 8);
  TestService service(options);
  act::AccountKeeper::FirstAccount first;
  first.agency = TestService::kAgency;
  first.name = "head";
  first.grants.emplace_back().set_role(v1::ROLE_DISCLOSURE_HEAD);
  const auth::Caller machine{
      "operator", "operator", {}, TestService::kAgency, "operator"};
  ASSERT_TRUE(
      service.service().keeper().OpenFirst(machine, first, Soon()).ok());
  service.clock().Set(Hour(absl::CivilDay(2024, 3, 20), 8, 30));
  const auto reports = v1::ReportService::NewStub(service.channel());
  grpc::ClientContext context;
  TestService::Identify({"head", "disclosure_head"}, context);
  const auto reader = reports->WatchReminders(&context, {});
  reader->WaitForInitialMetadata();
  service.service().reminders().Poke();
  v1::WatchRemindersResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.reminder().kind(), v1::REMIND_DIGEST);
  EXPECT_EQ(response.reminder().remind_date(), "2024-03-20");
  context.TryCancel();
  reader->Finish();
}

}  // namespace
}  // namespace gongkai::test
