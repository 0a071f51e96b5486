#include "crawler/soft_block.h"

#include "crawler/page_sketch.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

std::string repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

const std::string kArticle =
    "<p>" + repeat("Paper lanterns are made of bamboo, paste and paper, and take a day. ", 40);

std::string reason(const Look& look) {
  const auto block = soft_block(look);
  return block ? block->reason : "";
}

// Of an HTML page.
std::string judged(const std::string& html, int status = 200, bool wanted_page = true) {
  return reason({.status = status,
                 .content_type = "text/html; charset=utf-8",
                 .response_headers = "HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n",
                 .body_head = html,
                 .size = html.size(),
                 .wanted_page = wanted_page});
}

}  // namespace

TEST_CASE("pages that stand in for others are told by their vendors' marks",
          "[crawler][soft_block]") {
  struct Row {
    const char* name;
    std::string html, reason;
  };
  const Row rows[] = {
      {"Cloudflare",
       "<!DOCTYPE html><title>Just a moment...</title><noscript>Enable JavaScript and cookies to "
       "continue</noscript><script>(function(){window._cf_chl_opt={cvId:'3'};var a=document."
       "createElement('script');a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1'})()"
       "</script>",
       "a challenge page (Cloudflare)"},
      {"Cloudflare, by title and code",
       "<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/h/b/x.js></script>",
       "a challenge page (Cloudflare)"},
      {"Cloudflare, blocked",
       "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked",
       "a refusal (Cloudflare)"},
      {"Akamai", "<div id=\"sec-if-cpt-container\" role=main></div>", "a challenge page (Akamai)"},
      {"Akamai, denied",
       "<TITLE>Access Denied</TITLE><H1>Access Denied</H1>You don't have permission to access this "
       "server.<P>Reference&#32;&#35;18&#46;2b3c<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net"
       "&#47;18&#46;2b3c</P>",
       "a refusal (Akamai)"},
      {"HUMAN", "<title>Access to this page has been denied</title><div id='px-captcha'></div>",
       "a challenge page (HUMAN)"},
      {"DataDome",
       "<title>example.org</title><p id=cmsg>Please enable JS and disable any ad "
       "blocker</p><script>"
       "var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>",
       "a challenge page (DataDome)"},
      {"Imperva, frame",
       "<iframe id=main-iframe src=\"/_Incapsula_Resource?CWUDNSAI=9&xinfo=1\">Request "
       "unsuccessful."
       " Incapsula incident ID: 1</iframe>",
       "a challenge page (Imperva)"},
      {"Imperva, script",
       "<META NAME=robots CONTENT=noindex><script src=\"/_Incapsula_Resource?SWJIYLWA=5074\">"
       "</script><body></body>",
       "a challenge page (Imperva)"},
      {"AWS WAF",
       "<title></title><script>window.awsWafCookieDomainList = [];window.gokuProps = {}</script>"
       "<div id=challenge-container></div>",
       "a challenge page (AWS WAF)"},
      {"Sucuri",
       "<title>You are being redirected...</title><script>var sucuri_cloudproxy_js=''</script>",
       "a challenge page (Sucuri)"},
      {"DDoS-Guard",
       "<title>DDoS-Guard</title><script "
       "src=/.well-known/ddos-guard/js-challenge/index.js></script>",
       "a challenge page (DDoS-Guard)"},
      {"hCaptcha",
       "<script src=https://js.hcaptcha.com/1/api.js></script><p>Are you a robot?<div "
       "class=h-captcha></div>",
       "a challenge page (a captcha)"},
      {"reCAPTCHA",
       "<h1>Security check</h1><script src=https://www.google.com/recaptcha/api.js></script>",
       "a challenge page (a captcha)"},
      {"Aliyun", "<html><script>var arg1='A1B2';document.cookie='acw_sc__v2='+x</script></html>",
       "a challenge page (Aliyun)"},
      {"Tencent", "<p>很抱歉，您提交的请求可能对网站造成威胁，请求已被管理员设置的策略阻断",
       "a refusal (Tencent)"},
      {"Tencent's captcha",
       "<p>请完成安全验证<script src=https://turing.captcha.qcloud.com/TCaptcha.js></script>",
       "a challenge page (a captcha)"},
      {"WeChat",
       "<title></title><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。<a "
       "href=#>去验证</a>",
       "a challenge page (WeChat)"},
      {"Weibo", "<title>Sina Visitor System</title><span id=message></span>",
       "a login page (Weibo)"},
      {"Baidu", "<title>百度安全验证</title>网络不给力，请稍后重试", "a challenge page (Baidu)"},
      {"Google's consent", "<form action=https://consent.google.com/save method=POST></form>",
       "a consent page (Google)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(judged(row.html) == row.reason);
      CHECK(judged(row.html, 403) == row.reason);
      CHECK(judged(row.html, 200, false) == row.reason);
      // An article that quotes it.
      std::string quoted;
      for (const char c : row.html) quoted += c == '<' ? std::string("&lt;") : std::string(1, c);
      CHECK(judged("<pre>" + quoted + "</pre>" + kArticle).empty());
    }
  }
}

