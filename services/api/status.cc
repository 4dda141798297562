// SPDX-License-Identifier: Apache-2.0
#include "services/api/status.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "gongkai/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/details.pb.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

// The printed term of an enum value: `zh` or `en` beside it in the contract.
std::string Term(const google::protobuf::EnumDescriptor& type, int number,
                 Locale locale) {
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return "";
  const auto& options = value->options();
  return locale == Locale::kChinese ? options.GetExtension(v1::zh)
                                    : options.GetExtension(v1::en);
}

std::string ArticleOf(const v1::Refusal& refusal) {
  return refusal.article().empty() ? RuleOf(refusal.reason()).article()
                                   : refusal.article();
}

void AddErrorInfo(const v1::Refusal& refusal, google::rpc::Status& full) {
  google::rpc::ErrorInfo info;
  info.set_reason(v1::Reason_Name(refusal.reason()));
  info.set_domain("gongkai");
  const auto put = [&info](const char* key, const std::string& value) {
    if (!value.empty()) (*info.mutable_metadata())[key] = value;
  };
  put("field", refusal.field());
  put("wanted", refusal.wanted());
  put("got", refusal.got());
  if (refusal.phase() != v1::PHASE_UNSPECIFIED) {
    put("phase", v1::Phase_Name(refusal.phase()));
  }
  if (refusal.limit() != v1::LIMIT_KIND_UNSPECIFIED) {
    put("limit", v1::LimitKind_Name(refusal.limit()));
  }
  put("due", refusal.due_date());
  put("article", ArticleOf(refusal));
  full.add_details()->PackFrom(info);
}

void AddBadRequest(const v1::Refusal& refusal, google::rpc::Status& full) {
  if (refusal.field().empty()) return;
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field(refusal.field());
  std::string description = refusal.wanted().empty()
                                ? RuleOf(refusal.reason()).en()
                                : absl::StrCat("wanted ", refusal.wanted());
  if (!refusal.got().empty()) {
    absl::StrAppend(&description, ", got ", refusal.got());
  }
  violation->set_description(description);
  full.add_details()->PackFrom(bad);
}

void AddRetryInfo(const v1::Refusal& refusal, google::rpc::Status& full) {
  if (refusal.retry_ms() <= 0) return;
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(refusal.retry_ms() / 1000);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(refusal.retry_ms() % 1000) * 1'000'000);
  full.add_details()->PackFrom(retry);
}

void AddLocalized(const std::string& message, Locale locale,
                  google::rpc::Status& full) {
  google::rpc::LocalizedMessage localized;
  localized.set_locale(locale == Locale::kChinese ? "zh-CN" : "en");
  localized.set_message(message);
  full.add_details()->PackFrom(localized);
}

grpc::Status Finished(const google::rpc::Status& full) {
  return grpc::Status(static_cast<grpc::StatusCode>(full.code()),
                      full.message(), full.SerializeAsString());
}

// A status without a refusal: only its code, and fixed words.
grpc::Status FromInside(const absl::Status& status, Locale locale,
                        std::string_view call_id) {
  const bool chinese = locale == Locale::kChinese;
  google::rpc::Status full;
  std::string sentence;
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      full.set_code(grpc::StatusCode::DEADLINE_EXCEEDED);
      full.set_message("the deadline passed");
      sentence = chinese
                     ? "超过时限，操作未确认完成，请以同一请求编号重试"
                     : "the deadline passed; retry with the same request_id";
      break;
    case absl::StatusCode::kCancelled:
      full.set_code(grpc::StatusCode::CANCELLED);
      full.set_message("the call was cancelled");
      sentence = chinese ? "调用已取消" : "the call was cancelled";
      break;
    default:
      full.set_code(grpc::StatusCode::INTERNAL);
      full.set_message(absl::StrCat("internal error, call ", ToAbsl(call_id)));
      sentence = chinese
                     ? absl::StrCat("服务内部错误，调用编号 ", ToAbsl(call_id))
                     : full.message();
      break;
  }
  AddLocalized(sentence, locale, full);
  return Finished(full);
}

}  // namespace

Locale LocaleOf(std::string_view accept_language) {
  const size_t zh = accept_language.find("zh");
  const size_t en = accept_language.find("en");
  return en < zh ? Locale::kEnglish : Locale::kChinese;
}

std::string Sentence(const v1::Refusal& refusal, Locale locale) {
  const bool chinese = locale == Locale::kChinese;
  const v1::Refused& rule = RuleOf(refusal.reason());
  std::string text = chinese ? rule.zh() : rule.en();
  const char* comma = chinese ? "；" : "; ";
  const auto add = [&](const char* zh, const char* en,
                       const std::string& value) {
    if (!value.empty()) absl::StrAppend(&text, comma, chinese ? zh : en, value);
  };
  add("字段：", "field: ", refusal.field());
  // What a rule asks for is said in English alone.
  if (!chinese) add("", "wanted: ", refusal.wanted());
  if (refusal.phase() != v1::PHASE_UNSPECIFIED) {
    add("阶段：",
        "phase: ", Term(*v1::Phase_descriptor(), refusal.phase(), locale));
  }
  if (refusal.limit() != v1::LIMIT_KIND_UNSPECIFIED) {
    add("期限：",
        "limit: ", Term(*v1::LimitKind_descriptor(), refusal.limit(), locale));
  }
  add("截止日：", "last day: ", refusal.due_date());
  const std::string article = ArticleOf(refusal);
  if (article != "internal") add("依据：", "article: ", article);
  return text;
}

grpc::Status ToGrpc(const absl::Status& status, Locale locale,
                    std::string_view call_id) {
  if (status.ok()) return grpc::Status::OK;
  const std::optional<v1::Refusal> refusal = RefusalOf(status);
  if (!refusal.has_value()) return FromInside(status, locale, call_id);
  google::rpc::Status full;
  full.set_code(static_cast<int32_t>(status.code()));
  full.set_message(std::string(status.message()));
  AddErrorInfo(*refusal, full);
  AddBadRequest(*refusal, full);
  AddRetryInfo(*refusal, full);
  AddLocalized(Sentence(*refusal, locale), locale, full);
  return Finished(full);
}

std::string Scrubbed(std::string_view message) {
  constexpr size_t kMost = 300;
  std::string out;
  char quote = 0;
  size_t digits = 0;
  for (const char c : message.substr(0, kMost)) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
        out.push_back(c);
      }
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    const bool plain = c >= 0x20 && c < 0x7F;
    out.push_back(plain && digits <= 4 ? c : '*');
  }
  return out;
}

}  // namespace gongkai::api
