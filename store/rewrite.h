// Archived copies: a document with other URLs at the spans where references stand.
//
// The stored bytes are never changed; a copy is made each time that somebody reads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "media/document.h"
#include "media/reference.h"

namespace halftone {

// What an archived copy says in place of the document's own URLs.
class LinkMap {
 public:
  virtual ~LinkMap() = default;

  // The URL to stand at the reference; nothing leaves it as written.
  virtual std::optional<std::string> link(const Reference& reference) const = 0;

  // True where the reference's picture says nothing (missing, or a spacer) so that a lazy one of
  // the same element had better be shown.
  virtual bool is_blank(const Reference& reference) const = 0;
};

// A fragment stands inside a page of ours, which has a head already.
enum class HtmlExtent { kDocument, kFragment };

// The document with every reference that `map` knows replaced, written in the document's own
// charset and escaped for its place; all other bytes are as they were. A document in UTF-16, in
// which browsers write nothing, becomes UTF-8 as a whole.
//
// HTML changes a little more, so that the copy shows without the network and runs nothing:
//  - a policy that allows no script and no request but to the copy's own folder is put before
//    all else but the doctype, with the charset that the server had named, both marked with the
//    attribute data-halftone;
//  - pictures that a script would have loaded later are shown at once;
//  - <base>, policies, refreshes, hints to other hosts, frames, integrity and crossorigin are
//  disabled by
//    putting data-halftone- before the attribute that makes them work.
// Rewriting the result again, with a map that knows nothing, changes nothing.
std::string rewrite_document(std::string_view bytes, DocumentType type, const Scan& scan,
                             const LinkMap& map, HtmlExtent extent = HtmlExtent::kDocument);

}  // namespace halftone
