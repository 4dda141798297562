// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/script_line.h"

#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/acts.h"
#include "clients/cli/fields.h"
#include "gongkai/v1/reason.pb.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(ToAbsl(what));
}

// A scalar as the text that SetField reads.
absl::StatusOr<std::string> TextOf(const std::string& key, const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean())
    return std::string(value.get<bool>() ? "true" : "false");
  if (value.is_number_integer()) return value.dump();
  return Bad(key + ": a text, a whole number, true or false");
}

absl::Status Fill(google::protobuf::Message* message, const std::string& path,
                  const Json& value) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      RETURN_IF_ERROR(
          Fill(message, path.empty() ? key : path + "." + key, inner));
    }
    return absl::OkStatus();
  }
  if (value.is_array()) {
    for (const Json& element : value) {
      ASSIGN_OR_RETURN(const std::string text, TextOf(path, element));
      RETURN_IF_ERROR(SetField(message, path, text));
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string text, TextOf(path, value));
  return SetField(message, path, text);
}

// Reads keys off an object and knows which are left over.
class Keys {
 public:
  explicit Keys(const Json& object) : object_(object) {}

  bool Has(const std::string& key) const { return object_.contains(key); }

  // The text under the key, empty when absent.
  absl::StatusOr<std::string> Text(const std::string& key) {
    if (!Has(key)) return std::string();
    read_.insert(key);
    return TextOf(key, object_.at(key));
  }
  // The same for a date of the form 2024-02-29.
  absl::StatusOr<std::string> Date(const std::string& key, bool required) {
    ASSIGN_OR_RETURN(std::string text, Text(key));
    if (text.empty() && !required) return text;
    const auto day = ParseDay(text);
    if (!day.ok()) return Bad(key + ": " + std::string(day.status().message()));
    return text;
  }
  const Json& Take(const std::string& key) {
    read_.insert(key);
    return object_.at(key);
  }
  // The pairs that were not read.
  std::vector<std::pair<std::string, Json>> Rest() const {
    std::vector<std::pair<std::string, Json>> rest;
    for (const auto& [key, value] : object_.items()) {
      if (!read_.contains(key)) rest.emplace_back(key, value);
    }
    return rest;
  }
  absl::Status NothingLeft() const {
    const auto rest = Rest();
    if (rest.empty()) return absl::OkStatus();
    return Bad(rest.front().first + ": nobody reads this key here");
  }

 private:
  const Json& object_;
  std::set<std::string> read_;
};

absl::Status ReadCommon(Keys* keys, Step* step) {
  ASSIGN_OR_RETURN(step->account, keys->Text("as"));
  ASSIGN_OR_RETURN(step->bind, keys->Text("id"));
  if (!step->bind.empty() && !step->bind.starts_with('$')) {
    return Bad("id: a variable begins with $");
  }
  ASSIGN_OR_RETURN(step->expect, keys->Text("expect"));
  v1::Reason reason = v1::REASON_UNSPECIFIED;
  if (!step->expect.empty() && !v1::Reason_Parse(step->expect, &reason)) {
    return Bad("expect: no such reason: " + step->expect);
  }
  return absl::OkStatus();
}

absl::Status ReadReceive(Keys* keys, Step* step) {
  step->kind = Step::Kind::kReceive;
  RETURN_IF_ERROR(ReadCommon(keys, step));
  ASSIGN_OR_RETURN(*step->receive.mutable_agency(), keys->Text("agency"));
  ASSIGN_OR_RETURN(*step->receive.mutable_arrived_date(),
                   keys->Date("date", true));
  const Json& fields = keys->Take("receive");
  if (!fields.is_object()) return Bad("receive: an object");
  RETURN_IF_ERROR(Fill(step->receive.mutable_application(), "", fields));
  return keys->NothingLeft();
}

absl::Status ReadAct(Keys* keys, Step* step) {
  step->kind = Step::Kind::kAct;
  RETURN_IF_ERROR(ReadCommon(keys, step));
  ASSIGN_OR_RETURN(step->case_ref, keys->Text("case"));
  if (step->case_ref.empty()) return Bad("case: is missing");
  ASSIGN_OR_RETURN(*step->act.mutable_occurred_date(),
                   keys->Date("date", true));
  ASSIGN_OR_RETURN(const std::string name, keys->Text("act"));
  google::protobuf::Message* message = SetAct(step->act.mutable_act(), name);
  if (message == nullptr || step->act.act().has_receive()) {
    return Bad("act: no such act: " + name);
  }
  for (const auto& [key, value] : keys->Rest()) {
    RETURN_IF_ERROR(Fill(message, key, value));
  }
  return absl::OkStatus();
}

