// Every way in which a server or the way to it fails, and the code it gets.
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/nginx.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPath = "/x";

Answer page(std::string body, Fields fields = {}) {
  Answer answer;
  answer.fields = std::move(fields);
  answer.body = std::move(body);
  return answer;
}

Answer chunked(Answer answer) {
  answer.chunked = true;
  return answer;
}

Answer with_length(Answer answer, uint64_t length) {
  answer.content_length = length;
  return answer;
}

Answer until_close(Answer answer) {
  answer.length_by_close = true;
  return answer;
}

FetchOptions impatient_options() {
  FetchOptions options = loopback_options();
  options.connect_timeout = 5s;
  options.stall_timeout = 1s;
  options.max_time = 20s;
  options.max_size = 100'000;
  return options;
}

}  // namespace

TEST_CASE("each fault of a server has its code", "[crawler]") {
  const std::string zeros(1'000'000, '\0');
  const std::string half = gzip(std::string(500, 'a') + "b").substr(0, 20);
  struct Row {
    const char* name;
    Script script;
    ErrorCode code;
    const char* says;
  };
  const Row rows[] = {
      {"closes without an answer", Script().close(), ErrorCode::kTruncated, "before the answer"},
      {"resets without an answer", Script().reset(), ErrorCode::kTruncated, "before the answer"},
      {"resets inside the head", reset_after(page("body"), 20), ErrorCode::kTruncated, "head"},
      {"resets inside the body", reset_after(page(std::string(5000, 'x')), 1500),
       ErrorCode::kTruncated, "of 5,000 bytes"},
      {"promises more than it sends", whole(with_length(page("short"), 5000)).close(),
       ErrorCode::kTruncated, "ended after 5 of 5,000 bytes"},
      {"stops between chunks", cut_after(chunked(page(std::string(500, 'x'))), 250),
       ErrorCode::kTruncated, "before its end"},
      {"gzip that ends early", whole(page(half, {{"Content-Encoding", "gzip"}})),
       ErrorCode::kTruncated, "inside a compressed stream"},
      {"gzip that ends early with the connection",
       whole(until_close(page(half, {{"Content-Encoding", "gzip"}}))), ErrorCode::kTruncated,
       "inside a compressed stream"},
      {"not the coding it names", whole(page("plain text", {{"Content-Encoding", "gzip"}})),
       ErrorCode::kProtocol, "content coding (gzip) is damaged"},
      {"larger than allowed, and says so", Script().send(page(zeros).head()).hang(),
       ErrorCode::kTooLarge, "1,000,000 bytes larger than --max-size (100,000)"},
      {"larger than allowed, in chunks", whole(chunked(page(zeros))), ErrorCode::kTooLarge,
       "larger than --max-size (100,000)"},
      {"never ends", endless(until_close(page("")), std::string(1000, 'x')), ErrorCode::kTooLarge,
       "--max-size"},
      {"a gzip bomb", whole(page(gzip(zeros), {{"Content-Encoding", "gzip"}})),
       ErrorCode::kTooLarge, "--max-size"},
      {"a brotli bomb", whole(page(brotli(zeros), {{"Content-Encoding", "br"}})),
       ErrorCode::kTooLarge, "--max-size"},
      {"a zstd bomb", whole(page(zstd(zeros), {{"Content-Encoding", "zstd"}})),
       ErrorCode::kTooLarge, "--max-size"},
      {"no answer at all", Script().hang(), ErrorCode::kTimeout, "slower than 1 KiB/s for 1 s"},
      {"stops inside the body", Script().send(page("0123456789").bytes().substr(0, 42)).hang(),
       ErrorCode::kTimeout, "slower than 1 KiB/s for 1 s"},
      {"drips its head", drip(page("", {{"X-Long", std::string(2000, 'x')}}), 10, 100ms),
       ErrorCode::kTimeout, "slower"},
      {"drips", drip(page(std::string(2000, 'x')), 10, 100ms), ErrorCode::kTimeout, "slower"},
      {"not HTTP", Script().send("220 mail.example.org ESMTP ready to serve you\r\n").close(),
       ErrorCode::kProtocol, "not sound HTTP"},
      {"two lengths",
       Script().send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
       ErrorCode::kProtocol, "two different lengths"},
      {"a negative length",
       Script().send("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc").close(),
       ErrorCode::kProtocol, ""},
      {"an unasked transfer coding",
       Script().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
       ErrorCode::kProtocol, "transfer coding"},
      {"a chunk size that is no number",
       Script().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").close(),
       ErrorCode::kProtocol, ""},
      {"a chunk size larger than any",
       Script()
           .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc")
           .close(),
       ErrorCode::kProtocol, ""},
      {"a chunk that does not end where it should",
       Script()
           .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n")
           .close(),
       ErrorCode::kProtocol, ""},
      {"a length that is no number",
       Script()
           .send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc")
           .close(),
       ErrorCode::kTooLarge, ""},
      {"a NUL in its head",
       Script().send(std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 45)),
       ErrorCode::kProtocol, ""},
      {"a head without end", Script().send("HTTP/1.1 200 OK\r\n").send_forever("X-Bomb: boom\r\n"),
       ErrorCode::kProtocol, "larger than 262,144 bytes"},
      {"a field without end", Script().send("HTTP/1.1 200 OK\r\nX-Bomb: ").send_forever("boom"),
       ErrorCode::kProtocol, ""},
      {"interim answers without end", Script().send_forever("HTTP/1.1 103 Early Hints\r\n\r\n"),
       ErrorCode::kProtocol, "larger than 262,144 bytes"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      TestServer server;
      server.on(kPath, row.script);
      server.on("/good", text("good"));
      const auto fetcher = *make_curl_fetcher(impatient_options());
      const auto fetched = fetch(*fetcher, {server.url(kPath), {}, {}});
      REQUIRE_FALSE(fetched);
      CAPTURE(fetched.error().message);
      const auto next = fetch(*fetcher, {server.url("/good"), {}, {}});
      REQUIRE(next);
      CHECK(next->body == "good");
      CHECK(fetched.error().code == row.code);
      CHECK_THAT(fetched.error().message, Contains(server.url(kPath)) && Contains(row.says));
    }
  }
}

