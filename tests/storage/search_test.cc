// SPDX-License-Identifier: Apache-2.0
// Search by phrase, and like applications.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SearchTest : public PostgresTest {
 protected:
  // Makes a case and returns its stream; cases are in the order of making.
  std::string Make(const std::string& number, const std::string& applicant,
                   const std::string& content,
                   const std::string& agency = kAgencyA) {
    Append a = SampleAppend(
        agency, NewUuid(absl::FromUnixSeconds(1'700'000'000 + made_++)), 0,
        number);
    a.limits = {SampleLimit(absl::CivilDay(2024, 3, 1))};
    a.text = SampleText(applicant, content);
    a.text->content_key = KeyOf(content.substr(0, 15));
    EXPECT_EQ(Put(a), Appended::kAppended);
    return a.stream;
  }

  std::vector<std::string> Find(const std::string& phrase, int limit = 10,
                                const std::string& after = "") {
    const auto found =
        store().Search(kAgencyA, phrase, Bigrams(phrase), limit, after, Soon());
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> numbers;
    for (const FoundText& f : found.value_or(std::vector<FoundText>{})) {
      numbers.push_back(f.found.number);
    }
    return numbers;
  }

  int made_ = 0;
};

TEST_F(SearchTest, APhraseIsFoundLiterallyNewestFirst) {
  Make("A-1", "赵甲一", "请公开征地补偿安置方案及GDP数据");
  Make("A-2", "钱乙二", "请公开政府采购合同");
  Make("A-3", "孙丙三", "补偿方案的征地部分");
  Make("B-1", "赵甲一", "请公开征地补偿安置方案", kAgencyB);
  EXPECT_THAT(Find("征地"), ElementsAre("A-3", "A-1"));
  EXPECT_THAT(Find("征地补偿"), ElementsAre("A-1"));
  EXPECT_THAT(Find("补偿征地"), IsEmpty());
  EXPECT_THAT(Find("GDP数据"), ElementsAre("A-1"));
  EXPECT_THAT(Find("GD"), ElementsAre("A-1"));
  EXPECT_THAT(Find("钱乙二"), ElementsAre("A-2"));
  EXPECT_THAT(Find("购"), ElementsAre("A-2"));
  EXPECT_THAT(Find("没有的话"), IsEmpty());
}

TEST_F(SearchTest, PagesGoOnAfterTheLastOne) {
  std::vector<std::string> streams;
  for (int i = 1; i <= 3; ++i) {
    streams.push_back(Make("A-" + std::to_string(i), "甲", "公开预算信息"));
  }
  EXPECT_THAT(Find("预算", 2), ElementsAre("A-3", "A-2"));
  EXPECT_THAT(Find("预算", 2, streams[1]), ElementsAre("A-1"));
}

TEST_F(SearchTest, AHitShowsTheWordsAroundThePhrase) {
  std::string content;
  for (int i = 0; i < 60; ++i) content += "长";
  Make("A-1", "赵甲一", content + "征地补偿" + content);
  const auto found =
      store().Search(kAgencyA, "征地", Bigrams("征地"), 10, "", Soon());
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  const FoundText& hit = (*found)[0];
  EXPECT_EQ(CodePoints(hit.excerpt), 40u);
  EXPECT_THAT(hit.excerpt, HasSubstr("长征地补偿长"));
  EXPECT_EQ(hit.applicant_name, "赵甲一");
  EXPECT_EQ(hit.found.row.officer, "wang");
  EXPECT_TRUE(hit.found.next.has_value());
}

TEST_F(SearchTest, ChangedWordsReplaceTheOldOnes) {
  const std::string stream = Make("A-1", "甲", "公开征地方案");
  Append a = SampleAppend(kAgencyA, stream, 1);
  a.text = SampleText("甲", "公开预算草案");
  ASSERT_EQ(Put(a), Appended::kAppended);
  EXPECT_THAT(Find("征地"), IsEmpty());
  EXPECT_THAT(Find("预算"), ElementsAre("A-1"));
}

TEST_F(SearchTest, LikeCasesAreBestFirstAndOfAllApplicants) {
  const std::string own =
      Make("A-1", "甲", "申请公开2024年智能传感器产业高质量发展的若干措施");
  Make("A-2", "乙", "申请公开2024年智能传感器产业高质量发展若干措施全文");
  Make("A-3", "甲", "申请公开智能传感器产业的若干措施");
  Make("A-4", "丙", "请提供中小企业认定名单的公示稿");
  Make("B-1", "乙", "申请公开2024年智能传感器产业高质量发展的若干措施",
       kAgencyB);
  const auto found = store().Similar(kAgencyA, own, 10, Soon());
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].found.number, "A-2");
  EXPECT_FALSE((*found)[0].same_applicant);
  EXPECT_EQ((*found)[1].found.number, "A-3");
  EXPECT_TRUE((*found)[1].same_applicant);
  EXPECT_GT((*found)[0].score, (*found)[1].score);
  EXPECT_GE((*found)[1].score, 0.2);
  EXPECT_THAT((*found)[0].content, HasSubstr("若干措施全文"));
}

TEST_F(SearchTest, LikeCasesAreFoundByTheirRareWords) {
  for (int i = 0; i < 300; ++i) {
    Make("N-" + std::to_string(i), "丁" + std::to_string(i),
         "申请公开贵单位的政府信息第" + std::to_string(i) + "号");
  }
  server().Run(owner_, "ANALYZE case_text");
  const std::string own =
      Make("A-1", "甲", "申请公开贵单位的政府信息以及轨道交通线路规划");
  Make("A-2", "乙", "申请公开贵单位的政府信息以及轨道交通规划");
  const auto found = store().Similar(kAgencyA, own, 1, Soon());
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].found.number, "A-2");
}

