// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_TLS_FILES_H_
#define GONGKAI_SERVICES_SERVER_TLS_FILES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/security/tls_certificate_provider.h"

namespace gongkai::server {

// The certificate of the service, its key, and the authorities that vouch for
// clients, from files that are looked at again while it runs: what changed is
// served within two seconds, without a restart. Files that do not go together
// are not taken, and the last good ones go on being served.
class TlsFiles {
 public:
  struct Paths {
    std::string certificate;  // PEM, with what leads to the authority
    std::string key;          // PEM, unprotected; not readable by everybody
    std::string client_ca;    // PEM; empty when clients show none
  };

  // FAILED_PRECONDITION says what is wrong with the files.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(const Paths& paths);
  ~TlsFiles();
  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;

  // TLS 1.2 or later. A client need not show a certificate, but one it shows
  // must be vouched for.
  std::shared_ptr<grpc::ServerCredentials> Credentials() const;

  // When the certificate that is served ends.
  absl::Time Ends() const { return absl::FromUnixSeconds(ends_.load()); }
  // How often other files were taken, and whether those on the disk now are
  // not.
  int64_t changes() const { return changes_.load(); }
  bool refusing() const { return refusing_.load(); }

 private:
  // A file that is nowhere but in memory and is replaced as a whole: gRPC reads
  // files, and takes halves of a change.
  class Shown;
  struct Read {
    std::string pair;  // key and certificates
    std::string authorities;
    absl::Time ends;
  };

  explicit TlsFiles(Paths paths);
  absl::StatusOr<Read> ReadAll() const;
  absl::Status Show(Read read);
  void Run();
  void LookAgain();

  const Paths paths_;
  std::unique_ptr<Shown> pair_;
  std::unique_ptr<Shown> authorities_;
  std::shared_ptr<grpc::experimental::CertificateProviderInterface> provider_;
  // What is shown, of the one thread that looks.
  std::string shown_pair_;
  std::string shown_authorities_;
  std::atomic<int64_t> ends_{0};
  std::atomic<int64_t> changes_{0};
  std::atomic<bool> refusing_{false};
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_TLS_FILES_H_
