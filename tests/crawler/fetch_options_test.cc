#include "crawler/fetch_options.h"

#include "crawler/curl_fetcher.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

FetchOptions with(std::vector<std::string> FetchOptions::*list, std::string entry) {
  FetchOptions options;
  (options.*list).push_back(std::move(entry));
  return options;
}

FetchOptions with(std::string FetchOptions::*option, std::string value) {
  FetchOptions options;
  options.*option = std::move(value);
  return options;
}

}  // namespace

TEST_CASE("options that cannot be carried out are refused in words", "[crawler]") {
  const TemporaryDirectory folder;
  const FetchOptions rows[] = {
      with(&FetchOptions::resolve, "example.org"),
      with(&FetchOptions::resolve, "example.org:80"),
      with(&FetchOptions::resolve, "example.org:http:1.2.3.4"),
      with(&FetchOptions::resolve, "example.org:80:nowhere"),
      with(&FetchOptions::resolve, "example.org:80:1.2.3.4,"),
      with(&FetchOptions::resolve, ":80:1.2.3.4"),
      with(&FetchOptions::connect_to, "a:80:b"),
      with(&FetchOptions::connect_to, "a:80:b:http"),
      with(&FetchOptions::headers, "no colon"),
      with(&FetchOptions::headers, ": no name"),
      with(&FetchOptions::headers, "A: b\r\nC: d"),
      with(&FetchOptions::proxy, "ftp://proxy:1"),
      with(&FetchOptions::proxy, "http://"),
      with(&FetchOptions::cacert, folder.file("missing.pem")),
      with(&FetchOptions::cacert, folder.write("empty.pem", "nothing")),
      with(&FetchOptions::cookie_file, folder.file("missing.txt")),
      with(&FetchOptions::cookie_jar, folder.file("missing/jar.txt")),
      with(&FetchOptions::cookie_jar, folder.path()),
      with(&FetchOptions::netrc_file, folder.file("missing")),
      with(&FetchOptions::netrc_file, folder.write("netrc", "machine a.test login")),
      with(&FetchOptions::user, "name"),
      with(&FetchOptions::user, ":password"),
      with(&FetchOptions::user, "name:pass\r\nword"),
      with(&FetchOptions::contact, "me"),
      with(&FetchOptions::contact, "me@example.org)"),
      with(&FetchOptions::contact, "https://example.org/a b"),
      with(&FetchOptions::contact, "me@example.org\r\nX: y"),
  };
  for (const FetchOptions& options : rows) {
    const auto fetcher = make_curl_fetcher(options);
    REQUIRE_FALSE(fetcher);
    CHECK(fetcher.error().code == ErrorCode::kUsage);
    CHECK(fetcher.error().message.starts_with("--"));
  }
  FetchOptions none_at_once;
  none_at_once.per_host = 0;
  CHECK(make_curl_fetcher(none_at_once).error().code == ErrorCode::kUsage);
}

TEST_CASE("options in curl's ways are taken", "[crawler]") {
  const FetchOptions rows[] = {
      with(&FetchOptions::resolve, "example.org:443:203.0.113.9"),
      with(&FetchOptions::resolve, "+example.org:443:203.0.113.9,[2001:db8::1]"),
      with(&FetchOptions::resolve, "*:443:2001:db8::1"),
      with(&FetchOptions::connect_to, "example.org:443:staging.example.org:8443"),
      with(&FetchOptions::connect_to, "::127.0.0.1:8080"),
      with(&FetchOptions::connect_to, "[::1]:80:[::1]:8080"),
      with(&FetchOptions::headers, "Accept-Language: zh"),
      with(&FetchOptions::headers, "Accept:"),
      with(&FetchOptions::headers, "X-Empty;"),
      with(&FetchOptions::proxy, "proxy.example.org:3128"),
      with(&FetchOptions::proxy, "socks5h://127.0.0.1:9050"),
      with(&FetchOptions::user, "name:pass:word"),
      with(&FetchOptions::user, "name:"),
      with(&FetchOptions::contact, "me@example.org"),
      with(&FetchOptions::contact, "https://example.org/bot?about=1"),
  };
  for (const FetchOptions& options : rows) CHECK(make_curl_fetcher(options));
}

// RFC 9110, 10.1.5: a robot tells how its owner is reached.
TEST_CASE("the user agent names the program and whom to ask about it", "[crawler]") {
  struct Row {
    const char *user_agent, *contact, *value;
  };
  const Row rows[] = {
      {"", "", "Mozilla/5.0 (compatible; halftone/0.1; archiving crawler)"},
      {"", "https://example.org/bot",
       "Mozilla/5.0 (compatible; halftone/0.1; +https://example.org/bot)"},
      {"", "me@example.org", "Mozilla/5.0 (compatible; halftone/0.1; +me@example.org)"},
      {"tester/1", "", "tester/1"},
      {"tester/1", "me@example.org", "tester/1 (+me@example.org)"},
  };
  for (const Row& row : rows) {
    FetchOptions options;
    options.user_agent = row.user_agent;
    options.contact = row.contact;
    CHECK(user_agent(options) == row.value);
  }
}

TEST_CASE("hosts that the user named may be private, and no others", "[crawler]") {
  FetchOptions options;
  options.seed_hosts = {"Seed.Example.org", "::1"};
  options.resolve = {"resolved.test:80:127.0.0.1", "+plus.test:80:127.0.0.1"};
  options.connect_to = {"[::2]:80:127.0.0.1:8080"};
  const NamedHosts named(options);
  for (const char* host :
       {"seed.example.org", "seed.example.org.", "[::1]", "resolved.test", "plus.test", "[::2]"}) {
    CAPTURE(host);
    CHECK(named.may_be_private(host, 80));
    CHECK(named.contains(host));
  }
  for (const char* host : {"example.org", "other.seed.example.org", "127.0.0.1"}) {
    CAPTURE(host);
    CHECK_FALSE(named.may_be_private(host, 80));
    CHECK_FALSE(named.contains(host));
  }

  const NamedHosts by_port(with(&FetchOptions::resolve, "*:8080:127.0.0.1"));
  CHECK(by_port.may_be_private("any.test", 8080));
  CHECK_FALSE(by_port.may_be_private("any.test", 80));
  CHECK_FALSE(by_port.contains("any.test"));
  const NamedHosts all(with(&FetchOptions::connect_to, "::127.0.0.1:1"));
  CHECK(all.may_be_private("any.test", 80));
}

TEST_CASE("a seed that was public once must not lead into a private network", "[crawler]") {
  FetchOptions options;
  options.seed_hosts = {"public.test", "intranet.test"};
  options.resolve = {"resolved.test:80:127.0.0.1"};
  NamedHosts named(options);
  CHECK(named.allows("public.test", 80, "198.41.0.4"));
  CHECK_FALSE(named.allows("public.test", 80, "169.254.169.254"));
  CHECK(named.allows("public.test", 80, "198.41.0.4"));

  CHECK(named.allows("intranet.test", 80, "10.1.2.3"));
  CHECK(named.allows("intranet.test", 80, "10.1.2.4"));
  CHECK(named.allows("intranet.test", 80, "198.41.0.4"));

  CHECK(named.allows("resolved.test", 80, "127.0.0.1"));
  CHECK_FALSE(named.allows("stranger.test", 80, "127.0.0.1"));
  CHECK(named.allows("stranger.test", 80, "198.41.0.4"));
}
