// SPDX-License-Identifier: Apache-2.0
#include "services/server/witness_client.h"

#include <httplib.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

constexpr size_t kMostAnswerBytes = 1 << 16;
// Of a refusal's text, for the log.
constexpr size_t kMostWords = 200;
constexpr int kOk = 200;
constexpr int kConflict = 409;
constexpr std::string_view kSizeType = "text/x.tlog.size";

// `http://host:port` and the path after it.
std::pair<std::string, std::string> SplitUrl(const std::string& url) {
  const size_t host = url.find("://");
  const size_t path = url.find('/', host + 3);
  if (path == std::string::npos) return {url, ""};
  return {url.substr(0, path), url.substr(path)};
}

// What a stranger wrote, fit for a line of the log.
std::string Tame(std::string_view words) {
  std::string tame(words.substr(0, kMostWords));
  std::replace_if(
      tame.begin(), tame.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return tame;
}

// Ends what a client is at when the time is over: the library counts the pause
// between two bytes alone, and an answer may drip for ever.
class Hourglass {
 public:
  Hourglass(httplib::Client& client, absl::Duration time)
      : thread_([this, &client, time] {
          absl::MutexLock lock(&mutex_);
          if (!mutex_.AwaitWithTimeout(absl::Condition(&done_), time)) {
            client.stop();
          }
        }) {}
  ~Hourglass() {
    {
      absl::MutexLock lock(&mutex_);
      done_ = true;
    }
    thread_.join();
  }

 private:
  absl::Mutex mutex_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

absl::StatusOr<std::string> Body(const jobs::Outgoing& checkpoint,
                                 int64_t old_size) {
  std::string body = absl::StrCat("old ", old_size, "\n");
  if (old_size > 0 && old_size < checkpoint.head.size) {
    ASSIGN_OR_RETURN(const audit::Hashes proof, checkpoint.prove(old_size));
    for (const std::string& hash : proof) {
      absl::StrAppend(&body, audit::ToBase64(hash), "\n");
    }
  }
  absl::StrAppend(&body, "\n", checkpoint.note);
  return body;
}

}  // namespace

WitnessClient::WitnessClient(std::string url, audit::VerifierKey key,
                             absl::Duration patience)
    : url_(std::move(url)), key_(std::move(key)), patience_(patience) {}

absl::StatusOr<std::unique_ptr<WitnessClient>> WitnessClient::Make(
    std::string_view given, absl::Duration patience) {
  const size_t comma = given.find(',');
  std::string url(given.substr(0, comma));
  while (url.ends_with('/')) url.pop_back();
  if (comma == std::string_view::npos ||
      !(url.starts_with("http://") || url.starts_with("https://"))) {
    return absl::InvalidArgumentError(
        "a witness is URL,VKEY: http://HOST:PORT[/PATH], a comma, and its "
        "verifier key");
  }
  ASSIGN_OR_RETURN(audit::VerifierKey key,
                   audit::ParseVerifierKey(given.substr(comma + 1)));
  if (key.use != audit::KeyUse::kCosign) {
    return absl::InvalidArgumentError(
        absl::StrCat("the verifier key of ", url,
                     " is one of signatures, not cosignatures"));
  }
  return std::unique_ptr<WitnessClient>(
      new WitnessClient(std::move(url), std::move(key), patience));
}

absl::StatusOr<WitnessClient::Answer> WitnessClient::Ask(
    const jobs::Outgoing& checkpoint, int64_t old_size) {
  const auto [host, path] = SplitUrl(url_);
  httplib::Client client(host);
  const auto patience = absl::ToChronoMilliseconds(patience_);
  client.set_connection_timeout(patience);
  client.set_read_timeout(patience);
  client.set_write_timeout(patience);
  httplib::Request request;
  request.method = "POST";
  request.path = path + "/add-checkpoint";
  request.set_header("Content-Type", "text/plain; charset=utf-8");
  ASSIGN_OR_RETURN(request.body, Body(checkpoint, old_size));
  Answer answer;
  request.content_receiver = [&](const char* bytes, size_t n, uint64_t,
                                 uint64_t) {
    if (answer.body.size() + n > kMostAnswerBytes) return false;
    answer.body.append(bytes, n);
    return true;
  };
  const httplib::Result result = [&] {
    const Hourglass hourglass(client, patience_);
    return client.send(request);
  }();
  if (!result) {
    return absl::UnavailableError(
        absl::StrCat("the witness ", url_,
                     " does not answer: ", httplib::to_string(result.error())));
  }
  answer.status = result->status;
  answer.type = result->get_header_value("Content-Type");
  return answer;
}

absl::StatusOr<std::string> WitnessClient::Cosigned(
    const jobs::Outgoing& checkpoint, const std::string& lines) const {
  ASSIGN_OR_RETURN(audit::Note note, audit::ParseNote(checkpoint.note));
  const auto answered = audit::ParseNote(absl::StrCat(note.text, "\n", lines));
  if (!answered.ok()) {
    return absl::DataLossError(absl::StrCat(
        "the witness ", url_,
        " answered no signature lines: ", answered.status().message()));
  }
  // Of the answer only what this witness's key signed is kept.
  for (const audit::NoteSignature& line : answered->signatures) {
    if (line.name != key_.name || line.id != key_.id) continue;
    note.signatures.push_back(line);
    const auto held = audit::CheckNote(note, {key_});
    if (held.ok() && held->size() == 1) return note.ToText();
    return absl::DataLossError(
        absl::StrCat("the cosignature of the witness ", url_,
                     " does not hold by its verifier key"));
  }
  return absl::DataLossError(absl::StrCat(
      "the witness ", url_, " answered no cosignature by the key ", key_.name));
}

absl::StatusOr<std::string> WitnessClient::Put(const jobs::Outgoing& checkpoint,
                                               absl::Time /*deadline*/) {
  int64_t old_size = std::min(known_size_, checkpoint.head.size);
  // Once more when it tells a size that is not the one that was thought.
  for (int asked = 0; asked < 2; ++asked) {
    ASSIGN_OR_RETURN(const Answer answer, Ask(checkpoint, old_size));
    if (answer.status == kOk) {
      ASSIGN_OR_RETURN(std::string note, Cosigned(checkpoint, answer.body));
      known_size_ = checkpoint.head.size;
      return note;
    }
    if (answer.status != kConflict || !answer.type.starts_with(kSizeType)) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "the witness %s refuses the checkpoint of size %d "
          "with %d: %s",
          url_, checkpoint.head.size, answer.status, Tame(answer.body)));
    }
    std::string_view told = answer.body;
    if (told.ends_with('\n')) told.remove_suffix(1);
    ASSIGN_OR_RETURN(known_size_, audit::ToSize(told));
    if (known_size_ > checkpoint.head.size) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "the witness %s has cosigned size %d and does not go back to %d: "
          "entries are missing",
          url_, known_size_, checkpoint.head.size));
    }
    old_size = known_size_;
  }
  return absl::UnavailableError(
      absl::StrCat("the witness ", url_, " moves on under another signer"));
}

}  // namespace gongkai::server
