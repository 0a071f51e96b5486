// What must hold of rewriting, whatever the document.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "media/gzip.h"
#include "media/url.h"
#include "store/files.h"
#include "store/replay_links.h"
#include "store/rewrite.h"
#include "tests/support/articles.h"
#include "tests/support/catch.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

const Url kPage = *Url::parse("https://news.test/2026/article");

struct Document {
  std::string name, bytes;
  DocumentType type;
};

// Every document of the tests, under its path.
std::vector<Document> documents_at_hand() {
  std::vector<Document> found;
  for (const char* folder :
       {"/tests/media/pages", "/tests/fixtures", "/tests/fuzz/corpus", "/tools/newsroom/site"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(std::string(HALFTONE_SOURCE_DIR) + folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string path = entry.path().string();
      const auto bytes = read_file(path, 16 << 20);
      REQUIRE(bytes);
      if (is_gzip(*bytes)) continue;  // left alone as a whole
      const DocumentType type = document_type("", path, *bytes);
      if (type != DocumentType::kNone) found.push_back({path, *bytes, type});
    }
  }
  if (auto article = foreign_article("36kr-wechat-open-class-2022.md")) {
    found.push_back({"a real article", std::move(*article), DocumentType::kMarkdown});
  }
  return found;
}

Scan scan_of(std::string_view bytes, DocumentType type) {
  auto scan = scan_document(bytes, type, kPage);
  return scan;
}

std::string replayed(std::string_view bytes, DocumentType type, const LinkMap& map) {
  return rewrite_document(bytes, type, scan_of(bytes, type), map, CopyKind::kReplay);
}

// Every URL on the web becomes https://kept.test/N, in order of its first place.
TableLinks everything_kept(const Scan& scan) {
  std::string lines;
  size_t number = 0;
  for (const Reference& reference : scan.references) {
    const auto url = Url::parse(reference.url);
    if (!url || !url->is_http() || !reference.origin_of.empty() || reference.element == "base") {
      continue;
    }
    lines += fmt::format("{{\"url\": \"{}\", \"to\": \"https://kept.test/{}.png\"}}\n",
                         reference.url, number++);
  }
  auto links = TableLinks::from_json_lines(lines);
  REQUIRE(links);
  return std::move(*links);
}

// The URLs of the references that have a place of their own, in order.
std::vector<std::string> urls_in_place(const Scan& scan, const LinkMap* map) {
  std::vector<std::string> urls;
  for (const Reference& reference : scan.references) {
    const bool counts = reference.origin_of.empty() && reference.span.size() > 0;
    if (!counts || reference.element == "base" || reference.url.empty()) continue;
    const auto to = map ? map->link(reference) : std::nullopt;
    urls.push_back(to.value_or(reference.url));
  }
  return urls;
}

}  // namespace

TEST_CASE("rewriting keeps its promises over every document at hand", "[store]") {
  const auto documents = documents_at_hand();
  REQUIRE(documents.size() > 30);
  const auto nothing = TableLinks::from_json_lines("");
  const ReplayLinks replay("https://web.test/", "20260101000000");
  for (const Document& document : documents) {
    CAPTURE(document.name, to_string(document.type));
    const Scan scan = scan_of(document.bytes, document.type);

    CHECK(replayed(document.bytes, document.type, *nothing) == document.bytes);

    const TableLinks kept = everything_kept(scan);
    const std::string copy = replayed(document.bytes, document.type, kept);
    CHECK(urls_in_place(scan_of(copy, document.type), nullptr) == urls_in_place(scan, &kept));
    CHECK(replayed(copy, document.type, kept) == copy);

    const std::string led = replayed(document.bytes, document.type, replay);
    CHECK(replayed(led, document.type, replay) == led);

    const std::string sealed = rewrite_document(document.bytes, document.type, scan, *nothing);
    CHECK(rewrite_document(sealed, document.type, scan_of(sealed, document.type), *nothing) ==
          sealed);
  }
}