TEST_CASE("an answer cut at any byte is an error", "[crawler]") {
  const std::string body = "<p>" + std::string(150, 'a') + "</p>";
  const Answer plain = page(body, {{"Content-Type", "text/html"}, {"Date", "today"}});
  const Answer packed = page(gzip(body), {{"Content-Encoding", "gzip"}});
  const Answer packed_until_close = until_close(packed);
  TestServer server;
  const auto fetcher = *make_curl_fetcher(loopback_options());
  for (const Answer& answer :
       {plain, chunked(plain), packed, chunked(packed), packed_until_close}) {
    const std::string bytes = answer.bytes();
    // A body that ends with the connection and has no byte yet is a whole, empty one. The last line
    // feed after the last chunk tells nothing more of the body.
    const size_t ambiguous = answer.length_by_close ? answer.head().size() : bytes.size() - 1;
    for (size_t size = 0; size < bytes.size(); ++size) {
      if (size == ambiguous && (answer.length_by_close || answer.chunked)) continue;
      CAPTURE(bytes, size);
      server.on(kPath, cut_after(answer, size));
      const auto fetched = fetch(*fetcher, {server.url(kPath), {}, {}});
      REQUIRE_FALSE(fetched);
      REQUIRE(fetched.error().code == ErrorCode::kTruncated);
    }
    server.on(kPath, cut_after(answer, bytes.size()));
    const auto fetched = fetch(*fetcher, {server.url(kPath), {}, {}});
    REQUIRE(fetched);
    CHECK(fetched->body == body);
  }
}

TEST_CASE("a bomb ends long before --max-size, and says why", "[crawler]") {
  TestServer server;
  server.on(kPath,
            whole(page(brotli(std::string(size_t{80} << 20, 'x')), {{"Content-Encoding", "br"}})));
  const auto fetched = fetch(loopback_options(), server.url(kPath));
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::kTooLarge);
  CHECK_THAT(fetched.error().message, Contains(server.url(kPath)) && Contains("1000 times"));
}

