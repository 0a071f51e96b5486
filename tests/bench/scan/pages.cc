#include "tests/bench/scan/pages.h"

#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

namespace halftone::bench {
namespace {

constexpr std::string_view kWords[] = {
    "the",     "lantern", "of",      "river",   "and",   "market", "printed",  "in",
    "a",       "city",    "people",  "said",    "were",  "colour", "halftone", "picture",
    "archive", "evening", "through", "morning", "which", "had",    "been",     "to",
    "it",      "for",     "with",    "on",      "year",  "street", "light",    "paper"};

constexpr std::string_view kChinese[] = {"微信", "公开课", "内容", "创作者", "年度", "视频号",
                                         "发布", "的",     "了",   "支付",   "，",   "生态",
                                         "数据", "显示",   "。",   "用户",   "新",   "战略"};

// Never the same twice in a page, always the same in each run.
class Writer {
 public:
  explicit Writer(uint64_t seed) : state_(seed) {}

  size_t below(size_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<size_t>(state_ >> 33) % limit;
  }

  std::string words(size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      out += kWords[below(std::size(kWords))];
      out += i + 1 == count ? "." : " ";
    }
    return out;
  }

  std::string chinese(size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += kChinese[below(std::size(kChinese))];
    return out;
  }

  std::string slug() { return fmt::format("{}-{}-{}", word(), word(), below(100000)); }
  std::string_view word() { return kWords[below(std::size(kWords))]; }

  std::string link() {
    return fmt::format(
        "<a href=\"https://www.example.com/{}/{}/\" class=\"link link--{}\">{} &amp; {}</a>",
        word(), slug(), word(), word(), word());
  }

 private:
  uint64_t state_;
};

std::string head(Writer& w, std::string_view language) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{0}\" class=\"no-js\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{1}</title>\n<link rel=\"canonical\" href=\"https://www.example.com/{2}/\">\n"
      "<meta property=\"og:image\" content=\"https://cdn.example.com/{2}.jpg?w=1200&amp;h=630\">\n"
      "<meta name=\"description\" content=\"{1}\">\n"
      "<link rel=\"stylesheet\" href=\"/assets/css/main.{3}.css\" media=\"all\">\n"
      "<link rel=\"icon\" href=\"/favicon.ico\" sizes=\"32x32\">\n<style>\n",
      language, w.words(8), w.slug(), w.below(99999));
  for (int i = 0; i < 60; ++i) {
    out += fmt::format(
        ".{}-{} > .inner:hover, .{} {{ margin: 0 auto; padding: {}px 1rem; color: #{:06x}; "
        "background: var(--surface) no-repeat }}\n",
        w.word(), w.word(), w.word(), w.below(40), w.below(0xFFFFFF));
  }
  out += ".hero { background-image: url(\"/assets/img/hero.jpg\") }\n</style>\n";
  out += fmt::format(
      "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":"
      "\"NewsArticle\",\"headline\":\"{}\",\"image\":[\"https://cdn.example.com/{}.jpg\"],"
      "\"author\":{{\"@type\":\"Person\",\"name\":\"{}\"}}}}</script>\n",
      w.words(8), w.slug(), w.word());
  out +=
      "<script>\n(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),"
      "event:'gtm.js'});var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;\n";
  for (int i = 0; i < 120; ++i) {
    out += fmt::format(
        "  if (w.{0} < {1} && d.querySelector('.{2}')) {{ w.{0} = l['{2}'] || {1}; }}\n", w.word(),
        w.below(1000), w.word());
  }
  return out + "})(window,document,'script','dataLayer','GTM-X');\n</script>\n</head>\n<body>\n";
}

std::string menu(Writer& w, int entries) {
  std::string out = "<nav id=\"menu\" aria-label=\"Main\"><ul class=\"menu menu--main\">\n";
  for (int i = 0; i < entries; ++i) {
    out +=
        fmt::format("<li id=\"menu-item-{}\" class=\"menu-item menu-item-type-taxonomy\">{}</li>\n",
                    w.below(9999), w.link());
  }
  return out + "</ul></nav>\n";
}

