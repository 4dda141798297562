// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_COPY_WRITER_H_
#define GONGKAI_TESTS_BENCH_COPY_WRITER_H_

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace gongkai::bench {

// Writes rows of the service's tables as a script of COPY blocks, as psql reads
// it from its standard input. For one thread.
class CopyWriter {
 public:
  enum Table {
    kStream,
    kEvent,
    kPrivate,
    kRequest,
    kLimit,
    kText,
    kLeaf,
    kCounter,
    kDataKey,
    kPersonKey,
    kTables
  };

  // One row, field by field in the order of the columns; ends by itself.
  class Fields {
   public:
    explicit Fields(std::string& out) : out_(out) {}
    ~Fields() { out_.push_back('\n'); }
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    Fields& Text(std::string_view text);
    // Null when empty.
    Fields& TextOrNull(std::string_view text);
    Fields& Int(int64_t value);
    Fields& Bool(bool value);
    Fields& Bytes(std::string_view bytes);
    // As arrays.
    Fields& Ints(const std::vector<int>& elements);
    Fields& Texts(const std::vector<std::string>& elements);
    // As a tsvector without places.
    Fields& Words(const std::vector<std::string>& words);

   private:
    void Separate();
    std::string& out_;
    bool first_ = true;
  };

  explicit CopyWriter(std::FILE* out) : out_(out) {}

  // Begins a row. A full buffer goes out first.
  Fields Row(Table table);
  // Writes everything that is buffered.
  void Flush();
  // Sets the size of the log to what was written.
  void SetLogSize(int64_t size);
  // Whether everything so far could be written.
  bool ok() const { return ok_; }

 private:
  void Put(std::string_view text);

  std::FILE* out_;
  bool ok_ = true;
  std::array<std::string, kTables> rows_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_COPY_WRITER_H_
