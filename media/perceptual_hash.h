// Telling whether two pictures look alike, whatever their sizes and formats.
//
// The hash is the signs of the 64 lowest frequencies of the picture's brightness (DCT-II of 32×32
// points, the average left out). Frequencies were chosen over comparing neighbouring points
// (dHash): they move less under JPEG's own quantisation and under scaling, which is what renditions
// go through. What is all but absent counts as negative, so that noise decides no bit: a picture of
// one colour has hash 0.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace halftone {

inline constexpr size_t kHashSide = 32;

// Brightness in rows, from 0 to 255.
using Brightness = std::array<uint8_t, kHashSide * kHashSide>;

uint64_t perceptual_hash(const Brightness& picture);

// There is enough in the picture to know it again: gradients and plain patterns have few bits, and
// all of them are alike.
constexpr bool is_telling(uint64_t hash) { return std::popcount(hash) >= 8; }

// Bits that differ. Renditions of one picture are a few apart, different ones about 32.
constexpr int hash_distance(uint64_t a, uint64_t b) { return std::popcount(a ^ b); }

}  // namespace halftone
