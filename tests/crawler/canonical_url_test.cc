#include "crawler/canonical_url.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

Url url(std::string_view text) { return *Url::parse(text); }

std::string canonical(std::string_view text) { return canonical_page_url(url(text)).href(); }

}  // namespace

TEST_CASE("a canonical URL says where a link leads, not who follows it", "[crawler][canonical]") {
  struct Row {
    const char* name;
    std::string from, to;
  };
  const std::string hex = "0123456789abcdef0123456789abcdef";
  const Row rows[] = {
      {"fragment", "https://example.org/a#b", "https://example.org/a"},
      {"fragment of an old application", "https://example.org/#!/a", "https://example.org/"},
      {"credentials", "https://u:p@example.org/a", "https://example.org/a"},
      {"empty query", "https://example.org/a?", "https://example.org/a"},
      {"query of separators", "https://example.org/a?&&", "https://example.org/a"},
      // Brave, Firefox, AdGuard, ClearURLs.
      {"utm_*", "https://example.org/a?utm_source=x&utm_social-type=y", "https://example.org/a"},
      {"between others", "https://example.org/a?z=1&gclid=x&b=2", "https://example.org/a?z=1&b=2"},
      {"at the end", "https://example.org/a?z=1&fbclid=x", "https://example.org/a?z=1"},
      {"without a value", "https://example.org/a?fbclid&z", "https://example.org/a?z"},
      {"any letter case", "https://example.org/a?UTM_Source=x&FBCLID=y", "https://example.org/a"},
      {"escaped name", "https://example.org/a?utm%5Fsource=x", "https://example.org/a"},
      {"HubSpot", "https://example.org/a?_hsenc=x&_hsmi=y&hsa_acc=1", "https://example.org/a"},
      {"Mailchimp", "https://example.org/a?mc_cid=x&mc_eid=y", "https://example.org/a"},
      {"Microsoft, Yandex", "https://example.org/a?msclkid=x&yclid=y", "https://example.org/a"},
      {"Instagram", "https://example.org/a?igshid=x", "https://example.org/a"},
      {"Alibaba", "https://example.org/a?spm=a2.b3&id=7", "https://example.org/a?id=7"},
      {"bilibili", "https://example.org/v?spm_id_from=333&vd_source=x&p=2",
       "https://example.org/v?p=2"},
      {"WeChat, shared",
       "https://mp.weixin.qq.com/s?__biz=M==&mid=1&idx=1&sn=ab&chksm=cd&from=timeline",
       "https://mp.weixin.qq.com/s?__biz=M==&mid=1&idx=1&sn=ab"},
      {"WeChat's word elsewhere", "https://example.org/a?from=berlin",
       "https://example.org/a?from=berlin"},
      {"names that only begin so", "https://example.org/a?utmost=1&gclids=2",
       "https://example.org/a?utmost=1&gclids=2"},
      {"values are no names", "https://example.org/a?x=utm_source&y=gclid",
       "https://example.org/a?x=utm_source&y=gclid"},
      {"names with other uses", "https://example.org/a?ref=x&source=y&id=z",
       "https://example.org/a?ref=x&source=y&id=z"},
      // Session ids.
      {"Java, in the path", "https://example.org/a.do;jsessionid=1A2B?x=1",
       "https://example.org/a.do?x=1"},
      {"Java, with a node", "https://example.org/a;JSESSIONID=1A2B.node1", "https://example.org/a"},
      {"Java, in a folder", "https://example.org/a;jsessionid=1A2B/b", "https://example.org/a/b"},
      {"other parameters of the path", "https://example.org/a;v=1;jsessionid=2;w/b",
       "https://example.org/a;v=1;w/b"},
      {"semicolons alone", "https://example.org/a;;/b;", "https://example.org/a;;/b;"},
      {"PHP", "https://example.org/a?PHPSESSID=abc&x=1", "https://example.org/a?x=1"},
      {"ASP", "https://example.org/a.asp?ASPSESSIONIDQQ=ABC", "https://example.org/a.asp"},
      {"ASP.NET", "https://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx",
       "https://example.org/a.aspx"},
      {"ASP.NET, two cookies",
       "https://example.org/(A(lit3py55t21z5v55)S(lit3py55t21z5v55))/a.aspx",
       "https://example.org/a.aspx"},
      {"brackets of another kind", "https://example.org/(S(x))/Foo_(film)/a",
       "https://example.org/(S(x))/Foo_(film)/a"},
      {"ColdFusion", "https://example.org/a.cfm?CFID=12&CFTOKEN=34", "https://example.org/a.cfm"},
      {"cfid alone is an id", "https://example.org/a?cfid=12", "https://example.org/a?cfid=12"},
      {"phpBB", "https://example.org/t?f=1&sid=" + hex, "https://example.org/t?f=1"},
      {"vBulletin", "https://example.org/t?s=" + hex + "&t=5", "https://example.org/t?t=5"},
      {"a search", "https://example.org/?s=halftone", "https://example.org/?s=halftone"},
      {"a story", "https://example.org/?sid=20260109", "https://example.org/?sid=20260109"},
      {"an object's id", "https://example.org/?sid=507f1f77bcf86cd799439011",
       "https://example.org/?sid=507f1f77bcf86cd799439011"},
      {"session_id", "https://example.org/?session_id=f4fd03b147f6e517", "https://example.org/"},
      {"a session of a conference", "https://example.org/?session_id=track-3-keynote-opening",
       "https://example.org/?session_id=track-3-keynote-opening"},
      // Nothing else.
      {"order, case, escapes", "https://example.org/A/%7e%E6%96%b0/?b=%2f&a=+&&a=",
       "https://example.org/A/%7e%E6%96%b0/?b=%2f&a=+&&a="},
      {"a slash at the end", "https://example.org/a/", "https://example.org/a/"},
      {"www and port", "http://www.example.org:8080/", "http://www.example.org:8080/"},
      {"not the web", "mailto:a@example.org?utm_source=x#f", "mailto:a@example.org?utm_source=x"},
      {"dots behind a session", "https://example.org/a/..;jsessionid=1/b", "https://example.org/b"},
      {"a folder behind a session", "https://example.org/(S(lit3py55t21z5v55));jsessionid=1/b",
       "https://example.org/b"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(canonical(row.from) == row.to);
      CHECK(canonical(row.to) == row.to);
    }
  }
}

TEST_CASE("a page has one key, whatever its scheme", "[crawler][canonical]") {
  CHECK(page_key(url("http://example.org/a?utm_source=x#f")) == "//example.org/a");
  CHECK(page_key(url("https://example.org:443/a")) == "//example.org/a");
  CHECK(page_key(url("https://example.org:8443/a")) == "//example.org:8443/a");
  CHECK(page_key(url("https://www.example.org/a")) != page_key(url("https://example.org/a")));
  CHECK(page_key(url("https://example.org/a/")) != page_key(url("https://example.org/a")));
}

TEST_CASE("a requisite's key keeps what signs it", "[crawler][canonical]") {
  const std::string signed_url = "https://u@cdn.example/a.jpg?utm_source=x&sid=1&sig=%2F&";
  CHECK(requisite_key(url(signed_url + "#f")) == signed_url);
  CHECK(requisite_key(url("http://cdn.example/a")) != requisite_key(url("https://cdn.example/a")));
}
