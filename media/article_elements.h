// What elements of a page mean for the article in it, by name, class and role.
#pragma once

#include <cstdint>
#include <string_view>

namespace halftone {

struct HtmlToken;

enum class BlockRole : uint8_t {
  kInline,     // belongs to the text around it
  kBlock,      // ends a paragraph on either side
  kParagraph,  // so do all that follow
  kHeading,
  kItem,
  kCell,
  kRow,
  kTable,
  kList,
  kFigure,
  kCaption,
  kPre,
  kNoscript,  // pictures count in it, words do not
  kDropped,   // no part of any article, whatever is in it
};

// Names beyond the table have the id 0 and the role kInline.
struct ElementKind {
  uint8_t id = 0;
  BlockRole role = BlockRole::kInline;
};

constexpr size_t kMostElementIds = 128;

ElementKind element_kind(std::string_view lower_name);
std::string_view element_name(uint8_t id);
bool is_void_element(std::string_view lower_name);

// What is said of the content of an element.
enum class Hint : uint8_t {
  kNone,
  kMain,      // <main>, id=content
  kArticle,   // <article>
  kBody,      // the article's own words: itemprop=articleBody, class=entry-content
  kAside,     // sidebars, related pages, share bars, notices; told by a name, so it may err
  kComments,  // what readers wrote
  kHidden,    // never shown
};

// `in_article`: a <header> there is the article's own.
Hint hint_of(const HtmlToken& tag, std::string_view lower_name, bool in_article);

// True for what is dated on its own: comments, asides, footers, lists of other pages.
bool is_of_others(const HtmlToken& tag, std::string_view lower_name, bool in_article);

// True where its words describe a picture: class=wp-caption-text.
bool is_caption(const HtmlToken& tag);

// True where class, id or description say that a picture is a face, an icon or a button.
bool is_decoration(const HtmlToken& picture);

// Calls `visit` with each word of a name: "entry-contentBody" is entry, content, body.
template <class Visit>
void for_each_name_word(std::string_view name, Visit visit) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_word = [&](char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); };
  for (size_t at = 0; at < name.size();) {
    if (!is_word(name[at])) {
      ++at;
      continue;
    }
    size_t end = at + 1;
    while (end < name.size() && is_word(name[end]) &&
           !(is_upper(name[end]) && !is_upper(name[end - 1]))) {
      ++end;
    }
    visit(name.substr(at, end - at));
    at = end;
  }
}

}  // namespace halftone
