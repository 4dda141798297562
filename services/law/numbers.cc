// SPDX-License-Identifier: Apache-2.0
#include "services/law/numbers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"

namespace gongkai::law {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }

// Whether `text` has the shape of `mask`: 9 stands for a digit, A for a
// letter, * for either, any other character for itself.
bool HasShape(std::string_view text, std::string_view mask) {
  if (text.size() != mask.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool fits = mask[i] == '9'   ? IsDigit(c)
                      : mask[i] == 'A' ? IsLetter(c)
                      : mask[i] == '*' ? IsDigit(c) || IsLetter(c)
                                       : c == mask[i];
    if (!fits) return false;
  }
  return true;
}

// ISO 7064 MOD 11-2 as GB 11643 writes it out.
char ResidentCheckDigit(std::string_view number) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                            3, 7, 9,  10, 5, 8, 4, 2};
  constexpr std::string_view kDigits = "10X98765432";
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    sum += kWeights[i] * (number[i] - '0');
  }
  return kDigits[sum % 11];
}

bool IsDate(std::string_view yyyymmdd) {
  const int year = std::stoi(std::string(yyyymmdd.substr(0, 4)));
  const int month = std::stoi(std::string(yyyymmdd.substr(4, 2)));
  const int day = std::stoi(std::string(yyyymmdd.substr(6, 2)));
  const absl::CivilDay civil(year, month, day);
  return year >= 1800 && civil.year() == year && civil.month() == month &&
         civil.day() == day;
}

v1::NumberCheck CheckMod112(std::string_view number) {
  return ResidentCheckDigit(number) == number[17] ? v1::CHECK_PASSED
                                                  : v1::CHECK_WRONG_DIGIT;
}

// 17 digits and a digit or X (GB 11643).
bool HasResidentShape(std::string_view number) {
  return HasShape(number, "99999999999999999*") &&
         (IsDigit(number[17]) || number[17] == 'X');
}

v1::NumberCheck CheckResident(std::string_view number) {
  // Of the first generation of cards: no check digit.
  if (HasShape(number, "999999999999999")) {
    return IsDate("19" + std::string(number.substr(6, 6)))
               ? v1::CHECK_FORM_ONLY
               : v1::CHECK_WRONG_FORM;
  }
  if (!HasResidentShape(number) || !IsDate(number.substr(6, 8))) {
    return v1::CHECK_WRONG_FORM;
  }
  return CheckMod112(number);
}

v1::NumberCheck CheckHmtResidence(std::string_view number) {
  const std::string_view area = number.substr(0, 6);
  if (area != "810000" && area != "820000" && area != "830000") {
    return v1::CHECK_WRONG_FORM;
  }
  return number.size() == 18 ? CheckResident(number) : v1::CHECK_WRONG_FORM;
}

v1::NumberCheck CheckForeignPermanent(std::string_view number) {
  // The card of before 2023: no check digit is public.
  if (HasShape(number, "AAA999999999999")) return v1::CHECK_FORM_ONLY;
  if (!HasResidentShape(number) || number[0] != '9') {
    return v1::CHECK_WRONG_FORM;
  }
  return CheckMod112(number);
}

// GB 11714: the code of an organisation, eight characters and a check.
bool OrganisationCodeHolds(std::string_view code) {
  constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    const int value = IsDigit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10;
    sum += kWeights[i] * value;
  }
  const int check = (11 - sum % 11) % 11;
  return code[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

// GB 32100, with the code of the organisation nested in places 9 to 17.
v1::NumberCheck CheckSocialCredit(std::string_view number) {
  // No I, O, S, V, Z.
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  if (!HasShape(number, "**999999**********")) return v1::CHECK_WRONG_FORM;
  int sum = 0;
  int weight = 1;
  for (size_t i = 0; i < 18; ++i) {
    const size_t value = kAlphabet.find(number[i]);
    if (value == std::string_view::npos) return v1::CHECK_WRONG_FORM;
    if (i == 17) break;
    sum += static_cast<int>(value) * weight;
    weight = weight * 3 % 31;
  }
  const char check = kAlphabet[(31 - sum % 31) % 31];
  return check == number[17] && OrganisationCodeHolds(number.substr(8, 9))
             ? v1::CHECK_PASSED
             : v1::CHECK_WRONG_DIGIT;
}

v1::NumberCheck FormOnly(bool fits) {
  return fits ? v1::CHECK_FORM_ONLY : v1::CHECK_WRONG_FORM;
}

bool IsPassport(std::string_view number) {
  return number.size() >= 5 && number.size() <= 12 &&
         std::all_of(number.begin(), number.end(),
                     [](char c) { return IsDigit(c) || IsLetter(c); }) &&
         std::any_of(number.begin(), number.end(), IsDigit);
}

// `text` with O and I read as 0 and 1 where `mask` wants a digit.
std::string ReadDigits(std::string_view text, std::string_view mask) {
  std::string read(text);
  for (size_t i = 0; i < read.size() && i < mask.size(); ++i) {
    if (mask[i] != '9') continue;
    if (read[i] == 'O') read[i] = '0';
    if (read[i] == 'I') read[i] = '1';
  }
  return read;
}

// UPU S10: the check digit of the eight digits before it.
bool S10DigitHolds(std::string_view number) {
  constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    sum += kWeights[i] * (number[2 + i] - '0');
  }
  int check = 11 - sum % 11;
  if (check == 10) check = 0;
  if (check == 11) check = 5;
  return number[10] == static_cast<char>('0' + check);
}

