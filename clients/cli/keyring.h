// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_KEYRING_H_
#define GONGKAI_CLIENTS_CLI_KEYRING_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/base/files.h"

namespace gongkai::cli {

// A session as it is kept between two commands.
struct Session {
  // Address as it was typed, for the common port.
  std::string server = {};
  std::string agency = {};
  std::string account = {};
  std::string access_token = {};
  std::string refresh_token = {};
  // Ends of the access token, of the time without a refresh, and of the whole.
  absl::Time access_until = absl::InfinitePast();
  absl::Time idle_until = absl::InfinitePast();
  absl::Time until = absl::InfinitePast();
  absl::Time signed_in = absl::InfinitePast();
};

// The sessions of one user of this machine: a folder that nobody else may
// enter, with one file per server, agency and account. Whoever can read a file
// can act as the account until the session ends.
class Keyring {
 public:
  explicit Keyring(std::string folder) : folder_(std::move(folder)) {}

  // All sessions with a server, the last signed in first; none when there is no
  // folder. FAILED_PRECONDITION when the folder or a file belongs to somebody
  // else, or others may read it.
  absl::StatusOr<std::vector<Session>> List(std::string_view server) const;
  // The one of an account. NOT_FOUND when there is none.
  absl::StatusOr<Session> Find(std::string_view server, std::string_view agency,
                               std::string_view account) const;
  // Keeps it in the place of an earlier one, whole or not at all. Makes the
  // folder.
  absl::Status Put(const Session& session) const;
  // Forgets it, when it is there.
  absl::Status Remove(const Session& session) const;

  // For as long as this lives no other command renews the session: a refresh
  // token that is sent twice ends it. Waits `most` for the other one.
  absl::StatusOr<FileLock> Hold(const Session& session,
                                absl::Duration most) const;

 private:
  absl::Status CheckFolder() const;
  absl::StatusOr<Session> Read(const std::string& path) const;
  std::string PathOf(std::string_view server, std::string_view agency,
                     std::string_view account) const;

  const std::string folder_;
};

// `$XDG_DATA_HOME/gongkai`, else `~/.local/share/gongkai`; empty without a
// home.
std::string UsualKeyringFolder();

// A file that holds a secret: its text without the line break at its end. `-`
// is standard input. FAILED_PRECONDITION when others than its owner may read
// it.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// Makes a file with a secret, for its owner alone. ALREADY_EXISTS when it is
// there: secrets are not written over.
absl::Status WriteSecretFile(const std::string& path, std::string_view text);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_KEYRING_H_
