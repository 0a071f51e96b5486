#include "crawler/credentials.h"

#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;

// The words of netrc(5); quotes and comments as curl reads them.
TEST_CASE("a .netrc is read as curl reads it", "[crawler]") {
  struct Row {
    const char *name, *text, *host, *credentials;
  };
  const Row rows[] = {
      {"one line", "machine a.test login me password pw", "a.test", "me:pw"},
      {"several lines", "machine a.test\n\tlogin me\r\n\tpassword pw\n", "a.test", "me:pw"},
      {"any order", "machine a.test password pw account x login me", "a.test", "me:pw"},
      {"upper case host", "machine A.Test login me password pw", "a.test", "me:pw"},
      {"the second machine",
       "machine b.test login b password b machine a.test login me password pw", "a.test", "me:pw"},
      {"the first entry counts",
       "machine a.test login me password pw\nmachine a.test login other password x", "a.test",
       "me:pw"},
      {"quoted", "machine a.test login me password \"a b\\\"c\"", "a.test", "me:a b\"c"},
      {"comments", "# login x\nmachine a.test # y\nlogin me password pw", "a.test", "me:pw"},
      {"a macro", "macdef init\nmachine b.test\nlogin x\n\nmachine a.test login me password pw",
       "a.test", "me:pw"},
      {"no password", "machine a.test login me", "a.test", "me:"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto netrc = parse_netrc(row.text);
    REQUIRE(netrc);
    REQUIRE(netrc->machines.contains(row.host));
    CHECK(netrc->machines.at(row.host) == row.credentials);
    CHECK_FALSE(netrc->fallback);
  }
  const auto fallback =
      parse_netrc("machine a.test login me password pw\ndefault login d password e");
  REQUIRE(fallback);
  CHECK(fallback->fallback == "d:e");
  CHECK(parse_netrc("")->machines.empty());
}

TEST_CASE("a .netrc that is none is refused, and no password is shown", "[crawler]") {
  for (const char* text : {"machine", "login me", "machine a.test\nlogin", "hello world",
                           "machine a.test password \"secret", "machine a.test secret x"}) {
    CAPTURE(text);
    const auto netrc = parse_netrc(text);
    REQUIRE_FALSE(netrc);
    CHECK(netrc.error().code == ErrorCode::kUsage);
    CHECK(netrc.error().message.starts_with("line "));
  }
}

TEST_CASE("passwords go to whom they are meant for", "[crawler]") {
  const TemporaryDirectory folder;
  FetchOptions options;
  options.seed_hosts = {"seed.test", "other.test"};
  options.credentials = {{"https://origin.test:8443", "by:origin"}};
  options.netrc_file = folder.write(
      ".netrc", "machine listed.test login l password p\ndefault login anon password mail");
  const std::string user = GENERATE("", "user:pw");
  options.user = user;
  auto credentials = *Credentials::make(options);
  const std::optional<std::string> for_seeds(user.empty() ? "anon:mail" : user);
  CHECK(credentials.find({"https", "seed.test", 443}) == for_seeds);
  CHECK(credentials.find({"https", "seed.test.", 8443}) == for_seeds);
  CHECK(credentials.find({"https", "listed.test", 443}) == "l:p");
  CHECK(credentials.find({"https", "origin.test", 8443}) == "by:origin");
  for (const char* stranger : {"stranger.test", "www.seed.test", "seed.test.evil.test"}) {
    CHECK_FALSE(credentials.find({"https", stranger, 443}));
  }
  CHECK_FALSE(credentials.find({"https", "origin.test", 443}));
  CHECK_FALSE(credentials.find({"http", "origin.test", 8443}));
}

TEST_CASE("a password that went over TLS is not sent in the clear", "[crawler]") {
  FetchOptions options;
  options.seed_hosts = {"tls.test", "plain.test"};
  options.user = "user:pw";
  auto credentials = *Credentials::make(options);
  CHECK(credentials.find({"https", "tls.test", 443}));
  CHECK_FALSE(credentials.find({"http", "tls.test", 80}));
  CHECK(credentials.find({"https", "tls.test", 443}));
  CHECK(credentials.find({"http", "plain.test", 80}));
}

// RFC 7617, 2.
TEST_CASE("--user is Basic authentication for seeds, masked in the headers", "[crawler]") {
  TestServer server;
  server.on("/x", text("x"));
  FetchOptions options = loopback_options();
  options.resolve = {fmt::format("elsewhere.test:{}:127.0.0.1", server.port())};
  options.user = "me:secret";
  const auto fetcher = *make_curl_fetcher(options);
  const auto fetched = fetch(*fetcher, {server.url("/x"), {}, {}});
  REQUIRE(fetched);
  CHECK(server.requests().at(0).field("Authorization") == "Basic bWU6c2VjcmV0");
  CHECK_THAT(fetched->response.request_headers, Contains("Authorization: (masked)"));
  REQUIRE(fetch(*fetcher, {server.url("/x", "elsewhere.test"), {}, {}}));
  CHECK_FALSE(server.requests().at(1).field("Authorization"));
}

TEST_CASE("nothing of one request stays for the next", "[crawler]") {
  TestServer server;
  server.on("/x", text("x"));
  FetchOptions options = loopback_options();
  options.resolve = {fmt::format("elsewhere.test:{}:127.0.0.1", server.port())};
  const auto fetcher = *make_curl_fetcher(options);
  std::string url = server.url("/x");
  url.insert(url.find("127"), "user:secret@");
  REQUIRE(fetch(*fetcher, {url, "https://blog.test/", {"X-One: two"}}));
  REQUIRE(fetch(*fetcher, {server.url("/x", "elsewhere.test"), {}, {}}));
  REQUIRE(fetch(*fetcher, {server.url("/x"), {}, {}}));
  CHECK(server.requests().at(0).field("Authorization"));
  for (const size_t i : {1, 2}) {
    const SeenRequest request = server.requests().at(i);
    for (const char* field : {"Authorization", "Referer", "X-One"}) {
      CAPTURE(i, field);
      CHECK_FALSE(request.field(field));
    }
  }
  const auto relative = fetch(*fetcher, {"/x", {}, {}});
  REQUIRE_FALSE(relative);
  CHECK(relative.error().code == ErrorCode::kUnsupportedScheme);
}
