// SPDX-License-Identifier: Apache-2.0
// The drill as a court sees it: the service runs over an altered copy, evidence
// of the case is exported, and one who holds the key and a checkpoint from
// before verifies it without database or network. Read from the tables,
// tamper_drill_test.cc finds the same.

#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/bundle_writer.h"
#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/audit/note.h"
#include "services/base/files.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "tests/proof/forger.h"
#include "tests/proof/office.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Finished;
using test::Forger;
using test::Office;
using test::TempPostgres;
using testing::HasSubstr;

std::string Program(const char* name) {
  return absl::StrCat(std::getenv("GONGKAI_BIN_DIR"), "/", name);
}

class TamperedEvidence : public ::testing::Test {
 protected:
  TamperedEvidence()
      : office_(Office::Shared()),
        database_(office_.Copy()),
        long_(office_.long_case()) {}

  Forger Attack() const { return Forger(TempPostgres::Shared(), database_); }

  // The bundle as `gongkai audit export` writes it.
  absl::Status Export(test::TestService& service, const std::string& bundle,
                      const std::string& old) const {
    ASSIGN_OR_RETURN(const FileRead note, ReadSmallFile(old, 1 << 20));
    ASSIGN_OR_RETURN(const audit::Note parsed, audit::ParseNote(note.bytes));
    ASSIGN_OR_RETURN(const audit::Checkpoint checkpoint,
                     audit::ParseCheckpoint(parsed.text));
    v1::ExportCaseRequest request;
    request.set_name(CaseName(test::TestService::kAgency, long_));
    request.add_old_sizes(checkpoint.size);
    request.set_purpose(v1::COURT_EVIDENCE);
    grpc::ClientContext context;
    test::TestService::As as;
    as.account = "fa";
    as.roles = "legal_auditor";
    test::TestService::Identify(as, context);
    v1::ExportCaseResponse page;
    const grpc::Status asked = v1::AuditService::NewStub(service.channel())
                                   ->ExportCase(&context, request, &page);
    if (!asked.ok()) return absl::UnknownError(asked.error_message());
    if (page.more()) return absl::OutOfRangeError("more than a page");
    ASSIGN_OR_RETURN(cli::BundleWriter writer,
                     cli::BundleWriter::Create(bundle));
    RETURN_IF_ERROR(writer.AddPage(page, /*with_personal=*/true));
    return writer.Finish();
  }

  // Exports the case from the copy and verifies it; the old checkpoint is given
  // to both.
  Finished ExportAndVerify(const std::string& old) const {
    const std::string bundle = absl::StrCat(office_.folder(), "/", database_);
    test::TestService::Options options;
    options.database = database_;
    options.now = test::TestNoon() + absl::Hours(26);
    test::TestService service(options);
    const absl::Status exported = Export(service, bundle, old);
    EXPECT_TRUE(exported.ok()) << exported;
    return test::RunProgram(
        {Program("gongkai-verify"), "verify", "--vkey",
         office_.key().verifier.ToText(), "--old", old, bundle},
        {"LC_ALL=C"});
  }

  void ExpectFound(const std::string& diagnosis) const {
    const Finished verified = ExportAndVerify(office_.new_file());
    EXPECT_EQ(verified.exit, 1) << verified.out << verified.err;
    EXPECT_THAT(verified.out + verified.err, HasSubstr(diagnosis));
  }

  Office& office_;
  const std::string database_;
  const std::string long_;
};

void ActorIsWang(audit::Record& record, v1::Event&) {
  record.actor.set_account("wang");
  record.actor.set_person("wang");
}

TEST_F(TamperedEvidence, Step00UntouchedIsSound) {
  const Finished verified = ExportAndVerify(office_.new_file());
  EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
}

TEST_F(TamperedEvidence, Step01AnEditedPayload) {
  const Forger forger = Attack();
  forger.EditPrivate(long_, 1, [](v1::Event& part) {
    part.mutable_received()->set_content("申请公开别的文件。");
  });
  ExpectFound("record 1: its private part is not what the record committed to");
}

TEST_F(TamperedEvidence, Step02AnEditedActor) {
  Attack().EditRecord(long_, 4, ActorIsWang);
  ExpectFound(
      "record 4: is not proved to be in the log that the checkpoint signs");
}

TEST_F(TamperedEvidence, Step04AMiddleEventDeleted) {
  // The rest is moved up, all is made anew, goes on and is signed again.
  const Forger forger = Attack();
  forger.Unseal(long_);
  for (const char* table : {"event", "private_part", "log_leaf", "request"}) {
    forger.Sql(
        absl::StrCat("DELETE FROM ", table, " WHERE ", forger.Of(long_, 3)));
    for (int64_t seq = 4; seq <= office_.long_events(); ++seq) {
      forger.Sql(absl::StrCat("UPDATE ", table, " SET seq = seq - 1 WHERE ",
                              forger.Of(long_, seq)));
    }
  }
  forger.Rebuild();
  test::Path path(TempPostgres::Shared(), database_,
                  test::TestNoon() + absl::Hours(25));
  path.Receive("SHGXW", 3);
  test::SequenceAll(TempPostgres::Shared(), database_);
  forger.Resign(office_.key());
  ExpectFound(office_.new_file() +
              ": inconsistent with the old checkpoint: "
              "the log of ");
}

TEST_F(TamperedEvidence, Step08TwoEventsSwapped) {
  const Forger forger = Attack();
  for (const char* table : {"event", "private_part"}) {
    forger.Sql(absl::StrCat(
        "UPDATE ", table, " SET seq = -6 WHERE ", forger.Of(long_, 6),
        ";UPDATE ", table, " SET seq = 6 WHERE ", forger.Of(long_, 7),
        ";UPDATE ", table, " SET seq = 7 WHERE ", forger.Of(long_, -6)));
  }
  ExpectFound("record 6: the record names another number");
}

TEST_F(TamperedEvidence, Step12AllRewrittenUnderTheRealKey) {
  const Forger forger = Attack();
  forger.EditRecord(long_, 4, ActorIsWang);
  forger.Rebuild();
  forger.Resign(office_.key());
  ExpectFound(office_.new_file() +
              ": inconsistent with the old checkpoint: both have ");
}

}  // namespace
}  // namespace gongkai
