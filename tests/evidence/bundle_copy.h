// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_EVIDENCE_BUNDLE_COPY_H_
#define GONGKAI_TESTS_EVIDENCE_BUNDLE_COPY_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/audit/bundle.h"

namespace gongkai::test {

// A copy of a bundle, to be spoiled. Trouble ends the test binary.
class BundleCopy {
 public:
  // Copies `bundle` to `folder`, which is empty.
  BundleCopy(const std::string& bundle, const std::string& folder);

  const std::string& folder() const { return folder_; }
  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }

  std::string Read(const std::string& name) const;
  void Write(const std::string& name, std::string_view text) const;
  void Remove(const std::string& name) const;
  // Writes the file as `change` leaves its text.
  void Change(const std::string& name,
              const std::function<void(std::string&)>& change) const;
  // The first place of `from` becomes `to`; it must be there.
  void Replace(const std::string& name, std::string_view from,
               std::string_view to) const;

  // The lines of events.jsonl without newlines.
  void Lines(
      const std::function<void(std::vector<std::string>&)>& change) const;
  // The event of line `seq`, from 1.
  void Event(int seq,
             const std::function<void(audit::BundleEvent&)>& change) const;
  // Its record, written anew.
  void Record(int seq, const std::function<void(audit::Record&)>& change) const;
  // The events of two lines.
  void Two(int one, int other,
           const std::function<void(audit::BundleEvent&, audit::BundleEvent&)>&
               change) const;

 private:
  std::string folder_;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_EVIDENCE_BUNDLE_COPY_H_
