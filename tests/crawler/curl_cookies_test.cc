#include "crawler/curl_cookies.h"

#include <sys/stat.h>

#include "tests/support/catch.h"
#include "tests/support/fetching.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_server.h"

using namespace halftone;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kPath = "/x";

Script setting(const std::vector<std::string>& cookies) {
  Answer answer;
  for (const std::string& cookie : cookies) answer.fields.emplace_back("Set-Cookie", cookie);
  answer.body = "x";
  return whole(answer);
}

FetchOptions keeping_options() {
  FetchOptions options = loopback_options();
  options.keep_cookies = true;
  return options;
}

size_t count_lines(std::string_view text, std::string_view with) {
  size_t count = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    count += text.substr(0, end).find(with) != std::string_view::npos;
    text.remove_prefix(end + 1);
  }
  return count;
}

}  // namespace

TEST_CASE("cookies are kept where that was asked for, for one run alone", "[crawler]") {
  TestServer server;
  server.on("/set", setting({"a=1"}));
  server.on(kPath, text("x"));
  const bool keep = GENERATE(true, false);
  FetchOptions options = loopback_options();
  options.keep_cookies = keep;
  const auto fetcher = *make_curl_fetcher(options);
  REQUIRE(fetch(*fetcher, {server.url("/set"), {}, {}}));
  REQUIRE(fetch(*fetcher, {server.url(kPath), {}, {}}));
  CHECK(server.requests(kPath).at(0).field("Cookie").has_value() == keep);
  REQUIRE(fetch(options, server.url(kPath)));
  CHECK_FALSE(server.requests(kPath).at(1).field("Cookie"));
}

TEST_CASE("a cookie jar holds every cookie, session cookies too, and is read again", "[crawler]") {
  const TemporaryDirectory folder;
  TestServer server;
  server.on("/set", setting({"session=1", "late=2; Max-Age=100000", "hidden=3; HttpOnly; Path=/",
                             "gone=4; Max-Age=0"}));
  server.on(kPath, text("x"));
  FetchOptions options = loopback_options();
  options.cookie_jar = folder.file("jar.txt");
  {
    const auto fetcher = *make_curl_fetcher(options);
    REQUIRE(fetch(*fetcher, {server.url("/set"), {}, {}}));
    CHECK(fetcher->cookies_saved());
  }
  const std::string jar = folder.read("jar.txt");
  CHECK(jar.starts_with("# Netscape HTTP Cookie File\n"));
  CHECK_THAT(jar, Contains("127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t1\n") &&
                      Contains("\tlate\t2\n") &&
                      Contains("#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\thidden\t3\n") &&
                      !Contains("gone"));
  struct stat state {};
  REQUIRE(stat(options.cookie_jar.c_str(), &state) == 0);
  CHECK((state.st_mode & 0777) == 0600);

  FetchOptions next = loopback_options();
  next.cookie_file = options.cookie_jar;
  REQUIRE(fetch(next, server.url(kPath)));
  CHECK_THAT(server.requests(kPath).at(0).field("Cookie").value_or(""),
             Contains("session=1") && Contains("late=2") && Contains("hidden=3"));
  CHECK(folder.read("jar.txt") == jar);
}

TEST_CASE("a run that is interrupted leaves its cookies in the jar", "[crawler]") {
  const TemporaryDirectory folder;
  TestServer server;
  Answer answer;
  answer.fields = {{"Set-Cookie", "a=1"}};
  server.on(kPath,
            Script()
                .send(answer.head().insert(answer.head().find("Content-Length: 0") + 16, "5"))
                .hang());
  FetchOptions options = loopback_options();
  options.cookie_jar = folder.file("jar.txt");
  class Handler : public FetchHandler {
   public:
    explicit Handler(bool& has_head) : has_head_(has_head) {}
    Result<void> on_head(const FetchResponse&) override {
      has_head_ = true;
      return {};
    }
    Result<void> on_body(std::string_view) override { return {}; }
    void on_done(Result<FetchResponse>) override {}

   private:
    bool& has_head_;
  };
  bool has_head = false;
  const auto fetcher = *make_curl_fetcher(options);
  fetcher->start({server.url(kPath), {}, {}}, std::make_unique<Handler>(has_head));
  fetcher->run([&] { return !has_head; });
  CHECK(fetcher->cookies_saved());
  CHECK_THAT(folder.read("jar.txt"), Contains("\ta\t1\n"));
}

