#include "store/rewrite.h"

#include <map>
#include <set>

#include "media/ascii.h"
#include "media/html_tokenizer.h"
#include "media/url.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

// https://img.test/NAME is archived as images/NAME, "blank.gif" as a spacer; the rest is unknown.
class TestLinks : public LinkMap {
 public:
  std::optional<std::string> link(const Reference& reference) const override {
    constexpr std::string_view kHost = "https://img.test/";
    if (!reference.url.starts_with(kHost)) return std::nullopt;
    return "images/" + reference.url.substr(kHost.size());
  }
  bool is_blank(const Reference& reference) const override {
    return !link(reference) || reference.url.ends_with("blank.gif");
  }
};

class NoLinks : public LinkMap {
 public:
  std::optional<std::string> link(const Reference&) const override { return std::nullopt; }
  bool is_blank(const Reference&) const override { return true; }
};

const Url kBase = *Url::parse("https://news.test/2026/article.html");

std::string rewritten(std::string_view bytes, DocumentType type, const LinkMap& map,
                      std::string_view charset = {}) {
  const auto scan = scan_document(bytes, type, kBase, charset);
  return rewrite_document(bytes, type, scan, map);
}

// What the page says, without the head that every copy gets.
std::string html(std::string_view bytes) {
  std::string copy = rewritten(bytes, DocumentType::kHtml, TestLinks());
  const std::string_view last = "form-action 'none'\" data-halftone>";
  const size_t to = copy.find(last);
  REQUIRE(copy.starts_with("<meta charset="));
  REQUIRE(to != std::string::npos);
  return copy.substr(to + last.size());
}

}  // namespace

