// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/path_builder.h"

#include <utility>

namespace gongkai::verify {

void PathBuilder::Add(std::string_view leaf_hash) {
  Peak peak{std::string(leaf_hash), std::exchange(follow_next_, false)};
  // Each trailing one of the size is a full subtree that the leaf completes.
  for (int64_t n = size_; n % 2 == 1; n >>= 1) {
    const Peak left = std::move(peaks_.back());
    peaks_.pop_back();
    if (peak.followed) path_.push_back(left.hash);
    if (left.followed) path_.push_back(peak.hash);
    peak = {audit::NodeHash(suite_, left.hash, peak.hash),
            left.followed || peak.followed};
  }
  peaks_.push_back(std::move(peak));
  ++size_;
}

std::string PathBuilder::FollowLastSubtree() {
  peaks_.back().followed = true;
  return peaks_.back().hash;
}

audit::Hashes PathBuilder::Path() const {
  audit::Hashes path = path_;
  if (peaks_.empty()) return path;
  Peak right = peaks_.back();
  for (auto left = peaks_.rbegin() + 1; left != peaks_.rend(); ++left) {
    if (right.followed) path.push_back(left->hash);
    if (left->followed) path.push_back(right.hash);
    right = {audit::NodeHash(suite_, left->hash, right.hash),
             left->followed || right.followed};
  }
  return path;
}

}  // namespace gongkai::verify
