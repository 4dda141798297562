// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_END_TO_END_HOUSE_H_
#define GONGKAI_TESTS_END_TO_END_HOUSE_H_

#include <signal.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gongkai/v1/case_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "tests/end_to_end/process.h"
#include "tests/support/people.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {

// The shipped programs at work on a database of their own: the service as a
// child process on a Unix socket, the command line that speaks to it, and the
// holders of accounts: in each agency one for each role of the staff, named as
// the role, and `deputy_head`, who handles, signs and leads; in CN the three
// administrators.
// Trouble with starting ends the test binary with what the programs said.
class House {
 public:
  struct Options {
    // Survive the death of PostgreSQL: a cluster of its own that waits for the
    // disk.
    bool durable = false;
    // Load the whole national calendar.
    bool calendar = true;
    // Names the log and gives it this suite; empty leaves both as they are.
    std::string suite = {};
    // Port of 127.0.0.1 to serve on; 0 is a Unix socket.
    int port = 0;
    // Where metrics are scraped, as HOST:PORT; empty is nowhere.
    std::string metrics = {};
  };
  static constexpr const char* kOrigin = "gov.example.cn/gongkai";

  static constexpr const char* kAgency = "SHGXW";
  static constexpr const char* kOther = "COURT";
  // Of the three administrators.
  static constexpr const char* kNation = "CN";

  House();
  explicit House(const Options& options);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  // Starts the service and waits until it serves.
  void StartServer();
  // kill -9.
  void KillServer();
  // SIGTERM; the exit code.
  int StopServer() { return EndServer(SIGTERM); }
  // Any signal that ends it; the exit code, or 128 and the signal.
  int EndServer(int signal);

  // `gongkai` with these arguments, in Chinese, as of the agency, each act by
  // the account named as the role that it needs unless `--as` names another.
  // Everybody of the agency and the administrators are signed in.
  Finished Cli(const std::vector<std::string>& arguments) const;
  // Must end with 0; what it printed.
  std::string MustCli(const std::vector<std::string>& arguments) const;

  // Signs everybody of another agency in for it, or those of the agency for a
  // service that the command line knows by another address.
  void SignInAll(const std::string& agency) const;
  void SignInAt(const std::string& server) const;

  // Everybody, so that no later call waits for it, or meets a dying service.
  void SignInEverybody() const { people_->SignEverybodyIn(); }

  // Makes a call that of an account of the agency, or of another.
  void Identify(const std::string& account, grpc::ClientContext& context,
                const std::string& agency = kAgency) const;
  std::string Token(const std::string& account) const {
    return people_->Token(kAgency, account);
  }

  // A channel of its own connection, which comes back quickly.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  std::unique_ptr<v1::CaseService::Stub> NewStub() const;

  // Where the service listens, for gRPC.
  std::string address() const;
  std::string admin_address() const { return "unix:" + folder_ + "/admin"; }
  // What the service has written to its log.
  std::string server_log() const { return server_->out() + server_->err(); }
  pid_t server_pid() const { return server_->pid(); }
  TempPostgres& postgres() const { return *postgres_; }
  const std::string& database() const { return database_; }
  const std::string& folder() const { return folder_; }
  // The path of a shipped program.
  std::string Program(const char* name) const;
  // First cell of what a superuser is answered.
  std::string Ask(std::string_view sql) const;

 private:
  void MustRun(const std::vector<std::string>& arguments) const;
  void AddAgency(const char* code) const;
  void AddAccounts(const char* agency,
                   const std::vector<std::string>& accounts) const;

  std::string folder_;
  int port_ = 0;
  std::string metrics_;
  std::unique_ptr<TempPostgres> own_;
  TempPostgres* postgres_ = nullptr;
  std::string database_;
  std::unique_ptr<Process> server_;
  std::unique_ptr<People> people_;
  mutable bool keyring_filled_ = false;
};

// The folder of the sources.
std::string SourceDir();
std::string ReadText(const std::string& path);
void WriteText(const std::string& path, std::string_view text);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_END_TO_END_HOUSE_H_
