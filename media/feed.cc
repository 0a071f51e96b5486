#include "media/feed.h"

#include <cstdlib>
#include <limits>
#include <memory>
#include <utility>

#include <libxml/parser.h>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kMaxFeed = 64 * 1024 * 1024;
constexpr size_t kMaxEntries = 100'000;
constexpr size_t kMaxText = 16 * 1024;  // of one title, URL or date
constexpr size_t kMaxBases = 64;        // nested xml:base

std::string_view view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

// The attributes of an element as libxml2's SAX2 gives them: five pointers each.
class Attributes {
 public:
  Attributes(const xmlChar** attributes, int count) : attributes_(attributes), count_(count) {}

  std::string_view get(std::string_view name, std::string_view prefix = {}) const {
    for (int i = 0; i < count_; ++i) {
      const xmlChar** row = attributes_ + 5 * i;
      if (view(row[0]) != name || (!prefix.empty() && view(row[1]) != prefix)) continue;
      const auto size = static_cast<size_t>(row[4] - row[3]);
      return {reinterpret_cast<const char*>(row[3]), std::min(size, kMaxText)};
    }
    return {};
  }

 private:
  const xmlChar** attributes_;
  int count_;
};

// The vocabularies whose words we read; those of modules (media:title) mean something else.
enum class Vocabulary { kFeed, kDublinCore, kOther };

Vocabulary vocabulary(std::string_view prefix, std::string_view uri) {
  constexpr std::string_view kFeeds[] = {
      "http://www.w3.org/2005/Atom",
      "http://purl.org/atom/ns#",
      "http://purl.org/rss/1.0/",
      "http://my.netscape.com/rdf/simple/0.9/",
      "http://channel.netscape.com/rdf/simple/0.9/",
  };
  if (prefix.empty()) return Vocabulary::kFeed;
  if (std::find(std::begin(kFeeds), std::end(kFeeds), uri) != std::end(kFeeds)) {
    return Vocabulary::kFeed;
  }
  const bool is_dc = uri.starts_with("http://purl.org/dc/") || (uri.empty() && prefix == "dc");
  return is_dc ? Vocabulary::kDublinCore : Vocabulary::kOther;
}

// What an entry says of itself, before it is decided which counts.
struct RawEntry {
  explicit RawEntry(Url url) : base(std::move(url)) {}
  std::string title, id, link, alternate, permalink, about;
  std::string published, updated, dc_date;
  Url base;
};

class FeedReader {
 public:
  explicit FeedReader(const Url& base) { bases_.push_back({0, base}); }

  void start(std::string_view name, std::string_view prefix, std::string_view uri,
             const Attributes& attributes) {
    ++depth_;
    if (depth_ == 1) is_feed_ = name == "rss" || name == "RDF" || name == "feed";
    if (!is_feed_) return;
    enter_base(attributes.get("base", "xml"));
    const Vocabulary words = vocabulary(prefix, uri);
    if (words == Vocabulary::kFeed && (name == "item" || name == "entry") && !entry_) {
      entry_.emplace(base());
      entry_->about = attributes.get("about");
      entry_depth_ = depth_;
    } else if (words == Vocabulary::kFeed && (name == "channel" || name == "feed") && !entry_) {
      channel_depth_ = depth_;
    } else if (!text_) {
      begin_field(name, words, attributes);
    }
  }

  void end() {
    if (text_ && depth_ == text_depth_) end_field();
    if (entry_ && depth_ == entry_depth_) end_entry();
    if (depth_ == channel_depth_) channel_depth_ = 0;
    if (bases_.size() > 1 && bases_.back().first == depth_) bases_.pop_back();
    --depth_;
  }

  void text(std::string_view piece) {
    if (text_) *text_ += piece.substr(0, kMaxText - std::min(kMaxText, text_->size()));
  }

  // What is left open when the bytes end counts too.
  std::optional<Feed> finish() && {
    while (depth_ > 0) end();
    if (!is_feed_) return std::nullopt;
    return std::move(feed_);
  }

