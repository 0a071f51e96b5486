// Texts that say almost the same, told by 64 bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace halftone {

// The simhash of a text (Charikar, "Similarity Estimation Techniques from Rounding Algorithms"; for
// pages: Manku, Jain and Das Sarma, "Detecting Near-Duplicates for Web Crawling"): each pair of
// neighbouring words votes on every bit. Words are runs of letters and digits, ASCII without regard
// to letter case; of scripts that put no spaces between words (Chinese, Japanese, Korean, Thai …)
// every character is one. Punctuation, spaces and ill-formed UTF-8 only part words. 0 for a text
// without words. Time is linear, memory constant.
uint64_t text_fingerprint(std::string_view text);

// How many bits two fingerprints differ by. About 32 for texts that have nothing in common, and
// fewer the more pairs of words they share: 6 where one pair in twenty is another.
int hamming_distance(uint64_t a, uint64_t b);

// Whether two texts say almost the same: up to 6 bits differ. False where one has no words: nothing
// is known of it then.
bool is_nearly_same(uint64_t a, uint64_t b);

}  // namespace halftone
