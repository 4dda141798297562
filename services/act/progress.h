// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_PROGRESS_H_
#define GONGKAI_SERVICES_ACT_PROGRESS_H_

#include <string>
#include <string_view>

#include "gongkai/v1/calendar.pb.h"
#include "google/protobuf/util/json_util.h"

namespace gongkai::act {

// The job book's key of how far an agency's cases have been brought to a
// calendar.
inline std::string ProgressKey(std::string_view agency) {
  return "calendar/" + std::string(agency);
}

// The progress as the job book keeps it: JSON, for the book holds text.
inline std::string WriteProgress(const v1::CalendarProgress& progress) {
  std::string text;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  // A message of numbers and codes can always be written.
  if (!google::protobuf::util::MessageToJsonString(progress, &text, options)
           .ok()) {
    text.clear();
  }
  return text;
}

// Reads it back; an empty progress from an empty or unreadable text.
inline v1::CalendarProgress ReadProgress(const std::string& text) {
  v1::CalendarProgress progress;
  if (text.empty() ||
      !google::protobuf::util::JsonStringToMessage(text, &progress).ok()) {
    progress.Clear();
  }
  return progress;
}

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_PROGRESS_H_
