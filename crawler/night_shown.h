// What an article showed when it was last looked through, so that on a night when nothing has
// changed it need not be looked through to know what to ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/crawl_rows.h"

namespace halftone {

// All of it was archived.
struct NightShown {
  ShortKey body{};  // of the page
  std::vector<ShownFile> files;
};

// JSON (docs/format.md, "Nightly jobs").
std::string encode(const NightShown& shown, const OwedUrl& page);

// `page`: as for encode(). Nothing where another version of the program wrote it, which may look
// for other things in a page; or where it is damaged.
std::optional<NightShown> decode_shown(std::string_view row, const OwedUrl& page);

}  // namespace halftone
