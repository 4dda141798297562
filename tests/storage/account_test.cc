// SPDX-License-Identifier: Apache-2.0
// Accounts beside their streams: the row that follows an event, what one person
// or key may hold, secrets, and who can read any of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Digest(char c) { return std::string(32, c); }

// The event that follows `version` of an account's stream.
Append Opening(const std::string& agency, const std::string& account,
               const std::string& person, int post = 0, int64_t version = 0) {
  Append a = SampleAppend(agency, AccountStream(account), version);
  a.kind = StreamKind::kAccount;
  a.event.type = 70;
  a.account = AccountRow{account, person, 1, true, post, {}, false};
  return a;
}

class AccountContract : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Stores, AccountContract, BothStores(), KindName);

TEST_P(AccountContract, EveryEventOfAnAccountRaisesTheCount) {
  const int64_t before = Get(NewId()).revocation;
  ASSERT_EQ(Put(Opening(kAgencyA, "wang", "p1")), Appended::kAppended);
  EXPECT_EQ(Get(NewId()).revocation, before + 1);
  // What happens to cases does not.
  ASSERT_EQ(Put(SampleAppend(kAgencyA, NewId(), 0, "X-1")),
            Appended::kAppended);
  EXPECT_EQ(Get(NewId()).revocation, before + 1);
}

TEST_P(AccountContract, OnePersonHasOnePostInAllTheDatabase) {
  ASSERT_EQ(Put(Opening(kAgencyA, "sys", "p1", 11)), Appended::kAppended);
  EXPECT_EQ(Put(Opening(kAgencyA, "sec", "p1", 12)), Appended::kHeldElsewhere);
  EXPECT_EQ(Put(Opening(kAgencyB, "sys", "p1", 11)), Appended::kHeldElsewhere);
  // Nothing of it stays.
  EXPECT_EQ(Get(AccountStream("sec")).version, 0);
  EXPECT_EQ(Put(Opening(kAgencyA, "sec", "p2", 12)), Appended::kAppended);
  EXPECT_EQ(Put(Opening(kAgencyB, "wang", "p1")), Appended::kAppended);
  // Given back, it is free.
  ASSERT_EQ(Put(Opening(kAgencyA, "sys", "p1", 0, 1)), Appended::kAppended);
  EXPECT_EQ(Put(Opening(kAgencyB, "sys", "p1", 11)), Appended::kAppended);
}

TEST_P(AccountContract, OneKeyHasOneAccount) {
  Append a = Opening(kAgencyA, "wang", "p1");
  a.account->keys = {{AccountKey::Kind::kCertificate, Digest('c')},
                     {AccountKey::Kind::kSubject, Digest('s')}};
  ASSERT_EQ(Put(a), Appended::kAppended);
  Append other = Opening(kAgencyB, "li", "p2");
  other.account->keys = {{AccountKey::Kind::kSubject, Digest('s')}};
  EXPECT_EQ(Put(other), Appended::kHeldElsewhere);
  // The digest of another kind is another key.
  other.account->keys = {{AccountKey::Kind::kSubject, Digest('c')}};
  EXPECT_EQ(Put(other), Appended::kAppended);
  Append again = Opening(kAgencyA, "wang", "p1", 0, 1);
  again.account->keys = {{AccountKey::Kind::kCertificate, Digest('c')}};
  EXPECT_EQ(Put(again), Appended::kAppended);
}

