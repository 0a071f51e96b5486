#include "media/url.h"
#include "store/replay_links.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kPage = *Url::parse("https://news.test/2026/article.html");

std::string replayed(std::string_view bytes, DocumentType type, const LinkMap& map) {
  const auto scan = scan_document(bytes, type, kPage);
  return rewrite_document(bytes, type, scan, map, CopyKind::kReplay);
}

TableLinks table(std::string_view lines) {
  auto links = TableLinks::from_json_lines(lines);
  REQUIRE(links);
  return std::move(*links);
}

const std::string kTable = R"({"url": "https://img.test/a.png", "to": "/kept/a.png"}
{"url": "https://news.test/2026/b.png", "to": "https://archive.test/b.png"}
)";

const ReplayLinks kReplay("https://web.test/", "20260101000000");

}  // namespace

TEST_CASE("a table of links says what stands where", "[store]") {
  struct Row {
    const char* name;
    std::string_view page, copy;
  };
  const Row rows[] = {
      {"what is listed", R"(<img src="https://img.test/a.png">)", R"(<img src="/kept/a.png">)"},
      {"a relative reference", R"(<img src="b.png">)", R"(<img src="https://archive.test/b.png">)"},
      {"a fragment is kept", R"(<a href="https://img.test/a.png#x">)",
       R"(<a href="/kept/a.png#x">)"},
      {"what is not listed stays", R"(<img src="c.png">)", R"(<img src="c.png">)"},
      {"integrity of what changed",
       R"(<link rel=stylesheet integrity="x" crossorigin href="https://img.test/a.png">)",
       R"(<link rel=stylesheet data-halftone-integrity="x" data-halftone-crossorigin href="/kept/a.png">)"},
      {"integrity of what did not",
       R"(<img src="b.png"><script integrity="x" src="https://else.test/s.js"></script>)",
       R"(<img src="https://archive.test/b.png"><script integrity="x" src="https://else.test/s.js"></script>)"},
      {"policies",
       R"(<meta http-equiv=Content-Security-Policy content="img-src a"><img src="b.png">)",
       R"(<meta data-halftone-http-equiv=Content-Security-Policy content="img-src a"><img src="https://archive.test/b.png">)"},
      {"a base under relative links",
       R"(<base href="/x/"><img src="https://img.test/a.png"><a href="y">#</a>)",
       R"(<base data-halftone-href="/x/"><img src="/kept/a.png"><a href="https://news.test/x/y">#</a>)"},
      {"a base under absolute links",
       R"(<base href="/x/"><img src="../2026/b.png"><a href="y">#</a>)",
       R"(<base href="/x/"><img src="https://archive.test/b.png"><a href="y">#</a>)"},
  };
  const TableLinks links = table(kTable);
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::string copy = replayed(row.page, DocumentType::kHtml, links);
      CHECK(copy == row.copy);
      CHECK(replayed(copy, DocumentType::kHtml, links) == copy);
    }
  }
}

TEST_CASE("a map that changes no reference changes no byte", "[store]") {
  const std::string_view page =
      "<!doctype html><base href='/x/'><meta http-equiv=Content-Security-Policy content=x>"
      "<link rel=stylesheet href=s.css integrity=x><img src='https://img.test/a.png' "
      "data-src=b.png>";
  CHECK(replayed(page, DocumentType::kHtml, table("")) == page);
  CHECK(replayed(page, DocumentType::kHtml,
                 table(R"({"url": "https://img.test/a.png", "to": "https://img.test/a.png"}
{"url": "https://news.test/x/s.css", "to": "https://news.test/x/s.css"})")) == page);
}

TEST_CASE("every reference leads to the replay server, told what it asks for", "[store]") {
  struct Row {
    const char* name;
    DocumentType type;
    std::string_view page, copy;
  };
  const std::string p = "https://web.test/20260101000000";
  const Row rows[] = {
      {"image", DocumentType::kHtml, "<img src='a.png'>",
       "<img src='{}im_/https://news.test/2026/a.png'>"},
      {"srcset", DocumentType::kHtml, "<img srcset='a.png 1x'>",
       "<img srcset='{}im_/https://news.test/2026/a.png 1x'>"},
      {"style sheet", DocumentType::kHtml, "<link rel=stylesheet href=s.css>",
       "<link rel=stylesheet href={}cs_/https://news.test/2026/s.css>"},
      {"script", DocumentType::kHtml, "<script src='/s.js'></script>",
       "<script src='{}js_/https://news.test/s.js'></script>"},
      {"frame", DocumentType::kHtml, "<iframe src='/f'></iframe>",
       "<iframe src='{}if_/https://news.test/f'></iframe>"},
      {"link with a fragment", DocumentType::kHtml, "<a href='/p#q'>",
       "<a href='{}/https://news.test/p#q'>"},
      {"base", DocumentType::kHtml, "<base href='/x/'><a href='y'>",
       "<base href='{0}/https://news.test/x/'><a href='{0}/https://news.test/x/y'>"},
      {"what is no address on the web", DocumentType::kHtml,
       "<a href='#x'><a href='mailto:a@b.test'><img src='data:,x'>",
       "<a href='#x'><a href='mailto:a@b.test'><img src='data:,x'>"},
      {"CSS", DocumentType::kCss, "@import 'a.css'; p{background:url(b.png)}",
       "@import '{0}cs_/https://news.test/2026/a.css'; "
       "p{{background:url({0}im_/https://news.test/2026/b.png)}}"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::string copy = replayed(row.page, row.type, kReplay);
      const bool same = row.copy == row.page;
      CHECK(copy == (same ? std::string(row.copy) : fmt::format(fmt::runtime(row.copy), p)));
      CHECK(replayed(copy, row.type, kReplay) == copy);
    }
  }
}

TEST_CASE("where only an absolute URL can stand, no relative one is written", "[store]") {
  const ReplayLinks relative("/web/", "20260101000000");
  const std::string news = "https://news.test/web/20260101000000";
  const std::string note = replayed("<https://img.test/a.png> https://img.test/b.png\n",
                                    DocumentType::kMarkdown, relative);
  CHECK(note == "<" + news + "/https://img.test/a.png> " + news + "/https://img.test/b.png\n");
  CHECK(replayed(note, DocumentType::kMarkdown, relative) == note);
  CHECK(replayed("[a](https://img.test/a)\n", DocumentType::kMarkdown, relative) ==
        "[a](/web/20260101000000/https://img.test/a)\n");
  const std::string_view list = "https://img.test/a\nhttps://img.test/b\n";
  CHECK(replayed(list, DocumentType::kSitemap, relative) ==
        news + "/https://img.test/a\n" + news + "/https://img.test/b\n");
  CHECK(replayed(list, DocumentType::kSitemap, kReplay) ==
        "https://web.test/20260101000000/https://img.test/a\n"
        "https://web.test/20260101000000/https://img.test/b\n");
  const auto scan = scan_document("<https://img.test/a.png>", DocumentType::kMarkdown,
                                  *Url::parse("about:blank"));
  CHECK(rewrite_document("<https://img.test/a.png>", DocumentType::kMarkdown, scan, relative,
                         CopyKind::kReplay) == "<https://img.test/a.png>");
}

TEST_CASE("relative replacements lead where they should under any base", "[store]") {
  struct Row {
    const char* name;
    DocumentType type;
    std::string_view document, copy;
  };
  const Row rows[] = {
      {"a frame's own base", DocumentType::kHtml,
       "<iframe srcdoc='<base href=&quot;/x/&quot;><img src=&quot;/2026/r.png&quot;><a "
       "href=y>'></iframe>",
       "<iframe srcdoc='<base data-halftone-href=&quot;/x/&quot;><img src=&quot;kept/r.png&quot;>"
       "<a href=https://news.test/x/y>'></iframe>"},
      {"a frame in a frame", DocumentType::kHtml,
       "<iframe srcdoc='<iframe srcdoc=\"<base href=/x/><img src=/2026/r.png>\">'></iframe>",
       "<iframe srcdoc='<iframe srcdoc=\"<base data-halftone-href=/x/><img "
       "src=kept/r.png>\">'></iframe>"},
      {"a link to the base", DocumentType::kHtml,
       "<base href='/x/'><img src='/2026/r.png'><a href=''>x</a><a href=\" \">y</a>",
       "<base data-halftone-href='/x/'><img src='kept/r.png'><a href='https://news.test/x/'>x</a>"
       "<a href=\"https://news.test/x/\">y</a>"},
      {"a link to the document itself", DocumentType::kHtml, "<img src='r.png'><a href=''>x</a>",
       "<img src='kept/r.png'><a href=''>x</a>"},
      {"XML below a base", DocumentType::kSvg, "<x xml:base='/x/'><image href='/2026/r.png'/></x>",
       "<x xml:base='/x/'><image href='https://news.test/2026/kept/r.png'/></x>"},
      {"XML without one", DocumentType::kSvg, "<svg><image href='r.png'/></svg>",
       "<svg><image href='kept/r.png'/></svg>"},
      {"a feed", DocumentType::kFeed,
       "<rss><channel><item><enclosure url='https://news.test/2026/r.png' "
       "type='image/png'/></item></channel></rss>",
       "<rss><channel><item><enclosure url='https://news.test/2026/kept/r.png' "
       "type='image/png'/></item></channel></rss>"},
      {"a sitemap of lines", DocumentType::kSitemap, "https://news.test/2026/r.png\n",
       "https://news.test/2026/kept/r.png\n"},
  };
  const TableLinks links = table(R"({"url": "https://news.test/2026/r.png", "to": "kept/r.png"})");
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::string copy = replayed(row.document, row.type, links);
      CHECK(copy == row.copy);
      CHECK(replayed(copy, row.type, links) == copy);
    }
  }
}

// WHATWG HTML, 4.2.5.3 "shared declarative refresh steps", 4.6.5 "ping".
TEST_CASE("a replacement stays one URL in the syntax of its attribute", "[store]") {
  struct Row {
    std::string_view page, copy;
  };
  const Row rows[] = {
      {R"(<meta http-equiv=refresh content="5;URL='r.png'">)",
       R"(<meta http-equiv=refresh content="5;URL='it%27s %22r%22'">)"},
      {R"(<meta http-equiv=refresh content='5;URL=r.png'>)",
       R"(<meta http-equiv=refresh content='5;URL=it%27s %22r%22'>)"},
      {R"(<a ping="r.png s">x</a>)", R"(<a ping="it's%20&quot;r&quot; s">x</a>)"},
      {R"(<object archive="s r.png"></object>)",
       R"(<object archive="s it's%20&quot;r&quot;"></object>)"},
  };
  const TableLinks links = table(R"({"url": "https://news.test/2026/r.png", "to": "it's \"r\""})");
  for (const Row& row : rows) CHECK(replayed(row.page, DocumentType::kHtml, links) == row.copy);
}

TEST_CASE("what the charset lacks is written as its place reads it", "[store]") {
  struct Row {
    const char* name;
    DocumentType type;
    std::string_view document, copy;  // in ASCII
  };
  const Row rows[] = {
      {"an attribute", DocumentType::kHtml, "<img src='a.png'>", "<img src='\xE9&#22270;.png'>"},
      {"srcset", DocumentType::kHtml, "<img srcset='a.png 2x'>",
       "<img srcset='\xE9&#22270;.png 2x'>"},
      {"style element", DocumentType::kHtml, "<style>a{background:url(a.png)}</style>",
       "<style>a{background:url(\xE9\\56fe .png)}</style>"},
      {"style in noscript", DocumentType::kHtml,
       "<noscript><style>a{background:url('a.png')}</style></noscript>",
       "<noscript><style>a{background:url('\xE9\\56fe .png')}</style></noscript>"},
      {"style attribute", DocumentType::kHtml, "<p style='background:url(a.png)'>",
       "<p style='background:url(\xE9\\56fe .png)'>"},
      {"CSS", DocumentType::kCss, "@import 'a.png';", "@import '\xE9\\56fe .png';"},
      {"HLS", DocumentType::kHls, "#EXTM3U\n#EXTINF:1,\na.png\n",
       "#EXTM3U\n#EXTINF:1,\n\xE9%E5%9B%BE.png\n"},
      {"XML", DocumentType::kSvg, "<svg><image href='a.png'/></svg>",
       "<svg><image href='\xE9&#22270;.png'/></svg>"},
      {"CDATA", DocumentType::kSvg, "<svg><style><![CDATA[a{b:url(a.png)}]]></style></svg>",
       "<svg><style><![CDATA[a{b:url(\xE9\\56fe .png)}]]></style></svg>"},
      {"Markdown", DocumentType::kMarkdown, "![a](a.png)", "![a](\xE9&#22270;.png)"},
  };
  const TableLinks links = table(R"({"url": "https://news.test/2026/a.png", "to": "é图.png"})");
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto scan = scan_document(row.document, row.type, kPage, "windows-1252");
      const std::string copy =
          rewrite_document(row.document, row.type, scan, links, CopyKind::kReplay);
      CHECK(copy == row.copy);
      const auto again = scan_document(copy, row.type, kPage, "windows-1252");
      REQUIRE_FALSE(again.references.empty());
      CHECK(again.references[0].url == "https://news.test/2026/%C3%A9%E5%9B%BE.png");
    }
  }
}

// WHATWG Encoding, 12.2.1: an escape sequence behind another one is an error.
TEST_CASE("a replayed copy keeps the escape sequences of ISO-2022-JP", "[store]") {
  const TableLinks links = table(R"({"url": "https://news.test/2026/い.png", "to": "え.png"}
{"url": "https://news.test/2026/う", "to": "お"}
{"url": "https://news.test/2026/a.png", "to": "え"}
{"url": "https://news.test/2026/か", "to": "b"})");
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"<p>あ<img src='い.png'>い", "<p>あ<img src='え.png'>い"},
      {"<p>あ<a href=う>い</a>", "<p>あ<a href=お>い</a>"},
      {"<p>あ<img src=a.png alt=あ>い", "<p>あ<img src=え alt=あ>い"},
      {"<p>あ<a href='か'>い</a>", "<p>あ<a href='b'>い</a>"},
      {"<style>a{b:url(か)}</style>", "<style>a{b:url(b)}</style>"},
      {"![い](い.png)あ", "![い](え.png)あ"},
  };
  for (const auto& [page, copy] : rows) {
    CAPTURE(std::string(page));
    const DocumentType type = page.starts_with('!') ? DocumentType::kMarkdown : DocumentType::kHtml;
    const std::string bytes = encode(page, "ISO-2022-JP");
    const auto scan = scan_document(bytes, type, kPage, "ISO-2022-JP");
    const std::string result = rewrite_document(bytes, type, scan, links, CopyKind::kReplay);
    CHECK(decode(result, "ISO-2022-JP").text() == copy);
  }
}

TEST_CASE("JSON in a legacy charset takes any character", "[store]") {
  const TableLinks links =
      table(R"({"url": "https://news.test/a.png", "to": "https://news.test/é图😀.png"})");
  const std::string_view page =
      R"(<script type="application/json">{"a":"https://news.test/a.png"}</script>)";
  const auto scan = scan_document(page, DocumentType::kHtml, kPage, "windows-1252");
  CHECK(rewrite_document(page, DocumentType::kHtml, scan, links, CopyKind::kReplay) ==
        "<script "
        "type=\"application/json\">{\"a\":\"https://news.test/\xE9\\u56fe\\ud83d\\ude00.png\"}"
        "</script>");
}

TEST_CASE("the parts of a DASH presentation lead to one place", "[store]") {
  const std::string copy = replayed(
      "<MPD><Period><AdaptationSet><SegmentTemplate media='s$Number$.m4s' initialization='i.mp4'/>"
      "</AdaptationSet></Period></MPD>",
      DocumentType::kDash, kReplay);
  CHECK(copy ==
        "<MPD><Period><AdaptationSet><SegmentTemplate "
        "media='https://web.test/20260101000000oe_/https://news.test/2026/s$Number$.m4s' "
        "initialization='https://web.test/20260101000000oe_/https://news.test/2026/i.mp4'/>"
        "</AdaptationSet></Period></MPD>");
}

TEST_CASE("a replayed copy keeps UTF-16", "[store]") {
  const auto utf16 = [](std::string_view ascii) {
    std::string bytes = "\xFF\xFE";
    for (const char c : ascii) bytes += {c, '\0'};
    return bytes;
  };
  CHECK(replayed(utf16("<p><img src='https://img.test/a.png'>"), DocumentType::kHtml,
                 table(kTable)) == utf16("<p><img src='/kept/a.png'>"));
}

TEST_CASE("a table that is none is refused with its line", "[store]") {
  for (const char* lines : {"{}", "[1]", "x", R"({"url": "a.png", "to": "b"})",
                            R"({"url": "https://a.test/", "to": 1})"}) {
    CAPTURE(lines);
    const auto links = TableLinks::from_json_lines(std::string("\n") + lines);
    REQUIRE_FALSE(links);
    CHECK(links.error().code == ErrorCode::kInvalid);
    CHECK(links.error().message.starts_with("line 2: "));
  }
}
