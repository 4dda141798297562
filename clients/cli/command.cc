// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/command.h"

#include <cctype>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gongkai/v1/types.pb.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// The first of the places where a folder of data may lie: beside the sources
// of a build folder, in the share folder of an installation, in the working
// directory. The last when it is nowhere.
std::string DataFolder(const std::string& executable, const std::string& name) {
  std::error_code error;
  const std::filesystem::path program =
      std::filesystem::canonical(executable, error);
  const std::filesystem::path bin = program.parent_path();
  const std::filesystem::path working = std::filesystem::path("ops") / name;
  for (const std::filesystem::path& place :
       {bin / "../../../ops" / name, bin / "../share/gongkai" / name}) {
    if (!error && std::filesystem::is_directory(place, error)) {
      return place.lexically_normal().string();
    }
  }
  return working.string();
}

// `handler, Signer` to `handler,signer`. INVALID_ARGUMENT for a word that is
// no role.
absl::StatusOr<std::string> ReadRoles(const std::string& text) {
  std::vector<std::string> roles;
  for (const auto part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    std::string role = absl::AsciiStrToLower(absl::StripAsciiWhitespace(part));
    for (char& c : role) {
      if (c == '-') c = '_';
    }
    v1::Role known = v1::ROLE_UNSPECIFIED;
    if (!v1::Role_Parse("ROLE_" + absl::AsciiStrToUpper(role), &known) ||
        known == v1::ROLE_UNSPECIFIED) {
      return UsageError("--as: no such role: " + role);
    }
    roles.push_back(role);
  }
  std::string joined;
  for (const std::string& role : roles) {
    absl::StrAppend(&joined, joined.empty() ? "" : ",", role);
  }
  return joined;
}

}  // namespace

std::string Arguments::Get(const std::string& name,
                           std::string_view otherwise) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::string(otherwise) : it->second.back();
}

std::vector<std::string> Arguments::All(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

absl::StatusOr<int> Arguments::Int(const std::string& name, int otherwise,
                                   int least, int most) const {
  if (!Has(name)) return otherwise;
  int value = 0;
  if (!absl::SimpleAtoi(Get(name), &value) || value < least || value > most) {
    return UsageError(absl::StrFormat("--%s: a number from %d to %d, not '%s'",
                                      name, least, most, Get(name)));
  }
  return value;
}

absl::StatusOr<absl::CivilDay> Arguments::Day(const std::string& name,
                                              absl::CivilDay otherwise) const {
  if (!Has(name)) return otherwise;
  const std::string text = Get(name);
  if (text == "today") return Today();
  if (text == "yesterday") return Today() - 1;
  const auto day = ParseDay(text);
  if (!day.ok()) {
    const bool flag = std::islower(static_cast<unsigned char>(name[0])) != 0;
    return UsageError(
        absl::StrCat(flag ? "--" : "", name, ": ", day.status().message()));
  }
  return *day;
}

absl::Status UsageError(std::string_view what) {
  absl::Status status = absl::InvalidArgumentError(ToAbsl(what));
  status.SetPayload(kUsageMark, absl::Cord("1"));
  return status;
}

absl::CivilDay Today() { return ShanghaiDay(absl::Now()); }

std::vector<Flag> GlobalFlags(Locale locale) {
  std::vector<std::string> roles;
  for (int i = v1::Role_MIN + 1; i <= v1::Role_MAX; ++i) {
    const std::string& name = v1::Role_Name(static_cast<v1::Role>(i));
    roles.push_back(absl::AsciiStrToLower(name.substr(5)));
  }
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      {.name = "server",
       .help = say("服务地址，默认 127.0.0.1:7070",
                   "address of the service, 127.0.0.1:7070 by default"),
       .env = "GONGKAI_SERVER"},
      {.name = "as",
       .help =
           say("以何角色，可用逗号并列", "role or roles, separated by commas"),
       .choices = roles,
       .env = "GONGKAI_AS"},
      {.name = "account",
       .help =
           say("账号，默认同角色名", "account, by default named as the role"),
       .env = "GONGKAI_ACCOUNT"},
      {.name = "person",
       .help = say("账号背后的自然人，默认同账号",
                   "natural person behind the account, by default the account"),
       .env = "GONGKAI_PERSON"},
      {.name = "agency",
       .help = say("机关代码", "code of the agency"),
       .env = "GONGKAI_AGENCY"},
      {.name = "lang",
       .help = say("语言", "language"),
       .choices = {"zh", "en"}},
      {.name = "output",
       .help = say("输出形式", "form of the output"),
       .choices = {"table", "json"}},
      {.name = "timeout",
       .help = say("每次调用至多等待的秒数，默认 30",
                   "seconds that a call may take, 30 by default")},
      {.name = "calendar-dir",
       .help = say("日历文件夹（离线命令）",
                   "folder of the calendar (offline commands)"),
       .file = true,
       .env = "GONGKAI_CALENDAR"},
      {.name = "rulebook-dir",
       .help = say("规则文件夹（离线命令）",
                   "folder of the rulebook (offline commands)"),
       .file = true,
       .env = "GONGKAI_RULEBOOK"},
  };
}

absl::StatusOr<Settings> ReadSettings(const Arguments& args, Locale locale,
                                      const std::string& executable) {
  Settings settings;
  settings.locale = locale;
  settings.server = args.Get("server", "127.0.0.1:7070");
  ASSIGN_OR_RETURN(settings.roles, ReadRoles(args.Get("as")));
  settings.account = args.Get("account");
  settings.person = args.Get("person");
  settings.agency = args.Get("agency");
  const std::string output = args.Get("output", "table");
  if (output != "table" && output != "json") {
    return UsageError("--output: table or json, not '" + output + "'");
  }
  settings.output = output == "json" ? Output::kJson : Output::kTable;
  const std::string lang = args.Get("lang", "zh");
  if (!lang.starts_with("zh") && !lang.starts_with("en")) {
    return UsageError("--lang: zh or en, not '" + lang + "'");
  }
  ASSIGN_OR_RETURN(settings.timeout_seconds,
                   args.Int("timeout", 30, 1, 24 * 60 * 60));
  settings.calendar_dir = args.Get("calendar-dir");
  if (settings.calendar_dir.empty()) {
    settings.calendar_dir = DataFolder(executable, "calendar");
  }
  settings.rulebook_dir = args.Get("rulebook-dir");
  if (settings.rulebook_dir.empty()) {
    settings.rulebook_dir = DataFolder(executable, "rulebook");
  }
  return settings;
}

}  // namespace gongkai::cli