// A blog as a common content management system writes it.
std::string blog() {
  Writer w(1);
  std::string out = head(w, "en") + menu(w, 40) + "<main><article class=\"post\">\n";
  for (int i = 0; i < 120; ++i) {
    out += "<p>" + w.words(40) + " " + w.link() + " <em>" + w.words(6) + "</em> " + w.words(40) +
           "</p>\n";
    if (i % 4 != 0) continue;
    const std::string name = w.slug();
    out += fmt::format(
        "<figure class=\"wp-block-image size-large\"><img loading=\"lazy\" decoding=\"async\" "
        "width=\"1024\" "
        "height=\"683\" "
        "src=\"https://www.example.com/wp-content/uploads/2022/01/{0}-1024x683.jpg\" "
        "alt=\"{1}\" class=\"wp-image-{2}\" srcset=\"",
        name, w.words(8), w.below(9999));
    for (const int width : {1024, 300, 768, 1536, 2048}) {
      out += fmt::format("https://www.example.com/wp-content/uploads/2022/01/{}-{}x{}.jpg {}w, ",
                         name, width, width * 2 / 3, width);
    }
    out += fmt::format(
        "https://www.example.com/wp-content/uploads/2022/01/{}.jpg 2560w\" "
        "sizes=\"(max-width: 1024px) 100vw, 1024px\" /><figcaption>{}</figcaption></figure>\n",
        name, w.words(12));
  }
  return out + "</article></main>\n<!-- " + w.words(30) + " -->\n" + menu(w, 20) +
         "</body></html>\n";
}

std::string portal() {
  Writer w(2);
  std::string out = head(w, "zh-CN") + menu(w, 20) + "<div class=\"article-content\">\n";
  for (int i = 0; i < 160; ++i) {
    out += "<p>" + w.chinese(60);
    out += fmt::format(
        "<a class=\"project-link\" data-id=\"{}\" data-name=\"{}\" "
        "data-logo=\"https://img.example.com/2020/v2_{:016x}_img_png\" data-refer-type=\"2\" "
        "href=\"https://example.com/projectDetails/{}\" target=\"_blank\">{}</a>",
        w.below(99999), w.chinese(2), w.below(1u << 31), w.below(99999), w.chinese(2));
    out += w.chinese(60) + "</p> \n";
    if (i % 6 != 0) continue;
    out += fmt::format(
        "<p class=\"image-wrapper\"><img data-img-size-val=\"1080,720\" class=\"lazy\" "
        "src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\" "
        "data-src=\"https://img.example.com/2022/v2_{:016x}_img_000\" "
        "referrerpolicy=\"no-referrer\"></p>\n",
        w.below(1u << 31));
  }
  return out + "</div></body></html>\n";
}

std::string state() {
  Writer w(3);
  std::string out = head(w, "en") + "<div id=\"root\"><article>";
  for (int i = 0; i < 40; ++i) out += "<p class=\"css-" + w.slug() + "\">" + w.words(60) + "</p>";
  out += "</article></div><script>window.__PRELOADED_STATE__ = {\"articles\":[";
  for (int i = 0; i < 300; ++i) {
    out += fmt::format(
        "{}{{\"id\":\"{:x}\",\"__typename\":\"Article\",\"headline\":\"{}\",\"url\":"
        "\"https:\\u002F\\u002Fwww.example.com\\u002F{}\",\"promotionalMedia\":{{\"__typename\":"
        "\"Image\","
        "\"renditions\":[{{\"url\":\"https:\\u002F\\u002Fstatic.example.com\\u002F{}.jpg\","
        "\"width\":{}}}]}},"
        "\"published\":true,\"wordCount\":{}}}",
        i ? "," : "", w.below(1u << 31), w.words(10), w.slug(), w.slug(), w.below(2048),
        w.below(4000));
  }
  return out + "]};</script></body></html>\n";
}

std::string front_page() {
  Writer w(4);
  std::string out = head(w, "en") + menu(w, 60);
  for (int i = 0; i < 250; ++i) {
    out += fmt::format(
        "<div class=\"card card--story\" data-position=\"{0}\" "
        "data-track='{{\"id\":{0},\"slot\":\"{1}\"}}'>\n"
        "  <a class=\"card__link\" href=\"/{2}/{3}\"><picture><source type=\"image/webp\" "
        "srcset=\"/images/{3}.webp 1x, /images/{3}@2x.webp 2x\"><img class=\"card__image\" "
        "src=\"/images/{3}.jpg\" alt=\"{4}\" loading=\"lazy\"></picture>\n"
        "  <h3 class=\"card__title\">{5}</h3></a>\n  <svg class=\"icon\" width=\"16\" "
        "height=\"16\" "
        "viewBox=\"0 0 16 16\"><path d=\"M8 0C3.58 0 0 3.58 0 8s3.58 8 8 8 8-3.58 "
        "8-8-3.58-8-8-8z\"/></svg>\n"
        "  <span class=\"card__meta\">{6}</span>\n</div>\n",
        i, w.word(), w.word(), w.slug(), w.words(5), w.words(9), w.words(4));
  }
  return out + "</body></html>\n";
}

