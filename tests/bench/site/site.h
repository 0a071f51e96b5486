// A news site made up for measuring: always the same, as large as asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace halftone::bench {

struct SiteSetup {
  size_t articles = 1000;
  size_t images = 3000;
  uint64_t bytes = 285'000'000;  // of all images together
  // Where it will be served: "http://127.0.0.1:8080". With more than one, articles are linked at
  // one after another, with their images; every one serves the same files.
  std::vector<std::string> prefixes = {"http://127.0.0.1"};
};

// What was made; URLs that are asked for at several hosts count for each.
struct SiteCounts {
  size_t urls = 0, images = 0, hidden_images = 0;
  uint64_t bytes = 0, image_bytes = 0;  // of all files
  uint64_t unique_bytes = 0;            // of all files, each content once
};

// Writes the site below `folder`/www and its URLs, one a line, to `folder`/urls.txt.
//
// Index pages list 100 articles each and link to the next. An article is 20 to 40 KB of HTML with
// title, author, date, text and its images: by src, by srcset and picture (with a link to the
// larger one, as galleries have it), and of 40 images in all, evenly spread, by lazy attributes
// alone (data-src, data-original, data-lazy-src, data-srcset). Three in twenty image URLs have the
// bytes of another one. 10 index pages and 13 others (style sheets, fonts, icons, manifest, feed,
// robots.txt, sitemap) belong to 1,000 articles. Exceptions where the disk refuses.
SiteCounts write_site(const SiteSetup& setup, const std::string& folder);

// The same with `count` pages of some 400 bytes, each linking to its neighbours, below lists of 500
// below an index.
SiteCounts write_tiny_site(size_t count, const std::string& prefix, const std::string& folder);

}  // namespace halftone::bench
