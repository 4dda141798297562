// SPDX-License-Identifier: Apache-2.0
// Identity and postal numbers: GB 11643, GB 32100, GB 11714, UPU S10.
#include "services/law/numbers.h"

#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

struct IdentityRow {
  v1::IdentityKind kind;
  const char* number;
  v1::NumberCheck expected;
};

TEST(IdentityNumber, IsCheckedAsItsKindAsks) {
  const IdentityRow rows[] = {
      // The two examples of the standard, and each with one digit changed.
      {v1::RESIDENT_ID, "11010519491231002X", v1::CHECK_PASSED},
      {v1::RESIDENT_ID, "440524188001010014", v1::CHECK_PASSED},
      {v1::RESIDENT_ID, "110105194912310021", v1::CHECK_WRONG_DIGIT},
      {v1::RESIDENT_ID, "440524188001010015", v1::CHECK_WRONG_DIGIT},
      {v1::RESIDENT_ID, "11010519490231002X", v1::CHECK_WRONG_FORM},
      {v1::RESIDENT_ID, "1101051949123100", v1::CHECK_WRONG_FORM},
      {v1::RESIDENT_ID, "11010519491231002Y", v1::CHECK_WRONG_FORM},
      {v1::RESIDENT_ID, "", v1::CHECK_WRONG_FORM},
      {v1::RESIDENT_ID, "110105491231002", v1::CHECK_FORM_ONLY},
      {v1::RESIDENT_ID, "110105491331002", v1::CHECK_WRONG_FORM},
      {v1::UNIFIED_SOCIAL_CREDIT_CODE, "91350100M000100Y43", v1::CHECK_PASSED},
      {v1::UNIFIED_SOCIAL_CREDIT_CODE, "91110000600037341L", v1::CHECK_PASSED},
      {v1::UNIFIED_SOCIAL_CREDIT_CODE, "91310115MA1G4L1WXK",
       v1::CHECK_WRONG_DIGIT},
      {v1::UNIFIED_SOCIAL_CREDIT_CODE, "91350100M000100Y4I",
       v1::CHECK_WRONG_FORM},
      {v1::UNIFIED_SOCIAL_CREDIT_CODE, "9135010", v1::CHECK_WRONG_FORM},
      {v1::HK_MACAO_PERMIT, "H12345678", v1::CHECK_FORM_ONLY},
      {v1::HK_MACAO_PERMIT, "M1234567801", v1::CHECK_FORM_ONLY},
      // The permit by which mainlanders travel is not this one.
      {v1::HK_MACAO_PERMIT, "CA1234567", v1::CHECK_WRONG_FORM},
      {v1::TAIWAN_PERMIT, "12345678", v1::CHECK_FORM_ONLY},
      {v1::TAIWAN_PERMIT, "1234567890", v1::CHECK_FORM_ONLY},
      {v1::TAIWAN_PERMIT, "123456789", v1::CHECK_WRONG_FORM},
      {v1::HMT_RESIDENCE_PERMIT, "11010519491231002X", v1::CHECK_WRONG_FORM},
      {v1::HMT_RESIDENCE_PERMIT, "8100", v1::CHECK_WRONG_FORM},
      {v1::FOREIGN_PERMANENT_RESIDENT_ID, "CHN110012345678",
       v1::CHECK_FORM_ONLY},
      {v1::FOREIGN_PERMANENT_RESIDENT_ID, "11010519491231002X",
       v1::CHECK_WRONG_FORM},
      {v1::PASSPORT, "E12345678", v1::CHECK_FORM_ONLY},
      {v1::PASSPORT, "ABCDEF", v1::CHECK_WRONG_FORM},
      {v1::PASSPORT, "E1", v1::CHECK_WRONG_FORM},
      {v1::OTHER_IDENTITY, "anything", v1::NUMBER_CHECK_UNSPECIFIED},
  };
  for (const IdentityRow& row : rows) {
    EXPECT_EQ(CheckIdentityNumber(row.kind, row.number), row.expected)
        << row.number;
  }
}

// A number with its check digit, found by trying all: independent of the
// formula's way round.
std::string Completed(v1::IdentityKind kind, const std::string& first17) {
  std::string found;
  for (const char c : std::string("0123456789X")) {
    if (CheckIdentityNumber(kind, first17 + c) == v1::CHECK_PASSED) {
      EXPECT_TRUE(found.empty()) << "two check digits for " << first17;
      found = first17 + c;
    }
  }
  return found;
}

