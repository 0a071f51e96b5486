#include "media/markdown_references.h"

#include <random>
#include <set>

#include <fmt/format.h>

#include "media/document.h"
#include "media/html_references.h"
#include "media/markdown.h"
#include "tests/support/articles.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://blog.test/2022/post.html");

Scan scan_of(std::string_view text) { return scan_document(text, DocumentType::kMarkdown, kBase); }

// Documents out of pieces that mean something to Markdown.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string document(const std::vector<std::string_view>& pieces) {
    std::string out;
    for (size_t left = 1 + random_() % 24; left > 0; --left)
      out += pieces[random_() % pieces.size()];
    return out;
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string_view> kMarkdown = {"![a](b.png)",
                                                 "![a](<b c.png> 't')",
                                                 "[d](e.html \"t\")",
                                                 "[![f](g.png)](h)",
                                                 "[r]",
                                                 "![r][]",
                                                 "[x][r]",
                                                 "\n\n[r]: r.png 't'\n",
                                                 "\n\n[s]: <s t>\n",
                                                 "![s]",
                                                 "<https://i.test/j>",
                                                 "https://k.test/l?m=1&n=2 ",
                                                 " www.o.test/p, ",
                                                 "(https://q.test/(r))",
                                                 "*",
                                                 "**",
                                                 "_",
                                                 "~~",
                                                 "`",
                                                 "``",
                                                 "[",
                                                 "](",
                                                 ")",
                                                 "![",
                                                 "!",
                                                 "]",
                                                 "\\",
                                                 "<",
                                                 ">",
                                                 " ",
                                                 "\n",
                                                 "\n\n",
                                                 "\n> ",
                                                 "\n- ",
                                                 "\n1. ",
                                                 "\n    ",
                                                 "\n\n| a | b |\n|---|---|\n| ",
                                                 " | ",
                                                 " |\n",
                                                 "\n# ",
                                                 "\n===\n",
                                                 "\n---\n",
                                                 "\n```\n",
                                                 "word ",
                                                 "&amp;",
                                                 "&copy;",
                                                 "\xE5\xBC\xA0",
                                                 "[^1]",
                                                 "\n\n[^1]: ![u](v.png)\n",
                                                 "\t",
                                                 "\r\n",
                                                 "![w](x(y)z.png)",
                                                 "![w](x\\)z.png)",
                                                 "![w](x&amp;y.png)",
                                                 "[[wiki]]",
                                                 "\"",
                                                 "'"};

const std::vector<std::string_view> kMore = {"<img src=\"1.png\">",
                                             "<img src='2.png' srcset='3.png 2x'>",
                                             "\n\n<div>\n",
                                             "\n</div>\n\n",
                                             "<!-- ",
                                             " -->",
                                             "{% img /4.png %}",
                                             "{{< figure src=\"5.png\" >}}",
                                             "{{ site.baseurl }}/6.png",
                                             "![x]({{ site.baseurl }}/7.png)",
                                             "![[8.png]]",
                                             "\n\n![x](my pic.png)\n\n",
                                             "{{ \"/9.png\" | relative_url }}",
                                             "{% raw %}",
                                             "{% endraw %}",
                                             "{{",
                                             "}}",
                                             "{%",
                                             "%}",
                                             "<a href=\"",
                                             "\">"};

const std::vector<std::string_view> kHeads = {
    "",
    "---\ntitle: 'a'\ncover: c.png\nphotos:\n - p.jpg\n - \"q.jpg\"\n---\n",
    "+++\nimage = \"c.png\"\nphotos = ['p.jpg', \"q.jpg\"]\n+++\n",
    "{\n\"cover\": \"c.png\",\n\"photos\": [\"p.jpg\"]\n}\n",
    "---\na: b: c\ncover: c.png\n---\n",
    "title: a\nbanner_img: /c.png\n---\n"};

std::string with(std::string text, const Span& span, const std::string& piece) {
  return text.replace(span.from, span.size(), piece);
}

// What holds for every document: spans are sound, and a replaced reference is the new URL. Returns
// how many references have no place to write one to.
size_t check_properties(const std::string& text) {
  CAPTURE(text);
  const Scan scan = scan_of(text);
  size_t before = 0;
  for (const Reference& reference : scan.references) {
    REQUIRE(reference.span.from >= before);
    REQUIRE(reference.span.to <= text.size());
    before = reference.span.from;
  }
  const std::string to = "https://archive.test/x/1.png?a=b&c=d";
  size_t without_place = 0;
  for (const Reference& reference : scan.references) {
    if (reference.span.size() == 0) {
      ++without_place;
      continue;
    }
    CAPTURE(reference.raw, reference.element);
    const std::string copy = with(text, reference.span, escaped(to, reference.escapes));
    const Scan again = scan_of(copy);
    const auto there = std::find_if(
        again.references.begin(), again.references.end(),
        [&](const Reference& r) { return r.span.from == reference.span.from && r.url == to; });
    CHECK(there != again.references.end());
  }
  return without_place;
}

