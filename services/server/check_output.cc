// SPDX-License-Identifier: Apache-2.0
#include "services/server/check_output.h"

#include <cstdio>

#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "services/server/audit_verbs.h"

namespace gongkai::server {
namespace {

// How often somebody who waits is told how far it is.
constexpr absl::Duration kTellEvery = absl::Seconds(2);

std::string Message(const absl::Status& status) {
  const std::string message(status.message());
  return message.empty() ? status.ToString() : message;
}

}  // namespace

act::Findings CheckOutput::findings() {
  return [this](const act::Finding& finding) {
    if (++found_ > options_.limit) return;
    if (options_.format == "json") {
      kept_.push_back(finding);
    } else {
      std::printf("%s\n", finding.ToText().c_str());
      std::fflush(stdout);
    }
  };
}

act::Progress CheckOutput::progress() {
  return [this](std::string_view what, int64_t done, int64_t total) {
    const absl::Time now = absl::Now();
    // The first time says nothing yet.
    if (told_ == absl::InfinitePast()) told_ = now;
    if (now - told_ < kTellEvery) return;
    told_ = now;
    std::fprintf(stderr, "%.*s: %lld of %lld\n", static_cast<int>(what.size()),
                 what.data(), static_cast<long long>(done),
                 static_cast<long long>(total));
  };
}

int CheckOutput::End(const absl::Status& checked, const Account& account,
                     const std::vector<std::string>& unchecked,
                     const std::vector<std::string>& unread) {
  const bool whole = checked.ok() && unread.empty();
  const int exit = found_ > 0 ? kAltered : whole ? kSound : kNotChecked;
  if (options_.format == "json") {
    EndJson(checked, account, unchecked, unread, exit);
  } else {
    EndText(checked, account, unchecked, unread);
  }
  if (!checked.ok()) {
    std::fprintf(stderr,
                 "gongkai-server: the check did not come to its end: "
                 "%s\n",
                 Message(checked).c_str());
  }
  return exit;
}

void CheckOutput::EndText(const absl::Status& checked, const Account& account,
                          const std::vector<std::string>& unchecked,
                          const std::vector<std::string>& unread) const {
  if (found_ > options_.limit) {
    std::printf("… and %lld more\n",
                static_cast<long long>(found_ - options_.limit));
  }
  const char* between = "";
  for (const auto& [name, value] : account) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      std::printf("%s%s %lld", between, name.c_str(),
                  static_cast<long long>(*number));
    } else {
      std::printf("%s%s %s", between, name.c_str(),
                  std::get<std::string>(value).c_str());
    }
    between = ", ";
  }
  if (!account.empty()) std::printf("\n");
  for (const std::string& what : unchecked) {
    std::printf("not checked: %s\n", what.c_str());
  }
  for (const std::string& what : unread) {
    std::printf("could not be read: %s\n", what.c_str());
  }
  if (found_ > 0) {
    std::printf("ALTERED: %lld findings\n", static_cast<long long>(found_));
  } else if (checked.ok() && unread.empty()) {
    std::printf("sound\n");
  } else {
    std::printf("NOT CHECKED\n");
  }
}

void CheckOutput::EndJson(const absl::Status& checked, const Account& account,
                          const std::vector<std::string>& unchecked,
                          const std::vector<std::string>& unread,
                          int exit) const {
  nlohmann::ordered_json json;
  json["result"] = exit == kSound     ? "sound"
                   : exit == kAltered ? "altered"
                                      : "not checked";
  if (!checked.ok()) json["error"] = Message(checked);
  nlohmann::ordered_json& counts = json["account"];
  counts = nlohmann::ordered_json::object();
  for (const auto& [name, value] : account) {
    std::visit([&counts, &name = name](const auto& v) { counts[name] = v; },
               value);
  }
  json["found"] = found_;
  nlohmann::ordered_json& findings = json["findings"];
  findings = nlohmann::ordered_json::array();
  for (const act::Finding& finding : kept_) {
    findings.push_back({{"agency", finding.agency},
                        {"place", finding.place},
                        {"record", finding.seq},
                        {"defect", finding.defect}});
  }
  json["unchecked"] = unchecked;
  json["unread"] = unread;
  // Names in a tampered table may be no text.
  std::printf(
      "%s\n",
      json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
          .c_str());
}

}  // namespace gongkai::server
