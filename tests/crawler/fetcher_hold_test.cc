// Bodies held back, posts from other threads, heads before bodies: what a crawl asks of the fetcher
// beyond fetching.
#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/test_child.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPath = "/x";

// What happened to one request.
struct Seen {
  std::vector<FetchResponse> heads;
  std::string body;
  std::optional<Result<FetchResponse>> outcome;
};

class SeeingHandler : public FetchHandler {
 public:
  using OnPiece = std::function<Result<void>(std::string_view)>;

  explicit SeeingHandler(Seen& seen, OnPiece on_piece = nullptr)
      : seen_(seen), on_piece_(std::move(on_piece)) {}

  Result<void> on_head(const FetchResponse& response) override {
    CHECK(seen_.body.empty());
    seen_.heads.push_back(response);
    return {};
  }
  Result<void> on_body(std::string_view bytes) override {
    CHECK(seen_.heads.size() == 1);
    seen_.body += bytes;
    return on_piece_ ? on_piece_(bytes) : Result<void>();
  }
  void on_done(Result<FetchResponse> response) override { seen_.outcome = std::move(response); }

 private:
  Seen& seen_;
  OnPiece on_piece_;
};

std::string sample() {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += fmt::format("line {} of {}\n", i, i * 7919 % 1000);
  return text + std::string(500'000, '-');
}

Script packed(std::string bytes, std::string coding, bool chunked) {
  Answer answer;
  answer.fields = {{"Content-Encoding", std::move(coding)}};
  answer.body = std::move(bytes);
  answer.chunked = chunked;
  return whole(answer);
}

uint64_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
  }
  return 0;
}

}  // namespace

TEST_CASE("a body held back after each piece arrives whole, and never while held", "[crawler]") {
  const std::string body = sample();
  TestServer server;
  server.on("/plain", packed(body, "identity", false));
  server.on("/chunks", packed(body, "identity", true));
  server.on("/gzip", packed(gzip(body), "gzip", false));
  server.on("/br", packed(brotli(body), "br", true));
  server.on("/zstd", packed(zstd(body), "zstd", false));
  server.on("/both", packed(brotli(gzip(body)), "gzip, br", true));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  for (const char* path : {"/plain", "/chunks", "/gzip", "/br", "/zstd", "/both"}) {
    CAPTURE(path);
    Seen seen;
    bool held = false;
    size_t pieces_while_held = 0;
    const auto hold_a_while = [&](std::string_view) -> Result<void> {
      pieces_while_held += held;
      fetcher->hold_bodies(held = true);
      fetcher->after(0ms, [&] { fetcher->hold_bodies(held = false); });
      return {};
    };
    fetcher->start({server.url(path), {}, {}}, std::make_unique<SeeingHandler>(seen, hold_a_while));
    fetcher->run(go_on);
    REQUIRE(seen.outcome);
    REQUIRE(*seen.outcome);
    CHECK((seen.body == body));
    CHECK(pieces_while_held == 0);
  }
}

