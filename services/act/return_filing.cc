// SPDX-License-Identifier: Apache-2.0
#include "services/act/return_filing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/act/history.h"
#include "services/act/perform_impl.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/digest.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/report/annual.h"
#include "services/report/editions.h"

namespace gongkai::act {
namespace {

// Equal messages have equal bytes.
std::string Bytes(const v1::AnnualReturn& filed) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream out(&bytes);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    filed.SerializeToCodedStream(&coded);
  }
  return bytes;
}

// How many editions of the year the agency's stream holds.
absl::StatusOr<int> EditionsIn(const storage::History& history, int year) {
  ASSIGN_OR_RETURN(const auto past, Unseal(history.events));
  return static_cast<int>(std::count_if(
      past.begin(), past.end(), [year](const casework::PastEvent& one) {
        return one.event.has_return_filed() &&
               one.event.return_filed().year() == year;
      }));
}

absl::Status Unbalanced(const v1::ReturnViolation& first, size_t all) {
  v1::Refusal refusal;
  refusal.set_reason(v1::RETURN_UNBALANCED);
  refusal.set_got(absl::StrCat(first.identity(), " r", first.row(), " c",
                               first.column(), ": ", first.is(), " (", all,
                               " in all)"));
  refusal.set_wanted(absl::StrCat(first.should_be()));
  return Refuse(refusal);
}

v1::ReturnFiling FilingOf(const v1::AnnualReturn& filed,
                          const std::string& document, const std::string& cases,
                          const std::string& reason) {
  v1::ReturnFiling filing;
  filing.set_year(filed.year());
  filing.set_edition(filed.edition());
  *filing.mutable_cells() = filed.cells();
  *filing.mutable_remedies() = filed.remedies();
  filing.set_return_digest(Sha256Hex(document));
  filing.set_cases_digest(Sha256Hex(cases));
  filing.set_reason(reason);
  return filing;
}

}  // namespace

struct ReturnFiler::Filing {
  v1::AnnualReturn annual_return;
  std::string document;
  std::string cases;
  // The edition that it takes the place of.
  std::optional<storage::FiledReturn> before;
};

ReturnFiler::ReturnFiler(const Parts& parts)
    : parts_(parts),
      returns_(parts.store, parts.book, parts.registry, parts.clock),
      writer_(parts.store, parts.registry, parts.clock, parts.standing) {}

absl::Status ReturnFiler::CheckTime(const v1::FileReturnRequest& request,
                                    absl::Time deadline) {
  const int year = request.year();
  if (year >= ShanghaiDay(parts_.clock.Now()).year()) {
    return Refuse(v1::RETURN_TOO_EARLY);
  }
  // The first return that an agency files here begins the row; from then on
  // none is left out.
  ASSIGN_OR_RETURN(const std::vector<storage::FiledReturn> all,
                   returns_.Editions(request.agency(), 0, false, deadline));
  bool began = false;
  for (const storage::FiledReturn& one : all) {
    if (one.year == year - 1) return absl::OkStatus();
    began = began || one.year < year;
  }
  if (!began) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const std::vector<storage::ReturnCount> counts,
      parts_.book.CountReturn({request.agency()}, year - 1, deadline));
  return counts.empty() ? absl::OkStatus() : Refuse(v1::RETURN_TOO_EARLY);
}

absl::StatusOr<ReturnFiler::Filing> ReturnFiler::Decide(
    const v1::FileReturnRequest& request, const storage::History& history,
    absl::Time deadline) {
  const std::string& agency = request.agency();
  if (history.version == 0) return Refuse(v1::NO_SUCH_AGENCY);
  RETURN_IF_ERROR(CheckTime(request, deadline));
  ASSIGN_OR_RETURN(const int editions, EditionsIn(history, request.year()));
  if (editions > 0 && request.reason().empty()) {
    return RefuseField("reason", "why the return is restated", "none");
  }
  ASSIGN_OR_RETURN(DrawnReturn drawn,
                   returns_.DrawWithList(agency, request.year(), deadline));
  if (drawn.annual_return.digest() != request.digest()) {
    return Refuse(v1::RETURN_CHANGED);
  }
  if (!drawn.violations.empty()) {
    return Unbalanced(drawn.violations[0], drawn.violations.size());
  }
  Filing filing;
  filing.cases = report::WriteList(std::move(drawn.list));
  if (editions > 0) {
    ASSIGN_OR_RETURN(const std::vector<storage::FiledReturn> filed,
                     returns_.Editions(agency, request.year(), true, deadline));
    // What was filed a moment ago has not been looked at.
    if (static_cast<int>(filed.size()) != editions) {
      return Refuse(v1::RETURN_CHANGED);
    }
    v1::AnnualReturn last;
    if (last.ParseFromString(filed.back().document) &&
        last.digest() == drawn.annual_return.digest() &&
        filed.back().cases == filing.cases) {
      return Refuse(v1::RETURN_UNCHANGED);
    }
    filing.before = std::move(filed.back());
  }
  filing.annual_return = std::move(drawn.annual_return);
  filing.annual_return.set_edition(editions + 1);
  filing.document = Bytes(filing.annual_return);
  return filing;
}

