// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/history_check.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/verify/words.h"
#include "services/base/dates.h"

namespace gongkai::verify {
namespace {

// Whether what the file has in place of `wanted` was made by a program of
// another form. What altered a file may say so too: then it is not compared,
// and never called sound.
bool HasOtherMark(std::string_view has, std::string_view wanted) {
  const std::string_view mark = document::kHistoryMark;
  const std::string_view name = mark.substr(0, mark.find(' ') + 1);
  const size_t at = wanted.find(mark);
  if (has.size() < at) return false;
  return has.substr(at, name.size()) == name &&
         has.substr(at, mark.size()) != mark;
}

}  // namespace

HistoryCheck::HistoryCheck(const BundleFolder& folder, std::string name,
                           document::Form form)
    : name_(std::move(name)), history_(form) {
  absl::StatusOr<Input> file = folder.File(name_);
  if (file.ok()) {
    file_.emplace(*std::move(file));
  } else {
    state_ = State::kUnreadable;
    trouble_ = std::string(file.status().message());
  }
}

void HistoryCheck::Add(const std::optional<audit::OpenedEvent>& opened) {
  ++events_;
  if (state_ != State::kSame) return;
  if (!opened) {
    state_ = State::kStopped;
    return;
  }
  Compare(history_.Add(*opened));
}

void HistoryCheck::Compare(std::string_view wanted) {
  const absl::StatusOr<std::string> has = file_->Bytes(wanted.size());
  if (!has.ok()) {
    state_ = State::kUnreadable;
    trouble_ = std::string(has.status().message());
  } else if (*has != wanted) {
    const bool other = events_ == 1 && HasOtherMark(*has, wanted);
    state_ = other ? State::kOtherMark : State::kDiffers;
    differs_at_ = events_;
  }
}

std::optional<audit::Finding> HistoryCheck::Finish(bool complete) {
  if (state_ == State::kUnreadable) {
    return audit::Unchecked(
        absl::StrCat(name_, " 不能读取：", InWords(cli::Locale::kZh, trouble_),
                     "。"),
        absl::StrCat(name_, " cannot be read: ", trouble_, "."));
  }
  if (!complete || state_ == State::kStopped || events_ == 0) {
    return audit::Unchecked(
        absl::StrCat(name_, " 未能比对：记录未能全部读出。"),
        absl::StrCat(name_, " was not compared: not all records were read."));
  }
  if (state_ == State::kSame) Compare(history_.Finish());
  if (state_ == State::kSame) {
    const absl::StatusOr<std::string> more = file_->Bytes(1);
    if (!more.ok() || !more->empty()) state_ = State::kDiffers;
  }
  if (state_ == State::kSame) return std::nullopt;
  if (state_ == State::kOtherMark) {
    return audit::Unchecked(
        absl::StrCat(name_, " 由另一版式的程序生成，未能比对。"),
        absl::StrCat(name_,
                     " was made by a program of another form: not "
                     "compared."));
  }
  const std::string zh_at =
      differs_at_ > 0 ? absl::StrCat("（至第 ", differs_at_, " 号记录处）")
                      : "";
  const std::string en_at =
      differs_at_ > 0 ? absl::StrCat(" (found at record ", differs_at_, ")")
                      : "";
  return audit::Altered(
      absl::StrCat(name_, " 与记录不符", zh_at, "：文本被改动。"),
      absl::StrCat(name_, " is not what the records say", en_at, "."));
}

}  // namespace gongkai::verify
