// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/same_scripts.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "tests/bench/lives.h"

namespace gongkai::bench {
namespace {

using storage::Append;

constexpr char kLicence[] = "-- SPDX-License-Identifier: Apache-2.0\n";

std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted.push_back('\'');
    quoted.push_back(c);
  }
  return quoted + "'";
}

std::string Bytea(std::string_view bytes) {
  return absl::StrCat("'\\x", absl::BytesToHexString(ToAbsl(bytes)), "'");
}

// Values that travel as arguments are variables, set once per connection.
class Variables {
 public:
  // The placeholder of a new variable with this value, written as SQL.
  std::string Add(const std::string& sql) {
    const std::string name = absl::StrCat("v", count_++);
    absl::StrAppend(&list_, list_.empty() ? "" : ", ", sql, " AS ", name);
    return ":" + name;
  }
  // Lines that set them when the script runs for the first time.
  std::string Setup() const {
    return absl::StrCat("\\if :ready = 0\nSELECT ", list_,
                        " \\gset\n\\set ready 1\n\\endif\n");
  }

 private:
  int count_ = 0;
  std::string list_;
};

std::string ArrayOf(const std::vector<storage::LimitRow>& rows,
                    std::string (*field)(const storage::LimitRow&)) {
  std::string array = "{";
  for (const storage::LimitRow& row : rows) {
    absl::StrAppend(&array, array.size() > 1 ? "," : "", field(row));
  }
  return Quoted(array + "}");
}

// The eight arrays of the limits as arguments; nulls when they stay.
std::string Limits(const std::optional<std::vector<storage::LimitRow>>& rows,
                   Variables& v) {
  if (!rows) return "null,null,null,null,null,null,null,null";
  using Row = storage::LimitRow;
  const auto of = [&](std::string (*field)(const Row&)) {
    return v.Add(ArrayOf(*rows, field));
  };
  const std::vector<std::string> columns = {
      of([](const Row& r) { return absl::StrCat(r.kind); }),
      of([](const Row& r) { return absl::StrCat(r.ordinal); }),
      of([](const Row& r) { return absl::StrCat(r.whose); }),
      of([](const Row& r) { return absl::StrCat(r.state); }),
      of([](const Row& r) { return FormatDay(r.start); }),
      of([](const Row& r) -> std::string {
        return r.due ? FormatDay(*r.due) : "NULL";
      }),
      of([](const Row& r) -> std::string { return r.provisional ? "t" : "f"; }),
      of([](const Row& r) -> std::string { return r.first ? "t" : "f"; })};
  std::string list;
  for (const std::string& column : columns) {
    absl::StrAppend(&list, list.empty() ? "" : ",", column);
  }
  return list;
}

// Bytes as many as the sealed private part of `e` has.
std::string SealedLike(const storage::StoredEvent& e) {
  constexpr size_t kOverhead = 29;
  if (e.salt.empty()) return "";
  return e.salt + e.payload + std::string(kOverhead, 's');
}

// The call of append_event with what `a` carries. `agency`, `stream`, `number`
// and `applicant_key` are SQL.
std::string Call(const Append& a, const std::string& agency,
                 const std::string& stream, const std::string& number,
                 const std::string& applicant_key, Variables& v) {
  const storage::StoredEvent& e = a.event;
  const auto integer = [](int64_t n) { return absl::StrCat("'", n, "'"); };
  const std::vector<std::string> arguments = {
      agency,
      stream,
      integer(static_cast<int>(a.kind)),
      number,
      integer(a.expected_version),
      integer(e.type),
      "gen_random_uuid()",
      "gen_random_uuid()",
      "clock_timestamp()",
      v.Add(Quoted(FormatDay(e.occurred))),
      v.Add(Bytea(e.record)),
      v.Add(Bytea(e.hash)),
      v.Add(Bytea(e.leaf_hash)),
      "''",
      v.Add(Bytea(SealedLike(e))),
      v.Add(Bytea(a.mac)),
      integer(a.row.phase),
      integer(a.row.outcome),
      integer(a.row.applicant_kind),
      v.Add(Quoted(a.row.officer)),
      v.Add(Quoted(a.row.department)),
      a.row.received ? v.Add(Quoted(FormatDay(*a.row.received))) : "null",
      "null",
      v.Add(Quoted(a.row.calendar_version)),
      Limits(a.limits, v)};
  std::string call = "SELECT append_event(";
  for (const std::string& argument : arguments) {
    absl::StrAppend(&call, argument, ",");
  }
  const std::string marks = "'{}','{}',";
  // What the annual return counts, and no return that is filed.
  const std::string counts = absl::StrCat(
      a.row.finished ? v.Add(Quoted(FormatDay(*a.row.finished))) : "null", ",",
      integer(a.row.return_row), ",", a.row.counted, "::boolean,",
      a.row.remedies, "::boolean,", a.row.fees,
      "::boolean,null,null,'','','');\n");
  if (!a.text) {
    return call + "null,null,null,null,'',''," + marks +
           "'{}','{}',null,null," + counts;
  }
  std::string words = "{";
  for (const std::string& word : a.text->words) {
    absl::StrAppend(&words, words.size() > 1 ? "," : "", "\"", word, "\"");
  }
  absl::StrAppend(&call, v.Add(Quoted(FormatDay(a.text->arrived))), ",",
                  v.Add(Quoted(a.text->applicant_name)), ",",
                  v.Add(Quoted(a.text->content)), ",",
                  v.Add(Quoted(words + "}")), ",", applicant_key, ",",
                  applicant_key, ",", marks, "'{1}',ARRAY[", applicant_key,
                  "]::bytea[],1,", v.Add(Bytea(std::string(61, 'k'))), ",",
                  counts);
  return call;
}

