// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_WALLS_WALL_HOUSE_H_
#define GONGKAI_TESTS_WALLS_WALL_HOUSE_H_

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <vector>

#include "services/auth/methods.h"
#include "tests/support/test_service.h"

namespace gongkai::test {

// What a call came to.
struct Answer {
  grpc::Status status;
  std::vector<std::string> messages;

  std::string reason() const { return Details(status).reason; }
};

// One call of any method, unary or streaming, with one message of `bytes`. A
// stream that goes on is left after `wait`: DEADLINE_EXCEEDED.
Answer CallMethod(TestService& service, const auth::MethodRow& row,
                  const TestService::As& as, const std::string& bytes,
                  absl::Duration wait = absl::Seconds(10));

// The message that a method takes, of the contract; empty.
std::unique_ptr<google::protobuf::Message> RequestOf(
    const auth::MethodRow& row);

// Fills what the contract requires, and of the rest what `also` chooses.
// Strings are `text(rule)`.
void Fill(google::protobuf::Message& message,
          const std::function<std::string(const v1::FieldRule&)>& text,
          const std::function<bool(const v1::FieldRule&)>& also);
// A text that fits the form: a day, an account, a code.
std::string FittingText(const v1::FieldRule& rule);

// The roles of the contract as callers' metadata take them: `handler`.
std::vector<std::string> AllRoles();

// Registers an agency beside the service's own.
void AddAgency(TestService& service, const std::string& agency);

// Receives an application of an agency as its handler; the name of the case.
std::string ReceiveIn(TestService& service, const std::string& agency,
                      const std::string& content);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_WALLS_WALL_HOUSE_H_
