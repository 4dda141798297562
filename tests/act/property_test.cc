// SPDX-License-Identifier: Apache-2.0
// Random lives over the real store: acts at random through the one door, now
// and then sent twice or with a version that has gone by, while calendars
// change beneath; then the database is held against itself. The seed is
// printed; GONGKAI_SEED repeats a run and GONGKAI_ACTS sets how many acts are
// tried.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "gongkai/v1/options.pb.h"
#include "gtest/gtest.h"
#include "services/api/validate.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/statute.h"
#include "tests/act/whole.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using test::TestService;

constexpr int kLongestLife = 60;
constexpr int kActsPerNotice = 200;

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

// Acts that lead towards the archive, tried more often than others.
const std::vector<std::string>& MainLine() {
  static const auto& acts = *new std::vector<std::string>{
      "confirm_receipt {}",
      R"(register { officer: "li" })",
      R"(draft_reply { outcome: DISCLOSED text: "见附件" access: "附"
           review_organ: "甲" court: "乙" })",
      R"(draft_reply { outcome: CORRECTION_ABANDONED text: "不再处理"
           review_organ: "甲" court: "乙" })",
      R"(require_correction { items: "项" served_at_once: true })",
      R"(accept_correction { channel: IN_PERSON content: "改为某文件" })",
      "lapse_correction {}",
      R"(charge_fee { basis: BY_PAGE pages: 31 amount_fen: 1000
           how_to_pay: "柜台" served_at_once: true })",
      "accept_payment {}",
      R"(ask_reasons { facts: "多" period_days: 5 served_at_once: true })",
      R"(accept_reasons { verdict: REASONABLE note: "可" })",
      R"(request_extension { working_days: 10 reason: "多" })",
      R"(decide_extension { approved: true notice_date: "$day" })",
      R"(consult { kind: THIRD_PARTY addressee: "丙" question: "问"
           interest: BUSINESS_SECRET served_at_once: true })",
      "record_opinion { consultation: 1 opinion: AGREES }",
      "submit_for_review {}",
      "submit_for_review {}",
      "clear_draft { step: SECRECY }",
      "clear_draft { step: LEGAL }",
      R"(sign { document_number: "某〔2024〕1号" })",
      "dispatch { carrier: POST_EMS }",
      "record_service { outcome: DELIVERED }",
      "close {}",
      "archive { retention: TEN_YEARS }",
      R"(open_remedy { kind: LAWSUIT organ: "法院" })",
      "answer_remedy { docket: 1 }",
      "decide_remedy { docket: 1 result: REVOKED ordered_working_days: 20 }",
      R"(reopen { docket: 1 reason: "责令" })",
      R"(propose_erasure { basis: ORDERED document_number: "某令" })",
      R"(propose_erasure { basis: UNLAWFULLY_KEPT document_number: "某令"
           events: 1 events: 3 })",
      "erase { proposal: 1 }",
      R"(restrict { accounts: ["p0", "p1", "p2", "p3"] reason: "因" })",
      R"(lift_restriction { reason: "因" })",
      "set_labels { labels: [LABEL_PRIVACY, LABEL_INTERNAL] }",
      "set_labels {}"};
  return acts;
}

class Chance {
 public:
  explicit Chance(uint64_t seed) : random_(seed) {}

  int Below(int n) {
    return static_cast<int>(random_() % static_cast<uint64_t>(n));
  }
  bool OneIn(int n) { return Below(n) == 0; }

  // An act on a case in `phase`, mostly one that belongs there.
  v1::Act Act(v1::Phase phase, absl::CivilDay day) {
    v1::Act act;
    do {
      act.Clear();
      if (OneIn(5)) {
        const auto& descriptor = *v1::Act::descriptor();
        Fill(*act.GetReflection()->MutableMessage(
                 &act, descriptor.field(Below(descriptor.field_count()))),
             day);
      } else {
        act = FromMainLine(day);
      }
    } while (!casework::RuleFor(act.act_case())->lawful_in.contains(phase) &&
             !OneIn(8));
    return act;
  }

