#include "media/article_elements.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kLongestHint = 512;  // bytes of a class that are looked at
constexpr size_t kMostWords = 8;      // of one name

struct Row {
  std::string_view name;
  BlockRole role;
};

// Sorted by name; the id of an element is its place here, and one.
constexpr Row kElements[] = {
    {"a", BlockRole::kInline},
    {"abbr", BlockRole::kInline},
    {"address", BlockRole::kBlock},
    {"amp-ad", BlockRole::kDropped},
    {"amp-consent", BlockRole::kDropped},
    {"amp-sidebar", BlockRole::kDropped},
    {"amp-social-share", BlockRole::kDropped},
    {"annotation", BlockRole::kDropped},
    {"article", BlockRole::kBlock},
    {"aside", BlockRole::kBlock},
    {"audio", BlockRole::kDropped},
    {"b", BlockRole::kInline},
    {"blockquote", BlockRole::kBlock},
    {"body", BlockRole::kBlock},
    {"button", BlockRole::kDropped},
    {"canvas", BlockRole::kDropped},
    {"caption", BlockRole::kParagraph},
    {"center", BlockRole::kBlock},
    {"cite", BlockRole::kInline},
    {"datalist", BlockRole::kDropped},
    {"dd", BlockRole::kItem},
    {"details", BlockRole::kBlock},
    {"dialog", BlockRole::kDropped},
    {"dir", BlockRole::kList},
    {"div", BlockRole::kBlock},
    {"dl", BlockRole::kList},
    {"dt", BlockRole::kItem},
    {"em", BlockRole::kInline},
    {"fieldset", BlockRole::kBlock},
    {"figcaption", BlockRole::kCaption},
    {"figure", BlockRole::kFigure},
    {"font", BlockRole::kInline},
    {"footer", BlockRole::kBlock},
    {"form", BlockRole::kBlock},
    {"frameset", BlockRole::kBlock},
    {"h1", BlockRole::kHeading},
    {"h2", BlockRole::kHeading},
    {"h3", BlockRole::kHeading},
    {"h4", BlockRole::kHeading},
    {"h5", BlockRole::kHeading},
    {"h6", BlockRole::kHeading},
    {"head", BlockRole::kDropped},
    {"header", BlockRole::kBlock},
    {"hgroup", BlockRole::kBlock},
    {"html", BlockRole::kBlock},
    {"i", BlockRole::kInline},
    {"iframe", BlockRole::kDropped},
    {"label", BlockRole::kInline},
    {"legend", BlockRole::kBlock},
    {"li", BlockRole::kItem},
    {"main", BlockRole::kBlock},
    {"map", BlockRole::kDropped},
    {"menu", BlockRole::kList},
    {"nav", BlockRole::kDropped},
    {"noscript", BlockRole::kNoscript},
    {"object", BlockRole::kDropped},
    {"ol", BlockRole::kList},
    {"option", BlockRole::kDropped},
    {"p", BlockRole::kParagraph},
    {"pre", BlockRole::kPre},
    {"q", BlockRole::kInline},
    {"rp", BlockRole::kDropped},
    {"rt", BlockRole::kDropped},
    {"ruby", BlockRole::kInline},
    {"s", BlockRole::kInline},
    {"script", BlockRole::kDropped},
    {"section", BlockRole::kBlock},
    {"select", BlockRole::kDropped},
    {"small", BlockRole::kInline},
    {"span", BlockRole::kInline},
    {"strong", BlockRole::kInline},
    {"style", BlockRole::kDropped},
    {"sub", BlockRole::kInline},
    {"summary", BlockRole::kParagraph},
    {"sup", BlockRole::kInline},
    {"svg", BlockRole::kDropped},
    {"table", BlockRole::kTable},
    {"tbody", BlockRole::kBlock},
    {"td", BlockRole::kCell},
    {"template", BlockRole::kDropped},
    {"textarea", BlockRole::kDropped},
    {"tfoot", BlockRole::kBlock},
    {"th", BlockRole::kCell},
    {"thead", BlockRole::kBlock},
    {"time", BlockRole::kInline},
    {"title", BlockRole::kDropped},
    {"tr", BlockRole::kRow},
    {"u", BlockRole::kInline},
    {"ul", BlockRole::kList},
    {"video", BlockRole::kDropped},
    {"xmp", BlockRole::kPre},
};
static_assert(std::size(kElements) < kMostElementIds);
static_assert(std::is_sorted(std::begin(kElements), std::end(kElements),
                             [](const Row& a, const Row& b) { return a.name < b.name; }));

using Words = std::span<const std::string_view>;

