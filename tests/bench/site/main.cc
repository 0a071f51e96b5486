// The site that mirror.sh measures with.
//   bench_site generate DIR [--articles 1000] [--images 3000] [--bytes 285000000] [--prefix URL]…
//   bench_site tiny DIR COUNT [--prefix URL]
//   bench_site delay --to ADDRESS:PORT [--listen ADDRESS:PORT] [--rtt MS] [--ports N] [--dead N]
//     [--slow N] [--drip BYTES]
// The first two print what was made, the third its ports in order, one a line, and runs until it is
// ended.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "tests/bench/site/delay.h"
#include "tests/bench/site/site.h"

namespace halftone::bench {
namespace {

// "--name value" pairs behind so many plain words.
class Options {
 public:
  Options(const std::vector<std::string>& words, size_t plain) {
    for (size_t i = plain; i < words.size(); i += 2) {
      if (!words[i].starts_with("--") || i + 1 == words.size()) {
        throw std::runtime_error(words[i] + " is no option with a value");
      }
      given_.emplace_back(words[i].substr(2), words[i + 1]);
    }
  }

  std::vector<std::string> all(std::string_view name) {
    std::vector<std::string> values;
    std::erase_if(given_, [&](const auto& option) {
      if (option.first == name) values.push_back(option.second);
      return option.first == name;
    });
    return values;
  }
  std::string text(std::string_view name, const std::string& otherwise) {
    const auto values = all(name);
    return values.empty() ? otherwise : values.back();
  }
  uint64_t number(std::string_view name, uint64_t otherwise) {
    return std::stoull(text(name, std::to_string(otherwise)));
  }
  void end() const {
    if (!given_.empty()) throw std::runtime_error("--" + given_[0].first + " is no option of this");
  }

 private:
  std::vector<std::pair<std::string, std::string>> given_;
};

void print(const SiteCounts& counts) {
  fmt::print("urls {}\nimages {}\nhidden_images {}\nbytes {}\nimage_bytes {}\nunique_bytes {}\n",
             counts.urls, counts.images, counts.hidden_images, counts.bytes, counts.image_bytes,
             counts.unique_bytes);
}

void generate(const std::string& folder, Options options) {
  SiteSetup setup;
  setup.articles = options.number("articles", setup.articles);
  setup.images = options.number("images", setup.images);
  setup.bytes = options.number("bytes", setup.bytes);
  const auto prefixes = options.all("prefix");
  if (!prefixes.empty()) setup.prefixes = prefixes;
  options.end();
  print(write_site(setup, folder));
}

void tiny(const std::string& folder, const std::string& count, Options options) {
  const std::string prefix = options.text("prefix", "http://127.0.0.1");
  options.end();
  print(write_tiny_site(std::stoull(count), prefix, folder));
}

void delay(Options options) {
  DelaySetup setup;
  setup.listen = options.text("listen", setup.listen);
  setup.to = options.text("to", "");
  setup.round_trip = std::chrono::milliseconds(options.number("rtt", 50));
  setup.ports = options.number("ports", setup.ports);
  setup.dead = options.number("dead", setup.dead);
  setup.slow = options.number("slow", setup.slow);
  setup.drip = options.number("drip", setup.drip);
  options.end();
  DelayProxy proxy(setup);
  for (const uint16_t port : proxy.ports()) fmt::print("{}\n", port);
  std::fflush(stdout);
  proxy.run();
}

int run(const std::vector<std::string>& words) {
  const std::string what = words.size() > 1 ? words[1] : "";
  if (what == "generate" && words.size() > 2) {
    generate(words[2], Options(words, 3));
  } else if (what == "tiny" && words.size() > 3) {
    tiny(words[2], words[3], Options(words, 4));
  } else if (what == "delay") {
    delay(Options(words, 2));
  } else {
    fmt::print(stderr, "see the head of tests/bench/site/main.cc\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace halftone::bench

int main(int argc, char** argv) {
  try {
    return halftone::bench::run(std::vector<std::string>(argv, argv + argc));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_site: {}\n", error.what());
    return 1;
  }
}
