// Replays a fuzz target over files, without libFuzzer:
//   fuzz_replay TARGET FILE…     each file whole
//   fuzz_replay CORPUS           every file of CORPUS/TARGET/, whole and cut at each of its bytes
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/target.h"

namespace fs = std::filesystem;

namespace {

struct Known {
  std::string name;
  halftone::FuzzTarget::Function function;
};

std::vector<Known>& known_targets() {
  static std::vector<Known> targets;
  return targets;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// How many files there were.
size_t replay_corpus(const fs::path& folder, halftone::FuzzTarget::Function function) {
  constexpr size_t kMostCuts = 400;
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::fprintf(stderr, "%s\n", entry.path().c_str());
    const std::string bytes = read_file(entry.path());
    // A copy of its own for each, so that a sanitizer sees what is read behind the end.
    for (size_t size = 0; size < std::min(bytes.size(), kMostCuts); ++size) {
      function(std::string(bytes, 0, size));
    }
    function(bytes);
    ++files;
  }
  return files;
}

}  // namespace

halftone::FuzzTarget::FuzzTarget(const char* name, Function function) {
  known_targets().push_back({name, function});
}

int main(int count, char** arguments) {
  if (count == 2) {
    for (const Known& target : known_targets()) {
      const fs::path folder = fs::path(arguments[1]) / target.name;
      if (!fs::is_directory(folder) || replay_corpus(folder, target.function) == 0) {
        std::fprintf(stderr, "no corpus in %s\n", folder.c_str());
        return 1;
      }
    }
    return 0;
  }
  for (const Known& target : known_targets()) {
    if (count < 3 || target.name != arguments[1]) continue;
    for (int i = 2; i < count; ++i) target.function(read_file(arguments[i]));
    return 0;
  }
  std::fprintf(stderr, "usage: fuzz_replay TARGET FILE… | fuzz_replay CORPUS\n");
  return 2;
}