bool is_one_of(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return is_one_of(word, Words(words.begin(), words.size()));
}

// What is there for screen readers and for editors: anchors of headings, numbers of lines.
constexpr std::string_view kHiddenNames[] = {
    "visually-hidden", "visuallyhidden", "sr-only",        "screen-reader", "screen-reader-text",
    "u-hidden",        "mw-editsection", "mw-jump-link",   "noprint",       "navbox",
    "headerlink",      "header-anchor",  "heading-anchor", "gutter",        "linenos",
    "lineno",          "linenodiv"};

// Whole names that hold an article's own words, of systems that many pages are made with.
constexpr std::string_view kBodyNames[] = {"js_content",
                                           "rich_media_content",
                                           "articledetailcontent",
                                           "articlebody",
                                           "articletext",
                                           "articlecontent",
                                           "storytext",
                                           "storybody",
                                           "postbody",
                                           "postcontent",
                                           "postarticle-content",
                                           "endtext",
                                           "artibody",
                                           "artcontent",
                                           "newscontent",
                                           "newstext",
                                           "entrycontent",
                                           "markdown-body",
                                           "mw-parser-output",
                                           "e-content",
                                           "caas-body",
                                           "gh-content",
                                           "available-content",
                                           "body-copy",
                                           "contentbody",
                                           "richtext",
                                           "article-entry",
                                           "cnblogs_post_body",
                                           "content_views",
                                           "detail-content",
                                           "content-detail"};

// In other names: one of the first, and one of the second after it or at the end.
constexpr std::string_view kArticleWords[] = {"article", "post",   "entry", "story",  "news",
                                              "blog",    "single", "rich",  "artical"};
constexpr std::string_view kBodyWords[] = {"content", "body", "text", "copy", "detail"};
constexpr std::string_view kWrapperWords[] = {"wrapper", "wrap", "inner", "container", "main"};

constexpr std::string_view kArticleNames[] = {"article", "post", "hentry", "story", "h-entry"};
constexpr std::string_view kMainNames[] = {"main", "content", "main-content", "maincontent",
                                           "page-content"};

constexpr std::string_view kAsideWords[] = {"sidebar",
                                            "related",
                                            "recommend",
                                            "recommended",
                                            "recommendation",
                                            "recommends",
                                            "recommendations",
                                            "share",
                                            "sharing",
                                            "sharebar",
                                            "shares",
                                            "sharedaddy",
                                            "social",
                                            "breadcrumb",
                                            "breadcrumbs",
                                            "crumbs",
                                            "crumb",
                                            "pagination",
                                            "pager",
                                            "pagenavi",
                                            "nav",
                                            "navbar",
                                            "navigation",
                                            "menu",
                                            "footer",
                                            "masthead",
                                            "topbar",
                                            "toolbar",
                                            "cookie",
                                            "cookies",
                                            "consent",
                                            "gdpr",
                                            "advert",
                                            "adverts",
                                            "advertisement",
                                            "advertising",
                                            "ads",
                                            "ad",
                                            "adsbygoogle",
                                            "sponsor",
                                            "sponsored",
                                            "promo",
                                            "promos",
                                            "promotion",
                                            "promoted",
                                            "popup",
                                            "modal",
                                            "newsletter",
                                            "subscribe",
                                            "subscription",
                                            "signup",
                                            "login",
                                            "widget",
                                            "widgets",
                                            "rank",
                                            "ranking",
                                            "hotlist",
                                            "trending",
                                            "popular",
                                            "mostread",
                                            "outbrain",
                                            "taboola",
                                            "tagcloud",
                                            "tags",
                                            "taglist",
                                            "byline",
                                            "meta",
                                            "postmeta",
                                            "dateline",
                                            "copyright",
                                            "disclaimer",
                                            "searchform",
                                            "qrcode",
                                            "authorbox",
                                            "bio",
                                            "likes",
                                            "rating",
                                            "reward",
                                            "donate",
                                            "toc",
                                            "banner",
                                            "paging",
                                            "jiathis",
                                            "bdsharebuttonbox",
                                            "relatedposts",
                                            "tooltip",
                                            "skip"};
constexpr std::string_view kCommentWords[] = {"comment", "comments", "commentlist",
                                              "disqus",  "respond",  "replies",
                                              "reply",   "pinglun",  "discussion"};
constexpr std::string_view kOtherPagesWords[] = {
    "sidebar",  "related",      "recommend", "recommended", "recommendation", "recommendations",
    "trending", "popular",      "mostread",  "outbrain",    "taboola",        "ranking",
    "hotlist",  "relatedposts", "widget",    "widgets",     "promo"};
