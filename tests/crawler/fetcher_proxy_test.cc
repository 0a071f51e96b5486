// Proxies of every kind that --proxy takes, and addresses of both kinds.
#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/nginx.h"
#include "tests/support/socks_server.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kUrl = "http://example.test/a";

}  // namespace

// RFC 1928; socks4 and socks5 resolve here, socks4a and socks5h leave it to the proxy.
TEST_CASE("SOCKS proxies are asked, by name or by address", "[crawler]") {
  struct Row {
    const char *scheme, *host;
    int version;
  };
  const Row rows[] = {{"socks4", "203.0.113.9", 4},
                      {"socks4a", "example.test", 4},
                      {"socks5", "203.0.113.9", 5},
                      {"socks5h", "example.test", 5}};
  for (const Row& row : rows) {
    CAPTURE(row.scheme);
    TestServer server;
    server.on("/a", text("by proxy"));
    SocksServer proxy(server.port());
    FetchOptions options;
    options.resolve = {"example.test:80:203.0.113.9"};
    options.proxy = fmt::format("{}://127.0.0.1:{}", row.scheme, proxy.port());
    const auto fetched = fetch(options, std::string(kUrl));
    CAPTURE(fetched ? "" : fetched.error().message);
    REQUIRE(fetched);
    CHECK(fetched->body == "by proxy");
    CHECK(server.requests().at(0).host == "example.test");
    REQUIRE(proxy.asked().size() == 1);
    CHECK(proxy.asked()[0].version == row.version);
    CHECK(proxy.asked()[0].host == row.host);
  }
}

// RFC 1929.
TEST_CASE("a SOCKS proxy gets the password meant for it, and messages do not", "[crawler]") {
  TestServer server;
  server.on("/a", text("by proxy"));
  SocksServer proxy(server.port());
  FetchOptions options;
  options.proxy = fmt::format("socks5h://me:secret@127.0.0.1:{}", proxy.port());
  REQUIRE(fetch(options, std::string(kUrl)));
  REQUIRE(proxy.asked().size() == 1);
  CHECK(proxy.asked()[0].user == "me");
  CHECK(proxy.asked()[0].password == "secret");
  CHECK_FALSE(server.requests().at(0).field("Authorization"));
  CHECK_FALSE(server.requests().at(0).field("Proxy-Authorization"));

  proxy.refuse();
  const auto refused = fetch(options, std::string(kUrl));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kRefused);
  CHECK_THAT(refused.error().message, Contains("the proxy") && !Contains("secret"));
}

TEST_CASE("a SOCKS proxy is not asked for private addresses either", "[crawler]") {
  TestServer server;
  const SocksServer proxy(server.port());
  FetchOptions options;
  options.proxy = fmt::format("socks5h://127.0.0.1:{}", proxy.port());
  for (const char* url : {"http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a"}) {
    const auto refused = fetch(options, std::string(url));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kPrivateAddress);
  }
  CHECK(proxy.asked().empty());
}

TEST_CASE("a proxy may be spoken to over TLS", "[crawler][nginx]") {
  if (!Nginx::is_installed()) {
    WARN("nginx is not installed: not tested");
    return;
  }
  const Nginx proxy(
      {.hosts = {"proxy.test"}, .config = "location / { return 200 \"by proxy for $host\"; }"});
  FetchOptions options;
  options.cacert = proxy.ca_file();
  options.resolve = {proxy.resolve()};
  options.proxy = fmt::format("https://proxy.test:{}", proxy.port());
  const auto fetched = fetch(options, std::string(kUrl));
  CAPTURE(fetched ? "" : fetched.error().message);
  REQUIRE(fetched);
  CHECK(fetched->body == "by proxy for example.test");
}

// RFC 8305: the next address is tried where the first does not answer.
TEST_CASE("a host whose first address is dead is reached by its second", "[crawler]") {
  TestServer server;
  server.on("/a", text("x"));
  const char* dead = GENERATE("[::1]", "127.0.0.2");
  FetchOptions options = loopback_options();
  options.resolve = {fmt::format("two.test:{}:{},127.0.0.1", server.port(), dead)};
  const auto fetched = fetch(options, server.url("/a", "two.test"));
  REQUIRE(fetched);
  CHECK(fetched->response.remote_address == fmt::format("127.0.0.1:{}", server.port()));
}
