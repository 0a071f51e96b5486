// What the store does with much at a time: store.sh runs it and tells the rest.
//   store_bench generate DIR COUNT BYTES   pictures that nothing can compress, about BYTES together
//   store_bench store ARCHIVE DIR          keeps every file of DIR, a capture for each
//   store_bench read ARCHIVE               reads every blob, checked against its digest
//   store_bench body ARCHIVE GIB           one body of so many GiB in, then out
//   store_bench amplify ARCHIVE GIB        bodies of 95 kB, so many GiB; bytes written for each
//   byte kept store_bench captures ARCHIVE COUNT     captures in batches, then opening and
//   histories
// Each line of output is a name, a number and its unit.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <thread>

#include "store/archive.h"
#include "store/files.h"

namespace halftone {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kMB = 1e6;
constexpr size_t kThreads = 2;
constexpr size_t kAtOnce = 256;  // captures acknowledged together

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void print(const char* name, double value, const char* unit) {
  fmt::print("{:<28} {:>12.2f} {}\n", name, value, unit);
  std::fflush(stdout);
}

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}
void must(Result<void> result) {
  if (result) return;
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Bytes that this process has handed to the disk.
double bytes_written() {
  std::ifstream io("/proc/self/io");
  for (std::string name, value; io >> name >> value;) {
    if (name == "write_bytes:") return std::stod(value);
  }
  return 0;
}

// Noise that is another one for each seed, behind the first bytes of a JPEG.
std::string picture(uint64_t seed, size_t size) {
  std::string bytes(size, '\0');
  uint64_t state = seed * 0x9E3779B97F4A7C15 + 1;
  for (size_t at = 0; at < size; at += 8) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    std::memcpy(bytes.data() + at, &state, std::min<size_t>(8, size - at));
  }
  constexpr std::string_view kHead = "\xFF\xD8\xFF\xE0";
  std::copy_n(kHead.begin(), std::min(size, kHead.size()), bytes.begin());
  return bytes;
}

// As pictures of articles are: many small, few large.
size_t size_of(uint64_t number, double mean) {
  std::mt19937_64 random(number);
  std::lognormal_distribution<double> sizes(std::log(mean) - 0.32, 0.8);
  return std::clamp<size_t>(static_cast<size_t>(sizes(random)), 200, 4'000'000);
}

Capture capture_of(const std::string& url, const BlobInfo& blob) {
  return {.url = url,
          .time = now(),
          .status = 200,
          .request_headers = "GET / HTTP/1.1\r\nHost: img.example.com\r\n\r\n",
          .response_headers = "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n",
          .digest = blob.digest,
          .size = blob.size,
          .type = blob.type,
          .remote_address = "203.0.113.9:443"};
}

// Puts what `body_of` gives for each number, and acknowledges it by captures.
void keep_all(Archive& archive, size_t count, const std::function<std::string(size_t)>& body_of) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    std::vector<Capture> waiting;
    for (size_t number; (number = next++) < count;) {
      const auto put = must(archive.blobs().put(body_of(number), "image/jpeg"));
      waiting.push_back(
          capture_of(fmt::format("https://img.example.com/{}.jpg", number), put.info));
      if (waiting.size() < kAtOnce) continue;
      must(archive.captures().add(waiting));
      waiting.clear();
    }
    must(archive.captures().add(waiting));
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

void generate(const std::string& folder, size_t count, double bytes) {
  fs::create_directories(folder);
  for (size_t number = 0; number < count; ++number) {
    const size_t size = size_of(number, bytes / static_cast<double>(count));
    std::ofstream(fmt::format("{}/{}.jpg", folder, number), std::ios::binary)
        << picture(number, size);
  }
}

void store(const std::string& where, const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::atomic<uint64_t> bytes{0};
  const auto begin = Clock::now();
  {
    const auto archive = must(Archive::open_for_writing(where));
    keep_all(*archive, files.size(), [&](size_t number) {
      std::string body = must(read_file(files[number], 1 << 30));
      bytes += body.size();
      return body;
    });
    print("store, acknowledged", static_cast<double>(bytes) / kMB / seconds_since(begin), "MB/s");
  }
  print("store, closed", static_cast<double>(bytes) / kMB / seconds_since(begin), "MB/s");
  print("store, wall", seconds_since(begin), "s");
  print("peak memory", peak_mib(), "MiB");
  print("disk / bytes", static_cast<double>(disk_usage(where)) / static_cast<double>(bytes), "");
}

