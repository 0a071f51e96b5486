// Numbers of blobs, a bit each: they are given in order, so few are left out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace halftone {

class NumberSet {
 public:
  static constexpr uint64_t kLargest = uint64_t{1} << 33;  // a gibibyte of bits

  // Numbers above kLargest are left out: no archive has come so far.
  void insert(uint64_t number) {
    if (number > kLargest) return;
    if (number >= bits_.size()) bits_.resize(std::max<size_t>(number + 1, bits_.size() * 3 / 2));
    bits_[number] = true;
  }
  bool contains(uint64_t number) const { return number < bits_.size() && bits_[number]; }

 private:
  std::vector<bool> bits_;
};

}  // namespace halftone
