#include "crawler/report.h"

#include <nlohmann/json.hpp>

#include "store/formats/describe.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Completeness& complete) {
  return {{"references", complete.references},
          {"archived", complete.archived},
          {"missing", complete.missing},
          {"images", complete.images},
          {"bytes", complete.bytes}};
}

Json article_entry(const ArticleReport& article) {
  Json entry = {{"id", article.id},
                {"url", article.url},
                {"title", article.title},
                {"captured_at", to_iso8601(article.captured_at)}};
  entry.update(to_json(article.completeness));
  Json missing = Json::array();
  for (const MissingReference& reference : article.missing) {
    missing.push_back({{"url", reference.url},
                       {"kind", to_string(reference.kind)},
                       {"reason", reference.reason},
                       {"status", reference.status}});
  }
  entry["missing_references"] = std::move(missing);
  entry["changes"] = article.changes;
  entry["resumed"] = article.resumed;
  entry["warnings"] = article.warnings;
  return entry;
}

}  // namespace

void RunReport::add(const SnapshotResult& result) {
  counts.requests += result.counts.requests;
  counts.answers += result.counts.answers;
  counts.bytes_fetched += result.counts.bytes_fetched;
  counts.new_blobs += result.counts.new_blobs;
  counts.new_bytes += result.counts.new_bytes;
  counts.reused += result.counts.reused;
  if (result.feed) return;

  const Article& article = result.article;
  ArticleReport report{.id = article.id,
                       .url = article.url,
                       .title = article.facts.title,
                       .captured_at = article.captured_at,
                       .completeness = article.completeness(),
                       .is_first = !result.changes,
                       .changes = result.changes ? result.changes->summary() : "first snapshot",
                       .resumed = result.resumed,
                       .warnings = result.warnings};
  for (const ArchivedReference& reference : article.references) {
    if (reference.outcome != Outcome::kMissing) continue;
    report.missing.push_back({reference.url.empty() ? reference.raw : reference.url, reference.kind,
                              reference.reason, reference.status});
  }
  articles.push_back(std::move(report));
}

Completeness RunReport::completeness() const {
  Completeness total;
  for (const ArticleReport& article : articles) {
    const Completeness& one = article.completeness;
    total.references += one.references;
    total.archived += one.archived;
    total.missing += one.missing;
    total.images += one.images;
    total.bytes += one.bytes;
  }
  return total;
}

std::string to_json(const RunReport& report) {
  Json articles = Json::array();
  for (const ArticleReport& article : report.articles) {
    articles.push_back(article_entry(article));
  }
  Json failures = Json::array();
  for (const RunFailure& failure : report.failures) {
    failures.push_back({{"target", failure.target}, {"error", failure.error.message}});
  }
  const CaptureCounts& counts = report.counts;
  Json json = {{"run", report.kind},
               {"started", to_iso8601(report.started)},
               {"ended", to_iso8601(report.ended)}};
  json.update(to_json(report.completeness()));
  json["requests"] = counts.requests;
  json["bytes_fetched"] = counts.bytes_fetched;
  json["new_blobs"] = counts.new_blobs;
  json["new_bytes"] = counts.new_bytes;
  json["not_taken"] = report.not_taken;
  json["already_taken"] = report.already_taken;
  json["articles"] = std::move(articles);
  json["failures"] = std::move(failures);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string summary_line(const RunReport& report) {
  const size_t articles = report.articles.size();
  const CaptureCounts& counts = report.counts;
  std::string line =
      fmt::format("{} article{}: {}; {} new file{}, {}", articles, articles == 1 ? "" : "s",
                  describe(report.completeness()), counts.new_blobs,
                  counts.new_blobs == 1 ? "" : "s", describe_bytes(counts.new_bytes));
  if (report.already_taken > 0) {
    line += fmt::format("; {} taken before the interruption", report.already_taken);
  }
  if (report.not_taken > 0) line += fmt::format("; {} not taken", report.not_taken);
  if (!report.failures.empty()) line += fmt::format("; {} failed", report.failures.size());
  return line;
}

}  // namespace halftone
