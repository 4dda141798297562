// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/sealing.h"

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::storage {
namespace {

constexpr size_t kSaltBytes = 32;

}  // namespace

absl::StatusOr<SealedPart> PartSealer::Seal(const Append& append) {
  const StoredEvent& event = append.event;
  SealedPart part;
  if (sealer_ == nullptr || event.salt.empty()) {
    part.salt = event.salt;
    part.payload = event.payload;
    return part;
  }
  const DataKey* key = &append.key;
  if (key->outer == 0) {
    DataKey& made = fresh_[{append.agency, append.stream}];
    if (made.outer == 0) {
      ASSIGN_OR_RETURN(made, sealer_->NewKey(append.agency, append.stream));
      part.fresh = made;
    }
    key = &made;
  }
  ASSIGN_OR_RETURN(part.payload,
                   sealer_->Seal(append.agency, append.stream, event.seq, *key,
                                 event.salt + event.payload));
  return part;
}

bool IsSealed(std::string_view salt, std::string_view payload) {
  return salt.empty() && !payload.empty();
}

absl::Status OpenPart(Sealer* sealer, std::string_view agency,
                      std::string_view stream, int64_t seq, const DataKey& key,
                      std::string& salt, std::string& payload) {
  if (!IsSealed(salt, payload)) return absl::OkStatus();
  if (sealer == nullptr) {
    return absl::FailedPreconditionError(
        "private parts are sealed, and the keys were not given");
  }
  if (key.outer == 0) {
    return absl::DataLossError(absl::StrCat(
        "the private part of record ", seq, " of stream ", ToAbsl(stream),
        " is sealed and the data key of the stream is missing"));
  }
  ASSIGN_OR_RETURN(const std::string plain,
                   sealer->Open(agency, stream, seq, key, payload));
  if (plain.size() < kSaltBytes) {
    return absl::DataLossError(absl::StrCat("the private part of record ", seq,
                                            " of stream ", ToAbsl(stream),
                                            " is too short"));
  }
  salt = plain.substr(0, kSaltBytes);
  payload = plain.substr(kSaltBytes);
  return absl::OkStatus();
}

absl::Status OpenParts(Sealer* sealer, std::string_view agency,
                       History& history) {
  for (StoredEvent& event : history.events) {
    RETURN_IF_ERROR(OpenPart(sealer, agency, history.stream, event.seq,
                             history.key, event.salt, event.payload));
  }
  return absl::OkStatus();
}

}  // namespace gongkai::storage
