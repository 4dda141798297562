// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/import_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/cli/fields.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// How a docket's headings begin.
struct DocketPrefix {
  std::string_view zh;
  std::string_view en;
  v1::RemedyKind kind;
  int instance;
};
constexpr DocketPrefix kPrefixes[] = {
    {"复议", "review_", v1::ADMINISTRATIVE_REVIEW, 0},
    {"一审", "suit_", v1::LAWSUIT, 1},
    {"二审", "appeal_", v1::LAWSUIT, 2},
    {"投诉", "complaint_", v1::COMPLAINT, 0},
};
constexpr int kMostOfAKind = 9;

std::string Trimmed(std::string_view text) {
  // Spreadsheets keep blanks of both widths around a cell.
  std::string out = absl::StrReplaceAll(ToAbsl(text), {{"\u3000", " "}});
  absl::StripAsciiWhitespace(&out);
  return out;
}

absl::Status Wrong(std::string_view heading, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(ToAbsl(heading), ": ", ToAbsl(what)));
}

// `R3` is the third outcome; other words are names or terms.
std::string OutcomeName(const std::string& text) {
  int number = 0;
  if (text.size() < 2 || (text[0] != 'R' && text[0] != 'r') ||
      !absl::SimpleAtoi(text.substr(1), &number) ||
      !v1::Outcome_IsValid(number)) {
    return text;
  }
  return v1::Outcome_Name(static_cast<v1::Outcome>(number));
}

absl::StatusOr<bool> YesOrNo(const std::string& text) {
  for (const char* yes : {"是", "已整改", "yes", "true", "1"}) {
    if (text == yes) return true;
  }
  for (const char* no : {"否", "未整改", "no", "false", "0"}) {
    if (text == no) return false;
  }
  return absl::InvalidArgumentError("是 or 否");
}

// `12.5` yuan as 1250 fen.
absl::StatusOr<int64_t> Fen(const std::string& text) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 1));
  int64_t yuan = 0;
  int64_t cents = 0;
  std::string fraction = parts.second;
  const bool digits =
      fraction.size() <= 2 &&
      std::all_of(fraction.begin(), fraction.end(), absl::ascii_isdigit);
  fraction.resize(2, '0');
  if (!digits || !absl::SimpleAtoi(parts.first, &yuan) || yuan < 0 ||
      yuan > 1'000'000'000 || !absl::SimpleAtoi(fraction, &cents)) {
    return absl::InvalidArgumentError("an amount in yuan, such as 12.50");
  }
  return yuan * 100 + cents;
}

absl::Status SetGrounds(const std::string& text, v1::PastCase* past) {
  for (const absl::string_view ground : absl::StrSplit(
           absl::StrReplaceAll(
               text, {{"、", ";"}, {"；", ";"}, {"，", ";"}, {",", ";"}}),
           ';', absl::SkipWhitespace())) {
    RETURN_IF_ERROR(SetField(past, "grounds", Trimmed(ToStd(ground))));
  }
  return absl::OkStatus();
}

absl::Status SetCell(std::string_view field, const std::string& text,
                     v1::PastCase* past) {
  if (field.ends_with("_date")) {
    ASSIGN_OR_RETURN(const std::string day, NormalDay(text));
    return SetField(past, field, day);
  }
  if (field == "outcome") return SetField(past, field, OutcomeName(text));
  if (field == "grounds") return SetGrounds(text, past);
  if (field == "fee_fen") {
    ASSIGN_OR_RETURN(const int64_t fen, Fen(text));
    past->set_fee_fen(fen);
    return absl::OkStatus();
  }
  return SetField(past, field, text);
}

absl::Status SetDocketCell(std::string_view field, const std::string& text,
                           v1::PastDocket* docket) {
  if (field == "rectified") {
    ASSIGN_OR_RETURN(const bool rectified, YesOrNo(text));
    docket->set_rectified(rectified);
    return absl::OkStatus();
  }
  if (field.ends_with("_date")) {
    ASSIGN_OR_RETURN(const std::string day, NormalDay(text));
    return SetField(docket, field, day);
  }
  return SetField(docket, field, text);
}

// What an error of a cell says, without the path of the field, which the
// heading says better.
std::string WhatIsWrong(const absl::Status& status, std::string_view field) {
  const std::string text(status.message());
  const std::string path = absl::StrCat(ToAbsl(field), ": ");
  return absl::StartsWith(text, path) ? text.substr(path.size()) : text;
}

}  // namespace

const std::vector<RegisterColumn>& CaseColumns() {
  static const auto* const columns = new std::vector<RegisterColumn>{
      {"number", "案号", "number"},
      {"applicant_kind", "申请人类别", "applicant_kind"},
      {"applicant.name", "申请人", "applicant_name"},
      {"content", "申请内容", "content"},
      {"channel", "提交方式", "channel"},
      {"receipt_date", "收到日期", "receipt_date"},
      {"corrected_date", "收到补正日期", "corrected_date"},
      {"extension_days", "延长工作日", "extension_days"},
      {"extension_notice_date", "延期告知日期", "extension_notice_date"},
      {"finished_date", "办结日期", "finished_date"},
      {"outcome", "答复类型", "outcome"},
      {"grounds", "不予公开理由", "grounds"},
      {"document_number", "文号", "document_number"},
      {"served_date", "送达日期", "served_date"},
      {"fee_basis", "计收方式", "fee_basis"},
      {"fee_fen", "收费金额（元）", "fee_yuan"},
      {"fee_notice_date", "收费通知日期", "fee_notice_date"},
      {"fee_paid_date", "缴费日期", "fee_paid_date"},
      {"officer", "经办人账号", "officer"},
      {"department", "承办部门", "department"},
  };
  return *columns;
}

