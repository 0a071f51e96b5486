// A fuzz target: what is called with any bytes at all, and what must hold for them.
//
// With HALFTONE_FUZZ each target is a libFuzzer program of its own (tools/fuzz runs them). Without
// it they are all in one ordinary program that replays the files of their corpora.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// Defines the target of that name; `input` holds the bytes:
//   FUZZ_TARGET(css) { find_css_urls(input); }
#ifdef HALFTONE_FUZZ
#define FUZZ_TARGET(name)                                                   \
  static void fuzz_##name(std::string_view input);                          \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { \
    fuzz_##name({reinterpret_cast<const char*>(data), size});               \
    return 0;                                                               \
  }                                                                         \
  static void fuzz_##name(std::string_view input)
#else
#define FUZZ_TARGET(name)                                               \
  static void fuzz_##name(std::string_view input);                      \
  static const halftone::FuzzTarget target_##name(#name, &fuzz_##name); \
  static void fuzz_##name(std::string_view input)
#endif

// Ends the program, saying what did not hold.
#define MUST(condition)                                                                   \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

namespace halftone {

// A target that the replaying program knows.
struct FuzzTarget {
  using Function = void (*)(std::string_view);
  FuzzTarget(const char* name, Function function);
};

}  // namespace halftone