// Numbers of domestic EMS end in letters of the country's own: CS, or a
// province. No check digit of theirs is public.
bool IsDomesticEnding(std::string_view number) {
  constexpr std::string_view kProvinces =
      "BJ TJ HE SX NM LN JL HL SH JS ZJ AH FJ JX SD HA HB HN GD GX HI CQ SC GZ "
      "YN XZ SN GS QH NX XJ";
  const std::string_view ending = number.substr(11, 2);
  return number[0] == 'E' &&
         (ending == "CS" || kProvinces.find(ending) != std::string_view::npos);
}

v1::NumberCheck CheckS10(std::string_view number) {
  if (S10DigitHolds(number)) return v1::CHECK_PASSED;
  return IsDomesticEnding(number) ? v1::CHECK_FORM_ONLY : v1::CHECK_WRONG_DIGIT;
}

}  // namespace

std::string NormalizeNumber(std::string_view number) {
  std::string plain;
  for (size_t i = 0; i < number.size(); ++i) {
    const unsigned char c = number[i];
    const std::string_view three = number.substr(i, 3);
    if (c < 0x80) {
      if (c != '-' && !absl::ascii_isspace(c)) {
        plain += absl::ascii_toupper(c);
      }
    } else if (three == "\u3000" || three == "\u2212" ||
               (three >= "\u2010" && three <= "\u2015")) {
      i += 2;  // wide blank, minus, the hyphens and dashes
    } else if (three >= "\uFF01" && three <= "\uFF5E") {
      const int code = ((c & 0x0F) << 12) |
                       ((static_cast<unsigned char>(three[1]) & 0x3F) << 6) |
                       (static_cast<unsigned char>(three[2]) & 0x3F);
      const char ascii = static_cast<char>(code - 0xFF01 + '!');
      if (ascii != '-') plain += absl::ascii_toupper(ascii);
      i += 2;
    } else {
      plain += number[i];
    }
  }
  return plain;
}

v1::NumberCheck CheckIdentityNumber(v1::IdentityKind kind,
                                    std::string_view number) {
  const std::string plain = NormalizeNumber(number);
  switch (kind) {
    case v1::RESIDENT_ID:
      return CheckResident(plain);
    case v1::UNIFIED_SOCIAL_CREDIT_CODE:
      return CheckSocialCredit(plain);
    case v1::HK_MACAO_PERMIT: {
      const bool first = !plain.empty() && (plain[0] == 'H' || plain[0] == 'M');
      return FormOnly(first && (HasShape(plain, "A99999999") ||
                                HasShape(plain, "A9999999999")));
    }
    case v1::TAIWAN_PERMIT:
      return FormOnly(HasShape(plain, "99999999") ||
                      HasShape(plain, "9999999999"));
    case v1::HMT_RESIDENCE_PERMIT:
      return CheckHmtResidence(plain);
    case v1::FOREIGN_PERMANENT_RESIDENT_ID:
      return CheckForeignPermanent(plain);
    case v1::PASSPORT:
      return FormOnly(IsPassport(plain));
    default:
      return v1::NUMBER_CHECK_UNSPECIFIED;
  }
}

v1::NumberCheck CheckPostalNumber(v1::Carrier carrier,
                                  std::string_view number) {
  if (carrier != v1::POST_EMS && carrier != v1::POST_REGISTERED &&
      carrier != v1::POST_ORDINARY) {
    return v1::NUMBER_CHECK_UNSPECIFIED;
  }
  constexpr std::string_view kS10 = "AA999999999AA";
  const std::string plain = NormalizeNumber(number);
  if (HasShape(plain, kS10)) return CheckS10(plain);
  // The letter O may stand where a digit belongs: first as written, then as
  // meant.
  for (const std::string_view shape :
       {std::string_view("9999999999999"), std::string_view("AA99999999999"),
        std::string_view("A999999999999")}) {
    if (HasShape(ReadDigits(plain, shape), shape)) return v1::CHECK_FORM_ONLY;
  }
  const std::string read = ReadDigits(plain, kS10);
  return HasShape(read, kS10) ? CheckS10(read) : v1::CHECK_WRONG_FORM;
}

}  // namespace gongkai::law
