// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_STORAGE_STORE_TEST_H_
#define GONGKAI_TESTS_STORAGE_STORE_TEST_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "storage/memory/memory_store.h"
#include "storage/postgres/postgres_store.h"
#include "tests/storage/samples.h"
#include "tests/support/temp_postgres.h"

// Fixtures of the tests of stores.
namespace gongkai::storage {

struct Kind {
  const char* name;
  bool postgres;
};

// A store of either kind behind all its interfaces.
struct House {
  explicit House(bool postgres) {
    if (postgres) {
      auto& server = test::TempPostgres::Shared();
      auto s = std::make_shared<PostgresStore>(
          server.Service(server.NewDatabase()), 8);
      store = s, index = s, log = s, jobs = s;
    } else {
      auto s = std::make_shared<MemoryStore>();
      store = s, index = s, log = s, jobs = s;
    }
  }
  std::shared_ptr<Store> store;
  std::shared_ptr<Index> index;
  std::shared_ptr<Log> log;
  std::shared_ptr<JobBook> jobs;
};

// A fresh store of either kind.
class StoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  Store& store() { return *house_.store; }

  Appended Put(const Append& append) {
    const auto appended = store().AppendAll({append}, Soon());
    EXPECT_TRUE(appended.ok()) << appended.status();
    return appended.value_or(Appended::kStale);
  }

  History Get(const std::string& stream, const std::string& request = "",
              const std::string& agency = kAgencyA) {
    const auto history =
        store().LoadStream(agency, stream, request, true, Soon());
    EXPECT_TRUE(history.ok()) << history.status();
    return history.value_or(History{});
  }

  House house_{GetParam().postgres};
};

inline auto BothStores() {
  return ::testing::Values(Kind{"Memory", false}, Kind{"Postgres", true});
}
inline std::string KindName(const ::testing::TestParamInfo<Kind>& kind) {
  return kind.param.name;
}

// A fresh database, and the store in it.
class PostgresTest : public ::testing::Test {
 protected:
  test::TempPostgres& server() { return test::TempPostgres::Shared(); }
  PostgresStore& store() { return store_; }

  Appended Put(const Append& append) {
    const auto appended = store_.AppendAll({append}, Soon());
    EXPECT_TRUE(appended.ok()) << appended.status();
    return appended.value_or(Appended::kStale);
  }

  const std::string database_ = server().NewDatabase();
  const std::string owner_ = server().Owner(database_);
  const std::string service_ = server().Service(database_);
  PostgresStore store_{service_, 8};
};

}  // namespace gongkai::storage

#endif  // GONGKAI_TESTS_STORAGE_STORE_TEST_H_
