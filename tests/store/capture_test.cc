#include "store/capture.h"

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Database> database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  Captures captures{*database};

  Capture add(std::string url, int64_t second, std::string_view body) {
    Capture capture;
    capture.url = std::move(url);
    capture.time = Time(std::chrono::seconds(second));
    capture.status = 200;
    capture.digest = sha256(body);
    REQUIRE(captures.add(capture));
    return capture;
  }
};

const std::string kUrl = "https://example.com/a?b=c";

}  // namespace

TEST_CASE_METHOD(Fixture, "a capture comes back whole", "[store]") {
  std::string any_bytes = "HTTP/1.1 200 OK\r\nx: ";
  for (int byte = 0; byte < 256; ++byte) any_bytes += static_cast<char>(byte);
  Capture capture;
  capture.url = kUrl;
  capture.time = Time(std::chrono::microseconds(1'767'929'317'000'042));
  capture.status = 203;
  capture.request_headers = "GET /a?b=c HTTP/1.1\r\nhost: example.com\r\n\r\n";
  capture.response_headers = any_bytes;
  capture.digest = sha256("body");
  capture.size = uint64_t{5} << 32;
  capture.type = "text/html";
  capture.remote_address = "[2001:db8::1]:443";
  REQUIRE(captures.add(capture));

  const auto latest = captures.latest(kUrl);
  REQUIRE(latest);
  REQUIRE(*latest);
  const Capture& got = **latest;
  CHECK(got.url == capture.url);
  CHECK(got.time == capture.time);
  CHECK(got.status == 203);
  CHECK(got.request_headers == capture.request_headers);
  CHECK(got.response_headers == any_bytes);
  CHECK(got.digest == capture.digest);
  CHECK(got.size == capture.size);
  CHECK(got.type == "text/html");
  CHECK(got.remote_address == "[2001:db8::1]:443");
  CHECK_FALSE(got.revisit);
}

TEST_CASE_METHOD(Fixture, "a URL's history is its own, oldest first", "[store]") {
  add(kUrl, 300, "three");
  add(kUrl, 100, "one");
  add(kUrl, 200, "two");
  add("http://example.com/a?b=c", 250, "the same SURT");
  add("https://example.com/a?b=cd", 260, "a longer URL");
  add("https://example.com/a", 270, "a shorter one");

  const auto history = *captures.history(kUrl);
  REQUIRE(history.size() == 3);
  CHECK(history[0].digest == sha256("one"));
  CHECK(history[1].digest == sha256("two"));
  CHECK(history[2].digest == sha256("three"));
  CHECK((*captures.latest("http://example.com/a?b=c"))->digest == sha256("the same SURT"));
  CHECK(*captures.latest("https://example.com/b") == std::nullopt);
  CHECK(captures.history("https://example.org/")->empty());
  CHECK(captures.history("not a URL")->empty());
}

// In imported archives, times have whole seconds only, and a redirect to https is answered in one.
TEST_CASE_METHOD(Fixture, "http and https at the same moment are two captures", "[store]") {
  add("http://example.com/", 100, "moved");
  add("https://example.com/", 100, "page");
  CHECK((*captures.latest("http://example.com/"))->digest == sha256("moved"));
  CHECK((*captures.latest("https://example.com/"))->digest == sha256("page"));
}

TEST_CASE_METHOD(Fixture, "the same body as before makes a revisit", "[store]") {
  add(kUrl, 400, "one");
  add(kUrl, 300, "two");
  add(kUrl, 100, "one");
  add(kUrl, 200, "one");
  add("http://example.com/a?b=c", 150, "one");  // the same SURT
  add("http://example.com/a?b=c", 350, "one");
  const auto revisits = [&](const std::string& url) {
    std::vector<bool> found;
    const auto history = *captures.history(url);
    for (const Capture& capture : history) found.push_back(capture.revisit);
    return found;
  };
  CHECK(revisits(kUrl) == std::vector{false, true, false, false});
  CHECK(revisits("http://example.com/a?b=c") == std::vector{false, true});
  CHECK_FALSE((*captures.latest(kUrl))->revisit);
  CHECK((*captures.latest("http://example.com/a?b=c"))->revisit);
  SECTION("the same capture again does not revisit itself") {
    add(kUrl, 200, "one");
    CHECK(revisits(kUrl) == std::vector{false, true, false, false});
  }
  SECTION("one that comes later changes what it precedes") {
    add(kUrl, 290, "two");
    CHECK(revisits(kUrl) == std::vector{false, true, false, true, false});
  }
}

TEST_CASE_METHOD(Fixture, "every capture is visited, site by site", "[store]") {
  add("https://b.example/", 100, "1");
  add("https://www.a.example/", 100, "2");
  add("https://a.example/z", 200, "3");
  add("https://a.example/z", 100, "4");
  std::vector<std::string> bodies;
  REQUIRE(captures.for_each([&](const Capture& capture) {
    for (const char* body : {"1", "2", "3", "4"}) {
      if (capture.digest == sha256(body)) bodies.emplace_back(body);
    }
    return true;
  }));
  CHECK(bodies == std::vector<std::string>{"4", "3", "2", "1"});

  int visited = 0;
  REQUIRE(captures.for_each([&](const Capture&) { return ++visited < 2; }));
  CHECK(visited == 2);
}

TEST_CASE_METHOD(Fixture, "what cannot be a key is refused", "[store]") {
  Capture capture;
  capture.url = "no URL";
  CHECK(captures.add(capture).error().code == ErrorCode::kInvalid);
  capture.url = "https://example.com/" + std::string(65'536, 'x');
  CHECK(captures.add(capture).error().code == ErrorCode::kInvalid);
  capture.url.resize(65'536);
  CHECK(captures.add(capture));
  CHECK(captures.latest(capture.url)->has_value());
}

TEST_CASE_METHOD(Fixture, "bytes that are not UTF-8 do no harm", "[store]") {
  Capture capture;
  capture.url = kUrl;
  capture.type = "text/\xFF";
  capture.remote_address = "\xC3(";
  REQUIRE(captures.add(capture));
  CHECK((*captures.latest(kUrl))->type == "text/\xC3\xBF");
}

TEST_CASE_METHOD(Fixture, "a damaged capture is kCorrupt", "[store]") {
  add(kUrl, 100, "one");
  const auto [key, value] = **database->last(Table::kCapture, {});
  for (const std::string& damaged :
       {std::string(), value.substr(0, value.size() / 2), std::string("[]"), std::string("{}")}) {
    CAPTURE(damaged);
    WriteBatch batch;
    batch.put(Table::kCapture, key, damaged);
    REQUIRE(database->write(std::move(batch), false));
    CHECK(captures.latest(kUrl).error().code == ErrorCode::kCorrupt);
    CHECK(captures.history(kUrl).error().code == ErrorCode::kCorrupt);
  }
}
