// RocksDB's log format, read to judge it: the write-ahead logs (*.log) and MANIFEST-* files.
//
//   file   := block of 32 KiB*, the last may be shorter
//   block  := record* zeros (fewer than a header, where no further record fits)
//   record := crc:4 length:2 type:1 [log number:4] payload      integers are little-endian
//
// The masked CRC-32C covers type, log number and payload, but not the length. Types 1 to 4 are a
// whole record, or the first, a middle and the last piece of one; 5 to 8 the same with the number
// of the log, in files that were used before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

struct LogCheck {
  static constexpr size_t kMostPlaces = 16;

  uint64_t records = 0;           // sound pieces
  uint64_t damaged = 0;           // places
  std::vector<uint64_t> offsets;  // of the first of them
  // Where the file ends within a record: what a crash leaves, or a writer at work. No damage.
  std::optional<uint64_t> cut_at;
};

// Takes the bytes of a log in pieces of any size, with at most two blocks in memory.
class LogChecker {
 public:
  void add(std::string_view piece);
  LogCheck finish();  // once, at the end

 private:
  void check_block(std::string_view block, bool is_last);
  size_t check_record(std::string_view rest, size_t at, bool is_last);
  void check_cut(std::string_view rest, size_t at);
  void take_type(uint8_t type, size_t at);
  void damage(size_t at);

  LogCheck check_;
  std::string block_;
  uint64_t begin_ = 0;   // of the block in the file
  bool within_ = false;  // a first piece was seen and not yet its last
  bool ended_ = false;   // what follows is left over from an earlier use of the file
  std::optional<uint32_t> log_number_;
};

LogCheck check_log(std::string_view bytes);

}  // namespace halftone
