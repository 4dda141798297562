// SPDX-License-Identifier: Apache-2.0
// Inboxes: each thing said once, in the order in which it can be read, and each
// mail lent to one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gongkai/v1/report.pb.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'709'251'200);
constexpr absl::CivilDay kDay(2024, 3, 1);

class InboxTest : public PostgresTest {
 protected:
  InboxBook& inbox() { return store(); }

  // Of the limit `ordinal` of one case.
  static InboxEntry Reminder(const std::string& account, int ordinal,
                             const std::string& agency = kAgencyA) {
    InboxEntry e;
    e.id = NewId();
    e.agency = agency;
    e.account = account;
    e.kind = v1::REMIND_LIMIT;
    e.stream = "018df1f0-0000-7000-8000-000000000001";
    e.number = "X-1";
    e.limit_kind = 5;
    e.ordinal = ordinal;
    e.due = kDay + 3;
    e.rule_days = 3;
    e.left = 3;
    e.remind_date = kDay;
    e.made_time = kNow;
    return e;
  }
  static InboxEntry Digest(const std::string& account, absl::CivilDay day) {
    InboxEntry e;
    e.id = NewId();
    e.agency = kAgencyA;
    e.account = account;
    e.kind = v1::REMIND_DIGEST;
    e.overdue = 1;
    e.red = 2;
    e.yellow = 3;
    e.remind_date = day;
    e.made_time = kNow;
    return e;
  }

  int PutIn(const std::vector<InboxEntry>& entries) {
    const auto put = inbox().PutEntries(entries, Soon());
    EXPECT_TRUE(put.ok()) << put.status();
    return put.value_or(-1);
  }
  std::vector<InboxEntry> Read(const std::string& account, bool unread = false,
                               int64_t before = 0, int limit = 1000,
                               const std::string& agency = kAgencyA) {
    const auto read =
        inbox().Inbox(agency, account, unread, before, limit, Soon());
    EXPECT_TRUE(read.ok()) << read.status();
    return read.value_or(std::vector<InboxEntry>{});
  }
  std::vector<InboxEntry> After(const std::string& account, int64_t after,
                                int limit = 1000) {
    const auto read =
        inbox().InboxAfter(kAgencyA, account, after, limit, Soon());
    EXPECT_TRUE(read.ok()) << read.status();
    return read.value_or(std::vector<InboxEntry>{});
  }
  std::vector<InboxEntry> Take(int limit, absl::Time now) {
    const auto taken = inbox().TakeMails(limit, now, absl::Minutes(5), Soon());
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.value_or(std::vector<InboxEntry>{});
  }
};

TEST_F(InboxTest, AnEntryComesBackAsItWasPutIn) {
  InboxEntry put = Reminder("li", 2);
  put.mail_to = "li@example.gov.cn";
  put.left = -4;
  InboxEntry digest = Digest("li", kDay);
  ASSERT_EQ(PutIn({put, digest}), 2);
  const auto read = Read("li");
  ASSERT_EQ(read.size(), 2u);
  const InboxEntry& limit = read[1];
  EXPECT_GT(limit.place, 0);
  EXPECT_EQ(limit.id, put.id);
  EXPECT_EQ(limit.agency, kAgencyA);
  EXPECT_EQ(limit.account, "li");
  EXPECT_EQ(limit.kind, v1::REMIND_LIMIT);
  EXPECT_EQ(limit.stream, put.stream);
  EXPECT_EQ(limit.number, "X-1");
  EXPECT_EQ(limit.limit_kind, 5);
  EXPECT_EQ(limit.ordinal, 2);
  EXPECT_EQ(limit.due, put.due);
  EXPECT_EQ(limit.rule_days, 3);
  EXPECT_EQ(limit.left, -4);
  EXPECT_EQ(limit.remind_date, kDay);
  EXPECT_EQ(limit.made_time, kNow);
  EXPECT_FALSE(limit.read_time.has_value());
  EXPECT_EQ(limit.mail_to, "li@example.gov.cn");
  EXPECT_EQ(limit.attempts, 0);
  EXPECT_EQ(read[0].kind, v1::REMIND_DIGEST);
  EXPECT_EQ(read[0].stream, "");
  EXPECT_FALSE(read[0].due.has_value());
  EXPECT_EQ(read[0].overdue, 1);
  EXPECT_EQ(read[0].red, 2);
  EXPECT_EQ(read[0].yellow, 3);
  EXPECT_EQ(inbox().LastPlace(Soon()).value(), read[0].place);
}

