#include "media/sitemap.h"

#include "media/document.h"
#include "tests/support/catch.h"
#include "tests/support/test_server.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/sitemap.xml");

std::string listing(std::string_view text) {
  std::string out;
  for (const Reference& r : find_sitemap_references(SourceText(text, 0), kBase, "UTF-8")) {
    if (!out.empty()) out += " | ";
    out += std::string(to_string(r.kind)) + ' ' + r.url + " [" +
           std::string(text.substr(r.span.from, r.span.size())) + "]";
  }
  return out;
}

constexpr std::string_view kFull = R"(<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"
  xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc> https://news.test/?a=1&amp;b=2 </loc><lastmod>2022-01-09</lastmod>
 <xhtml:link rel="alternate" hreflang="de" href="https://news.test/de"/>
 <i:image><i:loc><![CDATA[https://img.test/a?b&c]]></i:loc><i:license>/l</i:license></i:image>
 <video:video><video:thumbnail_loc>/t.jpg</video:thumbnail_loc><video:title>x</video:title>
 <video:content_loc>/v.mp4</video:content_loc><video:player_loc>/p</video:player_loc>
 <video:tag>u</video:tag><video:category>w</video:category></video:video>
 <news:news><news:publication_date>2021-01-01</news:publication_date><news:title>y</news:title>
 <news:keywords>k, l,,</news:keywords></news:news></url>
<url><loc>
<![CDATA[ https://news.test/2 ]]>
</loc></url>
<url><lastmod>2022</lastmod></url></urlset>)";

}  // namespace

TEST_CASE("a sitemap with every extension", "[media][sitemap]") {
  const auto sitemap = parse_sitemap(kFull, kBase);
  REQUIRE(sitemap);
  CHECK(sitemap->type == Sitemap::Type::kPages);
  REQUIRE(sitemap->entries.size() == 2);
  const SitemapEntry& first = sitemap->entries[0];
  CHECK(first.url == "https://news.test/?a=1&b=2");
  REQUIRE(first.date);
  CHECK(to_iso8601(*first.date) == "2022-01-09T00:00:00Z");
  CHECK(first.title == "x");
  CHECK(first.categories == std::vector<std::string>{"u", "w", "k", "l"});
  CHECK(first.images ==
        std::vector<std::string>{"https://img.test/a?b&c", "https://news.test/t.jpg"});
  CHECK(first.enclosures == std::vector<std::string>{"https://news.test/v.mp4"});
  CHECK(sitemap->entries[1].url == "https://news.test/2");
  REQUIRE(sitemap->warnings.size() == 1);
  CHECK_THAT(sitemap->warnings[0], Catch::Contains("1 entries are without a URL"));
}

TEST_CASE("the references of a sitemap", "[media][sitemap]") {
  CHECK(listing(kFull) ==
        "page https://news.test/?a=1&b=2 [https://news.test/?a=1&amp;b=2] | "
        "page https://news.test/de [https://news.test/de] | "
        "image https://img.test/a?b&c [https://img.test/a?b&c] | page https://news.test/l [/l] | "
        "poster https://news.test/t.jpg [/t.jpg] | media https://news.test/v.mp4 [/v.mp4] | "
        "page https://news.test/p [/p] | page https://news.test/2 [https://news.test/2]");
  const auto found = find_sitemap_references(SourceText(kFull, 0), kBase, "UTF-8");
  REQUIRE(found.size() == 8);
  CHECK(found[0].element == "loc");
  CHECK(found[0].escapes == Escapes{Escape::kXmlText});
  CHECK(found[0].loading == Loading::kNever);
  CHECK(found[1].attribute == "href");
  CHECK(found[1].escapes == Escapes{Escape::kXmlDoubleQuoted});
  CHECK(found[2].element == "i:loc");
  CHECK(found[2].escapes == Escapes{Escape::kXmlCData});
}

TEST_CASE("sitemaps as they are found", "[media][sitemap]") {
  struct Row {
    const char* name;
    std::string_view text, references;
  };
  const Row rows[] = {
      {"an index", "<sitemapindex><sitemap><loc>/a.xml.gz</loc></sitemap></sitemapindex>",
       "other https://news.test/a.xml.gz [/a.xml.gz]"},
      {"a prefix for everything", "<s:urlset><s:url><s:loc>/a</s:loc></s:url></s:urlset>",
       "page https://news.test/a [/a]"},
      {"a namespace without a prefix",
       "<urlset><url><image xmlns='x'><loc>/a.png</loc></image><loc>/b</loc></url></urlset>",
       "image https://news.test/a.png [/a.png] | page https://news.test/b [/b]"},
      {"no end tags", "<urlset><url><loc>/a<lastmod>2022<url><loc>/b",
       "page https://news.test/a [/a] | page https://news.test/b [/b]"},
      {"an end tag too many", "<urlset><url></x><loc>/a</loc></loc></url><url><loc>/b</loc>",
       "page https://news.test/a [/a] | page https://news.test/b [/b]"},
      {"a plain &", "<urlset><url><loc>/?a=1&b=2</loc></url></urlset>",
       "page https://news.test/?a=1&b=2 [/?a=1&b=2]"},
      {"comments inside", "<urlset><url><loc><!-- x -->/a</loc></url></urlset>",
       "page https://news.test/a [/a]"},
      {"pieced together", "<urlset><url><loc>/a<![CDATA[b]]></loc></url></urlset>",
       "page https://news.test/ab []"},
      {"text", "\r\nhttps://news.test/a\r\n  https://news.test/b?c d\nhttps://news.test/e \nx",
       "page https://news.test/a [https://news.test/a] | page https://news.test/e "
       "[https://news.test/e]"},
      {"loc outside of an entry", "<urlset><loc>/a</loc></urlset>", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(listing(row.text) == row.references); }
  }
}

TEST_CASE("which sort of sitemap it is", "[media][sitemap]") {
  CHECK(
      parse_sitemap("<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>", kBase)->type ==
      Sitemap::Type::kIndex);
  const auto text = parse_sitemap("\xEF\xBB\xBFhttps://news.test/a\nnothing\n", kBase);
  REQUIRE(text);
  CHECK(text->type == Sitemap::Type::kText);
  CHECK(text->entries.size() == 1);
  CHECK_THAT(text->warnings.at(0), Catch::Contains("1 lines"));
  for (const std::string_view other : {"", "hello", "<html>", "/a\n/b"}) {
    CAPTURE(other);
    const auto none = parse_sitemap(other, kBase);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("compressed sitemaps", "[media][sitemap]") {
  const std::string packed = gzip(kFull);
  const auto sitemap = parse_sitemap(packed, kBase);
  REQUIRE(sitemap);
  CHECK(sitemap->entries.size() == 2);
  CHECK(parse_sitemap(packed.substr(0, 12), kBase).error().code == ErrorCode::kInvalid);
  // What came before the cut is kept.
  std::string many = "<urlset>";
  for (int i = 0; i < 20'000; ++i) {
    many += "<url><loc>/" + std::to_string(i * 7919 % 10'007) + "</loc></url>";
  }
  const std::string long_one = gzip(many);
  const auto cut = parse_sitemap(long_one.substr(0, long_one.size() / 2), kBase);
  REQUIRE(cut);
  CHECK(cut->entries.size() > 5'000);
  CHECK_THAT(cut->warnings.back(), Catch::Contains("cut off"));
  const auto scan =
      scan_document(long_one.substr(0, long_one.size() / 2), DocumentType::kSitemap, kBase, {});
  CHECK(scan.references.size() >= cut->entries.size());
  CHECK_THAT(scan.warnings.at(0), Catch::Contains("cut off"));
}

// sitemaps.org, "Other Sitemap formats": RSS 2.0 and Atom.
TEST_CASE("feeds as sitemaps", "[media][sitemap]") {
  for (const std::string_view feed :
       {"<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><link href='/a'/>"
        "</entry></feed>"}) {
    CAPTURE(feed);
    const auto sitemap = parse_sitemap(feed, kBase);
    REQUIRE(sitemap);
    CHECK(sitemap->type == Sitemap::Type::kPages);
    REQUIRE(sitemap->entries.size() == 1);
    CHECK(sitemap->entries[0].url == "https://news.test/a");
    CHECK(sitemap->entries[0].title == "A");
    const auto found = find_sitemap_references(SourceText(feed, 0), kBase, "UTF-8");
    REQUIRE(found.size() == 1);
    CHECK(found[0].url == "https://news.test/a");
  }
}

TEST_CASE("a sitemap that is cut anywhere", "[media][sitemap]") {
  for (size_t size = 0; size < kFull.size(); ++size) {
    CAPTURE(size);
    const std::string_view cut = kFull.substr(0, size);
    for (const Reference& r : find_sitemap_references(SourceText(cut, 0), kBase, "UTF-8")) {
      CHECK(r.span.to <= size);
    }
    const auto parsed = parse_sitemap(cut, kBase);
    CHECK((!parsed || parsed->entries.size() <= 2));
  }
}

TEST_CASE("hostile sitemaps end in linear time", "[media][sitemap]") {
  for (const std::string_view piece : {"<url>", "<loc>", "<url><loc>a", "</x>", "<x></y>", "a&amp;",
                                       "<![CDATA[a]]>", "https://a.test/\n", "<url><link href='"}) {
    for (const size_t times : {1, 2}) {
      std::string text = piece.starts_with("http") ? "" : "<urlset><url><loc>";
      for (size_t i = 0; i < 60'000 * times; ++i) text += piece;
      CAPTURE(piece);
      CHECK(find_sitemap_references(SourceText(text, 0), kBase, "UTF-8").size() <= 60'000 * times);
      const auto parsed = parse_sitemap(text, kBase);
      CHECK((!parsed || parsed->entries.size() <= 60'000 * times));
    }
  }
}

TEST_CASE("an entry of a sitemap holds no more than is reasonable", "[media][sitemap]") {
  for (const size_t times : {5'000, 10'000}) {
    std::string text = "<urlset><url><loc>https://a.test/</loc>", keywords;
    for (size_t i = 0; i < times; ++i) {
      text += "<image:image><image:loc>a</image:loc></image:image>";
      keywords += "a,";
    }
    text += "<news:news><news:keywords>" + keywords + "</news:keywords></news:news></url></urlset>";
    const auto parsed = parse_sitemap(text, kBase);
    REQUIRE(parsed);
    REQUIRE(parsed->entries.size() == 1);
    CHECK(parsed->entries[0].images.size() == 1000);
    CHECK(parsed->entries[0].categories.size() == 1000);
    CHECK(find_sitemap_references(SourceText(text, 0), kBase, "UTF-8").size() == times + 1);
  }
}
