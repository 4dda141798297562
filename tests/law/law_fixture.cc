// SPDX-License-Identifier: Apache-2.0
#include "tests/law/law_fixture.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_format.h"

namespace gongkai::law {
namespace {

std::string Root() {
  const char* root = std::getenv("GONGKAI_SOURCE_DIR");
  return root == nullptr ? "." : root;
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::string NoteText(const LedgerLine& line) {
  switch (line.note) {
    case DayNote::kTrigger:
      return "trigger";
    case DayNote::kRestart:
      return "restart";
    case DayNote::kExcluded:
      return "out";
    case DayNote::kExtended:
      return absl::StrFormat("%d+", line.count);
    case DayNote::kLast:
      return absl::StrFormat("%d=last", line.count);
    case DayNote::kRolled:
      return "rolled";
    case DayNote::kDone:
      return absl::StrFormat("%d=done", line.count);
    case DayNote::kLate:
      return absl::StrFormat("late%d", line.count);
    default:
      return absl::StrFormat("%d", line.count);
  }
}

}  // namespace

std::string ReadProjectFile(const std::string& path) {
  std::ifstream file(Root() + "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const Calendar& National() {
  static const auto* const calendar = [] {
    const auto notices =
        ReadNotices(ReadProjectFile("ops/calendar/notices.csv"),
                    ReadProjectFile("ops/calendar/days.csv"));
    EXPECT_TRUE(notices.ok()) << notices.status();
    auto built = Calendar::Build(*notices);
    EXPECT_TRUE(built.ok()) << built.status();
    return new Calendar(*std::move(built));
  }();
  return *calendar;
}

std::vector<std::string> RuleFiles() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(Root() + "/ops/rulebook")) {
    if (entry.path().extension() == ".textproto") {
      paths.push_back("ops/rulebook/" + entry.path().filename().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const std::string& path : paths) texts.push_back(ReadProjectFile(path));
  return texts;
}

const Rulebook& Rules() {
  static const auto* const rules = [] {
    auto parsed = Rulebook::Parse(RuleFiles());
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return new Rulebook(*std::move(parsed));
  }();
  return *rules;
}

std::vector<std::map<std::string, std::string>> ReadVectors(
    const std::string& path) {
  std::istringstream lines(ReadProjectFile(path));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> heading = Cells(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = Cells(line);
    EXPECT_EQ(cells.size(), heading.size()) << path << ": " << line;
    std::map<std::string, std::string> row;
    for (size_t i = 0; i < heading.size(); ++i) row[heading[i]] = cells[i];
    rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << path;
  return rows;
}

Facts Received(std::string_view received) {
  Facts facts;
  facts.channel = v1::IN_PERSON;
  facts.arrived = facts.received = facts.registered = D(received);
  return facts;
}

Limit Get(const Facts& facts, std::string_view as_of, v1::LimitKind kind,
          int ordinal) {
  const std::vector<Limit> limits =
      DeriveLimits(facts, Rules(), National(), {}, D(as_of));
  const Limit* limit = FindLimit(limits, kind, ordinal);
  return limit == nullptr ? Limit() : *limit;
}

std::string ReplyDue(const Facts& facts) {
  const Limit limit = Get(facts, "2000-01-01", v1::REPLY);
  return limit.due ? FormatDay(*limit.due) : "none";
}

std::string Show(const Limit& limit) {
  return (limit.due ? FormatDay(*limit.due) : "none") + " " +
         v1::LimitState_Name(limit.state);
}

std::string ShowLedger(const std::vector<LedgerLine>& lines) {
  std::string text;
  for (const LedgerLine& line : lines) {
    if (line.note == DayNote::kRest) continue;
    if (!text.empty()) text += " ";
    text += FormatDay(line.day).substr(5) + ":" + NoteText(line);
  }
  return text;
}

std::vector<LedgerLine> Explain(const Facts& facts, std::string_view as_of,
                                v1::LimitKind kind, int ordinal) {
  return ExplainLimit(facts, Rules(), National(), {}, D(as_of), kind, ordinal);
}

}  // namespace gongkai::law
