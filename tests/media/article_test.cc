#include "media/article.h"

#include "media/feed.h"
#include "tests/support/articles.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

// A paragraph that counts.
#define WORDS                                                                                   \
  "The first long paragraph of the story, which goes on for some while, with commas, and more " \
  "of them, so that it counts."
#define PARAGRAPH "<p>" WORDS "</p>"

const Url kBase = *Url::parse("https://news.test/a/b.html");

ArticleFacts read(std::string_view bytes, DocumentType type = DocumentType::kHtml) {
  const auto scan = scan_document(bytes, type, kBase);
  return read_article(bytes, type, kBase, scan);
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
      {"an <h1> tells what of <title> is the title", "<title>A - B - News</title><h1>A - B</h1>",
       "A - B"},
      {"without blanks in Chinese", "<title>灯会三百年_城市_晚报</title><h1>灯会三百年</h1>",
       "灯会三百年"},
      {"the site in front", "<title>Mill: A</title><meta property=og:site_name content=Mill>", "A"},
      {"the host's name", "<title>A | News</title>", "A"},
      {"several parts after it",
       "<title>A | City | Mill</title><meta property=og:site_name content=Mill>", "A | City"},
      {"a dash within", "<title>A - B</title>", "A - B"},
      {"references twice encoded", "<meta property=og:title content='A &amp;amp; B'>", "A & B"},
      {"microdata", "<div itemscope itemtype=http://schema.org/Article><b itemprop=headline>A</b>",
       "A"},
      {"Dublin Core", "<meta name=DC.title content=A><title>B</title>", "A"},
      {"citation_title", "<meta name=citation_title content=A><title>B</title>", "A"},
      {"an <h1> that is the site's name", "<title>Tea - Mill</title><h1>Mill</h1><h1>Tea</h1>",
       "Tea"},
      {"references that are meant", "<title>Using &amp;lt;div&amp;gt; and &amp;amp;nbsp; in HTML",
       "Using &lt;div&gt; and &amp;nbsp; in HTML"},
      {"an <h2> beside an <h1> that is the site's name",
       "<title>Big story - Example Site</title><h1>Example Site</h1><h2>Big story</h2>",
       "Big story"},
      {"the site's name is no title where an <h1> is one",
       "<title>Example</title><meta property=og:site_name content=Example><h1>Real</h1>", "Real"},
      {"a variable of WeChat",
       "<title></title><script>var msg_title = '灯会'.html(false);</script><p id=js_content>x",
       "灯会"},
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

TEST_CASE("who wrote an article", "[media]") {
  struct Row {
    const char* rule;
    std::string_view html, author;
  };
  const Row rows[] = {
      {"nobody", "<p>x", ""},
      {"meta", "<meta name=author content='By Ada'>", "Ada"},
      {"an address is no name",
       "<meta property=article:author content=https://x.test/ada><meta name=author content=Ada>",
       "Ada"},
      {"several", "<meta name=citation_author content=Ada><meta name=citation_author content=Bo>",
       "Ada, Bo"},
      {"rel", "<h1>T</h1><a rel='author nofollow' href=/a>Ada</a>", "Ada"},
      {"class", "<h1>T</h1><span class=author-name>Ada</span>", "Ada"},
      {"class, with more behind it", "<h1>T</h1><div class=byline>By Ada Lin \xC2\xB7 3 May</div>",
       "Ada Lin"},
      {"microdata, nested",
       "<div itemscope itemtype=http://schema.org/Article><span itemprop=author itemscope "
       "itemtype=http://schema.org/Person><a itemprop=url href=/a><b itemprop=name>Ada</b></a>"
       "</span></div>",
       "Ada"},
      {"not who commented",
       "<div itemscope itemtype=http://schema.org/Article><div itemprop=comment itemscope "
       "itemtype=http://schema.org/Comment><b itemprop=author>Bo</b></div></div>",
       ""},
      {"a line near the title", "<h1>T</h1><p>By Ada Lin | 3 May 2022</p><p>x", "Ada Lin"},
      {"in Chinese", "<h1>T</h1><div>2022-05-03 来源：晨报 作者：王小明 编辑：李四</div><p>x",
       "王小明"},
      {"文/", "<h1>T</h1><p>文/王小明</p><p>x", "王小明"},
      {"in Russian", "<h1>T</h1><p>Автор: Пётр</p><p>x", "Пётр"},
      {"a name before a time", "<h1>T</h1><p>Posted by <span class=fn>Bob</span> at <a>9</a></p>x",
       "Bob"},
      {"JSON-LD by @id in another script",
       "<script "
       "type=application/ld+json>{\"@type\":\"Article\",\"author\":{\"@id\":\"#a\"}}</script>"
       "<script type=application/ld+json>{\"@id\":\"#a\",\"name\":\"Ada\"}</script>",
       "Ada"},
      {"JSON-LD in CDATA",
       "<script type=application/ld+json><![CDATA[{\"@type\":\"Article\",\"author\":\"Ada\"}]]>"
       "</script>",
       "Ada"},
      {"in a comment of several lines",
       "<script "
       "type=application/ld+json>/*<![CDATA[*/{\"@type\":\"Article\",\"author\":\"Ada\"}/*]]>"
       "*/</script>",
       "Ada"},
      {"in a comment of one line",
       "<script "
       "type=application/ld+json>//<![CDATA[\n[{\"@type\":\"Article\",\"author\":\"Ada\"}]\n"
       "//]]></script>",
       "Ada"},
      {"a variable of WeChat",
       "<script>var nickname = htmlDecode(\"晨报\");</script><p id=js_content>x", "晨报"},
      {"a sentence is none", "<h1>T</h1><p>By noon, it rained. We left.</p>", ""},
      {"JSON-LD with a comma too many",
       "<script type=application/ld+json>{\"@type\":\"Article\",\"author\":{\"name\":\"Ada\",},}"
       "</script>",
       "Ada"},
      {"JSON-LD of somebody else",
       "<script type=application/ld+json>{\"@type\":\"Product\",\"author\":\"Bo\"}</script>", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) { CHECK(read(row.html).author == row.author); }
  }
}

TEST_CASE("when an article was published", "[media]") {
  struct Row {
    const char* rule;
    std::string_view html, date;
  };
  const Row rows[] = {
      {"a meta that is no date does not count",
       "<meta property=article:published_time content=soon><meta name=pubdate content=2022-01-09>",
       "2022-01-09T00:00:00Z"},
      {"publication before change",
       "<meta property=article:modified_time content=2023-01-01><meta name=date "
       "content=2022-01-09>",
       "2022-01-09T00:00:00Z"},
      {"change where there is nothing else",
       "<meta property=article:modified_time content=2023-01-01>", "2023-01-01T00:00:00Z"},
      {"Dublin Core", "<meta name=DCTERMS.issued content=2022-01-09>", "2022-01-09T00:00:00Z"},
      {"<time pubdate> before others",
       "<time datetime=2020-01-01></time><time pubdate datetime=2022-01-09></time>",
       "2022-01-09T00:00:00Z"},
      {"the words of <time>", "<time>January 9, 2022</time>", "2022-01-09T00:00:00Z"},
      {"a line near the title", "<h1>T</h1><div>2022年1月9日 11:28 来源：晨报</div><p>x",
       "2022-01-09T11:28:00Z"},
      {"hAtom", "<h1>T</h1><abbr class=published title=2009-05-05T10:20:00-07:00>May</abbr>",
       "2009-05-05T17:20:00Z"},
      {"<abbr> of microdata", "<abbr itemprop=datePublished title=2009-05-05>May</abbr>",
       "2009-05-05T00:00:00Z"},
      {"a variable of WeChat",
       "<em id=publish_time></em><script>var ct = \"1614902400\";</script>" PARAGRAPH,
       "2021-03-05T00:00:00Z"},
      {"the other one",
       "<em id=publish_time></em><script>var publish_time = \"2021-03-05\" || \"\";</script>",
       "2021-03-05T00:00:00Z"},
      {"variables of other pages", "<script>var ct = \"1614902400\";</script>" PARAGRAPH, "none"},
      {"a comment's",
       "<h1>T</h1>" PARAGRAPH PARAGRAPH "<ol class=commentlist><li class=comment>Bo <time "
       "datetime=2011-02-02>2 Feb 2011</time><p>No."
       "</ol>",
       "none"},
      {"a related page's",
       "<article><h1>T</h1>" PARAGRAPH
       "<aside class=related><time datetime=2011-02-02>2 February 2011</time></aside></article>",
       "none"},
      {"a footer's",
       "<h1>T</h1>" PARAGRAPH "<footer>Last visit <time datetime=2026-01-01>1 January 2026</time>",
       "none"},
      {"a list's",
       "<h1>Archive</h1><ul><li><a href=/1>The first of the posts</a> <time "
       "datetime=2020-01-01>2020-01-01</time><li><a href=/2>The second of the posts</a> <time "
       "datetime=2020-01-02>2020-01-02</time></ul>",
       "none"},
      {"one of several articles'",
       "<main><h1>Blog</h1><article><h2>A</h2><time>2020-01-02</time>" PARAGRAPH PARAGRAPH
       "</article><article><h2>B</h2><time>2020-01-01</time>" PARAGRAPH PARAGRAPH
       "</article></main>",
       "none"},
      {"one of several entries'",
       "<h1>Blog</h1><div><h2><a href=/1>A</a></h2><time>2020-01-02</time>" PARAGRAPH
       "</div><div><h2><a href=/2>B</a></h2><time>2020-01-01</time>" PARAGRAPH "</div>",
       "none"},
      {"the header's above it",
       "<header><h1>T</h1><time datetime=2022-01-09>then</time></header><article>" PARAGRAPH
       "</article>",
       "2022-01-09T00:00:00Z"},
      {"microdata",
       "<div itemscope itemtype=//schema.org/Article><meta itemprop=datePublished "
       "content=2022-01-09></div>",
       "2022-01-09T00:00:00Z"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) { CHECK(iso(read(row.html).date) == row.date); }
  }
  const Url dated = *Url::parse("https://news.test/2022/01/09/tea.html");
  const auto scan = scan_document("<p>x", DocumentType::kHtml, dated);
  CHECK(iso(read_article("<p>x", DocumentType::kHtml, dated, scan).date) == "2022-01-09T00:00:00Z");
}

TEST_CASE("an article's language, categories and lead image", "[media]") {
  CHECK(read("<meta property=og:locale content=zh_CN>").language == "zh-CN");
  CHECK(read("<meta http-equiv=content-language content='de, en'>").language == "de");
  CHECK(read("<meta name=keywords content='tea, 茶，milk'>").categories ==
        std::vector<std::string>{"tea", "茶", "milk"});
  CHECK(read("<meta name=keywords content=x,y><a rel=tag>tea</a><a rel=tag>Tea</a>").categories ==
        std::vector<std::string>{"tea"});
  CHECK(read("<meta property=og:image content=/logo.png><p><img src=/tea.jpg>").lead_image ==
        "https://news.test/tea.jpg");
  CHECK(read("<meta property=og:image content=/logo.png>").lead_image ==
        "https://news.test/logo.png");
}

TEST_CASE("a feed's item fills in what the page does not tell", "[media]") {
  FeedEntry entry;
  entry.title = "Tea &amp; milk";
  entry.author = "ada@news.test (Ada)";
  entry.date = parse_date("2022-01-09");
  entry.categories = {"tea"};
  entry.images = {"https://news.test/tea.jpg"};
  entry.url = "https://news.test/tea";
  ArticleFacts facts;
  complete_facts(facts, entry);
  CHECK(facts.title == "Tea & milk");
  CHECK(facts.author == "Ada");
  CHECK(iso(facts.date) == "2022-01-09T00:00:00Z");
  CHECK(facts.categories == entry.categories);
  CHECK(facts.lead_image == entry.images[0]);
  CHECK(facts.canonical == entry.url);
  ArticleFacts known = read("<title>A</title><meta name=author content=Bo>");
  complete_facts(known, entry);
  CHECK(known.title == "A");
  CHECK(known.author == "Bo");
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
      {"two line breaks end a paragraph", "<p>a<br><br>b</p>", "a\n\nb"},
      {"inline elements add no blanks", "<p>a<b>b</b><span>c</span> d</p>", "abc d"},
      {"line breaks between Chinese vanish", "<p>灯会\n 三百年 abc\n灯</p>", "灯会三百年 abc 灯"},
      {"blanks that do not break", "<p>&nbsp;&nbsp;a&nbsp; b&shy;c&#x3000;</p>", "a bc"},
      {"a table of data", "<p>x.</p><table><tr><th>a<th>b<tr><td>1<td>2</table><p>y.</p>",
       "x.\n\na\tb\n1\t2\n\ny."},
      {"what is hidden",
       "<p>a</p><p hidden>no</p><div style='color:red; display: none'>no</div>"
       "<p>b <span aria-hidden=true>no <span>no</span> no</span>c</p>",
       "a\n\nb c"},
      {"scripts within a paragraph", "<p>a<script>no</script><svg><text>no</text></svg>b", "ab"},
      {"an unclosed nav ends with what is around it", "<div><nav><a href=/>no</a></div><p>a</p>",
       "a"},
      {"ruby without its reading", "<p><ruby>漢<rp>(<rt>かん<rp>)</ruby>字</p>", "漢字"},
      {"comments", "<p>a</p><div id=comments><p>no, nothing of the kind.</p></div>", "a"},
      {"anchors of headings, numbers of lines",
       "<h2>a<a class=headerlink href=#a>#</a></h2><p>b</p>", "a\n\nb"},
      {"boxes of a page builder",
       "<div class='elementor-widget elementor-widget-text-editor'><p>a</p></div>", "a"},
      {"nothing but an aside", "<aside><p>a</p></aside>", "a"},
      {"a paragraph that is one link",
       "<article><p>a.</p><p><a href=/>b</a></p><p>c.</p></article>", "a.\n\nb\n\nc."},
      {"a list of steps with links",
       "<article><h1>T</h1>" PARAGRAPH
       "<ol><li>Go to <a href=/x>the settings page</a>.</li><li>Click <a href=/y>Save changes</a>."
       "</li><li>Press <a href=/y>the large OK button</a>.</li></ol>" PARAGRAPH "</article>",
       "T\n\n" WORDS "\n\nGo to the settings page.\n\nClick Save changes.\n\nPress the large OK "
       "button.\n\n" WORDS},
      {"the last step without one",
       "<article>" PARAGRAPH
       "<ol><li>Go to <a href=/x>the settings page</a>.<li>Click <a href=/y>Save "
       "changes</a>.<li>Done.</ol></article>",
       WORDS "\n\nGo to the settings page.\n\nClick Save changes.\n\nDone."},
      {"a list of links between paragraphs, whatever holds them",
       "<div>" PARAGRAPH PARAGRAPH
       "<ul><li><a href=/1>First resource guide</a></li><li><a href=/2>Second resource</a>: a note"
       "</li></ul>" PARAGRAPH "</div>",
       WORDS "\n\n" WORDS "\n\nFirst resource guide\n\nSecond resource: a note\n\n" WORDS},
      {"but not under a telling heading",
       "<article>" PARAGRAPH
       "<h3>Related</h3><ul><li><a href=/1>First of them</a></li><li><a href=/2>Second</a></li>"
       "</ul>" PARAGRAPH PARAGRAPH PARAGRAPH "</article>",
       WORDS "\n\n" WORDS "\n\n" WORDS "\n\n" WORDS},
      {"and not at the end",
       "<article>" PARAGRAPH "<ul><li><a href=/1>First of them</a><li><a href=/2>Second</a></ul>",
       WORDS},
      {"nor buttons",
       "<article>" PARAGRAPH
       "<ul><li><a href=/1>Facebook</a><li><a href=/2>Tweet</a></ul>" PARAGRAPH "</article>",
       WORDS "\n\n" WORDS},
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
      {"noscript after its placeholder",
       "<img src=data:image/gif;base64,AA><noscript><img src=/a.png alt=A></noscript>",
       "https://news.test/a.png (A)"},
      {"noscript after a small rendition",
       "<img src=/a-60.png alt=A><noscript><img src=/a.png></noscript>",
       "https://news.test/a.png (A)"},
      {"noscript after a lazy one", "<img data-src=/a.png><noscript><img src=/a2.png></noscript>",
       "https://news.test/a.png"},
      {"noscript with another picture", "<img src=/a.jpg><noscript><img src=/b.jpg></noscript>",
       "https://news.test/a.jpg | https://news.test/b.jpg"},
      {"noscript with another picture after <picture>",
       "<picture><source srcset=/a.webp><img src=/a.jpg></picture><noscript><img "
       "src=/b.jpg></noscript>",
       "https://news.test/a.jpg | https://news.test/b.jpg"},
      {"noscript with the next one", "<img src=/a-10.jpg><noscript><img src=/a-11.jpg></noscript>",
       "https://news.test/a-10.jpg | https://news.test/a-11.jpg"},
      {"noscript with a larger one",
       "<img src=/a-60x40.jpg><noscript><img src=/a-1200x800.jpg></noscript>",
       "https://news.test/a-1200x800.jpg"},
      {"noscript with a larger one, by its query",
       "<img src=/a.jpg?w=60><noscript><img src=/a.jpg?w=600></noscript>",
       "https://news.test/a.jpg?w=600"},
      {"noscript with another, by its query",
       "<img src=/p?id=1><noscript><img src=/p?id=2></noscript>",
       "https://news.test/p?id=1 | https://news.test/p?id=2"},
      {"buttons",
       "<img src=/fb.jpg alt='Share on Facebook'><img src=/x.png width=16><img src=/share.png>",
       ""},
      {"a logo in the title", "<h1><img src=/l.png alt=Logo></h1><p><img src=/b.png>",
       "https://news.test/b.png"},
      {"<picture> whose <img> is a placeholder",
       "<picture><source srcset='/a.webp 1x'><img src=data:image/gif;base64,AA></picture>",
       "https://news.test/a.webp"},
      {"no faces and icons",
       "<img src=/u/avatar/1.jpg><img class=emoji src=/e.png><img src=/i.png width=16 height=16>",
       ""},
      {"the caption before its picture",
       "<figure><figcaption>C</figcaption><img src=/a.png></figure>",
       "https://news.test/a.png [C]"},
      {"the caption of WordPress",
       "<div class=wp-caption><img src=/a.png><p class=wp-caption-text>C</p></div>",
       "https://news.test/a.png [C]"},
      {"a line of text as caption", "<p>x.</p><p><img src=/a.png></p><p>（图源官方）</p><p>y.</p>",
       "https://news.test/a.png [（图源官方）]"},
      {"title as caption", "<img src=/a.png title=C>", "https://news.test/a.png [C]"},
      {"aria", "<img src=/a.png aria-label=A aria-describedby=d><p id=d>C</p>",
       "https://news.test/a.png (A) [C]"},
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
  const ArticleFacts more =
      read("First *words*.\n\n<!-- more -->\n\n![alt](p.png \"said\")\n", DocumentType::kMarkdown);
  CHECK(more.excerpt == "First words.");
  CHECK(pictures(more) == "https://news.test/a/p.png (alt) [said]");
}

TEST_CASE("front matter as other systems write it", "[media]") {
  const ArticleFacts yaml = read(
      "---\ntitle: T\nauthors:\n  - name: A\n  - name: B\ntags: one, two\nimage:\n  path: "
      "/i.png\n  alt: x\n---\nBody",
      DocumentType::kMarkdown);
  CHECK(yaml.author == "A, B");
  CHECK(yaml.categories == std::vector<std::string>{"one", "two"});
  CHECK(yaml.lead_image == "https://news.test/i.png");
  const ArticleFacts toml =
      read("+++\ntitle = \"T\"\n[taxonomies]\ncategories = [\"z\"]\ntags = [\"y\"]\n+++\nBody",
           DocumentType::kMarkdown);
  CHECK(toml.categories == std::vector<std::string>{"z", "y"});
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
  for (const std::string_view piece : {"<article>",
                                       "<p>",
                                       "<li>",
                                       "<nav>",
                                       "<figure><img src=a>",
                                       "<h1>x",
                                       "<blockquote><p>",
                                       "<script type=application/ld+json>[",
                                       "<title>",
                                       "</p>",
                                       "<table><tr><td>",
                                       "<td></div>",
                                       "<img src=a aria-describedby=b>",
                                       "<meta name=author content=a>",
                                       "<b itemprop=author>",
                                       "<div itemscope>",
                                       "<a rel=tag>x",
                                       "<br>",
                                       "<div class='",
                                       "<rt>",
                                       "<div hidden>",
                                       "作者：",
                                       "<h1>2022-01-0"}) {
    CAPTURE(piece);
    for (const int count : {25'000, 50'000}) {
      std::string html;
      for (int i = 0; i < count; ++i) html += piece;
      const ArticleFacts facts = read(html);
      CHECK(facts.body.to <= html.size());
      CHECK(facts.text.size() <= html.size());
    }
  }
  const std::string deep = "<script type=application/ld+json>" + std::string(500'000, '[');
  CHECK(read(deep).title.empty());
}
