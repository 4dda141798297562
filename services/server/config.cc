// SPDX-License-Identifier: Apache-2.0
#include "services/server/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/server/account_verbs.h"
#include "services/server/audit_verbs.h"
#include "services/server/config_verbs.h"
#include "services/server/keys_verbs.h"

namespace gongkai::server {
namespace {

namespace fs = std::filesystem;

void AddMigrate(CLI::App& app, Config& config) {
  CLI::App& migrate =
      *app.add_subcommand("migrate", "Bring the schema to this version");
  migrate.callback([&config] { config.verb = Verb::kMigrate; });
  AddDatabase(migrate, config, "the owner");
  migrate.add_option("--migrations", config.migrations,
                     "Folder of steps, instead of those built in");
}

// A text of the terms goes straight into the message.
CLI::Option* AddText(CLI::App& verb, const char* name, std::string* text,
                     const char* help) {
  return verb.add_option_function<std::string>(
      name, [text](const std::string& value) { *text = value; }, help);
}

void AddAgency(CLI::App& app, Config& config) {
  CLI::App& agency = *app.add_subcommand("agency", "Agencies (机关)");
  agency.require_subcommand(1);
  CLI::App& add =
      *agency.add_subcommand("add", "Register an agency, or set its terms");
  add.callback([&config] { config.verb = Verb::kAgencyAdd; });
  AddDatabase(add, config, "the owner or the service's role");
  v1::AgencyTerms& terms = config.terms;
  add.add_option("--code", config.agency,
                 "2 to 12 upper-case letters and digits")
      ->required();
  AddText(add, "--name", terms.mutable_name(), "Name as printed")->required();
  AddText(add, "--review-organ", terms.mutable_review_organ(),
          "Organ of administrative review (复议机关)")
      ->required();
  AddText(add, "--court", terms.mutable_court(), "Court of first instance")
      ->required();
  add.add_flag_callback(
      "--county", [&terms] { terms.set_county(true); },
      "Agency of a county: files go to the archives after 10 years");
  const auto days = [&add](const char* name, const char* help, int most,
                           auto set) {
    add.add_option_function<int>(name, set, help)->check(CLI::Range(0, most));
  };
  days("--correction-days", "Usual correction period, working days", 60,
       [&terms](int n) { terms.set_correction_days(n); });
  days("--registration-days", "Days to register", 20,
       [&terms](int n) { terms.set_registration_days(n); });
  days("--other-agency-days", "Cap for other agencies' opinions", 60,
       [&terms](int n) { terms.set_other_agency_cap_days(n); });
  AddVault(add, config);
  add.add_option("--rulebook", config.rulebook, "Folder of the rule sets");
  add.add_option("--request-key", config.request_key,
                 "File of 32 random bytes");
}

// Where the rule sets lie when nobody says.
fs::path FindRulebook() {
  const fs::path beside = fs::path("ops") / "rulebook";
  std::error_code error;
  if (fs::is_directory(beside, error)) return beside;
  fs::path above = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (; above.has_relative_path(); above = above.parent_path()) {
    if (fs::is_directory(above / beside, error)) return above / beside;
  }
  return "/usr/share/gongkai/rulebook";
}

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)),
                   std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path.string()));
  }
  return text;
}

void AddAudit(CLI::App& app, Config& config) {
  AddAuditVerbs(app, config.audit);
  app.get_subcommand("audit")->parse_complete_callback(
      [&config] { config.verb = Verb::kAudit; });
}

void AddKeys(CLI::App& app, Config& config) {
  AddKeysVerbs(app, config.audit);
  app.get_subcommand("keys")->parse_complete_callback(
      [&config] { config.verb = Verb::kAudit; });
}

void AddAccount(CLI::App& app, Config& config) {
  AddAccountVerbs(app, config.audit);
  app.get_subcommand("account")->parse_complete_callback(
      [&config] { config.verb = Verb::kAudit; });
}

std::optional<int> Parse(int argc, char** argv, Config& config) {
  CLI::App app("Gongkai (公开): the service");
  app.require_subcommand(1);
  AddServe(app, config);
  AddMigrate(app, config);
  AddAgency(app, config);
  AddAudit(app, config);
  AddKeys(app, config);
  AddAccount(app, config);
  CLI11_PARSE(app, argc, argv);
  return std::nullopt;
}

}  // namespace

std::optional<int> ReadCommandLine(int argc, char** argv, Config& config) {
  const std::optional<int> over = Parse(argc, argv, config);
  const bool wrong = over.value_or(0) != 0;
  const bool checks = argc > 1 && std::string_view(argv[1]) == "audit";
  return wrong && checks ? kNotChecked : over;
}

std::string DatabaseAsReports(const Config& config) {
  // Of a string as of a URL the user named last counts.
  const std::string& dsn = config.database;
  const bool url = dsn.find("://") != std::string::npos;
  const char* joint = !url                                 ? " "
                      : dsn.find('?') == std::string::npos ? "?"
                                                           : "&";
  return absl::StrCat(dsn, joint, "user=gongkai_report");
}

std::string ReportDatabase(const Config& config) {
  return config.report_database.empty() ? DatabaseAsReports(config)
                                        : config.report_database;
}

absl::StatusOr<law::Rulebook> ReadRulebook(const std::string& named) {
  const fs::path folder = named.empty() ? FindRulebook() : fs::path(named);
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".textproto") files.push_back(it->path());
  }
  if (error || files.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no rule sets (*.textproto) in ", folder.string()));
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const fs::path& file : files) {
    ASSIGN_OR_RETURN(std::string text, ReadFile(file));
    texts.push_back(std::move(text));
  }
  return law::Rulebook::Parse(texts);
}

absl::StatusOr<std::string> ReadKey(const std::string& file) {
  constexpr size_t kKeyBytes = 32;
  ASSIGN_OR_RETURN(std::string key, ReadFile(file));
  if (key.size() < kKeyBytes) {
    return absl::FailedPreconditionError(
        absl::StrCat(file, " holds fewer than 32 bytes"));
  }
  key.resize(kKeyBytes);
  return key;
}

}  // namespace gongkai::server
