// Inputs that a careless scanner would need quadratic time for, a few for each scanner.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace halftone::bench {

struct Hostile {
  std::string scanner;
  size_t (*work)(std::string_view input);  // what is measured
  std::string name;
  std::function<std::string(size_t)> make;  // of so many repetitions
};

std::vector<Hostile> hostile_inputs();

}  // namespace halftone::bench