TEST_CASE("plain words count in small pages under status 200", "[crawler][soft_block]") {
  struct Row {
    const char* name;
    std::string html, reason;
  };
  const std::string nav = "<nav>" + repeat("<a href=/x>A section of the paper</a>", 200) + "</nav>";
  const Row rows[] = {
      {"denied", "<title>Access Denied</title><h1>No",
       "a refusal (its title says “access denied”)"},
      {"too many", "<h1>Too many requests</h1>", "a refusal (it says “too many requests”)"},
      {"too often", "<p>您的访问过于频繁，请稍后再试", "a refusal (it says “您的访问过于频繁”)"},
      {"broken", "<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>nginx",
       "an error page (its title says “502 bad gateway”)"},
      {"lost", "<title>Page not found | Example</title>" + nav + "<p>Sorry.",
       "a page that says it was not found (its title says “page not found”)"},
      {"lost, other order", "<title>Example – 404 Not Found</title>",
       "a page that says it was not found (its title says “404 not found”)"},
      {"lost, Chinese", "<title>页面不存在_例子</title>",
       "a page that says it was not found (its title says “页面不存在”)"},
      {"login", "<title>Log in - Example</title><form><input type=password></form>",
       "a login page (its title says “log in”)"},
      {"leads on", "<meta http-equiv=Refresh content='0; url=/a'><p>Moved.",
       "a page that only leads on (meta refresh)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(judged(row.html) == row.reason);
      CHECK(judged(row.html, 404).empty());
      CHECK(judged(row.html + kArticle).empty());
    }
  }
}

TEST_CASE("honest pages are no stand-ins", "[crawler][soft_block]") {
  struct Row {
    const char* name;
    std::string html;
  };
  const Row rows[] = {
      {"an article about Cloudflare",
       "<title>Just a moment... how Cloudflare's challenge works</title><p>_cf_chl_opt, "
       "cdn-cgi/challenge-platform, sec-if-cpt-container" +
           kArticle},
      {"an article behind Cloudflare",
       "<title>Lanterns</title>" + kArticle +
           "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"},
      {"a picture behind Cloudflare",
       "<title>Just lanterns</title><img src=a.jpg><script "
       "src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"},
      {"an application behind Imperva",
       "<script src=/_Incapsula_Resource?SWJIYLWA=1></script><div id=app></div><script "
       "src=/app.js></script>"},
      {"a shop behind DataDome", "<script src=https://js.datadome.co/tags.js></script><img src=a>"},
      {"a poem", "<title>Just a moment...</title><p>Just a moment, she said."},
      {"a form with a captcha",
       "<title>Contact</title><form>Your name <input> Your letter <textarea></textarea></form>"
       "<script src=https://www.google.com/recaptcha/api.js></script>"},
      {"an article that quotes WeChat",
       "<title>环境异常是什么意思</title><p>" +
           repeat("完成验证后即可继续访问，这句话是什么意思呢？", 10)},
      {"a photo called so", "<title>Forbidden | Photos</title><img src=a.jpg>"},
      {"a title that only begins so", "<title>Page not found in my diary</title><p>A story."},
      {"a gallery", "<title>Not found</title>" + repeat("<img src=a>", 10)},
      {"a word in a login's title", "<title>Login</title><p>A film."},
      {"an article with a login", "<title>Login</title><input type=password>" + kArticle},
      {"an article that reloads", "<meta http-equiv=refresh content='300; url=/'>" + kArticle},
      {"a picture that reloads", "<meta http-equiv=refresh content='300; url=/'><img src=a>"},
      {"a link that nobody closes", "<title>Not found</title><a href=/x>" + kArticle},
      {"a link around all of it", "<title>Not found</title><a href=/x>" + kArticle.substr(3)},
      {"a link in a paragraph that nobody closes",
       "<title>Access denied</title><p><a href=/x>Lanterns<p>" + kArticle},
      {"nothing", ""},
      {"binary", std::string("\0\x01<title>", 9)},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(judged(row.html) == ""); }
  }
}

