#include "media/perceptual_hash.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace halftone {

namespace {

constexpr size_t kFrequencies = 11;  // of each direction: as many as the lowest 64 reach
constexpr size_t kHashBits = 64;

// Amplitudes below this, or this much less than the strongest, are noise of compression.
constexpr double kFaint = 0.7, kFaintPart = 0.02;

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
  std::array<double, kHashBits> amplitudes{};
  double strongest = 0;
  size_t bit = 0;
  for (size_t sum = 1; bit < kHashBits; ++sum) {  // along the diagonals, low frequencies first
    for (size_t v = 0; v <= sum && bit < kHashBits; ++v, ++bit) {
      for (size_t y = 0; y < kHashSide; ++y) amplitudes[bit] += basis[v][y] * columns[sum - v][y];
      strongest = std::max(strongest, std::abs(amplitudes[bit]));
    }
  }
  const double faint = std::max(kFaint, strongest * kFaintPart);
  uint64_t hash = 0;
  for (const double amplitude : amplitudes) hash = hash << 1 | (amplitude > faint ? 1 : 0);
  return hash;
}

}  // namespace halftone
