#include "tests/bench/pictures/likeness.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "media/image.h"
#include "media/perceptual_hash.h"
#include "media/recipe_book.h"
#include "store/archive.h"
#include "store/likeness_index.h"
#include "tests/support/temporary_directory.h"

namespace halftone {

namespace {

using Distances = std::vector<int>;

void print(std::string_view name, Distances distances) {
  if (distances.empty()) return;
  std::sort(distances.begin(), distances.end());
  const auto within = [&](int most) {
    const auto end = std::upper_bound(distances.begin(), distances.end(), most);
    return 100.0 * static_cast<double>(end - distances.begin()) /
           static_cast<double>(distances.size());
  };
  fmt::print("  {:<22} {:>7} {:>6} {:>6} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f}\n", name,
             distances.size(), distances.front(), distances.back(), within(6), within(8),
             within(12), within(16));
}

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::optional<uint64_t> hash_of(std::string_view bytes) {
  const auto thumb = make_derivative(bytes, *find_recipe("thumb"));
  return thumb && thumb->hash && *thumb->hash != 0 ? thumb->hash : std::nullopt;
}

template <class Work>
double microseconds_of(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
      .count();
}

}  // namespace

void measure_hashes(const std::vector<std::string>& files) {
  const std::string renditions[] = {"a = 1024, jpeg, 85", "b = 640, webp, 70", "c = 320, jpeg, 40",
                                    "d = 160, png",       "e = 64, jpeg, 60",  "f = 24, jpeg, 40"};
  std::map<std::string, Distances> same;
  std::vector<uint64_t> hashes;
  for (const std::string& file : files) {
    const std::string bytes = bytes_of(file);
    const auto hash = hash_of(bytes);
    if (!hash) continue;
    hashes.push_back(*hash);
    for (const std::string& rendition : renditions) {
      RecipeBook book;
      const auto made = make_derivative(bytes, **book.define(rendition));
      const auto its = made ? hash_of(made->bytes) : std::nullopt;
      if (its) same[rendition.substr(4)].push_back(hash_distance(*hash, *its));
    }
  }
  Distances others;
  for (size_t i = 0; i < hashes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) others.push_back(hash_distance(hashes[i], hashes[j]));
  }
  fmt::print("{} pictures: bits between an original and its renditions, and between pictures\n",
             hashes.size());
  fmt::print("  {:<22} {:>7} {:>6} {:>6} {:>9} {:>9} {:>9} {:>9}\n", "", "pairs", "least", "most",
             "% to 6", "% to 8", "% to 12", "% to 16");
  for (const auto& [name, distances] : same) print(name, distances);
  print("different pictures", others);
}

void measure_index(size_t count, int rounds) {
  const TemporaryDirectory folder;
  const auto archive = Archive::open_for_writing(folder.file("archive"));
  std::mt19937_64 random(11);
  const auto row = [&](size_t number) {
    Digest digest{};
    std::memcpy(digest.bytes.data(), &number, sizeof number);
    return digest;
  };
  for (size_t done = 0; done < count;) {
    WriteBatch batch;
    for (size_t i = 0; i < 10'000 && done < count; ++i, ++done)
      likeness_index::add_rows(random(), row(done), batch);
    if (!(*archive)->database().write(std::move(batch), false)) std::abort();
  }
  fmt::print("index of {} pictures, medians of {} queries\n", count, rounds);
  for (const int distance : {0, 4, 8, 12, 16}) {
    std::vector<double> times;
    size_t found = 0;
    for (int i = 0; i < rounds; ++i) {
      const uint64_t hash = random();
      times.push_back(microseconds_of([&] {
        const auto near = likeness_index::neighbours((*archive)->database(), hash, distance);
        if (near) found += near->size();
      }));
    }
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    fmt::print("  {:>2} bits {:10.2f} ms, {:.1f} found\n", distance, times[rounds / 2] / 1000,
               static_cast<double>(found) / rounds);
  }
}

}  // namespace halftone
