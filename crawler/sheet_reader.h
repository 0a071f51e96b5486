// What style sheets show. Sites show the same few on every page: what was found in one is
// remembered for the next page.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "media/error.h"
#include "media/reference.h"
#include "media/url.h"
#include "store/archive.h"

namespace halftone {

// Remembers as many as fit into a bound, not by age: when it is full it begins anew. One thread.
class SheetReader {
 public:
  using References = std::shared_ptr<const std::vector<Reference>>;

  explicit SheetReader(Archive& archive) : archive_(archive) {}  // must outlive this

  // The references of an archived sheet, resolved against `url`. kTooLarge; else the archive's.
  Result<References> read(const Digest& digest, const Url& url);

 private:
  Archive& archive_;
  std::map<std::string, References> known_;  // by digest and URL
  size_t held_ = 0;                          // references of known_
};

}  // namespace halftone
