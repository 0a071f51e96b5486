// Numbers and picture files that look like chance and are the same on every machine.
#pragma once

#include <cstdint>
#include <string>

namespace halftone::bench {

// Xorshift. Equal seeds, equal numbers.
class Noise {
 public:
  explicit Noise(uint64_t seed) : state_((seed + 1) * 0x9E3779B97F4A7C15) {
    for (int i = 0; i < 4; ++i) next();
  }

  uint64_t next() {
    state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
    return state_;
  }
  uint64_t below(uint64_t end) { return (next() >> 11) % end; }
  double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double log_normal(double sigma);  // of mean 1

  // The next `count` bytes onto `out`; no 0xFF among them, which JPEG gives a meaning.
  void append(std::string& out, size_t count);

 private:
  uint64_t state_;
};

enum class Picture { kJpeg, kPng, kWebp };

// A file of `size` bytes (even, 2,000 at least) that nothing can compress. PNGs are whole; JPEGs
// have all their tables and noise for pixels; of WebPs the headers are right.
std::string make_picture(Picture type, uint64_t seed, size_t size);

}  // namespace halftone::bench
