// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_HISTORY_CHECK_H_
#define GONGKAI_CLIENTS_VERIFY_HISTORY_CHECK_H_

#include <optional>
#include <string>
#include <string_view>

#include "clients/verify/bundle_folder.h"
#include "services/audit/bundle.h"
#include "services/document/history_text.h"

namespace gongkai::verify {

// Makes a readable history again, event by event, and compares it with the file
// byte for byte.
class HistoryCheck {
 public:
  HistoryCheck(const BundleFolder& folder, std::string name,
               document::Form form);

  // Nothing when the event could not be read: then the rest is not compared.
  void Add(const std::optional<audit::OpenedEvent>& opened);
  // `complete`: all events were read. What there is to say of the file; nothing
  // when it is what the records say.
  std::optional<audit::Finding> Finish(bool complete);

 private:
  enum class State { kSame, kDiffers, kOtherMark, kStopped, kUnreadable };

  void Compare(std::string_view wanted);

  const std::string name_;
  document::History history_;
  std::optional<Input> file_;
  State state_ = State::kSame;
  std::string trouble_;  // of kUnreadable
  int64_t events_ = 0;
  int64_t differs_at_ = 0;
};

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_HISTORY_CHECK_H_
