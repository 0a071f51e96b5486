#include "media/template_tags.h"

#include "media/document.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://blog.test/2022/post.html");

// "kind url" for each reference, joined by " | ".
std::string summary(const Scan& scan) {
  std::string out;
  for (const Reference& reference : scan.references) {
    if (!out.empty()) out += " | ";
    out += to_string(reference.kind);
    out += ' ' + reference.url;
  }
  return out;
}

Scan scan_of(std::string_view body) { return scan_document(body, DocumentType::kMarkdown, kBase); }

}  // namespace

TEST_CASE("references in template tags", "[media]") {
  struct Row {
    const char* rule;
    std::string_view body, references;
  };
  const std::string_view a = "image https://blog.test/2022/a.png";
  const std::string_view root = "image https://blog.test/a.png";
  const Row rows[] = {
      // hexo.io/docs/tag-plugins, hexo.io/docs/asset-folders
      {"Hexo: an asset", "{% asset_img a.png This is a title %}", a},
      {"Hexo: an asset with its title", "{% asset_img \"a.png\" 'spaced b.png' %}", a},
      {"Hexo: classes before, sizes behind", "{% img left /a.png 100 b.png 'c \"d\"' %}", root},
      {"Hexo: no extension", "{% img https://i.test/x?y=1 %}", "image https://i.test/x?y=1"},
      {"Hexo: asset path in a destination", "![x]({% asset_path a.png %})", a},
      {"Hexo: asset link", "{% asset_link a.png 'b c' %}", a},
      {"Hexo: a link", "{% link text https://e.test/p %}", "page https://e.test/p"},
      {"Hexo: another post", "{% post_link some-slug 'title' %}", ""},
      {"Hexo: videos", "{% youtube abc123 %} {% video /v.mp4 %}", "media https://blog.test/v.mp4"},
      // gohugo.io/content-management/shortcodes
      {"Hugo: figure", "{{< figure src=\"a.png\" link='big.jpg' title=\"c.png\" >}}",
       "image https://blog.test/2022/a.png | image https://blog.test/2022/big.jpg"},
      {"Hugo: link", "{{< figure src=/a link=https://e.test/p >}}",
       "image https://blog.test/a | page https://e.test/p"},
      {"Hugo: in percent signs, over lines", "{{% figure\n  src=\"a.png\"\n  alt=`b` %}}", a},
      {"Hugo: without blanks", "{{<img src=\"a.png\">}}", a},
      {"Hugo: video and page", "{{< video src=\"v.mp4\" >}} [x]({{< ref \"posts/x.md\" >}})",
       "media https://blog.test/2022/v.mp4"},
      {"Hugo: a gallery", "{{< gallery \"a.png\" \"b.webp\" />}}",
       "image https://blog.test/2022/a.png | image https://blog.test/2022/b.webp"},
      {"Hugo: escaped", "{{</* figure src=\"a.png\" */>}}", ""},
      // jekyllrb.com/docs/liquid, includes
      {"Jekyll: include", "{% include image.html src=\"/a.png\" alt=\"b.png\" %}", root},
      {"Jekyll: link", "{% link _posts/2022-01-01-x.md %} {% link a.png %}", a},
      {"Jekyll: the site's root", "![x]({{ site.baseurl }}/a.png)", root},
      {"Jekyll: both", "<img src=\"{{ site.url }}{{ site.baseurl }}/a.png\">", root},
      {"Jekyll: a filter", "![x]({{ \"/a.png\" | relative_url }})", root},
      {"Jekyll: a filter in an attribute", "<img src=\"{{ '/a.png' | absolute_url }}\">", root},
      {"Jekyll: double quotes in double quotes", "<img src=\"{{ \"/a.png\" | relative_url }}\">",
       root},
      {"Jekyll: what cannot be told", "![x]({{ page.image }}) ![x]({{ site.url }}{{ page.path }})",
       ""},
      {"kramdown's lists", "![x](a.png){: width=\"9\" data-x=\"https://e.test/\" }", a},
      {"Obsidian", "![[a.png|300]] [[b.png]] ![[Note]]", a},
      {"Obsidian: blanks", "![[my a.png]]", "image https://blog.test/2022/my%20a.png"},
      {"raw", "{% raw %}{% img /b.png %}{% endraw %} {% img /a.png %}", root},
      {"a block of code",
       "{% codeblock lang:md %}\n![](b.png)\n\n![](c.png)\n{% endcodeblock %}\n\n![](a.png)", a},
      {"Hugo's highlight",
       "{{< highlight html >}}\n<img src=b.png>\n{{< /highlight >}}\n\n![](a.png)", a},
      {"code",
       "`{% img /b.png %}`\n\n```\n{% img /c.png %}\n```\n\n    {% img /d.png %}\n\n{% img /a.png "
       "%}",
       root},
      {"never closed", "{% img /b.png\n\n![](a.png) {{ x", a},
      {"a URL with its own equals sign", "{% img /a.png?x=1 %}",
       "image https://blog.test/a.png?x=1"},
      {"not into a fence", "{{ x\n```\ny }}\n```\n![](a.png)", a},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.body) {
      CHECK(summary(scan_of(row.body)) == row.references);
    }
  }
}

TEST_CASE("a URL that a template completes is told of", "[media]") {
  const Scan scan = scan_of("![x]({{ page.image }}/a.png)");
  REQUIRE(scan.warnings.size() == 1);
  CHECK_THAT(scan.warnings[0], Catch::Contains("{{ page.image }}/a.png"));
  CHECK(scan_of("{{ page.title }} {% post_link x %}").warnings.empty());
}

TEST_CASE("template tags tell whose URL it is", "[media]") {
  const Scan scan = scan_of("{{< figure src=\"a.png\" alt=\"a cat\" >}}");
  REQUIRE(scan.references.size() == 1);
  CHECK(scan.references[0].element == "figure");
  CHECK(scan.references[0].attribute == "src");
  CHECK(scan.references[0].alt == "a cat");
  CHECK(scan.references[0].span == Span{16, 21});
}

TEST_CASE("masked tags leave every other byte where it was", "[media]") {
  const std::string_view body = "a {% b\nc %} d";
  CHECK(without_template_tags(body, scan_template_tags(body).tags) == "a xxxx\nxxxx d");
}

// Each would take hours by a method that looks ahead for every mark.
TEST_CASE("hostile template tags get an answer", "[media]") {
  for (const std::string_view piece :
       {"{%", "{{", "{{<", "{% img ", "{:", "![[", "{% raw %}", "{% codeblock %}", "{% a=\"",
        "{{ x }}", "{% img /a.png %}", "{{< figure src=", "{% x ======", "{%%}"}) {
    std::string body;
    for (int i = 0; i < 200'000; ++i) body += piece;
    CAPTURE(piece);
    const TemplateScan scan = scan_template_tags(body);
    for (const TemplateTag& tag : scan.tags) REQUIRE(tag.span.to <= body.size());
    for (const TemplateUrl& url : scan.urls) REQUIRE(url.span.to <= body.size());
  }
}
