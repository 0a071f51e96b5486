// Pages in the shapes that articles have on the web, made from a fixed seed, and hostile ones.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace halftone::bench {

struct Page {
  std::string name;
  std::string bytes;
};

// One page for each shape: a blog with srcset, a Chinese portal's article with data-* attributes,
// a page that a script fills from inline state, a front page of links, and plain prose.
std::vector<Page> article_pages();

// An input of `size` repetitions that a careless scanner would need quadratic time for.
struct Hostile {
  std::string name;
  std::string (*make)(size_t size);
};
const std::vector<Hostile>& hostile_inputs();

}  // namespace halftone::bench
