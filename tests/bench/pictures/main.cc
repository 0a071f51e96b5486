// What decoding behind walls costs, how fast headers are read, and how much memory a worker takes.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "media/image.h"
#include "media/image_header.h"
#include "store/image_workers.h"
#include "tests/bench/pictures/likeness.h"

using namespace halftone;

namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

std::vector<std::string> read_all(const std::vector<std::string>& files) {
  std::vector<std::string> pictures;
  for (const std::string& file : files) pictures.push_back(read_file(file));
  return pictures;
}

// Facts and a thumbnail of each picture, here and behind walls, in turn.
void measure_overhead(const std::vector<std::string>& files, int rounds) {
  const auto pictures = read_all(files);
  const Recipe& thumb = *find_recipe("thumb");
  ImageWorker worker(kThisProgram);
  size_t failed = 0;
  const auto here = [&] {
    for (const std::string& picture : pictures) {
      failed += !read_image_facts(picture) || !make_derivative(picture, thumb);
    }
  };
  const auto behind_walls = [&] {
    for (const std::string& picture : pictures) {
      failed += !worker.show(picture) || !worker.facts() || !worker.derive(thumb);
    }
  };
  here();
  behind_walls();
  std::vector<double> plain, walled, ratios;
  for (int i = 0; i < rounds; ++i) {
    plain.push_back(seconds_of(here));
    walled.push_back(seconds_of(behind_walls));
    ratios.push_back(walled.back() / plain.back());
  }
  fmt::print("facts and thumbnails of {} pictures, one core, medians of {} rounds, {} failed\n",
             pictures.size(), rounds, failed);
  fmt::print("  in this process  {:7.3f} s\n", median(plain));
  fmt::print("  in a worker      {:7.3f} s\n", median(walled));
  fmt::print("  overhead         {:+7.1f} %\n", 100 * (median(ratios) - 1));
}

void measure_headers(const std::vector<std::string>& files, int rounds) {
  const auto pictures = read_all(files);
  ImageWorker worker(kThisProgram);
  struct Way {
    const char* name;
    std::function<bool(const std::string&)> read;
    std::vector<double> rates{};
  };
  Way ways[] = {
      {"own header reader, here", [](auto& bytes) { return read_image_header(bytes).has_value(); }},
      {"libvips, here", [](auto& bytes) { return read_image_facts(bytes).has_value(); }},
      {"libvips, in a worker", [&](auto& bytes) { return worker.facts(bytes).has_value(); }},
  };
  for (int i = 0; i <= rounds; ++i) {
    for (Way& way : ways) {
      size_t read = 0;
      const double seconds = seconds_of([&] {
        for (const std::string& picture : pictures) read += way.read(picture);
      });
      if (i > 0) way.rates.push_back(static_cast<double>(read) / seconds);
    }
  }
  fmt::print("headers of {} pictures, one core, medians of {} rounds\n", pictures.size(), rounds);
  for (const Way& way : ways)
    fmt::print("  {:<24} {:9.0f} a second\n", way.name, median(way.rates));
}

// A line of /proc/PID/status, in MiB.
double mebibytes_of(int pid, std::string_view line) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string text; std::getline(status, text);) {
    if (text.starts_with(line)) return std::atof(text.c_str() + line.size() + 1) / 1024;
  }
  return 0;
}

// Each recipe of each picture in a worker of its own. What is shared is the picture itself and the
// derivative.
void measure_memory(const std::vector<std::string>& files) {
  fmt::print("{:<28} {:>9} {:<9} {:>7} {:>10} {:>10}\n", "picture", "MiB", "recipe", "s",
             "peak/MiB", "at rest");
  for (const std::string& file : files) {
    const std::string bytes = read_file(file);
    for (const Recipe& recipe : recipes()) {
      if (recipe.of_video) continue;
      ImageWorker worker(kThisProgram);
      std::string outcome;
      const double seconds = seconds_of([&] {
        if (!worker.show(bytes)) outcome = "too large";
        if (const auto facts = worker.facts(); !facts) outcome = facts.error().message;
        if (const auto made = worker.derive(recipe); !made) outcome = made.error().message;
      });
      fmt::print("{:<28} {:9.1f} {:<9} {:7.2f} {:10.1f} {:10.1f}  {}\n",
                 file.substr(file.rfind('/') + 1), static_cast<double>(bytes.size()) / 1048576,
                 recipe.name, seconds, mebibytes_of(worker.pid(), "VmHWM:"),
                 mebibytes_of(worker.pid(), "VmRSS:"), outcome);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) return 2;
  if (words[0] == kImageWorker) return run_image_worker(words[0]);
  const std::vector<std::string> files(words.begin() + 1, words.end());
  if (const auto started = start_image_library(); !started) {
    fmt::print(stderr, "{}\n", started.error().message);
    return 1;
  }
  constexpr int kRounds = 5;
  if (words[0] == "--overhead") measure_overhead(files, kRounds);
  if (words[0] == "--headers") measure_headers(files, kRounds);
  if (words[0] == "--memory") measure_memory(files);
  if (words[0] == "--hashes") measure_hashes(files);
  if (words[0] == "--index") measure_index(1'000'000, 25);
  return 0;
}
