// SPDX-License-Identifier: Apache-2.0
// Department, labels and restriction at every call that touches a case.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <iostream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "tests/auth/expected.h"
#include "tests/support/temp_postgres.h"
#include "tests/walls/wall_house.h"

namespace gongkai {
namespace {

using test::CallMethod;
using test::Details;
using test::TestService;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using As = TestService::As;

class CaseWalls : public ::testing::Test {
 protected:
  std::string NewCase(const std::string& content = "申请公开专项资金清单。") {
    return test::ReceiveIn(service_, TestService::kAgency, content);
  }
  std::string NumberOf(const std::string& name) {
    return name.substr(name.rfind('/') + 1);
  }
  void Must(const As& as, const std::string& name, const v1::Act& act) {
    const grpc::Status status = service_.Perform(as, name, act);
    ASSERT_TRUE(status.ok()) << status.error_message() << act.DebugString();
  }
  void Assign(const std::string& name, const std::string& department) {
    v1::Act act;
    act.mutable_register_()->set_officer("li");
    act.mutable_register_()->set_department(department);
    Must({"li", "handler"}, name, act);
  }
  void Restrict(const std::string& name,
                const std::vector<std::string>& accounts) {
    v1::Act act;
    for (const std::string& one : accounts) {
      act.mutable_restrict()->add_accounts(one);
    }
    act.mutable_restrict()->set_reason("涉及本机关人员");
    Must({accounts[0], "disclosure_head"}, name, act);
  }
  void Label(const std::string& name, std::vector<v1::Label> labels) {
    v1::Act act;
    act.mutable_set_labels();
    for (const v1::Label label : labels) {
      act.mutable_set_labels()->add_labels(label);
    }
    Must({"li", "handler"}, name, act);
  }

  // The reason by which one call on one case is refused; empty when it is not.
  std::string Reason(const char* method, const As& as,
                     const std::string& name) {
    const auth::MethodRow& row = *auth::MethodOf(method);
    const auto request = test::RequestOf(row);
    test::Fill(
        *request,
        [&](const v1::FieldRule& rule) {
          return rule.format() == v1::CASE_NAME ? name
                                                : test::FittingText(rule);
        },
        [](const v1::FieldRule&) { return false; });
    if (std::string(method) == "PerformAct") {
      auto& act = static_cast<v1::PerformActRequest&>(*request);
      act.mutable_act()->mutable_log_contact()->set_note("某");
    }
    return CallMethod(service_, row, as, request->SerializeAsString()).reason();
  }

  std::vector<std::string> Listed(const As& as,
                                  const std::string& department = "") {
    std::vector<std::string> names;
    v1::ListCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_page_size(3);
    request.set_department(department);
    do {
      grpc::ClientContext context;
      TestService::Identify(as, context);
      v1::ListCasesResponse response;
      const grpc::Status status =
          service_.cases().ListCases(&context, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const auto& one : response.cases()) names.push_back(one.name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  std::vector<std::string> Found(const As& as) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::SearchCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_phrase("专项资金");
    v1::SearchCasesResponse response;
    EXPECT_TRUE(
        service_.cases().SearchCases(&context, request, &response).ok());
    std::vector<std::string> names;
    for (const auto& hit : response.hits()) {
      names.push_back(hit.summary().name());
    }
    return names;
  }

  std::vector<std::string> Alike(const As& as, const std::string& name) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::ListSimilarCasesRequest request;
    request.set_name(name);
    v1::ListSimilarCasesResponse response;
    EXPECT_TRUE(
        service_.cases().ListSimilarCases(&context, request, &response).ok());
    std::vector<std::string> names;
    for (const auto& one : response.similar()) names.push_back(one.name());
    return names;
  }

  // What a day off in April would move, by the names given.
  grpc::Status Preview(const As& as, const std::string& agency,
                       v1::PreviewNoticeResponse* response) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::PreviewNoticeRequest request;
    request.set_agency(agency);
    request.mutable_notice()->set_number("某发〔2024〕9号");
    request.mutable_notice()->set_issued_date("2024-03-20");
    auto& day = *request.mutable_notice()->add_days();
    day.set_date("2024-04-10");
    day.set_kind(v1::DAY_OFF);
    day.set_name("放假");
    return service_.calendars().PreviewNotice(&context, request, response);
  }
  // The same of whoever may ask: as many move as are looked at.
  std::vector<std::string> Previewed(const As& as, const std::string& agency,
                                     int within_reach) {
    v1::PreviewNoticeResponse response;
    const grpc::Status status = Preview(as, agency, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.looked_at(), within_reach) << as.roles;
    EXPECT_EQ(response.moved(), within_reach) << as.roles;
    std::vector<std::string> names;
    for (const auto& one : response.cases()) names.push_back(one.name());
    return names;
  }

