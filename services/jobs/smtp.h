// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_SMTP_H_
#define GONGKAI_SERVICES_JOBS_SMTP_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gongkai::jobs {

// What became of a mail that was handed over.
struct Handed {
  enum class What {
    kTaken,
    // The server will never take it for this receiver (5xx).
    kRefused,
    // The server does not take this mail now.
    kNotNow,
    // There is no talking to the server: away, not what it should be, or it
    // does not let us in.
    kAway,
  };
  What what = What::kAway;
  // The last code that the server answered, 0 for none.
  long code = 0;
  // What went wrong, in the words of the program; holds no address.
  std::string error;
};

// The way out to a mail server. Used by one thread.
class MailCarrier {
 public:
  virtual ~MailCarrier() = default;
  // Hands `text`, a whole mail, over for `to`. `stop` is asked while it talks:
  // when it is true the mail is left where it is.
  virtual Handed Hand(const std::string& to, const std::string& text,
                      const std::function<bool()>& stop) = 0;
};

// A mail server spoken to by SMTP (RFC 5321). TLS is required: by `smtps://`
// from the first byte, by `smtp://` after STARTTLS; only to this machine may
// it be done without, when `insecure_loopback` says so.
class Smtp final : public MailCarrier {
 public:
  struct Options {
    // `smtp://HOST[:PORT]` or `smtps://HOST[:PORT]`.
    std::string url;
    // The address that mail comes from.
    std::string from;
    // Empty: nobody signs in.
    std::string user;
    std::string password;
    // Authorities that the server is held against, PEM; empty: the system's.
    std::string ca;
    bool insecure_loopback = false;
    absl::Duration connect = absl::Seconds(10);
    absl::Duration whole = absl::Seconds(20);
  };

  // INVALID_ARGUMENT says which of them cannot be.
  static absl::StatusOr<std::unique_ptr<Smtp>> Make(Options options);
  ~Smtp() override;

  Handed Hand(const std::string& to, const std::string& text,
              const std::function<bool()>& stop) override;

 private:
  struct Impl;
  explicit Smtp(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_SMTP_H_
