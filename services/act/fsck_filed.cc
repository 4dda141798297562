// SPDX-License-Identifier: Apache-2.0
// Returns that were filed, against the digests in their events.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/act/fsck_records.h"
#include "services/audit/encoding.h"

namespace gongkai::act {
namespace {

std::string DigestOf(std::string_view bytes) {
  return audit::ToHex(audit::Digest(audit::Suite::kSha256Ed25519, {bytes}));
}

// `the return of 2023, edition 1`.
std::string ReturnName(int year, int edition) {
  return absl::StrFormat("the return of %d, edition %d", year, edition);
}

}  // namespace

void RecordPass::CheckFiled(int64_t seq, const audit::Record& record,
                            const std::vector<storage::FiledRow>& filed) {
  v1::Event event;
  if (record.event_type != v1::Event::kReturnFiled ||
      !event.ParseFromString(record.public_body)) {
    for (const storage::FiledRow& row : filed) {
      Tell(seq, absl::StrCat(ReturnName(row.year, row.edition),
                             " lies beside it, and it files none"));
    }
    return;
  }
  const v1::ReturnFiling& says = event.return_filed();
  bool found = false;
  for (const storage::FiledRow& row : filed) {
    const std::string name = ReturnName(row.year, row.edition);
    if (row.year != says.year() || row.edition != says.edition()) {
      Tell(seq, absl::StrCat(name, " lies beside it, and it files another"));
      continue;
    }
    found = true;
    ++report_.returns;
    std::vector<const char*> parts;
    if (DigestOf(row.document) != says.return_digest()) {
      parts.push_back("document");
    }
    if (DigestOf(row.cases) != says.cases_digest()) parts.push_back("cases");
    if (row.filed_time != record.recorded_time) parts.push_back("filed_time");
    if (row.filed_by != record.actor.account()) parts.push_back("filed_by");
    if (parts.empty()) continue;
    Tell(seq, absl::StrCat(name, " was altered since it was filed: ",
                           absl::StrJoin(parts, ", ")));
  }
  if (!found) {
    Tell(seq, absl::StrCat(ReturnName(says.year(), says.edition()),
                           ", which it files, is missing"));
  }
}

}  // namespace gongkai::act