TEST_F(SearchTest, EarlierCasesOfTheApplicantAndOthersWithTheSameWords) {
  Make("A-1", "甲", "公开预算草案的文本");
  Make("A-2", "甲", "公开征地补偿安置方案");
  Make("A-3", "乙", "公开征地补偿的安置方案");
  Make("A-4", "丙", "公开征地补偿安置方案");
  Make("A-5", "丙", "公开征地补偿安置方案");
  const std::string own = Make("A-6", "甲", "公开征地补偿安置方案");
  Make("A-7", "甲", "公开征地补偿安置方案");
  Make("A-8", "丁", "公开征地补偿安置方案");
  const auto earlier = store().EarlierOf(kAgencyA, own, Soon());
  ASSERT_TRUE(earlier.ok()) << earlier.status();
  ASSERT_EQ(earlier->same_applicant.size(), 2u);
  EXPECT_EQ(earlier->same_applicant[0].found.number, "A-2");
  EXPECT_EQ(earlier->same_applicant[0].score, 1);
  EXPECT_EQ(earlier->same_applicant[1].found.number, "A-1");
  EXPECT_EQ(earlier->other_applicants, 2);
}

// What the functions' own statements do, as the service runs them.
class PlanTest : public SearchTest {
 protected:
  void SetUp() override {
    // Enough rows that reading them all is plainly the worse way.
    server().Run(
        owner_,
        "INSERT INTO stream SELECT 'SHGXW', gen_random_uuid(), 1, now(), null, "
        "'2024-02-01', 1, 3, 0, 1, 'N-' || i, '', 'wang', 'XXGK', 'CN' "
        "FROM generate_series(1, 5000) AS i;"
        "INSERT INTO case_limit SELECT agency_id, stream_id, '2024-02-01', "
        "'2024-03-01'::date + (random() * 100)::int, 5, 1, 1, 1, false, true "
        "FROM stream;"
        "INSERT INTO case_text SELECT agency_id, stream_id, '2024-02-01', "
        "'a', 'c', 'n', 'content', array_to_tsvector(ARRAY['公开', number]) "
        "FROM stream; ANALYZE");
  }

  // The plans of all statements within `sql`, run as the service after the
  // connection has run it often enough to keep a plan.
  std::string Plans(const std::string& sql) {
    struct Listener : pqxx::errorhandler {
      using errorhandler::errorhandler;
      bool operator()(const char message[]) noexcept override {
        text += message;
        return false;
      }
      std::string text;
    };
    pqxx::connection connection(server().Superuser(database_));
    Listener listener(connection);
    pqxx::nontransaction tx(connection);
    tx.exec(
        "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; "
        "SET auto_explain.log_nested_statements = on; "
        "SET auto_explain.log_analyze = on; SET ROLE gongkai_service; "
        "SET plan_cache_mode = force_generic_plan; "
        "SET enable_seqscan = off; SET jit = off");
    for (int i = 0; i < 6; ++i) tx.exec(sql);
    tx.exec("SET client_min_messages = log");
    tx.exec(sql);
    return listener.text;
  }
};

TEST_F(PlanTest, TheWorklistWalksItsIndexAndReadsOnlyThePage) {
  const std::string plans = Plans(
      "SELECT * FROM list_worklist('SHGXW', '2024-04-01', '-infinity', "
      "'00000000-0000-0000-0000-000000000000', 50)");
  EXPECT_THAT(plans, AllOf(HasSubstr("using case_limit_worklist"),
                           HasSubstr("stream_pkey"), Not(HasSubstr("Seq Scan")),
                           Not(HasSubstr("Hash Join"))));
  EXPECT_THAT(plans, Not(HasSubstr("rows=5000 loops"))) << plans;
}

TEST_F(PlanTest, TheOverdueOfOneOfficerUseAnIndex) {
  EXPECT_THAT(Plans("SELECT * FROM list_by_due('SHGXW', null, 'wang', null, "
                    "'2024-04-01', null, null, null, null, false, "
                    "'-infinity', '00000000-0000-0000-0000-000000000000', 50)"),
              AllOf(HasSubstr("Index"), Not(HasSubstr("Seq Scan"))));
}

TEST_F(PlanTest, ARarePhraseUsesTheIndexOfWords) {
  EXPECT_THAT(Plans("SELECT * FROM search_phrase('SHGXW', '公开', "
                    "'''公开'' & ''N-77''', null, 50)"),
              AllOf(HasSubstr("case_text_grams"), Not(HasSubstr("Seq Scan"))));
}

TEST_F(PlanTest, LoadAndAppendUseTheirKeys) {
  const std::string stream = Make("A-1", "甲", "公开征地补偿");
  EXPECT_THAT(Plans("SELECT count(*) FROM load_history('SHGXW', null, 'A-1', "
                    "gen_random_uuid(), true)"),
              AllOf(HasSubstr("stream_agency_id_number_key"),
                    HasSubstr("event_pkey"), HasSubstr("private_part_pkey"),
                    HasSubstr("request_pkey"), Not(HasSubstr("Seq Scan"))));
}

}  // namespace
}  // namespace gongkai::storage