TEST_CASE("header fields of blocked answers count alone", "[crawler][soft_block]") {
  const auto of = [](std::string_view headers) {
    return reason({.status = 200, .response_headers = headers});
  };
  CHECK(of("HTTP/1.1 403 Forbidden\r\nCF-Mitigated: challenge\r\n\r\n") ==
        "a challenge page (Cloudflare)");
  CHECK(of("HTTP/2 202\nx-amzn-waf-action:captcha\n\n") == "a challenge page (AWS WAF)");
  CHECK(of("HTTP/1.1 200 OK\r\ncf-mitigated-not: challenge\r\nserver: cloudflare\r\n\r\n").empty());
  CHECK(of("HTTP/1.1 200 OK\r\nx: cf-mitigated: challenge\r\ncf-mitigated").empty());
}

TEST_CASE("pages are read in their encoding", "[crawler][soft_block]") {
  const std::string html =
      "<meta charset=gb2312><title>\xD0\xC2\xC0\xCB\xB7\xC3\xBF\xCD\xCF\xB5\xCD\xB3</title>";
  const auto of = [&](std::string_view type) {
    return reason({.status = 200, .content_type = type, .body_head = html, .size = html.size()});
  };
  CHECK(of("text/html") == "a login page (Weibo)");
  CHECK(of("text/html; charset=gbk") == "a login page (Weibo)");
}

TEST_CASE("what is no HTML is judged by a short line alone", "[crawler][soft_block]") {
  const auto of = [](std::string_view type, std::string_view body, uint64_t size) {
    return reason({.status = 200, .content_type = type, .body_head = body, .size = size});
  };
  CHECK(of("text/plain", "Access denied", 13) == "a refusal (it says “access denied”)");
  CHECK(of("text/plain", "Access denied", 9999).empty());
  CHECK(of("application/json", "{\"title\":\"Access denied\"}", 25).empty());
  CHECK(of("image/png", "\x89PNG\r\n\x1A\n", 8).empty());
  // Called an image, and HTML all the same.
  CHECK(of("image/jpeg", "<!DOCTYPE html><title>404 Not Found</title>", 43) ==
        "a page that says it was not found (its title says “404 not found”)");
}

TEST_CASE("a sketch has what a page says itself", "[crawler][soft_block]") {
  const PageSketch page = sketch_page(
      "<title> A &amp;\n B </title><nav>menu</nav><p>Own <a href=/>link</a> words<footer>foot"
      "</footer><script src=S.js>let X</script><select><option>1</select><input type=PASSWORD>"
      "<a name=x>anchor</a><img><style>css</style>",
      "");
  CHECK(page.title == "a & b");
  CHECK(page.text == "own wordsanchor");
  CHECK(page.text_size == 14);
  CHECK(page.code.find("s.js") != std::string::npos);
  CHECK(page.code.find("let x") != std::string::npos);
  CHECK(page.scripts == 1);
  CHECK(page.images == 1);
  CHECK(page.has_password);
  CHECK_FALSE(page.has_refresh);
}
