#include "tools/article_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "store/article_pictures.h"
#include "tools/picture_json.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

// Text from the web may be any bytes; what is no UTF-8 is replaced.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json entry_of(const ArticleSummary& article) {
  const Completeness& complete = article.completeness;
  return {{"id", article.id},
          {"url", article.url},
          {"title", article.title},
          {"date", article.date ? Json(to_iso8601(*article.date)) : Json(nullptr)},
          {"captured_at", to_iso8601(article.captured_at)},
          {"source", or_null(article.source)},
          {"references", complete.references},
          {"archived", complete.archived},
          {"missing", complete.missing},
          {"images", complete.images},
          {"bytes", complete.bytes}};
}

Json entry_of(const Article& article) {
  return entry_of(ArticleSummary{.id = article.id,
                                 .url = article.url,
                                 .title = article.facts.title,
                                 .source = article.source,
                                 .date = article.facts.date,
                                 .captured_at = article.captured_at,
                                 .completeness = article.completeness()});
}

// What its picture is in the article, and of which other one it is a rendition.
void add_role(const std::vector<ArticlePicture>& pictures, const Digest& digest, Json& entry) {
  for (const ArticlePicture& picture : pictures) {
    const auto& all = picture.renditions;
    if (std::find(all.begin(), all.end(), digest) == all.end()) continue;
    entry["role"] = to_string(picture.role);
    entry["decorative"] = picture.role != PictureRole::kContent;
    if (*picture.reference->digest != digest)
      entry["rendition_of"] = picture.reference->digest->hex();
    return;
  }
}

Result<Json> reference_entry(Archive& archive, const ArchivedReference& reference,
                             const std::vector<ArticlePicture>& pictures) {
  Json entry = {{"url", or_null(reference.url)},     {"raw", reference.raw},
                {"kind", to_string(reference.kind)}, {"element", reference.element},
                {"attribute", reference.attribute},  {"outcome", to_string(reference.outcome)}};
  if (!reference.descriptor.empty()) entry["descriptor"] = reference.descriptor;
  if (!reference.origin_of.empty()) entry["origin_of"] = reference.origin_of;
  if (!reference.alt.empty()) entry["alt"] = reference.alt;
  if (!reference.document.empty()) entry["document"] = reference.document;
  if (!reference.reason.empty()) entry["reason"] = reference.reason;
  if (reference.status != 0) entry["status"] = reference.status;
  if (!reference.digest) return entry;
  entry["digest"] = reference.digest->hex();
  entry["type"] = reference.type;
  entry["size"] = reference.size;
  const auto facts = picture_facts(archive, *reference.digest);
  if (!facts) return tl::unexpected(facts.error());
  entry.update(Json::parse(*facts));
  add_role(pictures, *reference.digest, entry);
  return entry;
}

}  // namespace

std::string list_entry(const ArticleSummary& article) { return dumped(entry_of(article)); }

std::string capture_entry(const Capture& capture) {
  return dumped({{"url", capture.url},
                 {"time", to_iso8601(capture.time)},
                 {"status", capture.status},
                 {"type", capture.type},
                 {"size", capture.size},
                 {"digest", capture.digest.hex()},
                 {"revisit", capture.revisit},
                 {"remote_address", or_null(capture.remote_address)}});
}

Result<std::string> show_entry(Archive& archive, const Article& article,
                               const std::vector<Article>& history) {
  const ArticleFacts& facts = article.facts;
  Json entry = entry_of(article);
  entry["author"] = or_null(facts.author);
  entry["categories"] = facts.categories;
  entry["lead_image"] = or_null(facts.lead_image);
  entry["language"] = or_null(facts.language);
  entry["canonical"] = or_null(facts.canonical);
  entry["excerpt"] = or_null(facts.excerpt);
  entry["digest"] = article.digest.hex();
  entry["text"] = facts.text;
  const auto pictures = pictures_of(archive, article);
  if (!pictures) return tl::unexpected(pictures.error());
  entry["reference_list"] = Json::array();
  for (const ArchivedReference& reference : article.references) {
    auto one = reference_entry(archive, reference, *pictures);
    if (!one) return tl::unexpected(one.error());
    entry["reference_list"].push_back(std::move(*one));
  }
  entry["snapshots"] = Json::array();
  for (const Article& version : history) {
    entry["snapshots"].push_back(
        {{"captured_at", to_iso8601(version.captured_at)}, {"digest", version.digest.hex()}});
  }
  return dumped(entry);
}

std::string stats_entry(const ArchiveStats& stats) {
  const Json json = {{"articles", stats.articles},     {"captures", stats.captures},
                     {"blobs", stats.blobs},           {"blob_bytes", stats.blob_bytes},
                     {"disk_bytes", stats.disk_bytes}, {"derivatives", stats.derivatives}};
  return dumped(json);
}

std::string export_entry(const ExportResult& result) {
  return dumped({{"entry", result.entry}, {"files", result.files}, {"bytes", result.bytes}});
}

}  // namespace halftone
