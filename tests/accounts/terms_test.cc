// SPDX-License-Identifier: Apache-2.0
// Terms of an agency (参数): every change with what they were before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "services/audit/record.h"
#include "tests/accounts/account_house.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;

class Terms : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    Get(sec_, &terms_);
  }
  std::string Get(const Person& reader, v1::AgencyTerms* terms,
                  int64_t* version = nullptr) {
    v1::GetAgencyTermsRequest request;
    request.set_agency(kAgency);
    v1::AgencyTermsResponse response;
    const auto status = house_.admin().GetAgencyTerms(house_.As(reader).get(),
                                                      request, &response);
    *terms = response.terms();
    if (version != nullptr) *version = response.version();
    return ReasonOf(status);
  }
  std::string Set(const Person& keeper, const v1::AgencyTerms& terms,
                  std::string request_id = "") {
    v1::SetAgencyTermsRequest request;
    request.set_agency(kAgency);
    request.set_request_id(request_id.empty() ? house_.test().NewRequestId()
                                              : request_id);
    *request.mutable_terms() = terms;
    v1::AgencyTermsResponse response;
    const auto status = house_.admin().SetAgencyTerms(house_.As(keeper).get(),
                                                      request, &response);
    version_ = response.version();
    return ReasonOf(status);
  }
  // The last event of the agency's stream.
  v1::Event Last() {
    const auto record = audit::Decode(absl::HexStringToBytes(
        house_.Ask("SELECT encode(record, 'hex') FROM event WHERE type IN "
                   "(51, 54) ORDER BY seq DESC LIMIT 1")));
    v1::Event event;
    EXPECT_TRUE(record.ok());
    EXPECT_TRUE(event.ParseFromString(record->public_body));
    return event;
  }
  AccountHouse house_;
  Person sec_;
  v1::AgencyTerms terms_;
  int64_t version_ = 0;
};

TEST_F(Terms, AChangeHoldsBeforeAndAfter) {
  v1::AgencyTerms changed = terms_;
  changed.set_correction_days(15);
  changed.set_warning_days(5);
  auto& row = *changed.add_retention_table();
  row.set_outcome(v1::DISCLOSED);
  row.set_retention(v1::THIRTY_YEARS);
  ASSERT_EQ(Set(sec_, changed), "OK");
  EXPECT_EQ(version_, 2);
  const v1::Event event = Last();
  ASSERT_TRUE(event.has_agency_terms_changed());
  EXPECT_EQ(event.agency_terms_changed().before().SerializeAsString(),
            terms_.SerializeAsString());
  EXPECT_EQ(event.agency_terms_changed().after().SerializeAsString(),
            changed.SerializeAsString());
  v1::AgencyTerms now;
  int64_t version = 0;
  ASSERT_EQ(Get(sec_, &now, &version), "OK");
  EXPECT_EQ(now.SerializeAsString(), changed.SerializeAsString());
  EXPECT_EQ(version, 2);
}

TEST_F(Terms, TheLawOfCasesFollows) {
  v1::AgencyTerms changed = terms_;
  changed.set_correction_days(15);
  ASSERT_EQ(Set(sec_, changed), "OK");
  auto& registry = house_.test().service().registry();
  const auto newest = registry.Newest(kAgency, absl::Now() + absl::Seconds(20));
  ASSERT_TRUE(newest.ok());
  EXPECT_EQ((*newest)->terms.correction_days, 15);
}

TEST_F(Terms, WhatChangesNothingIsRefused) {
  EXPECT_EQ(Set(sec_, terms_), "TERMS_UNCHANGED");
  v1::AgencyTerms changed = terms_;
  changed.set_warning_days(4);
  const std::string id = house_.test().NewRequestId();
  ASSERT_EQ(Set(sec_, changed, id), "OK");
  EXPECT_EQ(Set(sec_, changed, id), "OK");
  EXPECT_EQ(version_, 2);
  EXPECT_EQ(Set(sec_, changed), "TERMS_UNCHANGED");
}

TEST_F(Terms, TheTableNamesNoOutcomeTwice) {
  v1::AgencyTerms changed = terms_;
  for (const v1::Retention retention : {v1::TEN_YEARS, v1::PERMANENT}) {
    auto& row = *changed.add_retention_table();
    row.set_outcome(v1::REFUSED);
    row.set_retention(retention);
  }
  EXPECT_EQ(Set(sec_, changed), "FIELD_INVALID");
}

TEST_F(Terms, OnlyKeepersOfTheAgencyOrOfTheInstallation) {
  v1::AgencyTerms changed = terms_;
  changed.set_warning_days(4);
  Person li = house_.Staff("li", {v1::ROLE_HANDLER});
  Person far = house_.Staff("far", {v1::ROLE_SECURITY_ADMIN}, "SHFGW");
  EXPECT_EQ(Set(li, changed), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Set(far, changed), "CAPACITY_MISSING");
  Person nation = house_.Staff("nation", {v1::ROLE_SECURITY_ADMIN}, "CN");
  EXPECT_EQ(Set(nation, changed), "OK");
}

}  // namespace
}  // namespace gongkai::test
