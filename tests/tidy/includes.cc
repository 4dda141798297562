// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/includes.h"

#include <algorithm>
#include <regex>
#include <string>

namespace gongkai::tidy {
namespace {

using Names = std::vector<std::string_view>;

// One room of the house and what its files may include. A name that ends with
// a slash stands for all below it; `proto` for the generated messages, `grpc`
// for the transport and its stubs, `files` for reading and writing them,
// `clock` for the time of day, threads and chance. What is in no group (the
// standard library, Abseil, protobuf) everybody may include.
struct Room {
  std::string_view folder;
  Names may;
  Names but_not;
};

constexpr std::string_view kBaseClock = "services/base/clock.h";
constexpr std::string_view kBaseLog = "services/base/log.h";

// The first row whose folder holds the file counts.
const std::vector<Room>& Rooms() {
  static const auto* const rooms = new std::vector<Room>{
      {"services/base/",
       {"services/base/", "proto", "openssl", "utf8proc", "clock", "files"},
       {}},
      {"services/law/",
       {"services/law/", "services/base/", "proto", "openssl"},
       {kBaseClock, kBaseLog}},
      {"services/casework/",
       {"services/casework/", "services/law/", "services/base/", "proto"},
       {kBaseClock, kBaseLog}},
      {"services/audit/",
       {"services/audit/", "services/base/", "proto", "openssl"},
       {kBaseClock}},
      {"services/document/",
       {"services/document/", "services/casework/", "services/audit/",
        "services/base/", "proto"},
       {kBaseClock, kBaseLog}},
      {"services/auth/",
       {"services/auth/", "services/base/", "proto", "openssl", "sodium",
        "json"},
       {}},
      {"services/account/",
       {"services/account/", "services/auth/", "services/base/", "proto"},
       {kBaseClock, kBaseLog}},
      {"services/vault/",
       {"services/vault/", "services/base/", "storage/store.h",
        "storage/sealer.h", "openssl", "sodium", "clock"},
       {}},
      {"services/report/",
       {"services/report/", "services/casework/", "services/law/",
        "services/base/", "proto", "openssl"},
       {kBaseClock, kBaseLog}},
      {"services/render/",
       {"services/render/", "services/report/form.h", "services/base/", "proto",
        "json", "xlsxwriter"},
       {kBaseClock, kBaseLog}},
      {"services/act/",
       {"services/act/", "services/law/", "services/casework/",
        "services/report/", "services/account/", "services/vault/",
        "services/audit/",
        "services/auth/", "services/base/", "storage/store.h", "storage/",
        "proto", "clock", "json", "sodium"},
       {"storage/postgres/", "storage/memory/"}},
      {"services/api/",
       {"services/api/", "services/act/", "services/auth/", "services/base/",
        "proto", "grpc", "clock"},
       {}},
      {"services/jobs/",
       {"services/jobs/", "services/act/", "services/report/", "services/law/",
        "services/audit/", "services/base/", "storage/", "proto", "clock",
        "curl"},
       {"storage/postgres/", "storage/memory/"}},
      {"services/server/",
       {"services/", "storage/", "proto", "grpc", "clock", "files", "cli",
        "json", "prometheus", "openssl", "httplib", "sodium"},
       {}},
      {"storage/postgres/",
       {"storage/", "services/base/", "services/audit/", "proto", "pqxx",
        "clock", "files"},
       {"storage/memory/"}},
      {"storage/memory/",
       {"storage/", "services/base/", "services/audit/", "proto", "clock"},
       {"storage/postgres/"}},
      {"storage/",
       {"storage/", "services/base/", "services/audit/", "proto"},
       {"storage/postgres/", "storage/memory/"}},
      {"clients/verify/",
       {"clients/", "services/casework/", "services/audit/",
        "services/document/", "services/base/", "proto", "cli", "json", "clock",
        "files", "httplib"},
       {}},
      {"clients/",
       {"clients/", "services/law/", "services/casework/", "services/auth/",
        "services/audit/", "services/document/", "services/render/",
        "services/report/form.h", "services/base/", "proto", "grpc", "cli",
        "json", "clock", "files", "iconv"},
       {}},
      {"tests/",
       {"tests/", "services/", "storage/", "clients/", "proto", "grpc", "pqxx",
        "openssl", "sodium", "json", "cli", "curl", "xlsxwriter", "iconv",
        "prometheus", "httplib", "clock",
        "files", "utf8proc"},
       {}},
  };
  return *rooms;
}

struct Group {
  std::string_view name;
  std::regex members;
};

const std::vector<Group>& Groups() {
  static const auto* const groups = new std::vector<Group>{
      {"grpc", std::regex(R"(grpc(pp)?/.*|.*\.grpc\.pb\.h)")},
      {"proto", std::regex(R"((gongkai/v1|google/rpc)/.*\.pb\.h)")},
      {"pqxx", std::regex(R"(pqxx(/.*)?|libpq-fe\.h)")},
      {"openssl", std::regex(R"(openssl/.*)")},
      {"sodium", std::regex(R"(sodium(/.*)?\.h)")},
      {"json", std::regex(R"(nlohmann/.*)")},
      {"cli", std::regex(R"(CLI/.*)")},
      {"curl", std::regex(R"(curl/.*)")},
      {"xlsxwriter", std::regex(R"(xlsxwriter\.h)")},
      {"iconv", std::regex(R"(iconv\.h)")},
      {"prometheus", std::regex(R"(prometheus/.*)")},
      {"httplib", std::regex(R"(httplib\.h)")},
      {"utf8proc", std::regex(R"(utf8proc\.h)")},
      {"clock", std::regex(R"(chrono|ctime|time\.h|sys/time\.h|thread|mutex|)"
                           R"(random|absl/synchronization/.*|absl/random/.*)")},
      {"files", std::regex(R"(fstream|filesystem|fcntl\.h|)"
                           R"(iostream|unistd\.h|sys/socket\.h)")},
  };
  return *groups;
}

// The name by which the table knows `include`; empty when it is free to all.
std::string TableName(const std::string& include) {
  for (const Group& group : Groups()) {
    if (std::regex_match(include, group.members))
      return std::string(group.name);
  }
  for (const char* ours : {"services/", "storage/", "clients/", "tests/"}) {
    if (Under(include, ours)) return include;
  }
  return "";
}

bool Allows(const Room& room, const std::string& name) {
  const auto covers = [&](std::string_view entry) {
    return entry.ends_with('/') ? Under(name, entry) : name == entry;
  };
  return std::any_of(room.may.begin(), room.may.end(), covers) &&
         std::none_of(room.but_not.begin(), room.but_not.end(), covers);
}

void CheckFile(const Room& room, const Source& source, Findings* findings) {
  static const std::regex include(R"(^\s*#\s*include\s+["<]([^">]+)[">].*)");
  size_t number = 0;
  for (std::string_view line : Lines(source.text)) {
    ++number;
    std::cmatch match;
    if (!std::regex_match(line.data(), line.data() + line.size(), match,
                          include)) {
      continue;
    }
    const std::string name = TableName(match[1]);
    if (name.empty() || Allows(room, name)) continue;
    findings->push_back(
        At(source, number,
           std::string(room.folder) + " may not include " + match[1].str()));
  }
}

}  // namespace

Findings CheckIncludes(const std::vector<Source>& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!IsCpp(source.path)) continue;
    const auto room = std::find_if(
        Rooms().begin(), Rooms().end(),
        [&](const Room& r) { return Under(source.path, r.folder); });
    if (room == Rooms().end()) {
      findings.push_back(At(source, 1, "C++ outside the rooms of the house"));
    } else {
      CheckFile(*room, source, &findings);
    }
  }
  return findings;
}

}  // namespace gongkai::tidy
