// SPDX-License-Identifier: Apache-2.0
// How much one caller may take of the service, and where calls come from.

#include "services/api/limits.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/api/source.h"
#include "services/base/address.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'710'907'200);

TEST(Buckets, ABucketFillsAtItsRateUpToItsBurst) {
  Buckets buckets({10, 20}, 100);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(buckets.Take("li", kStart), absl::ZeroDuration());
  }
  EXPECT_EQ(buckets.Take("li", kStart), absl::Milliseconds(100));
  // What was refused took nothing.
  const absl::Time soon = kStart + absl::Milliseconds(99);
  EXPECT_GT(buckets.Take("li", soon), absl::ZeroDuration());
  EXPECT_EQ(buckets.Take("li", kStart + absl::Milliseconds(100)),
            absl::ZeroDuration());
  // Another's is full, and one that rests is not fuller than full.
  EXPECT_EQ(buckets.Take("qian", kStart), absl::ZeroDuration());
  const absl::Time later = kStart + absl::Hours(1);
  int taken = 0;
  while (buckets.Take("li", later) == absl::ZeroDuration()) ++taken;
  EXPECT_EQ(taken, 20);
}

TEST(Buckets, ATimeThatGoesBackGivesNothing) {
  Buckets buckets({10, 1}, 100);
  EXPECT_EQ(buckets.Take("li", kStart), absl::ZeroDuration());
  EXPECT_GT(buckets.Take("li", kStart - absl::Hours(1)), absl::ZeroDuration());
  EXPECT_GT(buckets.Take("li", kStart), absl::ZeroDuration());
}

TEST(Buckets, TheTableIsBoundedAndForgetsWhoWasQuietLongest) {
  Buckets buckets({1, 1}, 3);
  for (const char* key : {"a", "b", "c"}) {
    EXPECT_EQ(buckets.Take(key, kStart), absl::ZeroDuration());
  }
  EXPECT_GT(buckets.Take("a", kStart), absl::ZeroDuration());
  for (int i = 0; i < 10'000; ++i) {
    buckets.Take("x" + std::to_string(i), kStart);
    // Whoever goes on asking stays known.
    EXPECT_GT(buckets.Take("a", kStart), absl::ZeroDuration());
  }
  EXPECT_EQ(buckets.keys(), 3u);
  EXPECT_EQ(buckets.Take("b", kStart), absl::ZeroDuration());
}

v1::Refusal RefusalIn(const absl::Status& status) {
  const auto refusal = RefusalOf(status);
  return refusal.value_or(v1::Refusal());
}

TEST(Limits, AnAccountIsToldWhenToComeAgain) {
  Limits::Options options;
  options.account = {10, 5};
  options.source = {0, 0};
  Limits limits(options);
  const Limits::Who li{"SHGXW/li", "10.0.0.1"};
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(limits.Begin(li, kStart).ok());
    limits.Done(li);
  }
  const v1::Refusal refusal = RefusalIn(limits.Begin(li, kStart));
  EXPECT_EQ(refusal.reason(), v1::RATE_EXCEEDED);
  EXPECT_EQ(refusal.retry_ms(), 100);
  // From another address it is the same account; another account is another.
  EXPECT_EQ(RefusalIn(limits.Begin({"SHGXW/li", "10.0.0.2"}, kStart)).reason(),
            v1::RATE_EXCEEDED);
  EXPECT_TRUE(limits.Begin({"SHGXW/qian", "10.0.0.1"}, kStart).ok());
}

TEST(Limits, AnAddressIsLimitedWhoeverCallsFromIt) {
  Limits::Options options;
  options.account = {0, 0};
  options.source = {10, 3};
  Limits limits(options);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(
        limits.Begin({"A/" + std::to_string(i), "10.0.0.1"}, kStart).ok());
  }
  EXPECT_EQ(RefusalIn(limits.Begin({"", "10.0.0.1"}, kStart)).reason(),
            v1::RATE_EXCEEDED);
  EXPECT_TRUE(limits.Begin({"", "10.0.0.2"}, kStart).ok());
  // A socket of this machine has no address.
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limits.Begin({"", ""}, kStart).ok());
  }
}

TEST(Limits, CallsUnderWayAreBounded) {
  Limits::Options options;
  options.account = {0, 0};
  options.source = {0, 0};
  options.account_calls = 2;
  options.source_calls = 3;
  Limits limits(options);
  const Limits::Who li{"SHGXW/li", "10.0.0.1"};
  ASSERT_TRUE(limits.Begin(li, kStart).ok());
  ASSERT_TRUE(limits.Begin(li, kStart).ok());
  EXPECT_EQ(RefusalIn(limits.Begin(li, kStart)).reason(), v1::TOO_BUSY);
  EXPECT_GT(RefusalIn(limits.Begin(li, kStart)).retry_ms(), 0);
  EXPECT_TRUE(limits.Begin({"SHGXW/qian", "10.0.0.1"}, kStart).ok());
  limits.Done(li);
  EXPECT_TRUE(limits.Begin(li, kStart).ok());
  // Of whom nothing is known, by the address.
  const Limits::Who nobody{"", "10.0.0.1"};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(limits.Begin(nobody, kStart).ok());
  EXPECT_EQ(RefusalIn(limits.Begin(nobody, kStart)).reason(), v1::TOO_BUSY);
  for (int i = 0; i < 3; ++i) limits.Done(nobody);
  EXPECT_TRUE(limits.Begin(nobody, kStart).ok());
}

