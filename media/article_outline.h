// A page as an outline: what holds what, and the blocks of text and pictures in it, in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/article.h"
#include "media/article_elements.h"
#include "media/charset.h"
#include "media/reference.h"

namespace halftone {

// An element that holds blocks. Regions come in document order, so what is inside of one follows
// it up to `last`.
struct OutlineRegion {
  uint32_t parent = 0;
  uint32_t last = 0;
  Hint hint = Hint::kNone;
  bool of_others = false;  // comments, other pages: what is dated in it is not the article
  Span content;            // in the text, without the tags
};

struct OutlineBlock {
  enum class Kind : uint8_t {
    kLoose,  // words directly in a <div> or the like
    kParagraph,
    kHeading,
    kItem,
    kCell,
    kPre,
    kCaption,
    kPicture,  // nothing but pictures
  };
  Kind kind = Kind::kLoose;
  uint32_t region = 0;
  std::string text;       // blanks collapsed, lines separated by '\n'
  size_t link_bytes = 0;  // of the text
  size_t pictures = 0;    // that no link is around of
  bool is_title = false;  // <h1>
};

struct OutlinePicture {
  ArticleImage image;
  uint32_t block = 0;
};

// A <time> or an <abbr>.
struct OutlineMoment {
  size_t at = 0;  // of its tag, in the text
  uint32_t region = 0;
  size_t block = 0;
};

struct Outline {
  std::vector<OutlineRegion> regions;  // the first is the whole page
  std::vector<OutlineBlock> blocks;
  std::vector<OutlinePicture> pictures;
  std::vector<OutlineMoment> moments;
};

// One pass over the page; time and memory are linear, depth is bounded. `references` are those of
// the document that `html` was decoded from.
Outline read_outline(const SourceText& html, const std::vector<Reference>& references);

}  // namespace halftone
