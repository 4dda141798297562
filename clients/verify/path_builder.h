// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_PATH_BUILDER_H_
#define GONGKAI_CLIENTS_VERIFY_PATH_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/audit/merkle.h"

namespace gongkai::verify {

// The path from one node of a growing tree to its root, in one pass over the
// leaves and in memory that grows with the logarithm of their number: a file
// larger than the memory has proofs too. The size need not be known before.
class PathBuilder {
 public:
  explicit PathBuilder(audit::Suite suite) : suite_(suite) {}

  void Add(std::string_view leaf_hash);
  // The next leaf added is the node whose path is asked for.
  void FollowNextLeaf() { follow_next_ = true; }
  // The full subtree that ends the tree as it is now is that node. Returns its
  // hash. The tree is not empty.
  std::string FollowLastSubtree();

  int64_t size() const { return size_; }
  // The siblings from the node followed up to the root.
  audit::Hashes Path() const;

 private:
  struct Peak {
    std::string hash;
    bool followed = false;
  };

  audit::Suite suite_;
  int64_t size_ = 0;
  bool follow_next_ = false;
  std::vector<Peak> peaks_;  // full subtrees, largest first
  audit::Hashes path_;       // within the peak that is followed
};

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_PATH_BUILDER_H_