std::string ActScript(const std::vector<Append>& life) {
  Variables v;
  std::string calls;
  for (size_t i = 0; i < life.size(); ++i) {
    absl::StrAppend(&calls, i == 0 ? "\\if" : "\\elif", " :step = ", i, "\n",
                    Call(life[i], ":agency", ":stream", "null", "", v));
  }
  const size_t steps = life.size();
  return absl::StrCat(
      kLicence, v.Setup(), "\\set step :done % ", steps,
      "\n\\if :step = 0\n\\set n :from + :client_id + :callers * (:done / ",
      steps,
      ")\nSELECT agency, number, stream FROM bench_supply WHERE n = :n \\gset\n"
      "\\endif\n\\set done :done + 1\n"
      "SELECT * FROM load_history(:agency, null, :number, gen_random_uuid(), "
      "false);\n",
      calls, "\\endif\n");
}

std::string ReceiptScript(const Append& receipt) {
  Variables v;
  constexpr char kAgency[] =
      "(CASE WHEN :agencies = 1 THEN 'ONE' "
      "ELSE 'MANY' || lpad(:a::text, 2, '0') END)";
  // A stream as the service names it: in the order of time.
  const std::string take = absl::StrCat(
      "SELECT t.serial, gen_random_uuid() AS request, "
      "uuid_send(gen_random_uuid()) AS key, "
      "overlay(gen_random_uuid()::text placing regexp_replace("
      "lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), "
      "12, '0'), '(.{8})(.{4})', '\\1-\\2') from 1 for 13) AS stream "
      "FROM take_numbers(",
      kAgency,
      ", :year, ARRAY[gen_random_uuid()], "
      "ARRAY[uuid_send(gen_random_uuid())], ARRAY[current_date], "
      "ARRAY[false]) AS t \\gset\n");
  const std::string number = absl::StrCat(
      kAgency, " || '-' || :year::text || '-' || lpad(:serial::text, 5, '0')");
  const std::string call = Call(receipt, kAgency, ":stream", number, ":key", v);
  return absl::StrCat(kLicence, v.Setup(), "\\set a random(1, :agencies)\n",
                      "BEGIN;\n", take, call, "COMMIT;\n",
                      "SELECT * FROM find_earlier(", kAgency, ", :stream);\n");
}

}  // namespace

absl::StatusOr<SameScripts> MakeSameScripts(
    const BulkOffice::Options& options) {
  const absl::Time now = absl::Now();
  ASSIGN_OR_RETURN(const auto office, BulkOffice::Open(options, now));
  const std::string agency = ManyAgency(1);
  RETURN_IF_ERROR(office->AddAgency(agency));
  const absl::CivilDay day = ShanghaiDay(now) - 20;
  ASSIGN_OR_RETURN(const std::vector<std::string> numbers,
                   office->Receive(agency, day, 1, 1));
  SameScripts scripts;
  scripts.receipt = ReceiptScript(office->store().last());
  std::vector<Append> life;
  for (size_t i = 0; i < Life().size(); ++i) {
    RETURN_IF_ERROR(office->Act(agency, numbers[0], i, day + 1 + i));
    life.push_back(office->store().last());
  }
  scripts.act = ActScript(life);
  return scripts;
}

}  // namespace gongkai::bench
