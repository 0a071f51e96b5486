#include "store/rewrite.h"

#include "store/html_copy.h"
#include "store/splice.h"

namespace halftone {

std::string rewrite_document(std::string_view bytes, DocumentType type, const Scan& scan,
                             const LinkMap& map, HtmlExtent extent) {
  std::vector<Edit> edits;
  for (const Reference& reference : scan.references) {
    const auto to = map.link(reference);
    if (!to) continue;
    edits.push_back({reference.span, encode(escaped(*to, reference.escapes), scan.charset)});
  }
  if (type == DocumentType::kHtml) {
    std::vector<Edit> more = html_copy_edits(bytes, scan, map, extent, edits);
    edits.insert(edits.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  return splice(bytes, std::move(edits));
}

}  // namespace halftone
