#include "store/log_check.h"

#include <algorithm>

#include "store/crc32c.h"

namespace halftone {

namespace {

constexpr size_t kBlock = 32768;
constexpr size_t kHeader = 7;

enum Type : uint8_t {
  kZero = 0,
  kFull = 1,
  kFirst = 2,
  kMiddle = 3,
  kLast = 4,
  kRecycledFull = 5,
  kRecycledLast = 8,
  kCompression = 9,  // stands alone, says how what follows is compressed
};

uint32_t little_endian(std::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return number;
}

bool is_zero(std::string_view bytes) { return bytes.find_first_not_of('\0') == bytes.npos; }

bool is_recycled(uint8_t type) { return type >= kRecycledFull && type <= kRecycledLast; }

// Whether the checksum of a record that seems to reach over the end fits fewer bytes under some
// type: then its length or its type is wrong, and nothing was cut.
bool fits_shorter(uint32_t stored, std::string_view payload) {
  for (char type = kFull; type <= kCompression; ++type) {
    uint32_t crc = crc32c({&type, 1});
    for (size_t size = 0; masked_crc32c(crc) != stored; ++size) {
      if (size == payload.size()) break;
      crc = crc32c(payload.substr(size, 1), crc);
    }
    if (masked_crc32c(crc) == stored) return true;
  }
  return false;
}

}  // namespace

void LogChecker::add(std::string_view piece) {
  while (!piece.empty()) {
    if (block_.size() == kBlock) {
      check_block(block_, false);
      begin_ += kBlock;
      block_.clear();
    }
    const auto part = piece.substr(0, kBlock - block_.size());
    block_ += part;
    piece.remove_prefix(part.size());
  }
}

LogCheck LogChecker::finish() {
  check_block(block_, true);
  if (within_ && !check_.cut_at && !ended_ && check_.damaged == 0) {
    check_.cut_at = begin_ + block_.size();
  }
  return std::move(check_);
}

void LogChecker::check_block(std::string_view block, bool is_last) {
  size_t at = 0;
  while (at < block.size() && !ended_ && !check_.cut_at) {
    const std::string_view rest = block.substr(at);
    if (kBlock - at < kHeader) {  // no room for another record
      if (!is_zero(rest)) damage(at);
      return;
    }
    // Zeros at the end are space that was reserved, or bytes lost with the power.
    if (rest.size() < kHeader || (is_last && is_zero(rest))) {
      check_.cut_at = begin_ + at;
      return;
    }
    const size_t size = check_record(rest, at, is_last);
    if (size == 0) return;
    at += size;
  }
}

// The size of the record, its header included; 0 where no other can be found in the block.
size_t LogChecker::check_record(std::string_view rest, size_t at, bool is_last) {
  const size_t length = little_endian(rest.substr(4, 2));
  const auto type = static_cast<uint8_t>(rest[6]);
  const size_t header = kHeader + (is_recycled(type) ? 4 : 0);
  const size_t size = header + length;
  if (size > kBlock - at) {  // no record reaches over a block
    damage(at);
    return 0;
  }
  if (size > rest.size()) {
    if (is_last) check_cut(rest, at);
    return 0;
  }
  const std::string_view covered = rest.substr(6, size - 6);
  if (masked_crc32c(crc32c(covered)) != little_endian(rest.substr(0, 4))) {
    damage(at);
    return size;
  }
  if (is_recycled(type)) {
    const uint32_t number = little_endian(rest.substr(kHeader, 4));
    if (log_number_.value_or(number) != number) {
      ended_ = true;
      return 0;
    }
    log_number_ = number;
  }
  ++check_.records;
  take_type(is_recycled(type) ? static_cast<uint8_t>(type - 4) : type, at);
  return size;
}

void LogChecker::check_cut(std::string_view rest, size_t at) {
  if (fits_shorter(little_endian(rest.substr(0, 4)), rest.substr(kHeader))) {
    damage(at);
  } else {
    check_.cut_at = begin_ + at;
  }
}

void LogChecker::take_type(uint8_t type, size_t at) {
  if (type > kLast) return;  // stands alone, or of a later version; its checksum was right
  const bool continues = type == kMiddle || type == kLast;
  if (type == kZero || continues != within_) {
    // After a damaged piece the others of its record have lost their first.
    if (check_.damaged == 0) damage(at);
  }
  within_ = type == kFirst || type == kMiddle;
}

void LogChecker::damage(size_t at) {
  ++check_.damaged;
  if (check_.offsets.size() < LogCheck::kMostPlaces) check_.offsets.push_back(begin_ + at);
}

LogCheck check_log(std::string_view bytes) {
  LogChecker checker;
  checker.add(bytes);
  return checker.finish();
}

}  // namespace halftone