 private:
  const Url& base() const { return bases_.back().second; }

  void enter_base(std::string_view written) {
    if (written.empty() || bases_.size() >= kMaxBases) return;
    if (auto url = Url::parse(written, &base())) bases_.push_back({depth_, std::move(*url)});
  }

  void begin_field(std::string_view name, Vocabulary words, const Attributes& attributes) {
    const bool of_entry = entry_ && depth_ == entry_depth_ + 1;
    const bool of_channel = !entry_ && channel_depth_ > 0 && depth_ == channel_depth_ + 1;
    std::string* field = nullptr;
    if (of_entry) field = entry_field(name, words, attributes);
    if (of_channel && words == Vocabulary::kFeed && name == "title") field = &feed_.title;
    if (!field || !field->empty()) return;  // the first of its kind counts
    target_ = field;
    text_.emplace();
    text_depth_ = depth_;
  }

  // Where the text of an entry's child goes; null where it goes nowhere.
  std::string* entry_field(std::string_view name, Vocabulary words, const Attributes& attributes) {
    if (words == Vocabulary::kDublinCore) return name == "date" ? &entry_->dc_date : nullptr;
    if (words != Vocabulary::kFeed) return nullptr;
    if (name == "title") return &entry_->title;
    if (name == "id") return &entry_->id;
    if (name == "pubDate" || name == "published" || name == "issued") return &entry_->published;
    if (name == "updated" || name == "modified") return &entry_->updated;
    if (name == "guid") {
      return attributes.get("isPermaLink") == "false" ? &entry_->id : &entry_->permalink;
    }
    if (name != "link") return nullptr;
    const std::string_view href = attributes.get("href");
    if (href.empty()) return &entry_->link;
    take_atom_link(href, attributes.get("rel"));
    return nullptr;
  }

  // RFC 4287, 4.2.7: without "rel" it is an alternate. xml:base may stand on the link itself.
  void take_atom_link(std::string_view href, std::string_view rel) {
    if (!rel.empty() && rel != "alternate") return;
    if (!entry_->alternate.empty()) return;
    if (const auto url = Url::parse(href, &base())) entry_->alternate = url->href();
  }

  void end_field() {
    *target_ = trim(*text_);
    text_.reset();
  }

  void end_entry() {
    if (text_) end_field();
    if (feed_.entries.size() < kMaxEntries) feed_.entries.push_back(entry_from(*entry_));
    entry_.reset();
  }

  static FeedEntry entry_from(const RawEntry& raw) {
    FeedEntry entry;
    entry.title = raw.title;
    entry.id = !raw.id.empty() ? raw.id : raw.permalink;
    for (const std::string* link : {&raw.alternate, &raw.link, &raw.permalink, &raw.about}) {
      if (link->empty()) continue;
      const auto url = Url::parse(*link, &raw.base);
      if (!url || !url->is_http()) continue;
      entry.url = url->href();
      break;
    }
    if (entry.id.empty()) entry.id = !raw.about.empty() ? raw.about : entry.url;
    for (const std::string* date : {&raw.published, &raw.dc_date, &raw.updated}) {
      if (!entry.date) entry.date = parse_date(*date);
    }
    return entry;
  }

  Feed feed_;
  bool is_feed_ = false;
  size_t depth_ = 0, channel_depth_ = 0, entry_depth_ = 0, text_depth_ = 0;
  std::optional<RawEntry> entry_;
  std::optional<std::string> text_;  // being read
  std::string* target_ = nullptr;    // where it goes
  std::vector<std::pair<size_t, Url>> bases_;
};

FeedReader& reader(void* context) { return *static_cast<FeedReader*>(context); }

// Only what XML itself defines is an entity: nothing that the feed declares is ever expanded.
xmlSAXHandler make_handler() {
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = [](void* context, const xmlChar* name, const xmlChar* prefix,
                              const xmlChar* uri, int, const xmlChar**, int count, int,
                              const xmlChar** attributes) {
    reader(context).start(view(name), view(prefix), view(uri), Attributes(attributes, count));
  };
  handler.endElementNs = [](void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    reader(context).end();
  };
  handler.characters = [](void* context, const xmlChar* text, int size) {
    reader(context).text({reinterpret_cast<const char*>(text), static_cast<size_t>(size)});
  };
  handler.cdataBlock = handler.characters;
  handler.getEntity = [](void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); };
  return handler;
}

