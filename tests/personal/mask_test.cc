// SPDX-License-Identifier: Apache-2.0
// What is shown of personal data to whoever gave no reason to see it.
#include "services/auth/mask.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "gongkai/v1/audit_service.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/base/text.h"
#include "services/base/utf8.h"

namespace gongkai::auth {
namespace {

struct Shown {
  v1::Mask mask;
  std::string text;
  std::string shown;
};

TEST(MaskTest, ShowsWhatTheTableSays) {
  const Shown table[] = {
      {v1::MASK_ENDS, "310101199001011237", "3****************7"},
      {v1::MASK_ENDS, "31010119900101123X", "3****************X"},
      {v1::MASK_ENDS, "310101900101123", "3*************3"},
      {v1::MASK_ENDS, "E12345678", "E*******8"},
      {v1::MASK_ENDS, "军字第123456号", "军********号"},
      {v1::MASK_ENDS, "1234", "1**4"},
      {v1::MASK_ENDS, "123", "***"},
      {v1::MASK_ENDS, "1", "*"},
      {v1::MASK_ENDS, "", ""},
      {v1::MASK_TELEPHONE, "13812345621", "138******21"},
      {v1::MASK_TELEPHONE, "+8613812345621", "+86*********21"},
      {v1::MASK_TELEPHONE, "021-65123456", "021*******56"},
      {v1::MASK_TELEPHONE, "65123456", "6******6"},
      {v1::MASK_TELEPHONE, "１３８１２３４５６２１", "１３８******２１"},
      {v1::MASK_TELEPHONE, "12345", "1***5"},
      {v1::MASK_TELEPHONE, "119", "***"},
      {v1::MASK_TELEPHONE, "", ""},
      {v1::MASK_ADDRESS, "上海市浦东新区世纪大道1号", "上海市浦东新***"},
      {v1::MASK_ADDRESS, "世纪大道1号", "世纪大***"},
      {v1::MASK_ADDRESS, "村", "***"},
      {v1::MASK_ADDRESS, "", ""},
      {v1::MASK_EMAIL, "zhangsan@example.cn", "z***@example.cn"},
      {v1::MASK_EMAIL, "z@example.cn", "***@example.cn"},
      {v1::MASK_EMAIL, "@example.cn", "***@example.cn"},
      {v1::MASK_EMAIL, "a@b@example.cn", "a***@example.cn"},
      {v1::MASK_EMAIL, "zhangsan", "z***"},
      {v1::MASK_EMAIL, "zh", "***"},
      {v1::MASK_EMAIL, "张三@example.cn", "张***@example.cn"},
      {v1::MASK_EMAIL, "", ""},
      {v1::MASK_NONE, "张三", "张三"},
  };
  for (const Shown& one : table) {
    EXPECT_EQ(MaskText(one.mask, one.text), one.shown) << one.text;
  }
}

TEST(MaskTest, CountsCharactersOfEveryPlane) {
  // Names of the second plane, and one with a combining mark.
  const std::string name = "\U00020000\U0002A6D6\U00030EDE甲\U00031350";
  EXPECT_EQ(MaskText(v1::MASK_ENDS, name), "\U00020000***\U00031350");
  EXPECT_EQ(MaskText(v1::MASK_ADDRESS, name), "\U00020000\U0002A6D6***");
  EXPECT_EQ(MaskText(v1::MASK_EMAIL, name + "@x.cn"), "\U00020000***@x.cn");
}

TEST(MaskTest, NeverShowsTheWholeNorBreaksACharacter) {
  const std::string alphabet[] = {"1", "甲", "\U00020000", "é", "@", " "};
  for (const v1::Mask mask :
       {v1::MASK_ENDS, v1::MASK_TELEPHONE, v1::MASK_ADDRESS, v1::MASK_EMAIL}) {
    for (const std::string& letter : alphabet) {
      std::string text;
      for (int size = 1; size < 40; ++size) {
        text += letter;
        const std::string shown = MaskText(mask, text);
        EXPECT_NE(shown, text);
        EXPECT_TRUE(IsUtf8(shown));
        EXPECT_NE(shown.find('*'), std::string::npos) << text;
      }
    }
  }
}

void Fill(v1::Person* person) {
  person->set_name("张三");
  person->set_identity_number("31010119900101123X");
  person->set_telephone("13812345621");
  person->set_email("zhangsan@example.cn");
  person->set_address("上海市浦东新区世纪大道1号");
}

TEST(MaskTest, ReachesEveryPersonOfAnAnswerAtEveryDepth) {
  v1::GetCaseTrailResponse response;
  Fill(response.mutable_case_()->mutable_applicant());
  Fill(response.mutable_case_()->mutable_agent());
  for (int i = 0; i < 2; ++i) {
    Fill(response.add_history()
             ->mutable_event()
             ->mutable_received()
             ->mutable_applicant());
  }
  EXPECT_TRUE(MaskPersonal(response));
  const std::string bytes = response.SerializeAsString();
  for (const std::string& secret :
       {std::string("310101199"), std::string("8123456"),
        std::string("zhangsan"), std::string("世纪大道")}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(response.case_().agent().name(), "张三");
  EXPECT_EQ(response.history(1).event().received().applicant().telephone(),
            "138******21");
}

TEST(MaskTest, AnEnvelopeBearsAnAddressAndSoDoesItsMend) {
  v1::GetCaseResponse response;
  const std::string printed = "张三　上海市浦东新区世纪大道1号";
  response.add_history()
      ->mutable_event()
      ->mutable_dispatched()
      ->set_addressed_to(printed);
  v1::Mend* mend =
      response.add_history()->mutable_event()->mutable_record_mended();
  mend->set_field("addressed_to");
  mend->set_text(printed);
  v1::Mend* other =
      response.add_history()->mutable_event()->mutable_record_mended();
  other->set_field("note");
  other->set_text("另一处");
  EXPECT_TRUE(MaskPersonal(response));
  const std::string bytes = response.SerializeAsString();
  EXPECT_EQ(bytes.find("世纪大道"), std::string::npos);
  EXPECT_NE(bytes.find("另一处"), std::string::npos);
}

TEST(MaskTest, SaysWhenThereWasNothingToMask) {
  v1::GetCaseResponse response;
  response.mutable_case_()->mutable_applicant()->set_name("张三");
  response.mutable_case_()->set_content("全文");
  EXPECT_FALSE(MaskPersonal(response));
  EXPECT_EQ(response.case_().applicant().name(), "张三");
}

// Every field that a name marks as a way to a person.
void ExpectMasks(const google::protobuf::Descriptor& type,
                 std::set<std::string>* seen, int* masks) {
  if (!seen->insert(type.full_name()).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    if (field.message_type() != nullptr) {
      ExpectMasks(*field.message_type(), seen, masks);
    }
    const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
    const std::string& name = field.name();
    const bool way = name == "telephone" || name == "email" ||
                     name == "address" || name == "identity_number" ||
                     name == "addressed_to";
    EXPECT_EQ(rule.mask() != v1::MASK_NONE, way) << field.full_name();
    if (way) ++*masks;
  }
}

TEST(MaskTest, NoFieldOfAnAnswerIsForgotten) {
  std::set<std::string> seen;
  int masks = 0;
  ExpectMasks(*v1::GetCaseResponse::descriptor(), &seen, &masks);
  ExpectMasks(*v1::GetCaseTrailResponse::descriptor(), &seen, &masks);
  EXPECT_EQ(masks, 5);
  EXPECT_GT(seen.size(), 60u);
}

}  // namespace
}  // namespace gongkai::auth