TEST_CASE("a jar that cannot be written is told of", "[crawler]") {
  TestServer server;
  server.on(kPath, setting({"a=1"}));
  FetchOptions options = loopback_options();
  std::unique_ptr<Fetcher> fetcher;
  {
    const TemporaryDirectory folder;
    options.cookie_jar = folder.file("jar.txt");
    fetcher = *make_curl_fetcher(options);
  }
  REQUIRE(fetch(*fetcher, {server.url(kPath), {}, {}}));
  REQUIRE_FALSE(fetcher->cookies_saved());
  CHECK_THAT(fetcher->cookies_saved().error().message, Contains("--cookie-jar"));
}

// libcurl takes 50 cookies of one answer; this server gives some more with each.
TEST_CASE("a host cannot pile up cookies", "[crawler]") {
  constexpr size_t kAnswers = 60;
  const TemporaryDirectory folder;
  TestServer server;
  FetchOptions options = loopback_options();
  options.cookie_jar = folder.file("jar.txt");
  const auto fetcher = *make_curl_fetcher(options);
  for (size_t i = 0; i < kAnswers; ++i) {
    std::vector<std::string> cookies;
    for (size_t n = 0; n < 50; ++n) {
      cookies.push_back(fmt::format("c{}x{}={}; Path=/{}", i, n, std::string(2000, 'v'), i));
    }
    const std::string path = fmt::format("/{}", i);
    server.on(path, setting(cookies));
    REQUIRE(fetch(*fetcher, {server.url(path), {}, {}}));
  }
  const std::string jar = folder.read("jar.txt");
  CHECK(count_lines(jar, "\tc") <= CookieJar::kMaxOfHost);
  CHECK_THAT(jar, Contains(fmt::format("\tc{}x49\t", kAnswers - 1)));
}

TEST_CASE("many hosts cannot pile up cookies; those of the user's stay", "[crawler]") {
  constexpr size_t kHosts = 300;
  const TemporaryDirectory folder;
  TestServer server;
  std::vector<std::string> cookies;
  for (size_t n = 0; n < 50; ++n) cookies.push_back(fmt::format("c{}={}", n, n));
  server.on(kPath, setting(cookies));
  FetchOptions options = loopback_options();
  options.connect_to = {fmt::format("::127.0.0.1:{}", server.port())};
  options.cookie_jar = folder.file("jar.txt");
  options.cookie_file = folder.write("given.txt", "given.test\tFALSE\t/\tFALSE\t0\tlogin\tyes\n");
  options.seed_hosts = {"www.seed.test"};
  options.per_host = 1;
  const auto fetcher = *make_curl_fetcher(options);
  std::vector<std::string> bodies(kHosts + 1);
  std::vector<std::optional<Result<FetchResponse>>> outcomes(kHosts + 1);
  const auto start = [&](size_t i, std::string_view host) {
    fetcher->start({fmt::format("http://{}{}", host, kPath), {}, {}},
                   std::make_unique<KeepingHandler>(bodies[i], outcomes[i]));
  };
  start(kHosts, "www.seed.test");
  for (size_t i = 0; i < kHosts; ++i) start(i, fmt::format("stranger{}.test", i));
  fetcher->run(go_on);
  for (const auto& outcome : outcomes) REQUIRE(outcome.value());
  const std::string jar = folder.read("jar.txt");
  CHECK(count_lines(jar, "\tc") <= CookieJar::kMaxCookies);
  CHECK(count_lines(jar, "www.seed.test") == 50);
  CHECK(count_lines(jar, "\tlogin\tyes") == 1);
}

TEST_CASE("a line of one cookie without end is left out", "[crawler]") {
  TestServer server;
  server.on(kPath, {setting({"a=" + std::string(100'000, 'x'), "b=1"}), text("x")});
  const auto fetcher = *make_curl_fetcher(keeping_options());
  REQUIRE(fetch(*fetcher, {server.url(kPath), {}, {}}));
  REQUIRE(fetch(*fetcher, {server.url(kPath), {}, {}}));
  CHECK(server.requests().at(1).field("Cookie") == "b=1");
}
