#include "tests/bench/scan/hostile.h"

#include <fmt/format.h>

#include "crawler/robots.h"
#include "media/article.h"
#include "media/front_matter.h"
#include "media/json_strings.h"
#include "media/srcset.h"
#include "media/time.h"

namespace halftone::bench {
namespace {

std::string repeated(std::string_view piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

const Url& base() {
  static const Url url = *Url::parse("https://example.org/a/b.html");
  return url;
}

template <DocumentType kType>
size_t scan(std::string_view text) {
  return scan_document(text, kType, base()).references.size();
}

size_t article(std::string_view text) {
  const Scan nothing{.base = base().href(), .charset = "UTF-8"};
  return read_article(text, DocumentType::kHtml, base(), nothing).text.size();
}

size_t markdown_article(std::string_view text) {
  const Scan nothing{.base = base().href(), .charset = "UTF-8"};
  return read_article(text, DocumentType::kMarkdown, base(), nothing).text.size();
}

size_t robots(std::string_view text) { return Robots::parse(text).check("halftone", base()).line; }

size_t robots_long_url(std::string_view text) {
  const auto url = Url::parse("https://example.org/" + std::string(20'000, 'a'));
  return Robots::parse(text).check("halftone", *url).line;
}

size_t json_strings(std::string_view text) {
  size_t count = 0;
  for_each_json_string(text, [&](const JsonString&) { ++count; });
  return count;
}

size_t url(std::string_view text) {
  const auto url = Url::parse(text, &base());
  return url ? url->href().size() : 0;
}

size_t date(std::string_view text) { return parse_date(text) || find_date(text); }
size_t front_matter(std::string_view text) { return parse_front_matter(text).present(); }
size_t srcset(std::string_view text) { return parse_srcset(text).size(); }

constexpr auto kHtml = scan<DocumentType::kHtml>;

const std::vector<Hostile>& html_inputs() {
  static const std::vector<Hostile> inputs = {
      {"HTML", kHtml, "<", [](size_t n) { return repeated("<", n); }},
      {"HTML", kHtml, "<a ", [](size_t n) { return repeated("<a ", n); }},
      {"HTML", kHtml, "<a b='", [](size_t n) { return repeated("<a b='\">", n); }},
      {"HTML", kHtml, "one attribute",
       [](size_t n) { return "<img src='" + repeated("0123456789", n) + "'>"; }},
      {"HTML", kHtml, "attributes",
       [](size_t n) {
         std::string out = "<p ";
         for (size_t i = 0; i < n; ++i) out += fmt::format("a{}=b ", i);
         return out + ">";
       }},
      {"HTML", kHtml, "srcset",
       [](size_t n) { return "<img srcset='" + repeated("a.png 2x, ", n) + "'>"; }},
      {"HTML", kHtml, "srcset of commas",
       [](size_t n) { return "<img srcset='" + repeated("a,", n) + "'>"; }},
      {"HTML", kHtml, "srcset parentheses",
       [](size_t n) { return "<img srcset='a " + repeated("(", n) + "'>"; }},
      {"HTML", kHtml, "deep JSON",
       [](size_t n) { return "<script type=application/json>" + repeated("{\"a\":", n); }},
      {"HTML", kHtml, "open JSON strings",
       [](size_t n) { return "<script type=application/json>" + repeated("[\"", n); }},
      {"HTML", kHtml, "JSON.parse",
       [](size_t n) { return "<script>" + repeated("JSON.parse('", n) + "</script>"; }},
      {"HTML", kHtml, "data-* JSON",
       [](size_t n) { return "<p data-x='" + repeated("[\"//x.org/a.png\",", n) + "'>"; }},
      {"HTML", kHtml, "srcdoc",
       [](size_t n) { return repeated("<iframe srcdoc='<img src=a>'></iframe>", n); }},
      {"HTML", kHtml, "nested srcdoc",
       [](size_t n) { return "<iframe srcdoc='" + repeated("<iframe srcdoc=\"", n) + "'>"; }},
      {"HTML", kHtml, "open comments", [](size_t n) { return repeated("<!--", n); }},
      {"HTML", kHtml, "dashes", [](size_t n) { return "<!--" + repeated("--", n); }},
      {"HTML", kHtml, "CDATA", [](size_t n) { return "<svg>" + repeated("<![CDATA[", n); }},
      {"HTML", kHtml, "bogus CDATA", [](size_t n) { return repeated("<![CDATA[", n); }},
      {"HTML", kHtml, "</script", [](size_t n) { return "<script>" + repeated("</script", n); }},
      {"HTML", kHtml, "<!--<script",
       [](size_t n) { return "<script>" + repeated("<!--<script>", n); }},
      {"HTML", kHtml, "&",
       [](size_t n) { return "<p title='" + repeated("&", n) + "'>" + repeated("&", n); }},
      {"HTML", kHtml, "&amp;", [](size_t n) { return "<img src='" + repeated("&amp;", n) + "'>"; }},
      {"HTML", kHtml, "url(", [](size_t n) { return "<style>" + repeated("a{b:url(", n); }},
      {"HTML", kHtml, "bad urls", [](size_t n) { return "<style>" + repeated("a{b:url(x y", n); }},
      {"HTML", kHtml, "CSS names", [](size_t n) { return "<style>" + repeated("\\75", n); }},
      {"HTML", kHtml, "image-set",
       [](size_t n) { return "<style>a{b:" + repeated("image-set('a'", n); }},
      {"HTML", kHtml, "nested svg",
       [](size_t n) { return repeated("<svg>", n) + repeated("</svg>", n); }},
      {"HTML", kHtml, "svg paths",
       [](size_t n) { return "<svg>" + repeated("<g>", n) + repeated("</p1>", n); }},
      {"HTML", kHtml, "templates", [](size_t n) { return repeated("<template>", n); }},
      {"HTML", kHtml, "pictures",
       [](size_t n) { return "<picture>" + repeated("<source srcset=a><img loading=lazy>", n); }},
      {"HTML", kHtml, "a long base",
       [](size_t n) {
         return "<base href='//b.org/" + repeated("x", n) + "'>" + repeated("<a href=?>", n);
       }},
      {"HTML", kHtml, "dots", [](size_t n) { return "<a href='" + repeated("../a/", n) + "'>"; }},
  };
  return inputs;
}

// One row for a piece that is repeated between a begin and an end.
struct Row {
  const char* scanner;
  size_t (*work)(std::string_view);
  std::string_view begin, piece, end;
};

constexpr Row kRows[] = {
    {"CSS", scan<DocumentType::kCss>, "", "a{b:url(", ""},
    {"CSS", scan<DocumentType::kCss>, "", "a{b:url(x y", ""},
    {"CSS", scan<DocumentType::kCss>, "", "{", ""},
    {"CSS", scan<DocumentType::kCss>, "", "/*", ""},
    {"CSS", scan<DocumentType::kCss>, "", "\\75", ""},
    {"CSS", scan<DocumentType::kCss>, "", "@import ", ""},
    {"CSS", scan<DocumentType::kCss>, "a{b:", "image-set('a'", ""},
    {"srcset", srcset, "", "a.png 2x, ", ""},
    {"srcset", srcset, "", "a,", ""},
    {"srcset", srcset, "a ", "(", ""},
    {"JSON", json_strings, "", "{\"a\":", ""},
    {"JSON", json_strings, "", "[\"", ""},
    {"JSON", json_strings, "\"", "\\u002F", "\""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "[", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "![a](", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "> ", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "*a_ ", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "`", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "<a href='", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "[a]: b\n", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "{% img ", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "- a\n", ""},
    {"Markdown", scan<DocumentType::kMarkdown>, "", "![a][b]\n\n", "[b]: c\n"},
    {"front matter", front_matter, "---\na: ", "[", "\n---\n"},
    {"front matter", front_matter, "---\n", "a: b\n", "---\n"},
    {"front matter", front_matter, "---\n", "- a\n", "---\n"},
    {"front matter", front_matter, "---\n", "\n---", ""},
    {"front matter", front_matter, "+++\na = ", "[", "\n+++\n"},
    {"feed", scan<DocumentType::kFeed>, "<rss>", "<item>", ""},
    {"feed", scan<DocumentType::kFeed>, "<rss><channel>", "<item><link>a</link></item>", ""},
    {"feed", scan<DocumentType::kFeed>, "<rss><channel><item><description>", "&lt;img src=a>", ""},
    {"feed", scan<DocumentType::kFeed>, "<rss><channel><item><description>", "<![CDATA[", ""},
    {"feed", scan<DocumentType::kFeed>, "<feed>", "<entry xml:base='a/'>", ""},
    {"feed", scan<DocumentType::kFeed>,
     "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":", "[", ""},
    {"SVG", scan<DocumentType::kSvg>, "<svg>", "<g>", ""},
    {"SVG", scan<DocumentType::kSvg>, "<svg>", "<image href='a'/>", ""},
    {"SVG", scan<DocumentType::kSvg>, "<svg>", "<g xml:base='a/'>", ""},
    {"SVG", scan<DocumentType::kSvg>, "<svg>", "<!--", ""},
    {"SVG", scan<DocumentType::kSvg>, "<!DOCTYPE svg [", "<!ENTITY a '", ""},
    {"SVG", scan<DocumentType::kSvg>, "<svg ", "a='' ", "/>"},
    {"sitemap", scan<DocumentType::kSitemap>, "<urlset>", "<url><loc>a</loc>", ""},
    {"sitemap", scan<DocumentType::kSitemap>, "<urlset>", "<loc>", ""},
    {"sitemap", scan<DocumentType::kSitemap>, "", "https://a.test/\n", ""},
    {"HLS", scan<DocumentType::kHls>, "#EXTM3U\n", "a\n", ""},
    {"HLS", scan<DocumentType::kHls>, "#EXTM3U\n", "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"b\"\n", ""},
    {"HLS", scan<DocumentType::kHls>, "#EXTM3U\n#EXT-X-KEY:", "A=\",", ""},
    {"HLS", scan<DocumentType::kHls>, "#EXTM3U\n#EXT-X-DEFINE:NAME=\"a\",VALUE=\"b\"\n", "{$a}",
     "\n"},
    {"DASH", scan<DocumentType::kDash>, "<MPD>", "<Period>", ""},
    {"DASH", scan<DocumentType::kDash>, "<MPD>", "<BaseURL>a/</BaseURL>", ""},
    {"DASH", scan<DocumentType::kDash>,
     "<MPD><Period><AdaptationSet><Representation id='1'><SegmentTemplate media='$Number$'>"
     "<SegmentTimeline>",
     "<S d='1' r='9'/>", ""},
    {"article", article, "", "<p>a, b. ", ""},
    {"article", article, "", "<div>", ""},
    {"article", article, "", "<div>a</p>", ""},
    {"article", article, "", "<article><img src=a>", ""},
    {"article", article, "", "<a href=x>", ""},
    {"article", article, "", "<figure><figcaption>a", ""},
    {"article", article, "", "<meta property=article:tag content=a>", ""},
    {"article", article, "", "<script type=application/ld+json>{\"@type\":\"Article\"}</script>",
     ""},
    {"article", article, "<script type=application/ld+json>", "{\"@graph\":[", ""},
    {"article", article, "", "<span itemprop=author itemscope>", ""},
    {"article", article, "", "<h1>a</h1><time>2022</time>", ""},
    {"article", article, "<p>", "a ", ""},
    {"article", markdown_article, "", "![a](b) c\n\n", ""},
    {"article", markdown_article, "", "> ", ""},
    {"robots", robots, "User-agent: *\n", "Disallow: /a*b*c*d*e$\n", ""},
    {"robots", robots, "", "User-agent: a\n", ""},
    {"robots", robots_long_url, "User-agent: *\n", "Disallow: /*a*a*a*b\n", ""},
    {"URL", url, "", "../a/", ""},
    {"URL", url, "http://", "a@", "b"},
    {"URL", url, "http://", "a.", ""},
    {"URL", url, "http://a/", "%2e%2e/", ""},
    {"URL", url, "http://", "\xC3\xA4", ""},
    {"date", date, "", "1", ""},
    {"date", date, "", "Jan ", ""},
    {"date", date, "", "(", ""},
};

// As it stands in a table: short, on one line.
std::string name_of(const Row& row) {
  std::string name;
  for (const char c : row.piece.substr(0, 32)) name += c == '\n' ? "\\n" : std::string(1, c);
  return name + (row.piece.size() > 32 ? "…" : "");
}

Hostile hostile(const Row& row) {
  return {row.scanner, row.work, name_of(row), [row](size_t n) {
            return std::string(row.begin) + repeated(row.piece, n) + std::string(row.end);
          }};
}

}  // namespace

std::vector<Hostile> hostile_inputs() {
  std::vector<Hostile> all = html_inputs();
  for (const Row& row : kRows) all.push_back(hostile(row));
  return all;
}

}  // namespace halftone::bench