void read(const std::string& where) {
  const auto archive = must(Archive::open_for_reading(where));
  std::vector<Digest> digests;
  must(archive->blobs().for_each([&](const BlobInfo& blob) {
    digests.push_back(blob.digest);
    return true;
  }));
  std::atomic<uint64_t> bytes{0};
  std::atomic<size_t> next{0};
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (size_t number; (number = next++) < digests.size();) {
        must(archive->blobs().read(digests[number], [&](std::string_view piece) -> Result<void> {
          bytes += piece.size();
          return {};
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  print("read, verified", static_cast<double>(bytes) / kMB / seconds_since(begin), "MB/s");
  print("peak memory", peak_mib(), "MiB");
}

void body(const std::string& where, uint64_t gib) {
  const std::string piece = picture(1, 1 << 20);
  const auto archive = must(Archive::open_for_writing(where));
  const auto begin = Clock::now();
  const auto writer = archive->blobs().writer();
  for (uint64_t i = 0; i < gib << 10; ++i) {
    std::string part = piece;
    std::memcpy(part.data() + 8, &i, sizeof i);
    must(writer->write(part));
  }
  const auto put = must(writer->commit("video/mp4"));
  Capture capture = capture_of("https://video.example.com/film.mp4", put.info);
  must(archive->captures().add(capture));
  const double bytes = static_cast<double>(gib << 30);
  print("body in", bytes / kMB / seconds_since(begin), "MB/s");
  print("peak memory", peak_mib(), "MiB");
  const auto again = Clock::now();
  must(archive->blobs().read(put.info.digest, [](std::string_view) { return Result<void>(); }));
  print("body out, verified", bytes / kMB / seconds_since(again), "MB/s");
  print("peak memory", peak_mib(), "MiB");
}

void amplify(const std::string& where, uint64_t gib) {
  const double mean = 95'000;
  const auto count = static_cast<size_t>(static_cast<double>(gib << 30) / mean);
  std::atomic<uint64_t> bytes{0};
  const auto begin = Clock::now();
  {
    const auto archive = must(Archive::open_for_writing(where));
    keep_all(*archive, count, [&](size_t number) {
      std::string made = picture(number, size_of(number, mean));
      bytes += made.size();
      return made;
    });
  }
  print("kept", static_cast<double>(bytes) / 1e9, "GB");
  print("wall", seconds_since(begin), "s");
  print("written / kept", bytes_written() / static_cast<double>(bytes), "");
  print("disk / kept", static_cast<double>(disk_usage(where)) / static_cast<double>(bytes), "");
  print("peak memory", peak_mib(), "MiB");
}

std::string url_of(size_t number) {
  return fmt::format("https://site{}.example.com/articles/{}/picture-{}.jpg", number % 500,
                     number / 500 % 1000, number / 500'000 * 7919);
}

void captures(const std::string& where, size_t count) {
  constexpr size_t kBatch = 1000;
  constexpr size_t kVersions = 4;  // captures of each URL
  const auto begin = Clock::now();
  {
    const auto archive = must(Archive::open_for_writing(where));
    std::vector<Capture> batch(kBatch);
    for (size_t first = 0; first < count; first += kBatch) {
      for (size_t i = 0; i < kBatch; ++i) {
        const size_t number = (first + i) % (count / kVersions);
        batch[i] =
            capture_of(url_of(number), {sha256(fmt::format("{}", number)), number, "image/jpeg"});
      }
      must(archive->captures().add(batch));
    }
    print("captures put", static_cast<double>(count) / seconds_since(begin), "/s");
  }
  print("captures put and closed", static_cast<double>(count) / seconds_since(begin), "/s");
  print("disk / capture", static_cast<double>(disk_usage(where)) / static_cast<double>(count), "B");
  auto at = Clock::now();
  const auto archive = must(Archive::open_for_reading(where));
  print("open for reading", seconds_since(at) * 1000, "ms");
  std::vector<double> cold, warm;
  for (size_t i = 0; i < 1000; ++i) {
    const std::string url = url_of(i * 7907 % (count / kVersions));
    for (auto* times : {&cold, &warm}) {
      at = Clock::now();
      if (must(archive->captures().history(url)).size() != kVersions) std::abort();
      times->push_back(seconds_since(at) * 1000);
    }
  }
  for (auto* times : {&cold, &warm}) std::sort(times->begin(), times->end());
  print("history, first, median", cold[500], "ms");
  print("history, warm, median", warm[500], "ms");
  print("history, warm, 99 %", warm[990], "ms");
  print("peak memory", peak_mib(), "MiB");
}

int run(const std::vector<std::string>& words) {
  const std::string what = words.size() > 1 ? words[1] : "";
  if (what == "generate" && words.size() == 5) {
    generate(words[2], std::stoull(words[3]), std::stod(words[4]));
  } else if (what == "store" && words.size() == 4) {
    store(words[2], words[3]);
  } else if (what == "read" && words.size() == 3) {
    read(words[2]);
  } else if (what == "body" && words.size() == 4) {
    body(words[2], std::stoull(words[3]));
  } else if (what == "amplify" && words.size() == 4) {
    amplify(words[2], std::stoull(words[3]));
  } else if (what == "captures" && words.size() == 4) {
    captures(words[2], std::stoull(words[3]));
  } else {
    fmt::print(stderr, "see the head of tests/bench/store/main.cc\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace halftone

int main(int argc, char** argv) {
  return halftone::run(std::vector<std::string>(argv, argv + argc));
}
