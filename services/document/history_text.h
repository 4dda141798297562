// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_DOCUMENT_HISTORY_TEXT_H_
#define GONGKAI_SERVICES_DOCUMENT_HISTORY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "services/audit/bundle.h"

namespace gongkai::document {

enum class Form { kText, kHtml };

// Stands in the first line of every history: a program that makes another
// cannot compare with it. To be raised with every change of a word in it.
inline constexpr std::string_view kHistoryMark = "gongkai-history 1";

// The readable history of a case in Chinese (可读案卷), made from its records
// alone: equal records give equal bytes. Piece by piece, in memory of one
// event.
class History {
 public:
  explicit History(Form form) : form_(form) {}

  // The next event; before the first one also the head.
  std::string Add(const audit::OpenedEvent& opened);
  // The end, once.
  std::string Finish();

 private:
  std::string Head(const audit::OpenedEvent& first) const;

  Form form_;
  int64_t events_ = 0;
  std::string last_hash_;
};

}  // namespace gongkai::document

#endif  // GONGKAI_SERVICES_DOCUMENT_HISTORY_TEXT_H_