const std::vector<RegisterColumn>& DocketColumns() {
  static const auto* const columns = new std::vector<RegisterColumn>{
      {"docket_number", "案号", "number"},
      {"opened_date", "收件日期", "opened_date"},
      {"decided_date", "决定日期", "decided_date"},
      {"result", "结果", "result"},
      {"rectified", "整改", "rectified"},
  };
  return *columns;
}

absl::StatusOr<std::string> NormalDay(std::string_view text) {
  std::string plain = absl::StrReplaceAll(ToAbsl(text), {{"年", "-"},
                                                         {"月", "-"},
                                                         {"日", ""},
                                                         {"/", "-"},
                                                         {".", "-"},
                                                         {" ", ""}});
  if (plain.size() == 8 &&
      std::all_of(plain.begin(), plain.end(), absl::ascii_isdigit)) {
    plain = absl::StrCat(plain.substr(0, 4), "-", plain.substr(4, 2), "-",
                         plain.substr(6));
  }
  std::vector<std::string> parts = absl::StrSplit(plain, '-');
  if (parts.size() == 3) {
    for (size_t i = 1; i < 3; ++i) {
      if (parts[i].size() == 1) parts[i].insert(0, "0");
    }
  }
  const auto day = ParseDay(absl::StrJoin(parts, "-"));
  if (day.ok()) return FormatDay(*day);
  return absl::InvalidArgumentError(
      "a day, such as 2024-01-05 or 2024年1月5日");
}

std::optional<RegisterReader::Place> RegisterReader::PlaceOf(
    const std::string& heading) {
  for (const RegisterColumn& column : CaseColumns()) {
    if (heading == column.zh || heading == column.en) {
      return Place{heading, column.field};
    }
  }
  // A number at the end, in either language.
  std::string stem = heading;
  int ordinal = 1;
  if (!stem.empty() && stem.back() >= '1' && stem.back() <= '9') {
    ordinal = stem.back() - '0';
    stem.pop_back();
    if (stem.ends_with('_')) stem.pop_back();
  }
  int of_kind = 0;
  for (const DocketPrefix& prefix : kPrefixes) {
    for (const RegisterColumn& column : DocketColumns()) {
      if (stem == absl::StrCat(ToAbsl(prefix.zh), ToAbsl(column.zh)) ||
          stem == absl::StrCat(ToAbsl(prefix.en), ToAbsl(column.en))) {
        return Place{heading, column.field, of_kind * kMostOfAKind + ordinal,
                     prefix.kind, prefix.instance};
      }
    }
    ++of_kind;
  }
  return std::nullopt;
}

absl::StatusOr<RegisterReader> RegisterReader::Of(
    const std::vector<std::string>& heading) {
  RegisterReader reader;
  std::set<std::pair<int, std::string_view>> seen;
  for (const std::string& raw : heading) {
    const std::string name = Trimmed(raw);
    std::optional<Place> place = PlaceOf(name);
    if (!place) {
      return Wrong(name, "is no heading of a register; the help lists them");
    }
    if (!seen.emplace(place->docket, place->field).second) {
      return Wrong(name, "stands twice in the heading");
    }
    reader.places_.push_back(*std::move(place));
  }
  for (const std::string_view needed :
       {"number", "applicant_kind", "receipt_date"}) {
    if (seen.contains({-1, needed})) continue;
    const auto column =
        std::find_if(CaseColumns().begin(), CaseColumns().end(),
                     [&](const auto& one) { return one.field == needed; });
    return Wrong(
        absl::StrCat(ToAbsl(column->zh), " (", ToAbsl(column->en), ")"),
        "is missing in the heading");
  }
  return reader;
}

absl::StatusOr<v1::PastCase> RegisterReader::Read(const Csv::Row& row) const {
  if (row.cells.size() != places_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the row has ", row.cells.size(), " cells, the heading ",
                     places_.size()));
  }
  v1::PastCase past;
  std::map<int, v1::PastDocket> dockets;
  for (size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    const std::string text = Trimmed(row.cells[i]);
    if (text.empty()) continue;
    absl::Status set;
    if (place.docket < 0) {
      set = SetCell(place.field, text, &past);
    } else {
      v1::PastDocket& docket = dockets[place.docket];
      docket.set_kind(place.kind);
      docket.set_instance(place.instance);
      set = SetDocketCell(place.field, text, &docket);
    }
    if (!set.ok()) return Wrong(place.heading, WhatIsWrong(set, place.field));
  }
  std::vector<v1::PastDocket> in_order;
  for (auto& [at, docket] : dockets) in_order.push_back(std::move(docket));
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const v1::PastDocket& a, const v1::PastDocket& b) {
                     return a.opened_date() < b.opened_date();
                   });
  for (v1::PastDocket& docket : in_order) {
    *past.add_dockets() = std::move(docket);
  }
  return past;
}

}  // namespace gongkai::cli
