// What the archive knows of an article: its facts and what became of each reference.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/article.h"
#include "media/document.h"
#include "media/error.h"
#include "media/reference.h"
#include "media/time.h"
#include "store/database.h"
#include "store/digest.h"

namespace halftone {

enum class Outcome : uint8_t {
  kArchived,
  kMissing,  // wanted, not got; `reason` tells why
  kLinked,   // not part of the article: pages, feeds, forms, scripts; stays as it is
  kInline,   // data: and fragments: nothing to fetch
  kAbsent,   // a guess at an original that was not got: the article lacks nothing; `reason` tells
             // why
};

std::string_view to_string(Outcome outcome);

// A reference and what became of it.
struct ArchivedReference {
  std::string url;
  std::string raw;
  std::string
      origin_of;  // where this is a guess at the original of a rendition: the page's own URL
  Kind kind = Kind::kOther;
  std::string element, attribute, descriptor, alt;
  std::string
      document;  // the URL of the style sheet it stands in; empty for the article's own document
  Outcome outcome = Outcome::kLinked;
  std::string reason;            // for people; empty where archived
  int status = 0;                // of the last answer, 0 where none came
  std::optional<Digest> digest;  // where archived
  std::string final_url;         // where the body came from after redirects; empty: from `url`
  uint64_t size = 0;
  std::string type;
};

struct Completeness {
  size_t references = 0;  // those the article shows; guesses at originals are none
  size_t archived = 0;
  size_t missing = 0;
  size_t images = 0;   // distinct image URLs archived
  uint64_t bytes = 0;  // of distinct blobs: the document and what it shows
};

struct Article {
  std::string id;   // by article_id()
  std::string url;  // its address on the web, or file:///… for a file
  Time captured_at{};
  ArticleFacts facts;
  DocumentType document_type = DocumentType::kHtml;
  Digest digest;             // of the document
  uint64_t size = 0;         // of the document
  std::string base;          // relative references were resolved against this
  std::string http_charset;  // of its Content-Type
  std::vector<ArchivedReference> references;

  Completeness completeness() const;
};

// The same for the same address, in every archive: 12 hexadecimal digits.
std::string article_id(std::string_view url);

// Articles by id, every version kept. Safe for concurrent use by several threads.
class Articles {
 public:
  explicit Articles(Database& database) : database_(database) {}  // must outlive this

  // Keeps a version, durably. kInvalid: its id is not one of article_id().
  Result<void> add(const Article& article);

  // The latest version. `id` may be cut to as few digits as still tell it apart.
  // kNotFound; kInvalid: several begin so, and they are named.
  Result<Article> get(std::string_view id) const;

  // One version. kNotFound.
  Result<Article> version(std::string_view id, Time captured_at) const;

  // Every version, oldest first.
  Result<std::vector<Article>> history(std::string_view id) const;

  // The latest version of each, in order of id.
  Result<void> for_each(const std::function<bool(const Article&)>& visit) const;

  // Every version of every article, in order of id, oldest first.
  Result<void> for_each_version(const std::function<bool(const Article&)>& visit) const;

 private:
  Result<std::string> whole_id(std::string_view id) const;

  Database& database_;
};

}  // namespace halftone
