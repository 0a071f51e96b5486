#include "media/sitemap.h"

#include <algorithm>
#include <functional>

#include "media/ascii.h"
#include "media/feed.h"
#include "media/gzip.h"
#include "media/image_urls.h"
#include "media/reference_list.h"
#include "media/xml_encoding.h"
#include "media/xml_text.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

// The protocol allows 50 MB and 50,000 entries.
constexpr size_t kMostBytes = 128 << 20;
constexpr size_t kMostEntries = kMostReferences;
constexpr size_t kMostValues = 1000;   // of a kind in one entry: Google reads as many images
constexpr size_t kFarthestStart = 16;  // how far up an end tag looks for its element
constexpr size_t kDeepest = 1024;

// The element that says what a value inside of it means.
enum class Container : uint8_t { kNone, kUrl, kSitemap, kImage, kVideo, kNews };
enum class Field : uint8_t { kNone, kUrl, kDate, kTitle, kCategory, kKeywords, kImage, kEnclosure };

struct Place {
  Container container;
  std::string_view element;  // without its prefix
  Field field;
  std::optional<Kind> kind;  // where it is a reference
};

// sitemaps.org; the extensions of Google for images (1.1), video (1.1), news (0.9).
constexpr Place kPlaces[] = {
    {Container::kUrl, "loc", Field::kUrl, Kind::kPage},
    {Container::kUrl, "lastmod", Field::kDate, std::nullopt},
    {Container::kSitemap, "loc", Field::kUrl, Kind::kOther},
    {Container::kSitemap, "lastmod", Field::kDate, std::nullopt},
    {Container::kImage, "loc", Field::kImage, Kind::kImage},
    {Container::kImage, "license", Field::kNone, Kind::kPage},
    {Container::kVideo, "thumbnail_loc", Field::kImage, Kind::kPoster},
    {Container::kVideo, "content_loc", Field::kEnclosure, Kind::kMedia},
    {Container::kVideo, "player_loc", Field::kNone, Kind::kPage},
    {Container::kVideo, "title", Field::kTitle, std::nullopt},
    {Container::kVideo, "category", Field::kCategory, std::nullopt},
    {Container::kVideo, "tag", Field::kCategory, std::nullopt},
    {Container::kNews, "title", Field::kTitle, std::nullopt},
    {Container::kNews, "keywords", Field::kKeywords, std::nullopt},
    {Container::kNews, "publication_date", Field::kDate, std::nullopt},
};

// <xhtml:link rel="alternate" hreflang="…" href="…">
constexpr Place kLink = {Container::kUrl, "link", Field::kNone, Kind::kPage};

Container container_named(std::string_view name) {
  if (name == "url") return Container::kUrl;
  if (name == "sitemap") return Container::kSitemap;
  if (name == "image") return Container::kImage;
  if (name == "video") return Container::kVideo;
  return name == "news" ? Container::kNews : Container::kNone;
}

const Place* find_place(Container container, std::string_view element) {
  const auto found = std::find_if(std::begin(kPlaces), std::end(kPlaces), [&](const Place& place) {
    return place.container == container && place.element == element;
  });
  return found == std::end(kPlaces) ? nullptr : found;
}

// A value as it stands in the sitemap; blanks around it are left out.
struct Value {
  const Place& place;
  std::string_view element, attribute;  // as written
  std::string_view text;
  Span span;
  Escapes escapes;
};

// Reads XML, well-formed or not, and hands out what stands in it.
class XmlReader {
 public:
  using OnValue = std::function<void(const Value&)>;

  XmlReader(const SourceText& xml, OnValue on_value)
      : xml_(xml), on_value_(std::move(on_value)), text_(xml) {}

  // `on_entry`: at the begin of each <url> and <sitemap>; false ends it all.
  void read(const std::function<bool(Container)>& on_entry) {
    using Type = XmlToken::Type;
    XmlTokenizer tokenizer(xml_.text());
    for (const XmlToken* token = &tokenizer.next(); token->type != Type::kEnd;
         token = &tokenizer.next()) {
      if (token->type == Type::kStartTag) {
        if (!start_tag(*token, on_entry)) return;
      } else if (token->type == Type::kEndTag) {
        end_value();
        end_tag(token->name);
      } else if (place_) {
        text_.add(*token);
      }
    }
    end_value();
  }

 private:
  struct Open {
    std::string_view name;
    Container container;
  };