absl::StatusOr<ReturnFiler::Filing> ReturnFiler::Filed(
    const std::string& agency, int year, int64_t seq, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<storage::FiledReturn> editions,
                   returns_.Editions(agency, year, true, deadline));
  const auto mine =
      std::find_if(editions.begin(), editions.end(),
                   [seq](const auto& one) { return one.seq == seq; });
  if (mine == editions.end()) return Refuse(v1::RETURN_NOT_FILED);
  Filing filing;
  if (!filing.annual_return.ParseFromString(mine->document)) {
    return absl::DataLossError("a filed return cannot be read");
  }
  filing.cases = mine->cases;
  if (mine != editions.begin()) filing.before = *(mine - 1);
  return filing;
}

absl::StatusOr<v1::FileReturnResponse> ReturnFiler::Answer(
    const auth::Caller& caller, const Filing& filing, absl::Time deadline) {
  v1::FileReturnResponse response;
  *response.mutable_annual_return() = filing.annual_return;
  if (!filing.before) return response;
  const std::string& agency = filing.before->agency;
  v1::AnnualReturn before;
  if (!before.ParseFromString(filing.before->document)) {
    return absl::DataLossError("a filed return cannot be read");
  }
  ASSIGN_OR_RETURN(const auto before_list,
                   report::ReadList(filing.before->cases));
  ASSIGN_OR_RETURN(const auto list, report::ReadList(filing.cases));
  Returns::Names names;
  for (v1::ReturnDifference& one : report::Compare(
           before, before_list, filing.annual_return, list, agency)) {
    v1::ReturnDifference& added = *response.add_differences();
    added = std::move(one);
    names.push_back(added.mutable_came());
    names.push_back(added.mutable_went());
  }
  RETURN_IF_ERROR(returns_.HideNames(caller, auth::Access::kFileReturn, agency,
                                     filing.before->year, names, deadline));
  return response;
}

absl::StatusOr<v1::FileReturnResponse> ReturnFiler::TryFile(
    const auth::Caller& caller, const v1::FileReturnRequest& request,
    absl::Time deadline) {
  RETURN_IF_ERROR(
      auth::MayAccess(caller, request.agency(), auth::Access::kFileReturn));
  if (!auth::DepartmentsFor(caller, auth::Access::kFileReturn).empty()) {
    return Refuse(v1::CAPACITY_MISSING);
  }
  Filing filing;
  StreamAct act;
  act.caller = &caller;
  act.agency = request.agency();
  act.kind = storage::StreamKind::kAgency;
  act.request_id = request.request_id();
  act.mac = RequestMac(parts_.request_key, caller, request);
  act.actor =
      ActorOf(caller, auth::CapacityFor(caller, auth::Access::kFileReturn));
  act.decide = [&](const storage::History& history)
      -> absl::StatusOr<std::optional<v1::Event>> {
    ASSIGN_OR_RETURN(filing, Decide(request, history, deadline));
    std::optional<v1::Event> event(std::in_place);
    *event->mutable_return_filed() = FilingOf(
        filing.annual_return, filing.document, filing.cases, request.reason());
    return event;
  };
  act.also = [&](const storage::History&, const v1::Event&,
                 storage::Append& append) {
    append.filed =
        storage::FiledDocument{request.year(), filing.annual_return.edition(),
                               filing.document, filing.cases};
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const Streamed streamed, writer_.Record(act, deadline));
  if (streamed.what == Streamed::kRepeated) {
    ASSIGN_OR_RETURN(filing, Filed(request.agency(), request.year(),
                                   streamed.seq, deadline));
  }
  return Answer(caller, filing, deadline);
}

absl::StatusOr<v1::FileReturnResponse> ReturnFiler::FileReturn(
    const auth::Caller& caller, const v1::FileReturnRequest& request,
    absl::Time deadline) {
  auto response = TryFile(caller, request, deadline);
  if (response.ok()) return response;
  return parts_.recorder.Refused(
      caller, RefusalFor("FileReturn", request.agency(), response.status()),
      deadline);
}

}  // namespace gongkai::act
