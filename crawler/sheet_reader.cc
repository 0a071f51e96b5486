#include "crawler/sheet_reader.h"

#include "media/document.h"
#include "store/limits.h"

namespace halftone {
namespace {

constexpr size_t kMostHeld = 20'000;  // references, some hundred bytes each
constexpr size_t kMostSheets = 1000;

}  // namespace

Result<SheetReader::References> SheetReader::read(const Digest& digest, const Url& url) {
  const std::string key = std::string(digest.view()) + url.href_without_fragment();
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const auto css = archive_.blobs().get(digest, kLargestSheet);
  if (!css) return tl::unexpected(css.error());
  const auto references = std::make_shared<const std::vector<Reference>>(
      scan_document(*css, DocumentType::kCss, url).references);
  if (known_.size() >= kMostSheets || held_ + references->size() > kMostHeld) {
    known_.clear();
    held_ = 0;
  }
  held_ += references->size();
  known_.emplace(key, references);
  return references;
}

}  // namespace halftone