constexpr std::string_view kFooterWords[] = {"footer", "copyright"};
// Of these the word before tells more: "has-sidebar", "tag-share" of WordPress.
constexpr std::string_view kSpeakingOfOthers[] = {"no",     "has",  "with",     "without",
                                                  "is",     "type", "category", "status",
                                                  "format", "cat",  "elementor"};

struct NameWords {
  std::array<std::string_view, kMostWords> words;
  size_t count = 0;

  bool has(Words wanted) const {
    return std::any_of(words.begin(), words.begin() + count,
                       [&](std::string_view word) { return is_one_of(word, wanted); });
  }
};

NameWords words_of(std::string_view lower, std::string_view name) {
  NameWords out;
  for_each_name_word(name, [&](std::string_view word) {
    if (out.count < kMostWords) {
      out.words[out.count++] =
          lower.substr(static_cast<size_t>(word.data() - name.data()), word.size());
    }
  });
  return out;
}

bool names_a_body(const NameWords& name) {
  size_t at = 0;
  while (at < name.count && !is_one_of(name.words[at], kArticleWords)) ++at;
  if (at + 1 >= name.count) return false;
  const std::string_view last = name.words[name.count - 1];
  bool body = is_one_of(last, kBodyWords);
  if (is_one_of(last, kWrapperWords)) {
    for (size_t i = at + 1; i + 1 < name.count; ++i)
      body = body || is_one_of(name.words[i], kBodyWords);
  }
  return body;
}

Hint hint_of_name(std::string_view name) {
  const std::string lower = lower_case(name);
  if (is_one_of(lower, kHiddenNames)) return Hint::kHidden;
  if (is_one_of(lower, kBodyNames)) return Hint::kBody;
  const NameWords words = words_of(lower, name);
  if (words.count == 0 || is_one_of(words.words[0], kSpeakingOfOthers)) return Hint::kNone;
  const bool wordpress_tag = words.words[0] == "tag" && words.count > 1 &&
                             !is_one_of(words.words[1], {"list", "cloud", "links"});
  if (wordpress_tag) return Hint::kNone;
  if (words.has(kCommentWords)) return Hint::kComments;
  if (words.has(kAsideWords)) return Hint::kAside;
  const std::string_view last = words.words[words.count - 1];
  if (words.words[0] == "author" && words.count > 1 && is_one_of(last, {"box", "info", "card"})) {
    return Hint::kAside;
  }
  if (is_one_of(last, {"info"}) && words.has(kArticleWords)) return Hint::kAside;
  if (names_a_body(words)) return Hint::kBody;
  if (is_one_of(lower, kArticleNames)) return Hint::kArticle;
  if (is_one_of(lower, kMainNames)) return Hint::kMain;
  const bool page_header = is_one_of(lower, {"header", "page-header", "site-header", "top-header"});
  return page_header ? Hint::kAside : Hint::kNone;
}

// What is bad of an element counts before what is good.
constexpr int weight(Hint hint) { return static_cast<int>(hint); }

Hint hint_of_names(std::string_view names) {
  names = names.substr(0, kLongestHint);
  Hint best = Hint::kNone;
  for (size_t at = 0; at < names.size();) {
    const size_t end = std::min(names.find_first_of(" \t\n\r\f", at), names.size());
    if (end > at) {
      const Hint hint = hint_of_name(names.substr(at, end - at));
      if (weight(hint) > weight(best)) best = hint;
    }
    at = end + 1;
  }
  return best;
}

std::string_view raw_value(const HtmlToken& tag, std::string_view name) {
  const HtmlAttribute* attribute = tag.find(name);
  return attribute ? trim(attribute->value) : std::string_view();
}

bool is_hidden(const HtmlToken& tag) {
  if (const HtmlAttribute* hidden = tag.find("hidden")) {
    if (!equals_ignoring_case(hidden->value, "until-found")) return true;
  }
  if (equals_ignoring_case(raw_value(tag, "aria-hidden"), "true")) return true;
  std::string style;
  for (const char c : raw_value(tag, "style").substr(0, kLongestHint)) {
    if (!is_space(c)) style += to_lower(c);
  }
  const size_t at = style.find("display:none");
  return at != style.npos && (at == 0 || style[at - 1] == ';');
}

// "Share on Facebook", "Logo".
bool is_button_text(std::string_view alt) {
  for (const std::string_view begin : {"Share on", "Share this", "Share via", "Tweet this"}) {
    if (starts_with_ignoring_case(alt, begin)) return true;
  }
  return is_one_of(lower_case(alt.substr(0, 16)), {"logo", "icon", "avatar", "share", "site logo"});
}

