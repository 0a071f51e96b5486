// Searches for one of a few bytes, sixteen at a time where the processor can.
#pragma once

#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace halftone {

// Where the first of `kWanted` stands in text from `at` on; the size of the text where none does.
template <char... kWanted>
size_t find_any(std::string_view text, size_t at) {
#ifdef __SSE2__
  const auto found_at = [text](size_t from) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
    __m128i found = _mm_setzero_si128();
    ((found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kWanted)))), ...);
    return static_cast<unsigned>(_mm_movemask_epi8(found));
  };
  for (; at + 16 <= text.size(); at += 16) {
    const unsigned found = found_at(at);
    if (found != 0) return at + static_cast<size_t>(__builtin_ctz(found));
  }
  if (at < text.size() && text.size() >= 16) {
    // The last sixteen bytes again, without those that have been looked at.
    const unsigned found = found_at(text.size() - 16) >> (at + 16 - text.size());
    return found != 0 ? at + static_cast<size_t>(__builtin_ctz(found)) : text.size();
  }
#endif
  while (at < text.size() && ((text[at] != kWanted) && ...)) ++at;
  return at < text.size() ? at : text.size();
}

// The first byte that is no printable ASCII, or a blank; the size of the text where there is none.
inline size_t printable_ascii_size(std::string_view text) {
  size_t at = 0;
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    if (_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(' '))) != 0xFFFF) break;
  }
#endif
  while (at < text.size() && text[at] > ' ') ++at;
  return at;
}

// The first byte from `at` on that is not ASCII; the size of the text where there is none.
inline size_t find_non_ascii(std::string_view text, size_t at) {
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    if (_mm_movemask_epi8(bytes) != 0) break;
  }
#endif
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace halftone
