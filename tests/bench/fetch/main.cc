// What the fetcher costs: fetch.sh runs it and tells the rest.
//   fetch_bench get PREFIX COUNT     GETs of PREFIX1 to PREFIXn, 16 at once; bodies are counted
//   fetch_bench hold URL SECONDS     16 bodies without end, for a reader slower than they come
// Each line of output is a name, a number and its unit.
#include <charconv>
#include <chrono>
#include <cstring>
#include <sys/resource.h>

#include "crawler/curl_fetcher.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kParallel = 16;

void print(const char* name, double value, const char* unit) {
  fmt::print("{:<10} {:>14.3f} {}\n", name, value, unit);
}

double seconds(const timeval& time) {
  constexpr double kMicro = 1e-6;
  return static_cast<double>(time.tv_sec) + kMicro * static_cast<double>(time.tv_usec);
}

void print_usage(Clock::time_point begin, uint64_t bytes) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  print("bytes", static_cast<double>(bytes), "B");
  print("wall", std::chrono::duration<double>(Clock::now() - begin).count(), "s");
  print("cpu", seconds(usage.ru_utime) + seconds(usage.ru_stime), "s");
  print("peak", static_cast<double>(usage.ru_maxrss) / 1024, "MiB");
}

struct Total {
  uint64_t bytes = 0;
  size_t good = 0;
};

class CountingHandler : public FetchHandler {
 public:
  explicit CountingHandler(Total& total) : total_(total) {}

  Result<void> on_body(std::string_view bytes) override {
    total_.bytes += bytes.size();
    return {};
  }
  void on_done(Result<FetchResponse> response) override {
    total_.good += response && response->status == 200;
  }

 private:
  Total& total_;
};

std::unique_ptr<Fetcher> loopback_fetcher() {
  FetchOptions options;
  options.seed_hosts = {"127.0.0.1"};
  options.parallel = options.per_host = kParallel;
  options.max_size = uint64_t{1} << 60;
  return *make_curl_fetcher(options);
}

int get(const std::string& prefix, size_t count) {
  const auto begin = Clock::now();
  const auto fetcher = loopback_fetcher();
  Total total;
  for (size_t i = 1; i <= count; ++i) {
    fetcher->start({fmt::format("{}{}", prefix, i), {}, {}},
                   std::make_unique<CountingHandler>(total));
  }
  fetcher->run([] { return true; });
  print_usage(begin, total.bytes);
  return total.good == count ? 0 : 1;
}

// What came is held back most of the time, as by a store that is slower than the network.
int hold(const std::string& url, size_t length) {
  constexpr auto kTurn = std::chrono::milliseconds(50);
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::seconds(length);
  const auto fetcher = loopback_fetcher();
  Total total;
  for (size_t i = 0; i < kParallel; ++i) {
    fetcher->start({url, {}, {}}, std::make_unique<CountingHandler>(total));
  }
  bool held = false;
  const std::function<void()> turn = [&] {
    fetcher->hold_bodies(held = !held);
    fetcher->after(kTurn, turn);
  };
  fetcher->after(kTurn, turn);
  fetcher->run([&] { return Clock::now() < end; });
  print_usage(begin, total.bytes);
  return total.bytes > 0 ? 0 : 1;
}

int run(int count, char** arguments) {
  if (count != 4) return 2;
  const std::string_view what = arguments[1], number = arguments[3];
  size_t value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  if (what == "get") return get(arguments[2], value);
  if (what == "hold") return hold(arguments[2], value);
  return 2;
}

}  // namespace
}  // namespace halftone

int main(int count, char** arguments) { return halftone::run(count, arguments); }
