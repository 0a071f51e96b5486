#include "media/feed_words.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "media/ascii.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr size_t kMostBindings = 64;
constexpr size_t kLongestName = 64;

struct Namespace {
  std::string_view uri, name;  // without "/" or "#" at the end
};

// Feeds write them in either case, with http or https.
constexpr Namespace kNamespaces[] = {
    {"www.w3.org/2005/atom", ""},
    {"purl.org/atom/ns", ""},
    {"purl.org/rss/1.0", ""},
    {"purl.org/net/rss1.1", ""},
    {"backend.userland.com/rss2", ""},
    {"blogs.law.harvard.edu/tech/rss", ""},
    {"my.netscape.com/rdf/simple/0.9", ""},
    {"channel.netscape.com/rdf/simple/0.9", ""},
    {"search.yahoo.com/mrss", "media"},
    {"video.search.yahoo.com/mrss", "media"},
    {"tools.search.yahoo.com/mrss", "media"},
    {"www.rssboard.org/media-rss", "media"},
    {"www.itunes.com/dtds/podcast-1.0.dtd", "itunes"},
    {"www.google.com/schemas/play-podcasts/1.0", "googleplay"},
    {"purl.org/dc/elements/1.0", "dc"},
    {"purl.org/dc/elements/1.1", "dc"},
    {"purl.org/dc/terms", "dc"},
    {"purl.org/rss/1.0/modules/content", "content"},
    {"purl.org/rss/1.0/modules/enclosure", "enc"},
    {"rssnamespace.org/feedburner/ext/1.0", "feedburner"},
    {"podcastindex.org/namespace/1.0", "podcast"},
    {"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", "podcast"},
    {"wellformedweb.org/commentapi", "wfw"},
    {"purl.org/syndication/thread/1.0", "thr"},
    {"schemas.google.com/g/2005", "gd"},
    {"www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"},
    {"www.w3.org/1999/xhtml", "xhtml"},
};

std::optional<std::string_view> namespace_name(std::string_view written) {
  std::string uri = lower_case(trim(written).substr(0, 128));
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (uri.starts_with(scheme)) uri.erase(0, scheme.size());
  }
  while (uri.ends_with('/') || uri.ends_with('#')) uri.pop_back();
  for (const Namespace& row : kNamespaces) {
    if (row.uri == uri) return row.name;
  }
  return std::nullopt;
}

// Sorted by name, as is the next.
constexpr FieldRule kFields[] = {
    {"author", FeedField::kAuthor},
    {"body", FeedField::kHtml},
    {"category", FeedField::kCategory},
    {"comments", FeedField::kUrl, Kind::kPage},
    {"content", FeedField::kHtml},
    {"content:encoded", FeedField::kHtml},
    {"copyright", FeedField::kHtml},
    {"created", FeedField::kModuleDate},
    {"dc:created", FeedField::kModuleDate},
    {"dc:creator", FeedField::kCreator},
    {"dc:date", FeedField::kModuleDate},
    {"dc:description", FeedField::kHtml},
    {"dc:issued", FeedField::kModuleDate},
    {"dc:modified", FeedField::kUpdated},
    {"dc:subject", FeedField::kCategory},
    {"dc:title", FeedField::kOtherTitle},
    {"description", FeedField::kHtml},
    {"docs", FeedField::kUrl, Kind::kPage},
    {"encoded", FeedField::kHtml},
    {"excerpt:encoded", FeedField::kHtml},
    {"feedburner:origenclosurelink", FeedField::kUrl, Kind::kMedia},
    {"feedburner:origlink", FeedField::kUrl, Kind::kPage},
    {"fullitem", FeedField::kHtml},
    {"guid", FeedField::kGuid},
    {"icon", FeedField::kUrl, Kind::kIcon},
    {"id", FeedField::kId},
    {"info", FeedField::kHtml},
    {"issued", FeedField::kPublished},
    {"itunes:author", FeedField::kCreator},
    {"itunes:new-feed-url", FeedField::kUrl, Kind::kFeed},
    {"itunes:subtitle", FeedField::kHtml},
    {"itunes:summary", FeedField::kHtml},
    {"itunes:title", FeedField::kOtherTitle},
    {"link", FeedField::kLink},
    {"logo", FeedField::kUrl, Kind::kImage},
    {"media:description", FeedField::kHtml},
    {"media:text", FeedField::kHtml},
    {"media:title", FeedField::kOtherTitle},
    {"modified", FeedField::kUpdated},
    {"name", FeedField::kAuthor},
    {"pubdate", FeedField::kPublished},
    {"published", FeedField::kPublished},
    {"rights", FeedField::kHtml},
    {"subtitle", FeedField::kHtml},
    {"summary", FeedField::kHtml},
    {"tagline", FeedField::kHtml},
    {"title", FeedField::kTitle},
    {"turbo:content", FeedField::kHtml},
    {"updated", FeedField::kUpdated},
    {"uri", FeedField::kUrl, Kind::kPage},
    {"url", FeedField::kUrl, Kind::kPage},
    {"wfw:comment", FeedField::kUrl, Kind::kOther},
    {"wfw:commentrss", FeedField::kUrl, Kind::kFeed},
    {"xhtml:body", FeedField::kHtml},
    {"xhtml:div", FeedField::kHtml},
    {"yandex:full-text", FeedField::kHtml},
};