TEST_F(InboxTest, WhatIsThereIsNotPutInAgain) {
  EXPECT_EQ(inbox().LastPlace(Soon()).value(), 0);
  EXPECT_EQ(PutIn({}), 0);
  EXPECT_EQ(PutIn({Reminder("li", 1), Digest("li", kDay)}), 2);
  const int64_t last = inbox().LastPlace(Soon()).value();
  EXPECT_EQ(PutIn({Reminder("li", 1), Digest("li", kDay)}), 0);
  EXPECT_EQ(inbox().LastPlace(Soon()).value(), last);
  // Each of these differs in one thing.
  InboxEntry due = Reminder("li", 1), rule = due, kind = due, stream = due,
             none = due;
  due.due = kDay + 4;
  rule.rule_days = 1;
  kind.limit_kind = 6;
  stream.stream = NewId();
  none.due.reset();
  for (InboxEntry* e : {&rule, &kind, &stream, &none}) e->id = NewId();
  EXPECT_EQ(PutIn({due, rule, kind, stream, none, Reminder("wang", 1),
                   Reminder("li", 2), Reminder("li", 1, kAgencyB),
                   Digest("li", kDay + 1), Digest("wang", kDay)}),
            10);
  none.id = NewId();
  EXPECT_EQ(PutIn({none, Reminder("li", 2), Reminder("li", 2)}), 0);
  EXPECT_EQ(Read("li").size(), 9u);
}

// A watch that goes on after the last place it saw misses nothing, and what
// eight write at once is there once.
TEST_F(InboxTest, EightWritersAndAWatchSeeEachEntryOnceInOrder) {
  constexpr int kEntries = 120;
  std::atomic<int> put = 0, writing = 8;
  std::vector<std::thread> writers;
  for (int w = 0; w < 8; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kEntries; ++i) {
        // All write the same, each from another end.
        const int n = (i + w * 15) % kEntries;
        put += PutIn({Reminder("li", n), Reminder("li", n + 1)});
      }
      --writing;
    });
  }
  std::vector<InboxEntry> seen;
  while (true) {
    const bool last = writing == 0;
    const auto more =
        After("li", seen.empty() ? 0 : seen.back().place, /*limit=*/7);
    seen.insert(seen.end(), more.begin(), more.end());
    if (last && more.empty()) break;
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(put, kEntries + 1);
  ASSERT_EQ(seen.size(), static_cast<size_t>(kEntries + 1));
  std::set<int> ordinals;
  for (size_t i = 0; i < seen.size(); ++i) {
    ordinals.insert(seen[i].ordinal);
    if (i > 0) {
      EXPECT_LT(seen[i - 1].place, seen[i].place);
    }
  }
  EXPECT_EQ(ordinals.size(), seen.size());
}

TEST_F(InboxTest, PagesCoverTheInboxOnceNewestFirst) {
  std::vector<InboxEntry> entries;
  for (int i = 0; i < 25; ++i) entries.push_back(Reminder("li", i));
  ASSERT_EQ(PutIn(entries), 25);
  std::vector<int> ordinals;
  int64_t before = 0;
  while (true) {
    const auto page = Read("li", false, before, 4);
    if (page.empty()) break;
    ASSERT_LE(page.size(), 4u);
    for (const InboxEntry& e : page) ordinals.push_back(e.ordinal);
    before = page.back().place;
  }
  ASSERT_EQ(ordinals.size(), 25u);
  for (int i = 0; i < 25; ++i)
    EXPECT_EQ(ordinals[static_cast<size_t>(i)], 24 - i);
}

TEST_F(InboxTest, EachReadsAndMarksItsOwn) {
  const InboxEntry mine = Reminder("li", 1), other = Reminder("li", 2),
                   wang = Reminder("wang", 1),
                   away = Reminder("li", 1, kAgencyB);
  ASSERT_EQ(PutIn({mine, other, wang, away}), 4);
  const auto unread = [&](const char* agency, const char* account) {
    return inbox().CountUnread(agency, account, Soon()).value_or(-1);
  };
  EXPECT_EQ(unread(kAgencyA, "li"), 2);
  const auto mark = [&](const std::vector<std::string>& ids, absl::Time now) {
    return inbox().MarkRead(kAgencyA, "li", ids, now, Soon()).value_or(-1);
  };
  // Those of another account or agency stay as they are.
  EXPECT_EQ(mark({wang.id, away.id}, kNow), 0);
  EXPECT_EQ(mark({mine.id, wang.id, NewId()}, kNow), 1);
  EXPECT_EQ(mark({mine.id}, kNow + absl::Hours(1)), 0);
  EXPECT_EQ(unread(kAgencyA, "li"), 1);
  const auto left = Read("li", true);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].id, other.id);
  EXPECT_EQ(mark({}, kNow + absl::Hours(2)), 1);
  EXPECT_THAT(Read("li", true), IsEmpty());
  const auto read = Read("li");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].read_time, kNow + absl::Hours(2));
  EXPECT_EQ(read[1].read_time, kNow);
  EXPECT_EQ(unread(kAgencyA, "wang"), 1);
  EXPECT_EQ(unread(kAgencyB, "li"), 1);
}

