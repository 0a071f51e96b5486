#include "store/splice.h"

#include <algorithm>
#include <iterator>

namespace halftone {

void sort_edits(std::vector<Edit>& edits) {
  if (!std::is_sorted(edits.begin(), edits.end(), comes_before)) {
    std::stable_sort(edits.begin(), edits.end(), comes_before);
  }
}

void add_edits(std::vector<Edit>& edits, std::vector<Edit> more) {
  sort_edits(more);
  const auto old_size = static_cast<std::ptrdiff_t>(edits.size());
  edits.insert(edits.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  std::inplace_merge(edits.begin(), edits.begin() + old_size, edits.end(), comes_before);
}

std::string splice(std::string_view bytes, std::vector<Edit> edits) {
  sort_edits(edits);
  size_t size = bytes.size();
  for (const Edit& edit : edits) size += edit.text.size();
  std::string result;
  result.reserve(size);
  size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.span.from < at || edit.span.to < edit.span.from || edit.span.to > bytes.size())
      continue;
    result.append(bytes.substr(at, edit.span.from - at)).append(edit.text);
    at = edit.span.to;
  }
  result.append(bytes.substr(at));
  return result;
}

}  // namespace halftone
