// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/bundle_writer.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/audit/bundle.h"
#include "services/base/dates.h"
#include "services/base/files.h"
#include "services/base/status_macros.h"
#include "services/document/bundle_readme.h"

namespace gongkai::cli {
namespace {

constexpr int kMostWitnessNotes = 16;

// The file that `out` writes, complete and on the disk.
absl::Status Close(std::ofstream& out, const std::string& path) {
  out.close();
  if (!out.good()) {
    return absl::UnavailableError(path + " cannot be written");
  }
  return SyncFile(path);
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  if (std::filesystem::create_directory(path, error)) return absl::OkStatus();
  if (!error) {
    return absl::AlreadyExistsError(absl::StrCat(
        path, " exists already: it may be left of an export that ended early"));
  }
  return absl::UnavailableError(
      absl::StrCat(path, " cannot be made: ", error.message()));
}

audit::Hashes HashesOf(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  return {hashes.begin(), hashes.end()};
}

audit::BundleEvent ToBundleEvent(const v1::ProvedEvent& proved,
                                 bool with_personal) {
  audit::BundleEvent event;
  event.seq = proved.seq();
  event.index = proved.log_index() - 1;
  event.record = proved.record();
  event.proof = HashesOf(proved.proof());
  event.erased = proved.erased();
  if (with_personal && !proved.salt().empty()) {
    event.has_private = true;
    event.salt = proved.salt();
    event.payload = proved.payload();
  }
  return event;
}

}  // namespace

absl::StatusOr<BundleWriter> BundleWriter::Create(const std::string& folder) {
  std::string name = folder;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(name, error))) {
    return absl::AlreadyExistsError(
        absl::StrCat(name, " exists already: evidence is not written over"));
  }
  RETURN_IF_ERROR(MakeFolder(name + ".tmp"));
  return BundleWriter(std::move(name));
}

BundleWriter::BundleWriter(std::string folder)
    : folder_(std::move(folder)),
      half_(folder_ + ".tmp"),
      lines_(half_ + "/events.jsonl", std::ios::binary),
      text_(half_ + "/history.txt", std::ios::binary),
      page_(half_ + "/history.html", std::ios::binary) {}

BundleWriter::BundleWriter(BundleWriter&& other) noexcept
    : folder_(std::exchange(other.folder_, "")),
      half_(std::move(other.half_)),
      lines_(std::move(other.lines_)),
      text_(std::move(other.text_)),
      page_(std::move(other.page_)),
      text_history_(std::move(other.text_history_)),
      page_history_(std::move(other.page_history_)),
      events_(other.events_) {}

BundleWriter::~BundleWriter() {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(half_, ignored);
}

absl::Status BundleWriter::AddPage(const v1::ExportCaseResponse& page,
                                   bool with_personal) {
  if (events_ == 0) RETURN_IF_ERROR(AddFirst(page));
  for (const v1::ProvedEvent& proved : page.events()) {
    const audit::BundleEvent event = ToBundleEvent(proved, with_personal);
    const absl::StatusOr<audit::OpenedEvent> opened = audit::OpenEvent(event);
    if (!opened.ok()) {
      return absl::DataLossError(
          absl::StrCat("record ", event.seq, ": ", opened.status().message()));
    }
    if (events_ == 0) {
      RETURN_IF_ERROR(
          AddFile("README.txt", document::BundleReadme(opened->record.suite)));
    }
    ++events_;
    lines_ << audit::ToBundleLine(event);
    text_ << text_history_.Add(*opened);
    page_ << page_history_.Add(*opened);
  }
  if (lines_.good() && text_.good() && page_.good()) return absl::OkStatus();
  return absl::UnavailableError(half_ + " cannot be written");
}

absl::Status BundleWriter::AddFirst(const v1::ExportCaseResponse& page) {
  RETURN_IF_ERROR(AddFile("checkpoint", page.checkpoint()));
  if (page.witness_notes_size() > 0) {
    RETURN_IF_ERROR(MakeFolder(half_ + "/witness"));
  }
  const int notes = std::min(page.witness_notes_size(), kMostWitnessNotes);
  for (int i = 0; i < notes; ++i) {
    RETURN_IF_ERROR(AddFile(absl::StrFormat("witness/%02d.note", i + 1),
                            page.witness_notes(i)));
  }
  bool folder = false;
  for (const v1::ConsistencyProof& proof : page.consistency()) {
    const std::string name =
        audit::ConsistencyFile(proof.from_size(), proof.to_size());
    if (name.empty()) continue;
    if (!folder) RETURN_IF_ERROR(MakeFolder(half_ + "/consistency"));
    folder = true;
    RETURN_IF_ERROR(AddFile("consistency/" + name,
                            audit::ToProofFile(HashesOf(proof.hashes()))));
  }
  return absl::OkStatus();
}

absl::Status BundleWriter::AddFile(std::string_view name,
                                   std::string_view text) {
  return CreateFile(absl::StrCat(half_, "/", ToAbsl(name)), text, 0644);
}

absl::Status BundleWriter::Finish() {
  text_ << text_history_.Finish();
  page_ << page_history_.Finish();
  RETURN_IF_ERROR(Close(lines_, half_ + "/events.jsonl"));
  RETURN_IF_ERROR(Close(text_, half_ + "/history.txt"));
  RETURN_IF_ERROR(Close(page_, half_ + "/history.html"));
  std::error_code error;
  std::filesystem::rename(half_, folder_, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat(half_, " cannot be renamed to ",
                                               folder_, ": ", error.message()));
  }
  folder_.clear();
  return absl::OkStatus();
}

}  // namespace gongkai::cli
