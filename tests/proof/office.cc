// SPDX-License-Identifier: Apache-2.0
#include "tests/proof/office.h"

#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/text_format.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/server/config.h"
#include "tests/support/test_service.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr char kSecondAgency[] = "COURT";

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "office: " << what << std::endl;
  std::_Exit(1);
}

void Must(const absl::Status& status, const char* what) {
  if (!status.ok()) Die(absl::StrCat(what, ": ", status.ToString()));
}

template <typename T>
T Must(absl::StatusOr<T> value, const char* what) {
  Must(value.status(), what);
  return *std::move(value);
}

std::string FromEnvironment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

law::Rulebook TheRules() {
  return Must(server::ReadRulebook(FromEnvironment("GONGKAI_SOURCE_DIR", ".") +
                                   "/ops/rulebook"),
              "rulebook");
}

v1::AgencyTerms Terms(int registration_days) {
  v1::AgencyTerms terms;
  terms.set_name("某某委员会");
  terms.set_review_organ("市人民政府");
  terms.set_court("铁路运输法院");
  terms.set_registration_days(registration_days);
  return terms;
}

auth::Caller CallerOf(const std::string& account, v1::Role role,
                      const std::string& agency) {
  return {account, account, {role}, agency, "dev"};
}

// Who does what from the receipt to the closed file.
struct Step {
  const char* account;
  const char* role;
  const char* act;
};
constexpr Step kLife[] = {
    {"li", "handler", R"(register { officer: "li" })"},
    {"li", "handler", R"(log_contact { note: "电话核实" })"},
    {"li", "handler", R"(draft_reply { outcome: DISCLOSED text: "见附件"
     access: "随函" review_organ: "市人民政府" court: "某法院" })"},
    {"li", "handler", "submit_for_review {}"},
    {"mi", "secrecy_reviewer", "clear_draft { step: SECRECY }"},
    {"fa", "legal_reviewer", "clear_draft { step: LEGAL }"},
    {"qian", "signer", R"(sign { document_number: "某信答〔2024〕1号" })"},
    {"li", "handler", "dispatch { carrier: POST_EMS }"},
    {"li", "handler", R"(record_service { outcome: DELIVERED note: "签收" })"},
    {"li", "handler", "close {}"},
};

// Does an act over the wire; the version after it.
int64_t Do(TestService& service, const std::string& name, const Step& step) {
  v1::Act act;
  if (!google::protobuf::TextFormat::ParseFromString(step.act, &act)) {
    Die(step.act);
  }
  TestService::As as;
  as.account = step.account;
  as.roles = step.role;
  v1::PerformActResponse response;
  const grpc::Status status = service.Perform(as, name, act, &response);
  if (!status.ok()) Die(absl::StrCat(step.act, ": ", status.error_message()));
  return response.receipt().version();
}

// Whole tests are made of copies, which nobody may be connected to.
std::string CopyDatabase(const TempPostgres& postgres, const std::string& from,
                         const std::string& to) {
  postgres.TerminateBackends(from);
  postgres.Run(postgres.Superuser("postgres"),
               absl::StrCat("CREATE DATABASE ", to, " TEMPLATE ", from,
                            " OWNER gongkai_owner"));
  return to;
}

}  // namespace

LogKey LogKey::New(audit::Suite suite, std::string_view origin) {
  const auto key = Must(audit::SigningKey::Generate(suite), "key");
  return {key.ToPem(),
          Must(audit::VerifierKeyOf(key, origin, audit::KeyUse::kSign),
               "verifier key")};
}

std::string SignedNote(const LogKey& key, const audit::Checkpoint& checkpoint) {
  audit::Note note;
  note.text = checkpoint.ToText();
  const auto signing = Must(audit::SigningKey::FromPem(key.pem), "key");
  Must(audit::SignNote(signing, key.verifier, absl::Now(), note), "signature");
  return note.ToText();
}

void SequenceAll(const TempPostgres& postgres, const std::string& database) {
  storage::PostgresStore store(postgres.Service(database), 1);
  const absl::Time end = Soon();
  while (postgres.Run(postgres.Superuser(database),
                      "SELECT NOT EXISTS (SELECT FROM log_queue) "
                      "AND size = tree_size FROM log") != "t") {
    Must(store.Sequence(1000, nullptr, Soon()).status(), "sequence");
    if (absl::Now() > end) Die("the queue does not get empty");
  }
}