// cmark-gfm encodes more than URLs ask for.
std::string as_rendered(std::string_view url) {
  std::string out;
  for (const char c : url) {
    const bool encodes = std::string_view("[]\\|^").find(c) != std::string_view::npos;
    out += encodes ? fmt::format("%{:02X}", c) : std::string(1, c);
  }
  return out;
}

std::set<std::string> rendered_urls(std::string_view body) {
  const std::string html = render_markdown(body);
  std::set<std::string> urls;
  for (const Reference& r : find_html_references(SourceText(html, 0), kBase, "UTF-8").references) {
    const bool footnote = r.raw.starts_with("#fn");
    // An empty destination has no place that could be told.
    if (!footnote && !r.raw.empty() && !r.raw.starts_with("mailto:")) urls.insert(r.url);
  }
  return urls;
}

}  // namespace

TEST_CASE("every URL that cmark-gfm renders is listed, and no other", "[media]") {
  Generator generator(20220109);
  for (int i = 0; i < 20'000; ++i) {
    const std::string body = generator.document(kMarkdown);
    if (body.find("<a") != body.npos || body.find("<w") != body.npos) continue;
    CAPTURE(body, render_markdown(body));
    std::set<std::string> listed;
    for (const MarkdownUrl& url : find_markdown_urls(body)) {
      if (!url.rejected) listed.insert(Url::parse(as_rendered(url.value), &kBase)->href());
    }
    REQUIRE(listed == rendered_urls(body));
  }
}

TEST_CASE("replaced references of Markdown are read back", "[media]") {
  for (const char* name : {"36kr-wechat-open-class-2022.md"}) {
    if (const auto text = foreign_article(name)) CHECK(check_properties(*text) == 0);
  }
  CHECK(check_properties(fixture("lantern-festival.md")) == 0);
  std::vector<std::string_view> pieces = kMarkdown;
  pieces.insert(pieces.end(), kMore.begin(), kMore.end());
  Generator generator(7);
  size_t without_place = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string_view head = kHeads[static_cast<size_t>(i) % kHeads.size()];
    without_place += check_properties(std::string(head) + generator.document(pieces));
  }
  CHECK(without_place < 30);
}

TEST_CASE("when a browser would ask for what Markdown refers to", "[media]") {
  const Scan scan =
      scan_of("---\ncover: c.png\n---\n![a](a.png) [b](b.html) {% img /d.png %} ![e](e f.png)\n");
  REQUIRE(scan.references.size() == 5);
  CHECK(scan.references[0].loading == Loading::kNever);
  CHECK(scan.references[1].loading == Loading::kAtOnce);
  CHECK(scan.references[2].loading == Loading::kNever);
  CHECK(scan.references[3].loading == Loading::kAtOnce);
  CHECK(scan.references[4].loading == Loading::kNever);
  CHECK(scan.references[4].rejected);
  CHECK(scan.references[4].url == "https://blog.test/2022/e%20f.png");
  CHECK(scan.warnings.size() == 1);
}

TEST_CASE("pictures wherever front matter names them", "[media]") {
  struct Row {
    const char* rule;
    std::string_view text;
    std::vector<std::string> urls;
  };
  const Row rows[] = {
      {"nested keys (Hugo)",
       "---\ncover:\n  image: \"images/a.png\"\n  alt: x\n---\n",
       {"images/a.png"}},
      {"lists (Hexo)", "---\nphotos:\n - a.jpg\n - /b\n---\n", {"a.jpg", "/b"}},
      {"flow lists",
       "---\nphotos: [a.jpg, 'https://i.test/b']\n---\n",
       {"a.jpg", "https://i.test/b"}},
      {"themes",
       "---\nbanner_img: /a\ntop_img: https://i.test/b\ntopic: /c\n---\n",
       {"/a", "https://i.test/b"}},
      {"resources (Hugo)", "---\nresources:\n  - src: a.png\n    name: b\n---\n", {"a.png"}},
      {"resources in TOML", "+++\n[[resources]]\n  src = \"a.png\"\n+++\n", {"a.png"}},
      {"pages and words are none",
       "---\ncover: false\nimage: none\nlink: https://e.test/\n---\n",
       {}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      std::vector<std::string> urls;
      for (const Reference& reference : scan_of(row.text).references) urls.push_back(reference.raw);
      CHECK(urls == row.urls);
    }
  }
}

TEST_CASE("Markdown cut anywhere gets an answer", "[media]") {
  const std::string_view text =
      "---\ncover: 'c.png'\n---\n![a](<b c.png> \"t\") {% img \"/d.png\" %} `{{ x }}`\n\n"
      "| a |\n|---|\n| ![[e.png]] |\n\n<img src=\"{{ site.url }}/f.png\">[^1]\n\n[^1]: ![g](h "
      "i.png)\n";
  for (size_t size = 0; size <= text.size(); ++size) {
    for (const Reference& reference : scan_of(text.substr(0, size)).references) {
      CHECK(reference.span.to <= size);
    }
  }
}
