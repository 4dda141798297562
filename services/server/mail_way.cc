// SPDX-License-Identifier: Apache-2.0
#include "services/server/mail_way.h"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

constexpr size_t kMostBytes = 4096;
// A credential that the system hands to a unit may be open to its group.
constexpr mode_t kTooOpen = 0027;

// The first line is the user, the second the password.
absl::Status ReadUser(const std::string& file, jobs::Smtp::Options& options) {
  ASSIGN_OR_RETURN(const FileRead read, ReadSmallFile(file, kMostBytes));
  if ((read.mode & kTooOpen) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        file,
        " is open to others than its owner: set its mode to 0600, and "
        "change the password if it was read"));
  }
  const size_t end = read.bytes.find('\n');
  if (end != std::string::npos) {
    options.user = read.bytes.substr(0, end);
    options.password = read.bytes.substr(end + 1);
    absl::StripTrailingAsciiWhitespace(&options.user);
    while (options.password.ends_with('\n') ||
           options.password.ends_with('\r')) {
      options.password.pop_back();
    }
  }
  if (options.user.empty() || options.password.empty() ||
      options.password.find('\n') != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, " has two lines: the user of the mail server, and the password"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<jobs::MailCarrier>> MailWayOf(
    const Config& config) {
  if (config.smtp_url.empty()) {
    if (config.smtp_from.empty() && config.smtp_user_file.empty()) {
      return std::unique_ptr<jobs::MailCarrier>();
    }
    return absl::InvalidArgumentError(
        "mail takes --smtp-url, and with it --smtp-from");
  }
  jobs::Smtp::Options options;
  options.url = config.smtp_url;
  options.from = config.smtp_from;
  options.ca = config.smtp_ca;
  options.insecure_loopback = config.smtp_insecure_loopback;
  if (!config.smtp_user_file.empty()) {
    RETURN_IF_ERROR(ReadUser(config.smtp_user_file, options));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<jobs::Smtp> smtp,
                   jobs::Smtp::Make(std::move(options)));
  return std::unique_ptr<jobs::MailCarrier>(std::move(smtp));
}

}  // namespace gongkai::server