constexpr AttributeRule kAttributes[] = {
    {"content", "src", FeedUrl::kSource, Kind::kPage},
    {"enc:enclosure", "rdf:resource", FeedUrl::kTyped, Kind::kMedia},
    {"enclosure", "rdf:resource", FeedUrl::kTyped, Kind::kMedia},
    {"enclosure", "url", FeedUrl::kTyped, Kind::kMedia},
    {"gd:image", "src", FeedUrl::kAvatar, Kind::kImage},
    {"generator", "uri", FeedUrl::kPlain, Kind::kPage},
    {"generator", "url", FeedUrl::kPlain, Kind::kPage},
    {"googleplay:image", "href", FeedUrl::kPlain, Kind::kImage},
    {"image", "href", FeedUrl::kPlain, Kind::kImage},
    {"image", "rdf:resource", FeedUrl::kPlain, Kind::kImage},
    {"image", "src", FeedUrl::kPlain, Kind::kImage},
    {"image", "url", FeedUrl::kPlain, Kind::kImage},
    {"item", "rdf:about", FeedUrl::kPlain, Kind::kPage},
    {"itunes:image", "href", FeedUrl::kPlain, Kind::kImage},
    {"itunes:image", "url", FeedUrl::kPlain, Kind::kImage},
    {"link", "href", FeedUrl::kLink, Kind::kPage},
    {"media:content", "url", FeedUrl::kTyped, Kind::kMedia},
    {"media:copyright", "url", FeedUrl::kPlain, Kind::kPage},
    {"media:embed", "url", FeedUrl::kPlain, Kind::kPage},
    {"media:license", "href", FeedUrl::kPlain, Kind::kPage},
    {"media:peerlink", "href", FeedUrl::kPlain, Kind::kOther},
    {"media:player", "url", FeedUrl::kPlain, Kind::kPage},
    {"media:subtitle", "href", FeedUrl::kPlain, Kind::kTrack},
    {"media:thumbnail", "url", FeedUrl::kPlain, Kind::kImage},
    {"podcast:chapters", "url", FeedUrl::kPlain, Kind::kOther},
    {"podcast:contentlink", "href", FeedUrl::kPlain, Kind::kPage},
    {"podcast:funding", "url", FeedUrl::kPlain, Kind::kPage},
    {"podcast:image", "href", FeedUrl::kPlain, Kind::kImage},
    {"podcast:images", "srcset", FeedUrl::kSrcset, Kind::kImageCandidate},
    {"podcast:license", "url", FeedUrl::kPlain, Kind::kPage},
    {"podcast:person", "href", FeedUrl::kPlain, Kind::kPage},
    {"podcast:person", "img", FeedUrl::kAvatar, Kind::kImage},
    {"podcast:remoteitem", "feedurl", FeedUrl::kPlain, Kind::kFeed},
    {"podcast:socialinteract", "uri", FeedUrl::kPlain, Kind::kPage},
    {"podcast:source", "uri", FeedUrl::kTyped, Kind::kMedia},
    {"podcast:trailer", "url", FeedUrl::kTyped, Kind::kMedia},
    {"podcast:transcript", "url", FeedUrl::kPlain, Kind::kTrack},
    {"rdf:li", "rdf:resource", FeedUrl::kPlain, Kind::kPage},
    {"rdf:li", "resource", FeedUrl::kPlain, Kind::kPage},
    {"source", "url", FeedUrl::kPlain, Kind::kFeed},
    {"thr:in-reply-to", "href", FeedUrl::kPlain, Kind::kPage},
    {"thr:in-reply-to", "source", FeedUrl::kPlain, Kind::kFeed},
};

static_assert(std::is_sorted(std::begin(kFields), std::end(kFields),
                             [](const auto& a, const auto& b) { return a.element < b.element; }));
static_assert(std::is_sorted(std::begin(kAttributes), std::end(kAttributes),
                             [](const auto& a, const auto& b) { return a.element < b.element; }));

struct ByElement {
  bool operator()(const auto& row, std::string_view element) const { return row.element < element; }
  bool operator()(std::string_view element, const auto& row) const { return element < row.element; }
};

