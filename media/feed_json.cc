// JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/).
#include <algorithm>
#include <iterator>
#include <utility>

#include "media/ascii.h"
#include "media/feed_readers.h"
#include "media/feed_words.h"
#include "media/json_reader.h"
#include "media/json_strings.h"

namespace halftone {
namespace {

// Which part of a feed an object or an array is.
enum class Part : uint8_t {
  kDocument,
  kFeed,
  kItems,
  kItem,
  kAuthors,
  kAuthor,
  kAttachments,
  kAttachment,
  kHubs,
  kHub,
  kTags,
  kOther,
};

struct PartRule {
  Part outer;
  std::string_view key;
  bool is_object;
  Part part;
};

constexpr PartRule kParts[] = {
    {Part::kDocument, "", true, Part::kFeed},
    {Part::kFeed, "items", false, Part::kItems},
    {Part::kFeed, "author", true, Part::kAuthor},
    {Part::kFeed, "authors", false, Part::kAuthors},
    {Part::kFeed, "hubs", false, Part::kHubs},
    {Part::kItems, "", true, Part::kItem},
    {Part::kItem, "author", true, Part::kAuthor},
    {Part::kItem, "authors", false, Part::kAuthors},
    {Part::kItem, "attachments", false, Part::kAttachments},
    {Part::kItem, "tags", false, Part::kTags},
    {Part::kAuthors, "", true, Part::kAuthor},
    {Part::kAttachments, "", true, Part::kAttachment},
    {Part::kHubs, "", true, Part::kHub},
};

Part part_in(Part outer, std::string_view key, bool is_object) {
  const auto rule = std::find_if(std::begin(kParts), std::end(kParts), [&](const PartRule& row) {
    return row.outer == outer && row.key == key && row.is_object == is_object;
  });
  return rule == std::end(kParts) ? Part::kOther : rule->part;
}

struct UrlRule {
  Part part;
  std::string_view key;
  Kind kind;
};

constexpr UrlRule kUrls[] = {
    {Part::kFeed, "home_page_url", Kind::kPage}, {Part::kFeed, "feed_url", Kind::kFeed},
    {Part::kFeed, "next_url", Kind::kFeed},      {Part::kFeed, "icon", Kind::kImage},
    {Part::kFeed, "favicon", Kind::kIcon},       {Part::kItem, "url", Kind::kPage},
    {Part::kItem, "external_url", Kind::kPage},  {Part::kItem, "image", Kind::kImage},
    {Part::kItem, "banner_image", Kind::kImage}, {Part::kAuthor, "url", Kind::kPage},
    {Part::kAuthor, "avatar", Kind::kImage},     {Part::kHub, "url", Kind::kOther},
};

class JsonFeedReader {
 public:
  JsonFeedReader(const SourceText& text, const Url& document_url, std::string_view charset)
      : document_(text), document_url_(document_url), builder_(document_url, charset) {
    builder_.feed().type = Feed::Type::kJson;
  }

  std::optional<FeedScan> run() {
    using Type = JsonToken::Type;
    JsonReader reader(document_.text());
    for (JsonToken token = reader.next(); token.type != Type::kEnd; token = reader.next()) {
      if (token.type == Type::kObject || token.type == Type::kArray) {
        open(token.key, token.type == Type::kObject);
      } else if (token.type == Type::kClose) {
        close();
      } else {
        take(token);
      }
    }
    while (!parts_.empty()) close();
    if (!is_feed_) return std::nullopt;
    return std::move(builder_).finish();
  }

 private:
  Part part() const { return parts_.empty() ? Part::kDocument : parts_.back(); }

  void open(std::string_view key, bool is_object) {
    const Part found = others_ > 0 ? Part::kOther : part_in(part(), key, is_object);
    if (found == Part::kOther) return void(++others_);
    parts_.push_back(found);
    if (found == Part::kItem) builder_.begin_entry(document_url_);
  }

  void close() {
    if (others_ > 0) return void(--others_);
    if (parts_.empty()) return;
    if (part() == Part::kItem) builder_.end_entry();
    if (part() == Part::kAttachment) add_attachment();
    parts_.pop_back();
  }

