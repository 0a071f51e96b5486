#include "store/formats/page.h"

#include <fmt/format.h>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

bool has(const std::string& page, std::string_view text) { return page.find(text) != page.npos; }

size_t count(const std::string& page, std::string_view text) {
  size_t found = 0;
  for (size_t at = 0; (at = page.find(text, at)) != page.npos; at += text.size()) ++found;
  return found;
}

// Ends every kind of place in a page that it could stand in.
constexpr const char* kHostile = "\"'></title></style><script>alert(1)</script>{{title}}&amp;";
constexpr const char* kHarmless =
    "&quot;&apos;&gt;&lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{title}}"
    "&amp;amp;";

ArticlePage whole_article() {
  return {.title = "慢车穿过茶山",
          .author = "闻半夏",
          .date = "2026-01-07",
          .language = "zh-CN",
          .categories = {"交通", "山"},
          .headimg = "images/head.jpg",
          .thumbnail = "images/thumb.jpg",
          .body_html = "<p>傍晚 &amp; 雾</p>",
          .gallery = "gallery.html",
          .provenance = {.source_url = "https://example.org/a?b=1&c=2",
                         .captured_at = "2026-01-09 03:28 UTC",
                         .digest = std::string(64, 'a'),
                         .completeness = "13/13 references"}};
}

}  // namespace

TEST_CASE("an article page shows what is known of the article", "[store]") {
  const std::string page = article_page(whole_article());
  CHECK(page.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"));
  for (const char* part :
       {"<title>慢车穿过茶山</title>", "<h1>慢车穿过茶山</h1>", "<li>交通</li><li>山</li>",
        "闻半夏 · <time>2026-01-07</time>",
        "<img class=\"headimg\" src=\"images/head.jpg\" alt=\"\">",
        "<meta property=\"og:image\" content=\"images/thumb.jpg\">", "<p>傍晚 &amp; 雾</p>",
        "<a href=\"gallery.html\">", "2026-01-09 03:28 UTC", "13/13 references",
        "<a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener noreferrer\">"}) {
    CAPTURE(part);
    CHECK(has(page, part));
  }
  CHECK(has(page, std::string(64, 'a')));
}

TEST_CASE("what is not known leaves no trace on an article page", "[store]") {
  const std::string page = article_page({.title = "Bare"});
  for (const char* part : {"lang=\"\"", "<meta name=\"author\"", "og:image", "<img", "<li>",
                           "<time>", "<dt>", " · ", "<a ", "href=\"\"", "src=\"\"", "{{", "}}"}) {
    CAPTURE(part);
    CHECK_FALSE(has(page, part));
  }
  CHECK(has(page, "<h1>Bare</h1>"));
}

TEST_CASE("an article without a title is called by its address", "[store]") {
  const std::string page = article_page({.provenance = {.source_url = "https://example.org/x"}});
  CHECK(has(page, "<h1>https://example.org/x</h1>"));
}

TEST_CASE("pages ask nothing of any other host and run no script", "[store]") {
  const std::string pages[] = {article_page(whole_article()), gallery_page({.title = "G"}),
                               index_page("I", {})};
  for (const std::string& page : pages) {
    CHECK(has(page,
              "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "img-src 'self' data: file:;"));
    CHECK(has(page, "<meta charset=\"utf-8\">"));
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "<link"));
    CHECK_FALSE(has(page, "url("));
    CHECK_FALSE(has(page, "@import"));
  }
}

TEST_CASE("hostile text is shown, not obeyed", "[store]") {
  const std::string bad = kHostile;
  ArticlePage article{.title = bad,
                      .author = bad,
                      .date = bad,
                      .language = bad,
                      .categories = {bad},
                      .headimg = bad,
                      .thumbnail = bad,
                      .body_html = {},
                      .gallery = bad,
                      .provenance = {bad, bad, bad, bad}};
  const GalleryPage gallery{bad, bad, bad, {{bad, bad, bad, bad, bad}}, bad};
  const IndexItem item{bad, bad, bad, bad, bad, bad, true, bad};

  struct Row {
    const char* name;
    std::string page;
    size_t places;
  };
  const Row rows[] = {
      {"article", article_page(article), 14},
      {"gallery", gallery_page(gallery), 11},
      {"index", index_page(bad, {item}), 10},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK_FALSE(has(row.page, "<script"));
      CHECK(count(row.page, "</title>") == 1);
      CHECK(count(row.page, "</style>") == 1);
      CHECK(count(row.page, kHarmless) == row.places);
    }
  }
}

