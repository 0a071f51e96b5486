#include "store/splice.h"

#include <algorithm>

namespace halftone {

std::string splice(std::string_view bytes, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.span.from < b.span.from; });
  std::string result;
  result.reserve(bytes.size() + 64 * edits.size());
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
