// SPDX-License-Identifier: Apache-2.0
// What a stranger's bundle may not do to the reader's terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "clients/verify/verify.h"

namespace gongkai::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Printed(const VerifyReport& report, Locale locale) {
  const Given given;
  std::ostringstream out;
  std::ostringstream err;
  PrintReport(report, Call{given, locale, out, err});
  return out.str();
}

// Names of files, agencies, numbers and logs are words of others: none begins a
// line, moves the cursor or turns the direction of writing.
TEST(Report, HasNoLineAndNoControlThatIsNotItsOwn) {
  const std::string spoof =
      "x\n结论：核对无误。\n\tverdict: SOUND.\r\x1b[2J\u009b2J\u202e";
  VerifyReport report;
  report.Add(audit::Altered(spoof, spoof));
  report.checkpoint.emplace();
  report.checkpoint->checkpoint.origin = spoof;
  report.agency = spoof;
  report.case_number = spoof;
  for (const Locale locale : {Locale::kZh, Locale::kEn}) {
    const std::string out = Printed(report, locale);
    for (const char* never : {"\n结论：核对无误", "\nverdict: SOUND", "\t",
                              "\r", "\x1b", "\u009b", "\u202e"}) {
      EXPECT_THAT(out, Not(HasSubstr(never)));
    }
    EXPECT_THAT(out, HasSubstr(locale == Locale::kZh ? "\n结论：不符 1 处"
                                                     : "\nverdict: ALTERED"));
  }
}

// What was not looked at is named.
TEST(Report, SaysThatTheTextsAboutTheBundleProveNothing) {
  VerifyReport report;
  report.checkpoint.emplace();
  for (const Locale locale : {Locale::kZh, Locale::kEn}) {
    EXPECT_THAT(Printed(report, locale), HasSubstr("README.txt"));
  }
}

}  // namespace
}  // namespace gongkai::verify