struct ContextDeleter {
  void operator()(xmlParserCtxt* context) const {
    if (context->myDoc) xmlFreeDoc(context->myDoc);
    xmlFreeParserCtxt(context);
  }
};

struct EntityReference {
  size_t size;            // of what is written
  std::string_view text;  // to write instead; empty: as it is
};

// What stands at an "&": a reference of its own, or an "&" that somebody forgot to escape.
EntityReference reference_at(std::string_view xml) {
  constexpr std::pair<std::string_view, std::string_view> kPredefined[] = {
      {"&amp;", "&#38;"},  {"&lt;", "&#60;"},   {"&gt;", "&#62;"},
      {"&quot;", "&#34;"}, {"&apos;", "&#39;"},
  };
  for (const auto& [written, text] : kPredefined) {
    if (xml.starts_with(written)) return {written.size(), text};
  }
  size_t end = xml.substr(1, 1) == "#" ? 2 : 1;
  const size_t name = end;
  while (end < xml.size() && end - name < 32 && is_alnum(xml[end])) ++end;
  if (end > name && end < xml.size() && xml[end] == ';') return {end + 1, {}};
  return {1, "&#38;"};
}

// What libxml2 would lose, though it is common and its meaning plain: blanks before the XML
// declaration, "&" in URLs, and, behind the first error, XML's own entities.
std::string mended(std::string_view xml) {
  std::string out;
  const size_t mark = xml.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  size_t done = std::min(xml.find_first_not_of(" \t\r\n", mark), xml.size());
  for (size_t at = done; (at = xml.find_first_of("&<", at)) != std::string_view::npos;) {
    const bool comment = xml.substr(at, 4) == "<!--";
    if (comment || xml.substr(at, 9) == "<![CDATA[") {
      at = std::min(xml.find(comment ? "-->" : "]]>", at), xml.size());
    } else if (xml[at] == '<') {
      ++at;
    } else {
      const EntityReference reference = reference_at(xml.substr(at));
      if (!reference.text.empty()) {
        out += xml.substr(done, at - done);
        out += reference.text;
        done = at + reference.size;
      }
      at += reference.size;
    }
  }
  return out += xml.substr(done);
}

}  // namespace

Result<Feed> parse_feed(std::string_view bytes, const Url& base, std::string_view) {
  if (bytes.size() > kMaxFeed) {
    return fail(ErrorCode::kInvalid, "{}: a feed of {} MiB is not read; {} MiB are the limit",
                base.href(), bytes.size() >> 20, kMaxFeed >> 20);
  }
  // Mending reads ASCII; in UTF-16 there is none.
  const bool has_nul = bytes.substr(0, 4).find('\0') != std::string_view::npos;
  const std::string xml = has_nul ? std::string(bytes) : mended(bytes);
  xmlSAXHandler handler = make_handler();
  FeedReader feed_reader(base);
  const size_t head = std::min<size_t>(xml.size(), 4);  // tells the encoding
  const std::unique_ptr<xmlParserCtxt, ContextDeleter> context(
      xmlCreatePushParserCtxt(&handler, &feed_reader, xml.data(), static_cast<int>(head), nullptr));
  if (!context) return fail(ErrorCode::kInvalid, "{}: no memory to read a feed", base.href());
  xmlCtxtUseOptions(context.get(),
                    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlParseChunk(context.get(), xml.data() + head, static_cast<int>(xml.size() - head), 1);
  auto feed = std::move(feed_reader).finish();
  if (!feed) {
    return fail(ErrorCode::kInvalid, "{}: no feed; neither RSS nor Atom begins in these bytes",
                base.href());
  }
  return std::move(*feed);
}

}  // namespace halftone
