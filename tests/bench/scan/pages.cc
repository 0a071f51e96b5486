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

std::string repeated(std::string_view piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

}  // namespace

std::vector<Page> article_pages() {
  return {{"blog", blog()},
          {"portal", portal()},
          {"state", state()},
          {"front page", front_page()},
          {"prose", prose()}};
}

const std::vector<Hostile>& hostile_inputs() {
  static const std::vector<Hostile> inputs = {
      {"<", [](size_t n) { return repeated("<", n); }},
      {"<a ", [](size_t n) { return repeated("<a ", n); }},
      {"<a b='", [](size_t n) { return repeated("<a b='\">", n); }},
      {"one attribute", [](size_t n) { return "<img src='" + repeated("0123456789", n) + "'>"; }},
      {"attributes",
       [](size_t n) {
         std::string out = "<p ";
         for (size_t i = 0; i < n; ++i) out += fmt::format("a{}=b ", i);
         return out + ">";
       }},
      {"srcset", [](size_t n) { return "<img srcset='" + repeated("a.png 2x, ", n) + "'>"; }},
      {"srcset of commas", [](size_t n) { return "<img srcset='" + repeated("a,", n) + "'>"; }},
      {"srcset parentheses", [](size_t n) { return "<img srcset='a " + repeated("(", n) + "'>"; }},
      {"deep JSON",
       [](size_t n) { return "<script type=application/json>" + repeated("{\"a\":", n); }},
      {"open JSON strings",
       [](size_t n) { return "<script type=application/json>" + repeated("[\"", n); }},
      {"JSON.parse",
       [](size_t n) { return "<script>" + repeated("JSON.parse('", n) + "</script>"; }},
      {"data-* JSON",
       [](size_t n) { return "<p data-x='" + repeated("[\"//x.org/a.png\",", n) + "'>"; }},
      {"srcdoc", [](size_t n) { return repeated("<iframe srcdoc='<img src=a>'></iframe>", n); }},
      {"nested srcdoc",
       [](size_t n) { return "<iframe srcdoc='" + repeated("<iframe srcdoc=\"", n) + "'>"; }},
      {"open comments", [](size_t n) { return repeated("<!--", n); }},
      {"dashes", [](size_t n) { return "<!--" + repeated("--", n); }},
      {"CDATA", [](size_t n) { return "<svg>" + repeated("<![CDATA[", n); }},
      {"bogus CDATA", [](size_t n) { return repeated("<![CDATA[", n); }},
      {"</script", [](size_t n) { return "<script>" + repeated("</script", n); }},
      {"<!--<script", [](size_t n) { return "<script>" + repeated("<!--<script>", n); }},
      {"&", [](size_t n) { return "<p title='" + repeated("&", n) + "'>" + repeated("&", n); }},
      {"&amp;", [](size_t n) { return "<img src='" + repeated("&amp;", n) + "'>"; }},
      {"url(", [](size_t n) { return "<style>" + repeated("a{b:url(", n); }},
      {"bad urls", [](size_t n) { return "<style>" + repeated("a{b:url(x y", n); }},
      {"CSS names", [](size_t n) { return "<style>" + repeated("\\75", n); }},
      {"image-set", [](size_t n) { return "<style>a{b:" + repeated("image-set('a'", n); }},
      {"nested svg", [](size_t n) { return repeated("<svg>", n) + repeated("</svg>", n); }},
      {"svg paths", [](size_t n) { return "<svg>" + repeated("<g>", n) + repeated("</p1>", n); }},
      {"templates", [](size_t n) { return repeated("<template>", n); }},
      {"pictures",
       [](size_t n) { return "<picture>" + repeated("<source srcset=a><img loading=lazy>", n); }},
      {"a long base",
       [](size_t n) {
         return "<base href='//b.org/" + repeated("x", n) + "'>" + repeated("<a href=?>", n);
       }},
      {"dots", [](size_t n) { return "<a href='" + repeated("../a/", n) + "'>"; }},
  };
  return inputs;
}

}  // namespace halftone::bench
