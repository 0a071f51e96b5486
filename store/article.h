// What the archive knows of an article: its facts and what became of each reference.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
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
  // When its snapshot began: it saw what was captured from then on until captured_at. 1970: unknown
  // (format 1).
  Time begun_at{};
  std::string source;  // what led to it: the URL of a feed, the name of a list; empty: the user
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

// What a list tells of one version of an article.
struct ArticleSummary {
  std::string id, url, title, source;
  std::optional<Time> date;  // the article's own
  Time captured_at{};
  Completeness completeness;
};

// Which versions a list is about. Moments are included at both ends.
struct ArticleQuery {
  enum class Order { kCaptured, kDate };
  Order order = Order::kCaptured;  // newest first; what has no date comes last
  std::optional<Time> captured_since, captured_until;
  std::optional<Time> dated_since, dated_until;
  std::string site;    // a host: its articles and those of its subdomains
  std::string source;  // exactly this
};

// Articles by id, every version kept. Safe for concurrent use by several threads.
class Articles {
 public:
  explicit Articles(Database& database) : database_(database) {}  // must outlive this

  // Keeps a version and the index rows that lead to it, durably. A second version of the same
  // microsecond replaces the first. kInvalid: its id is not one of article_id().
  Result<void> add(const Article& article);

  // The same for several, all or none. They survive the process; the machine with the next durable
  // write.
  Result<void> add(std::span<const Article> articles);

  // The latest version. `id` may be cut to as few digits as still tell it apart.
  // kNotFound; kInvalid: several begin so, and they are named.
  Result<Article> get(std::string_view id) const;

  // Whether there is a version of it; told by the index, without reading any. `id` is whole.
  Result<bool> contains(std::string_view id) const;

  // One version, whole or its summary. kNotFound.
  Result<Article> version(std::string_view id, Time captured_at) const;
  Result<ArticleSummary> summary(std::string_view id, Time captured_at) const;

  // Every version, oldest first.
  Result<std::vector<Article>> history(std::string_view id) const;

  // A row of the article table taken apart. kCorrupt.
  static Result<Article> read_row(std::string_view key, std::string_view value);

  // The latest version of each, in order of id.
  Result<void> for_each(const std::function<bool(const Article&)>& visit) const;

  // Every version of every article, in order of id, oldest first; whole, or its summary.
  Result<void> for_each_version(const std::function<bool(const Article&)>& visit) const;
  Result<void> for_each_summary(const std::function<bool(const ArticleSummary&)>& visit) const;

  // Of each article the newest version that `query` is about, by the index: no references are
  // read. Answers for a site or a source are held in memory until they are sorted.
  // kInvalid: `site` is no host.
  Result<void> list(const ArticleQuery& query,
                    const std::function<bool(const ArticleSummary&)>& visit) const;

  // Takes a version and its index rows away with `batch`.
  void remove(const ArticleSummary& version, WriteBatch& batch);

  // The id that begins so. kNotFound, kInvalid as in get().
  Result<std::string> whole_id(std::string_view id) const;

 private:
  Result<void> put(const Article& article, WriteBatch& batch) const;

  Database& database_;
};

}  // namespace halftone
