// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_LIVES_H_
#define GONGKAI_TESTS_BENCH_LIVES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/act.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/auth/identity.h"

// The life that every case of the bench leads, in memory and over the wire.
namespace gongkai::bench {

// One act of the life and who does it.
struct Step {
  v1::Act act;
  std::string account;
  v1::Role role;
};

// The acts after the receipt, in order: register, search, contact, draft,
// submit, two clearances, sign. A case that led its life has nine events.
const std::vector<Step>& Life();

// Application number `n` to `agency`, in person on `day`, by an applicant who
// has no other.
v1::ReceiveApplicationRequest Application(std::string_view agency,
                                          absl::CivilDay day, uint64_t n);

// The caller of a step in `agency`.
auth::Caller CallerOf(const Step& step, std::string_view agency);
// The handler.
auth::Caller Handler(std::string_view agency);

// Agencies of the bench. Receipts of one agency; those of many and the cases
// for acts, from 1 to kManyAgencies; histories.
inline constexpr int kManyAgencies = 50;
inline constexpr char kOneAgency[] = "ONE";
inline constexpr char kHistoryAgency[] = "HIST";
std::string ManyAgency(int i);

// Cases for acts are spread over the many agencies: the number of case `n`,
// from 0, received in `year`.
std::string SupplyNumber(int64_t n, int year);

// The agency with `cases` open cases: `OPEN1000`.
std::string OpenAgency(int64_t cases);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_LIVES_H_
