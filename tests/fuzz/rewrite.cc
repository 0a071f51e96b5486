#include "store/rewrite.h"

#include <iterator>
#include <map>

#include <fmt/core.h>

#include "media/gzip.h"
#include "store/replay_links.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

namespace {

class NoMap : public LinkMap {
 public:
  std::optional<std::string> link(const Reference&) const override { return std::nullopt; }
  bool is_blank(const Reference&) const override { return false; }
};

// Sends every URL to one of its own, which looks like a picture as values that are told by their
// looks must.
class MappedMap : public NoMap {
 public:
  explicit MappedMap(const Scan& scan) {
    for (const Reference& reference : scan.references) {
      if (!is_fetched(reference)) continue;
      urls_.try_emplace(reference.url, fmt::format("{}{}.png", kPlace, urls_.size()));
    }
  }

  static constexpr std::string_view kPlace = "https://mapped.test/";

  std::optional<std::string> link(const Reference& reference) const override {
    const auto found = urls_.find(reference.url);
    if (found == urls_.end() || !is_fetched(reference)) return std::nullopt;
    return found->second;
  }

 private:
  static bool is_fetched(const Reference& reference) {
    return !reference.url.empty() && !unfetched_kind(reference.url) &&
           !reference.raw.starts_with('#');
  }

  std::map<std::string, std::string> urls_;
};

std::vector<Reference> with_place(const Scan& scan) {
  std::vector<Reference> found;
  for (const Reference& reference : scan.references) {
    if (reference.origin_of.empty() && reference.span.size() > 0) found.push_back(reference);
  }
  return found;
}

// What a charset that nothing declares is taken for depends on every byte, so copies are read in
// the one that the document was read in.
std::string copied(std::string_view bytes, DocumentType type, const std::string& charset,
                   const LinkMap& map, CopyKind kind) {
  const auto scan = scan_document(bytes, type, fuzz_base(), charset);
  return rewrite_document(bytes, type, scan, map, kind);
}

// `what`: the property that does not hold where these differ.
void must_be_same(std::string_view copy, std::string_view wanted, DocumentType type,
                  const char* what) {
  if (copy == wanted) return;
  fmt::print(stderr, "{}: {}\n---- is\n{}\n---- and not\n{}\n", to_string(type), what, copy,
             wanted);
  MUST(copy == wanted);
}

// Every reference leads where the map says, and there is none but those.
void must_be_mapped(const Scan& scan, const MappedMap& map, const Scan& copy,
                    std::string_view mapped) {
  std::string wanted, found;
  for (const Reference& reference : with_place(scan)) {
    wanted += map.link(reference).value_or(reference.raw) + '\n';
  }
  for (const Reference& reference : with_place(copy)) found += reference.raw + '\n';
  if (found == wanted) return;
  fmt::print(stderr, "the references of\n{}\n---- are\n{}---- and not\n{}", mapped, found, wanted);
  MUST(found == wanted);
}

void replay(std::string_view bytes, DocumentType type, const Scan& scan) {
  const std::string& charset = scan.charset;
  must_be_same(rewrite_document(bytes, type, scan, NoMap(), CopyKind::kReplay), bytes, type,
               "a map that knows nothing changes nothing");
  for (const char* const prefix : {"https://archive.example/", "/web/"}) {
    const ReplayLinks links(prefix, "20260101000000");
    const std::string once = rewrite_document(bytes, type, scan, links, CopyKind::kReplay);
    must_be_same(copied(once, type, charset, links, CopyKind::kReplay), once, type,
                 "replayed twice is replayed once");
  }
  const bool stays = is_gzip(bytes) || charset == "replacement";
  if (stays || bytes.find(MappedMap::kPlace) != bytes.npos) return;
  const MappedMap map(scan);
  const std::string mapped = rewrite_document(bytes, type, scan, map, CopyKind::kReplay);
  const auto again = scan_document(mapped, type, fuzz_base(), charset);
  // A bare URL holds quotes as well: without them, what was no JSON may become some.
  if (again.front_matter.present() != scan.front_matter.present()) return;
  must_be_mapped(scan, map, again, mapped);
  must_be_same(rewrite_document(mapped, type, again, map, CopyKind::kReplay), mapped, type,
               "mapped twice is mapped once");
}

void seal(std::string_view bytes, DocumentType type, const Scan& scan) {
  // A copy of what browsers cannot write in is in UTF-8.
  const bool becomes_utf8 = scan.charset.starts_with("UTF-16") || scan.charset == "replacement";
  const std::string charset = becomes_utf8 ? "UTF-8" : scan.charset;
  const std::string same = rewrite_document(bytes, type, scan, NoMap());
  if (type != DocumentType::kHtml && !becomes_utf8) {
    must_be_same(same, bytes, type, "a map that knows nothing changes HTML alone");
  }
  for (const std::string& copy : {same, rewrite_document(bytes, type, scan, MappedMap(scan))}) {
    must_be_same(copied(copy, type, charset, NoMap(), CopyKind::kSealedDocument), copy, type,
                 "sealed twice is sealed once");
  }
}

}  // namespace

// One type for each input, told by its size: a document cut at each of its bytes has all of them.
FUZZ_TARGET(rewrite) {
  constexpr DocumentType kTypes[] = {
      DocumentType::kHtml, DocumentType::kCss,     DocumentType::kMarkdown, DocumentType::kFeed,
      DocumentType::kSvg,  DocumentType::kSitemap, DocumentType::kHls,      DocumentType::kDash};
  const DocumentType type = kTypes[input.size() % std::size(kTypes)];
  const auto scan = scan_document(input, type, fuzz_base());
  replay(input, type, scan);
  seal(input, type, scan);
}