 private:
  v1::Act FromMainLine(absl::CivilDay day) {
    const auto& all = MainLine();
    const std::string text = absl::StrReplaceAll(
        all[static_cast<size_t>(Below(static_cast<int>(all.size())))],
        {{"$day", FormatDay(day)}});
    v1::Act act;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &act))
        << text;
    return act;
  }

  void Fill(Message& message, absl::CivilDay day) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
      if (rule.server_only() || field.is_repeated()) continue;
      if (!rule.required() && OneIn(2)) continue;
      FillField(field, rule, message, day);
    }
  }

  void FillField(const FieldDescriptor& field, const v1::FieldRule& rule,
                 Message& message, absl::CivilDay day) {
    const auto& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        reflection.SetString(
            &message, &field,
            rule.format() == v1::DATE ? FormatDay(day + Below(30) - 10)
            : rule.format() == v1::CODE || rule.format() == v1::ACCOUNT
                ? absl::StrCat("wang", Below(3))
                : "某");
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(&message, &field, Below(4));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(&message, &field, Below(4));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(&message, &field, OneIn(2));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection.SetEnum(
            &message, &field,
            field.enum_type()->value(Below(field.enum_type()->value_count())));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(*reflection.MutableMessage(&message, &field), day);
        break;
      default:
        break;
    }
  }

  std::mt19937_64 random_;
};

class RandomLives {
 public:
  RandomLives(TestService& service, uint64_t seed)
      : service_(service), chance_(seed) {}

  int64_t lawful = 0;
  int64_t repeated = 0;
  int64_t stale = 0;
  int archived = 0;
  int notices = 0;
  std::set<int> kept;
  std::set<std::string> refusals;

  // One case from its receipt on; returns how many acts were tried.
  int64_t Live(int64_t at_most) {
    absl::CivilDay day(2022 + chance_.Below(4), 1 + chance_.Below(12), 1);
    v1::Receipt last = Receive(day);
    int64_t tried = 1;
    for (; tried < std::min<int64_t>(at_most, kLongestLife); ++tried) {
      day += chance_.OneIn(3) ? chance_.Below(12) : 0;
      if (++tried_in_all_ % kActsPerNotice == 0) LoadNotice(day.year());
      TryAct(chance_.OneIn(15) ? day - 20 : day, last);
    }
    if (last.phase() == v1::ARCHIVED) ++archived;
    return tried;
  }

