// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_AUDIT_SIGN_H_
#define GONGKAI_SERVICES_SERVER_AUDIT_SIGN_H_

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// `audit sign`: the signer, a process and a user of its own. Signs the tree
// while it grows and carries its checkpoints to folders and witnesses, until
// SIGTERM.
struct SignOptions {
  std::string database;           // as gongkai_signer
  std::vector<std::string> keys;  // PEM files; all sign
  std::string name;               // of the log; empty takes the database's word
  std::string state;              // file: what was signed last
  std::vector<std::string> anchors;    // folders
  std::vector<std::string> witnesses;  // URL,VKEY
  // As absl::ParseDuration takes them.
  std::string every = "2s";
  std::string anchor_every = "5s";
  std::string patience = "5s";  // for an answer of a witness
  bool once = false;            // sign and carry one time, then end
  std::string accept_fork;      // root that is given up, hexadecimal
};
CLI::App& AddSign(CLI::App& audit, SignOptions& options);
// The first run, with nothing in `state`, reads what the folders hold already
// and so needs all of them; afterwards a place that is away keeps no other.
// Runs until a signal: kSound. With `once`: kAltered when the tree may not be
// signed or a place refuses it, kNotChecked when the database or a place cannot
// be reached.
int RunSign(const SignOptions& options);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_AUDIT_SIGN_H_
