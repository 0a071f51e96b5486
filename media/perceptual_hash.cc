#include "media/perceptual_hash.h"

#include <cmath>
#include <numbers>

namespace halftone {

namespace {

constexpr size_t kFrequencies = 11;  // of each direction: as many as the lowest 64 reach
constexpr int kBits = 64;

// A grey level's amplitude: less is noise of compression.
constexpr double kFaint = 0.5;

using Basis = std::array<std::array<double, kHashSide>, kFrequencies>;

// Scaled so that a coefficient is an amplitude in grey levels.
Basis make_basis() {
  Basis basis;
  for (size_t k = 0; k < kFrequencies; ++k) {
    for (size_t i = 0; i < kHashSide; ++i) {
      const double angle =
          std::numbers::pi * static_cast<double>((2 * i + 1) * k) / (2 * kHashSide);
      basis[k][i] = std::cos(angle) * (k == 0 ? 1 : 2) / kHashSide;
    }
  }
  return basis;
}

}  // namespace

uint64_t perceptual_hash(const Brightness& picture) {
  static const Basis basis = make_basis();
  std::array<std::array<double, kHashSide>, kFrequencies>
      columns{};  // of each horizontal frequency
  for (size_t u = 0; u < kFrequencies; ++u) {
    for (size_t y = 0; y < kHashSide; ++y)
      for (size_t x = 0; x < kHashSide; ++x)
        columns[u][y] += basis[u][x] * picture[y * kHashSide + x];
  }
  uint64_t hash = 0;
  int bits = 0;
  for (size_t sum = 1; bits < kBits; ++sum) {  // along the diagonals, low frequencies first
    for (size_t v = 0; v <= sum && bits < kBits; ++v, ++bits) {
      double amplitude = 0;
      for (size_t y = 0; y < kHashSide; ++y) amplitude += basis[v][y] * columns[sum - v][y];
      hash = hash << 1 | (amplitude > kFaint ? 1 : 0);
    }
  }
  return hash;
}

}  // namespace halftone
