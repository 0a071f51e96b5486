#include "store/rewrite.h"

#include "media/gzip.h"
#include "media/url.h"
#include "store/html_copy.h"
#include "store/splice.h"

namespace halftone {

namespace {

// Encodings that no replacement can be written in (WHATWG Encoding, 4.3 "output encoding").
bool has_no_encoder(std::string_view charset) {
  return charset.starts_with("UTF-16") || charset == "replacement";
}

// The same document in UTF-8, scanned anew; nothing where it cannot be.
std::optional<std::string> rewritten_as_utf8(std::string_view bytes, DocumentType type,
                                             const Scan& scan, const LinkMap& map,
                                             HtmlExtent extent) {
  const auto base = Url::parse(scan.base);
  if (!base) return std::nullopt;
  const SourceText decoded = decode(bytes, scan.charset);
  const auto again = scan_document(decoded.text(), type, *base, "UTF-8");
  if (!again || has_no_encoder(again->charset)) return std::nullopt;
  return rewrite_document(decoded.text(), type, *again, map, extent);
}

}  // namespace

std::string rewrite_document(std::string_view bytes, DocumentType type, const Scan& scan,
                             const LinkMap& map, HtmlExtent extent) {
  if (is_gzip(bytes)) return std::string(bytes);
  if (has_no_encoder(scan.charset)) {
    return rewritten_as_utf8(bytes, type, scan, map, extent).value_or("");
  }
  std::vector<Edit> edits;
  for (const Reference& reference : scan.references) {
    if (reference.span.size() == 0) continue;  // it has no place of its own
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