  bool start_tag(const XmlToken& tag, const std::function<bool(Container)>& on_entry) {
    end_value();
    const std::string_view name = local_name(tag.name);
    const Container outer = open_.empty() ? Container::kNone : open_.back().container;
    const Container own = container_named(name);
    const bool is_entry = own == Container::kUrl || own == Container::kSitemap;
    if (is_entry && !on_entry(own)) return false;
    if (outer == kLink.container && name == kLink.element) add_link(tag);
    if (tag.self_closing) return true;
    place_ = find_place(outer, name);
    element_ = tag.name;
    if (open_.size() < kDeepest) open_.push_back({tag.name, own == Container::kNone ? outer : own});
    return true;
  }

  void end_tag(std::string_view name) {
    const size_t lowest = open_.size() - std::min(open_.size(), kFarthestStart);
    for (size_t at = open_.size(); at > lowest; --at) {
      if (open_[at - 1].name == name) return open_.resize(at - 1);
    }
  }

  void end_value() {
    if (!place_) return;
    const SourceText all = text_.text();
    const std::string_view text = trim(all.text());
    if (!text.empty()) {
      const auto from = static_cast<size_t>(text.data() - all.text().data());
      const auto escape = text_.escape(from, from + text.size());
      const Span span = escape ? all.source(from, from + text.size()) : Span{};
      on_value_({*place_, element_, {}, text, span, {escape.value_or(Escape::kNone)}});
    }
    text_.clear();
    place_ = nullptr;
  }

  void add_link(const XmlToken& link) {
    const XmlAttribute* href = link.find("href");
    if (!href) return;
    const SourceText value = decode_value(*href, xml_);
    const std::string_view text = trim(value.text());
    if (text.empty()) return;
    const auto from = static_cast<size_t>(text.data() - value.text().data());
    on_value_({kLink,
               link.name,
               href->name,
               text,
               value.source(from, from + text.size()),
               {quoting(*href)}});
  }

  const SourceText& xml_;
  OnValue on_value_;
  XmlText text_;
  std::vector<Open> open_;
  const Place* place_ = nullptr;  // what the text means that is being read
  std::string_view element_;
};

// True where the first element is one of sitemaps.
bool is_xml_sitemap(std::string_view text) {
  XmlTokenizer tokenizer(text);
  for (const XmlToken* token = &tokenizer.next(); token->type != XmlToken::Type::kEnd;
       token = &tokenizer.next()) {
    if (token->type != XmlToken::Type::kStartTag) continue;
    const std::string_view name = local_name(token->name);
    return name == "urlset" || name == "sitemapindex" || name == "url" || name == "sitemap";
  }
  return false;
}

// Calls take(line without blanks, where it begins) for each line that is not empty, until it says
// false.
template <class Take>
void for_each_line(std::string_view text, Take take) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    if (!line.empty() && !take(line, static_cast<size_t>(line.data() - text.data()))) return;
    at = end + 1;
  }
}

bool is_absolute_line(std::string_view line) {
  return is_absolute_http(line) && !line.starts_with("//") &&
         std::none_of(line.begin(), line.end(), is_space);
}

// A URL a line; the first one tells.
bool is_text_sitemap(std::string_view text) {
  bool is_url = false;
  for_each_line(text, [&](std::string_view line, size_t) {
    is_url = is_absolute_line(line);
    return false;
  });
  return is_url;
}

void add_value(std::vector<std::string>& values, std::string value) {
  if (!value.empty() && values.size() < kMostValues) values.push_back(std::move(value));
}

void add_keywords(std::vector<std::string>& categories, std::string_view keywords) {
  while (!keywords.empty() && categories.size() < kMostValues) {
    const size_t comma = keywords.find(',');
    add_value(categories, std::string(trim(keywords.substr(0, comma))));
    keywords.remove_prefix(comma == keywords.npos ? keywords.size() : comma + 1);
  }
}

void put(SitemapEntry& entry, const Value& value, const Url& base) {
  const auto absolute = [&] {
    const auto url = Url::parse(value.text, &base);
    return url ? url->href() : std::string();
  };
  switch (value.place.field) {
    case Field::kNone:
      return;
    case Field::kUrl:
      if (entry.url.empty()) entry.url = absolute();
      return;
    case Field::kDate:
      if (!entry.date) entry.date = parse_date(value.text);
      return;
    case Field::kTitle:
      if (entry.title.empty()) entry.title = value.text;
      return;
    case Field::kCategory:
      return add_value(entry.categories, std::string(value.text));
    case Field::kKeywords:
      return add_keywords(entry.categories, value.text);
    case Field::kImage:
      return add_value(entry.images, absolute());
    case Field::kEnclosure:
      return add_value(entry.enclosures, absolute());
  }
}