std::string SignTree(const TempPostgres& postgres, const std::string& database,
                     const LogKey& key) {
  storage::PostgresStore store(postgres.Signer(database), 1);
  const storage::TreeHead head = Must(store.Head(Soon()), "head");
  const std::string note =
      SignedNote(key, {key.verifier.name, head.size, head.root});
  Must(store.PutCheckpoint({head.size, head.root, note, absl::Now()}, Soon()),
       "checkpoint");
  Must(store.PutAnchor({head.size, storage::AnchorKind::kFolder,
                        "/outside/anchors", note, absl::Now()},
                       Soon()),
       "anchor");
  return note;
}

Finished Audit(const TempPostgres& postgres, const std::string& database,
               std::string_view verb, const std::vector<std::string>& words) {
  std::vector<std::string> line = {
      FromEnvironment("GONGKAI_BIN_DIR", "build/dev/bin") + "/gongkai-server",
      "audit", std::string(verb), "--database", postgres.Auditor(database)};
  line.insert(line.end(), words.begin(), words.end());
  if (std::find(words.begin(), words.end(), "--vault") == words.end()) {
    line.insert(line.end(), {"--vault", TestVaultFile()});
  }
  return RunProgram(line, {});
}

Path::Path(const TempPostgres& postgres, const std::string& database,
           absl::Time now)
    : clock_(now),
      store_(postgres.Service(database), 2, &TestVault()),
      registry_(store_, TheRules()),
      recorder_(store_, registry_, clock_),
      performer_(store_, store_, registry_, recorder_, clock_, [] {
        act::Options options;
        options.request_key = std::string(32, 'k');
        options.max_backdating_days = 0;
        options.blind_index = [](std::string_view use, std::string_view value) {
          return TestVault().BlindIndex(use, value);
        };
        return options;
      }()) {}

void Path::AddAgency(const std::string& agency, int registration_days) {
  Must(performer_.SetAgencyTerms(
           CallerOf("keeper", v1::ROLE_SECURITY_ADMIN, "*"), agency,
           Terms(registration_days), Soon()),
       "agency");
}

std::vector<std::string> Path::Receive(const std::string& agency, int n) {
  std::vector<v1::ReceiveApplicationRequest> requests(n);
  for (int i = 0; i < n; ++i) {
    v1::ReceiveApplicationRequest& request = requests[i];
    request.set_agency(agency);
    request.set_request_id(NewUuid(absl::Now()));
    request.set_arrived_date(FormatDay(ShanghaiDay(clock_.Now())));
    auto* application = request.mutable_application();
    application->set_applicant_kind(v1::NATURAL_PERSON);
    application->mutable_applicant()->set_name(absl::StrCat("申请人", i));
    application->set_channel(v1::IN_PERSON);
    application->set_content(absl::StrCat("申请公开第", i, "号文件。"));
  }
  std::vector<std::string> numbers;
  for (const auto& row : performer_.ReceiveMany(
           CallerOf("li", v1::ROLE_HANDLER, agency), requests, Soon())) {
    Must(row.status, "receive");
    numbers.push_back(Must(ParseCaseName(row.name), "name").number);
  }
  return numbers;
}

void Path::Act(const std::string& number, const std::string& act, v1::Role role,
               const std::string& account) {
  const CaseRef ref = Must(ParseCaseName(number), "number");
  v1::PerformActRequest request;
  request.set_name(CaseName(ref.agency, ref.number));
  request.set_request_id(NewUuid(absl::Now()));
  request.set_occurred_date(FormatDay(ShanghaiDay(clock_.Now())));
  if (!google::protobuf::TextFormat::ParseFromString(act,
                                                     request.mutable_act())) {
    Die(act);
  }
  Must(performer_.Perform(CallerOf(account, role, ref.agency), request, Soon())
           .status(),
       act.c_str());
}

