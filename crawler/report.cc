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

Json missing_of(const Article& article) {
  Json missing = Json::array();
  for (const ArchivedReference& reference : article.references) {
    if (reference.outcome != Outcome::kMissing) continue;
    missing.push_back({{"url", reference.url.empty() ? reference.raw : reference.url},
                       {"kind", to_string(reference.kind)},
                       {"reason", reference.reason},
                       {"status", reference.status}});
  }
  return missing;
}

Json changes_of(const SnapshotResult& result) {
  if (!result.changes) return "first snapshot";
  return result.changes->summary();
}

Json article_entry(const SnapshotResult& result) {
  const Article& article = result.article;
  Json entry = {{"id", article.id},
                {"url", article.url},
                {"title", article.facts.title},
                {"captured_at", to_iso8601(article.captured_at)}};
  entry.update(to_json(article.completeness()));
  entry["missing_references"] = missing_of(article);
  entry["changes"] = changes_of(result);
  entry["resumed"] = result.resumed;
  entry["warnings"] = result.warnings;
  return entry;
}

}  // namespace

Completeness RunReport::completeness() const {
  Completeness total;
  for (const SnapshotResult& result : results) {
    if (result.feed) continue;
    const Completeness one = result.article.completeness();
    total.references += one.references;
    total.archived += one.archived;
    total.missing += one.missing;
    total.images += one.images;
    total.bytes += one.bytes;
  }
  return total;
}

CaptureCounts RunReport::counts() const {
  CaptureCounts total;
  for (const SnapshotResult& result : results) {
    total.requests += result.counts.requests;
    total.answers += result.counts.answers;
    total.bytes_fetched += result.counts.bytes_fetched;
    total.new_blobs += result.counts.new_blobs;
    total.new_bytes += result.counts.new_bytes;
    total.reused += result.counts.reused;
  }
  return total;
}

std::string to_json(const RunReport& report) {
  Json articles = Json::array();
  for (const SnapshotResult& result : report.results) {
    if (!result.feed) articles.push_back(article_entry(result));
  }
  Json failures = Json::array();
  for (const RunFailure& failure : report.failures) {
    failures.push_back({{"target", failure.target}, {"error", failure.error.message}});
  }
  const CaptureCounts counts = report.counts();
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
  size_t articles = 0;
  for (const SnapshotResult& result : report.results) articles += result.feed ? 0 : 1;
  const CaptureCounts counts = report.counts();
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
