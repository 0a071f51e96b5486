#include "tools/web/server.h"

#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/tools/raw_client.h"

using namespace halftone;

namespace {

// Tells what it was asked.
WebResponse echo(const WebRequest& request) {
  return {200,
          "text/plain",
          fmt::format("{} {} {} {}", request.method, request.target, request.host, request.referer),
          {{"X-Kind", "echo"}}};
}

std::unique_ptr<WebServer> start_echo() {
  auto server = WebServer::start(echo);
  REQUIRE(server);
  return std::move(*server);
}

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = 0; (at = text.find(what, at)) != text.npos; at += what.size()) ++found;
  return found;
}

}  // namespace

TEST_CASE("the web server tells its handler what was asked", "[tools]") {
  const auto server = start_echo();
  const RawAnswer answer = ask(server->port(),
                               "GET /a%20b?c=d,e HTTP/1.1\r\nHost: Example.TEST:8080\r\n"
                               "Referer: http://x.test/\r\nConnection: close\r\n\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /a%20b?c=d,e example.test http://x.test/");
  CHECK(answer.field("content-type") == "text/plain");
  CHECK(answer.field("x-kind") == "echo");
}

TEST_CASE("the web server reads the host without its port", "[tools]") {
  struct Row {
    const char *field, *host;
  };
  const Row rows[] = {{"a.test", "a.test"},
                      {"A.test:1", "a.test"},
                      {"[::1]:80", "[::1]"},
                      {"[::1]", "[::1]"},
                      {"", ""},
                      {"a.test:", "a.test"}};
  const auto server = start_echo();
  for (const Row& row : rows) {
    CAPTURE(row.field);
    const auto request =
        fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", row.field);
    CHECK(ask(server->port(), request).body == fmt::format("GET / {} ", row.host));
  }
}

// RFC 9110, 9.3.2: HEAD has the header of GET and no body.
TEST_CASE("HEAD is answered with a length and without a body", "[tools]") {
  const auto server = start_echo();
  const RawAnswer answer =
      ask(server->port(), "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.field("content-length") == "9");
  CHECK(answer.body.empty());
}

TEST_CASE("one connection carries several requests", "[tools]") {
  const auto server = start_echo();
  const std::string answers = exchange(server->port(),
                                       "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                       "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                                       "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(count(answers, "HTTP/1.1 200 OK") == 3);
  CHECK(answers.find("GET /1 a") < answers.find("GET /2 a"));
  CHECK(answers.find("GET /2 a") < answers.find("GET /3 a"));
}

TEST_CASE("what is no request is refused", "[tools]") {
  struct Row {
    const char* name;
    std::string bytes;
    int status;
  };
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  const Row rows[] = {
      {"noise", "\x16\x03\x01 hello\r\n\r\n", 400},
      {"no version", "GET /\r\n\r\n", 400},
      {"a header without end", get + "X: " + std::string(20'000, 'x'), 431},
      {"too long a body", get + "Content-Length: 1000000000\r\n\r\n", 413},
      {"a negative length", get + "Content-Length: -1\r\n\r\n", 400},
  };
  const auto server = start_echo();
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(ask(server->port(), row.bytes).status == row.status);
      CHECK(ask(server->port(), get + "Connection: close\r\n\r\n").status == 200);
    }
  }
}

TEST_CASE("a taken port is an error that names it", "[tools]") {
  const auto server = start_echo();
  const auto second = WebServer::start(echo, server->port());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kIo);
  CHECK(second.error().message.find(std::to_string(server->port())) != std::string::npos);
}

TEST_CASE("stopping closes idle connections and finishes answers", "[tools]") {
  const std::string large(32 << 20, 'x');
  auto server = WebServer::start([&](const WebRequest&) {
    return WebResponse{200, "text/plain", large, {}};
  });
  REQUIRE(server);
  const uint16_t port = (*server)->port();
  const int idle = connect_to(port);
  REQUIRE(idle >= 0);

  std::string answer;
  const int busy = connect_to(port);
  REQUIRE(busy >= 0);
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  REQUIRE(send(busy, request.data(), request.size(), MSG_NOSIGNAL) == ssize_t(request.size()));
  char first;
  REQUIRE(recv(busy, &first, 1, 0) == 1);  // the answer has begun

  std::thread stopping([&] { server->reset(); });
  size_t received = 1;
  std::vector<char> piece(1 << 20);
  for (ssize_t got; (got = recv(busy, piece.data(), piece.size(), 0)) > 0;) received += got;
  stopping.join();
  CHECK(received > large.size());
  CHECK(recv(idle, &first, 1, 0) <= 0);
  close(busy);
  close(idle);
  CHECK(connect_to(port) < 0);
}