bool is_feed_type(std::string_view type) {
  return type.starts_with("application/atom+xml") || type.starts_with("application/rss+xml") ||
         type.starts_with("application/feed+json");
}

// The URL alone tells.
std::optional<Kind> kind_of_name(std::string_view url) {
  if (has_image_extension(url)) return Kind::kImage;
  if (has_media_extension(url)) return Kind::kMedia;
  return std::nullopt;
}

}  // namespace

void FeedNames::enter(const XmlToken& tag, size_t depth) {
  for (const XmlAttribute& attribute : tag.attributes) {
    if (!attribute.name.starts_with("xmlns") || bindings_.size() >= kMostBindings) continue;
    std::string_view prefix = attribute.name.substr(5);
    if (!prefix.empty() && prefix.front() != ':') continue;
    if (!prefix.empty()) prefix.remove_prefix(1);
    if (prefix.size() > kLongestName) continue;
    const auto known = namespace_name(attribute.value);
    if (known) bindings_.push_back({depth, lower_case(prefix), *known});
  }
}

void FeedNames::leave(size_t depth) {
  while (!bindings_.empty() && bindings_.back().depth >= depth) bindings_.pop_back();
}

std::string FeedNames::name(std::string_view written) const {
  const std::string lower = lower_case(written.substr(0, kLongestName));
  const size_t colon = lower.find(':');
  const std::string_view prefix =
      std::string_view(lower).substr(0, colon == lower.npos ? 0 : colon);
  const auto bound = std::find_if(bindings_.rbegin(), bindings_.rend(),
                                  [&](const Binding& binding) { return binding.prefix == prefix; });
  std::string_view name = prefix == "atom" ? "" : prefix;
  if (bound != bindings_.rend()) name = bound->name;
  const std::string_view local = std::string_view(lower).substr(prefix.empty() ? 0 : colon + 1);
  return name.empty() ? std::string(local) : std::string(name) + ':' + std::string(local);
}

const FieldRule* field_rule(std::string_view element) {
  const auto found = std::equal_range(std::begin(kFields), std::end(kFields), element, ByElement{});
  return found.first == found.second ? nullptr : found.first;
}

std::span<const AttributeRule> attribute_rules(std::string_view element) {
  const auto found =
      std::equal_range(std::begin(kAttributes), std::end(kAttributes), element, ByElement{});
  return {found.first, found.second};
}

Kind enclosure_kind(std::string_view type, std::string_view medium, std::string_view url) {
  if (type.starts_with("image/") || type == "image" || medium == "image") return Kind::kImage;
  const bool telling = type.starts_with("audio/") || type.starts_with("video/") ||
                       medium == "audio" || medium == "video";
  if (telling) return Kind::kMedia;
  if (type.starts_with("text/html")) return Kind::kPage;
  return kind_of_name(url).value_or(Kind::kMedia);
}

Kind link_kind(std::string_view rel, std::string_view type, std::string_view url) {
  constexpr std::pair<std::string_view, Kind> kRelations[] = {
      {"current", Kind::kFeed},      {"edit", Kind::kOther},    {"edit-media", Kind::kOther},
      {"first", Kind::kFeed},        {"hub", Kind::kOther},     {"icon", Kind::kIcon},
      {"image", Kind::kImage},       {"last", Kind::kFeed},     {"next", Kind::kFeed},
      {"next-archive", Kind::kFeed}, {"prev", Kind::kFeed},     {"prev-archive", Kind::kFeed},
      {"preview", Kind::kImage},     {"previous", Kind::kFeed}, {"search", Kind::kOther},
      {"self", Kind::kFeed},         {"service", Kind::kOther}, {"shortcut icon", Kind::kIcon},
      {"thumbnail", Kind::kImage},
  };
  if (rel == "enclosure") return enclosure_kind(type, {}, url);
  for (const auto& [name, kind] : kRelations) {
    if (rel == name) return kind;
  }
  if (is_feed_type(type) || rel.starts_with("http://schemas.google.com/")) return Kind::kFeed;
  return type.starts_with("image/") ? Kind::kImage : Kind::kPage;
}

const XmlAttribute* find_attribute(const XmlToken& tag, std::string_view name) {
  const auto found =
      std::find_if(tag.attributes.begin(), tag.attributes.end(),
                   [&](const XmlAttribute& a) { return equals_ignoring_case(a.name, name); });
  return found == tag.attributes.end() ? nullptr : &*found;
}

std::string attribute_text(const XmlToken& tag, std::string_view name) {
  const XmlAttribute* attribute = find_attribute(tag, name);
  if (!attribute) return {};
  return std::string(trim(decode_xml(attribute->value, 0).text()));
}

}  // namespace halftone
