// halftone inspect links, article, feed, sitemap: what documents hold.
#include <nlohmann/json.hpp>

#include "media/article.h"
#include "media/feed.h"
#include "media/sitemap.h"
#include "tools/inspect/answers.h"
#include "tools/inspect/json_text.h"

namespace halftone {
namespace {

using nlohmann::ordered_json;

ordered_json date_or_null(const std::optional<Time>& date) {
  return date ? ordered_json(to_iso8601(*date)) : ordered_json();
}

ordered_json json_of(const Reference& reference) {
  ordered_json link = {{"url", text_or_null<ordered_json>(reference.url)},
                       {"raw", reference.raw},
                       {"kind", to_string(reference.kind)},
                       {"span", {reference.span.from, reference.span.to}},
                       {"loading", to_string(reference.loading)}};
  const std::pair<const char*, std::string_view> optional[] = {
      {"element", reference.element},
      {"attribute", reference.attribute},
      {"descriptor", reference.descriptor},
      {"referrerpolicy", to_string(reference.referrer_policy)},
      {"alt", reference.alt},
      {"origin_of", reference.origin_of}};
  for (const auto& [name, value] : optional) {
    if (!value.empty()) link[name] = value;
  }
  if (reference.rejected) link["rejected"] = true;
  return link;
}

ordered_json json_of(const FrontMatter& matter) {
  ordered_json object = ordered_json::object();
  for (const FrontMatterValue& entry : matter.entries) {
    if (entry.is_list) {
      object[entry.key] = entry.values;
    } else {
      object[entry.key] = entry.values.empty() ? ordered_json() : ordered_json(entry.values[0]);
    }
  }
  object["date"] = date_or_null(front_matter_date(matter));
  return object;
}

template <class Entry>
ordered_json json_of_entry(const std::string& id, const Entry& entry) {
  return {{"id", id},
          {"url", text_or_null<ordered_json>(entry.url)},
          {"title", entry.title},
          {"date", date_or_null(entry.date)},
          {"categories", entry.categories},
          {"images", entry.images},
          {"enclosures", entry.enclosures}};
}

const char* name_of(Feed::Type type) {
  switch (type) {
    case Feed::Type::kRss:
      return "rss";
    case Feed::Type::kRdf:
      return "rdf";
    case Feed::Type::kAtom:
      return "atom";
    case Feed::Type::kJson:
      return "json";
  }
  return "";
}

const char* name_of(Sitemap::Type type) {
  switch (type) {
    case Sitemap::Type::kPages:
      return "urlset";
    case Sitemap::Type::kIndex:
      return "sitemapindex";
    case Sitemap::Type::kText:
      return "text";
  }
  return "";
}

}  // namespace

Result<InspectAnswer> inspect_links(const InspectRequest& request) {
  const auto document = scan_requested(request);
  if (!document) return tl::unexpected(document.error());
  const Scan& scan = document->scan;

  InspectAnswer answer;
  answer.lines.emplace();
  ordered_json links = ordered_json::array();
  for (const Reference& reference : scan.references) {
    links.push_back(json_of(reference));
    answer.lines->push_back(json_text(links.back()));
  }
  ordered_json object = {{"links", std::move(links)},
                         {"type", to_string(document->type)},
                         {"base", scan.base},
                         {"charset", scan.charset}};
  if (scan.front_matter.present()) object["front_matter"] = json_of(scan.front_matter);
  object["warnings"] = scan.warnings;
  answer.object = json_text(object);
  answer.warnings = scan.warnings;
  return answer;
}

Result<InspectAnswer> inspect_article(const InspectRequest& request) {
  const auto document = scan_requested(request);
  if (!document) return tl::unexpected(document.error());
  const ArticleFacts facts =
      read_article(document->bytes, document->type, document->base, document->scan);
  ordered_json images = ordered_json::array();
  for (const ArticleImage& image : facts.images) {
    images.push_back({{"url", image.url}, {"alt", image.alt}, {"caption", image.caption}});
  }
  return InspectAnswer{
      .object = json_text(ordered_json{{"title", facts.title},
                                       {"author", facts.author},
                                       {"date", date_or_null(facts.date)},
                                       {"categories", facts.categories},
                                       {"lead_image", text_or_null<ordered_json>(facts.lead_image)},
                                       {"language", facts.language},
                                       {"canonical", text_or_null<ordered_json>(facts.canonical)},
                                       {"excerpt", facts.excerpt},
                                       {"images", std::move(images)},
                                       {"text", facts.text}})};
}

Result<InspectAnswer> inspect_feed(const InspectRequest& request) {
  const auto bytes = read_document(request);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto base = base_of(request);
  if (!base) return tl::unexpected(base.error());
  const auto feed = parse_feed(*bytes, *base, charset_of(request));
  if (!feed) return tl::unexpected(feed.error());
  ordered_json entries = ordered_json::array();
  for (const FeedEntry& entry : feed->entries) entries.push_back(json_of_entry(entry.id, entry));
  return InspectAnswer{.object = json_text(ordered_json{{"kind", name_of(feed->type)},
                                                        {"title", feed->title},
                                                        {"entries", std::move(entries)},
                                                        {"warnings", feed->warnings}})};
}

Result<InspectAnswer> inspect_sitemap(const InspectRequest& request) {
  const auto bytes = read_document(request);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto base = base_of(request);
  if (!base) return tl::unexpected(base.error());
  const auto sitemap = parse_sitemap(*bytes, *base);
  if (!sitemap) return tl::unexpected(sitemap.error());
  ordered_json entries = ordered_json::array();
  for (const SitemapEntry& entry : sitemap->entries) {
    entries.push_back(json_of_entry(entry.url, entry));
  }
  return InspectAnswer{.object = json_text(ordered_json{{"kind", name_of(sitemap->type)},
                                                        {"entries", std::move(entries)},
                                                        {"warnings", sitemap->warnings}})};
}

}  // namespace halftone
