// SPDX-License-Identifier: Apache-2.0
#include "tests/evidence/evidence_house.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace gongkai::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "evidence: " << what << std::endl;
  std::_Exit(1);
}

House::Options Options(const std::string& suite) {
  House::Options options;
  options.calendar = false;
  options.suite = suite;
  return options;
}

// What a run that has to succeed prints, without its last newline.
std::string Must(const std::vector<std::string>& arguments) {
  Finished finished = RunProgram(arguments, {"LC_ALL=C"});
  if (finished.exit != 0) {
    Die(absl::StrJoin(arguments, " ") + "\n" + finished.out + finished.err);
  }
  if (finished.out.ends_with('\n')) finished.out.pop_back();
  return finished.out;
}

// The rest of the line after `before` in what a program wrote.
std::string After(const std::string& text, const std::string& before) {
  const size_t at = text.find(before);
  if (at == std::string::npos) Die("no '" + before + "' in " + text);
  const size_t from = at + before.size();
  return text.substr(from, text.find('\n', from) - from);
}

}  // namespace

EvidenceHouse::EvidenceHouse(const std::string& suite)
    : suite_(suite),
      house_(Options(suite)),
      files_(house_.folder() + "/evidence") {
  std::filesystem::create_directory(files_);
  vkey_ = Keygen(House::kOrigin, "log.key", {"--suite", suite});
  other_vkey_ = Keygen(House::kOrigin, "other.key", {"--suite", suite});
  witness_vkey_ = Keygen("witness.example.cn", "witness.key",
                         {"--suite", suite, "--use", "cosign"});
  StartWitness();
  StartSigner();
  LiveThroughACase();
}

EvidenceHouse::~EvidenceHouse() = default;

EvidenceHouse& EvidenceHouse::Of(const std::string& suite) {
  static std::map<std::string, std::unique_ptr<EvidenceHouse>> houses;
  auto& house = houses[suite];
  if (house == nullptr) house = std::make_unique<EvidenceHouse>(suite);
  return *house;
}

std::string EvidenceHouse::Keygen(const std::string& name,
                                  const std::string& file,
                                  const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {house_.Program("gongkai-verify"),
                                        "keygen",
                                        "--name",
                                        name,
                                        "--out",
                                        files_ + "/" + file};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Must(arguments);
}

void EvidenceHouse::StartWitness() {
  std::filesystem::create_directory(files_ + "/witness");
  witness_ = std::make_unique<Process>(
      std::vector<std::string>{
          house_.Program("gongkai-verify"), "witness", "--listen",
          "127.0.0.1:0", "--key", files_ + "/witness.key", "--name",
          "witness.example.cn", "--state", files_ + "/witness", "--log", vkey_},
      std::vector<std::string>{"LC_ALL=C"});
  if (!witness_->WaitFor("listening on ", absl::Seconds(20))) {
    Die("the witness does not start\n" + witness_->out() + witness_->err());
  }
  witness_address_ = After(witness_->out(), "listening on ");
}

void EvidenceHouse::StartSigner() {
  signer_ = std::make_unique<Process>(
      std::vector<std::string>{
          house_.Program("gongkai-server"), "audit", "sign", "--database",
          house_.postgres().Signer(house_.database()), "--key",
          files_ + "/log.key", "--state", files_ + "/signed", "--witness",
          absl::StrCat("http://", witness_address_, ",", witness_vkey_),
          "--every", "100ms", "--anchor-every", "200ms"},
      std::vector<std::string>{});
}

void EvidenceHouse::LiveThroughACase() {
  const auto act = [&](const std::string& verb, std::vector<std::string> more) {
    more.insert(more.begin(), {"case", verb, number_});
    house_.MustCli(more);
  };
  const auto received = nlohmann::json::parse(house_.MustCli(
      {"case", "receive", "--applicant-name", "赵甲一（虚构）",
       "--applicant-telephone", "13900000000", "--content",
       "申请公开2023年度专项资金清单：\n一、名称；<b>二、金额</b>。\n第 9 号"
       "　签发",
       "--output", "json"}));
  number_ = received["receipt"]["number"];
  early_ = Export(number_, "early") + "/checkpoint";
  act("register", {"--officer", "handler"});
  act("log-contact", {"--reached", "--note", "电话核对所需年度"});
  act("record-search", {"--scope", "档案室", "--found", "--result", "一份"});
  act("draft-reply", {"--outcome", "disclosed", "--text", "现随函提供。",
                      "--access", "随函邮寄", "--review-organ",
                      "上海市人民政府", "--court", "上海铁路运输法院"});
  act("submit-for-review", {});
  act("clear-draft", {"--step", "secrecy", "--as", "secrecy_reviewer"});
  act("clear-draft", {"--step", "legal", "--as", "legal_reviewer"});
  act("sign", {"--document-number", "沪某信答〔2026〕第9号"});
  act("dispatch", {"--carrier", "post_ems"});
  act("record-service", {"--outcome", "delivered"});
  act("close", {});
  whole_ = Export(number_, "whole", {"--old", early_});
  act("propose-erasure",
      {"--basis", "ordered", "--document-number", "〔2026〕沪01行终12号",
       "--events", "3", "--as", "archivist"});
  act("erase", {"--proposal", "13", "--as", "disclosure_head"});
  erased_ = Export(number_, "erased", {"--old", early_});
  bare_ = Export(number_, "bare", {"--old", early_, "--without-personal"});
}

std::string EvidenceHouse::Export(const std::string& number,
                                  const std::string& folder,
                                  const std::vector<std::string>& more) {
  const std::string out = files_ + "/" + folder;
  std::vector<std::string> arguments = {
      "audit", "export", "--case",          number,
      "--out", out,      "--min-witnesses", "1"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  house_.MustCli(arguments);
  if (!std::filesystem::exists(out + "/witness")) {
    Die("no witness cosigned in time\n" + signer_->err() + witness_->err());
  }
  return out;
}

std::string EvidenceHouse::NewFolder() {
  const std::string folder = absl::StrCat(files_, "/copy", ++folders_);
  std::filesystem::create_directory(folder);
  return folder;
}

std::vector<std::string> EvidenceHouse::Keys() const {
  return {"--vkey", vkey_, "--witness-vkey", witness_vkey_};
}

Finished EvidenceHouse::Verify(const std::string& bundle,
                               const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = {house_.Program("gongkai-verify"),
                                        "verify"};
  for (const auto& part : {Keys(), more}) {
    arguments.insert(arguments.end(), part.begin(), part.end());
  }
  arguments.push_back(bundle);
  return RunProgram(arguments, {"LC_ALL=C"});
}

Finished EvidenceHouse::VerifyPy(const std::string& bundle,
                                 const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = {
      "/usr/bin/env", "python3",
      SourceDir() + "/tests/evidence/verify_bundle.py"};
  for (const auto& part : {Keys(), more}) {
    arguments.insert(arguments.end(), part.begin(), part.end());
  }
  arguments.push_back(bundle);
  return RunProgram(arguments, {"PYTHONUTF8=1"});
}

}  // namespace gongkai::test
