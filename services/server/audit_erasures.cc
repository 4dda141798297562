// SPDX-License-Identifier: Apache-2.0
#include "services/server/audit_erasures.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include "CLI/CLI.hpp"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gongkai/v1/event.pb.h"
#include "nlohmann/json.hpp"
#include "services/audit/record.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/server/audit_verbs.h"

namespace gongkai::server {
namespace {

using nlohmann::json;

constexpr absl::Duration kTime = absl::Minutes(10);
constexpr size_t kHashHex = 64;

absl::Status PrintErasures(const ErasuresOptions& options) {
  ASSIGN_OR_RETURN(
      const std::vector<storage::ErasureRecord> erasures,
      storage::ReadErasures(options.database, absl::Now() + kTime));
  for (const storage::ErasureRecord& erasure : erasures) {
    ASSIGN_OR_RETURN(const std::string line, LineOf(erasure));
    std::printf("%s\n", line.c_str());
  }
  // A list that was cut short would leave text in a restored database.
  return std::fflush(stdout) == 0
             ? absl::OkStatus()
             : absl::UnavailableError("the list could not be written");
}

bool IsHash(const json& value) {
  return value.is_string() &&
         value.get_ref<const std::string&>().size() == kHashHex &&
         value.get_ref<const std::string&>().find_first_not_of(
             "0123456789abcdef") == std::string::npos;
}

bool IsText(const json& value, const char* key) {
  return value.contains(key) && value[key].is_string();
}

// Whether the line has the form that LineOf gives it.
bool IsErasure(const json& line) {
  if (!line.is_object() || !IsText(line, "agency") || !IsText(line, "stream") ||
      !IsText(line, "number") || !line.contains("words") ||
      !line["words"].is_boolean() || !line.contains("events") ||
      !line["events"].is_array() || !line.contains("leaves") ||
      !line["leaves"].is_array() ||
      line["events"].size() != line["leaves"].size()) {
    return false;
  }
  for (const json& seq : line["events"]) {
    if (!seq.is_number_unsigned()) return false;
  }
  for (const json& leaf : line["leaves"]) {
    if (!IsHash(leaf)) return false;
  }
  return true;
}

ErasureLine Read(const json& line) {
  ErasureLine read;
  read.number = line["number"].get<std::string>();
  read.erased.agency = line["agency"].get<std::string>();
  read.erased.stream = line["stream"].get<std::string>();
  read.erased.words = line["words"].get<bool>();
  for (const json& seq : line["events"]) {
    read.erased.events.push_back(seq.get<int64_t>());
  }
  for (const json& leaf : line["leaves"]) {
    read.erased.leaves.push_back(
        absl::HexStringToBytes(leaf.get<std::string>()));
  }
  return read;
}

absl::Status Replay(const ReplayOptions& options) {
  std::ifstream in(options.file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    return absl::NotFoundError(
        absl::StrCat("cannot read ", options.file,
                     ", or it is empty: without its lines nothing is done"));
  }
  ASSIGN_OR_RETURN(const std::vector<ErasureLine> lines,
                   ReadErasureLines(text.str()));
  std::vector<storage::Erased> erased;
  for (const ErasureLine& line : lines) erased.push_back(line.erased);
  ASSIGN_OR_RETURN(
      const std::vector<storage::Replayed> replayed,
      storage::ReplayErasures(options.database, erased, absl::Now() + kTime));
  for (size_t i = 0; i < lines.size(); ++i) {
    std::printf("%s %s: %d of %zu events are here, %d texts destroyed\n",
                lines[i].erased.agency.c_str(), lines[i].number.c_str(),
                replayed[i].known, erased[i].events.size(),
                replayed[i].destroyed);
  }
  std::printf("%zu erasures carried out again\n", lines.size());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> LineOf(const storage::ErasureRecord& erasure) {
  const auto broken = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat("the erasure ", erasure.number,
                                            " record ", erasure.seq, " ",
                                            ToAbsl(what)));
  };
  const auto record = audit::Decode(erasure.record);
  v1::Event event;
  if (!record.ok() || !event.ParseFromString(record->public_body) ||
      !event.has_erased()) {
    return broken("cannot be read");
  }
  json line = {{"agency", erasure.agency},        {"stream", erasure.stream},
               {"number", erasure.number},        {"seq", erasure.seq},
               {"words", event.erased().words()}, {"events", json::array()},
               {"leaves", json::array()}};
  for (const int64_t seq : event.erased().events()) {
    if (seq < 1 || static_cast<size_t>(seq) > erasure.leaves.size()) {
      return broken("names an event that is not there");
    }
    line["events"].push_back(seq);
    line["leaves"].push_back(
        absl::BytesToHexString(erasure.leaves[static_cast<size_t>(seq) - 1]));
  }
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

absl::StatusOr<std::vector<ErasureLine>> ReadErasureLines(
    std::string_view text) {
  std::vector<ErasureLine> lines;
  int number = 0;
  for (const absl::string_view one : absl::StrSplit(ToAbsl(text), '\n')) {
    ++number;
    if (one.empty() || one == "\r") continue;
    const json line = json::parse(one.begin(), one.end(), nullptr,
                                  /*allow_exceptions=*/false);
    if (!IsErasure(line)) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number,
                       " is not a line of `audit erasures`; nothing was "
                       "done"));
    }
    lines.push_back(Read(line));
  }
  return lines;
}

CLI::App& AddErasures(CLI::App& audit, ErasuresOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "erasures",
      "List what was erased, one line of JSON each, to keep beside backups");
  verb.add_option("--database", options.database,
                  "Connection string, as the auditor")
      ->required();
  return verb;
}

int RunErasures(const ErasuresOptions& options) {
  return Finish(PrintErasures(options));
}

CLI::App& AddReplayErasures(CLI::App& audit, ReplayOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "replay-erasures",
      "After a restore, destroy again what `audit erasures` listed");
  verb.add_option("--database", options.database,
                  "Connection string, as the owner")
      ->required();
  verb.add_option("file", options.file, "Lines of `audit erasures`")
      ->required();
  return verb;
}

int RunReplayErasures(const ReplayOptions& options) {
  return Finish(Replay(options));
}

}  // namespace gongkai::server
