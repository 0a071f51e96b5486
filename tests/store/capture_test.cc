#include "store/capture.h"

#include <nlohmann/json.hpp>

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

TEST_CASE_METHOD(Fixture, "a row says the same in whatever order its members stand", "[store]") {
  for (const std::string& field : {std::string("A: plain\r\n"), std::string("A: \"\\ \x01\x7F\r\n"),
                                   std::string("A: caf\xE9\r\n"), std::string("A: \xFF\\u0041")}) {
    CAPTURE(field);
    Capture capture;
    capture.url = kUrl;
    capture.time = now();
    capture.status = 304;
    capture.request_headers = "GET / HTTP/1.1\r\n" + field;
    capture.response_headers = "HTTP/1.1 304 Not Modified\r\n" + field;
    capture.digest = sha256("body");
    capture.size = 4;
    capture.type = "text/html";
    capture.remote_address = "[::1]:80";
    capture.confirms = capture.time - std::chrono::hours(1);
    REQUIRE(captures.add(capture));
    const auto [key, value] = **database->last(Table::kCapture, {});
    const std::string sorted = nlohmann::json::parse(value).dump();
    REQUIRE(sorted != value);
    for (const std::string& row : {value, sorted}) {
      const auto read = Captures::read_row(key, row);
      REQUIRE(read);
      CHECK(read->url == capture.url);
      CHECK(read->time == capture.time);
      CHECK(read->status == capture.status);
      CHECK(read->request_headers == capture.request_headers);
      CHECK(read->response_headers == capture.response_headers);
      CHECK(read->digest == capture.digest);
      CHECK(read->size == capture.size);
      CHECK(read->type == capture.type);
      CHECK(read->remote_address == capture.remote_address);
      CHECK(read->confirms == capture.confirms);
    }
    for (size_t size = 0; size < value.size(); ++size) {
      CAPTURE(size);
      CHECK_FALSE(Captures::read_row(key, value.substr(0, size)));
    }
  }
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

TEST_CASE_METHOD(Fixture, "captures of a host, and of a whole site", "[store]") {
  for (const char* url : {"https://example.com/a", "http://example.com:8080/b",
                          "https://www.example.com/c", "https://example.com-x.org/d",
                          "https://sub.www.example.com:444/e", "https://example.co/f"}) {
    add(url, 100, url);
  }
  using Urls = std::vector<std::string>;
  struct Row {
    const char* host;
    Urls host_only, site;
  };
  const Row rows[] = {
      {"example.com",
       {"https://example.com/a", "http://example.com:8080/b"},
       {"https://example.com/a", "https://www.example.com/c", "https://sub.www.example.com:444/e",
        "http://example.com:8080/b"}},
      {"WWW.Example.com",
       {"https://www.example.com/c"},
       {"https://www.example.com/c", "https://sub.www.example.com:444/e"}},
      {"ample.com", {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.host);
    Urls host, site;
    REQUIRE(captures.of_host(row.host, [&](const Capture& capture) {
      host.push_back(capture.url);
      return true;
    }));
    REQUIRE(captures.of_site(row.host, [&](const Capture& capture) {
      site.push_back(capture.url);
      return true;
    }));
    CHECK(host == row.host_only);
    CHECK(site == row.site);
  }
  int visited = 0;
  REQUIRE(captures.of_site("example.com", [&](const Capture&) { return ++visited < 2; }));
  CHECK(visited == 2);
  for (const char* host : {"", "a b", "a/b", "https://a/"}) {
    CHECK(captures.of_host(host, [](auto&) { return true; }).error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE_METHOD(Fixture, "the capture nearest to a moment", "[store]") {
  add(kUrl, 100, "1");
  add(kUrl, 200, "2");
  add(kUrl, 300, "3");
  add("http://example.com/a?b=c", 249, "the same SURT");
  struct Row {
    int64_t time, nearest;
  };
  for (const Row& row : {Row{0, 100}, Row{100, 100}, Row{149, 100}, Row{150, 100}, Row{151, 200},
                         Row{249, 200}, Row{251, 300}, Row{9999, 300}}) {
    CAPTURE(row.time);
    const auto found = captures.nearest(kUrl, Time(std::chrono::seconds(row.time)));
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->time == Time(std::chrono::seconds(row.nearest)));
    CHECK((*found)->url == kUrl);
  }
  const auto between =
      captures.between(kUrl, Time(std::chrono::seconds(100)), Time(std::chrono::seconds(299)));
  REQUIRE(between);
  REQUIRE(between->size() == 2);
  CHECK(between->front().digest == sha256("1"));
  CHECK(between->back().digest == sha256("2"));
  CHECK(captures.between("no URL", Time(), Time())->empty());
  CHECK(*captures.nearest("https://example.com/other", Time()) == std::nullopt);
  CHECK(*captures.nearest("no URL", Time()) == std::nullopt);
}

TEST_CASE_METHOD(Fixture, "captures that are removed leave true revisits", "[store]") {
  add(kUrl, 100, "one");
  add(kUrl, 200, "one");
  add(kUrl, 300, "two");
  add(kUrl, 400, "one");
  add("http://example.com/a?b=c", 200, "the same SURT");
  const auto remove = [&](std::vector<int64_t> seconds) {
    std::vector<Time> times;
    for (const int64_t second : seconds) times.emplace_back(std::chrono::seconds(second));
    WriteBatch batch;
    captures.remove(kUrl, times, batch);
    REQUIRE(database->write(std::move(batch), true));
    std::vector<std::pair<int64_t, bool>> left;
    const auto history = captures.history(kUrl);
    REQUIRE(history);
    for (const Capture& capture : *history) {
      left.emplace_back(capture.time.time_since_epoch() / std::chrono::seconds(1), capture.revisit);
    }
    return left;
  };
  using Left = std::vector<std::pair<int64_t, bool>>;
  SECTION("the first") { CHECK(remove({100}) == Left{{200, false}, {300, false}, {400, false}}); }
  SECTION("one between") {
    CHECK(remove({300, 1}) == Left{{100, false}, {200, true}, {400, true}});
  }
  SECTION("all") { CHECK(remove({100, 200, 300, 400}).empty()); }
  CHECK(captures.history("http://example.com/a?b=c")->size() == 1);
}
