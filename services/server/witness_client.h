// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_WITNESS_CLIENT_H_
#define GONGKAI_SERVICES_SERVER_WITNESS_CLIENT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/audit/note.h"
#include "services/jobs/signer.h"

namespace gongkai::server {

// A witness (见证方) that cosigns checkpoints, asked by C2SP tlog-witness: an
// HTTP POST to `<url>/add-checkpoint`.
class WitnessClient : public jobs::AnchorPlace {
 public:
  // `given` is URL,VKEY, the verifier key being one of cosignatures. A whole
  // answer is waited for `patience`. INVALID_ARGUMENT says what is wrong with
  // it.
  static absl::StatusOr<std::unique_ptr<WitnessClient>> Make(
      std::string_view given, absl::Duration patience);

  storage::AnchorKind kind() const override {
    return storage::AnchorKind::kWitness;
  }
  const std::string& name() const override { return url_; }
  // The note with the witness's cosignature, which was checked. UNAVAILABLE
  // when it does not answer in time; FAILED_PRECONDITION when it refuses, in
  // its words; DATA_LOSS when what it answers does not hold.
  absl::StatusOr<std::string> Put(const jobs::Outgoing& checkpoint,
                                  absl::Time deadline) override;

 private:
  struct Answer {
    int status = 0;
    std::string type;
    std::string body;
  };

  WitnessClient(std::string url, audit::VerifierKey key,
                absl::Duration patience);
  absl::StatusOr<Answer> Ask(const jobs::Outgoing& checkpoint,
                             int64_t old_size);
  absl::StatusOr<std::string> Cosigned(const jobs::Outgoing& checkpoint,
                                       const std::string& lines) const;

  const std::string url_;
  const audit::VerifierKey key_;
  const absl::Duration patience_;
  // Size of the last checkpoint that it cosigned, as far as is known.
  int64_t known_size_ = 0;
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_WITNESS_CLIENT_H_
