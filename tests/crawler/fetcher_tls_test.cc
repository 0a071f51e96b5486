// The fetcher against a real server, nginx, with HTTP/2 over TLS.
#include <set>

#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/nginx.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;

namespace {

// True where nginx is missing, and said so.
bool must_skip() {
  if (Nginx::is_installed()) return false;
  WARN("nginx is not installed: not tested");
  return true;
}

FetchOptions options_for(const Nginx& nginx) {
  FetchOptions options;
  options.resolve = {nginx.resolve()};
  options.cacert = nginx.ca_file();
  return options;
}

}  // namespace

TEST_CASE("HTTP/2 is spoken where the server can", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({.config = "add_header Referrer-Policy same-origin;"});
  nginx.serve("/a.html", "<p>a");
  const auto fetched = fetch(options_for(nginx), nginx.url("/a.html"));
  REQUIRE(fetched);
  CHECK(fetched->body == "<p>a");
  CHECK(fetched->response.http_version == "2");
  CHECK(fetched->response.content_type == "text/html");
  CHECK(fetched->response.referrer_policy == "same-origin");
  CHECK(fetched->response.response_headers.starts_with("HTTP/2 200"));
  CHECK(fetched->response.request_headers.starts_with("GET /a.html HTTP/2\r\n"));
  CHECK(nginx.log(1).at(0).protocol == "HTTP/2.0");
}

TEST_CASE("a certificate must be trusted", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({.hosts = {"example.test", "other.test"}});
  FetchOptions options = options_for(nginx);
  CHECK(fetch(options, nginx.url("/index.html")));

  options.cacert.clear();
  const auto untrusted = fetch(options, nginx.url("/index.html"));
  REQUIRE_FALSE(untrusted);
  CHECK(untrusted.error().code == ErrorCode::kTls);
  CHECK_THAT(untrusted.error().message, Contains("--cacert"));

  options.insecure = true;
  CHECK(fetch(options, nginx.url("/index.html")));

  FetchOptions misnamed = options_for(nginx);
  misnamed.resolve = {fmt::format("wrong.test:{}:127.0.0.1", nginx.port())};
  const auto wrong = fetch(misnamed, fmt::format("https://wrong.test:{}/", nginx.port()));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::kTls);
}

TEST_CASE("old TLS is not spoken", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({.config = "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"});
  const auto fetched = fetch(options_for(nginx), nginx.url("/index.html"));
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::kTls);
}

TEST_CASE("a server that hates Referers is content without one", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({.config = "if ($http_referer) { return 403; }"});
  const auto with =
      fetch(options_for(nginx), FetchRequest{nginx.url("/index.html"), "https://blog.test/", {}});
  REQUIRE(with);
  CHECK(with->response.status == 403);
  const auto without = fetch(options_for(nginx), nginx.url("/index.html"));
  REQUIRE(without);
  CHECK(without->response.status == 200);
  const auto log = nginx.log(2);
  REQUIRE(log.size() == 2);
  CHECK(log[0].referer == "https://blog.test/");
  CHECK(log[1].referer == "-");
}

TEST_CASE("requests share connections, one of them over HTTP/2", "[crawler][nginx]") {
  if (must_skip()) return;
  constexpr size_t kRequests = 300;
  const bool http2 = GENERATE(true, false);
  CAPTURE(http2);
  const Nginx nginx(
      {.config = "location / { return 200 \"$connection $request_uri\"; }", .http2 = http2});
  FetchOptions options = options_for(nginx);
  options.per_host = 3;
  const auto fetcher = *make_curl_fetcher(options);
  std::vector<std::string> bodies(kRequests);
  std::vector<std::optional<Result<FetchResponse>>> outcomes(kRequests);
  for (size_t i = 0; i < kRequests; ++i) {
    fetcher->start({nginx.url(fmt::format("/{}", i)), {}, {}},
                   std::make_unique<KeepingHandler>(bodies[i], outcomes[i]));
  }
  fetcher->run(go_on);
  std::set<std::string> connections;
  for (size_t i = 0; i < kRequests; ++i) {
    CAPTURE(i);
    REQUIRE(outcomes[i]);
    REQUIRE(*outcomes[i]);
    CHECK((*outcomes[i])->http_version == (http2 ? "2" : "1.1"));
    CHECK(bodies[i].ends_with(fmt::format(" /{}", i)));
    connections.insert(bodies[i].substr(0, bodies[i].find(' ')));
  }
  CHECK(connections.size() <= (http2 ? 1 : 3));
}

TEST_CASE("nginx's gzip comes apart as it was", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({.config = "gzip on; gzip_types *; gzip_min_length 1;"});
  const std::string page(500'000, 'h');
  nginx.serve("/big.html", page);
  const auto fetched = fetch(options_for(nginx), nginx.url("/big.html"));
  REQUIRE(fetched);
  CHECK_THAT(fetched->response.response_headers, Contains("content-encoding: gzip"));
  CHECK((fetched->body == page));
}

TEST_CASE("a tunnel through a proxy leaves no trace in the headers", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({});
  TestServer proxy;
  const std::string target = fmt::format("example.test:{}", nginx.port());
  proxy.on(target, Script()
                       .send("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
                       .tunnel(nginx.port()));
  FetchOptions options;
  options.cacert = nginx.ca_file();
  options.proxy = fmt::format("http://me:secret@127.0.0.1:{}", proxy.port());
  const auto fetched = fetch(options, nginx.url("/index.html"));
  REQUIRE(fetched);
  CHECK(fetched->body == "<p>nginx");
  CHECK(fetched->response.request_headers.starts_with("GET /index.html HTTP/2\r\n"));
  CHECK_THAT(fetched->response.request_headers, !Contains("CONNECT"));
  CHECK_THAT(fetched->response.response_headers, !Contains("X-Proxy"));
  CHECK(proxy.requests().at(0).method == "CONNECT");

  proxy.on(target, status(407));
  const auto refused = fetch(options, nginx.url("/index.html"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kRefused);
  CHECK_THAT(refused.error().message,
             Contains("the proxy refused with 407") && !Contains("secret"));
}

TEST_CASE("plain HTTP/1.1 from nginx, by another name", "[crawler][nginx]") {
  if (must_skip()) return;
  const Nginx nginx({.hosts = {"plain.test"}, .tls = false});
  FetchOptions options;
  options.connect_to = {fmt::format("plain.test:80:127.0.0.1:{}", nginx.port())};
  const auto fetched = fetch(options, std::string("http://plain.test/index.html"));
  REQUIRE(fetched);
  CHECK(fetched->response.http_version == "1.1");
  CHECK(nginx.log(1).at(0).host == "plain.test");
}