Sitemap read_text(std::string_view text, const Url& base) {
  Sitemap sitemap{Sitemap::Type::kText, {}, {}};
  size_t bad = 0;
  for_each_line(text, [&](std::string_view line, size_t) {
    const auto url = is_absolute_line(line) ? Url::parse(line, &base) : std::nullopt;
    if (url) {
      sitemap.entries.emplace_back().url = url->href();
    } else {
      ++bad;
    }
    return sitemap.entries.size() < kMostEntries;
  });
  if (bad > 0) sitemap.warnings.push_back(fmt::format("{} lines are no URL and left out", bad));
  return sitemap;
}

Sitemap read_xml(const SourceText& text, const Url& base) {
  Sitemap sitemap;
  XmlReader reader(text, [&](const Value& value) {
    if (!sitemap.entries.empty()) put(sitemap.entries.back(), value, base);
  });
  reader.read([&](Container container) {
    if (container == Container::kSitemap) sitemap.type = Sitemap::Type::kIndex;
    if (sitemap.entries.size() >= kMostEntries) return false;
    sitemap.entries.emplace_back();
    return true;
  });
  const size_t without =
      std::erase_if(sitemap.entries, [](const SitemapEntry& entry) { return entry.url.empty(); });
  if (without > 0) {
    sitemap.warnings.push_back(fmt::format("{} entries are without a URL and left out", without));
  }
  return sitemap;
}

// A feed's entries as pages, as the protocol allows.
Result<Sitemap> read_feed(std::string_view bytes, const Url& base) {
  auto feed = parse_feed(bytes, base);
  if (!feed) {
    return fail(ErrorCode::kInvalid,
                "no sitemap: neither <urlset> nor <sitemapindex> nor a feed nor a URL on the first "
                "line");
  }
  Sitemap sitemap{Sitemap::Type::kPages, {}, std::move(feed->warnings)};
  for (FeedEntry& entry : feed->entries) {
    if (entry.url.empty()) continue;
    sitemap.entries.push_back({std::move(entry.url), entry.date, std::move(entry.title),
                               std::move(entry.categories), std::move(entry.images),
                               std::move(entry.enclosures)});
  }
  return sitemap;
}

Result<Sitemap> parse_inflated(std::string_view bytes, const Url& base) {
  const SourceText text = decode(bytes, detect_xml_encoding(bytes, {}).name);
  const bool is_text = is_text_sitemap(text.text());
  if (!is_text && !is_xml_sitemap(text.text())) return read_feed(bytes, base);
  Sitemap sitemap = is_text ? read_text(text.text(), base) : read_xml(text, base);
  if (sitemap.entries.size() >= kMostEntries) {
    sitemap.warnings.push_back(
        fmt::format("more than {} entries; the rest is left out", kMostEntries));
  }
  return sitemap;
}

}  // namespace

Result<Sitemap> parse_sitemap(std::string_view bytes, const Url& base) {
  if (is_gzip(bytes)) {
    const Inflated inflated = gunzip_what_is_there(bytes, kMostBytes);
    if (inflated.content.empty() && !inflated.fault.empty()) {
      return fail(ErrorCode::kInvalid, "reading a sitemap: {}", inflated.fault);
    }
    auto sitemap = parse_inflated(inflated.content, base);
    if (sitemap && !inflated.fault.empty()) sitemap->warnings.push_back(inflated.fault);
    return sitemap;
  }
  return parse_inflated(bytes, base);
}

std::vector<Reference> find_sitemap_references(const SourceText& text, const Url& document_url,
                                               std::string_view charset) {
  ReferenceList list(document_url, charset);
  if (is_text_sitemap(text.text())) {
    for_each_line(text.text(), [&](std::string_view line, size_t from) {
      if (!is_absolute_line(line)) return true;
      Reference* added = list.add(Kind::kPage, line, text.source(from, from + line.size()),
                                  {Escape::kPlaylistLine});
      if (added) added->loading = Loading::kNever;
      return added != nullptr;
    });
    return std::move(list).take();
  }
  if (!is_xml_sitemap(text.text())) {
    auto of_feed = find_feed_references(text, document_url, charset);
    if (!of_feed.empty()) return of_feed;
  }
  XmlReader reader(text, [&](const Value& value) {
    if (!value.place.kind) return;
    Reference* added = list.add(*value.place.kind, value.text, value.span, value.escapes);
    if (!added) return;
    added->element = lower_case(value.element);
    added->attribute = lower_case(value.attribute);
    added->loading = Loading::kNever;
  });
  reader.read([&](Container) { return !list.is_full(); });
  return std::move(list).take();
}

}  // namespace halftone
