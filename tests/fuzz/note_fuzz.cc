// SPDX-License-Identifier: Apache-2.0
// Notes, checkpoints and verifier keys.
#include <string>
#include <vector>

#include "services/audit/note.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

// The keys of the seeds.
const std::vector<audit::VerifierKey>& Keys() {
  static const auto* const keys = [] {
    auto* made = new std::vector<audit::VerifierKey>;
    for (const char* text : {"example.com/foo+530d903a+"
                             "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                             "arche2025h1.staging.ct.transparency.dev+ba2f06c0+"
                             "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
                             "remora.n621.de+da77ade7+"
                             "BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"}) {
      made->push_back(audit::ParseVerifierKey(text).value());
    }
    return made;
  }();
  return *keys;
}

void FuzzCheckpoint(std::string_view text) {
  const auto checkpoint = audit::ParseCheckpoint(text);
  RequireExpected(checkpoint.status());
  if (!checkpoint.ok()) return;
  Require(text.starts_with(checkpoint->ToText()), "checkpoint");
  Require(checkpoint->size >= 0 && checkpoint->root.size() == 32,
          "size and root");
}

GONGKAI_FUZZ(note) {
  FuzzCheckpoint(input);
  const auto key = audit::ParseVerifierKey(input);
  RequireExpected(key.status());
  if (key.ok()) Require(key->ToText() == input, "verifier key");
  const auto note = audit::ParseNote(input);
  RequireExpected(note.status());
  if (note.ok()) {
    Require(note->ToText() == input, "note");
    RequireExpected(audit::CheckNote(*note, Keys()).status());
    FuzzCheckpoint(note->text);
  }
  const auto open = audit::OpenCheckpoint(input, Keys());
  RequireExpected(open.status());
  if (open.ok()) Require(!open->signatures.empty(), "somebody signed");
}

}  // namespace
}  // namespace gongkai::fuzz
