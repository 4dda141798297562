// SPDX-License-Identifier: Apache-2.0
#include "services/law/rulebook.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/law/rule_checks.h"

namespace gongkai::law {
namespace {

// Keeps the first error of the parser, with its line.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (!text_.empty()) return;
    text_ = absl::StrFormat("line %d, column %d: %s", line + 1, column + 1,
                            message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::StatusOr<v1::RuleSet> ParseSet(const std::string& text) {
  v1::RuleSet set;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(text, &set)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("rule set %s: %s", set.id(), error.text()));
  }
  return set;
}

// The sets one after the other, each as its length and its bytes in the order
// of field numbers.
std::string Canonical(const std::vector<v1::RuleSet>& sets) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    for (const v1::RuleSet& set : sets) {
      out.WriteVarint64(set.ByteSizeLong());
      set.SerializeWithCachedSizes(&out);
    }
  }
  return bytes;
}

std::string VersionOf(const std::vector<v1::RuleSet>& sets) {
  constexpr int kVersionBytes = 6;
  const std::string bytes = Canonical(sets);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), kVersionBytes));
}

}  // namespace

absl::StatusOr<Rulebook> Rulebook::Parse(
    const std::vector<std::string>& textprotos) {
  Rulebook book;
  for (const std::string& text : textprotos) {
    ASSIGN_OR_RETURN(v1::RuleSet set, ParseSet(text));
    RETURN_IF_ERROR(CheckRuleSet(set));
    book.sets_.push_back(std::move(set));
  }
  // The order in which the files were read must not show.
  std::sort(book.sets_.begin(), book.sets_.end(),
            [](const v1::RuleSet& a, const v1::RuleSet& b) {
              return a.id() < b.id();
            });
  for (size_t i = 1; i < book.sets_.size(); ++i) {
    if (book.sets_[i].id() == book.sets_[i - 1].id()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("rule set %s is there twice", book.sets_[i].id()));
    }
  }
  RETURN_IF_ERROR(book.BuildIndex());
  book.version_ = VersionOf(book.sets_);
  return book;
}

absl::Status Rulebook::BuildIndex() {
  for (int s = 0; s < static_cast<int>(sets_.size()); ++s) {
    const v1::RuleSet& set = sets_[s];
    Place place;
    place.from = DayOf(set.effective_from());
    place.until = set.effective_until().empty() ? absl::CivilDay::max()
                                                : DayOf(set.effective_until());
    place.set = s;
    for (int i = 0; i < set.limits_size(); ++i) {
      place.rule = i;
      limits_[set.limits(i).kind()].push_back(place);
    }
    for (int i = 0; i < set.outcomes_size(); ++i) {
      place.rule = i;
      outcomes_[set.outcomes(i).outcome()].push_back(place);
    }
    place.rule = 0;
    if (set.has_clock()) clocks_[0].push_back(place);
    if (set.fee_tiers_size() > 0) fees_[0].push_back(place);
  }
  for (const auto& [index, what] :
       {std::pair<Index*, const char*>{&limits_, "limit"},
        {&outcomes_, "outcome"},
        {&clocks_, "clock"},
        {&fees_, "fees"}}) {
    for (auto& [key, places] : *index) {
      std::sort(places.begin(), places.end(),
                [](const Place& a, const Place& b) { return a.from < b.from; });
      for (size_t i = 1; i < places.size(); ++i) {
        if (places[i].from == places[i - 1].until + 1) continue;
        return absl::InvalidArgumentError(absl::StrFormat(
            "rule sets %s and %s: %s of %s %d", sets_[places[i - 1].set].id(),
            sets_[places[i].set].id(),
            places[i].from <= places[i - 1].until ? "overlap" : "gap", what,
            key));
      }
    }
  }
  return absl::OkStatus();
}

const Rulebook::Place* Rulebook::Find(const Index& index, int key,
                                      absl::CivilDay day) {
  const auto found = index.find(key);
  if (found == index.end()) return nullptr;
  for (const Place& place : found->second) {
    if (place.from <= day && day <= place.until) return &place;
  }
  return nullptr;
}

const v1::RuleSet* Rulebook::SetFor(v1::LimitKind kind,
                                    absl::CivilDay day) const {
  const Place* place = Find(limits_, kind, day);
  return place == nullptr ? nullptr : &sets_[place->set];
}

const v1::LimitRule* Rulebook::LimitFor(v1::LimitKind kind,
                                        absl::CivilDay day) const {
  const Place* place = Find(limits_, kind, day);
  return place == nullptr ? nullptr : &sets_[place->set].limits(place->rule);
}

const v1::ClockRule& Rulebook::ClockFor(absl::CivilDay received) const {
  const Place* place = Find(clocks_, 0, received);
  return place == nullptr ? v1::ClockRule::default_instance()
                          : sets_[place->set].clock();
}

const v1::RuleSet* Rulebook::FeesOn(absl::CivilDay day) const {
  const Place* place = Find(fees_, 0, day);
  return place == nullptr ? nullptr : &sets_[place->set];
}

const v1::OutcomeRule* Rulebook::OutcomeFor(v1::Outcome outcome,
                                            absl::CivilDay day) const {
  const Place* place = Find(outcomes_, outcome, day);
  return place == nullptr ? nullptr : &sets_[place->set].outcomes(place->rule);
}

}  // namespace gongkai::law
