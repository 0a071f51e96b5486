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

// What a copy says in place of the document's own URLs.
class LinkMap {
 public:
  virtual ~LinkMap() = default;

  // The URL to stand at the reference; nothing leaves it as written.
  virtual std::optional<std::string> link(const Reference& reference) const = 0;

  // True where the reference's picture says nothing (missing, or a spacer) so that a lazy one of
  // the same element had better be shown.
  virtual bool is_blank(const Reference& reference) const = 0;

  // The URL of a picture to stand for the video at the reference until it plays, where its element
  // names none; nothing where there is none.
  virtual std::optional<std::string> poster(const Reference&) const { return std::nullopt; }
};

// How a copy is going to be read.
enum class CopyKind {
  // As a page of its own, without the network and without running anything.
  kSealedDocument,
  // The same inside of a page of ours, which has a head already.
  kSealedFragment,
  // By a browser at a replay server, scripts and all.
  kReplay,
};

// The document with every reference that `map` knows replaced, written in the document's own
// charset and escaped for its place; all other bytes are as they were. A relative URL is not
// written where it would be none (<https://…> in Markdown, a sitemap of lines). Rewriting the
// result again, with a map that knows nothing, changes nothing.
//
// HTML changes a little more, so that the copy shows. An attribute is disabled by putting
// data-halftone- before its name. In a sealed copy:
//  - a policy that allows no script and no request but to the copy's own folder is put before
//    all else but the doctype, with the charset that the server had named, both marked with the
//    attribute data-halftone;
//  - pictures that a script would have loaded later are shown at once; videos get a poster;
//  - <base>, policies, refreshes, hints to other hosts, scripts, frames, integrity, crossorigin and
//    ping are disabled;
//  - a document in UTF-16, in which browsers write nothing, becomes UTF-8 as a whole.
// In a replayed copy, and only where a reference was replaced at all:
//  - policies of the document are disabled; integrity and crossorigin, too, where they belong to
//    a reference that was replaced;
//  - where a replacement is relative, <base> is disabled, and what was left as written but
//    relied on it becomes absolute.
std::string rewrite_document(std::string_view bytes, DocumentType type, const Scan& scan,
                             const LinkMap& map, CopyKind kind = CopyKind::kSealedDocument);

}  // namespace halftone
