// SPDX-License-Identifier: Apache-2.0
// What is checked of a bundle's events and checkpoints.
#include "services/audit/bundle.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::audit {
namespace {

const std::string& Zeros() {
  static const auto& zeros = *new std::string(kHashBytes, '\0');
  return zeros;
}

Finding OfRecord(Finding::Kind kind, int64_t seq, std::string_view zh,
                 std::string_view en) {
  return {kind, absl::StrFormat("第 %d 号记录：%s。", seq, zh),
          absl::StrFormat("record %d: %s.", seq, en)};
}

// The moment in a UUID of version 7; nothing in another.
std::optional<absl::Time> TimeInUuid(std::string_view uuid) {
  if (!IsUuid(uuid) || uuid[14] != '7') return std::nullopt;
  const absl::StatusOr<std::string> bytes = FromHex(
      absl::StrCat(ToAbsl(uuid.substr(0, 8)), ToAbsl(uuid.substr(9, 4))));
  if (!bytes.ok()) return std::nullopt;
  int64_t ms = 0;
  for (const char byte : *bytes) ms = ms << 8 | static_cast<uint8_t>(byte);
  return absl::FromUnixMillis(ms);
}

// Whether every field, at every depth, is one of this program's contract.
bool KnowsAll(const google::protobuf::Message& message) {
  const auto& r = *message.GetReflection();
  if (!r.GetUnknownFields(message).empty()) return false;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  r.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != field->CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (!KnowsAll(r.GetMessage(message, field))) return false;
      continue;
    }
    for (int i = 0; i < r.FieldSize(message, field); ++i) {
      if (!KnowsAll(r.GetRepeatedMessage(message, field, i))) return false;
    }
  }
  return true;
}

// DATA_LOSS unless the message that the event holds is of the record's type.
absl::Status CheckType(const Record& record, const v1::Event& event) {
  if (event.body_case() != record.event_type) {
    return absl::DataLossError(
        "what it holds is not of the type that it names");
  }
  return absl::OkStatus();
}

// The bytes hold what the message made of them does not: fields of a later
// contract, or a value that another one hides. Nobody would be shown it.
absl::Status NotAllRead() {
  return absl::UnimplementedError(
      "it holds something that this program does not read");
}

}  // namespace

Finding Altered(std::string zh, std::string en) {
  return {Finding::Kind::kAltered, std::move(zh), std::move(en)};
}
Finding Unchecked(std::string zh, std::string en) {
  return {Finding::Kind::kUnchecked, std::move(zh), std::move(en)};
}
Finding Noted(std::string zh, std::string en) {
  return {Finding::Kind::kNote, std::move(zh), std::move(en)};
}

absl::StatusOr<OpenedEvent> OpenEvent(const BundleEvent& event) {
  OpenedEvent opened;
  ASSIGN_OR_RETURN(opened.record, Decode(event.record));
  const Record& record = opened.record;
  if (v1::Event::descriptor()->FindFieldByNumber(
          static_cast<int>(record.event_type)) == nullptr) {
    return absl::UnimplementedError(absl::StrFormat(
        "its type %d is not one that this program knows", record.event_type));
  }
  if (!opened.event.ParseFromString(record.public_body)) {
    return absl::DataLossError("its body cannot be read");
  }
  RETURN_IF_ERROR(CheckType(record, opened.event));
  if (opened.event.occurred_date() != record.occurred_date) {
    return absl::DataLossError("it names two days on which it happened");
  }
  // Shown, it would give way to the private part, and where that is withheld it
  // would pass for it.
  if (v1::Event apart = opened.event; !SplitPrivate(apart).empty()) {
    return absl::DataLossError("its public part holds personal text");
  }
  if (!KnowsAll(opened.event) ||
      opened.event.SerializeAsString() != record.public_body) {
    return NotAllRead();
  }
  opened.hash = EventHash(event.record);
  if (event.has_private) {
    opened.part = PrivatePart::kShown;
    RETURN_IF_ERROR(MergePrivate(event.payload, opened.event));
    v1::Event apart = opened.event;
    if (SplitPrivate(apart) != event.payload) return NotAllRead();
  } else if (event.erased) {
    opened.part = PrivatePart::kErased;
  } else if (record.private_commitment != Zeros()) {
    opened.part = PrivatePart::kWithheld;
  }
  return opened;
}