TEST_CASE("the body of an article stands as it is", "[store]") {
  ArticlePage article = whole_article();
  article.body_html = "<p>{{title}} {{{style}}} {{>head}} &lt;b&gt; <b>x</b></p>";
  CHECK(count(article_page(article), article.body_html) == 1);
}

TEST_CASE("only addresses on the web become links", "[store]") {
  struct Row {
    const char* url;
    bool link;
  };
  const Row rows[] = {
      {"http://example.org/", true},   {"https://example.org/", true},
      {"HTTPS://EXAMPLE.ORG/", true},  {"https://", false},
      {"javascript:alert(1)", false},  {"JavaScript:alert(1)//http://", false},
      {" javascript:alert(1)", false}, {"\tjavascript:alert(1)", false},
      {"data:text/html,<b>", false},   {"vbscript:x", false},
      {"file:///etc/passwd", false},   {"//example.org/", false},
      {"ftp://example.org/", false},   {"httpx://example.org/", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    const std::string article = article_page({.title = "T", .provenance = {.source_url = row.url}});
    const std::string gallery =
        gallery_page({.title = "T", .items = {{.full = "f", .url = row.url}}});
    CHECK(count(article, "<a href") == (row.link ? 1 : 0));
    CHECK(count(gallery, "<a href") == (row.link ? 1 : 0));
    CHECK(count(article, "<dt>Source</dt>") == 1);
  }
}

TEST_CASE("a path is never read as another scheme or host", "[store]") {
  struct Row {
    const char *path, *href;
  };
  const Row rows[] = {
      {"a/b.html", "a/b.html"},
      {"../a.html", "../a.html"},
      {"/list", "/list"},
      {"a/b:c.html", "a/b:c.html"},
      {"10:30.html", "./10:30.html"},
      {"javascript:alert(1)", "./javascript:alert(1)"},
      {"//example.org/", ".///example.org/"},
      {"/\\example.org/",
       "./"
       "/\\example.org/"},
      {"/", "/"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(has(index_page("I", {{.title = "T", .path = row.path}}),
              fmt::format("<h2><a href=\"{}\">", row.href)));
  }
}

TEST_CASE("a gallery shows each picture once, and the picture itself where it has no thumbnail",
          "[store]") {
  const std::string page =
      gallery_page({.title = "Pictures",
                    .article = "index.html",
                    .header_image = "head.jpg",
                    .items = {{"full/1.png", "thumbs/1.jpg", "A harbour",
                               "1200×630, image/png, 36 kB", "https://example.org/1"},
                              {.full = "full/2.png"}}});
  CHECK(count(page, "<figure>") == 2);
  CHECK(
      has(page,
          "<a class=\"picture\" href=\"full/1.png\"><img src=\"thumbs/1.jpg\" alt=\"A harbour\""));
  CHECK(has(page, "<a class=\"picture\" href=\"full/2.png\"><img src=\"full/2.png\" alt=\"\""));
  CHECK(has(page, "1200×630, image/png, 36 kB"));
  CHECK(has(page, ">https://example.org/1</a>"));
  CHECK(has(page, "<a href=\"index.html\">"));
  CHECK(has(page, "src=\"head.jpg\""));
  CHECK(has(page, "2 pictures"));
  // What the first has and the second lacks stays with the first.
  CHECK(count(page, "class=\"alt\"") == 1);
  CHECK(count(page, "class=\"url\"") == 1);
}

TEST_CASE("an index has a card for each article and marks the incomplete", "[store]") {
  const std::string page = index_page(
      "My archive", {{.title = "Whole",
                      .date = "2026-01-07",
                      .excerpt = "Once",
                      .completeness = "9/9",
                      .path = "a/index.html",
                      .thumb = "a/thumb.jpg",
                      .language = "en"},
                     {.title = "", .completeness = "3/4", .path = "b/", .incomplete = true}});
  CHECK(has(page, "<title>My archive</title>"));
  CHECK(count(page, "<li lang=\"en\">") == 1);
  CHECK(has(page, "2 articles"));
  CHECK(has(page, "<h2><a href=\"a/index.html\">Whole</a></h2>"));
  CHECK(has(page, "2026-01-07 · <span lang=\"en\">9/9</span>"));
  CHECK(has(page, "<h2><a href=\"b/\">Untitled</a></h2>"));
  CHECK(has(page, "<span class=\"incomplete\" lang=\"en\">3/4</span>"));
  CHECK(count(page, "<img") == 1);
  CHECK(count(page, "class=\"thumb none\"") == 1);
  CHECK(has(index_page("One", {{.title = "x"}}), "1 article<"));
}
