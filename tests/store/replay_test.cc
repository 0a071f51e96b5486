#include "media/url.h"
#include "store/replay_links.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kPage = *Url::parse("https://news.test/2026/article.html");

std::string replayed(std::string_view bytes, DocumentType type, const LinkMap& map) {
  const auto scan = scan_document(bytes, type, kPage);
  REQUIRE(scan);
  return rewrite_document(bytes, type, *scan, map, CopyKind::kReplay);
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
  const std::string_view note = "<https://img.test/a.png> https://img.test/b.png\n";
  CHECK(replayed(note, DocumentType::kMarkdown, relative) == note);
  CHECK(replayed("[a](https://img.test/a)\n", DocumentType::kMarkdown, relative) ==
        "[a](/web/20260101000000/https://img.test/a)\n");
  const std::string_view list = "https://img.test/a\nhttps://img.test/b\n";
  CHECK(replayed(list, DocumentType::kSitemap, relative) == list);
  CHECK(replayed(list, DocumentType::kSitemap, kReplay) ==
        "https://web.test/20260101000000/https://img.test/a\n"
        "https://web.test/20260101000000/https://img.test/b\n");
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