  void take(const JsonToken& token) {
    if (others_ > 0 || parts_.empty()) return;
    const bool is_string = token.type == JsonToken::Type::kString;
    if (!is_string) {
      const bool is_id = part() == Part::kItem && token.key == "id" && token.text != "null";
      if (is_id) builder_.entry()->facts.id = short_text(token.text);
      return;
    }
    const SourceText value = decode_json_string(token.text, token.span.from);
    if (part() == Part::kFeed) take_of_feed(token.key, value.text());
    if (part() == Part::kItem) take_of_item(token.key, value);
    if (part() == Part::kAuthor && token.key == "name") take_author(value.text());
    if (part() == Part::kTags && builder_.entry()) builder_.entry()->add_category(value.text());
    if (part() == Part::kAttachment) take_of_attachment(token.key, value);
    add_url(token.key, value);
  }

  void take_of_feed(std::string_view key, std::string_view text) {
    if (key == "version") is_feed_ = is_feed_ || text.find("jsonfeed.org") != text.npos;
    if (key == "title") builder_.feed().title = plain_title(text, TitleMarkup::kNone);
    if (key == "home_page_url") builder_.set_home(text, document_url_);
  }

  void take_of_item(std::string_view key, const SourceText& value) {
    FeedDraft& entry = *builder_.entry();
    if (key == "content_html") {
      return builder_.add_content({value.through(document_), {}}, std::nullopt);
    }
    const std::string_view text = value.text();
    if (key == "title") entry.facts.title = plain_title(text, TitleMarkup::kNone);
    if (key == "id") entry.facts.id = short_text(text);
    if (key == "url") entry.link = short_text(text);
    if (key == "external_url") entry.about = short_text(text);
    if (key == "date_published") entry.published = short_text(text);
    if (key == "date_modified") entry.updated = short_text(text);
  }

  void take_author(std::string_view text) {
    FeedDraft* entry = builder_.entry();
    if (!entry) return builder_.set_author(short_text(text));
    if (entry->facts.author.empty()) entry->facts.author = short_text(text);
  }

  // Its type may follow its URL.
  void take_of_attachment(std::string_view key, const SourceText& value) {
    if (key == "url") attachment_ = value.through(document_);
    if (key == "mime_type") attachment_type_ = lower_case(short_text(value.text()));
  }

  void add_attachment() {
    if (attachment_) {
      const Kind kind = enclosure_kind(attachment_type_, {}, trim(attachment_->text()));
      add(kind, *attachment_, "attachments", "url");
    }
    attachment_.reset();
    attachment_type_.clear();
  }

  void add_url(std::string_view key, const SourceText& value) {
    const auto rule = std::find_if(std::begin(kUrls), std::end(kUrls), [&](const UrlRule& row) {
      return row.part == part() && row.key == key;
    });
    if (rule == std::end(kUrls)) return;
    const bool is_author = part() == Part::kAuthor;
    add(rule->kind, value.through(document_), element_of(part()), key, !is_author);
  }

  static std::string_view element_of(Part part) {
    if (part == Part::kAuthor) return "authors";
    if (part == Part::kHub) return "hubs";
    return part == Part::kItem ? "items" : "";
  }

  void add(Kind kind, const SourceText& value, std::string_view element, std::string_view key,
           bool shows = true) {
    Reference* added = builder_.add(kind, value, {Escape::kJson}, document_url_, shows);
    if (!added) return;
    added->element = element;
    added->attribute = key;
  }

  const SourceText& document_;
  const Url& document_url_;
  FeedBuilder builder_;
  bool is_feed_ = false;
  std::vector<Part> parts_;
  size_t others_ = 0;  // objects and arrays that are open in none of the parts
  std::optional<SourceText> attachment_;
  std::string attachment_type_;
};

}  // namespace

std::optional<FeedScan> scan_json_feed(const SourceText& text, const Url& document_url,
                                       std::string_view charset) {
  return JsonFeedReader(text, document_url, charset).run();
}

}  // namespace halftone
