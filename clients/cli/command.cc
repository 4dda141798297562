// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/command.h"

#include <cctype>
#include <filesystem>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "clients/cli/keyring.h"
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

// `1`, `yes` and `true` in the environment, or the bare flag.
bool IsOn(const std::string& text) {
  return text == "1" || text == "true" || text == "yes";
}

absl::StatusOr<Output> OutputOf(const std::string& word) {
  if (word == "table") return Output::kTable;
  if (word == "json") return Output::kJson;
  if (word == "csv") return Output::kCsv;
  if (word == "xlsx") return Output::kXlsx;
  if (word == "svg") return Output::kSvg;
  return UsageError(
      "--output: table or json, of reports csv, xlsx and svg too; not '" +
      word + "'");
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
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      {.name = "server",
       .help = say("服务地址，默认 127.0.0.1:7070",
                   "address of the service, 127.0.0.1:7070 by default"),
       .env = "GONGKAI_SERVER"},
      {.name = "admin-server",
       .help = say("管理端口地址，默认 127.0.0.1:7074",
                   "address of administration, 127.0.0.1:7074 by default"),
       .env = "GONGKAI_ADMIN"},
      {.name = "account",
       .help = say("以哪个已登录的账号，可写作 机关/账号；默认最近登录者",
                   "which account that is signed in, also AGENCY/ACCOUNT; the "
                   "last signed in by default"),
       .env = "GONGKAI_ACCOUNT"},
      {.name = "as",
       .help = say("同 --account；@usual 为与行为通常所需角色同名的账号",
                   "as --account; @usual is the account named as the role that "
                   "an act usually needs")},
      {.name = "on-behalf-of",
       .help = say("代理哪个账号", "the account that one deputises for"),
       .env = "GONGKAI_ON_BEHALF_OF"},
      {.name = "ca",
       .help = say("信任的签发机构证书（PEM），默认为系统所信任者",
                   "certificates (PEM) of the authorities trusted, the "
                   "system's by default"),
       .file = true,
       .env = "GONGKAI_CA"},
      {.name = "cert",
       .help = say("服务账号的证书（PEM）",
                   "certificate (PEM) of a service account"),
       .file = true,
       .env = "GONGKAI_CERT"},
      {.name = "key",
       .help = say("其私钥（PEM）", "its private key (PEM)"),
       .file = true,
       .env = "GONGKAI_KEY"},
      {.name = "insecure-loopback",
       .help = say("不用 TLS，只限本机地址",
                   "without TLS, for an address of this machine alone"),
       .takes = Takes::kNothing,
       .env = "GONGKAI_INSECURE"},
      {.name = "keyring",
       .help = say("存放会话的文件夹，默认 ~/.local/share/gongkai",
                   "folder of the sessions, ~/.local/share/gongkai by default"),
       .file = true,
       .env = "GONGKAI_KEYRING"},
      {.name = "agency",
       .help = say("机关代码", "code of the agency"),
       .env = "GONGKAI_AGENCY"},
      {.name = "lang",
       .help = say("语言", "language"),
       .choices = {"zh", "en"}},
      {.name = "output",
       .help = say("输出形式；csv、xlsx、svg 限于报表",
                   "form of the output; csv, xlsx and svg of reports alone"),
       .choices = {"table", "json", "csv", "xlsx", "svg"}},
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
  settings.admin_server = args.Get("admin-server", "127.0.0.1:7074");
  settings.account = args.Get("as", args.Get("account"));
  settings.on_behalf_of = args.Get("on-behalf-of");
  settings.agency = args.Get("agency");
  settings.ca = args.Get("ca");
  settings.cert = args.Get("cert");
  settings.key = args.Get("key");
  settings.insecure_loopback = IsOn(args.Get("insecure-loopback"));
  settings.keyring = args.Get("keyring", UsualKeyringFolder());
  ASSIGN_OR_RETURN(settings.output, OutputOf(args.Get("output", "table")));
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
