// What a crawl makes of a page that was captured, on threads of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "media/article.h"
#include "media/document.h"
#include "store/archive.h"

namespace halftone {

// A page, looked through.
struct ScannedPage {
  DocumentType type = DocumentType::kNone;  // kNone: nothing to look through
  std::string problem;                      // why it could not be looked through, for people
  Url url;                                  // after redirects
  std::string charset;                      // of its Content-Type
  Scan scan;
  ArticleFacts facts;        // HTML and Markdown only
  uint64_t fingerprint = 0;  // of the text
  bool noarchive = false, nofollow = false;
  std::vector<Url> pages;  // that it links to, each address once
  std::vector<Url> feeds;
};

// Reads the document that `outcome` archived. An Error is the archive's.
Result<ScannedPage> scan_page(Archive& archive, const CaptureOutcome& outcome);

// Threads that scan pages, as many as the machine has use for.
class ScanPool {
 public:
  ScanPool();
  // Waits for what is under way; what has not begun is dropped.
  ~ScanPool();

  void push(std::function<void()> work);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone
