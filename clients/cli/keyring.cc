// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/keyring.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostBytes = 64 << 10;
constexpr std::string_view kEnding = ".session";

absl::Status NotYoursAlone(std::string_view path, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(ToAbsl(path), " ", ToAbsl(why)));
}

// Others may neither read nor replace what a secret is taken from.
absl::Status CheckOwner(const std::string& path, const struct stat& found) {
  if (found.st_uid != geteuid()) {
    return NotYoursAlone(path, "belongs to another user");
  }
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return NotYoursAlone(path,
                         "may be read by others: chmod go= would close it");
  }
  return absl::OkStatus();
}

absl::Status CheckFile(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) {
    return absl::NotFoundError("there is no file " + path);
  }
  if (!S_ISREG(found.st_mode)) return NotYoursAlone(path, "is no regular file");
  return CheckOwner(path, found);
}

int64_t Micros(absl::Time time) { return absl::ToUnixMicros(time); }

absl::Time TimeOf(const Json& json, const char* key) {
  return absl::FromUnixMicros(json.value(key, int64_t{0}));
}

}  // namespace

absl::Status Keyring::CheckFolder() const {
  struct stat found {};
  if (lstat(folder_.c_str(), &found) != 0) {
    return absl::NotFoundError("there is no folder " + folder_);
  }
  if (!S_ISDIR(found.st_mode)) return NotYoursAlone(folder_, "is no folder");
  return CheckOwner(folder_, found);
}

std::string Keyring::PathOf(std::string_view server, std::string_view agency,
                            std::string_view account) const {
  // An address may be longer than a file's name, and hold a slash.
  return absl::StrCat(folder_, "/", ToAbsl(agency), ".", ToAbsl(account), ".",
                      UuidFrom(absl::StrCat("server\n", ToAbsl(server))),
                      ToAbsl(kEnding));
}

absl::StatusOr<Session> Keyring::Read(const std::string& path) const {
  RETURN_IF_ERROR(CheckFile(path));
  ASSIGN_OR_RETURN(const FileRead file, ReadSmallFile(path, kMostBytes, false));
  const Json json = Json::parse(file.bytes, nullptr, false);
  const auto text = [&](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_string() ? it->get<std::string>() : "";
  };
  if (!json.is_object() || text("account").empty()) {
    return absl::FailedPreconditionError(
        path + " cannot be read as a session: remove it and sign in again");
  }
  return Session{.server = text("server"),
                 .agency = text("agency"),
                 .account = text("account"),
                 .access_token = text("access_token"),
                 .refresh_token = text("refresh_token"),
                 .access_until = TimeOf(json, "access_until_us"),
                 .idle_until = TimeOf(json, "idle_until_us"),
                 .until = TimeOf(json, "until_us"),
                 .signed_in = TimeOf(json, "signed_in_us")};
}

absl::StatusOr<std::vector<Session>> Keyring::List(
    std::string_view server) const {
  std::vector<Session> sessions;
  const absl::Status folder = CheckFolder();
  if (absl::IsNotFound(folder)) return sessions;
  RETURN_IF_ERROR(folder);
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_, error)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(kEnding)) continue;
    absl::StatusOr<Session> session = Read(path);
    // Removed by another command since the folder was read.
    if (absl::IsNotFound(session.status())) continue;
    RETURN_IF_ERROR(session.status());
    if (session->server == server) sessions.push_back(*std::move(session));
  }
  if (error) return NotYoursAlone(folder_, "cannot be read");
  std::sort(sessions.begin(), sessions.end(),
            [](const Session& a, const Session& b) {
              return a.signed_in > b.signed_in;
            });
  return sessions;
}

absl::StatusOr<Session> Keyring::Find(std::string_view server,
                                      std::string_view agency,
                                      std::string_view account) const {
  RETURN_IF_ERROR(CheckFolder());
  return Read(PathOf(server, agency, account));
}

absl::Status Keyring::Put(const Session& session) const {
  if (folder_.empty()) {
    return absl::FailedPreconditionError(
        "no folder for sessions: set GONGKAI_KEYRING");
  }
  std::error_code error;
  std::filesystem::create_directories(
      std::filesystem::path(folder_).parent_path(), error);
  if (mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return NotYoursAlone(folder_, "cannot be made");
  }
  RETURN_IF_ERROR(CheckFolder());
  const Json json = {{"server", session.server},
                     {"agency", session.agency},
                     {"account", session.account},
                     {"access_token", session.access_token},
                     {"refresh_token", session.refresh_token},
                     {"access_until_us", Micros(session.access_until)},
                     {"idle_until_us", Micros(session.idle_until)},
                     {"until_us", Micros(session.until)},
                     {"signed_in_us", Micros(session.signed_in)}};
  return ReplaceFile(PathOf(session.server, session.agency, session.account),
                     json.dump(1) + "\n", S_IRUSR | S_IWUSR);
}

absl::Status Keyring::Remove(const Session& session) const {
  RETURN_IF_ERROR(CheckFolder());
  const std::string path =
      PathOf(session.server, session.agency, session.account);
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return NotYoursAlone(path, "cannot be removed");
  }
  return absl::OkStatus();
}

absl::StatusOr<FileLock> Keyring::Hold(const Session& session,
                                       absl::Duration most) const {
  RETURN_IF_ERROR(CheckFolder());
  const std::string path =
      PathOf(session.server, session.agency, session.account) + ".lock";
  const absl::Time until = absl::Now() + most;
  for (;;) {
    absl::StatusOr<FileLock> lock = FileLock::Take(path);
    if (!absl::IsFailedPrecondition(lock.status()) || absl::Now() >= until) {
      return lock;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
}

std::string UsualKeyringFolder() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data == '/') return absl::StrCat(data, "/gongkai");
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return "";
  return absl::StrCat(home, "/.local/share/gongkai");
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    RETURN_IF_ERROR(CheckFile(path));
    ASSIGN_OR_RETURN(FileRead file, ReadSmallFile(path, kMostBytes, false));
    text = std::move(file.bytes);
  }
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

absl::Status WriteSecretFile(const std::string& path, std::string_view text) {
  return CreateFile(path, absl::StrCat(ToAbsl(text), "\n"), S_IRUSR | S_IWUSR);
}

}  // namespace gongkai::cli
