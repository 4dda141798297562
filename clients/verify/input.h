// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_INPUT_H_
#define GONGKAI_CLIENTS_VERIFY_INPUT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Reading what others wrote, in bounded memory.
namespace gongkai::verify {

// An open file; `-` is standard input.
class Input {
 public:
  static absl::StatusOr<Input> Open(const std::string& path);
  // Takes over a file that is open.
  static Input Of(int file) { return Input(file); }
  Input(Input&& other) noexcept;
  Input(const Input&) = delete;
  ~Input();

  // The next line without its newline, or nothing at the end. A last line
  // without a newline is one; what follows the last newline is none when it is
  // empty. INVALID_ARGUMENT for a line of more than `most` bytes.
  absl::StatusOr<std::optional<std::string>> Line(size_t most);
  // Whether the last line read ended with a newline.
  bool line_ended() const { return line_ended_; }
  // The next `n` bytes; fewer at the end.
  absl::StatusOr<std::string> Bytes(size_t n);
  // All that is left. INVALID_ARGUMENT when that is more than `most` bytes.
  absl::StatusOr<std::string> All(size_t most);

 private:
  explicit Input(int file) : file_(file) {}
  // Fills the empty buffer; false at the end.
  absl::StatusOr<bool> Fill();

  int file_;
  std::string buffer_;
  size_t next_ = 0;
  bool line_ended_ = false;
};

// The whole of a file of at most `most` bytes; `-` is standard input.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t most);

// A hash of 32 bytes, in hexadecimal or in base64. INVALID_ARGUMENT begins with
// `what`.
absl::StatusOr<std::string> ReadHash(std::string_view what,
                                     std::string_view text);

// A proof: the path of a file with one hash a line, `-` for standard input, the
// hashes themselves with commas between, or nothing for the empty proof.
// DATA_LOSS for more hashes than a proof can have.
absl::StatusOr<std::vector<std::string>> ReadProof(const std::string& text);

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_INPUT_H_
