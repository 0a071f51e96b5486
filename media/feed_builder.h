// A feed as its reader finds it: the facts and the references, put together in one pass.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/feed.h"
#include "media/feed_text.h"
#include "media/reference_list.h"

namespace halftone {

struct FeedScan {
  Feed feed;
  std::vector<Reference> references;  // in document order
};

// What an entry says of itself, before it is decided which counts.
struct FeedDraft {
  explicit FeedDraft(Url url) : base(std::move(url)) {}

  void add_category(std::string_view text);

  FeedEntry facts;
  std::string other_title, creator;
  std::string original, alternate, link, permalink, about;  // where it may be found
  bool alternate_is_special = false;                        // in another language or format
  std::string published, module_date, updated;
  Url base;
};

class FeedBuilder {
 public:
  // Both must outlive the builder.
  FeedBuilder(const Url& document_url, std::string_view charset)
      : document_url_(document_url), charset_(charset), references_(document_url, charset) {}

  Feed& feed() { return feed_; }
  FeedDraft* entry() { return entry_ ? &*entry_ : nullptr; }

  void begin_entry(const Url& base);
  void end_entry();

  // Adds a reference; null as ReferenceList has it. What an entry shows of itself counts among its
  // images and enclosures.
  Reference* add(Kind kind, const SourceText& value, const Escapes& escapes, const Url& base,
                 bool shows = true);

  // HTML of the current entry or, outside of one, of the feed. Without a base of its own it is read
  // from where its entry is found, as readers show it.
  void add_content(FeedContent content, std::optional<Url> base);

  // Where the feed's site is and who writes it, as written; the first counts.
  void set_home(std::string_view link, const Url& base);
  void set_author(std::string_view author);

  FeedScan finish() &&;

 private:
  struct Content {
    FeedContent content;
    std::optional<Url> base;
  };
  struct Shown {
    size_t at;  // in the document
    std::string url;
    bool is_image;
  };

  void show(const Reference& reference, bool in_content);
  void take_shown(FeedEntry& facts);
  void read_contents(std::vector<Content>& contents, const std::string& home);

  const Url& document_url_;
  std::string_view charset_;
  Feed feed_;
  std::string home_, author_;
  size_t left_out_ = 0;
  ReferenceList references_;
  std::optional<FeedDraft> entry_;
  std::vector<Content> contents_, entry_contents_;
  std::vector<Shown> shown_;  // of the current entry
};

}  // namespace halftone