std::optional<OpenedEvent> CaseVerifier::Add(const BundleEvent& event,
                                             const Report& report) {
  ++counts_.events;
  for (std::vector<bool>* bits : {&erased_, &shown_, &named_}) {
    bits->push_back(false);
  }
  const int64_t seq = event.seq;
  using enum Finding::Kind;
  CheckPlace(event, report);
  absl::StatusOr<OpenedEvent> opened = OpenEvent(event);
  if (absl::IsUnimplemented(opened.status())) {
    report(OfRecord(kUnchecked, seq, "含有本程序所不识的类型或内容，未能核对",
                    ToStd(opened.status().message())));
  } else if (!opened.ok()) {
    report(
        OfRecord(kAltered, seq, "不能读出，其内容不成一条记录",
                 absl::StrCat("cannot be read: ", opened.status().message())));
  }
  const std::string before =
      std::exchange(last_hash_, Digest(log_.suite, {"\x02", event.record}));
  if (!opened.ok()) return std::nullopt;
  CheckRecord(event, opened->record, report);
  if (opened->record.previous_hash != before) {
    report(OfRecord(kAltered, seq,
                    "与前一号记录的散列不相接，其间有记录被改动、删除、插入或"
                    "调换",
                    "does not name the hash of the record before it: records "
                    "were altered, removed, inserted or moved"));
  }
  CheckTime(opened->record, report);
  CheckPrivate(event, *opened, report);
  if (opened->event.has_erased()) CheckErasure(opened->event.erased(), report);
  return *std::move(opened);
}

void CaseVerifier::CheckPlace(const BundleEvent& event, const Report& report) {
  const int64_t seq = event.seq;
  // After one gap those that follow are in order again: one finding each gap.
  const int64_t last = std::exchange(last_seq_, seq);
  if (seq != last + 1) {
    in_order_ = false;
    report(OfRecord(
        Finding::Kind::kAltered, seq,
        absl::StrFormat("不接在第 %d 号之后，其间有记录缺失、重复或调换", last),
        absl::StrFormat("does not follow number %d: records are missing, there "
                        "twice or moved",
                        last)));
  }
  if (event.index <= last_index_) {
    report(OfRecord(Finding::Kind::kAltered, seq,
                    "在日志中的位置不在前一号记录之后",
                    "its place in the log is not after that of the record "
                    "before it"));
  }
  last_index_ = std::max(last_index_, event.index);
  const absl::Status proved = CheckInclusion(
      log_.suite, event.index, log_.checkpoint.size,
      LeafHashOf(log_.suite, event.record), event.proof, log_.checkpoint.root);
  if (proved.ok()) return;
  report(OfRecord(
      Finding::Kind::kAltered, seq,
      "不在检查点所签的日志之中（包含证明不成立）",
      absl::StrCat("is not proved to be in the log that the checkpoint signs: ",
                   proved.message())));
}

void CaseVerifier::CheckRecord(const BundleEvent& event, const Record& record,
                               const Report& report) {
  const int64_t seq = event.seq;
  const auto altered = [&](std::string_view zh, std::string_view en) {
    report(OfRecord(Finding::Kind::kAltered, seq, zh, en));
  };
  if (record.seq != seq) {
    altered("记录本身的序号与所在行的不符",
            "the record names another number than its line");
  }
  if (record.suite != log_.suite) {
    altered("密码套件不是该日志的", "is of another suite than the log");
  }
  if (record.log_origin != log_.checkpoint.origin) {
    altered("所属日志不是检查点的日志",
            "belongs to another log than the checkpoint");
  }
  if (counts_.events == 1) {
    agency_ = record.agency;
    stream_ = record.stream;
  } else if (record.agency != agency_ || record.stream != stream_) {
    altered("属于另一案件", "belongs to another case");
  }
  // Whoever flags what was never there hides nothing, but the flag is false.
  if (event.erased && record.private_commitment == Zeros()) {
    altered("标为已删除，而记录从无私密部分",
            "is marked erased, and never had a private part");
  }
}

void CaseVerifier::CheckTime(const Record& record, const Report& report) {
  const int64_t seq = last_seq_;
  const absl::Duration back = last_time_ - record.recorded_time;
  if (back > kClockTolerance) {
    report(OfRecord(Finding::Kind::kAltered, seq,
                    "时间异常：记录时间早于前一号记录五分钟以上",
                    "time anomaly: recorded more than five minutes before the "
                    "record before it"));
  } else if (back > absl::ZeroDuration()) {
    report(OfRecord(Finding::Kind::kNote, seq, "记录时间略早于前一号记录",
                    "recorded a little before the record before it"));
  }
  last_time_ = std::max(last_time_, record.recorded_time);
  const std::optional<absl::Time> made = TimeInUuid(record.event_id);
  if (made &&
      absl::AbsDuration(*made - record.recorded_time) > kClockTolerance) {
    report(OfRecord(Finding::Kind::kAltered, seq,
                    "时间异常：事件编号中的时间与记录时间相差五分钟以上",
                    "time anomaly: the time in its event id is more than five "
                    "minutes from its recorded time"));
  }
}

