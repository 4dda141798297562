// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_CHECK_OUTPUT_H_
#define GONGKAI_SERVICES_SERVER_CHECK_OUTPUT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/act/finding.h"

namespace gongkai::server {

// How every check of a whole database is asked to speak.
struct CheckOutputOptions {
  int limit = 100;              // findings that are printed; all are counted
  std::string format = "text";  // or `json`: one object at the end
};

// Prints what a check finds and how far it has come: findings and the account
// to standard output, progress to standard error.
class CheckOutput {
 public:
  explicit CheckOutput(const CheckOutputOptions& options) : options_(options) {}

  // To be given to the check; they refer to this.
  act::Findings findings();
  act::Progress progress();

  // Numbers and names of the account, in their order.
  using Value = std::variant<int64_t, std::string>;
  using Account = std::vector<std::pair<std::string, Value>>;

  // Ends the output. `checked` is how the check itself ended; then the account
  // holds what was gone through before. The exit code: kAltered when something
  // was found, kNotChecked when nothing was and it did not come to its end or
  // `unread` names what could not be read.
  int End(const absl::Status& checked, const Account& account,
          const std::vector<std::string>& unchecked,
          const std::vector<std::string>& unread);

 private:
  void EndText(const absl::Status& checked, const Account& account,
               const std::vector<std::string>& unchecked,
               const std::vector<std::string>& unread) const;
  void EndJson(const absl::Status& checked, const Account& account,
               const std::vector<std::string>& unchecked,
               const std::vector<std::string>& unread, int exit) const;

  const CheckOutputOptions options_;
  int64_t found_ = 0;
  std::vector<act::Finding> kept_;  // for JSON
  absl::Time told_ = absl::InfinitePast();
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_CHECK_OUTPUT_H_