TEST_CASE("a request started while bodies are held has its head, and its body later", "[crawler]") {
  TestServer server;
  server.on(kPath, text("body"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  fetcher->hold_bodies(true);
  Seen seen;
  fetcher->start({server.url(kPath), {}, {}}, std::make_unique<SeeingHandler>(seen));
  size_t looks = 0;
  const std::function<void()> look = [&] {
    CHECK(seen.body.empty());
    CHECK_FALSE(seen.outcome);
    if (seen.heads.empty() || ++looks < 5) {
      fetcher->after(10ms, look);
    } else {
      fetcher->hold_bodies(false);
    }
  };
  fetcher->after(0ms, look);
  fetcher->run(go_on);
  CHECK(seen.body == "body");
  CHECK(seen.outcome.value());
}

// The server drips first, so that libcurl has begun to count a stall when bodies are held.
TEST_CASE("time in which bodies are held is no stall", "[crawler]") {
  TestServer server;
  const std::string end(200'000, 'x');
  server.on(kPath, Script()
                       .send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n0123456789",
                                         end.size() + 10))
                       .pause(500ms)
                       .send(end));
  FetchOptions options = loopback_options();
  options.stall_timeout = 2s;
  const auto fetcher = *make_curl_fetcher(options);
  Seen seen;
  fetcher->start({server.url(kPath), {}, {}}, std::make_unique<SeeingHandler>(seen));
  fetcher->after(200ms, [&] { fetcher->hold_bodies(true); });
  fetcher->after(4s, [&] { fetcher->hold_bodies(false); });
  fetcher->run(go_on);
  REQUIRE(seen.outcome);
  CHECK(*seen.outcome);
  CHECK(seen.body.size() == end.size() + 10);
}

TEST_CASE("an error of the sink after a hold ends the request at once", "[crawler]") {
  TestServer server;
  server.on(kPath, text(std::string(1'000'000, 'x')));
  server.on("/good", text("good"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  Seen seen;
  size_t pieces = 0;
  const auto fail_after_hold = [&](std::string_view) -> Result<void> {
    if (++pieces > 1) return fail(ErrorCode::kNoSpace, "disk full");
    fetcher->hold_bodies(true);
    fetcher->after(10ms, [&] { fetcher->hold_bodies(false); });
    return {};
  };
  fetcher->start({server.url(kPath), {}, {}},
                 std::make_unique<SeeingHandler>(seen, fail_after_hold));
  fetcher->run(go_on);
  REQUIRE(seen.outcome);
  REQUIRE_FALSE(*seen.outcome);
  CHECK(seen.outcome->error().code == ErrorCode::kNoSpace);
  CHECK(pieces == 2);
  CHECK(fetch(*fetcher, {server.url("/good"), {}, {}})->body == "good");
}

TEST_CASE("an interrupt reaches bodies held back", "[crawler]") {
  TestServer server;
  server.on(kPath, text(std::string(1'000'000, 'x')));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  Seen seen;
  fetcher->hold_bodies(true);
  fetcher->start({server.url(kPath), {}, {}}, std::make_unique<SeeingHandler>(seen));
  fetcher->run([&] { return seen.heads.empty(); });
  REQUIRE(seen.outcome);
  CHECK(seen.outcome->error().code == ErrorCode::kInterrupted);
  fetcher->hold_bodies(false);
  CHECK(fetch(*fetcher, {server.url(kPath), {}, {}})->body.size() == 1'000'000);
}

// RFC 9110, 15.2: interim answers come before the final one; RFC 9112, 7.1.2: trailers after it.
TEST_CASE("one head is told for each answer, before its body", "[crawler]") {
  TestServer server;
  server.on("/interim",
            Script().send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Late: 1\r\n\r\n"));
  server.on("/plain", text("x"));
  server.on("/empty", text(""));
  server.on("/redirect", redirect("/plain"));
  server.on("/unchanged", Script().send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  for (const char* path : {"/interim", "/plain", "/empty", "/redirect", "/unchanged"}) {
    CAPTURE(path);
    Seen seen;
    fetcher->start({server.url(path), {}, {}}, std::make_unique<SeeingHandler>(seen));
    fetcher->run(go_on);
    REQUIRE(seen.heads.size() == 1);
    REQUIRE(seen.outcome.value());
    const FetchResponse& head = seen.heads.front();
    const FetchResponse& end = **seen.outcome;
    CHECK(head.status == end.status);
    CHECK(head.response_headers == end.response_headers);
    CHECK(head.request_headers.starts_with(fmt::format("GET {} HTTP/1.1\r\n", path)));
    CHECK(head.request_headers == end.request_headers);
    CHECK(head.total == 0ms);
    CHECK(end.first_byte <= end.total);
  }
}

TEST_CASE("the times of an answer are its server's", "[crawler]") {
  TestServer server;
  server.on(kPath, Script()
                       .pause(60ms)
                       .send(text("0123456789").steps[0].bytes.substr(0, 70))
                       .pause(60ms)
                       .send(text("0123456789").steps[0].bytes.substr(70)));
  const auto fetched = fetch(loopback_options(), server.url(kPath));
  REQUIRE(fetched);
  CHECK(fetched->response.first_byte >= 55ms);
  CHECK(fetched->response.total >= fetched->response.first_byte + 55ms);
}

TEST_CASE("an error of on_head ends the request with that error", "[crawler]") {
  class Refusing : public SeeingHandler {
   public:
    using SeeingHandler::SeeingHandler;
    Result<void> on_head(const FetchResponse&) override {
      return fail(ErrorCode::kTooLarge, "not wanted");
    }
  };
  TestServer server;
  server.on(kPath, text(std::string(1'000'000, 'x')));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  Seen seen;
  fetcher->start({server.url(kPath), {}, {}}, std::make_unique<Refusing>(seen));
  fetcher->run(go_on);
  REQUIRE_FALSE(seen.outcome.value());
  CHECK(seen.outcome->error().message == "not wanted");
  CHECK(seen.body.empty());
}

TEST_CASE("what is posted while nothing runs is done by the next run", "[crawler]") {
  const auto fetcher = *make_curl_fetcher({});
  std::string order;
  std::thread([&] { fetcher->post([&] { order += "a"; }); }).join();
  fetcher->post([&] {
    order += "b";
    fetcher->post([&] { order += "c"; });
  });
  CHECK(order.empty());
  fetcher->run(go_on);
  CHECK(order == "abc");
}

TEST_CASE("posts of many threads are each done once, by the thread that runs", "[crawler]") {
  constexpr size_t kThreads = 4, kPosts = 500;
  TestServer server;
  server.on(kPath, text("x"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  const auto here = std::this_thread::get_id();
  size_t done = 0, elsewhere = 0;
  for (size_t i = 0; i < kThreads; ++i) fetcher->begin_outside_work();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (size_t post = 0; post < kPosts; ++post) {
        fetcher->post([&] {
          ++done;
          elsewhere += std::this_thread::get_id() != here;
        });
      }
      fetcher->end_outside_work();
    });
  }
  Seen seen;
  fetcher->start({server.url(kPath), {}, {}}, std::make_unique<SeeingHandler>(seen));
  fetcher->run(go_on);
  for (std::thread& thread : threads) thread.join();
  CHECK(done == kThreads * kPosts);
  CHECK(elsewhere == 0);
  CHECK(seen.body == "x");
}

TEST_CASE("run waits for outside work, and its post may start requests", "[crawler]") {
  TestServer server;
  server.on(kPath, text("x"));
  const auto fetcher = *make_curl_fetcher(loopback_options());
  Seen seen;
  fetcher->begin_outside_work();
  std::thread worker([&] {
    std::this_thread::sleep_for(150ms);
    fetcher->post([&] {
      fetcher->start({server.url(kPath), {}, {}}, std::make_unique<SeeingHandler>(seen));
      fetcher->end_outside_work();
    });
  });
  fetcher->run(go_on);
  worker.join();
  CHECK(seen.body == "x");
}

TEST_CASE("what was posted survives an interrupt, what was to come later does not", "[crawler]") {
  const auto fetcher = *make_curl_fetcher({});
  std::string done;
  fetcher->post([&] { done += "posted"; });
  fetcher->after(1h, [&] { done += "later"; });
  fetcher->run([] { return false; });
  CHECK(done.empty());
  fetcher->run(go_on);
  CHECK(done == "posted");
}

// RFC 9110, 14.4 and 15.3.7.
TEST_CASE("a part of a body passes as it came", "[crawler]") {
  TestServer server;
  Answer answer;
  answer.status = 206;
  answer.fields = {{"Content-Range", "bytes 3-5/10"}, {"ETag", "\"1\""}};
  answer.body = "345";
  server.on(kPath, whole(answer));
  const auto fetched =
      fetch(loopback_options(),
            FetchRequest{server.url(kPath), {}, {"Range: bytes=3-5", "If-Range: \"1\""}});
  REQUIRE(fetched);
  CHECK(fetched->response.status == 206);
  CHECK(fetched->response.response_headers == answer.head());
  CHECK(fetched->body == "345");
  CHECK(server.requests().at(0).field("Range") == "bytes=3-5");
  CHECK(server.requests().at(0).field("If-Range") == "\"1\"");
}

TEST_CASE("what came before the end of a broken body was handed over", "[crawler]") {
  const std::string body = sample();
  Answer answer;
  answer.body = body;
  const size_t head = answer.head().size();
  struct Row {
    const char* name;
    Script script;
    ErrorCode code;
  };
  const Row rows[] = {
      {"closed", cut_after(answer, head + 123'456), ErrorCode::kTruncated},
      {"reset", reset_after(answer, head + 123'456), ErrorCode::kTruncated},
      {"stalled", Script().send(answer.bytes().substr(0, head + 123'456)).hang(),
       ErrorCode::kTimeout},
  };
  FetchOptions options = loopback_options();
  options.stall_timeout = 1s;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      TestServer server;
      server.on(kPath, row.script);
      const auto fetcher = *make_curl_fetcher(options);
      Seen seen;
      fetcher->start({server.url(kPath), {}, {}}, std::make_unique<SeeingHandler>(seen));
      fetcher->run(go_on);
      REQUIRE_FALSE(seen.outcome.value());
      CHECK(seen.outcome->error().code == row.code);
      CHECK((seen.body == body.substr(0, 123'456)));
    }
  }
}

TEST_CASE("child: large bodies for a slow reader", "[.child]") {
  constexpr size_t kBodies = 16;
  const std::string url = from_parent("HALFTONE_TEST_URL");
  FetchOptions options = loopback_options();
  options.per_host = kBodies;
  options.max_size = uint64_t{1} << 30;
  const auto fetcher = *make_curl_fetcher(options);
  fetcher->hold_bodies(true);
  fetcher->hold_bodies(false);
  const uint64_t before = peak_kib();
  uint64_t bytes = 0;
  std::vector<Seen> seen(kBodies);
  for (Seen& one : seen) {
    fetcher->start({url, {}, {}}, std::make_unique<SeeingHandler>(one, [&](std::string_view piece) {
                     bytes += piece.size();
                     one.body.clear();
                     return Result<void>();
                   }));
  }
  bool held = false;
  const std::function<void()> turn = [&] {
    fetcher->hold_bodies(held = !held);
    fetcher->after(10ms, turn);
  };
  fetcher->after(10ms, turn);
  constexpr uint64_t kEnough = 512 << 20;
  fetcher->run([&] { return bytes < kEnough; });
  tell_parent(fmt::format("{} {}", bytes, peak_kib() - before));
}

TEST_CASE("memory does not grow with bodies, however slow their reader is", "[crawler]") {
  TestServer server;
  Answer answer;
  answer.length_by_close = true;
  const bool is_packed = GENERATE(false, true);
  CAPTURE(is_packed);
  if (is_packed) answer.fields = {{"Content-Encoding", "gzip"}};
  const std::string piece = sample();
  server.on(kPath, endless(answer, is_packed ? gzip(piece) : piece));
  TestChild child("child: large bodies for a slow reader",
                  {{"HALFTONE_TEST_URL", server.url(kPath)}});
  const auto line = child.read_line();
  CAPTURE(child.output());
  REQUIRE(line);
  CHECK(child.finish() == 0);
  CAPTURE(*line);
  CHECK(std::stoull(*line) >= uint64_t{512} << 20);
  CHECK(std::stoull(line->substr(line->find(' '))) < 48 * 1024);
}
