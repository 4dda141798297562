// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/lives.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "tests/bench/words.h"

namespace gongkai::bench {
namespace {

Step ByHandler() { return {{}, "li", v1::ROLE_HANDLER}; }

Step Clear(v1::ReviewStep review, const char* account, v1::Role role) {
  Step step{{}, account, role};
  v1::Clearance& clear = *step.act.mutable_clear_draft();
  clear.set_step(review);
  clear.set_opinion("经审查，拟公开内容不涉及国家秘密、商业秘密和个人隐私。");
  return step;
}

std::vector<Step> MakeLife() {
  std::vector<Step> life;
  Step step = ByHandler();
  step.act.mutable_register_()->set_officer("li");
  step.act.mutable_register_()->set_department("D-03");
  life.push_back(step);

  step = ByHandler();
  v1::Search& search = *step.act.mutable_record_search();
  search.set_scope("综合档案室2012年至2026年文书档案；办公自动化系统收发文库");
  search.set_keywords("批复、纪要、实施方案");
  search.set_found(true);
  search.set_result("检索到相关文件两份，共计十二页，均由本机关制作并保存。");
  life.push_back(step);

  step = ByHandler();
  step.act.mutable_log_contact()->set_reached(true);
  step.act.mutable_log_contact()->set_note(
      "电话告知申请人办理进度，申请人确认以邮寄方式接收答复，地址同申请表。");
  life.push_back(step);

  step = ByHandler();
  v1::DraftReply& draft = *step.act.mutable_draft_reply();
  draft.set_outcome(v1::DISCLOSED);
  draft.set_text(
      "您好！您提出的政府信息公开申请收悉。经审查，您申请获取的信息属于本机关"
      "公开的范围，根据《中华人民共和国政府信息公开条例》第三十六条第二项的规定"
      "，"
      "现将该信息提供给您，详见附件。");
  draft.set_access("纸质复制件随本答复书邮寄。");
  draft.set_review_organ("市人民政府");
  draft.set_court("铁路运输法院");
  draft.set_pages(12);
  life.push_back(step);

  step = ByHandler();
  step.act.mutable_submit_for_review()->set_note("请依次审核。");
  life.push_back(step);

  life.push_back(Clear(v1::SECRECY, "mi", v1::ROLE_SECRECY_REVIEWER));
  life.push_back(Clear(v1::LEGAL, "fa", v1::ROLE_LEGAL_REVIEWER));

  step = {{}, "qian", v1::ROLE_SIGNER};
  step.act.mutable_sign()->set_document_number("某信公开〔2026〕17号");
  life.push_back(step);
  return life;
}

}  // namespace

const std::vector<Step>& Life() {
  static const auto& life = *new std::vector<Step>(MakeLife());
  return life;
}

v1::ReceiveApplicationRequest Application(std::string_view agency,
                                          absl::CivilDay day, uint64_t n) {
  v1::ReceiveApplicationRequest request;
  request.set_agency(std::string(agency));
  request.set_request_id(NewUuid(absl::Now()));
  request.set_arrived_date(FormatDay(day));
  v1::Application& application = *request.mutable_application();
  application.set_applicant_kind(v1::NATURAL_PERSON);
  v1::Person& who = *application.mutable_applicant();
  who.set_name(ApplicantOf(n));
  who.set_telephone(absl::StrFormat("139%08d", n % 100'000'000));
  who.set_address(
      absl::StrCat("某市某区某路", 1 + n % 999, "弄", 1 + n / 999 % 99, "号"));
  application.set_channel(v1::IN_PERSON);
  application.set_content(ContentOf(n));
  application.set_wanted_carrier(v1::POST_EMS);
  application.set_item_count(1);
  return request;
}

auth::Caller CallerOf(const Step& step, std::string_view agency) {
  return {step.account, step.account, {step.role}, std::string(agency), "dev"};
}

auth::Caller Handler(std::string_view agency) {
  return {"li", "li", {v1::ROLE_HANDLER}, std::string(agency), "dev"};
}

std::string ManyAgency(int i) { return absl::StrFormat("MANY%02d", i); }

std::string SupplyNumber(int64_t n, int year) {
  return CaseNumber(ManyAgency(1 + static_cast<int>(n % kManyAgencies)), year,
                    1 + n / kManyAgencies);
}

std::string OpenAgency(int64_t cases) { return absl::StrCat("OPEN", cases); }

}  // namespace gongkai::bench
