// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/password.h"
#include "services/auth/secret.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/text.h"

namespace gongkai::auth {
namespace {

// What everybody thinks of first, with letters and digits alone, in lower case:
// no password is one of these, nor one of them repeated or lengthened by a few
// characters. The longest first, for one may hold another.
constexpr std::array<std::string_view, 34> kCommon = {
    "administrator", "woaizhongguo", "1q2w3e4r5t", "qwertyuiop", "asdfghjkl",
    "superuser",     "1234abcd",     "1q2w3e4r",   "1qaz2wsx",   "a1b2c3d4",
    "abcd1234",      "changeme",     "iloveyou",   "passw0rd",   "password",
    "passwort",      "shanghai",     "beijing",    "default",    "gongkai",
    "letmein",       "welcome",      "zhengfu",    "zxcvbnm",    "abc123",
    "master",        "qazwsx",       "qwerty",     "secret",     "woaini",
    "admin",         "guest",        "root",       "test"};

// Rows and alphabets that a hand or a mind runs along.
constexpr std::array<std::string_view, 6> kRuns = {
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik"};

// A password is guessable when so few characters are left once what everybody
// knows is taken out.
constexpr size_t kLeastLeft = 6;
constexpr size_t kLeastRun = 4;
constexpr size_t kLeastDifferent = 6;

// Lower case, and the letters and digits alone; `as_letters` also reads signs
// as the letters that they are put for.
std::string Kernel(std::string_view password, bool as_letters) {
  constexpr std::string_view kSigns = "@$!0";
  constexpr std::string_view kLetters = "asio";
  std::string kernel;
  for (char c : FoldForms(password)) {
    const size_t sign = kSigns.find(c);
    if (as_letters && sign != std::string_view::npos) c = kLetters[sign];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain || (c & 0x80) != 0) kernel += c;
  }
  return kernel;
}

void TakeOut(std::string_view word, std::string& text) {
  for (size_t at = text.find(word); at != std::string::npos;
       at = text.find(word)) {
    text.erase(at, word.size());
  }
}

// Takes every stretch of at least four out that runs along one of the rows, in
// either direction.
void TakeRunsOut(std::string& text) {
  for (const std::string_view row : kRuns) {
    std::string back(row.rbegin(), row.rend());
    for (const std::string_view run : {row, std::string_view(back)}) {
      for (size_t n = std::min(run.size(), text.size()); n >= kLeastRun; --n) {
        for (size_t i = 0; i + n <= run.size(); ++i) {
          TakeOut(run.substr(i, n), text);
        }
      }
    }
  }
}

bool IsGuessable(std::string_view password, bool as_letters) {
  std::string kernel = Kernel(password, as_letters);
  const Wiped wiped(kernel);
  const size_t others = CodePoints(password) - CodePoints(kernel);
  // Twice a short word is that word.
  for (size_t n = 1; n <= kernel.size() / 2; ++n) {
    if (kernel.size() % n == 0 && n < kLeastLeft &&
        std::equal(kernel.begin() + static_cast<ptrdiff_t>(n), kernel.end(),
                   kernel.begin())) {
      return true;
    }
  }
  for (const std::string_view word : kCommon) TakeOut(word, kernel);
  TakeRunsOut(kernel);
  return CodePoints(kernel) + std::min(others, kLeastLeft / 2) < kLeastLeft;
}

int Classes(std::string_view password) {
  bool lower = false, upper = false, digit = false, other = false;
  for (const char c : password) {
    if (c >= 'a' && c <= 'z') {
      lower = true;
    } else if (c >= 'A' && c <= 'Z') {
      upper = true;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else {
      other = true;
    }
  }
  return lower + upper + digit + other;
}

size_t Different(std::string_view password) {
  return std::set<char>(password.begin(), password.end()).size();
}

}  // namespace

absl::Status WeakPassword(std::string_view wanted) {
  v1::Refusal refusal;
  refusal.set_reason(v1::PASSWORD_TOO_WEAK);
  refusal.set_field("password");
  refusal.set_wanted(std::string(wanted));
  return Refuse(refusal);
}

absl::Status CheckPassword(const PasswordPolicy& policy,
                           std::string_view password,
                           std::string_view account) {
  const int chars = static_cast<int>(CodePoints(password));
  if (chars < policy.least || chars > policy.most) {
    return WeakPassword(
        absl::StrCat(policy.least, " to ", policy.most, " characters"));
  }
  if (chars < policy.long_from && Classes(password) < policy.classes) {
    return WeakPassword(absl::StrCat(
        "at least ", policy.classes,
        " of lower case, upper case, digits and other characters, or at least ",
        policy.long_from, " characters"));
  }
  std::string folded = FoldForms(password);
  const Wiped wiped(folded);
  if (!account.empty() && folded.find(account) != std::string::npos) {
    return WeakPassword("a password without the account's name");
  }
  if (Different(password) < kLeastDifferent) {
    return WeakPassword("at least 6 different characters");
  }
  if (IsGuessable(password, false) || IsGuessable(password, true)) {
    return WeakPassword(
        "a password that is not a common word, a row of keys or a repetition");
  }
  return absl::OkStatus();
}

bool IsExpired(const PasswordPolicy& policy, absl::Time set, absl::Time now) {
  return policy.max_age > absl::ZeroDuration() && now - set >= policy.max_age;
}

}  // namespace gongkai::auth
