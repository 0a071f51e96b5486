#include "media/article.h"

#include "tests/support/articles.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/a/b.html");

ArticleFacts read(std::string_view bytes, DocumentType type = DocumentType::kHtml) {
  const auto scan = scan_document(bytes, type, kBase);
  REQUIRE(scan);
  return read_article(bytes, type, kBase, *scan);
}

// "url (alt) [caption]" for each picture, joined by " | ".
std::string pictures(const ArticleFacts& facts) {
  std::string out;
  for (const ArticleImage& image : facts.images) {
    if (!out.empty()) out += " | ";
    out += image.url;
    if (!image.alt.empty()) out += " (" + image.alt + ')';
    if (!image.caption.empty()) out += " [" + image.caption + ']';
  }
  return out;
}

std::string iso(const std::optional<Time>& date) { return date ? to_iso8601(*date) : "none"; }

}  // namespace

TEST_CASE("an article's title", "[media]") {
  struct Row {
    const char* rule;
    std::string_view html, title;
  };
  const Row rows[] = {
      {"none", "<p>x", ""},
      {"<title>", "<title> A\n &amp; B </title>", "A & B"},
      {"the site's name stays where the page does not tell it", "<title>A | Mill</title>",
       "A | Mill"},
      {"and goes where it does", "<title>A | News</title><meta property=og:site_name content=News>",
       "A"},
      {"with a dash", "<title>A \xE2\x80\x94 News</title><meta property=og:site_name content=News>",
       "A"},
      {"a title that is the site's name",
       "<title>News</title><meta property=og:site_name content=News>", "News"},
      {"og:title before <title>", "<title>A</title><meta property=og:title content=B>", "B"},
      {"JSON-LD before og:title",
       "<meta property=og:title content=B><script "
       "type=application/"
       "ld+json>{\"@graph\":[{\"@type\":\"WebSite\"},{\"@type\":\"NewsArticle\",\"headline\":\"C\"}"
       "]}</script>",
       "C"},
      {"broken JSON-LD",
       "<title>A</title><script type=application/ld+json>{\"@type\":\"NewsArticle\",</script>",
       "A"},
      {"<h1> at last", "<h1>A <b>b</b></h1>", "A b"},
      {"the title of a picture is none", "<svg><title>No</title></svg><h1>A</h1>", "A"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) { CHECK(read(row.html).title == row.title); }
  }
}

TEST_CASE("an article's other facts", "[media]") {
  const ArticleFacts facts = read(
      "<html lang=de><head><meta name=author content=' Ada  L. '><link rel=canonical href=/c>"
      "<meta property=article:published_time content=2022-01-09T11:28:37+08:00><meta "
      "name=description content=Short>"
      "<meta property=article:section content=City><meta property=article:tag content=Lamps><meta "
      "property=article:tag content=City>"
      "<meta property=og:image content=/lead.png></head><body><p>x");
  CHECK(facts.author == "Ada L.");
  CHECK(facts.language == "de");
  CHECK(facts.canonical == "https://news.test/c");
  CHECK(iso(facts.date) == "2022-01-09T03:28:37Z");
  CHECK(facts.excerpt == "Short");
  CHECK(facts.categories == std::vector<std::string>{"City", "Lamps"});
  CHECK(facts.lead_image == "https://news.test/lead.png");
}

