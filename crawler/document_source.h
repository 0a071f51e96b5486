// The document that a snapshot begins with, from the web or from a file.
#pragma once

#include <optional>
#include <string>

#include "crawler/capturer.h"
#include "crawler/local_files.h"
#include "media/document.h"
#include "media/error.h"
#include "media/url.h"
#include "store/archive.h"

namespace halftone {

struct SourceDocument {
  std::string bytes;
  std::string type;  // media type
  DocumentType document_type = DocumentType::kNone;
  Url address;               // whose article this is: without redirects, or the file's
  Url url;                   // relative references are resolved against this
  std::string http_charset;  // of its Content-Type
  ReferrerPolicy policy = ReferrerPolicy::kUnset;  // of its Referrer-Policy
  std::optional<LocalFolder> folder;               // of a file
};

// True where a target on the command line is a URL rather than a path.
bool looks_like_url(const std::string& target);

// Reads a file of HTML, Markdown or a feed. `base`: its address on the web, if it has one.
// kNotFound, kIo, kTooLarge; kInvalid: not text.
Result<SourceDocument> read_document_file(const std::string& path, const std::optional<Url>& base);

// The document that `outcome` archived. kInvalid: not an article, with its type.
Result<SourceDocument> read_archived_document(Archive& archive, const Url& address,
                                              const CaptureOutcome& outcome);

}  // namespace halftone
