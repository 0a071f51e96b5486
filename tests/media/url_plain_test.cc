// Plain URLs are read a short way, and must come out as if they had been read the long one.
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "media/url.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

constexpr int kInputs = 300'000;

// What URLs are put together from: plain pieces, and those that may make a parser think.
constexpr const char* kSchemes[] = {
    "",        "",         "",        "https:", "http:", "//", "https://",
    "http://", "https://", "HTTP://", "ftp://", "file:", "a:"};
constexpr const char* kHosts[] = {"example.com", "a.b-c.d1", "1.2.3.4", "a.1",   "xn--a", "A.b",
                                  "[::1]",       "",         "a:80",    "a:443", "u@a.b", "a%62",
                                  "a..b",        "a.",       "a.0x1",   "0x1.a", "-",     "a_b"};
constexpr const char* kPieces[] = {
    "/",    "/",        "/",  "a",    "b.jpg", "..",  ".", "%2e",  "%2E", "%41",
    "%",    "~_-",      "\\", ":",    "@",     "?",   "#", "&a=b", "'",   "|",
    "\"",   " ",        "\n", "^",    "{}",    "`",   "<", "//",   ";,",  "\xE4\xB8\xAD",
    "\xFF", "!$()*+[]", "C:", "http", "w_1",   "\x7F"};

class Maker {
 public:
  std::string url() {
    std::string out = one_of(kSchemes);
    if (out.ends_with("//")) out += one_of(kHosts);
    for (auto left = random_() % 7; left > 0; --left) out += one_of(kPieces);
    return out;
  }

 private:
  template <size_t kSize>
  const char* one_of(const char* const (&list)[kSize]) {
    return list[random_() % kSize];
  }

  std::mt19937 random_{20'221'123};
};

std::vector<std::string> parts(const std::optional<Url>& url) {
  if (!url) return {};
  return {url->href(),   url->protocol(), url->username(), url->password(),
          url->host(),   url->hostname(), url->port(),     url->pathname(),
          url->search(), url->hash(),     url->surt(),     url->href_without_fragment()};
}

}  // namespace

// 4.4: tabs are removed from the input; one makes the parser go the long way.
TEST_CASE("a plain URL is what the long way makes of it", "[media]") {
  std::vector<std::optional<Url>> bases = {std::nullopt};
  for (const char* base :
       {"https://example.org/2022/01/a.html?q#f", "http://u:p@h.example:8080", "https://a/b/c/",
        "file:///C:/a/b", "mailto:a", "a://b/c", "http://1.2.3.4//x/..a/y?/z/#/"}) {
    bases.push_back(Url::parse(base));
    REQUIRE(bases.back());
  }
  Maker maker;
  size_t parsed = 0;
  for (int i = 0; i < kInputs; ++i) {
    const std::string input = maker.url();
    const auto& base = bases[static_cast<size_t>(i) % bases.size()];
    const Url* from = base ? &*base : nullptr;
    const char* charset = i % 3 == 0 ? "GBK" : i % 3 == 1 ? "ISO-2022-JP" : "UTF-8";
    const auto url = Url::parse(input, from, charset);
    const auto expected = Url::parse("\t" + input, from, charset);
    parsed += url.has_value();
    if (url.has_value() == expected.has_value() && parts(url) == parts(expected)) continue;
    CAPTURE(input, base ? base->href() : "");
    REQUIRE(parts(url) == parts(expected));
    REQUIRE(url.has_value() == expected.has_value());
  }
  CHECK(parsed > kInputs / 2);
}