// Whoever guesses from one address leaves room for others to sign in.
TEST(Limits, SignInsUnderWayAreBoundedByAddress) {
  Limits::Options options;
  options.source = {0, 0};
  options.source_sign_ins = 2;
  Limits limits(options);
  const Limits::Who one{"", "10.0.0.1", true};
  ASSERT_TRUE(limits.Begin(one, kStart).ok());
  ASSERT_TRUE(limits.Begin(one, kStart).ok());
  EXPECT_EQ(RefusalIn(limits.Begin(one, kStart)).reason(), v1::TOO_BUSY);
  // Another's token makes it nobody else's call.
  EXPECT_EQ(
      RefusalIn(limits.Begin({"SHGXW/li", "10.0.0.1", true}, kStart)).reason(),
      v1::TOO_BUSY);
  EXPECT_TRUE(limits.Begin({"", "10.0.0.1"}, kStart).ok());
  EXPECT_TRUE(limits.Begin({"", "10.0.0.2", true}, kStart).ok());
  limits.Done(one);
  EXPECT_TRUE(limits.Begin(one, kStart).ok());
}

TEST(Limits, WhatIsRefusedForItsRateIsNotUnderWay) {
  Limits::Options options;
  options.account = {1, 1};
  options.account_calls = 2;
  Limits limits(options);
  const Limits::Who li{"SHGXW/li", ""};
  ASSERT_TRUE(limits.Begin(li, kStart).ok());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(RefusalIn(limits.Begin(li, kStart)).reason(), v1::RATE_EXCEEDED);
  }
  EXPECT_TRUE(limits.Begin(li, kStart + absl::Seconds(1)).ok());
}

TEST(Network, HoldsTheAddressesThatBeginLikeIt) {
  struct Row {
    const char* network;
    const char* address;
    bool holds;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"10.1.0.0/16", "10.1.255.3", true},
           {"10.1.0.0/16", "10.2.0.0", false},
           {"10.1.2.3", "10.1.2.3", true},
           {"10.1.2.3", "10.1.2.4", false},
           {"0.0.0.0/0", "8.8.8.8", true},
           {"0.0.0.0/0", "2001:db8::1", false},
           {"127.0.0.0/8", "::ffff:127.0.0.1", true},
           {"2001:db8::/32", "2001:db8:ffff::1", true},
           {"2001:db8::/33", "2001:db8:ffff::1", false},
           {"::1", "::1", true},
           {"::/0", "::1", true},
           {"10.0.0.0/8", "", false},
           {"10.0.0.0/8", "ten", false},
           {"10.0.0.0/8", "10.0.0.1:80", false},
       }) {
    const auto network = Network::Parse(row.network);
    ASSERT_TRUE(network.ok()) << row.network;
    EXPECT_EQ(network->Holds(row.address), row.holds)
        << row.network << " " << row.address;
  }
}

TEST(Network, WhatIsNoNetworkIsRefused) {
  for (const char* bad :
       {"", "10", "10.1.0.0/33", "10.1.0.1/16", "10.1.0.0/", "10.1.0.0/x",
        "10.1.0.0/-1", "10.1.0.0/16/3", "::/129", "2001:db8::1/32", "host",
        "010.1.1.1/08", "10.1.0.0/ 16"}) {
    EXPECT_EQ(Network::Parse(bad).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(Source, IsTheAddressOfThePeer) {
  EXPECT_EQ(SourceOf("ipv4:10.0.0.1:3456"), "10.0.0.1");
  EXPECT_EQ(SourceOf("ipv6:%5B::1%5D:3456"), "::1");
  EXPECT_EQ(SourceOf("ipv6:[2001:db8::1]:3456"), "2001:db8::1");
  EXPECT_EQ(SourceOf("ipv6:%5B::ffff:10.0.0.1%5D:1"), "10.0.0.1");
  EXPECT_EQ(SourceOf("unix:/run/gongkai/socket"), "");
  EXPECT_EQ(SourceOf("unix:"), "");
  EXPECT_EQ(SourceOf(""), "");
  EXPECT_EQ(SourceOf("ipv4:"), "");
}

TEST(Source, OnlyAProxyMaySayForWhomItCalls) {
  const auto proxies = *ParseNetworks({"10.9.0.0/24"});
  EXPECT_EQ(SourceBehind("10.9.0.1", "192.0.2.7", proxies), "192.0.2.7");
  // The last is what the proxy itself saw; the others anybody may have said.
  EXPECT_EQ(SourceBehind("10.9.0.1", "1.1.1.1, 192.0.2.7", proxies),
            "192.0.2.7");
  EXPECT_EQ(SourceBehind("10.9.0.1", "192.0.2.7 , 2001:DB8::7", proxies),
            "2001:db8::7");
  EXPECT_EQ(SourceBehind("10.8.0.1", "192.0.2.7", proxies), "10.8.0.1");
  EXPECT_EQ(SourceBehind("", "192.0.2.7", proxies), "");
  for (const char* odd : {"", " ", "unknown", "192.0.2.7,", "192.0.2.7:80"}) {
    EXPECT_EQ(SourceBehind("10.9.0.1", odd, proxies), "10.9.0.1") << odd;
  }
}

TEST(Source, OneCallerHasAWholeNetworkOfIpv6) {
  EXPECT_EQ(NeighbourhoodOf("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(NeighbourhoodOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(NeighbourhoodOf(""), "");
}

}  // namespace
}  // namespace gongkai::api
