// Room on the archive's disk: a crawl pauses while there is too little.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace halftone {

class DiskWatch {
 public:
  // `least`: bytes that have to be free; 0: no limit.
  DiskWatch(std::string folder, uint64_t least) : folder_(std::move(folder)), least_(least) {}

  // Looks, twice a second at most. When that changes whether there is room: what happened, for
  // people. A disk that says nothing has room.
  std::optional<std::string> look();

  bool is_short() const { return is_short_; }

 private:
  const std::string folder_;
  const uint64_t least_;
  bool is_short_ = false;
  std::chrono::steady_clock::time_point looked_at_{};
};

}  // namespace halftone
