// A frontier with much in it: frontier.sh runs this and tells the rest.
//   frontier_bench ARCHIVE URLS HOSTS   adds URLs of so many hosts, as pages lead to them, then
//   asks
//                                       for all of them; opens it in between, and removes it
// Each line of output is a name, a number and its unit.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>

#include "crawler/stored_frontier.h"
#include "store/archive.h"
#include "store/files.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::string_view kRun = "20260109032837";
constexpr size_t kAtOnce = 64;  // URLs added, taken and completed together

// Begins when it is made.
struct Watch {
  Clock::time_point wall = Clock::now();
  double cpu = cpu_seconds(RUSAGE_SELF), own = cpu_seconds(RUSAGE_THREAD);

  static double cpu_seconds(int who) {
    rusage usage{};
    getrusage(who, &usage);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
};

void print(const char* name, double value, const char* unit) {
  fmt::print("{:<28} {:>12.1f} {}\n", name, value, unit);
  std::fflush(stdout);
}

// On the clock, and what it took of a processor: the calling thread, and RocksDB's beside it.
void print_speed(const char* name, size_t count, const Watch& begin) {
  const double number = static_cast<double>(count);
  const double wall = std::chrono::duration<double>(Clock::now() - begin.wall).count();
  const double own = Watch::cpu_seconds(RUSAGE_THREAD) - begin.own;
  const double all = Watch::cpu_seconds(RUSAGE_SELF) - begin.cpu;
  fmt::print("{:<28} {:>12.0f} /s {:>10.1f} us own {:>8.1f} us beside\n", name, number / wall,
             own / number * 1e6, (all - own) / number * 1e6);
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

// What /proc tells of this process, in MiB.
double memory(std::string_view what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what)) return std::stod(line.substr(line.find(':') + 1)) / 1024;
  }
  return 0;
}

FrontierUrl url_of(size_t number, size_t hosts) {
  const size_t host = number % hosts;
  return {fmt::format("https://www.site{}.example.com/articles/2026/{}.html", host, number / hosts),
          fmt::format("www.site{}.example.com:443", host), static_cast<uint8_t>(number % 4),
          fmt::format("{{\"from\":\"https://www.site{}.example.com/\",\"kind\":\"image\"}}", host)};
}

void add_all(Frontier& frontier, size_t count, size_t hosts, Time time, const char* what) {
  const Watch begin;
  std::vector<FrontierUrl> urls;
  for (size_t number = 0; number < count;) {
    urls.clear();
    for (; urls.size() < kAtOnce && number < count; ++number) {
      urls.push_back(url_of(number, hosts));
    }
    must(frontier.add(urls, time));
  }
  print_speed(what, count, begin);
}

// One worker that asks each host for up to 64 URLs, then comes back to it a second later.
void ask_for_all(Frontier& frontier, size_t count, Time time) {
  const Watch begin;
  size_t asked = 0;
  std::vector<Frontier::Completion> done;
  while (asked < count) {
    auto lease = must(frontier.claim(time, 60s));
    if (!lease) {
      time = must(frontier.next_due(time)).value();
      continue;
    }
    const auto urls = must(frontier.take(*lease, time, 60s, kAtOnce));
    done.clear();
    for (const ClaimedUrl& url : urls) {
      done.push_back({url.number, url.rank, url.key, "200 image/jpeg"});
    }
    must(frontier.complete(*lease, done, time));
    must(frontier.release(*lease, time + 1s));
    asked += urls.size();
  }
  print_speed("claimed, taken, completed", count, begin);
}

void run(const std::string& folder, size_t count, size_t hosts) {
  const Time time = now();
  {
    const auto archive = must(Archive::open_for_writing(folder));
    const auto frontier = must(StoredFrontier::open(archive->database(), kRun));
    add_all(*frontier, count, hosts, time, "added");
    print("peak memory, adding", memory("VmHWM"), "MiB");
    add_all(*frontier, count / 10, hosts, time, "added that were known");
  }
  print("archive, all owed", static_cast<double>(disk_usage(folder)) / 1e6, "MB");
  const auto archive = must(Archive::open_for_writing(folder));
  auto frontier = must(StoredFrontier::open(archive->database(), kRun));
  ask_for_all(*frontier, count, time);
  print("peak memory", memory("VmHWM"), "MiB");
  const Watch walking;
  size_t seen = 0;
  must(for_each_done(archive->database(), kRun, [&](auto, auto) { return ++seen > 0; }));
  print_speed("walked when done", seen, walking);
  print("archive, all done", static_cast<double>(disk_usage(folder)) / 1e6, "MB");
  frontier.reset();
  const Watch removing;
  must(remove_frontier(archive->database(), kRun));
  print_speed("removed", count, removing);
  print("peak memory", memory("VmHWM"), "MiB");
}

}  // namespace
}  // namespace halftone

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "see the head of tests/bench/frontier/main.cc\n");
    return 2;
  }
  halftone::run(argv[1], std::stoull(argv[2]), std::stoull(argv[3]));
  return 0;
}
