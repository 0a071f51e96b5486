#include "crawler/response_head.h"

#include "tests/support/catch.h"

using namespace halftone;
using Line = ResponseHead::Line;

namespace {

ResponseHead head_of(std::initializer_list<std::string_view> lines) {
  ResponseHead head;
  for (const std::string_view line : lines) head.add(line);
  return head;
}

}  // namespace

// RFC 9110, 15.2 and 6.5.
TEST_CASE("only the final block of an answer is kept", "[crawler]") {
  ResponseHead head;
  CHECK(head.add("HTTP/1.1 103 Early Hints\r\n") == Line::kMore);
  CHECK(head.add("Link: </a.css>\r\n") == Line::kMore);
  CHECK(head.add("\r\n") == Line::kMore);
  CHECK_FALSE(head.complete());
  CHECK(head.add("HTTP/1.1 200 OK\r\n") == Line::kMore);
  CHECK(head.add("Content-Type: text/html\r\n") == Line::kMore);
  CHECK_FALSE(head.complete());
  CHECK(head.add("\r\n") == Line::kComplete);
  CHECK(head.add("Content-Type: trailer/late\r\n") == Line::kMore);
  CHECK(head.complete());
  CHECK(head.status() == 200);
  CHECK(head.block() == "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
}

TEST_CASE("fields are found whatever their case, in order", "[crawler]") {
  const ResponseHead head =
      head_of({"HTTP/2 200 \r\n", "Referrer-Policy: no-referrer\r\n", "location:  /a \r\n",
               "REFERRER-POLICY:origin\r\n", "no colon here\r\n", "Location: /b\r\n", "\r\n"});
  CHECK(head.first("Location") == "/a");
  CHECK(head.last("Location") == "/b");
  CHECK(head.joined("referrer-policy") == "no-referrer, origin");
  CHECK(head.first("Retry-After").empty());
}

TEST_CASE("an announced length must be a number", "[crawler]") {
  const std::pair<const char*, std::optional<uint64_t>> rows[] = {
      {"Content-Length: 5\r\n", 5},
      {"Content-Length: 18446744073709551615\r\n", UINT64_MAX},
      {"Content-Length: 18446744073709551616\r\n", std::nullopt},
      {"Content-Length: -1\r\n", std::nullopt},
      {"Content-Length: 5 bytes\r\n", std::nullopt},
      {"Content-Length:\r\n", std::nullopt},
      {"Date: today\r\n", std::nullopt},
  };
  for (const auto& [line, length] : rows) {
    CAPTURE(line);
    CHECK(head_of({"HTTP/1.1 200 OK\r\n", line, "\r\n"}).content_length() == length);
  }
}

TEST_CASE("a head has a limit, interim answers included", "[crawler]") {
  ResponseHead head;
  const std::string line = "X: " + std::string(995, 'x') + "\r\n";
  size_t taken = 0;
  while (head.add("HTTP/1.1 100 Continue\r\n") == Line::kMore && head.add(line) == Line::kMore &&
         head.add("\r\n") == Line::kMore) {
    taken += line.size();
    REQUIRE(taken < 2 * ResponseHead::kLimit);
  }
  CHECK(taken < ResponseHead::kLimit);
}

TEST_CASE("credentials do not reach the archive", "[crawler]") {
  CHECK(with_masked_credentials("GET / HTTP/1.1\r\nHost: a\r\ncookie: id=1; a:b\r\n"
                                "AUTHORIZATION: Basic xyz\r\nProxy-Authorization:secret\r\n"
                                "X-Cookie: kept\r\n\r\n") ==
        "GET / HTTP/1.1\r\nHost: a\r\ncookie: (masked)\r\nAUTHORIZATION: (masked)\r\n"
        "Proxy-Authorization: (masked)\r\nX-Cookie: kept\r\n\r\n");
}
