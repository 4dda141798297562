// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/proto_rules.h"

#include <algorithm>
#include <functional>
#include <regex>

#include "gongkai/v1/options.pb.h"

namespace gongkai::tidy {
namespace {

namespace pb = google::protobuf;

std::string_view Trimmed(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

// Walks one .proto line by line. `described` says whether a comment stands
// above in the present group; on entering braces it is kept for the first
// group inside, on leaving it is forgotten.
class CommentWalk {
 public:
  CommentWalk(const Source& source, Findings* findings)
      : source_(source), findings_(findings) {}

  void Run() {
    for (std::string_view raw : Lines(source_.text)) {
      ++number_;
      Step(Trimmed(raw));
    }
  }

 private:
  void Step(std::string_view line) {
    if (line.empty()) {
      described_ = own_comment_ = false;
      return;
    }
    if (line.starts_with("//")) {
      described_ = own_comment_ = true;
      return;
    }
    if (open_statement_) {
      open_statement_ = !Ends(line);
      return;
    }
    if (line.starts_with("}")) {
      own_comment_ = false;
      return;
    }
    Declaration(line);
    own_comment_ = false;
    open_statement_ = !Ends(line);
  }

  static bool Ends(std::string_view line) {
    const std::string_view code = Trimmed(line.substr(0, line.find("//")));
    return code.ends_with(';') || code.ends_with('{') || code.ends_with('}');
  }

  void Declaration(std::string_view line) {
    static const std::regex skipped(
        R"((syntax|package|import|option|extend|reserved|extensions)\b.*)");
    static const std::regex whole(R"((message|enum|service|rpc|oneof)\s.*)");
    const std::string text(line);
    if (std::regex_match(text, skipped)) return;
    const bool trailing = line.find("//") != std::string_view::npos;
    const bool termed = line.find("(zh)") != std::string_view::npos ||
                        line.find("_UNSPECIFIED = 0") != std::string_view::npos;
    const bool has = std::regex_match(text, whole) ? own_comment_ : described_;
    if (!has && !trailing && !termed)
      findings_->push_back(At(source_, number_, "no comment: " + text));
  }

  const Source& source_;
  Findings* findings_;
  size_t number_ = 0;
  // A comment stands above in this group.
  bool described_ = false;
  // A comment stands in the line right above.
  bool own_comment_ = false;
  // The declaration goes on in the next line.
  bool open_statement_ = false;
};

void CheckMessage(const pb::Descriptor& message, Findings* findings) {
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::FieldDescriptor& field = *message.field(i);
    if (field.type() != pb::FieldDescriptor::TYPE_STRING) continue;
    const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
    if (rule.personal() == (rule.format() != v1::FORMAT_UNSPECIFIED)) {
      findings->push_back(field.full_name() +
                          ": is to have a form or be personal, one of them");
    }
  }
  for (int i = 0; i < message.nested_type_count(); ++i)
    CheckMessage(*message.nested_type(i), findings);
}

// `require_correction` as the generated enumerator `kRequireCorrection`.
std::string Enumerator(const std::string& field) {
  std::string name = "k";
  bool upper = true;
  for (char c : field) {
    if (c == '_') {
      upper = true;
    } else {
      name += upper ? static_cast<char>(toupper(c)) : c;
      upper = false;
    }
  }
  return name;
}

bool AnyContains(const std::vector<Source>& sources,
                 const std::function<bool(std::string_view)>& where,
                 const std::regex& what) {
  return std::any_of(sources.begin(), sources.end(), [&](const Source& s) {
    return where(s.path) && std::regex_search(s.text, what);
  });
}

}  // namespace

Findings CheckContractComments(const std::vector<Source>& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (EndsWith(source.path, ".proto")) CommentWalk(source, &findings).Run();
  }
  return findings;
}

Findings CheckPersonalStrings(const pb::FileDescriptor& file) {
  Findings findings;
  for (int i = 0; i < file.message_type_count(); ++i)
    CheckMessage(*file.message_type(i), &findings);
  return findings;
}

Findings CheckActsCovered(const pb::Descriptor& act,
                          const std::vector<Source>& sources) {
  const auto in_table = [](std::string_view path) {
    return Under(path, "services/casework/") && EndsWith(path, ".cc") &&
           path.find("statute") != std::string_view::npos;
  };
  const auto in_proof = [](std::string_view path) {
    return EndsWith(path, ".jsonl") ||
           (Under(path, "tests/") && !Under(path, "tests/tidy/"));
  };
  Findings findings;
  for (int i = 0; i < act.field_count(); ++i) {
    const std::string& name = act.field(i)->name();
    const std::string enumerator = Enumerator(name);
    if (!AnyContains(sources, in_table,
                     std::regex("\\b" + enumerator + "\\b"))) {
      findings.push_back(name + ": no row in the statute table");
    }
    if (!AnyContains(sources, in_proof,
                     std::regex("\"" + name + "\"|mutable_" + name + "\\(|\\b" +
                                enumerator + "\\b"))) {
      findings.push_back(name + ": in no story and in no test");
    }
  }
  return findings;
}

Findings CheckActsMatchEvents(const pb::Descriptor& act,
                              const pb::Descriptor& event) {
  Findings findings;
  for (int i = 0; i < act.field_count(); ++i) {
    const pb::FieldDescriptor& asked = *act.field(i);
    const pb::FieldDescriptor* recorded =
        event.FindFieldByNumber(asked.number());
    if (recorded == nullptr ||
        recorded->message_type() != asked.message_type()) {
      findings.push_back(asked.name() + ": no event of its number and message");
    }
  }
  for (int i = 0; i < event.field_count(); ++i) {
    const int number = event.field(i)->number();
    if (number < 50 && act.FindFieldByNumber(number) == nullptr)
      findings.push_back(event.field(i)->name() + ": no act of its number");
  }
  return findings;
}

}  // namespace gongkai::tidy
