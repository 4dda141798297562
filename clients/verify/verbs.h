// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_VERBS_H_
#define GONGKAI_CLIENTS_VERIFY_VERBS_H_

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/locale.h"
#include "services/audit/suite.h"

// gongkai-verify: the tools of one who trusts neither the office nor its
// database. No network, no database, no protocol of the service.
namespace gongkai::verify {

using cli::Locale;

// What the program tells the shell.
enum class Exit {
  kSound = 0,
  kAltered = 1,     // something was checked and does not hold
  kNotChecked = 2,  // nothing could be checked: the line, a file, its form
};

// The exit that an error stands for: DATA_LOSS is kAltered.
Exit ExitOf(const absl::Status& status);

// A flag, or a positional argument, that takes a value.
struct Option {
  std::string name = {};  // `suite`; a positional as in the usage: `FILE`
  std::string_view zh = {};
  std::string_view en = {};
  bool required = false;
  bool repeated = false;  // may be given more than once
};

// What was given on the command line, by name of option.
class Given {
 public:
  void Add(const std::string& name, std::string value) {
    values_[name].push_back(std::move(value));
  }
  bool Has(const std::string& name) const { return values_.contains(name); }
  // The value, empty when there is none.
  std::string Get(const std::string& name) const;
  // Every value, in order.
  std::vector<std::string> All(const std::string& name) const;
  // The suite that --suite names, sha256-ed25519 when it is not given.
  absl::StatusOr<audit::Suite> GetSuite() const;
  // The value as a size or an index. INVALID_ARGUMENT names the option.
  absl::StatusOr<int64_t> GetSize(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// One run of a verb.
struct Call {
  const Given& given;
  Locale locale;
  std::ostream& out;
  std::ostream& err;

  std::string Say(std::string_view zh, std::string_view en) const {
    return cli::Say(locale, zh, en);
  }
};

// One word of the command line. An error it returns is printed as a sentence,
// in Chinese as `words.h` has it, and ends the program as ExitOf says.
struct Verb {
  std::string name = {};
  std::string_view zh = {};
  std::string_view en = {};
  std::vector<Option> positionals = {};
  std::vector<Option> flags = {};
  std::function<absl::StatusOr<Exit>(const Call&)> run = {};
};

// Every verb, as the help lists them. A new one is declared below and named in
// verbs.cc.
std::vector<Verb> Verbs();

Verb RootVerb();
Verb ProveVerb();
Verb ProveConsistencyVerb();
Verb CheckVerb();
Verb ConsistencyVerb();
Verb CheckNoteVerb();
Verb VerifyVerb();
Verb KeygenVerb();
Verb VkeyVerb();
Verb RotateVerb();
Verb AlgorithmsVerb();
Verb WitnessVerb();

// --suite, as most verbs have it.
Option SuiteFlag();

// Runs the verb: prints what it returns, and makes sure that what it printed
// was written.
Exit RunVerb(const Verb& verb, const Call& call);

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_VERBS_H_