std::string prose() {
  Writer w(5);
  std::string out = head(w, "en") + "<article>";
  for (int i = 0; i < 300; ++i) {
    out += "<p>" + w.words(90) + (i % 5 == 0 ? " " + w.link() : "") + "</p>\n";
  }
  return out + "</article></body></html>\n";
}

std::string style_sheet(Writer& w) {
  std::string out;
  for (int i = 0; i < 4000; ++i) {
    out += fmt::format(".{} > .{}:hover {{ margin: 0 {}px; color: #{:06x} }}\n", w.slug(), w.word(),
                       w.below(40), w.below(0xFFFFFF));
    if (i % 10 == 0) out += fmt::format(".i{} {{ background: url(/img/{}.png) }}\n", i, w.slug());
  }
  return out;
}

std::string markdown(Writer& w) {
  std::string out = "---\ntitle: A page\ndate: 2022-01-09\n---\n\n";
  for (int i = 0; i < 600; ++i) {
    out += w.words(80) + fmt::format(" [{}](https://www.example.com/{}/)\n\n", w.word(), w.slug());
    if (i % 5 == 0) out += fmt::format("![{}](/images/{}.jpg)\n\n", w.word(), w.slug());
  }
  return out;
}

std::string feed(Writer& w) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\n";
  for (int i = 0; i < 300; ++i) {
    out += fmt::format(
        "<item><title>{}</title><link>https://www.example.com/{}/</link>"
        "<content:encoded><![CDATA[<p>{}</p><img src=\"/images/{}.jpg\">]]></content:encoded>"
        "<description>{} &lt;img src=\"/images/{}.jpg\"&gt;</description></item>\n",
        w.words(8), w.slug(), w.words(120), w.slug(), w.words(30), w.slug());
  }
  return out + "</channel></rss>";
}

std::string drawing(Writer& w) {
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\">\n";
  for (int i = 0; i < 2000; ++i) {
    out += fmt::format("<path id=\"p{}\" d=\"M{} {}c-6.6 {} {} 22.1-{} 40.3z\" fill=\"#333\"/>\n",
                       i, w.below(99), w.below(99), w.below(99), w.below(99), w.below(99));
    if (i % 20 == 0) out += fmt::format("<image href=\"{}.png\" width=\"9\"/>\n", w.slug());
  }
  return out + "</svg>";
}

std::string sitemap(Writer& w) {
  std::string out = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  for (int i = 0; i < 3000; ++i) {
    out += fmt::format(
        "<url><loc>https://www.example.com/{}/</loc><lastmod>2022-01-09</lastmod></url>\n",
        w.slug());
  }
  return out + "</urlset>";
}

std::string playlist(Writer& w) {
  std::string out = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n";
  for (int i = 0; i < 6000; ++i) out += fmt::format("#EXTINF:6.006,\n{}-{}.ts\n", w.slug(), i);
  return out + "#EXT-X-ENDLIST\n";
}

}  // namespace

std::vector<TypedPage> other_documents() {
  Writer w(6);
  return {{DocumentType::kCss, style_sheet(w)}, {DocumentType::kMarkdown, markdown(w)},
          {DocumentType::kFeed, feed(w)},       {DocumentType::kSvg, drawing(w)},
          {DocumentType::kSitemap, sitemap(w)}, {DocumentType::kHls, playlist(w)}};
}

std::string long_page(size_t bytes) {
  Writer w(7);
  std::string out = head(w, "en");
  out.reserve(bytes + 1024);
  while (out.size() < bytes) {
    out += "<p>" + w.words(90) + fmt::format("<img src=\"/images/{}.jpg\">", w.slug());
  }
  return out;
}

std::vector<Page> article_pages() {
  return {{"blog", blog()},
          {"portal", portal()},
          {"state", state()},
          {"front page", front_page()},
          {"prose", prose()}};
}

}  // namespace halftone::bench