Hint hint_of_element(std::string_view name, bool in_article) {
  if (name == "aside" || name == "footer") return Hint::kAside;
  if (name == "header" && !in_article) return Hint::kAside;
  if (name == "main") return Hint::kMain;
  return name == "article" ? Hint::kArticle : Hint::kNone;
}

Hint hint_of_role(std::string_view role) {
  if (is_one_of(role, {"navigation", "search", "menu", "menubar", "dialog", "alertdialog"})) {
    return Hint::kHidden;
  }
  if (is_one_of(role, {"complementary", "banner", "contentinfo", "toolbar"})) return Hint::kAside;
  if (role == "main") return Hint::kMain;
  return role == "article" ? Hint::kArticle : Hint::kNone;
}

}  // namespace

ElementKind element_kind(std::string_view lower_name) {
  const auto* found =
      std::lower_bound(std::begin(kElements), std::end(kElements), lower_name,
                       [](const Row& row, std::string_view name) { return row.name < name; });
  if (found == std::end(kElements) || found->name != lower_name) return {};
  return {static_cast<uint8_t>(found - std::begin(kElements) + 1), found->role};
}

std::string_view element_name(uint8_t id) {
  return id == 0 || id > std::size(kElements) ? std::string_view() : kElements[id - 1].name;
}

bool is_void_element(std::string_view name) {
  return is_one_of(name, {"area", "base", "br", "col", "embed", "hr", "img", "input", "link",
                          "meta", "param", "source", "track", "wbr"});
}

Hint hint_of(const HtmlToken& tag, std::string_view name, bool in_article) {
  const bool root = name == "html" || name == "body";
  if (root) return Hint::kNone;
  if (tag.attributes.empty()) return hint_of_element(name, in_article);
  if (is_hidden(tag)) return Hint::kHidden;
  const Hint element = hint_of_element(name, in_article);
  if (element == Hint::kAside) return element;
  const std::string_view said = raw_value(tag, "role");
  const Hint role = said.empty() ? Hint::kNone : hint_of_role(lower_case(said.substr(0, 32)));
  if (weight(role) >= weight(Hint::kAside)) return role;
  const HtmlAttribute* property = tag.find("itemprop");
  if (property && equals_ignoring_case(trim(property->value), "articlebody")) return Hint::kBody;
  const Hint named =
      std::max(hint_of_names(raw_value(tag, "id")), hint_of_names(raw_value(tag, "class")));
  if (name == "article" || name == "main") {
    return named == Hint::kBody || named == Hint::kComments ? named : element;
  }
  return std::max(named, role);
}

bool is_of_others(const HtmlToken& tag, std::string_view name, bool in_article) {
  if (name == "aside" || (name == "footer" && !in_article)) return true;
  if (hint_of_element(name, in_article) != Hint::kNone && name != "header") return false;
  for (const std::string_view attribute : {"class", "id"}) {
    const std::string_view names = raw_value(tag, attribute).substr(0, kLongestHint);
    for (size_t at = 0; at < names.size();) {
      const size_t end = std::min(names.find_first_of(" \t\n\r\f", at), names.size());
      const std::string_view one = names.substr(at, end - at);
      const std::string lower = lower_case(one);
      const NameWords words = words_of(lower, one);
      const bool speaks = words.count > 0 && !is_one_of(words.words[0], kSpeakingOfOthers);
      const bool foot = !in_article && words.has(kFooterWords);
      if (speaks && (foot || words.has(kCommentWords) || words.has(kOtherPagesWords))) return true;
      at = end + 1;
    }
  }
  return false;
}

bool is_caption(const HtmlToken& tag) {
  const std::string_view names = raw_value(tag, "class").substr(0, kLongestHint);
  bool found = false;
  for_each_name_word(names, [&](std::string_view word) {
    found =
        found || equals_ignoring_case(word, "caption") || equals_ignoring_case(word, "figcaption");
  });
  return found;
}

bool is_decoration(const HtmlToken& picture) {
  bool found = false;
  for (const std::string_view attribute : {"class", "id"}) {
    for_each_name_word(
        raw_value(picture, attribute).substr(0, kLongestHint), [&](std::string_view word) {
          const std::string lower = lower_case(word);
          found = found ||
                  is_one_of(lower, {"avatar", "gravatar", "icon", "emoji", "smiley", "favicon",
                                    "emoticon", "spacer", "pixel", "qrcode", "share", "sharing"});
        });
  }
  return found || is_button_text(raw_value(picture, "alt"));
}

}  // namespace halftone
