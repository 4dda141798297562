// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "services/base/status_macros.h"
#include "services/jobs/mail_text.h"

namespace gongkai::jobs {
namespace {

constexpr std::string_view kPlain = "smtp://";
constexpr std::string_view kTls = "smtps://";
constexpr long kPermanent = 500;

// What is being sent, and what was last said to the server.
struct Talk {
  const std::string* text = nullptr;
  size_t sent = 0;
  std::string verb;
  const std::function<bool()>* stop = nullptr;
};

size_t Give(char* to, size_t size, size_t count, void* talk_pointer) {
  Talk& talk = *static_cast<Talk*>(talk_pointer);
  const size_t n = std::min(size * count, talk.text->size() - talk.sent);
  std::memcpy(to, talk.text->data() + talk.sent, n);
  talk.sent += n;
  return n;
}

int NoteVerb(CURL*, curl_infotype type, char* data, size_t size,
             void* talk_pointer) {
  Talk& talk = *static_cast<Talk*>(talk_pointer);
  if (type != CURLINFO_HEADER_OUT) return 0;
  // The verb alone: what stands after it may be a secret.
  const std::string verb(data, std::min<size_t>(size, 4));
  // It takes its leave after whatever went wrong.
  if (verb != "QUIT") talk.verb = verb;
  return 0;
}

int MayGoOn(void* talk_pointer, curl_off_t, curl_off_t, curl_off_t,
            curl_off_t) {
  const Talk& talk = *static_cast<Talk*>(talk_pointer);
  return (*talk.stop)() ? 1 : 0;
}

// The host in a URL without its port; empty when there is something else too.
std::string HostIn(std::string_view rest) {
  if (rest.find_first_of("/@?# \r\n") != std::string_view::npos) return "";
  if (rest.starts_with('[')) {
    const size_t end = rest.find(']');
    return end == std::string_view::npos ? ""
                                         : std::string(rest.substr(1, end - 1));
  }
  return std::string(rest.substr(0, rest.find(':')));
}

bool IsThisMachine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

absl::Status Check(const Smtp::Options& options) {
  const std::string_view url = options.url;
  const bool tls = url.starts_with(kTls);
  if (!tls && !url.starts_with(kPlain)) {
    return absl::InvalidArgumentError(
        "--smtp-url is smtp://HOST[:PORT] or smtps://HOST[:PORT]");
  }
  const std::string host =
      HostIn(url.substr(tls ? kTls.size() : kPlain.size()));
  if (host.empty()) {
    return absl::InvalidArgumentError(
        "--smtp-url names a host, and after it at most a port");
  }
  if (options.insecure_loopback && !IsThisMachine(host)) {
    return absl::InvalidArgumentError(
        "--smtp-insecure-loopback: over a network mail goes by TLS");
  }
  if (!IsMailAddress(options.from)) {
    return absl::InvalidArgumentError(
        "--smtp-from is the address that mail comes from");
  }
  return absl::OkStatus();
}

Handed::What Judge(CURLcode result, long code, const std::string& verb) {
  switch (result) {
    case CURLE_OK:
      return Handed::What::kTaken;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UPLOAD_FAILED:
      break;
    default:
      return Handed::What::kAway;
  }
  if (code >= kPermanent && verb == "RCPT") return Handed::What::kRefused;
  // A code of 400 or more after MAIL, RCPT or the text is about this mail.
  const bool mail = verb == "MAIL" || verb == "RCPT" || verb == "DATA";
  return mail && code >= 400 ? Handed::What::kNotNow : Handed::What::kAway;
}

}  // namespace

struct Smtp::Impl {
  Options options;
  CURL* curl = nullptr;

  ~Impl() { curl_easy_cleanup(curl); }

  void SetUp(Talk& talk, curl_slist* receivers) {
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, options.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL,
        options.insecure_loopback ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!options.ca.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    if (!options.user.empty()) {
      curl_easy_setopt(curl, CURLOPT_USERNAME, options.user.c_str());
      curl_easy_setopt(curl, CURLOPT_PASSWORD, options.password.c_str());
    }
    const std::string from = "<" + options.from + ">";
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &Give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &talk);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &NoteVerb);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &talk);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &MayGoOn);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &talk);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(
        curl, CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(absl::ToInt64Milliseconds(options.connect)));
    curl_easy_setopt(
        curl, CURLOPT_TIMEOUT_MS,
        static_cast<long>(absl::ToInt64Milliseconds(options.whole)));
  }
};

absl::StatusOr<std::unique_ptr<Smtp>> Smtp::Make(Options options) {
  RETURN_IF_ERROR(Check(options));
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  impl->curl = curl_easy_init();
  if (ready != CURLE_OK || impl->curl == nullptr) {
    return absl::InternalError("libcurl does not start");
  }
  return std::unique_ptr<Smtp>(new Smtp(std::move(impl)));
}

Smtp::Smtp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Smtp::~Smtp() = default;

Handed Smtp::Hand(const std::string& to, const std::string& text,
                  const std::function<bool()>& stop) {
  Handed handed;
  if (!IsMailAddress(to)) {
    handed.what = Handed::What::kRefused;
    handed.error = "not an address";
    return handed;
  }
  Talk talk;
  talk.text = &text;
  talk.stop = &stop;
  curl_slist* receivers = curl_slist_append(nullptr, ("<" + to + ">").c_str());
  impl_->SetUp(talk, receivers);
  const CURLcode result = curl_easy_perform(impl_->curl);
  curl_easy_getinfo(impl_->curl, CURLINFO_RESPONSE_CODE, &handed.code);
  handed.what = Judge(result, handed.code, talk.verb);
  if (result != CURLE_OK) handed.error = curl_easy_strerror(result);
  curl_slist_free_all(receivers);
  return handed;
}

}  // namespace gongkai::jobs