void Path::Fork(const audit::Checkpoint& outside, bool confirm) {
  const storage::TreeHead head = Must(store_.Head(Soon()), "head");
  v1::StateForkRequest state;
  state.set_request_id(NewUuid(absl::Now()));
  v1::LogFork& fork = *state.mutable_fork();
  fork.set_outside_size(outside.size);
  fork.set_outside_root(audit::ToHex(outside.root));
  fork.set_tree_size(head.size);
  fork.set_tree_root(audit::ToHex(head.root));
  fork.set_document_number("某报〔2024〕1号");
  const auto stated =
      Must(performer_.StateFork(CallerOf("shen", v1::ROLE_AUDIT_ADMIN, "*"),
                                state, fork, Soon()),
           "statement of the fork");
  if (!confirm) return;
  v1::ConfirmForkRequest request;
  request.set_request_id(NewUuid(absl::Now()));
  request.set_statement(stated.seq());
  Must(performer_
           .ConfirmFork(CallerOf("an", v1::ROLE_SECURITY_ADMIN, "*"), request,
                        fork, Soon())
           .status(),
       "confirmation of the fork");
}

Office& Office::Shared() {
  // Before it, so that the cluster outlives it.
  TempPostgres::Shared();
  static Office shared;
  return shared;
}

Office::Office()
    : postgres_(TempPostgres::Shared()),
      key_(LogKey::New(audit::Suite::kSha256Ed25519)) {
  char path[] = "/tmp/gongkai-office-XXXXXX";
  if (mkdtemp(path) == nullptr) Die("no folder under /tmp");
  folder_ = path;
  FirstDay();
  SequenceAll(postgres_, database_);
  old_file_ = Write("yesterday.note", SignTree(postgres_, database_, key_));
  yesterday_ = CopyDatabase(postgres_, database_, "office_yesterday");
  SecondDay();
  SequenceAll(postgres_, database_);
  new_file_ = Write("today.note", SignTree(postgres_, database_, key_));
}

Office::~Office() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Office::FirstDay() {
  TestService service;
  database_ = service.database();
  const v1::Receipt first = service.Receive("申请公开第一号文件。").receipt();
  long_case_ = first.number();
  for (const Step& step : kLife) long_events_ = Do(service, first.name(), step);
  const v1::Receipt second = service.Receive("申请公开第二号文件。").receipt();
  Do(service, second.name(), kLife[0]);
  service.Get(first.name());
  service.service().Drain(absl::Seconds(5));
  Path path(postgres_, database_, TestNoon());
  path.AddAgency(kSecondAgency);
  other_case_ = path.Receive(kSecondAgency, 3).front();
  path.Act(other_case_, kLife[0].act, v1::ROLE_HANDLER, "wang");
}

void Office::SecondDay() {
  TestService::Options options;
  options.database = database_;
  options.now = TestNoon() + absl::Hours(24);
  TestService service(options);
  // Its text is destroyed by two persons.
  const v1::Receipt third = service.Receive("申请公开第三号文件。").receipt();
  for (const Step& step : kLife) Do(service, third.name(), step);
  const int64_t proposal = Do(service, third.name(),
                              {"dang", "archivist",
                               R"(propose_erasure { basis: ORDERED
             document_number: "某删〔2024〕1号" })"});
  Do(service, third.name(),
     {"zhang", "disclosure_head",
      absl::StrCat("erase { proposal: ", proposal, " }").c_str()});
  const v1::Receipt fourth = service.Receive("申请公开第四号文件。").receipt();
  young_case_ = fourth.number();
  Do(service, fourth.name(), kLife[0]);
  Do(service, fourth.name(), kLife[1]);
  service.Get(fourth.name());
  service.service().Drain(absl::Seconds(5));
}

std::string Office::CopyOf(const std::string& database) {
  return CopyDatabase(postgres_, database, absl::StrCat("copy_", ++copies_));
}

std::string Office::Copy() { return CopyOf(database_); }
std::string Office::CopyOfYesterday() { return CopyOf(yesterday_); }

std::vector<std::string> Office::Outside() const {
  return {"--vkey", key_.verifier.ToText(), "--old", new_file_};
}

std::string Office::Write(const std::string& name,
                          std::string_view text) const {
  const std::string path = folder_ + "/" + name;
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush().good()) Die("cannot write " + path);
  return path;
}

}  // namespace gongkai::test