TEST_P(AccountContract, TheRowOfAnAccountComesOnlyWithItsStream) {
  Append a = Opening(kAgencyA, "wang", "p1");
  a.stream = AccountStream("li");
  EXPECT_EQ(store().AppendAll({a}, Soon()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

class AccountTest : public PostgresTest {
 protected:
  std::string Owner(const std::string& sql) {
    return server().Run(owner_, sql);
  }
};

TEST_F(AccountTest, TheStreamIsNamedAlikeInTheDatabase) {
  for (const char* name : {"wang", "sys-admin.01", "a_b"}) {
    EXPECT_EQ(Owner(absl::StrCat("SELECT account_stream('", name, "')")),
              AccountStream(name));
  }
}

TEST_F(AccountTest, AccountsAreFoundByAgencyPersonAndKey) {
  Append a = Opening(kAgencyA, "wang", "p1");
  a.account->keys = {{AccountKey::Kind::kCertificate, Digest('c')}};
  ASSERT_EQ(Put(a), Appended::kAppended);
  ASSERT_EQ(Put(Opening(kAgencyA, "li", "p2")), Appended::kAppended);
  ASSERT_EQ(Put(Opening(kAgencyA, "zhao", "p3", 12)), Appended::kAppended);
  Append off = Opening(kAgencyB, "wang", "p1");
  off.account->active = false;
  off.account->kind = 2;
  ASSERT_EQ(Put(off), Appended::kAppended);

  const auto names = [](const auto& found) {
    std::vector<std::string> list;
    for (const FoundAccount& f : *found) list.push_back(f.agency + f.account);
    return list;
  };
  EXPECT_THAT(names(store().AccountsIn(kAgencyA, "", 2, Soon())),
              ElementsAre("SHGXWli", "SHGXWwang"));
  EXPECT_THAT(names(store().AccountsIn(kAgencyA, "wang", 2, Soon())),
              ElementsAre("SHGXWzhao"));
  const auto of = store().AccountsOf("p1", Soon());
  EXPECT_THAT(names(of), ElementsAre("BJJWwang", "SHGXWwang"));
  EXPECT_FALSE((*of)[0].active);
  EXPECT_EQ((*of)[0].kind, 2);
  EXPECT_EQ((*of)[0].last_sign_in, std::nullopt);
  EXPECT_EQ(store().AccountsIn(kAgencyA, "wang", 2, Soon())->at(0).post, 12);

  const auto with = store().AccountWith(
      {AccountKey::Kind::kCertificate, Digest('c')}, Soon());
  ASSERT_TRUE(with.ok() && with->has_value()) << with.status();
  EXPECT_EQ((*with)->account, "wang");
  EXPECT_EQ((*with)->agency, kAgencyA);
  EXPECT_EQ(
      *store().AccountWith({AccountKey::Kind::kSubject, Digest('c')}, Soon()),
      std::nullopt);
  // Keys go as they came.
  ASSERT_EQ(Put(Opening(kAgencyA, "wang", "p1", 0, 1)), Appended::kAppended);
  EXPECT_EQ(*store().AccountWith({AccountKey::Kind::kCertificate, Digest('c')},
                                 Soon()),
            std::nullopt);
}

TEST_F(AccountTest, APersonKeepsTheFirstIdentifier) {
  EXPECT_EQ(*store().PersonFor(Digest('a'), "p1", Soon()), "p1");
  EXPECT_EQ(*store().PersonFor(Digest('a'), "p2", Soon()), "p1");
  EXPECT_EQ(*store().PersonFor(Digest('b'), "p3", Soon()), "p3");
}

TEST_F(AccountTest, SecretsAreReplacedOneVersionAfterAnother) {
  EXPECT_EQ(store().ReadCredential(kAgencyA, "wang", Soon())->version, 0);
  const std::string first("one\0\xff", 5);
  EXPECT_TRUE(*store().PutCredential(kAgencyA, "wang", 0, first, Soon()));
  // Asked again after a lost answer, and by another.
  EXPECT_TRUE(*store().PutCredential(kAgencyA, "wang", 0, first, Soon()));
  EXPECT_FALSE(*store().PutCredential(kAgencyA, "wang", 0, "two", Soon()));
  EXPECT_EQ(store().ReadCredential(kAgencyA, "wang", Soon())->sealed, first);
  EXPECT_TRUE(*store().PutCredential(kAgencyA, "wang", 1, "two", Soon()));
  EXPECT_FALSE(*store().PutCredential(kAgencyA, "wang", 1, "three", Soon()));
  const auto read = store().ReadCredential(kAgencyA, "wang", Soon());
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->sealed, "two");
  EXPECT_EQ(store().ReadCredential(kAgencyB, "wang", Soon())->version, 0);
}

// A lost answer is asked for again by the store itself: the row is written
// once.
TEST_F(AccountTest, AnEventSentTwiceCountsOnce) {
  const Append a = Opening(kAgencyA, "wang", "p1");
  ASSERT_EQ(Put(a), Appended::kAppended);
  const int64_t count = *store().Revocation(Soon());
  EXPECT_EQ(Put(a), Appended::kAppended);
  EXPECT_EQ(*store().Revocation(Soon()), count);
  EXPECT_EQ(Owner("SELECT count(*) FROM account"), "1");
}

// The row of an account cannot be had without the event that says so, which is
// chained and goes into the log.
TEST_F(AccountTest, TheServiceCannotGiveAPostWithoutItsEvent) {
  ASSERT_EQ(Put(Opening(kAgencyA, "wang", "p1")), Appended::kAppended);
  const auto put = [&](const std::string& stream, int seq) {
    return server().Error(
        service_,
        absl::StrCat("SELECT set_config('gongkai.agency', 'SHGXW', false); "
                     "SELECT put_account('SHGXW', '",
                     stream, "', ", seq,
                     ", 'wang', 'p1', 1::smallint, true, 12::smallint, '{}', "
                     "'{}', false)"));
  };
  EXPECT_THAT(put(AccountStream("wang"), 2), HasSubstr("only with its event"));
  EXPECT_THAT(put(AccountStream("li"), 1), HasSubstr("only with its event"));
  // The event is there already: nothing is done again.
  EXPECT_EQ(put(AccountStream("wang"), 1), "");
  EXPECT_EQ(Owner("SELECT post FROM account"), "0");
  EXPECT_THAT(server().Error(service_, "UPDATE account SET post = 12"),
              HasSubstr("permission denied"));
  EXPECT_THAT(server().Error(service_, "SELECT raise_revocation()"),
              HasSubstr("permission denied"));
}

TEST_F(AccountTest, NoRoleButTheOwnerListsSecretsSessionsAndPersons) {
  const std::string auditor = server().Auditor(database_);
  for (const char* table : {"credential", "session", "used_refresh",
                            "sign_in_attempt", "used_token", "person"}) {
    for (const std::string& dsn : {service_, auditor}) {
      EXPECT_THAT(server().Error(dsn, absl::StrCat("SELECT * FROM ", table)),
                  HasSubstr("permission denied"))
          << table;
      EXPECT_THAT(server().Error(dsn, absl::StrCat("DELETE FROM ", table)),
                  HasSubstr("permission denied"))
          << table;
    }
  }
  EXPECT_THAT(server().Error(service_, "SELECT * FROM account_key"),
              HasSubstr("permission denied"));
  for (const char* call :
       {"read_credential('SHGXW', 'wang')", "session_by_access('')",
        "person_for('', '')", "use_once('', now())"}) {
    EXPECT_THAT(server().Error(auditor, absl::StrCat("SELECT * FROM ", call)),
                HasSubstr("permission denied"))
        << call;
  }
}

TEST_F(AccountTest, TheServiceSeesAccountsOfOneAgencyAtATime) {
  ASSERT_EQ(Put(Opening(kAgencyA, "wang", "p1")), Appended::kAppended);
  Append b = Opening(kAgencyB, "li", "p2");
  b.account->keys = {{AccountKey::Kind::kSubject, Digest('s')}};
  ASSERT_EQ(Put(b), Appended::kAppended);
  EXPECT_EQ(server().Run(service_,
                         "SELECT set_config('gongkai.agency', 'SHGXW', false); "
                         "SELECT string_agg(account, ',') FROM account"),
            "wang");
  EXPECT_EQ(server().Run(service_, "SELECT count(*) FROM account"), "0");
  const std::string auditor = server().Auditor(database_);
  EXPECT_EQ(server().Run(auditor, "SELECT count(*) FROM account"), "2");
  EXPECT_EQ(server().Run(auditor, "SELECT count(*) FROM account_key"), "1");
}

}  // namespace
}  // namespace gongkai::storage
