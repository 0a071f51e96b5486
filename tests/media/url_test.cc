#include "media/url.h"

#include "tests/support/catch.h"
#include "tests/support/conformance.h"

using namespace halftone;
using nlohmann::json;

namespace {

json members(const Url& url) {
  return {{"href", url.href()},         {"protocol", url.protocol()}, {"username", url.username()},
          {"password", url.password()}, {"host", url.host()},         {"hostname", url.hostname()},
          {"port", url.port()},         {"pathname", url.pathname()}, {"search", url.search()},
          {"hash", url.hash()},         {"origin", url.origin()}};
}

// What differs from the row, for people; empty where all is as it says.
std::string check_row(const json& row) {
  std::optional<Url> base;
  if (row["base"].is_string()) base = Url::parse(row["base"].get<std::string>());
  const auto url = Url::parse(row["input"].get<std::string>(), base ? &*base : nullptr);
  if (row.value("failure", false)) return url ? "parsed as " + url->href() : "";
  if (!url) return "did not parse";
  const json ours = members(*url);
  for (const auto& [name, value] : ours.items())
    if (row.contains(name) && row[name] != value) return name + " is " + value.dump();
  const auto again = Url::parse(url->href());
  if (!again || members(*again) != ours) return "does not parse to itself";
  return "";
}

// A row of toascii.json.
std::string check_domain(const json& row) {
  const auto url = Url::parse("https://" + row["input"].get<std::string>() + "/x");
  if (row["output"].is_null()) return url ? "parsed as " + url->href() : "";
  if (!url) return "did not parse";
  const std::string domain = row["output"];
  const bool same = url->host() == domain && url->hostname() == domain &&
                    url->href() == "https://" + domain + "/x";
  return same ? "" : "became " + url->href();
}

// A row of percent-encoding.json.
std::string check_query(const json& row) {
  const std::string input = row["input"];
  for (const auto& [charset, output] : row["output"].items()) {
    const auto url = Url::parse("https://x/?" + input + "#" + input, nullptr, charset);
    if (!url) return charset + ": did not parse";
    if (url->search() != "?" + output.get<std::string>()) return charset + ": " + url->search();
  }
  return "";
}

// Every row of a table passes, and there are as many as we know of.
void check_table(const std::string& path, size_t least, std::string (*check)(const json&)) {
  const json table = read_conformance(path);
  if (table.is_null()) return;
  size_t passed = 0;
  for (const json& row : table) {
    if (!row.is_object()) continue;
    const std::string difference = check(row);
    INFO(row.dump());
    CHECK(difference == "");
    if (difference.empty()) ++passed;
  }
  CHECK(passed >= least);
}

}  // namespace

TEST_CASE("URLs parse and serialise as urltestdata.json says", "[media][conformance]") {
  check_table("url/urltestdata.json", 891, check_row);
}

TEST_CASE("domains become ASCII as toascii.json says", "[media][conformance]") {
  check_table("url/toascii.json", 87, check_domain);
}

TEST_CASE("queries are encoded as percent-encoding.json says", "[media][conformance]") {
  check_table("url/percent-encoding.json", 7, check_query);
}

TEST_CASE("SURTs sort by site", "[media]") {
  struct Row {
    const char* url;
    const char* surt;
  };
  const Row rows[] = {
      {"http://www.Example.com/a?b=c#d", "com,example,www)/a?b=c"},
      {"https://www.example.com/a?b=c", "com,example,www)/a?b=c"},
      {"http://example.com", "com,example)/"},
      {"http://example.com:80/", "com,example)/"},
      {"http://example.com:8080/", "com,example:8080)/"},
      {"https://example.com:80/", "com,example:80)/"},
      {"http://user:pass@example.com/", "com,example)/"},
      {"http://example.com./", ",com,example)/"},
      {"http://127.0.0.1/x", "127.0.0.1)/x"},
      {"http://[::1]:81/x", "[::1]:81)/x"},
      {"http://例え.jp/", "jp,xn--r8jz45g)/"},
      {"http://a,b.com/", "com,a%2Cb)/"},  // b.a.com is another host
      {"http://b.a.com/", "com,a,b)/"},
      {"http://localhost/?", "localhost)/?"},
      {"mailto:a@example.com#x", "mailto:a@example.com"},
  };
  for (const Row& row : rows) {
    INFO(row.url);
    const auto url = Url::parse(row.url);
    REQUIRE(url);
    CHECK(url->surt() == row.surt);
  }
}

TEST_CASE("sites are registrable domains", "[media]") {
  struct Row {
    const char* url;
    const char* site;
  };
  const Row rows[] = {
      {"http://www.example.co.uk/", "example.co.uk"},
      {"http://a.b.example.com/", "example.com"},
      {"http://example.com/", "example.com"},
      {"http://co.uk/", "co.uk"},
      {"http://someone.github.io/", "someone.github.io"},
      {"http://www.食狮.公司.cn/", "xn--85x722f.xn--55qx5d.cn"},
      {"http://www.example.com./", "example.com."},
      {"http://localhost/", "localhost"},
      {"http://127.0.0.1/", "127.0.0.1"},
      {"http://[::1]/", "[::1]"},
      {"mailto:x@example.com", ""},
      {"file:///etc/passwd", ""},
  };
  for (const Row& row : rows) {
    INFO(row.url);
    const auto url = Url::parse(row.url);
    REQUIRE(url);
    CHECK(url->site() == row.site);
  }
}

