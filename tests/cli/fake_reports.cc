// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fake_reports.h"

#include <chrono>
#include <thread>

namespace gongkai::cli {

FakeReports::FakeReports(const std::string& folder)
    : address_("unix:" + folder + "/reports") {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
  builder.RegisterService(this);
  builder.RegisterService(&cases_);
  server_ = builder.BuildAndStart();
}

FakeReports::~FakeReports() { server_->Shutdown(); }

std::vector<std::string> FakeReports::asked() const {
  const absl::MutexLock lock(&mutex_);
  return asked_;
}

void FakeReports::Unbalance() {
  const absl::MutexLock lock(&mutex_);
  unbalanced_ = true;
}

void FakeReports::NeverEnd() {
  const absl::MutexLock lock(&mutex_);
  endless_ = true;
}

void FakeReports::GoAway() {
  const absl::MutexLock lock(&mutex_);
  away_ = true;
}

bool FakeReports::cancelled() const {
  const absl::MutexLock lock(&mutex_);
  return cancelled_;
}

void FakeReports::Note(const google::protobuf::Message& request) {
  const absl::MutexLock lock(&mutex_);
  asked_.push_back(request.GetDescriptor()->name() + " " +
                   request.ShortDebugString());
}

grpc::Status FakeReports::ListWork(Context* /*context*/,
                                   const v1::ListWorkRequest* request,
                                   v1::ListWorkResponse* response) {
  Note(*request);
  const bool second = request->page_token() == "two";
  v1::WorkItem* item = response->add_items();
  item->set_name(second ? "agencies/SHGXW/cases/SHGXW-2024-00002"
                        : "agencies/SHGXW/cases/SHGXW-2024-00001");
  item->set_agency("SHGXW");
  item->set_number(second ? "SHGXW-2024-00002" : "SHGXW-2024-00001");
  item->set_limit(v1::REPLY);
  item->set_state(second ? v1::SUSPENDED : v1::MISSED);
  item->set_officer("zhang");
  if (!second) {
    item->set_due_date("2024-04-01");
    item->set_left(-3);
    item->set_unit(v1::WORKING_DAYS);
    item->set_level(v1::LEVEL_OVERDUE);
    item->set_why("=收到 2024-03-04，20 个工作日");
    response->set_next_page_token("two");
  }
  response->set_as_of_date("2024-04-04");
  return grpc::Status::OK;
}

grpc::Status FakeReports::CountWork(Context* /*context*/,
                                    const v1::CountWorkRequest* request,
                                    v1::CountWorkResponse* response) {
  Note(*request);
  v1::WorkGroup* group = response->add_groups();
  group->set_department("2");
  group->set_overdue(3);
  group->set_green(4);
  response->set_as_of_date("2024-04-04");
  return grpc::Status::OK;
}

grpc::Status FakeReports::GetReturn(Context* /*context*/,
                                    const v1::GetReturnRequest* request,
                                    v1::GetReturnResponse* response) {
  Note(*request);
  v1::AnnualReturn* annual = response->mutable_annual_return();
  annual->set_agency(request->agency());
  annual->set_year(request->year());
  for (int i = 1; i <= 175; ++i) annual->add_cells(i);
  for (int i = 1; i <= 15; ++i) annual->add_remedies(i);
  annual->set_known_time("2025-01-20T01:00:00Z");
  annual->set_digest("abc123");
  if (request->edition() != 0) {
    annual->set_edition(2);
    response->set_filed_bytes("as it was filed");
    response->set_filed_time("2025-01-21T01:00:00.000000Z");
    response->set_filed_by("head");
  }
  response->set_editions(2);
  const absl::MutexLock lock(&mutex_);
  if (unbalanced_) {
    v1::ReturnViolation* broken = response->add_violations();
    broken->set_identity("carried_over");
    broken->set_row(2);
    broken->set_column(1);
    broken->set_is(4);
    broken->set_should_be(5);
    broken->add_cases("agencies/SHGXW/cases/SHGXW-2023-00009");
  }
  return grpc::Status::OK;
}

grpc::Status FakeReports::ListReturnCases(
    Context* /*context*/, const v1::ListReturnCasesRequest* request,
    v1::ListReturnCasesResponse* response) {
  Note(*request);
  v1::ReturnCase* one = response->add_cases();
  one->set_name("agencies/SHGXW/cases/SHGXW-2024-00001");
  one->set_row(5);
  one->set_column(1);
  response->set_hidden(1);
  if (request->page_token().empty()) response->set_next_page_token("more");
  return grpc::Status::OK;
}

grpc::Status FakeReports::FileReturn(Context* /*context*/,
                                     const v1::FileReturnRequest* request,
                                     v1::FileReturnResponse* response) {
  v1::FileReturnRequest noted = *request;
  noted.clear_request_id();
  Note(noted);
  response->mutable_annual_return()->set_edition(3);
  v1::ReturnDifference* one = response->add_differences();
  one->set_table(3);
  one->set_row(5);
  one->set_column(1);
  one->set_before(1);
  one->set_after(2);
  one->add_came("agencies/SHGXW/cases/SHGXW-2024-00007");
  return grpc::Status::OK;
}

grpc::Status FakeReports::CompareReturns(
    Context* /*context*/, const v1::CompareReturnsRequest* request,
    v1::CompareReturnsResponse* /*response*/) {
  Note(*request);
  return grpc::Status::OK;
}

grpc::Status FakeReports::RunReport(
    Context* context, const v1::RunReportRequest* request,
    grpc::ServerWriter<v1::RunReportResponse>* writer) {
  Note(*request);
  v1::RunReportResponse piece;
  piece.mutable_progress()->set_done(500);
  piece.mutable_progress()->set_total(1000);
  writer->Write(piece);
  piece.Clear();
  v1::Table* table = piece.mutable_table();
  table->set_key("handling_times");
  table->set_title("Handling time");
  for (const char* key : {"group", "median", "p90"}) {
    v1::Column* column = table->add_columns();
    column->set_key(key);
    column->set_heading(key);
    column->set_type(std::string(key) == "group" ? v1::TEXT_COLUMN
                                                 : v1::NUMBER_COLUMN);
  }
  writer->Write(piece);
  for (int i = 1; i <= 2; ++i) {
    piece.Clear();
    v1::Row* row = piece.mutable_rows()->add_rows();
    row->add_cells()->set_text("2024");
    row->add_cells()->set_number(i);
    row->add_cells()->set_number(10 * i);
    writer->Write(piece);
  }
  mutex_.Lock();
  const bool endless = endless_;
  mutex_.Unlock();
  while (endless && !context->IsCancelled()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const absl::MutexLock lock(&mutex_);
  cancelled_ = context->IsCancelled();
  return grpc::Status::OK;
}

grpc::Status FakeReports::AdviseDraft(Context* /*context*/,
                                      const v1::AdviseDraftRequest* request,
                                      v1::AdviseDraftResponse* response) {
  Note(*request);
  const absl::MutexLock lock(&mutex_);
  if (away_) return {grpc::StatusCode::INTERNAL, "no advice today"};
  v1::Precedent* like = response->add_precedents();
  like->set_name("agencies/SHGXW/cases/SHGXW-2023-00003");
  like->set_outcome(v1::REFUSED);
  like->set_stood(v1::STOOD_CORRECTED);
  like->set_score(0.873);
  v1::DraftWarning* warning = response->add_warnings();
  warning->set_name("agencies/SHGXW/cases/SHGXW-2023-00003");
  warning->set_ground(v1::STATE_SECRET);
  warning->set_decided_date("2023-09-01");
  response->set_answered_otherwise(2);
  return grpc::Status::OK;
}

grpc::Status FakeReports::Cases::PerformAct(Context* /*context*/,
                                            const v1::PerformActRequest*,
                                            v1::PerformActResponse* response) {
  response->mutable_receipt()->set_number("SHGXW-2024-00001");
  return grpc::Status::OK;
}

}  // namespace gongkai::cli
