#include "store/rewrite.h"

#include <algorithm>

#include <fmt/format.h>

#include "media/gzip.h"
#include "media/url.h"
#include "store/escape_sequences.h"
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
  if (has_no_encoder(again.charset)) return std::nullopt;
  return rewrite_document(decoded.text(), type, again, map, kind);
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

// True where a relative URL may be read against another one than the document's: below xml:base or
// a BaseURL, or an item's link. A sitemap has none but absolute ones.
bool has_inner_bases(std::string_view bytes, DocumentType type, const Scan& scan) {
  if (type == DocumentType::kFeed || type == DocumentType::kSitemap) return true;
  if (type != DocumentType::kDash && type != DocumentType::kSvg) return false;
  const SourceText xml = decode(bytes, scan.charset);
  const std::string_view name = type == DocumentType::kDash ? "BaseURL" : "xml:base";
  return xml.text().find(name) != std::string_view::npos;
}

// link_at() where somebody else serves the copy: absolute where a relative URL would be none, or
// lead to another place.
class ReplayedLinks {
 public:
  ReplayedLinks(std::string_view bytes, DocumentType type, const Scan& scan, const LinkMap& map)
      : type_(type),
        map_(map),
        base_(Url::parse(scan.base)),
        has_inner_bases_(has_inner_bases(bytes, type, scan)) {}

  std::optional<std::string> at(const Reference& reference) const {
    auto to = map_.link(reference);
    const bool must = needs_absolute(reference, type_);
    if (!to || (!must && !has_inner_bases_) || Url::parse(*to)) return to;
    const auto url = base_ ? Url::parse(*to, &*base_) : std::nullopt;
    if (url && !to->starts_with('#')) return url->href();
    return must ? std::nullopt : to;
  }

 private:
  const DocumentType type_;
  const LinkMap& map_;
  const std::optional<Url> base_;
  const bool has_inner_bases_;
};

std::string with_percents(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == special.npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// What the attribute's own syntax would not take for a part of the URL, as a URL writes it: quotes
// in a refresh, blanks in a list.
std::string fitted(const std::string& to, const Reference& reference) {
  const bool in_refresh = reference.element == "meta" && reference.attribute == "content";
  if (in_refresh && reference.kind == Kind::kPage) return with_percents(to, "'\"");
  const bool in_list = reference.attribute == "ping" ||
                       (reference.element == "object" && reference.attribute == "archive");
  return in_list ? with_percents(to, " \t\n\f\r") : to;
}

// False for guesses at originals, whose place is the rendition's, and for what is counted out of a
// template.
bool has_place(const Reference& reference) {
  return reference.origin_of.empty() && reference.span.size() > 0;
}

Edit edit_of(const Reference& reference, const std::string& to, const std::string& charset) {
  std::string text = escaped(fitted(to, reference), reference.escapes, charset);
  return {reference.span, charset == "UTF-8" ? std::move(text) : encode_piece(text, charset)};
}

std::string spliced(std::string_view bytes, std::string_view charset, std::vector<Edit> edits) {
  if (charset == "ISO-2022-JP") {
    sort_edits(edits);
    fit_escape_sequences(bytes, edits);
  }
  return splice(bytes, std::move(edits));
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
  return spliced(bytes, scan.charset, std::move(edits));
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
  const ReplayedLinks links(bytes, type, scan, map);
  bool needs_no_base = false;
  for (const Reference& reference : scan.references) {
    if (!has_place(reference)) continue;
    const auto to = links.at(reference);
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
  return spliced(bytes, scan.charset, std::move(edits));
}

}  // namespace

std::string rewrite_document(std::string_view bytes, DocumentType type, const Scan& scan,
                             const LinkMap& map, CopyKind kind) {
  if (is_gzip(bytes)) return std::string(bytes);
  if (kind == CopyKind::kReplay) return replayed(bytes, type, scan, map);
  return sealed(bytes, type, scan, map, kind);
}

}  // namespace halftone