absl::Status ReadLimit(Keys* keys, v1::LimitKind* kind, int* ordinal) {
  ASSIGN_OR_RETURN(const std::string limit, keys->Text("limit"));
  if (!limit.empty()) {
    const auto value = FindEnumValue(*v1::LimitKind_descriptor(), limit);
    if (!value.ok()) {
      return Bad("limit: " + std::string(value.status().message()));
    }
    *kind = static_cast<v1::LimitKind>((*value)->number());
  }
  ASSIGN_OR_RETURN(const std::string text, keys->Text("ordinal"));
  if (!text.empty() && !absl::SimpleAtoi(text, ordinal)) {
    return Bad("ordinal: a number");
  }
  return absl::OkStatus();
}

absl::Status ReadCheck(Keys* keys, Step* step) {
  static const std::set<std::string>* const known = new std::set<std::string>{
      "phase", "outcome", "version", "receipt_date", "due",     "state",
      "start", "ended",   "late_by", "provisional",  "article", "length"};
  step->kind = Step::Kind::kCheck;
  ASSIGN_OR_RETURN(step->as_of, keys->Date("as_of", false));
  ASSIGN_OR_RETURN(step->account, keys->Text("as"));
  const Json& object = keys->Take("check");
  RETURN_IF_ERROR(keys->NothingLeft());
  if (!object.is_object()) return Bad("check: an object");
  Keys wanted(object);
  ASSIGN_OR_RETURN(step->case_ref, wanted.Text("case"));
  if (step->case_ref.empty()) return Bad("check: case is missing");
  RETURN_IF_ERROR(ReadLimit(&wanted, &step->limit, &step->ordinal));
  for (const auto& [key, value] : wanted.Rest()) {
    if (!known->contains(key)) return Bad("check: no such key: " + key);
    ASSIGN_OR_RETURN(std::string text, TextOf(key, value));
    step->check.emplace_back(key, std::move(text));
  }
  if (step->check.empty()) return Bad("check: nothing is asked");
  return absl::OkStatus();
}

absl::Status ReadExplain(Keys* keys, Step* step) {
  step->kind = Step::Kind::kExplain;
  ASSIGN_OR_RETURN(step->case_ref, keys->Text("explain"));
  ASSIGN_OR_RETURN(step->as_of, keys->Date("as_of", false));
  ASSIGN_OR_RETURN(step->account, keys->Text("as"));
  v1::LimitKind kind = v1::LIMIT_KIND_UNSPECIFIED;
  int ordinal = 0;
  RETURN_IF_ERROR(ReadLimit(keys, &kind, &ordinal));
  step->explain.set_kind(kind);
  step->explain.set_ordinal(ordinal);
  step->explain.set_as_of_date(step->as_of);
  return keys->NothingLeft();
}

absl::Status ReadStep(const std::string& text, Step* step) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return Bad("not a JSON object");
  Keys keys(object);
  if (keys.Has("receive")) return ReadReceive(&keys, step);
  if (keys.Has("act")) return ReadAct(&keys, step);
  if (keys.Has("check")) return ReadCheck(&keys, step);
  if (keys.Has("explain")) return ReadExplain(&keys, step);
  ASSIGN_OR_RETURN(step->note, keys.Text("note"));
  if (!keys.Has("note")) {
    return Bad("one of receive, act, check, explain, note is needed");
  }
  return keys.NothingLeft();
}

}  // namespace

absl::StatusOr<std::vector<Step>> ReadScript(const std::string& name,
                                             std::string_view text) {
  std::vector<Step> steps;
  int line = 0;
  for (const auto part : absl::StrSplit(ToAbsl(text), '\n')) {
    ++line;
    const std::string stripped(absl::StripAsciiWhitespace(part));
    if (stripped.empty()) continue;
    Step step;
    step.line = line;
    step.text = stripped;
    const absl::Status status = ReadStep(stripped, &step);
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ":", line, ": ", status.message()));
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace gongkai::cli
