// Documents in the shapes that they have on the web, made from a fixed seed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "media/document.h"

namespace halftone::bench {

struct Page {
  std::string name;
  std::string bytes;
};

// One page for each shape: a blog with srcset, a Chinese portal's article with data-* attributes,
// a page that a script fills from inline state, a front page of links, and plain prose.
std::vector<Page> article_pages();

// One document of some hundred kB for each other type that is scanned.
struct TypedPage {
  DocumentType type;
  std::string bytes;
};
std::vector<TypedPage> other_documents();

// Prose with a picture for each paragraph.
std::string long_page(size_t bytes);

}  // namespace halftone::bench