TEST_CASE("references of HTML are replaced where they stand", "[store]") {
  struct Row {
    const char* name;
    std::string_view page, copy;
  };
  const Row rows[] = {
      {"double quotes", R"(<img src="https://img.test/a">)", R"(<img src="images/a">)"},
      {"a rendition, not its original", R"(<img src="https://img.test/a-30x20.jpg">)",
       R"(<img src="images/a-30x20.jpg">)"},
      {"single quotes", "<img src='https://img.test/a'>", "<img src='images/a'>"},
      {"no quotes", "<img src=https://img.test/a alt=x>", "<img src=images/a alt=x>"},
      {"srcset", R"(<img srcset="https://img.test/a 1x, https://img.test/b,c 2x">)",
       R"(<img srcset="images/a 1x, images/b,c 2x">)"},
      {"data-*", R"(<a data-logo="https://img.test/logo" href="https://else.test/">x</a>)",
       R"(<a data-logo="images/logo" href="https://else.test/">x</a>)"},
      {"style attribute", R"x(<p style="background:url(&quot;https://img.test/a&quot;)">)x",
       R"x(<p style="background:url(&quot;images/a&quot;)">)x"},
      {"style element", "<style>p{background:url(https://img.test/a)}</style>",
       "<style>p{background:url(images/a)}</style>"},
      {"unknown stays", R"(<img src="https://else.test/a">)", R"(<img src="https://else.test/a">)"},
      {"text stays", "<p>https://img.test/a</p>", "<p>https://img.test/a</p>"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(html(row.page) == row.copy); }
  }
}

TEST_CASE("what would break a copy is disabled", "[store]") {
  struct Row {
    const char* name;
    std::string_view page, copy;
  };
  const Row rows[] = {
      {"base", R"(<base href="https://news.test/x/">)",
       R"(<base data-halftone-href="https://news.test/x/">)"},
      {"integrity and crossorigin",
       R"(<link rel=stylesheet href="https://img.test/s" integrity="sha256-x" crossorigin>)",
       R"(<link rel=stylesheet href="images/s" data-halftone-integrity="sha256-x" data-halftone-crossorigin>)"},
      {"a policy of the page's own",
       R"(<meta http-equiv="Content-Security-Policy" content="img-src https:">)",
       R"(<meta data-halftone-http-equiv="Content-Security-Policy" content="img-src https:">)"},
      {"a refresh", R"(<meta http-equiv=refresh content="0;url=https://else.test/">)",
       R"(<meta data-halftone-http-equiv=refresh content="0;url=https://else.test/">)"},
      {"a refresh that is marked as ours",
       R"(<meta data-halftone http-equiv=refresh content="0;url=https://else.test/">)",
       R"(<meta data-halftone data-halftone-http-equiv=refresh content="0;url=https://else.test/">)"},
      {"a second attribute in wait for the first",
       R"(<meta http-equiv=refresh HTTP-EQUIV=refresh content="0;url=https://else.test/">)",
       R"(<meta data-halftone-http-equiv=refresh data-halftone-HTTP-EQUIV=refresh content="0;url=https://else.test/">)"},
      {"hints to other hosts", R"(<link rel=preconnect href="https://else.test">)",
       R"(<link data-halftone-rel=preconnect href="https://else.test">)"},
      {"a style sheet that is preloaded",
       R"(<link rel="preload stylesheet" href="https://img.test/s">)",
       R"(<link rel="preload stylesheet" href="images/s">)"},
      {"scripts", R"(<script src="https://else.test/s.js"></script>)",
       R"(<script data-halftone-src="https://else.test/s.js"></script>)"},
      {"frames", R"(<iframe src="https://else.test/"></iframe>)",
       R"(<iframe data-halftone-src="https://else.test/"></iframe>)"},
      {"pings", R"(<a href="https://else.test/" ping="https://spy.test/">x</a>)",
       R"(<a href="https://else.test/" data-halftone-ping="https://spy.test/">x</a>)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(html(row.page) == row.copy); }
  }
}

TEST_CASE("lazy pictures are shown at once", "[store]") {
  struct Row {
    const char* name;
    std::string_view page, copy;
  };
  const Row rows[] = {
      {"no src", R"(<img data-src="https://img.test/a">)",
       R"(<img src="images/a" data-src="images/a">)"},
      {"a data: placeholder",
       R"(<img src="data:image/gif;base64,R0" data-src="https://img.test/a">)",
       R"(<img src="images/a" data-src="images/a">)"},
      {"a spacer", R"(<img src="https://img.test/blank.gif" data-original="https://img.test/a">)",
       R"(<img src="images/a" data-original="images/a">)"},
      {"a picture of its own stays",
       R"(<img src="https://img.test/b" data-src="https://img.test/a">)",
       R"(<img src="images/b" data-src="images/a">)"},
      {"the lazy one is not archived", R"(<img src="data:x" data-src="https://else.test/a.jpg">)",
       R"(<img src="data:x" data-src="https://else.test/a.jpg">)"},
      {"an empty src", R"(<img src data-src="https://img.test/a">)",
       R"(<img src="images/a" data-halftone-src data-src="images/a">)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(html(row.page) == row.copy); }
  }
}

// Every picture gives up the link of its spacer, and the links between them stay.
TEST_CASE("a page of many lazy pictures is shown whole", "[store]") {
  std::string page, copy;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "p" + std::to_string(i) + ".jpg";
    page += R"(<img src="https://img.test/blank.gif" data-src="https://img.test/)" + name +
            R"("><a href="https://img.test/)" + name + R"(">x</a>)";
    copy += "<img src=\"images/" + name + "\" data-src=\"images/" + name + "\"><a href=\"images/" +
            name + "\">x</a>";
  }
  const bool same = html(page) == copy;  // not in CHECK, which would print megabytes
  CHECK(same);
}

TEST_CASE("a copy allows no script and no request to the outside", "[store]") {
  constexpr std::string_view kHead =
      R"(<meta charset="UTF-8" data-halftone><meta http-equiv="Content-Security-Policy" )"
      R"(content="default-src 'none';)";
  struct Row {
    const char* name;
    std::string_view before, after;
  };
  const Row rows[] = {
      {"behind the doctype", "<!DOCTYPE html>", "<html><head><title>x</title></head>"},
      {"behind blanks, comments and a doctype", "\n <!-- x --> <!DOCTYPE html>", "<p>x"},
      {"no doctype", "", "<html><head></head>"},
      {"nothing but text", "", "x"},
      // What comes first here would close the head before it is read.
      {"text before the doctype", "", "Warning: <!DOCTYPE html><html><head></head>"},
      {"an end tag before the head", "<!DOCTYPE html>", "</br><html><head></head>"},
      {"a mark of the page's own", "<!DOCTYPE html>", "<meta data-halftone><p>x"},
      {"a policy that looks like ours", "<!DOCTYPE html>",
       R"(<meta charset="UTF-8" data-halftone><meta http-equiv="Content-Security-Policy" )"
       R"(content="default-src *" data-halftone>)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::string page = std::string(row.before) + std::string(row.after);
      const std::string copy = rewritten(page, DocumentType::kHtml, NoLinks());
      REQUIRE(copy.starts_with(std::string(row.before) + std::string(kHead)));
    }
  }
}

TEST_CASE("a document cut anywhere is sealed, and once for all", "[store]") {
  const std::string_view page =
      " <!-- a --><!DOCTYPE html PUBLIC \"a>\" 'b'><html><head><title>x</title><!-- b";
  for (size_t size = 0; size <= page.size(); ++size) {
    CAPTURE(size);
    const std::string copy = rewritten(page.substr(0, size), DocumentType::kHtml, NoLinks());
    CHECK(rewritten(copy, DocumentType::kHtml, NoLinks()) == copy);
    HtmlTokenizer tokens(copy);
    const HtmlToken* token = &tokens.next();
    while (token->type == HtmlToken::Type::kDoctype || token->type == HtmlToken::Type::kComment ||
           token->type == HtmlToken::Type::kText) {
      if (token->type == HtmlToken::Type::kText) REQUIRE(trim(token->text).empty());
      token = &tokens.next();
    }
    CHECK(token->find("charset"));
    CHECK(tokens.next().find("http-equiv"));
  }
}

TEST_CASE("a copy keeps its document's charset", "[store]") {
  // 中文 in GBK, declared by the server only.
  const std::string page = "<p>\xD6\xD0\xCE\xC4<img src=\"https://img.test/a\"></p>";
  const std::string copy = rewritten(page, DocumentType::kHtml, TestLinks(), "gbk");
  CHECK(copy.find("<meta charset=\"GBK\"") == 0);
  CHECK(copy.ends_with("<p>\xD6\xD0\xCE\xC4<img src=\"images/a\"></p>"));
}

TEST_CASE("rewriting twice is rewriting once", "[store]") {
  const std::string_view page =
      "<!DOCTYPE html><head><base href='/x/'><meta http-equiv=refresh content=1>"
      "<link rel=preload href='https://img.test/f' as=font crossorigin></head><body>"
      "<img src=data:x data-src='https://img.test/a'><script src='https://else.test/s'></script>"
      "<style>@import 'https://img.test/s';</style><iframe src='https://else.test/'></iframe>";
  const std::string once = rewritten(page, DocumentType::kHtml, TestLinks());
  CHECK(once != page);
  CHECK(rewritten(once, DocumentType::kHtml, NoLinks()) == once);
}

TEST_CASE("CSS and Markdown change only at their references", "[store]") {
  CHECK(rewritten("@import \"https://img.test/s\"; a{b:url('https://img.test/a')}/* "
                  "url(https://img.test/c) */",
                  DocumentType::kCss, TestLinks()) ==
        "@import \"images/s\"; a{b:url('images/a')}/* url(https://img.test/c) */");
  CHECK(rewritten("---\nheadimg: 'https://img.test/h'\n---\n\n![x](https://img.test/a) <img "
                  "src=\"https://img.test/b\">\n",
                  DocumentType::kMarkdown, TestLinks()) ==
        "---\nheadimg: 'images/h'\n---\n\n![x](images/a) <img src=\"images/b\">\n");
}
