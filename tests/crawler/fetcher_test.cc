#include <chrono>
#include <map>

#include "crawler/rate_limit.h"
#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPath = "/x";

// Does what the test says.
class ScriptedHandler : public FetchHandler {
 public:
  using Done = std::function<void(Result<FetchResponse>)>;
  using Body = std::function<Result<void>(std::string_view)>;

  explicit ScriptedHandler(Done done, Body body = nullptr)
      : done_(std::move(done)), body_(std::move(body)) {}

  Result<void> on_body(std::string_view bytes) override {
    return body_ ? body_(bytes) : Result<void>();
  }
  void on_done(Result<FetchResponse> response) override { done_(std::move(response)); }

 private:
  Done done_;
  Body body_;
};

}  // namespace

TEST_CASE("an answer arrives with everything an archive wants to know", "[crawler]") {
  TestServer server;
  Answer answer;
  answer.status = 429;
  answer.fields = {{"Content-Type", "text/html"}, {"Location", "/elsewhere"},
                   {"Retry-After", "120"},        {"Referrer-Policy", "no-referrer"},
                   {"Referrer-Policy", "origin"}, {"Content-Type", "text/plain"}};
  answer.body = "slow down";
  server.on(kPath, whole(answer));
  FetchOptions options = loopback_options();
  options.user_agent = "tester/1";
  options.headers = {"Accept-Language: zh"};
  const auto fetched =
      fetch(options, FetchRequest{server.url(kPath), "https://example.org/", {"X-One: two"}});
  REQUIRE(fetched);
  CHECK(fetched->body == "slow down");
  const FetchResponse& response = fetched->response;
  CHECK(response.status == 429);
  CHECK(response.content_type == "text/plain");
  CHECK(response.location == "/elsewhere");
  CHECK(response.retry_after == "120");
  CHECK(response.referrer_policy == "no-referrer, origin");
  CHECK(response.remote_address == fmt::format("127.0.0.1:{}", server.port()));
  CHECK(response.http_version == "1.1");
  CHECK(response.response_headers == answer.head());
  CHECK(response.request_headers ==
        fmt::format("GET /x HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: tester/1\r\n"
                    "Accept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
                    "Referer: https://example.org/\r\nAccept-Language: zh\r\nX-One: two\r\n\r\n",
                    server.port()));
  const auto seen = server.requests();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].field("referer") == "https://example.org/");
}

TEST_CASE("without a referrer no Referer is sent, and the agent names itself", "[crawler]") {
  TestServer server;
  server.on(kPath, text("x"));
  REQUIRE(fetch(loopback_options(), server.url(kPath)));
  CHECK_FALSE(server.requests().at(0).field("Referer"));
  CHECK_THAT(server.requests().at(0).field("User-Agent").value_or(""), Contains("halftone/0.1"));
}

TEST_CASE("redirects are answers", "[crawler]") {
  TestServer server;
  server.on("/loop", redirect("/loop", 301));
  const auto fetched = fetch(loopback_options(), server.url("/loop"));
  REQUIRE(fetched);
  CHECK(fetched->response.status == 301);
  CHECK(fetched->response.location == "/loop");
  CHECK(server.requests().size() == 1);
}