  // What a stream from the beginning of the log tells: case and event.
  std::vector<std::string> Watched(const As& as) {
    auto& postgres = test::TempPostgres::Shared();
    const std::string dsn = postgres.Superuser(service_.database());
    while (postgres.Run(dsn, "SELECT count(*) FROM log_queue") != "0") {
      absl::SleepFor(absl::Milliseconds(20));
    }
    grpc::ClientContext context;
    TestService::Identify(as, context);
    context.set_deadline(
        absl::ToChronoTime(absl::Now() + absl::Milliseconds(800)));
    v1::WatchCasesRequest request;
    request.set_agency(TestService::kAgency);
    request.set_after_log_index(1);
    const auto reader = service_.cases().WatchCases(&context, request);
    std::vector<std::string> told;
    v1::WatchCasesResponse change;
    while (reader->Read(&change)) {
      told.push_back(NumberOf(change.name()) + " " + change.event());
    }
    return told;
  }

  TestService service_;
};

constexpr const char* kOfOneCase[] = {"GetCase",     "ListLawfulActs",
                                      "PerformAct",  "ExplainTimeLimit",
                                      "GetProgress", "ListSimilarCases"};
constexpr const char* kEvidence[] = {"ExportCase", "GetCaseTrail"};

TEST_F(CaseWalls, ARestrictedCaseIsThereForThoseNamedAlone) {
  const std::string open = NewCase();
  const std::string closed = NewCase();
  Restrict(closed, {"zhang", "li"});
  const As li = {"li", "handler"};
  const As wang = {"wang", "handler"};
  const std::string missing = "agencies/SHGXW/cases/SHGXW-2024-09999";
  for (const char* method : kOfOneCase) {
    EXPECT_EQ(Reason(method, li, closed), "") << method;
    EXPECT_EQ(Reason(method, wang, closed), "NO_SUCH_CASE") << method;
    EXPECT_EQ(Reason(method, wang, missing), "NO_SUCH_CASE") << method;
    EXPECT_EQ(Reason(method, wang, open), "") << method;
  }
  for (const char* method : kEvidence) {
    EXPECT_EQ(Reason(method, {"shen", "legal_auditor"}, closed), "NO_SUCH_CASE")
        << method;
    EXPECT_NE(Reason(method, {"zhang", "disclosure_head"}, closed),
              "NO_SUCH_CASE")
        << method;
  }
  EXPECT_THAT(Listed(wang), ElementsAre(open));
  EXPECT_THAT(Listed(li), UnorderedElementsAre(open, closed));
  EXPECT_THAT(Found(wang), ElementsAre(open));
  EXPECT_THAT(Found(li), UnorderedElementsAre(open, closed));
  EXPECT_THAT(Alike(wang, open), IsEmpty());
  EXPECT_THAT(Alike(li, open), ElementsAre(closed));
  const v1::Case view = service_.Get(closed);
  EXPECT_THAT(view.restricted_to(), ElementsAre("li", "zhang"));
}

TEST_F(CaseWalls, KnockingAtTheWallIsRecorded) {
  const std::string closed = NewCase();
  Restrict(closed, {"zhang", "shen"});
  const std::string secret = NewCase();
  Label(secret, {v1::LABEL_PRIVACY});
  auto& postgres = test::TempPostgres::Shared();
  const std::string dsn = postgres.Superuser(service_.database());
  const auto knocks = [&](v1::AccessKind kind, const std::string& name) {
    return postgres.Run(
        dsn, absl::StrCat("SELECT count(*) FROM access WHERE kind = ",
                          static_cast<int>(kind), " AND '", NumberOf(name),
                          "' = ANY (numbers)"));
  };
  for (const char* method : {"GetCase", "ListLawfulActs", "ListSimilarCases"}) {
    EXPECT_EQ(Reason(method, {"wang", "handler"}, closed), "NO_SUCH_CASE");
  }
  EXPECT_EQ(knocks(v1::READ_REFUSED, closed), "3");
  EXPECT_EQ(Reason("PerformAct", {"wang", "handler"}, closed), "NO_SUCH_CASE");
  EXPECT_EQ(knocks(v1::ACT_REFUSED, closed), "1");
  EXPECT_EQ(Reason("GetCase", {"ma", "manager"}, secret), "LABEL_NOT_CLEARED");
  EXPECT_EQ(knocks(v1::READ_REFUSED, secret), "1");
  // Evidence is behind the same wall.
  EXPECT_EQ(Reason("ExportCase", {"fa", "legal_auditor"}, closed),
            "NO_SUCH_CASE");
  EXPECT_EQ(knocks(v1::READ_REFUSED, closed), "4");
  const As elsewhere = {"chen", "disclosure_head@fagui"};
  EXPECT_EQ(Reason("ExportCase", elsewhere, secret), "CAPACITY_MISSING");
  EXPECT_EQ(knocks(v1::READ_REFUSED, secret), "2");
}

TEST_F(CaseWalls, ALinkToACaseOneMayNotSeeIsALinkToNothing) {
  const std::string open = NewCase();
  const std::string closed = NewCase();
  Restrict(closed, {"zhang", "li"});
  const auto link = [&](const As& as, const std::string& number) {
    v1::Act act;
    act.mutable_link()->set_kind(v1::RELATED);
    act.mutable_link()->set_reason("同一事项");
    act.mutable_link()->set_other_case(number);
    return service_.Perform(as, open, act);
  };
  const auto hidden = Details(link({"wang", "handler"}, NumberOf(closed)));
  const auto missing = Details(link({"wang", "handler"}, "SHGXW-2024-09999"));
  EXPECT_EQ(hidden.reason, "LINK_MISFIT");
  EXPECT_EQ(missing.reason, "LINK_MISFIT");
  EXPECT_EQ(hidden.field, missing.field);
  EXPECT_TRUE(link({"li", "handler"}, NumberOf(closed)).ok());
}

TEST_F(CaseWalls, EarlierCasesOfAnApplicantAreShownThroughTheWall) {
  const std::string hidden = NewCase();
  Restrict(hidden, {"zhang", "shen"});
  const std::string secret = NewCase();
  Label(secret, {v1::LABEL_BUSINESS_SECRET});
  const std::string plain = NewCase();
  service_.clock().Set(service_.clock().Now() + absl::Milliseconds(2));
  grpc::ClientContext context;
  TestService::Identify({"wang", "handler"}, context);
  v1::ReceiveApplicationResponse response;
  ASSERT_TRUE(service_.cases()
                  .ReceiveApplication(
                      &context, service_.Application("申请公开专项资金清单。"),
                      &response)
                  .ok());
  std::vector<std::string> names;
  for (const auto& one : response.similar()) names.push_back(one.name());
  EXPECT_THAT(names, UnorderedElementsAre(secret, plain));
}

TEST_F(CaseWalls, ALabelKeepsOutWhoeverIsNotClearedForIt) {
  const std::string internal = NewCase();
  Label(internal, {v1::LABEL_INTERNAL});
  const std::string secret = NewCase();
  Label(secret, {v1::LABEL_INTERNAL, v1::LABEL_BUSINESS_SECRET});
  const As manager = {"ma", "manager"};
  for (const char* method :
       {"GetCase", "ListLawfulActs", "ExplainTimeLimit", "GetProgress"}) {
    EXPECT_EQ(Reason(method, manager, internal), "") << method;
    EXPECT_EQ(Reason(method, manager, secret), "LABEL_NOT_CLEARED") << method;
  }
  EXPECT_EQ(Reason("GetProgress", {"portal", "portal"}, internal),
            "LABEL_NOT_CLEARED");
  EXPECT_THAT(Listed(manager), ElementsAre(internal));
  for (const char* method : kOfOneCase) {
    EXPECT_EQ(Reason(method, {"wang", "handler"}, secret), "") << method;
  }
  for (const char* method : kEvidence) {
    EXPECT_NE(Reason(method, {"shen", "legal_auditor"}, secret),
              "LABEL_NOT_CLEARED");
  }
}

TEST_F(CaseWalls, ARoleOfADepartmentEndsThere) {
  const std::string ours = NewCase();
  Assign(ours, "fagui");
  const std::string theirs = NewCase();
  Assign(theirs, "zhengce");
  const std::string unassigned = NewCase();
  const As clerk = {"wang", "handler@fagui"};
  for (const char* method : kOfOneCase) {
    EXPECT_EQ(Reason(method, clerk, ours), "") << method;
    EXPECT_EQ(Reason(method, clerk, theirs), "CAPACITY_MISSING") << method;
    EXPECT_EQ(Reason(method, clerk, unassigned), "CAPACITY_MISSING") << method;
  }
  EXPECT_THAT(Listed(clerk), ElementsAre(ours));
  EXPECT_THAT(Listed(clerk, "zhengce"), IsEmpty());
  EXPECT_THAT(Listed(clerk, "fagui"), ElementsAre(ours));
  EXPECT_THAT(Found(clerk), ElementsAre(ours));
  const As two = {"wang", "handler@fagui,manager@zhengce"};
  EXPECT_THAT(Listed(two), UnorderedElementsAre(ours, theirs));
  EXPECT_THAT(Found(two), ElementsAre(ours));
  EXPECT_EQ(Reason("GetCase", two, theirs), "");
  // What one may do there is what the role of that department gives.
  EXPECT_EQ(Reason("PerformAct", two, theirs), "CAPACITY_MISSING");
  EXPECT_EQ(Reason("PerformAct", two, ours), "");
}

TEST_F(CaseWalls, AStreamTellsOnlyOfCasesOneMaySee) {
  const std::string open = NewCase();
  const std::string closed = NewCase();
  Restrict(closed, {"zhang", "li"});
  const std::string ours = NewCase();
  Assign(ours, "fagui");
  const std::string n1 = NumberOf(open);
  const std::string n2 = NumberOf(closed);
  const std::string n3 = NumberOf(ours);
  EXPECT_THAT(
      Watched({"wang", "handler"}),
      ElementsAre(n1 + " received", n3 + " received", n3 + " registered"));
  EXPECT_THAT(
      Watched({"li", "handler"}),
      ElementsAre(n1 + " received", n2 + " received", n2 + " restricted",
                  n3 + " received", n3 + " registered"));
  EXPECT_THAT(Watched({"wang", "signer@fagui"}),
              ElementsAre(n3 + " received", n3 + " registered"));
}

TEST_F(CaseWalls, APreviewOfACalendarNamesOnlyCasesOneMayList) {
  const std::string open = NewCase();
  const std::string closed = NewCase();
  Restrict(closed, {"zhang", "li"});
  const std::string secret = NewCase();
  Label(secret, {v1::LABEL_PRIVACY});
  const std::string ours = NewCase();
  Assign(ours, "fagui");
  test::AddAgency(service_, "BJJXW");
  EXPECT_THAT(Previewed({"li", "handler"}, "", 4),
              UnorderedElementsAre(open, closed, secret, ours));
  EXPECT_THAT(Previewed({"wang", "handler"}, TestService::kAgency, 3),
              UnorderedElementsAre(open, secret, ours));
  EXPECT_THAT(Previewed({"ma", "manager"}, "", 2),
              UnorderedElementsAre(open, ours));
  EXPECT_THAT(Previewed({"wang", "signer@fagui"}, "", 1), ElementsAre(ours));
  EXPECT_THAT(Previewed({"wang", "handler", "BJJXW"}, "", 0), IsEmpty());
  // Who keeps calendars is told how many, and of restricted ones nothing.
  EXPECT_THAT(Previewed({"keeper", "security_admin", "CN"}, "", 3), IsEmpty());
  EXPECT_THAT(Previewed({"keeper", "security_admin"}, TestService::kAgency, 3),
              IsEmpty());
  v1::PreviewNoticeResponse response;
  EXPECT_EQ(Details(Preview({"wang", "handler", "BJJXW"}, TestService::kAgency,
                            &response))
                .reason,
            "CAPACITY_MISSING");
  const auto accesses = test::ReadExpected("accesses");
  for (const std::string& role : test::AllRoles()) {
    response.Clear();
    const bool answered =
        Preview({"chen", role}, TestService::kAgency, &response).ok();
    const bool lists = accesses.rows.at("list_cases").at(role) == "x";
    EXPECT_EQ(answered,
              lists || accesses.rows.at("load_calendar").at(role) == "x")
        << role;
    EXPECT_EQ(response.cases_size() > 0, lists) << role;
  }
}

TEST_F(CaseWalls, WhoeverIsNotNamedAnyMoreFindsNothing) {
  const std::string name = NewCase();
  Restrict(name, {"zhang", "li"});
  EXPECT_EQ(Reason("GetCase", {"li", "handler"}, name), "");
  Restrict(name, {"zhang", "qian"});
  EXPECT_EQ(Reason("GetCase", {"li", "handler"}, name), "NO_SUCH_CASE");
  v1::Act lift;
  lift.mutable_lift_restriction()->set_reason("查明无关");
  EXPECT_EQ(
      Details(service_.Perform({"chen", "disclosure_head"}, name, lift)).reason,
      "NO_SUCH_CASE");
  Must({"zhang", "disclosure_head"}, name, lift);
  EXPECT_EQ(Reason("GetCase", {"li", "handler"}, name), "");
}

TEST_F(CaseWalls, ThePastOfACaseIsBehindTheWallOfThePresent) {
  const std::string name = NewCase();
  service_.clock().Set(service_.clock().Now() + absl::Hours(1));
  Restrict(name, {"zhang", "li"});
  grpc::ClientContext context;
  TestService::Identify({"shen", "legal_auditor"}, context);
  v1::GetCaseTrailRequest request;
  request.set_name(name);
  request.set_as_of_time("2024-03-20T04:30:00Z");
  v1::GetCaseTrailResponse response;
  EXPECT_EQ(Details(v1::AuditService::NewStub(service_.channel())
                        ->GetCaseTrail(&context, request, &response))
                .reason,
            "NO_SUCH_CASE");
}

TEST_F(CaseWalls, ACaseOpenedAnewKeepsWallAndLabels) {
  const std::string name = NewCase();
  Assign(name, "fagui");
  const As li = {"li", "handler"};
  v1::Act act;
  auto& draft = *act.mutable_draft_reply();
  draft.set_outcome(v1::DISCLOSED);
  draft.set_text("予以公开。");
  draft.set_review_organ("上海市人民政府");
  draft.set_court("上海铁路运输法院");
  draft.set_access("随函");
  Must(li, name, act);
  act.mutable_submit_for_review();
  Must(li, name, act);
  act.mutable_clear_draft()->set_step(v1::SECRECY);
  Must({"bao", "secrecy_reviewer"}, name, act);
  act.mutable_clear_draft()->set_step(v1::LEGAL);
  Must({"fa", "legal_reviewer"}, name, act);
  act.mutable_sign()->set_document_number("某〔2024〕1号");
  Must({"qian", "signer"}, name, act);
  act.mutable_dispatch()->set_carrier(v1::POST_EMS);
  Must(li, name, act);
  Label(name, {v1::LABEL_PRIVACY});
  Restrict(name, {"zhang", "li"});
  act.mutable_reopen()->set_reason("自行纠正。");
  v1::PerformActResponse response;
  const grpc::Status status =
      service_.Perform({"zhang", "disclosure_head"}, name, act, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const std::string sub = response.receipt().sub_case();
  EXPECT_EQ(Reason("GetCase", {"wang", "handler"}, sub), "NO_SUCH_CASE");
  const v1::Case view = service_.Get(sub);
  EXPECT_THAT(view.labels(), ElementsAre(v1::LABEL_PRIVACY));
  EXPECT_THAT(view.restricted_to(), ElementsAre("li", "zhang"));
  EXPECT_THAT(Listed({"wang", "handler"}), IsEmpty());
}

// Random callers before random cases: the service and an oracle that knows the
// tables of tests/auth alone.
TEST_F(CaseWalls, StandWhereTheOracleSays) {
  const auto accesses = test::ReadExpected("accesses");
  const auto cleared = test::ReadExpected("labels");
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random(seed);
  const auto below = [&random](int n) {
    return static_cast<int>(random() % static_cast<uint64_t>(n));
  };
  const std::vector<std::string> departments = {"", "fagui", "zhengce"};
  const std::vector<std::string> accounts = {"zhang", "wang", "chen"};
  struct Marks {
    std::string name;
    std::string department;
    std::set<std::string> labels;
    std::set<std::string> named;
  };
  std::vector<Marks> cases;
  for (int i = 0; i < 24; ++i) {
    Marks& one = cases.emplace_back();
    one.name = NewCase();
    one.department = departments[below(3)];
    if (!one.department.empty()) Assign(one.name, one.department);
    std::vector<v1::Label> labels;
    for (int label = 1; label <= 3; ++label) {
      if (below(3) != 0) continue;
      labels.push_back(static_cast<v1::Label>(label));
      std::string name = v1::Label_Name(labels.back()).substr(6);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      one.labels.insert(name);
    }
    if (!labels.empty()) Label(one.name, labels);
    if (below(3) == 0) {
      const int first = below(3);
      one.named = {accounts[first], accounts[(first + 1 + below(2)) % 3]};
      Restrict(one.name, {one.named.begin(), one.named.end()});
    }
  }
  int pairs = 0;
  int seen = 0;
  for (int i = 0; i < 30; ++i) {
    std::vector<std::pair<std::string, std::string>> roles;
    std::string text = "manager@nowhere";
    for (int n = 1 + below(2); n > 0; --n) {
      roles.emplace_back(test::AllRoles()[below(8)],
                         below(2) == 0 ? "" : departments[1 + below(2)]);
      absl::StrAppend(&text, ",", roles.back().first, "@", roles.back().second);
    }
    const As caller = {accounts[below(3)], text};
    std::set<std::string> expected;
    for (const Marks& one : cases) {
      std::string want = "CAPACITY_MISSING";
      for (const auto& [role, department] : roles) {
        if (accesses.rows.at("list_cases").at(role) != "x") continue;
        if (!department.empty() && department != one.department) continue;
        bool all = true;
        for (const std::string& label : one.labels) {
          all = all && cleared.rows.at(label).at(role) == "x";
        }
        if (all) {
          want = "";
          break;
        }
        want = "LABEL_NOT_CLEARED";
      }
      if (!one.named.empty() && !one.named.contains(caller.account)) {
        want = "NO_SUCH_CASE";
      }
      EXPECT_EQ(Reason("GetCase", caller, one.name), want)
          << "seed " << seed << " " << caller.account << " " << text;
      if (want.empty()) expected.insert(one.name);
      ++pairs;
    }
    seen += static_cast<int>(expected.size());
    const auto listed = Listed(caller);
    EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), expected)
        << "seed " << seed << " " << caller.account << " " << text;
    EXPECT_EQ(listed.size(), expected.size());
  }
  std::cout << "seed " << seed << ", " << pairs << " pairs, " << seen
            << " seen\n";
}

}  // namespace
}  // namespace gongkai
