// SPDX-License-Identifier: Apache-2.0
// Each rule of tidy_test.cc held against a sample that breaks it, and beside
// it one that does not.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gongkai/v1/act.pb.h"
#include "gongkai/v1/options.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "tests/tidy/includes.h"
#include "tests/tidy/proto_rules.h"
#include "tests/tidy/source.h"
#include "tests/tidy/text_rules.h"

namespace gongkai::tidy {
namespace {

namespace pb = google::protobuf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kSpdx[] = "// SPDX-License-Identifier: Apache-2.0\n";

std::string Repeated(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line;
  return text;
}

TEST(TidySelf, AForbiddenIncludeIsFound) {
  const auto includes = [](const char* path, const std::string& what) {
    return CheckIncludes({{path, "#include " + what + "\n"}});
  };
  EXPECT_THAT(includes("services/law/a.cc", "\"services/base/clock.h\""),
              ElementsAre(HasSubstr("services/law/a.cc:1:")));
  EXPECT_THAT(includes("services/law/a.cc", "\"services/base/dates.h\""),
              IsEmpty());
  EXPECT_THAT(includes("services/base/a.h", "\"services/law/limits.h\""),
              ElementsAre(HasSubstr("may not include")));
  EXPECT_THAT(includes("services/act/a.cc", "<pqxx/pqxx>"),
              ElementsAre(HasSubstr("pqxx/pqxx")));
  EXPECT_THAT(includes("storage/postgres/a.cc", "<pqxx/pqxx>"), IsEmpty());
  EXPECT_THAT(includes("services/act/a.h", "\"storage/postgres/session.h\""),
              ElementsAre(HasSubstr("storage/postgres")));
  EXPECT_THAT(includes("services/act/a.h", "\"storage/store.h\""), IsEmpty());
  EXPECT_THAT(
      includes("services/jobs/a.cc", "\"gongkai/v1/case_service.grpc.pb.h\""),
      ElementsAre(HasSubstr("grpc")));
  EXPECT_THAT(includes("services/api/a.cc", "<grpcpp/grpcpp.h>"), IsEmpty());
  EXPECT_THAT(includes("services/casework/a.cc", "<chrono>"),
              ElementsAre(HasSubstr("chrono")));
  EXPECT_THAT(includes("elsewhere/a.cc", "<string>"),
              ElementsAre(HasSubstr("outside the rooms")));
}

TEST(TidySelf, AMissingLicenceIsFound) {
  EXPECT_THAT(CheckLicence({{"services/a.cc", "int x;\n"}}),
              ElementsAre(HasSubstr("services/a.cc:1:")));
  EXPECT_THAT(CheckLicence({{"ops/a", "#!/bin/sh\necho\n"}}),
              ElementsAre(HasSubstr("ops/a:2:")));
  EXPECT_THAT(CheckLicence({{"services/a.cc", kSpdx}, {"a.csv", "x,y\n"}}),
              IsEmpty());
}

TEST(TidySelf, ALongFileIsFound) {
  EXPECT_THAT(CheckLength({{"services/a.cc", Repeated("int x;\n", 401)}}),
              ElementsAre(HasSubstr("401 lines")));
  EXPECT_THAT(CheckLength({{"tests/a.cc", Repeated("int x;\n", 601)}}),
              ElementsAre(HasSubstr("601 lines")));
  EXPECT_THAT(CheckLength({{"services/a.cc", Repeated("int x;\n", 400)},
                           {"data/a.csv", Repeated("1,2\n", 9000)}}),
              IsEmpty());
}

TEST(TidySelf, ALongLineIsFound) {
  EXPECT_THAT(CheckColumns({{"services/a.cc", Repeated("x", 101) + "\n"}}),
              ElementsAre(HasSubstr("a.cc:1:")));
  // A hundred Chinese characters are a hundred columns, not three hundred.
  EXPECT_THAT(CheckColumns({{"services/a.cc", Repeated("期", 100) + "\n"}}),
              IsEmpty());
}

TEST(TidySelf, AForbiddenWordIsFound) {
  const auto words = [](const std::string& text) {
    return CheckWords({{"README.md", text}});
  };
  EXPECT_THAT(words(std::string("a TO") + "DO here\n"),
              ElementsAre(HasSubstr("left for later")));
  EXPECT_THAT(words(std::string("see /ho") + "me/wang/a.cc\n"),
              ElementsAre(HasSubstr("one machine")));
  EXPECT_THAT(words(std::string("https://registry.np") + "mjs.org\n"),
              ElementsAre(HasSubstr("registry")));
  EXPECT_THAT(words("nothing to do, at /usr/bin and in storage/root/\n"),
              IsEmpty());
}

TEST(TidySelf, SqlInTheWrongPlaceIsFound) {
  const std::string query = "auto q = \"SELECT 1 FROM cases\";\n";
  EXPECT_THAT(CheckSql({{"services/act/a.cc", query}}),
              ElementsAre(HasSubstr("outside storage/")));
  EXPECT_THAT(CheckSql({{"storage/postgres/a.cc", query},
                        {"services/act/b.cc", "// INSERT INTO the list\n"}}),
              IsEmpty());
}

TEST(TidySelf, ACatchInTheWrongPlaceIsFound) {
  const std::string text = "try { f(); } catch (const E& e) {}\n";
  EXPECT_THAT(CheckCatch({{"services/api/a.cc", text}}),
              ElementsAre(HasSubstr("a.cc:1:")));
  EXPECT_THAT(CheckCatch({{"storage/postgres/session.cc", text},
                          {"services/api/b.cc", "// catch (it)\n"}}),
              IsEmpty());
}

TEST(TidySelf, AClockInTheLawIsFound) {
  EXPECT_THAT(CheckPurity({{"services/law/a.cc", "auto t = absl::Now();\n"}}),
              ElementsAre(HasSubstr("absl::Now")));
  EXPECT_THAT(
      CheckPurity({{"services/law/a.cc", "// absl::Now() is not asked\n"},
                   {"services/jobs/a.cc", "auto t = absl::Now();\n"}}),
      IsEmpty());
}

TEST(TidySelf, ADocumentThatIsNotThereIsFound) {
  EXPECT_THAT(CheckDocuments({{"a.cc", std::string("see GONE.m") + "d\n"}}),
              ElementsAre(HasSubstr("no such document")));
  EXPECT_THAT(CheckDocuments(
                  {{"a.cc", "see README.md\n"}, {"ops/README.md", "# ops\n"}}),
              IsEmpty());
}

TEST(TidySelf, ATestThatIsNotThereIsFound) {
  const Source proof{"tests/a/a_test.cc", "TEST_F(WallTest, Holds) {}\n"};
  EXPECT_THAT(CheckNamedTests({{"ops/security.md", "`WallTest.Falls`"}, proof}),
              ElementsAre(HasSubstr("no such test: WallTest.Falls")));
  EXPECT_THAT(CheckNamedTests({{"ops/security.md", "`WallTest.Holds`"}, proof}),
              IsEmpty());
}

TEST(TidySelf, AWeakAlgorithmIsFound) {
  EXPECT_THAT(CheckAlgorithms({{"services/a.cc", "Digest(EVP_md5());\n"}}),
              ElementsAre(HasSubstr("not to be used")));
  EXPECT_THAT(CheckAlgorithms({{"services/a.cc", "Fetch(\"SHA1\");\n"}}),
              ElementsAre(HasSubstr("not to be used")));
  EXPECT_THAT(CheckAlgorithms({{"services/auth/totp.cc", "EVP_sha1()\n"},
                               {"services/a.cc", "EVP_sha256()\n"}}),
              IsEmpty());
}

TEST(TidySelf, AFolderWithoutReadmeIsFound) {
  EXPECT_THAT(CheckReadmes(
                  {{"services/law/limits.cc", ""}, {"services/README.md", ""}}),
              ElementsAre("services/law/README.md:1: missing"));
}

TEST(TidySelf, AnUndocumentedFieldIsFound) {
  const auto check = [](const std::string& text) {
    return CheckContractComments({{"proto/a.proto", text}});
  };
  EXPECT_THAT(check("message A {\n}\n"), ElementsAre(HasSubstr(":1:")));
  EXPECT_THAT(check("// An A.\nmessage A {\n  int32 x = 1;\n\n"
                    "  int32 y = 2;\n}\n"),
              ElementsAre(HasSubstr("int32 y = 2;")));
  EXPECT_THAT(check("// An A.\nmessage A {\n  // Both.\n  int32 x = 1;\n"
                    "  int32 y = 2;\n}\n"),
              IsEmpty());
  EXPECT_THAT(
      check("// An E.\nenum E {\n  E_UNSPECIFIED = 0;\n\n  B = 2;\n}\n"),
      ElementsAre(HasSubstr("B = 2")));
  EXPECT_THAT(check("// An S.\nservice S {\n  rpc Do(A) returns (A);\n}\n"),
              ElementsAre(HasSubstr("rpc Do")));
}

// A message `Sample` with one string field that carries `rule`.
Findings StringWith(const v1::FieldRule& rule) {
  pb::FileDescriptorProto file;
  file.set_name("sample.proto");
  file.set_syntax("proto3");
  file.add_dependency("gongkai/v1/options.proto");
  pb::DescriptorProto* message = file.add_message_type();
  message->set_name("Sample");
  pb::FieldDescriptorProto* field = message->add_field();
  field->set_name("text");
  field->set_number(1);
  field->set_type(pb::FieldDescriptorProto::TYPE_STRING);
  field->set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  *field->mutable_options()->MutableExtension(v1::rule) = rule;
  v1::FieldRule::descriptor();  // Makes sure that options.proto is loaded.
  pb::DescriptorPool pool(pb::DescriptorPool::generated_pool());
  const pb::FileDescriptor* built = pool.BuildFile(file);
  if (built == nullptr) return {"the sample does not build"};
  return CheckPersonalStrings(*built);
}

TEST(TidySelf, AFreeTextThatCannotBeErasedIsFound) {
  v1::FieldRule rule;
  EXPECT_THAT(StringWith(rule), ElementsAre(HasSubstr("Sample.text")));
  rule.set_personal(true);
  EXPECT_THAT(StringWith(rule), IsEmpty());
  rule.set_format(v1::DATE);
  EXPECT_THAT(StringWith(rule), ElementsAre(HasSubstr("one of them")));
  rule.set_personal(false);
  EXPECT_THAT(StringWith(rule), IsEmpty());
}

TEST(TidySelf, AnActWithoutRowOrStoryIsFound) {
  const size_t acts = v1::Act::descriptor()->field_count();
  EXPECT_EQ(CheckActsCovered(*v1::Act::descriptor(), {}).size(), 2 * acts);
  const std::vector<Source> some = {
      {"services/casework/statute.cc", "{v1::Act::kReceive},\n"},
      {"data/stories/a.jsonl", "{\"act\": {\"receive\": {}}}\n"}};
  EXPECT_EQ(CheckActsCovered(*v1::Act::descriptor(), some).size(),
            2 * acts - 2);
}

TEST(TidySelf, AnActWithoutEventIsFound) {
  // The options have no field of the acts' message types: none pairs.
  EXPECT_EQ(
      CheckActsMatchEvents(*v1::Act::descriptor(), *v1::FieldRule::descriptor())
          .size(),
      static_cast<size_t>(v1::Act::descriptor()->field_count()));
}

TEST(TidySelf, CommentsAndLiteralsAreNotCode) {
  EXPECT_EQ(CodeOnly("a; // b\nc;", false), "a;     \nc;");
  EXPECT_EQ(CodeOnly("f(\"x\");", false), "f(   );");
  EXPECT_EQ(CodeOnly("f(\"//\");", true), "f(\"//\");");
  EXPECT_EQ(CodeOnly("R\"(a\"b)\" c", false), "         c");
  EXPECT_EQ(CodeOnly("1'000 + 'x'", false), "1'000 +    ");
}

}  // namespace
}  // namespace gongkai::tidy
