#include "media/perceptual_hash.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// Smooth shapes of many sizes, different for each seed, like those of photographs: amplitudes fall
// with the frequency.
Brightness scene(uint32_t seed, double brighter = 0, double contrast = 1, int noise = 0) {
  Brightness picture{};
  uint32_t state = seed * 2'654'435'761u + 1;
  const auto random = [&state] {
    state = state * 1'664'525u + 1'013'904'223u;
    return static_cast<double>(state >> 8) / (1u << 24);
  };
  std::array<double, kHashSide * kHashSide> sum{};
  for (int wave = 0; wave < 40; ++wave) {
    const double u = random() * 10 - 5, v = random() * 10 - 5, phase = random() * 6.28;
    const double amplitude = 60 / (1 + std::hypot(u, v));
    for (size_t i = 0; i < sum.size(); ++i) {
      const double x = static_cast<double>(i % kHashSide), y = static_cast<double>(i / kHashSide);
      sum[i] += amplitude * std::sin((u * x + v * y) * 2 * std::numbers::pi / kHashSide + phase);
    }
  }
  for (size_t i = 0; i < sum.size(); ++i) {
    const double grain = noise * (random() - 0.5);
    picture[i] = static_cast<uint8_t>(
        std::clamp(128 + brighter + sum[i] * contrast / 2 + grain, 0.0, 255.0));
  }
  return picture;
}

}  // namespace

TEST_CASE("perceptual hashes: a picture of one colour has none of it", "[media][hash]") {
  for (const uint8_t level : {0, 1, 128, 255}) {
    Brightness flat;
    flat.fill(level);
    CHECK(perceptual_hash(flat) == 0);
  }
}

TEST_CASE("perceptual hashes: each bit is a frequency's sign", "[media][hash]") {
  // Half a wave from left to right: the first of the diagonals' frequencies.
  Brightness falling{}, rising{};
  for (size_t i = 0; i < falling.size(); ++i) {
    const double wave = std::cos(std::numbers::pi * (2.0 * static_cast<double>(i % kHashSide) + 1) /
                                 (2 * kHashSide));
    falling[i] = static_cast<uint8_t>(std::lround(128 + 100 * wave));
    rising[i] = static_cast<uint8_t>(std::lround(128 - 100 * wave));
  }
  CHECK(perceptual_hash(falling) == uint64_t{1} << 63);
  CHECK(perceptual_hash(rising) == 0);
}

TEST_CASE("perceptual hashes: small changes are few bits, other pictures are many",
          "[media][hash]") {
  int least = 64;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    const uint64_t hash = perceptual_hash(scene(seed));
    CHECK(hash_distance(hash, perceptual_hash(scene(seed, 8))) <= 5);
    CHECK(hash_distance(hash, perceptual_hash(scene(seed, 0, 0.85))) <= 5);
    CHECK(hash_distance(hash, perceptual_hash(scene(seed, 0, 1, 16))) <= 7);
    for (uint32_t other = 1; other < seed; ++other)
      least = std::min(least, hash_distance(hash, perceptual_hash(scene(other))));
  }
  CHECK(least >= 12);
}