TEST_CASE("10,000 lines of head are borne", "[crawler]") {
  TestServer server;
  Answer answer = page("x");
  for (int i = 0; i < 10'000; ++i) answer.fields.emplace_back(fmt::format("X-{}", i), "y");
  REQUIRE(answer.head().size() < 256 * 1024);
  server.on(kPath, whole(answer));
  const auto fetched = fetch(loopback_options(), server.url(kPath));
  REQUIRE(fetched);
  CHECK((fetched->response.response_headers == answer.head()));
}

TEST_CASE("a request takes --max-time at most", "[crawler]") {
  TestServer server;
  server.on(kPath, endless(until_close(page("")), std::string(100, 'x')));
  FetchOptions options = impatient_options();
  options.max_size = uint64_t{1} << 60;
  options.max_time = 1s;
  options.stall_timeout = 10s;
  const auto fetched = fetch(options, server.url(kPath));
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::kTimeout);
  CHECK_THAT(fetched.error().message, Contains("not done after 1 s"));
}

TEST_CASE("a port where nobody listens refuses", "[crawler]") {
  const std::string url = fmt::format("http://127.0.0.1:{}/", free_port());
  const auto fetched = fetch(loopback_options(), url);
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::kRefused);
  CHECK_THAT(fetched.error().message, Contains(url) && Contains("Connection refused"));
}

// RFC 6761, 6.4: "invalid" never resolves.
TEST_CASE("a name that nobody has is unresolved", "[crawler]") {
  const auto fetched = fetch(loopback_options(), std::string("http://img.invalid/a.png"));
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::kUnresolved);
  CHECK_THAT(fetched.error().message, Contains("cannot find the host img.invalid"));
}

TEST_CASE("only http and https are fetched", "[crawler]") {
  for (const char* url : {"ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/",
                          "javascript:alert(1)", "data:,x", "", "http://", "/relative"}) {
    CAPTURE(url);
    const auto fetched = fetch(loopback_options(), std::string(url));
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::kUnsupportedScheme);
  }
}

TEST_CASE("private addresses are refused unless the user named the host", "[crawler]") {
  TestServer server;
  server.on(kPath, text("secret"));
  const auto code_for = [&](const FetchOptions& options, std::string_view host) {
    const auto fetched = fetch(options, server.url(kPath, host));
    if (!fetched) CHECK_THAT(fetched.error().message, Contains("--allow-private"));
    return fetched ? std::optional<ErrorCode>() : fetched.error().code;
  };
  CHECK(code_for({}, "127.0.0.1") == ErrorCode::kPrivateAddress);
  CHECK(code_for({}, "localhost") == ErrorCode::kPrivateAddress);
  CHECK(code_for({}, "[::1]") == ErrorCode::kPrivateAddress);
  CHECK(code_for({}, "[::ffff:7f00:1]") == ErrorCode::kPrivateAddress);
  CHECK(code_for({}, "2130706433") == ErrorCode::kPrivateAddress);
  CHECK(code_for({}, "0") == ErrorCode::kPrivateAddress);
  CHECK(server.requests().empty());

  FetchOptions allowed;
  allowed.allow_private = true;
  CHECK_FALSE(code_for(allowed, "127.0.0.1"));
  FetchOptions trusting;
  trusting.seed_hosts = {"localhost"};
  CHECK_FALSE(code_for(trusting, "localhost"));
  CHECK(code_for(trusting, "127.0.0.1") == ErrorCode::kPrivateAddress);
  FetchOptions resolving;
  resolving.resolve = {fmt::format("site.test:{}:127.0.0.1", server.port())};
  CHECK_FALSE(code_for(resolving, "site.test"));
  FetchOptions connecting;
  connecting.connect_to = {fmt::format("site.test::127.0.0.1:{}", server.port())};
  CHECK_FALSE(code_for(connecting, "site.test"));
  CHECK(server.requests().size() == 4);
}

// What DNS says is only known when a socket is about to open: a name of this machine's own hosts
// file leads to loopback without looking like it.
TEST_CASE("a name that leads to a private address is refused when it is known", "[crawler]") {
  char name[256] = "";
  REQUIRE(gethostname(name, sizeof(name) - 1) == 0);
  TestServer server;
  const auto fetched = fetch(FetchOptions{}, server.url(kPath, name));
  REQUIRE_FALSE(fetched);
  if (fetched.error().code == ErrorCode::kUnresolved) {
    WARN("this machine does not know its own name: not tested");
    return;
  }
  CAPTURE(fetched.error().message);
  CHECK(fetched.error().code == ErrorCode::kPrivateAddress);
  CHECK(server.requests().empty());
}