TEST_CASE("bodies arrive without their codings", "[crawler]") {
  const std::string body = std::string(300'000, 'a') + "end";
  TestServer server;
  const auto answer = [](std::string bytes, std::string coding) {
    Answer packed;
    packed.fields = {{"Content-Encoding", std::move(coding)}};
    packed.body = std::move(bytes);
    packed.chunked = true;
    return whole(packed);
  };
  server.on("/gzip", answer(gzip(body), "gzip"));
  server.on("/br", answer(brotli(body), "br"));
  server.on("/zstd", answer(zstd(body), "zstd"));
  server.on("/both", answer(brotli(gzip(body)), "gzip, br"));
  for (const char* path : {"/gzip", "/br", "/zstd", "/both"}) {
    CAPTURE(path);
    const auto fetched = fetch(loopback_options(), server.url(path));
    REQUIRE(fetched);
    CHECK((fetched->body == body));
  }
}

TEST_CASE("interim answers and trailers are left out", "[crawler]") {
  TestServer server;
  server.on(kPath,
            Script().send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Late: 1\r\n\r\n"));
  const auto fetched = fetch(loopback_options(), server.url(kPath));
  REQUIRE(fetched);
  CHECK(fetched->body == "x");
  CHECK(fetched->response.response_headers ==
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST_CASE("a body longer than announced is cut where it was to end", "[crawler]") {
  TestServer server;
  Answer answer;
  answer.body = "0123456789";
  answer.content_length = 4;
  server.on(kPath, whole(answer).close());
  const auto fetched = fetch(loopback_options(), server.url(kPath));
  REQUIRE(fetched);
  CHECK(fetched->body == "0123");
}

TEST_CASE("10,000 Set-Cookie lines are borne", "[crawler]") {
  const TemporaryDirectory folder;
  TestServer server;
  Answer answer;
  for (int i = 0; i < 10'000; ++i) answer.fields.emplace_back("Set-Cookie", fmt::format("c{}=", i));
  answer.body = "x";
  REQUIRE(answer.head().size() < 256 * 1024);
  server.on(kPath, whole(answer));
  FetchOptions options = loopback_options();
  SECTION("without a cookie jar") {}
  SECTION("with one") {
    options.cookie_file = folder.write("cookies.txt", "# Netscape HTTP Cookie File\n");
  }
  const auto fetched = fetch(options, server.url(kPath));
  REQUIRE(fetched);
  CHECK(fetched->body == "x");
  CHECK((fetched->response.response_headers == answer.head()));
}

TEST_CASE("cookies and passwords are sent, but not shown", "[crawler]") {
  const TemporaryDirectory folder;
  TestServer server;
  server.on(kPath, text("x"));
  FetchOptions options = loopback_options();
  options.cookie_file =
      folder.write("cookies.txt", "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tsecret1\n");
  std::string url = server.url(kPath);
  url.insert(url.find("127"), "user:secret2@");
  const auto fetched = fetch(options, FetchRequest{url, {}, {"Proxy-Authorization: secret3"}});
  REQUIRE(fetched);
  const auto seen = server.requests().at(0);
  CHECK(seen.field("Cookie") == "session=secret1");
  CHECK(seen.field("Authorization") == "Basic dXNlcjpzZWNyZXQy");
  CHECK_THAT(fetched->response.request_headers, Contains("Cookie: (masked)\r\n") &&
                                                    Contains("Authorization: (masked)\r\n") &&
                                                    !Contains("secret") && !Contains("dXNl"));
  CHECK(folder.read("cookies.txt") == "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tsecret1\n");

  server.on(kPath, Script().close());
  const auto failed = fetch(options, FetchRequest{url, {}, {}});
  REQUIRE_FALSE(failed);
  CHECK_THAT(failed.error().message, !Contains("secret"));
}

TEST_CASE("an error of the sink ends the request with that error", "[crawler]") {
  TestServer server;
  server.on(kPath, text(std::string(1'000'000, 'x')));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  std::optional<Result<FetchResponse>> outcome;
  fetcher->start({server.url(kPath), {}, {}},
                 std::make_unique<ScriptedHandler>(
                     [&](Result<FetchResponse> response) { outcome = std::move(response); },
                     [](std::string_view) { return fail(ErrorCode::kNoSpace, "disk full"); }));
  fetcher->run(go_on);
  REQUIRE(outcome);
  REQUIRE_FALSE(*outcome);
  CHECK(outcome->error().code == ErrorCode::kNoSpace);
  CHECK(outcome->error().message == "disk full");
}

TEST_CASE("200 requests share few connections", "[crawler]") {
  TestServer server;
  FetchOptions options = loopback_options();
  options.per_host = 4;
  const auto fetcher = *make_curl_fetcher(options);
  std::map<std::string, std::string> bodies;
  size_t done = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string path = fmt::format("/{}", i);
    server.on(path, text("body of " + path));
    fetcher->start({server.url(path), {}, {}},
                   std::make_unique<ScriptedHandler>(
                       [&](const Result<FetchResponse>& response) { done += response.has_value(); },
                       [&, path](std::string_view bytes) -> Result<void> {
                         bodies[path] += bytes;
                         return {};
                       }));
  }
  fetcher->run(go_on);
  CHECK(done == 200);
  REQUIRE(bodies.size() == 200);
  for (const auto& [path, body] : bodies) CHECK(body == "body of " + path);
  CHECK(server.most_at_once() <= 4);
  for (const SeenRequest& request : server.requests()) CHECK(request.connection <= 4);
}

TEST_CASE("a connection that the server closed meanwhile is replaced", "[crawler]") {
  TestServer server;
  server.on("/first", Script(text("one")).close());
  server.on("/second", text("two"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  REQUIRE(fetch(*fetcher, {server.url("/first"), {}, {}}));
  const auto fetched = fetch(*fetcher, {server.url("/second"), {}, {}});
  REQUIRE(fetched);
  CHECK(fetched->body == "two");
}

TEST_CASE("successive requests to one path get successive answers", "[crawler]") {
  TestServer server;
  server.on(kPath, {status(503, {{"Retry-After", "1"}}), text("better")});
  const auto fetcher = *make_curl_fetcher(loopback_options());
  CHECK(fetch(*fetcher, {server.url(kPath), {}, {}})->response.status == 503);
  CHECK(fetch(*fetcher, {server.url(kPath), {}, {}})->response.status == 200);
}

TEST_CASE("handlers may start requests and set timers", "[crawler]") {
  TestServer server;
  server.on("/a", text("a"));
  server.on("/b", text("b"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  std::vector<std::string> events;
  fetcher->after(20ms, [&] { events.push_back("timer"); });
  fetcher->start({server.url("/a"), {}, {}}, std::make_unique<ScriptedHandler>([&](auto) {
                   events.push_back("a");
                   fetcher->after(40ms, [&] {
                     fetcher->start(
                         {server.url("/b"), {}, {}},
                         std::make_unique<ScriptedHandler>([&](auto) { events.push_back("b"); }));
                   });
                 }));
  fetcher->run(go_on);
  REQUIRE(events.size() == 3);
  CHECK(events.back() == "b");
}

TEST_CASE("timers run in the order of their time", "[crawler]") {
  const auto fetcher = *make_curl_fetcher({});
  std::string order;
  fetcher->after(30ms, [&] { order += "c"; });
  fetcher->after(10ms, [&] { order += "b"; });
  fetcher->after(0ms, [&] {
    order += "a";
    fetcher->after(60ms, [&] { order += "d"; });
  });
  fetcher->run(go_on);
  CHECK(order == "abcd");
}

TEST_CASE("a tick that says stop interrupts everything", "[crawler]") {
  TestServer server;
  server.on(kPath, Script().hang());
  FetchOptions options = loopback_options();
  options.per_host = 2;
  const auto fetcher = *make_curl_fetcher(options);
  size_t interrupted = 0;
  bool acted = false;
  for (int i = 0; i < 10; ++i) {
    fetcher->start({server.url(kPath), {}, {}},
                   std::make_unique<ScriptedHandler>([&](const Result<FetchResponse>& response) {
                     if (response || response.error().code != ErrorCode::kInterrupted) return;
                     ++interrupted;
                   }));
  }
  fetcher->after(1h, [&] { acted = true; });
  fetcher->run([&] { return server.requests().size() < 2; });
  CHECK(interrupted == 10);
  CHECK_FALSE(acted);
  CHECK(server.requests().size() == 2);

  server.on("/after", text("still works"));
  CHECK(fetch(*fetcher, {server.url("/after"), {}, {}})->body == "still works");
}

TEST_CASE("a fetcher that never ran lets go of its requests", "[crawler]") {
  const auto alive = std::make_shared<int>();
  {
    const auto fetcher = *make_curl_fetcher({});
    fetcher->start({"http://example.org/", {}, {}},
                   std::make_unique<ScriptedHandler>([alive](auto) {}));
    CHECK(alive.use_count() > 1);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("requests wait while too many bytes came", "[crawler]") {
  RateLimit limit(1000);
  const auto start = RateLimit::Clock::now() + 1h;
  CHECK(limit.is_open(start));
  limit.spend(3000);  // 1000 were saved up
  CHECK_FALSE(limit.is_open(start));
  CHECK_FALSE(limit.is_open(start + 1900ms));
  CHECK(limit.is_open(start + 2100ms));

  RateLimit unlimited(0);
  unlimited.spend(UINT64_MAX);
  CHECK(unlimited.is_open(start));
}

TEST_CASE("a limited rate is no stall", "[crawler]") {
  TestServer server;
  server.on(kPath, text(std::string(200'000, 'x')));
  FetchOptions options = loopback_options();
  options.limit_rate = 100'000;
  options.stall_timeout = 1s;
  const auto fetcher = *make_curl_fetcher(options);
  for (int i = 0; i < 2; ++i) {
    const auto fetched = fetch(*fetcher, {server.url(kPath), {}, {}});
    REQUIRE(fetched);
    CHECK(fetched->body.size() == 200'000);
  }
}

// RFC 9112, 3.2.2: a proxy is asked with the absolute form.
TEST_CASE("a forward proxy is asked for http", "[crawler]") {
  TestServer proxy;
  proxy.on("http://example.test/a", text("by proxy"));
  FetchOptions options;
  options.proxy = fmt::format("http://127.0.0.1:{}", proxy.port());
  const auto fetched = fetch(options, std::string("http://example.test/a"));
  REQUIRE(fetched);
  CHECK(fetched->body == "by proxy");
  for (const char* url : {"http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a"}) {
    const auto refused = fetch(options, std::string(url));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kPrivateAddress);
  }
  CHECK(proxy.requests().size() == 1);
}
