// SPDX-License-Identifier: Apache-2.0
#include "tests/evidence/bundle_copy.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/audit/record.h"
#include "tests/end_to_end/house.h"

namespace gongkai::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "bundle: " << what << std::endl;
  std::_Exit(1);
}

audit::BundleEvent Parsed(const std::string& line) {
  auto event = audit::ParseBundleLine(line);
  if (!event.ok()) Die(std::string(event.status().message()));
  return *std::move(event);
}

std::string Written(const audit::BundleEvent& event) {
  std::string line = audit::ToBundleLine(event);
  line.pop_back();
  return line;
}

}  // namespace

BundleCopy::BundleCopy(const std::string& bundle, const std::string& folder)
    : folder_(folder) {
  std::filesystem::copy(bundle, folder,
                        std::filesystem::copy_options::recursive);
}

std::string BundleCopy::Read(const std::string& name) const {
  return ReadText(Path(name));
}

void BundleCopy::Write(const std::string& name, std::string_view text) const {
  WriteText(Path(name), text);
}

void BundleCopy::Remove(const std::string& name) const {
  if (std::filesystem::remove_all(Path(name)) == 0) Die("no " + name);
}

void BundleCopy::Change(const std::string& name,
                        const std::function<void(std::string&)>& change) const {
  std::string text = Read(name);
  change(text);
  Write(name, text);
}

void BundleCopy::Replace(const std::string& name, std::string_view from,
                         std::string_view to) const {
  Change(name, [&](std::string& text) {
    const size_t at = text.find(from);
    if (at == std::string::npos) Die("no such text in " + name);
    text.replace(at, from.size(), to);
  });
}

void BundleCopy::Lines(
    const std::function<void(std::vector<std::string>&)>& change) const {
  Change("events.jsonl", [&](std::string& text) {
    std::vector<std::string> lines = absl::StrSplit(text, '\n');
    lines.pop_back();
    change(lines);
    text = absl::StrJoin(lines, "\n") + (lines.empty() ? "" : "\n");
  });
}

void BundleCopy::Event(
    int seq, const std::function<void(audit::BundleEvent&)>& change) const {
  Lines([&](std::vector<std::string>& lines) {
    std::string& line = lines.at(static_cast<size_t>(seq - 1));
    audit::BundleEvent event = Parsed(line);
    change(event);
    line = Written(event);
  });
}

void BundleCopy::Record(
    int seq, const std::function<void(audit::Record&)>& change) const {
  Event(seq, [&](audit::BundleEvent& event) {
    auto record = audit::Decode(event.record);
    if (!record.ok()) Die(std::string(record.status().message()));
    change(*record);
    event.record = audit::Encode(*record);
  });
}

void BundleCopy::Two(
    int one, int other,
    const std::function<void(audit::BundleEvent&, audit::BundleEvent&)>& change)
    const {
  Lines([&](std::vector<std::string>& lines) {
    std::string& first = lines.at(static_cast<size_t>(one - 1));
    std::string& second = lines.at(static_cast<size_t>(other - 1));
    audit::BundleEvent a = Parsed(first), b = Parsed(second);
    change(a, b);
    first = Written(a);
    second = Written(b);
  });
}

}  // namespace gongkai::test