  // Days off of the agency's own, in a year that the case at hand lives in.
  void LoadNotice(int64_t year) {
    const int n = ++notices;
    v1::LoadNoticeRequest request;
    request.set_agency(TestService::kAgency);
    request.set_request_id(service_.NewRequestId());
    auto& notice = *request.mutable_notice();
    notice.set_number(absl::StrCat("本机关通知", n, "号"));
    notice.set_issued_date(absl::StrCat(year - 1, "-12-01"));
    for (int month = 1; month <= 12; ++month) {
      auto& off = *notice.add_days();
      off.set_date(FormatDay(absl::CivilDay(year, month, 8 + n % 9)));
      off.set_kind(v1::DAY_OFF);
      off.set_name("本地放假");
    }
    TestService::As keeper;
    keeper.account = "keeper";
    keeper.roles = "security_admin";
    grpc::ClientContext context;
    TestService::Identify(keeper, context);
    v1::LoadNoticeResponse response;
    const grpc::Status status =
        service_.calendars().LoadNotice(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

 private:
  auth::Caller Someone() {
    auth::Caller caller;
    caller.person = absl::StrCat("p", chance_.Below(4));
    caller.account = caller.person;
    caller.agency = TestService::kAgency;
    caller.sign_in = "dev";
    if (chance_.OneIn(10)) {
      caller.roles = {static_cast<v1::Role>(1 + chance_.Below(12))};
    } else {
      for (int i = v1::Role_MIN + 1; i <= v1::Role_MAX; ++i) {
        caller.roles.push_back(static_cast<v1::Role>(i));
      }
    }
    return caller;
  }

  v1::Receipt Receive(absl::CivilDay day) {
    auth::Caller caller = Someone();
    caller.roles = {v1::ROLE_HANDLER};
    auto request = service_.Application("申请公开某文件。");
    request.set_arrived_date(FormatDay(day));
    request.mutable_application()->set_channel(
        chance_.OneIn(3) ? v1::WEB : v1::MAIL_SIGNED);
    const auto response =
        service_.service().performer().Receive(caller, request, Soon());
    EXPECT_TRUE(response.ok()) << response.status();
    ++lawful;
    return response.ok() ? response->receipt() : v1::Receipt();
  }

  void TryAct(absl::CivilDay day, v1::Receipt& last) {
    v1::PerformActRequest request;
    request.set_name(last.name());
    request.set_request_id(service_.NewRequestId());
    request.set_occurred_date(FormatDay(day));
    *request.mutable_act() = chance_.Act(last.phase(), day);
    if (request.act().has_erase() && proposal_ > 0) {
      request.mutable_act()->mutable_erase()->set_proposal(proposal_);
    }
    if (chance_.OneIn(4)) request.set_expected_version(last.version());
    if (chance_.OneIn(20)) request.set_expected_version(last.version() + 1);
    const absl::Status fits = api::Validate(request);
    if (!fits.ok()) {
      Refused(fits);
      return;
    }
    const auth::Caller caller = Someone();
    auto& performer = service_.service().performer();
    const auto receipt = performer.Perform(caller, request, Soon());
    if (!receipt.ok()) {
      Refused(receipt.status());
      return;
    }
    EXPECT_GT(receipt->version(), last.version());
    ++lawful;
    kept.insert(static_cast<int>(request.act().act_case()));
    last = *receipt;
    if (request.act().has_propose_erasure()) proposal_ = last.version();
    if (chance_.OneIn(10)) SendAgain(caller, request, *receipt);
  }

  void SendAgain(const auth::Caller& caller, v1::PerformActRequest request,
                 const v1::Receipt& receipt) {
    auto& performer = service_.service().performer();
    const auto again = performer.Perform(caller, request, Soon());
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->SerializeAsString(), receipt.SerializeAsString())
        << request.DebugString();
    ++repeated;
    request.set_occurred_date("2021-01-04");
    EXPECT_TRUE(absl::IsAlreadyExists(
        performer.Perform(caller, request, Soon()).status()));
  }

  void Refused(const absl::Status& status) {
    const auto refusal = RefusalOf(status);
    ASSERT_TRUE(refusal.has_value()) << status;
    refusals.insert(v1::Reason_Name(refusal->reason()));
    if (absl::IsAborted(status)) ++stale;
  }

  TestService& service_;
  Chance chance_;
  int64_t tried_in_all_ = 0;
  int64_t proposal_ = 0;  // the last one
};

TEST(TheStore, IsWholeAfterRandomLives) {
  const auto seed = static_cast<uint64_t>(
      FromEnvironment("GONGKAI_SEED", std::random_device{}()));
  const int64_t wanted = FromEnvironment("GONGKAI_ACTS", 3000);
  std::cout << "seed " << seed << ", acts " << wanted << "\n";
  TestService::Options options;
  options.now = absl::FromCivil(absl::CivilSecond(2026, 11, 23, 4, 0, 0),
                                absl::UTCTimeZone());
  options.config.max_backdating_days = 0;
  test::Whole whole;
  {
    TestService service(options);
    RandomLives lives(service, seed);
    for (int64_t tried = 0; tried < wanted;) {
      tried += lives.Live(wanted - tried);
      if (testing::Test::HasFailure()) return;
    }
    std::cout << lives.lawful << " lawful, " << lives.archived << " archived, "
              << lives.kept.size() << " kinds of act, " << lives.refusals.size()
              << " reasons of refusal, " << lives.repeated << " sent again, "
              << lives.stale << " stale, " << lives.notices << " notices\n";
    // A run that reaches little proves little.
    EXPECT_GT(lives.lawful, wanted / 10);
    EXPECT_GT(lives.kept.size(), 15u);
    EXPECT_GT(lives.refusals.size(), 15u);
    EXPECT_GT(lives.repeated, 0);
    EXPECT_GT(lives.stale, 0);
    service.service().Drain(absl::Seconds(5));
    whole = test::ReadWhole(test::TempPostgres::Shared(), service.database());
  }
  int moved = 0;
  for (const auto& [number, types] : whole.histories) {
    moved += static_cast<int>(
        std::count(types.begin(), types.end(), v1::Act::kApplyCalendar));
  }
  std::cout << whole.cases << " cases, " << whole.events << " events, " << moved
            << " of them moved by a notice\n";
  EXPECT_GT(moved, 0);
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  for (auto it = whole.requests.begin(); it != whole.requests.end();) {
    EXPECT_EQ(whole.requests.count(it->first), 1u) << it->first;
    it = whole.requests.upper_bound(it->first);
  }
}

}  // namespace
}  // namespace gongkai
