// The bytes of a WARC file, whichever way they are packed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "media/error.h"

namespace halftone {

// Hands out the file's bytes, gzip members decompressed, piece by piece. One thread at a time.
class WarcInput {
 public:
  static Result<std::unique_ptr<WarcInput>> open(const std::string& path);  // kNotFound, kIo
  ~WarcInput();

  // Why there is nothing more to see for now.
  enum class Edge { kNone, kMember, kBroken, kEnd };

  // Bytes from here on, eight at least where there are as many before the next edge, and none of
  // another member. Valid until the next call; empty at an edge: then edge() tells
  // which.
  std::string_view view();
  void consume(size_t size);
  Edge edge() const { return edge_; }

  // Goes over the edge: into the next member; behind a broken one, into the next that begins with
  // a WARC record. The view stays empty at the end of the file.
  void cross();

  // Of the member in the file, or of the next byte in a file that is not compressed.
  uint64_t offset() const;

  // Bytes of the file at `size` bytes from here, at most 64; nothing where the file is compressed
  // and they cannot be told.
  bool can_look_ahead() const { return !compressed_; }
  std::string look_ahead(uint64_t size);
  uint64_t left() const;  // in the file

  // Goes on at an offset() of before. False where the file is compressed, or where too much of it
  // was read again already.
  bool go_back(uint64_t offset);

  const std::string& why_broken() const { return why_broken_; }
  bool has_failed() const { return failed_; }  // the file cannot be read on: kIo

 private:
  struct Inflater;
  explicit WarcInput(int file, uint64_t size, std::string path);

  std::string_view read_at(uint64_t at, size_t size);
  std::string_view read_on(uint64_t at);
  void read_raw(uint64_t at, size_t size);
  void fill_plain();
  void fill_member();
  void begin_member();
  void broken(const char* why);
  bool begins_record(uint64_t at);
  uint64_t next_member(uint64_t from);

  const int file_;
  const uint64_t size_;
  const std::string path_;
  std::unique_ptr<Inflater> inflater_;
  bool compressed_ = false, failed_ = false;

  uint64_t member_ = 0, next_ = 0;  // where the member began, what is read next
  uint64_t read_again_ = 0;         // bytes that were seen before
  uint64_t raw_at_ = 0;
  std::string raw_, out_;  // bytes of the file from there on; what of them is to be seen
  size_t seen_ = 0;        // of out_
  Edge edge_ = Edge::kNone;
  std::string why_broken_;
};

}  // namespace halftone