TEST(IdentityNumber, EachBodyHasExactlyOneCheckDigit) {
  for (const std::string body :
       {"11010519491231002", "31010119900307123", "65010020240229000"}) {
    EXPECT_FALSE(Completed(v1::RESIDENT_ID, body).empty()) << body;
  }
  for (const std::string area : {"810000", "820000", "830000"}) {
    EXPECT_FALSE(
        Completed(v1::HMT_RESIDENCE_PERMIT, area + "19900307123").empty());
  }
  EXPECT_FALSE(Completed(v1::FOREIGN_PERMANENT_RESIDENT_ID, "91124819900307123")
                   .empty());
}

TEST(IdentityNumber, AnySingleWrongDigitIsFound) {
  const std::string right = "440524188001010014";
  for (size_t i = 0; i < right.size(); ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      if (c == right[i]) continue;
      std::string wrong = right;
      wrong[i] = c;
      EXPECT_NE(CheckIdentityNumber(v1::RESIDENT_ID, wrong), v1::CHECK_PASSED)
          << wrong;
    }
  }
}

TEST(IdentityNumber, BothNestedChecksOfACreditCodeMustHold) {
  // The code of the organisation is wrong although the outer check is mended.
  int outer_holds = 0;
  for (const char c : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
    const std::string number = std::string("91350100M000100X4") + c;
    outer_holds += CheckIdentityNumber(v1::UNIFIED_SOCIAL_CREDIT_CODE,
                                       number) == v1::CHECK_PASSED;
  }
  EXPECT_EQ(outer_holds, 0);
}

TEST(NormalizeNumber, ReadsWhatPeopleType) {
  EXPECT_EQ(NormalizeNumber(" 11010519491231002x "), "11010519491231002X");
  EXPECT_EQ(NormalizeNumber("１１０１０５　１９４９－１２３１"),
            "11010519491231");
  EXPECT_EQ(NormalizeNumber("ｅb-000‐717—595 hk"), "EB000717595HK");
  EXPECT_EQ(NormalizeNumber("沪1"), "沪1");
  EXPECT_EQ(NormalizeNumber(""), "");
}

struct PostalRow {
  const char* number;
  v1::NumberCheck expected;
};

TEST(PostalNumber, IsCheckedByDigitOrForm) {
  const PostalRow rows[] = {
      {"RB123456785GB", v1::CHECK_PASSED},
      {"RB123456786US", v1::CHECK_WRONG_DIGIT},
      {"EB000717595HK", v1::CHECK_PASSED},
      {"EB000717594HK", v1::CHECK_WRONG_DIGIT},
      {"RB123456785CN", v1::CHECK_PASSED},
      {"RB123456784CN", v1::CHECK_WRONG_DIGIT},
      // The letter O typed for nought.
      {"EBOOO717595HK", v1::CHECK_PASSED},
      {"RBI23456785CN", v1::CHECK_PASSED},
      // Domestic forms have no public check digit.
      {"EX123456784CS", v1::CHECK_FORM_ONLY},
      {"EX123456784GD", v1::CHECK_FORM_ONLY},
      {"1234567890123", v1::CHECK_FORM_ONLY},
      {"1O34567890123", v1::CHECK_FORM_ONLY},
      {"KA12345678901", v1::CHECK_FORM_ONLY},
      {"A123456789012", v1::CHECK_FORM_ONLY},
      {"12345", v1::CHECK_WRONG_FORM},
      {"", v1::CHECK_WRONG_FORM},
      {"RB12345678", v1::CHECK_WRONG_FORM},
  };
  for (const PostalRow& row : rows) {
    EXPECT_EQ(CheckPostalNumber(v1::POST_EMS, row.number), row.expected)
        << row.number;
  }
}

TEST(PostalNumber, OfOtherCarriersIsNotChecked) {
  for (const v1::Carrier carrier :
       {v1::HAND_OVER, v1::ENTRUSTED, v1::ELECTRONIC, v1::PRIVATE_COURIER}) {
    EXPECT_EQ(CheckPostalNumber(carrier, "RB123456785GB"),
              v1::NUMBER_CHECK_UNSPECIFIED);
  }
}

}  // namespace
}  // namespace gongkai::law