TEST_CASE("members that the standard's API lacks", "[media]") {
  struct Row {
    const char* url;
    const char* scheme;
    int port;
    bool http, opaque;
    const char* without_fragment;
  };
  const Row rows[] = {
      {"HTTP://h/a?b#c", "http", 80, true, false, "http://h/a?b"},
      {"https://h/#", "https", 443, true, false, "https://h/"},
      {"https://h:8443/?#x", "https", 8443, true, false, "https://h:8443/?"},
      {"ws://h/", "ws", 80, false, false, "ws://h/"},
      {"wss://h/", "wss", 443, false, false, "wss://h/"},
      {"ftp://h/", "ftp", 21, false, false, "ftp://h/"},
      {"file:///a", "file", 0, false, false, "file:///a"},
      {"x://h:65535", "x", 65535, false, false, "x://h:65535"},
      {"x:/.//a", "x", 0, false, false, "x:/.//a"},
      {"data:text/plain,a#b", "data", 0, false, true, "data:text/plain,a"},
      {"x:", "x", 0, false, true, "x:"},
  };
  for (const Row& row : rows) {
    INFO(row.url);
    const auto url = Url::parse(row.url);
    REQUIRE(url);
    CHECK(url->scheme() == row.scheme);
    CHECK(url->effective_port() == row.port);
    CHECK(url->is_http() == row.http);
    CHECK(url->has_opaque_path() == row.opaque);
    CHECK(url->href_without_fragment() == row.without_fragment);
  }
}

TEST_CASE("input that is not well-formed text", "[media]") {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view input, href;  // empty: no URL
  };
  const Row rows[] = {
      {"http://h/\xFF", "http://h/%EF%BF%BD"},
      {"http://h/\xC3(", "http://h/%EF%BF%BD("},
      {"http://h/\xE4\xBD?\xF0\x9F\x98", "http://h/%EF%BF%BD?%EF%BF%BD"},  // maximal subparts
      {"http://h/\xC0\xAF", "http://h/%EF%BF%BD%EF%BF%BD"},                // overlong
      {"http://h/\xED\xA0\x80", "http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD"},   // a lone surrogate
      {"http://h\xFF/", ""},
      {"http://h%FF/", ""},
      {"http://h/a\0b"sv, "http://h/a%00b"},
      {"http://h\0/"sv, ""},
      {"http://h%00/"sv, ""},
      {"\0\0http://h/\0"sv, "http://h/"},
      {"ht\ntp:\t//h\r/a\tb", "http://h/ab"},
      {"http://h/\xC3\n\xA4", "http://h/%EF%BF%BD%EF%BF%BD"},
      {"", ""},
      {"\0"sv, ""},
      {"//h/", ""},
      {":", ""},
  };
  for (const Row& row : rows) {
    INFO(row.input);
    const auto url = Url::parse(row.input);
    CHECK((url ? url->href() : "") == row.href);
  }
}

TEST_CASE("queries tell the encoder's references from the page's own", "[media]") {
  const auto query = Url::parse("http://h/?&%238224;=\u4F60&b='", nullptr, "windows-1252");
  REQUIRE(query);
  CHECK(query->search() == "?&%238224;=%26%2320320%3B&b=%27");
  const auto socket = Url::parse("ws://h/?\u00E4", nullptr, "windows-1252");
  REQUIRE(socket);
  CHECK(socket->search() == "?%C3%A4");  // "query state": web sockets are always UTF-8
}

TEST_CASE("ten megabytes of anything are read or refused", "[media]") {
  const auto base = Url::parse("http://h/a/b");
  const auto many = [](std::string_view piece) {
    std::string text;
    while (text.size() < 10'000'000) text += piece;
    return text;
  };
  const auto parses = [&](const std::string& input) {
    return Url::parse(input, &*base).has_value();
  };
  CHECK(parses(many("a/")));
  CHECK(parses(many("../")));
  CHECK(parses(many("a/../")));
  CHECK(parses(many("%2e%2E/")));
  CHECK(parses(many("\xFF")));
  CHECK(parses(many("\t\n")));
  CHECK(parses("?" + many("\u4F60&")));
  CHECK(parses("#" + many("\"")));
  CHECK(parses("http://" + many("@") + "h"));
  CHECK(parses("http://" + many(":") + "@h"));
  CHECK(parses("http://" + many("a.")));
  CHECK(parses("x:" + many(" ")));
  CHECK(parses("data:image/png;base64," + many("A")));
  CHECK_FALSE(parses("http://" + many("\u00E4")));
  CHECK_FALSE(parses("http://" + many("\u00E4.")));
  CHECK_FALSE(parses("http://" + many("1.")));
  CHECK_FALSE(parses("http://[" + many("1:")));
  CHECK_FALSE(parses("http://h:" + many("1")));
  CHECK(Url::parse("http://" + many("a."))->surt().size() > 10'000'000);
}

TEST_CASE("a URL cut anywhere parses to itself or not at all", "[media]") {
  const std::string whole =
      "https://us\u00E9r:p%40ss@[2001:db8::ffff:1.2.3.4]:8443/a/./b/../%2E/c d?e='f'&g#h`i";
  const auto base = Url::parse("http://h/a/b?c#d");
  for (size_t size = 0; size <= whole.size(); ++size) {
    const auto url = Url::parse(std::string_view(whole).substr(0, size), &*base);
    if (!url) continue;
    const auto again = Url::parse(url->href());
    REQUIRE(again);
    CHECK(*again == *url);
  }
}

TEST_CASE("percent-decoding leaves what it cannot read", "[media]") {
  CHECK(percent_decode("%41%zz%4%e4%BD%a0+%") == "A%zz%4\xE4\xBD\xA0+%");
}