TEST_CASE("JSON-LD counts before meta", "[media]") {
  const ArticleFacts facts = read(
      "<meta name=author content=No><meta property=og:image content=lead.png>"
      "<script "
      "type=application/"
      "ld+json>[{\"@type\":[\"BlogPosting\"],\"author\":[{\"name\":\"Bo\"}],\"datePublished\":"
      "\"2022-01-09\","
      "\"image\":{\"url\":\"yes.png\"},\"articleSection\":[\"a\",\"b\"]}]</script>");
  CHECK(facts.author == "Bo");
  CHECK(iso(facts.date) == "2022-01-09T00:00:00Z");
  CHECK(facts.lead_image == "https://news.test/a/lead.png");  // og:image is made to be shown
  CHECK(facts.categories == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a date that only <time> tells", "[media]") {
  CHECK(iso(read("<time datetime=2022-01-09>yesterday</time>").date) == "2022-01-09T00:00:00Z");
  CHECK(iso(read("<p>x").date) == "none");
}

TEST_CASE("an article's text", "[media]") {
  struct Row {
    const char* rule;
    std::string_view html, text;
  };
  const Row rows[] = {
      {"paragraphs", "<p>a\n b</p><p>c &amp; <b>d</b>", "a b\n\nc & d"},
      {"headings, lists, quotes, captions",
       "<h2>a</h2><ul><li>b<li>c</ul><blockquote>d<p>e</p></blockquote><figure><figcaption>f</"
       "figcaption></figure>",
       "a\n\nb\n\nc\n\nd\n\ne\n\nf"},
      {"what stands around it",
       "<body><header><p>no</header><nav><ul><li>no</ul></nav><p>a</p><script>no</"
       "script><style>no</style><aside><p>no</aside><footer><p>no</footer>",
       "a"},
      {"the article in the page", "<p>no</p><article><p>a</p></article><p>no</p>", "a"},
      {"the longest of several", "<article><p>no</p></article><article><p>longer</p></article>",
       "longer"},
      {"main where there is no article", "<p>no</p><main><p>a</p></main>", "a"},
      {"pre keeps its blanks", "<pre>a\n  b</pre>", "a\n  b"},
      {"line breaks", "<p>a<br>b</p>", "a\nb"},
      {"loose words beside paragraphs are no text", "<div>share</div><p>a</p>", "a"},
      {"words without paragraphs are", "<div>a<br>b</div><div>c</div>", "a\nb\n\nc"},
      {"nested elements that are left out", "<nav><nav>no</nav>no</nav><p>a", "a"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.html) { CHECK(read(row.html).text == row.text); }
  }
}

TEST_CASE("an article's pictures", "[media]") {
  struct Row {
    const char* rule;
    std::string_view html, images;
  };
  const Row rows[] = {
      {"in reading order, each once", "<p><img src=b.png alt=B><img src=a.png><img src=b.png>",
       "https://news.test/a/b.png (B) | https://news.test/a/a.png"},
      {"with their caption",
       "<figure><img src=/a.png><figcaption>By <b>Bo</b></figcaption></figure><img src=/b.png>",
       "https://news.test/a.png [By Bo] | https://news.test/b.png"},
      {"the lazy one before its placeholder", "<img src=/grey.gif data-src=/a.png>",
       "https://news.test/a.png"},
      {"srcset alone: the largest", "<img srcset='/a.png 1x, /b.png 2x'>",
       "https://news.test/b.png"},
      {"no spacers, no data:",
       "<img src=/a.gif width=1 height=1><img src='data:image/png;base64,AA'>", ""},
      {"none of what stands around it",
       "<nav><img src=/no.png></nav><article><img src=/a.png></article><img src=/no2.png>",
       "https://news.test/a.png"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const ArticleFacts facts = read(row.html);
      CHECK(pictures(facts) == row.images);
      CHECK(facts.lead_image == (facts.images.empty() ? "" : facts.images[0].url));
    }
  }
}

TEST_CASE("the article's own bytes", "[media]") {
  const std::string_view html = "\xEF\xBB\xBF<body><article class=x><p>a</p></article></body>";
  const Span body = read(html).body;
  CHECK(html.substr(body.from, body.size()) == "<p>a</p>");
}

TEST_CASE("the facts of Markdown", "[media]") {
  const std::string_view text =
      "---\ntitle: T\nauthor: [Ada, Bo]\ndate: 2022-01-09\ntags: [x, y]\ncategories: y\nthumbnail: "
      "/t.png\n---\n"
      "# H\n\nA *b* c.\n\n![alt](p.png) <img src=q.png>\n";
  const ArticleFacts facts = read(text, DocumentType::kMarkdown);
  CHECK(facts.title == "T");
  CHECK(facts.author == "Ada, Bo");
  CHECK(iso(facts.date) == "2022-01-09T00:00:00Z");
  CHECK(facts.categories == std::vector<std::string>{"y", "x"});
  CHECK(facts.lead_image == "https://news.test/t.png");
  CHECK(facts.text == "H\n\nA b c.");
  CHECK(pictures(facts) == "https://news.test/a/p.png (alt) | https://news.test/a/q.png");
  CHECK(text.substr(facts.body.from) == "# H\n\nA *b* c.\n\n![alt](p.png) <img src=q.png>\n");
  CHECK(read("# Only a heading", DocumentType::kMarkdown).title == "Only a heading");
}

TEST_CASE("the facts of an article with front matter and an HTML body", "[media]") {
  const ArticleFacts facts = read(fixture("lantern-festival.md"), DocumentType::kMarkdown);
  CHECK(facts.title == "灯会三百年：The Lantern Festival of Old Harbour");
  CHECK(facts.author == "newsroom");
  CHECK(iso(facts.date) == "2026-03-03T09:15:00Z");
  CHECK(facts.categories == std::vector<std::string>{"城市", "newsroom", "Culture"});
  CHECK(facts.lead_image == "https://img.newsroom.test/20260302/v2_lanterns_img_000");
  CHECK(facts.images.size() == 4);
  CHECK_THAT(facts.text, Catch::Contains("正月十五，老港的灯又亮了。") &&
                             Catch::Contains("纸与竹\n\n做一盏灯要四天"));
}

TEST_CASE("the facts of the article that 36kr published", "[media]") {
  const auto text = foreign_article("36kr-wechat-open-class-2022.md");
  if (!text) return;
  const ArticleFacts facts = read(*text, DocumentType::kMarkdown);
  CHECK(facts.author == "36kr");
  CHECK(iso(facts.date) == "2022-01-09T03:28:37Z");
  CHECK(facts.categories.size() == 3);
  CHECK(facts.images.size() == 4);
}

TEST_CASE("hostile articles get an answer", "[media]") {
  for (const std::string_view piece :
       {"<article>", "<p>", "<li>", "<nav>", "<figure><img src=a>", "<h1>x", "<blockquote><p>",
        "<script type=application/ld+json>[", "<title>", "</p>"}) {
    std::string html;
    for (int i = 0; i < 50'000; ++i) html += piece;
    CAPTURE(piece);
    CHECK(read(html).body.to <= html.size());
  }
  const std::string deep = "<script type=application/ld+json>" + std::string(500'000, '[');
  CHECK(read(deep).title.empty());
}
