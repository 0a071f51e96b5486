#include "media/html_entities.h"

#include <algorithm>
#include <iterator>

namespace halftone {
namespace {

struct Row {
  std::string_view name, utf8;
};

constexpr Row kEntities[] = {
#include "media/html_entities_table.inc"
};

}  // namespace

Entity match_entity(std::string_view text) {
  const Row* first = std::begin(kEntities);
  const Row* last = std::end(kEntities);
  Entity longest;
  // The rows between first and last share the first `size` characters of the text.
  for (size_t size = 0; size < text.size(); ++size) {
    const auto at = [size](const Row& row) {
      return size < row.name.size() ? static_cast<unsigned char>(row.name[size]) : 0;
    };
    const int wanted = static_cast<unsigned char>(text[size]);
    if (wanted == 0) break;
    first = std::lower_bound(first, last, wanted, [&](const Row& r, int c) { return at(r) < c; });
    last = std::upper_bound(first, last, wanted, [&](int c, const Row& r) { return c < at(r); });
    if (first == last) break;
    if (first->name.size() == size + 1) longest = {size + 1, first->utf8};
  }
  return longest;
}

}  // namespace halftone