TEST_F(InboxTest, EightTakersLendEachMailOnce) {
  std::vector<InboxEntry> entries;
  for (int i = 0; i < 100; ++i) {
    // Of both agencies; some get no mail.
    entries.push_back(Reminder("li", i, i % 2 == 0 ? kAgencyA : kAgencyB));
    if (i % 10 != 0) entries.back().mail_to = "li@example.gov.cn";
  }
  ASSERT_EQ(PutIn(entries), 100);
  std::vector<std::vector<InboxEntry>> taken(8);
  std::vector<std::thread> takers;
  for (size_t t = 0; t < taken.size(); ++t) {
    takers.emplace_back([&, t] {
      while (true) {
        const auto some = Take(3, kNow);
        if (some.empty()) return;
        for (size_t i = 1; i < some.size(); ++i) {
          EXPECT_LT(some[i - 1].place, some[i].place);
        }
        taken[t].insert(taken[t].end(), some.begin(), some.end());
      }
    });
  }
  for (std::thread& taker : takers) taker.join();
  std::set<std::string> ids;
  size_t count = 0;
  for (const auto& some : taken) {
    for (const InboxEntry& e : some) {
      ids.insert(e.id);
      EXPECT_EQ(e.attempts, 1);
      EXPECT_EQ(e.mail_to, "li@example.gov.cn");
      ++count;
    }
  }
  EXPECT_EQ(count, 90u);
  EXPECT_EQ(ids.size(), 90u);
}

TEST_F(InboxTest, AMailIsLentAgainAfterItsLeaseUntilItIsDoneOrGivenUp) {
  std::vector<InboxEntry> entries;
  for (int i = 0; i < 3; ++i) {
    entries.push_back(Reminder("li", i));
    entries.back().mail_to = "li@example.gov.cn";
    entries.back().made_time = kNow + absl::Seconds(i);
  }
  ASSERT_EQ(PutIn(entries), 3);
  const auto taken = [&](absl::Duration later) {
    std::vector<int> ordinals;
    for (const InboxEntry& e : Take(10, kNow + later)) {
      ordinals.push_back(e.ordinal);
    }
    return ordinals;
  };
  const auto waiting = [&] { return inbox().MailsWaiting(Soon()).value(); };
  EXPECT_THAT(taken(absl::ZeroDuration()), ElementsAre(0, 1, 2));
  EXPECT_THAT(taken(absl::Minutes(4)), IsEmpty());
  EXPECT_EQ(waiting().waiting, 3);
  EXPECT_EQ(waiting().oldest, kNow);
  ASSERT_TRUE(inbox().MailDone(kAgencyA, entries[0].id, kNow, Soon()).ok());
  ASSERT_TRUE(inbox()
                  .MailFailed(kAgencyA, entries[1].id, kNow + absl::Hours(1),
                              kNow, Soon())
                  .ok());
  EXPECT_EQ(waiting().waiting, 2);
  EXPECT_EQ(waiting().oldest, kNow + absl::Seconds(1));
  // The third was never answered for: its lease is over.
  EXPECT_THAT(taken(absl::Minutes(5)), ElementsAre(2));
  EXPECT_THAT(taken(absl::Hours(1)), ElementsAre(1, 2));
  ASSERT_TRUE(
      inbox()
          .MailFailed(kAgencyA, entries[1].id, std::nullopt, kNow, Soon())
          .ok());
  EXPECT_EQ(waiting().waiting, 1);
  const auto again = Take(10, kNow + absl::Hours(100'000));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].ordinal, 2);
  EXPECT_EQ(again[0].attempts, 4);
  // Another agency's name opens nothing.
  ASSERT_TRUE(inbox().MailDone(kAgencyB, entries[2].id, kNow, Soon()).ok());
  EXPECT_EQ(waiting().waiting, 1);
  ASSERT_TRUE(inbox().MailDone(kAgencyA, entries[2].id, kNow, Soon()).ok());
  EXPECT_EQ(waiting().waiting, 0);
  EXPECT_FALSE(waiting().oldest.has_value());
}

TEST_F(InboxTest, AMailGivenBackDoesNotCount) {
  InboxEntry mail = Reminder("li", 1);
  mail.mail_to = "li@example.gov.cn";
  ASSERT_EQ(PutIn({mail}), 1);
  ASSERT_EQ(Take(1, kNow).size(), 1u);
  ASSERT_TRUE(
      inbox()
          .GiveBackMail(kAgencyA, mail.id, kNow + absl::Minutes(1), Soon())
          .ok());
  EXPECT_THAT(Take(1, kNow), IsEmpty());
  const auto again = Take(1, kNow + absl::Minutes(1));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].attempts, 1);
}

TEST_F(InboxTest, TheServiceChangesNothingButWhatWasReadAndMailed) {
  ASSERT_EQ(PutIn({Reminder("li", 1), Reminder("li", 1, kAgencyB)}), 2);
  for (const char* statement :
       {"INSERT INTO inbox (agency_id) VALUES ('SHGXW')", "DELETE FROM inbox",
        "UPDATE inbox SET place = 9", "UPDATE inbox SET mail_to = 'x'",
        "UPDATE inbox_place SET last = 9"}) {
    EXPECT_THAT(server().Error(service_, statement),
                HasSubstr("permission denied"))
        << statement;
  }
  EXPECT_EQ(server().Run(service_,
                         "SELECT set_config('gongkai.agency', 'SHGXW', false); "
                         "SELECT count(*) FROM inbox"),
            "1");
}

}  // namespace
}  // namespace gongkai::storage
