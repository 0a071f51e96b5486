#include "store/rewrite.h"

#include <algorithm>

#include "media/gzip.h"
#include "media/url.h"
#include "store/html_copy.h"
#include "store/html_replay.h"
#include "store/splice.h"

namespace halftone {
namespace {

// Encodings that no replacement can be written in (WHATWG Encoding, 4.3 "output encoding").
bool has_no_encoder(std::string_view charset) {
  return charset.starts_with("UTF-16") || charset == "replacement";
}

// The same document in UTF-8, scanned anew; nothing where it cannot be.
std::optional<std::string> rewritten_as_utf8(std::string_view bytes, DocumentType type,
                                             const Scan& scan, const LinkMap& map, CopyKind kind) {
  const auto base = Url::parse(scan.base);
  if (!base) return std::nullopt;
  const SourceText decoded = decode(bytes, scan.charset);
  const auto again = scan_document(decoded.text(), type, *base, "UTF-8");
  if (!again || has_no_encoder(again->charset)) return std::nullopt;
  return rewrite_document(decoded.text(), type, *again, map, kind);
}

// True where a relative URL would be none: <b.html> is a tag, and so on.
bool needs_absolute(const Reference& reference, DocumentType type) {
  const Escape place = reference.escapes[0];
  return place == Escape::kMarkdownAutolink ||
         (place == Escape::kPlaylistLine && type == DocumentType::kSitemap);
}

// What is to stand at the reference; nothing leaves it as written.
std::optional<std::string> link_at(const Reference& reference, DocumentType type,
                                   const LinkMap& map) {
  auto to = map.link(reference);
  if (to && needs_absolute(reference, type) && !Url::parse(*to)) return std::nullopt;
  return to;
}

// False for guesses at originals, whose place is the rendition's, and for what is counted out of a
// template.
bool has_place(const Reference& reference) {
  return reference.origin_of.empty() && reference.span.size() > 0;
}

Edit edit_of(const Reference& reference, const std::string& to, const std::string& charset) {
  std::string text = escaped(to, reference.escapes);
  return {reference.span, charset == "UTF-8" ? std::move(text) : encode_piece(text, charset)};
}

std::string sealed(std::string_view bytes, DocumentType type, const Scan& scan, const LinkMap& map,
                   CopyKind kind) {
  if (has_no_encoder(scan.charset)) {
    return rewritten_as_utf8(bytes, type, scan, map, kind).value_or("");
  }
  std::vector<Edit> edits;
  edits.reserve(scan.references.size());
  for (const Reference& reference : scan.references) {
    if (!has_place(reference)) continue;
    if (const auto to = link_at(reference, type, map))
      edits.push_back(edit_of(reference, *to, scan.charset));
  }
  if (type == DocumentType::kHtml) {
    sort_edits(edits);
    std::vector<Edit> more = sealing_edits(bytes, scan, map, kind, edits);
    add_edits(edits, std::move(more));
  }
  return splice(bytes, std::move(edits));
}

// True where what is written means the same under any base.
bool is_absolute(std::string_view written) {
  const bool is_plain = written.starts_with("https://") || written.starts_with("http://");
  return is_plain || Url::parse(written).has_value();
}

std::string replayed(std::string_view bytes, DocumentType type, const Scan& scan,
                     const LinkMap& map) {
  if (scan.charset == "replacement") return std::string(bytes);
  std::vector<Edit> edits;
  edits.reserve(scan.references.size());
  std::vector<const Reference*> left;  // as written
  bool needs_no_base = false;
  for (const Reference& reference : scan.references) {
    if (!has_place(reference)) continue;
    const auto to = link_at(reference, type, map);
    if (!to || *to == reference.raw || *to == reference.url) {
      left.push_back(&reference);
      continue;
    }
    needs_no_base = needs_no_base || !is_absolute(*to);
    edits.push_back(edit_of(reference, *to, scan.charset));
  }
  sort_edits(edits);
  if (type == DocumentType::kHtml && !edits.empty()) {
    ReplayEdits more = replay_edits(bytes, scan, edits, needs_no_base);
    for (const Reference* reference : left) {
      const bool relied = more.base_is_gone && !reference->url.empty() &&
                          !is_absolute(reference->raw) && !reference->raw.starts_with('#') &&
                          reference->element != "base";
      if (relied) more.edits.push_back(edit_of(*reference, reference->url, scan.charset));
    }
    add_edits(edits, std::move(more.edits));
  }
  return splice(bytes, std::move(edits));
}

}  // namespace

std::string rewrite_document(std::string_view bytes, DocumentType type, const Scan& scan,
                             const LinkMap& map, CopyKind kind) {
  if (is_gzip(bytes)) return std::string(bytes);
  if (kind == CopyKind::kReplay) return replayed(bytes, type, scan, map);
  return sealed(bytes, type, scan, map, kind);
}

}  // namespace halftone
