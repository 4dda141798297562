// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_SEALING_H_
#define GONGKAI_STORAGE_POSTGRES_SEALING_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sealer.h"
#include "storage/store.h"

// How private parts lie in the database: sealed, `salt` is empty and `payload`
// holds both; with a salt of its own a part is not sealed.
namespace gongkai::storage {

// A private part as its row is to hold it.
struct SealedPart {
  std::string salt;
  std::string payload;
  // A data key that the stream gets with it; `outer` is 0 when it has one.
  DataKey fresh;
};

// Seals the private parts of one batch: a stream gets one key in it.
class PartSealer {
 public:
  // Without `sealer` parts stay as they are.
  explicit PartSealer(Sealer* sealer) : sealer_(sealer) {}
  absl::StatusOr<SealedPart> Seal(const Append& append);

 private:
  Sealer* sealer_;
  std::map<std::pair<std::string, std::string>, DataKey> fresh_;
};

// Whether a row with this salt and payload is sealed.
bool IsSealed(std::string_view salt, std::string_view payload);

// Opens a sealed part into its salt and payload; others stay as they are.
// DATA_LOSS when it does not open; FAILED_PRECONDITION without `sealer` or when
// its outer key is not there.
absl::Status OpenPart(Sealer* sealer, std::string_view agency,
                      std::string_view stream, int64_t seq, const DataKey& key,
                      std::string& salt, std::string& payload);

// OpenPart of every event of `history`.
absl::Status OpenParts(Sealer* sealer, std::string_view agency,
                       History& history);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_SEALING_H_