void CaseVerifier::CheckPrivate(const BundleEvent& event,
                                const OpenedEvent& opened,
                                const Report& report) {
  const auto at = static_cast<size_t>(counts_.events);
  const int64_t seq = event.seq;
  const std::string& commitment = opened.record.private_commitment;
  switch (opened.part) {
    case PrivatePart::kNone:
      return;
    case PrivatePart::kWithheld:
      ++counts_.withheld;
      return;
    case PrivatePart::kErased:
      ++counts_.erased;
      erased_[at] = true;
      return;
    case PrivatePart::kShown:
      break;
  }
  shown_[at] = true;
  if (commitment == Zeros()) {
    report(OfRecord(Finding::Kind::kAltered, seq,
                    "附有私密部分，而记录从未承诺过",
                    "comes with a private part, and the record committed to "
                    "none"));
  } else if (Commitment(log_.suite, event.salt, event.payload) != commitment) {
    report(OfRecord(Finding::Kind::kAltered, seq,
                    "私密部分与记录中的承诺不符（内容或盐值被改动）",
                    "its private part is not what the record committed to: "
                    "text or salt was altered"));
  } else {
    ++counts_.shown;
  }
}

void CaseVerifier::CheckErasure(const v1::Erasure& erasure,
                                const Report& report) {
  // The list names numbers; where lines are missing they are no places.
  if (!in_order_) return;
  const int64_t seq = counts_.events;
  for (const int64_t named : erasure.events()) {
    if (named < 1 || named >= seq || named_[named]) continue;
    named_[named] = true;
    if (!shown_[named]) continue;
    report(OfRecord(
        Finding::Kind::kAltered, named,
        absl::StrCat("第 ", seq, " 号记录称其私密部分已删除，而它仍在"),
        absl::StrCat("record ", seq,
                     " says that its private part was erased, and it is "
                     "still here")));
  }
}

void CaseVerifier::Finish(const Report& report) {
  for (int64_t seq = 1; in_order_ && seq <= counts_.events; ++seq) {
    if (!erased_[seq] || named_[seq]) continue;
    report(OfRecord(Finding::Kind::kAltered, seq,
                    "标为已删除，而案卷中没有删除它的记录",
                    "is marked erased without an erasure event that names it"));
  }
  if (counts_.events == 0) {
    report(Unchecked("证据包中没有任何记录。", "the bundle holds no record."));
  }
}

std::string ConsistencyFile(int64_t one_size, int64_t other_size) {
  const auto [from, to] = std::minmax(one_size, other_size);
  return from == to || from == 0 ? "" : absl::StrCat(from, "-", to, ".proof");
}

std::optional<Finding> CheckOldCheckpoint(const SignedCheckpoint& bundle,
                                          const SignedCheckpoint& old,
                                          const std::optional<Hashes>& proof) {
  const Checkpoint& now = bundle.checkpoint;
  const Checkpoint& then = old.checkpoint;
  if (then.origin != now.origin || old.suite != bundle.suite) {
    return Unchecked("所给旧检查点属于另一日志，不能核对。",
                     "the old checkpoint is of another log: not checked.");
  }
  if (then.size == now.size) {
    if (then.root == now.root) return std::nullopt;
    return Altered(
        absl::StrFormat("与旧检查点不一致：同为 %d 条，而根不同（日志被改写，"
                        "或向不同的人出示不同的日志）。",
                        now.size),
        absl::StrFormat("inconsistent with the old checkpoint: both have %d "
                        "entries, and their roots differ.",
                        now.size));
  }
  // The tree without leaves is the beginning of every tree; what its root is
  // was seen to when it was opened.
  if (then.size == 0 || now.size == 0) return std::nullopt;
  if (!proof) {
    return Unchecked(
        absl::StrFormat(
            "证据包的检查点（%d 条）%s旧检查点（%d 条），包中没有两者"
            "的一致性证明，不能核对。",
            now.size, then.size > now.size ? "旧于所给" : "新于所给",
            then.size),
        absl::StrFormat("the bundle's checkpoint (%d entries) is %s than the "
                        "old one given (%d entries), and the bundle has no "
                        "proof of consistency between them: not checked.",
                        now.size, then.size > now.size ? "older" : "newer",
                        then.size));
  }
  const Checkpoint& small = then.size < now.size ? then : now;
  const Checkpoint& large = then.size < now.size ? now : then;
  const absl::Status holds = CheckConsistency(
      bundle.suite, small.size, small.root, large.size, large.root, *proof);
  if (holds.ok()) return std::nullopt;
  return Altered(
      absl::StrFormat(
          "与旧检查点不一致：%d 条的日志不以 %d 条的日志开头（日志被"
          "改写，或一致性证明被改动）。",
          large.size, small.size),
      absl::StrFormat("inconsistent with the old checkpoint: the log of %d "
                      "entries does not begin with that of %d: %s.",
                      large.size, small.size, holds.message()));
}

}  // namespace gongkai::audit
