// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/words.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace gongkai::bench {
namespace {

// A step of splitmix64: numbers that are near give numbers that are not.
uint64_t Mix(uint64_t n) {
  n += 0x9e3779b97f4a7c15u;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
  return n ^ (n >> 31);
}

// Draws one thing after another for one application.
class Draw {
 public:
  explicit Draw(uint64_t n) : state_(Mix(n)) {}
  template <size_t N>
  const char* Of(const std::array<const char*, N>& list) {
    return list[Below(N)];
  }
  uint64_t Below(uint64_t n) {
    state_ = Mix(state_);
    return state_ % n;
  }

 private:
  uint64_t state_;
};

constexpr std::array kPlaces = {
    "黄浦区", "徐汇区", "长宁区", "静安区",   "普陀区",   "虹口区", "杨浦区",
    "闵行区", "宝山区", "嘉定区", "浦东新区", "金山区",   "松江区", "青浦区",
    "奉贤区", "崇明区", "开发区", "保税区",   "示范园区", "新城"};

constexpr std::array kTopics = {
    "智能传感器产业扶持", "老旧小区加装电梯", "集体土地征收补偿",
    "城市更新单元规划",   "河道整治工程",     "垃圾焚烧项目环评",
    "中小学学区划分",     "公租房轮候配租",   "养老机构运营补贴",
    "医保定点药店准入",   "道路挖掘施工许可", "轨道交通站点选址",
    "加油站布点规划",     "充电设施建设奖励", "特色农产品认证",
    "渔船更新改造",       "非遗传承人评审",   "文物保护单位修缮",
    "体育场馆委托经营",   "图书馆采购目录",   "网约车经营许可",
    "危化品仓储搬迁",     "光伏并网补贴",     "海绵城市试点",
    "湿地公园界桩",       "行道树迁移审批",   "户外广告设置",
    "夜市摊位招租",       "食品抽检结果",     "校车运营招标",
    "疫苗接种统计",       "殡葬服务收费",     "宗教场所登记",
    "民办学校年检",       "职业技能补贴",     "稳岗返还名单",
    "工伤认定文书",       "劳务派遣许可",     "公务车辆处置",
    "办公用房租赁",       "信息化项目验收",   "数据中心能耗",
    "河湖长制考核",       "饮用水源监测",     "噪声扰民处罚",
    "油烟净化整改",       "违法建筑拆除",     "地名更改论证",
    "人才公寓分配",       "楼宇经济奖补",     "外资企业设立",
    "口岸通关时效",       "会展业专项",       "跨境电商试验",
    "粮食储备轮换",       "生猪产能调控",     "农机购置补贴",
    "高标准农田",         "林地占用审核",     "海域使用论证",
    "防汛物资储备",       "地震监测台网",     "气象灾害预警",
    "消防设施改造"};

constexpr std::array kDocuments = {
    "批复文件",   "会议纪要", "实施方案", "评审意见", "验收报告",
    "合同文本",   "招标公告", "资金明细", "名单公示", "调查笔录",
    "现场照片",   "测绘成果", "听证记录", "请示报告", "处罚决定书",
    "行政许可证", "可研报告", "环评批文", "审计报告", "补偿方案",
    "公示结果",   "红线图",   "专家论证", "财务凭证", "检测数据"};

constexpr std::array kUses = {"为维护自身合法权益，申请以纸质形式邮寄。",
                              "因课题研究需要，请以电子邮件方式提供。",
                              "用于诉讼举证，请加盖公章。",
                              "本人系利害关系人，请一并提供附件及签发页。",
                              "如部分内容不宜公开，请区分处理后提供其余部分。",
                              "请按申请表所列地址寄送，并注明文号与成文日期。"};

constexpr std::array kFamilies = {"赵", "钱", "孙", "李", "周", "吴", "郑",
                                  "王", "冯", "陈", "褚", "卫", "蒋", "沈",
                                  "韩", "杨", "朱", "秦", "尤", "许"};
constexpr std::array kGiven = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛",
                               "壬", "癸", "子", "丑", "寅", "卯", "辰", "巳",
                               "午", "未", "申", "酉", "戌", "亥", "天", "地",
                               "玄", "黄", "宇", "宙", "洪", "荒"};

}  // namespace

std::string ContentOf(uint64_t n) {
  Draw draw(n);
  const char* place = draw.Of(kPlaces);
  const int year = 2012 + static_cast<int>(draw.Below(14));
  const int month = 1 + static_cast<int>(draw.Below(12));
  const char* topic = draw.Of(kTopics);
  const char* document = draw.Of(kDocuments);
  std::string content =
      absl::StrCat("申请公开", place, year, "年", month, "月关于", topic, "的",
                   document, "，编号", 1000 + draw.Below(9000), "号。");
  if (draw.Below(3) == 0) {
    absl::StrAppend(&content, "另请提供", draw.Of(kTopics), "事项的",
                    draw.Of(kDocuments), "。");
  }
  absl::StrAppend(&content, draw.Of(kUses));
  return content;
}

std::string ApplicantOf(uint64_t n) {
  std::string name = kFamilies[n % kFamilies.size()];
  for (n /= kFamilies.size(); n > 0; n /= kGiven.size()) {
    name += kGiven[n % kGiven.size()];
  }
  return name + "（虚构）";
}

// The rare ones are topics with a document beside them in the text; a word of
// one topic stands in a sixty-fourth of all contents.
const std::vector<std::string>& TwoCharacterPhrases() {
  static const auto& phrases = *new std::vector<std::string>{
      "电梯", "渔船", "疫苗", "夜市", "殡葬", "校车", "气象", "界桩"};
  return phrases;
}

const std::vector<std::string>& FourCharacterPhrases() {
  static const auto& phrases = *new std::vector<std::string>{
      "加装电梯", "渔船更新", "疫苗接种", "夜市摊位",
      "殡葬服务", "校车运营", "气象灾害", "湿地公园"};
  return phrases;
}

}  // namespace gongkai::bench
