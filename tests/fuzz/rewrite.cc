#include "store/rewrite.h"

#include <algorithm>

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

namespace {

class NoMap : public LinkMap {
 public:
  std::optional<std::string> link(const Reference&) const override { return std::nullopt; }
  bool is_blank(const Reference&) const override { return false; }
};

// Sends every URL to the archive.
class ArchiveMap : public NoMap {
 public:
  static constexpr std::string_view kPrefix = "https://archive.example/";

  std::optional<std::string> link(const Reference& reference) const override {
    if (reference.url.empty() || unfetched_kind(reference.url)) return std::nullopt;
    return std::string(kPrefix) + reference.url;
  }
};

std::string rewritten(std::string_view bytes, DocumentType type, const LinkMap& map) {
  const auto scan = scan_document(bytes, type, fuzz_base());
  return scan ? rewrite_document(bytes, type, *scan, map) : std::string(bytes);
}

}  // namespace

FUZZ_TARGET(rewrite) {
  for (const DocumentType type :
       {DocumentType::kHtml, DocumentType::kCss, DocumentType::kMarkdown, DocumentType::kFeed}) {
    const auto found = scan_document(input, type, fuzz_base());
    // A copy of what browsers cannot write in is in UTF-8.
    if (found && (found->charset.starts_with("UTF-16") || found->charset == "replacement"))
      continue;
    const std::string same = rewritten(input, type, NoMap());
    if (type != DocumentType::kHtml) MUST(same == input);
    MUST(rewritten(same, type, NoMap()) == same);
    const std::string archived = rewritten(input, type, ArchiveMap());
    MUST(rewritten(archived, type, NoMap()) == archived);
  }
  // Every URL of a style sheet that was replaced is read back as what was written.
  const auto scan = scan_document(input, DocumentType::kCss, fuzz_base());
  if (!scan || scan->charset != "UTF-8") return;
  const std::string archived = rewrite_document(input, DocumentType::kCss, *scan, ArchiveMap());
  const auto again = scan_document(archived, DocumentType::kCss, fuzz_base());
  MUST(again);
  MUST(again->references.size() == scan->references.size());
  for (size_t i = 0; i < scan->references.size(); ++i) {
    const auto to = ArchiveMap().link(scan->references[i]);
    if (to) MUST(again->references[i].raw == *to);
  }
}
