// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_EVIDENCE_EVIDENCE_HOUSE_H_
#define GONGKAI_TESTS_EVIDENCE_EVIDENCE_HOUSE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/end_to_end/house.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {

// The shipped programs at work with a signer and a witness: one case from its
// receipt to the erasure of a text, and bundles of it.
class EvidenceHouse {
 public:
  // `suite`: sha256-ed25519 or sm3-sm2. Trouble ends the test binary.
  explicit EvidenceHouse(const std::string& suite);
  ~EvidenceHouse();

  // One for each suite.
  static EvidenceHouse& Of(const std::string& suite);

  const std::string& suite() const { return suite_; }
  const std::string& number() const { return number_; }  // of the case
  const std::string& vkey() const { return vkey_; }
  const std::string& other_vkey() const { return other_vkey_; }
  const std::string& witness_vkey() const { return witness_vkey_; }

  // Folders of bundles: of the finished case; of the case after a text was
  // erased; of the same without personal text.
  const std::string& whole() const { return whole_; }
  const std::string& erased() const { return erased_; }
  const std::string& bare() const { return bare_; }
  // A file: the checkpoint of a bundle made when the case had one record.
  const std::string& early() const { return early_; }

  House& house() { return house_; }
  // The private keys as PEM: of the log, and one that is not known as its.
  std::string log_key() const { return ReadText(files_ + "/log.key"); }
  std::string other_key() const { return ReadText(files_ + "/other.key"); }
  // Exports a case into a new folder, once a witness cosigned it.
  std::string Export(const std::string& number, const std::string& folder,
                     const std::vector<std::string>& more = {});
  // A new folder for copies of bundles.
  std::string NewFolder();

  // Both verifiers on `bundle`, with `more` arguments after the keys of log and
  // witness.
  Finished Verify(const std::string& bundle,
                  const std::vector<std::string>& more = {}) const;
  Finished VerifyPy(const std::string& bundle,
                    const std::vector<std::string>& more = {}) const;

 private:
  std::string Keygen(const std::string& name, const std::string& file,
                     const std::vector<std::string>& more);
  void StartWitness();
  void StartSigner();
  void LiveThroughACase();
  std::vector<std::string> Keys() const;

  std::string suite_;
  House house_;
  std::string files_;  // a folder under the house's
  std::string number_;
  std::string vkey_, other_vkey_, witness_vkey_;
  std::string witness_address_;
  std::string whole_, erased_, bare_, early_;
  std::unique_ptr<Process> witness_;
  std::unique_ptr<Process> signer_;
  int folders_ = 0;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_EVIDENCE_EVIDENCE_HOUSE_H_
