// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_SUPPORT_TEMP_POSTGRES_H_
#define GONGKAI_TESTS_SUPPORT_TEMP_POSTGRES_H_

#include <string>
#include <string_view>
#include <vector>

namespace gongkai::test {

// A PostgreSQL of the test's own: a cluster under /var/tmp that only its own
// user reaches, over a socket, and that is gone at the end. Trouble with it
// ends the test binary with the log of the server: without a database there is
// nothing to test. Run under root it takes the user `postgres`.
class TempPostgres {
 public:
  struct Options {
    // Whether a commit waits for the disk. Only tests that stop the machine's
    // heart need it.
    bool fsync = false;
    int max_connections = 200;
    // Whether pages carry checksums.
    bool checksums = false;
    // Further lines of postgresql.conf.
    std::vector<std::string> settings = {};
  };

  TempPostgres();
  explicit TempPostgres(const Options& options);
  ~TempPostgres();
  TempPostgres(const TempPostgres&) = delete;
  TempPostgres& operator=(const TempPostgres&) = delete;

  // The one cluster of this test binary, made when first asked for and removed
  // when the binary ends.
  static TempPostgres& Shared();

  // A new database with the migrated schema, copied from a template, and its
  // name.
  std::string NewDatabase();
  // A new database with the roles and nothing in it.
  std::string EmptyDatabase();

  // How to reach `database`.
  std::string Owner(std::string_view database) const;
  std::string Service(std::string_view database) const;
  std::string Auditor(std::string_view database) const;
  std::string Signer(std::string_view database) const;
  std::string Report(std::string_view database) const;
  std::string Superuser(std::string_view database) const;

  // Runs statements under a connection string of the above and returns the
  // first column of the first row, empty when there is none. Ends the binary on
  // an error.
  std::string Run(std::string_view dsn, std::string_view sql) const;
  // As Run; returns what the database said, empty when nothing was wrong.
  std::string Error(std::string_view dsn, std::string_view sql) const;

  // `mode` as pg_ctl takes it: smart, fast or immediate.
  void Stop(std::string_view mode = "immediate");
  void Start();
  // Ends every other connection to `database`.
  void TerminateBackends(std::string_view database) const;

 private:
  std::string Dsn(std::string_view user, std::string_view database) const;
  void Control(const std::vector<std::string>& arguments) const;

  std::string home_;
  int databases_ = 0;
  bool has_template_ = false;
  bool running_ = false;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_SUPPORT_TEMP_POSTGRES_H_
