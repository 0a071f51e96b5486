// The HTML pages that halftone itself writes: an article from Markdown, a gallery, a list of
// articles.
//
// Self-contained: styles inline, no script, no request to anywhere but the paths given. Everything
// that comes from an article is escaped, save `body_html`, which is the article. Light and dark.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halftone {

struct PageProvenance {
  std::string source_url{};    // where the article lives or lived
  std::string captured_at{};   // for people: "2026-01-09 03:28 UTC"
  std::string digest{};        // SHA-256 of the document
  std::string completeness{};  // "13/13 references, 9 images, 1.2 MB, 0 missing"
};

// Paths are relative to the page and percent-encoded where needed. What is empty is left out, so
// that a page can be written with designated initialisers.
struct ArticlePage {
  std::string title{}, author{}, date{}, language{};
  std::vector<std::string> categories{};
  std::string headimg{};    // shown above the article
  std::string thumbnail{};  // og:image
  std::string body_html{};
  std::string gallery{};  // path of the gallery page
  PageProvenance provenance{};
};
std::string article_page(const ArticlePage& page);

struct GalleryItem {
  std::string full{}, thumb{};   // paths; thumb may be empty
  std::string alt{}, caption{};  // caption: "1200×630, image/jpeg, 84 kB"
  std::string url{};             // where it came from
  std::string thumb_2x{};        // for screens of double density
};
struct GalleryPage {
  std::string title{}, article{};  // article: path back
  std::string header_image{};      // path of the 1200×630 derivative
  std::vector<GalleryItem> items{};
  std::string language{};  // of the article
};
std::string gallery_page(const GalleryPage& page);

struct IndexItem {
  std::string title{}, date{}, excerpt{}, completeness{};
  std::string path{}, thumb{};
  bool incomplete = false;
  std::string language{};
  std::string thumb_2x{};
};
std::string index_page(std::string_view title, const std::vector<IndexItem>& items);

// A report: what it came to in a few lines, then tables. Cells that are web addresses become links.
struct ReportTable {
  std::string title{}, note{};
  std::vector<std::string> columns{};
  std::vector<std::vector<std::string>> rows{};
};
struct ReportPage {
  std::string title{}, subtitle{};
  std::vector<std::pair<std::string, std::string>> facts{};
  std::vector<ReportTable> tables{};  // those without rows are left out
};
std::string report_page(const ReportPage& page);

}  // namespace halftone
