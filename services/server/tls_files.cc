// SPDX-License-Identifier: Apache-2.0
#include "services/server/tls_files.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "services/base/files.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

constexpr absl::Duration kLookEvery = absl::Milliseconds(500);
constexpr unsigned kGrpcLooksEvery = 1;  // seconds
constexpr size_t kMostBytes = 256 * 1024;
constexpr mode_t kOthers = 0007;

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio Over(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
             BIO_free);
}

// A key under a pass phrase is none: nobody is there to say it.
int NoPassPhrase(char*, int, int, void*) { return 0; }

std::vector<Certificate> CertificatesIn(const std::string& pem) {
  std::vector<Certificate> found;
  const Bio bio = Over(pem);
  while (X509* one =
             PEM_read_bio_X509(bio.get(), nullptr, NoPassPhrase, nullptr)) {
    found.emplace_back(one, X509_free);
  }
  ERR_clear_error();
  return found;
}

Key KeyIn(const std::string& pem) {
  Key key(
      PEM_read_bio_PrivateKey(Over(pem).get(), nullptr, NoPassPhrase, nullptr),
      EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::Status Wrong(const std::string& path, std::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": ", std::string(what)));
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  ASSIGN_OR_RETURN(FileRead read, ReadSmallFile(path, kMostBytes));
  return std::move(read.bytes);
}

}  // namespace

class TlsFiles::Shown {
 public:
  static absl::StatusOr<std::unique_ptr<Shown>> Make(const std::string& bytes) {
    ASSIGN_OR_RETURN(const int file, Filled(bytes));
    return std::unique_ptr<Shown>(new Shown(file));
  }
  ~Shown() { close(file_); }

  std::string path() const { return absl::StrCat("/proc/self/fd/", file_); }

  // In the place of the old one, at once.
  absl::Status Replace(const std::string& bytes) {
    ASSIGN_OR_RETURN(const int fresh, Filled(bytes));
    const bool done = dup3(fresh, file_, O_CLOEXEC) == file_;
    close(fresh);
    if (!done) return absl::UnavailableError("no descriptor for a file");
    return absl::OkStatus();
  }

 private:
  explicit Shown(int file) : file_(file) {}

  static absl::StatusOr<int> Filled(const std::string& bytes) {
    const int file = memfd_create("gongkai-tls", MFD_CLOEXEC);
    if (file < 0) return absl::UnavailableError("no memory for a file");
    if (fchmod(file, S_IRUSR | S_IWUSR) != 0 ||
        write(file, bytes.data(), bytes.size()) !=
            static_cast<ssize_t>(bytes.size())) {
      close(file);
      return absl::UnavailableError("no memory for a file");
    }
    return file;
  }

  const int file_;
};

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(const Paths& paths) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(paths));
  ASSIGN_OR_RETURN(Read read, files->ReadAll());
  ASSIGN_OR_RETURN(files->pair_, Shown::Make(read.pair));
  std::string authorities;
  if (!paths.client_ca.empty()) {
    ASSIGN_OR_RETURN(files->authorities_, Shown::Make(read.authorities));
    authorities = files->authorities_->path();
  }
  files->provider_ =
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          files->pair_->path(), files->pair_->path(), authorities,
          kGrpcLooksEvery);
  files->ends_.store(absl::ToUnixSeconds(read.ends));
  files->shown_pair_ = std::move(read.pair);
  files->shown_authorities_ = std::move(read.authorities);
  files->thread_ = std::thread([raw = files.get()] { raw->Run(); });
  return files;
}

TlsFiles::TlsFiles(Paths paths) : paths_(std::move(paths)) {}

TlsFiles::~TlsFiles() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  OPENSSL_cleanse(shown_pair_.data(), shown_pair_.size());
}

std::shared_ptr<grpc::ServerCredentials> TlsFiles::Credentials() const {
  grpc::experimental::TlsServerCredentialsOptions options(provider_);
  options.watch_identity_key_cert_pairs();
  if (authorities_ != nullptr) {
    options.watch_root_certs();
    options.set_cert_request_type(
        GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<TlsFiles::Read> TlsFiles::ReadAll() const {
  ASSIGN_OR_RETURN(const std::string chain, ReadPem(paths_.certificate));
  ASSIGN_OR_RETURN(FileRead key_file, ReadSmallFile(paths_.key, kMostBytes));
  if ((key_file.mode & kOthers) != 0) {
    return Wrong(paths_.key,
                 "the key of TLS may be read by everybody; chmod "
                 "o-rwx first");
  }
  const auto certificates = CertificatesIn(chain);
  if (certificates.empty()) {
    return Wrong(paths_.certificate, "holds no certificate in PEM");
  }
  const Key key = KeyIn(key_file.bytes);
  if (key == nullptr) {
    return Wrong(paths_.key, "holds no unprotected private key in PEM");
  }
  X509* own = certificates.front().get();
  if (X509_check_private_key(own, key.get()) != 1) {
    ERR_clear_error();
    return Wrong(paths_.key,
                 absl::StrCat("is not the key of ", paths_.certificate));
  }
  Read read;
  read.ends = TimeOf(X509_get0_notAfter(own));
  const absl::Time now = absl::Now();
  if (now >= read.ends || now < TimeOf(X509_get0_notBefore(own))) {
    return Wrong(paths_.certificate, "the certificate is not valid today");
  }
  if (!paths_.client_ca.empty()) {
    ASSIGN_OR_RETURN(read.authorities, ReadPem(paths_.client_ca));
    if (CertificatesIn(read.authorities).empty()) {
      return Wrong(paths_.client_ca, "holds no certificate in PEM");
    }
  }
  read.pair = absl::StrCat(key_file.bytes, "\n", chain);
  OPENSSL_cleanse(key_file.bytes.data(), key_file.bytes.size());
  return read;
}

absl::Status TlsFiles::Show(Read read) {
  if (read.pair != shown_pair_) {
    RETURN_IF_ERROR(pair_->Replace(read.pair));
    OPENSSL_cleanse(shown_pair_.data(), shown_pair_.size());
    shown_pair_ = std::move(read.pair);
    ends_.store(absl::ToUnixSeconds(read.ends));
  }
  if (authorities_ != nullptr && read.authorities != shown_authorities_) {
    RETURN_IF_ERROR(authorities_->Replace(read.authorities));
    shown_authorities_ = std::move(read.authorities);
  }
  return absl::OkStatus();
}

void TlsFiles::LookAgain() {
  auto read = ReadAll();
  absl::Status status = read.status();
  const bool changed = read.ok() && (read->pair != shown_pair_ ||
                                     read->authorities != shown_authorities_);
  if (changed) status = Show(*std::move(read));
  const bool was_refusing = refusing_.exchange(!status.ok());
  if (status.ok() && changed) {
    changes_.fetch_add(1);
    Log(Severity::kInfo, "certificate taken",
        {{"until",
          absl::FormatTime(absl::RFC3339_sec, Ends(), absl::UTCTimeZone())}});
  } else if (!status.ok() && !was_refusing) {
    Log(Severity::kError, "certificate not taken",
        {{"detail", std::string(status.message())}});
  }
}

void TlsFiles::Run() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kLookEvery)) {
    mutex_.Unlock();
    LookAgain();
    mutex_.Lock();
  }
}

}  // namespace gongkai::server
