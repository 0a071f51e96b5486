#include "crawler/hotlink.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

Url url(std::string_view text) { return *Url::parse(text); }

using Tries = std::vector<std::pair<HotlinkRung, std::string>>;

Tries all_of(HotlinkLadder ladder) {
  Tries tries;
  while (auto made = ladder.next()) tries.emplace_back(made->rung, made->referrer);
  return tries;
}

}  // namespace

// W3C Referrer Policy, 3 and 8.4: every policy against same origin, another origin, a downgrade
// and an upgrade.
TEST_CASE("the Referer is what a browser would send", "[crawler]") {
  using enum ReferrerPolicy;
  const char* page = "https://u:p@example.org/a/b?q=1#f";
  const char* plain_page = "http://example.org/a/b?q=1#f";
  const std::string full = "https://example.org/a/b?q=1", origin = "https://example.org/";
  const std::string plain_full = "http://example.org/a/b?q=1", plain_origin = "http://example.org/";
  const char* same = "https://example.org/pic.png";
  const char* cross = "https://cdn.example.net/pic.png";
  const char* downgraded = "http://cdn.example.net/pic.png";
  struct Row {
    ReferrerPolicy policy;
    const char *document, *target;
    std::string referrer;
  };
  const Row rows[] = {
      {kNoReferrer, page, same, ""},
      {kNoReferrer, page, cross, ""},
      {kNoReferrerWhenDowngrade, page, same, full},
      {kNoReferrerWhenDowngrade, page, cross, full},
      {kNoReferrerWhenDowngrade, page, downgraded, ""},
      {kNoReferrerWhenDowngrade, plain_page, downgraded, plain_full},
      {kNoReferrerWhenDowngrade, plain_page, cross, plain_full},
      {kSameOrigin, page, same, full},
      {kSameOrigin, page, cross, ""},
      {kSameOrigin, page, "https://example.org:8443/x", ""},
      {kSameOrigin, page, "http://example.org/x", ""},
      {kOrigin, page, same, origin},
      {kOrigin, page, cross, origin},
      {kOrigin, page, downgraded, origin},
      {kStrictOrigin, page, same, origin},
      {kStrictOrigin, page, cross, origin},
      {kStrictOrigin, page, downgraded, ""},
      {kStrictOrigin, plain_page, downgraded, plain_origin},
      {kOriginWhenCrossOrigin, page, same, full},
      {kOriginWhenCrossOrigin, page, cross, origin},
      {kOriginWhenCrossOrigin, page, downgraded, origin},
      {kStrictOriginWhenCrossOrigin, page, same, full},
      {kStrictOriginWhenCrossOrigin, page, cross, origin},
      {kStrictOriginWhenCrossOrigin, page, downgraded, ""},
      {kStrictOriginWhenCrossOrigin, plain_page, cross, plain_origin},
      {kUnsafeUrl, page, same, full},
      {kUnsafeUrl, page, cross, full},
      {kUnsafeUrl, page, downgraded, full},
      {kUnset, page, same, full},  // 8.4: the default policy
      {kUnset, page, cross, origin},
      {kUnset, page, downgraded, ""},
      // Secure Contexts, 3.1: loopback is potentially trustworthy.
      {kStrictOrigin, page, "http://127.0.0.1/pic.png", origin},
      {kStrictOrigin, page, "http://localhost/pic.png", origin},
      {kStrictOrigin, page, "http://[::1]/pic.png", origin},
      {kStrictOrigin, "http://localhost/", downgraded, ""},
      {kStrictOrigin, page, "http://127.0.0.1.example.net/", ""},
      // 8.3: documents from elsewhere send none.
      {kUnsafeUrl, "file:///home/me/a.md", cross, ""},
      {kOrigin, "data:text/html,x", cross, ""},
      {kUnsafeUrl, "about:blank", cross, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(to_string(row.policy), row.document, row.target);
    CHECK(referrer_for(row.policy, url(row.document), url(row.target)) == row.referrer);
  }
}

// 8.4, step 4: at 4096 bytes it stays, beyond them the origin is sent.
TEST_CASE("a very long address is cut to its origin", "[crawler]") {
  const std::string origin = "https://example.org/";
  const std::string fits = origin + std::string(4096 - origin.size(), 'a');
  const Url target = url("https://cdn.example.net/");
  CHECK(referrer_for(ReferrerPolicy::kUnsafeUrl, url(fits), target) == fits);
  CHECK(referrer_for(ReferrerPolicy::kUnsafeUrl, url(fits + "a"), target) == origin);
}

TEST_CASE("the ladder climbs from the policy to the target's own origin", "[crawler]") {
  using enum HotlinkRung;
  const Url page = url("https://blog.example.org/post#top");
  const Url picture = url("https://img.example.net/a.jpg");
  CHECK(all_of({ReferrerPolicy::kUnset, page, picture}) ==
        Tries{{kPolicy, "https://blog.example.org/"},
              {kNone, ""},
              {kPage, "https://blog.example.org/post"},
              {kTargetOrigin, "https://img.example.net/"}});
  CHECK(all_of({ReferrerPolicy::kNoReferrer, page, picture}) ==
        Tries{{kPolicy, ""},
              {kPage, "https://blog.example.org/post"},
              {kOrigin, "https://blog.example.org/"},
              {kTargetOrigin, "https://img.example.net/"}});
  CHECK(all_of({ReferrerPolicy::kUnset, page, picture, kTargetOrigin}) ==
        Tries{{kTargetOrigin, "https://img.example.net/"},
              {kPolicy, "https://blog.example.org/"},
              {kNone, ""},
              {kPage, "https://blog.example.org/post"}});
}

TEST_CASE("a document without an address has two rungs", "[crawler]") {
  using enum HotlinkRung;
  CHECK(
      all_of({ReferrerPolicy::kUnset, url("file:///a.md"), url("https://img.example.net/a.jpg")}) ==
      Tries{{kPolicy, ""}, {kTargetOrigin, "https://img.example.net/"}});
}

TEST_CASE("the rung that worked is remembered for its host", "[crawler]") {
  HotlinkMemory memory;
  memory.worked(url("https://img.example.net/a.jpg"), HotlinkRung::kPage);
  CHECK(memory.first_rung(url("https://img.example.net/b.jpg")) == HotlinkRung::kPage);
  CHECK(memory.first_rung(url("https://img.example.net:8443/b.jpg")) == HotlinkRung::kPolicy);
  CHECK(memory.first_rung(url("https://example.net/b.jpg")) == HotlinkRung::kPolicy);
}
