// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/mail_text.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gongkai/v1/options.pb.h"
#include "gongkai/v1/report.pb.h"
#include "services/base/dates.h"

namespace gongkai::jobs {
namespace {

// 39 bytes are 52 characters in base64, 64 with what stands around them: a
// line of at most 76 with the name of the header before it.
constexpr size_t kWordBytes = 39;
// 57 bytes are a line of 76 characters.
constexpr size_t kLineBytes = 57;
constexpr int kShanghaiOffset = 8 * 60 * 60;

std::string Base64(std::string_view bytes) {
  return absl::Base64Escape(ToAbsl(bytes));
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string Base64Lines(std::string_view text) {
  std::string lines;
  for (size_t at = 0; at < text.size(); at += kLineBytes) {
    absl::StrAppend(&lines, Base64(text.substr(at, kLineBytes)), "\r\n");
  }
  return lines;
}

struct Words {
  std::string zh;
  std::string en;
};

Words LimitName(int kind, int ordinal) {
  Words name;
  const auto* type = google::protobuf::GetEnumDescriptor<v1::LimitKind>();
  const auto* value = type->FindValueByNumber(kind);
  if (value != nullptr) {
    name.zh = value->options().GetExtension(v1::zh);
    name.en = value->options().GetExtension(v1::en);
  }
  if (ordinal > 1) {
    absl::StrAppend(&name.zh, "（第 ", ordinal, " 次）");
    absl::StrAppend(&name.en, " (no. ", ordinal, ")");
  }
  return name;
}

Words LeftOf(int left) {
  if (left < 0) {
    return {absl::StrCat("已逾期 ", -left, " 个工作日"),
            absl::StrCat(-left, " working day(s) overdue")};
  }
  if (left == 0)
    return {"今日为最后一个工作日", "no working day left after today"};
  return {absl::StrCat("还剩 ", left, " 个工作日"),
          absl::StrCat(left, " working day(s) left")};
}

struct Mail {
  std::string subject;
  std::string body;
};

Mail OfLimit(const storage::InboxEntry& entry) {
  const Words limit = LimitName(entry.limit_kind, entry.ordinal);
  const bool over = entry.due && *entry.due < ShanghaiDay(entry.made_time);
  Words left = LeftOf(entry.left);
  // A last day that was a day of rest is over before a working day is.
  if (over && entry.left == 0) left = {"已逾期", "overdue"};
  const std::string due = entry.due ? FormatDay(*entry.due) : "";
  Mail mail;
  mail.subject = absl::StrCat("【依申请公开】催办 ", entry.number, " ",
                              limit.zh, "：", due, "，", left.zh);
  mail.body = absl::StrCat(
      "案件编号：", entry.number, "\r\n期限：", limit.zh, "\r\n最后一日：", due,
      "\r\n", left.zh,
      "。\r\n\r\n请登录系统办理。本邮件由系统自动发出，请勿回复。",
      "\r\n\r\n--\r\nCase: ", entry.number, "\r\nLimit: ", limit.en,
      "\r\nLast day: ", due, "\r\n", left.en,
      ".\r\n\r\nPlease sign in to handle it. This mail was sent by a program; "
      "please do not answer it.\r\n");
  return mail;
}

Mail OfDigest(const storage::InboxEntry& entry) {
  const std::string day = FormatDay(entry.remind_date);
  Mail mail;
  mail.subject =
      absl::StrCat("【依申请公开】", day, " 期限汇总：逾期 ", entry.overdue,
                   "，红 ", entry.red, "，黄 ", entry.yellow);
  mail.body = absl::StrCat(
      day, " 待办期限\r\n逾期：", entry.overdue, "\r\n红（紧急）：", entry.red,
      "\r\n黄（临近）：", entry.yellow,
      "\r\n\r\n请登录系统查看清单。本邮件由系统自动发出，请勿回复。",
      "\r\n\r\n--\r\nOpen limits on ", day, "\r\nOverdue: ", entry.overdue,
      "\r\nRed (urgent): ", entry.red, "\r\nYellow (near): ", entry.yellow,
      "\r\n\r\nPlease sign in to see the list. This mail was sent by a "
      "program; please do not answer it.\r\n");
  return mail;
}

std::string DateOf(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S %z", time,
                          absl::FixedTimeZone(kShanghaiOffset));
}

bool IsNameChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

bool AllOf(std::string_view text, std::string_view besides) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return IsNameChar(c) || besides.find(c) != std::string_view::npos;
  });
}

}  // namespace

bool IsMailAddress(std::string_view text) {
  const size_t at = text.find('@');
  return at != std::string_view::npos && AllOf(text.substr(0, at), "._-+") &&
         AllOf(text.substr(at + 1), ".-");
}

std::string EncodedWords(std::string_view text) {
  std::string words;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(at + kWordBytes, text.size());
    while (end < text.size() && IsContinuation(text[end])) --end;
    absl::StrAppend(&words, words.empty() ? "" : "\r\n ", "=?UTF-8?B?",
                    Base64(text.substr(at, end - at)), "?=");
    at = end;
  }
  return words;
}

std::string MailText(const storage::InboxEntry& entry, std::string_view from) {
  const Mail mail =
      entry.kind == v1::REMIND_DIGEST ? OfDigest(entry) : OfLimit(entry);
  const std::string domain = entry.mail_to.substr(entry.mail_to.find('@') + 1);
  return absl::StrCat(
      "From: <", ToAbsl(from), ">\r\nTo: <", entry.mail_to,
      ">\r\nSubject: ", EncodedWords(mail.subject),
      "\r\nDate: ", DateOf(entry.made_time), "\r\nMessage-ID: <", entry.id, "@",
      domain,
      ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
      "Content-Transfer-Encoding: base64\r\nContent-Language: zh-CN, en\r\n"
      "Auto-Submitted: auto-generated\r\n\r\n",
      Base64Lines(mail.body));
}

}  // namespace gongkai::jobs
