#include "store/article_index.h"

#include <nlohmann/json.hpp>

#include "media/url.h"
#include "media/utf8.h"
#include "store/host_surt.h"
#include "store/json_text.h"

namespace halftone::article_index {

namespace {

using nlohmann::json;

constexpr size_t kIdSize = 12, kTimeSize = 20;

std::string to_json(const Article& article) {
  const Completeness complete = article.completeness();
  JsonText json(512);
  json.open_object()
      .text("url", article.url)
      .text("title", article.facts.title)
      .number("references", uint64_t{complete.references})
      .number("archived", uint64_t{complete.archived})
      .number("missing", uint64_t{complete.missing})
      .number("images", uint64_t{complete.images})
      .number("bytes", complete.bytes);
  if (!article.source.empty()) json.text("source", article.source);
  if (article.facts.date) json.text("date", to_iso8601(*article.facts.date));
  return json.close_object().take();
}

ArticleSummary read_members(const json& value) {
  ArticleSummary summary;
  value.at("url").get_to(summary.url);
  value.at("title").get_to(summary.title);
  summary.source = value.value("source", "");
  if (value.contains("date")) summary.date = parse_date(value["date"].get<std::string>());
  value.at("references").get_to(summary.completeness.references);
  value.at("archived").get_to(summary.completeness.archived);
  value.at("missing").get_to(summary.completeness.missing);
  value.at("images").get_to(summary.completeness.images);
  value.at("bytes").get_to(summary.completeness.bytes);
  return summary;
}

std::optional<std::string> host_row(const ArticleSummary& version) {
  const auto url = Url::parse(version.url);
  return url ? site_prefix(url->hostname()) : std::nullopt;
}

// The keys that lead to a version, but for that of its summary.
std::vector<std::string> keys_of(const ArticleSummary& summary) {
  const std::string version = version_key(summary.id, summary.captured_at);
  std::vector<std::string> keys;
  keys.push_back(fmt::format("{}{} {}", kCaptured, to_digits(summary.captured_at), version));
  keys.push_back(summary.date ? fmt::format("{}{} {}", kDated, to_digits(*summary.date), version)
                              : fmt::format("{}{}", kUndated, version));
  if (const auto host = host_row(summary)) keys.push_back(fmt::format("{} {}", *host, version));
  if (!summary.source.empty()) keys.push_back(source_prefix(summary.source) + version);
  return keys;
}

std::string_view version_in(std::string_view key) {
  return key.size() < kVersionSize ? std::string_view() : key.substr(key.size() - kVersionSize);
}

}  // namespace

std::string source_prefix(std::string_view source) { return fmt::format("s {} ", source); }

std::optional<std::string> site_prefix(std::string_view host) {
  const auto surt = host_surt(host);
  if (!surt) return std::nullopt;
  return fmt::format("h {},", *surt);
}

bool is_article_of_site(const ArticleSummary& version, std::string_view site) {
  const auto host = host_row(version);
  return host && host->starts_with(site);
}

std::string version_key(std::string_view id, Time captured_at) {
  return fmt::format("{} {}", id, to_digits(captured_at));
}

std::string_view id_in(std::string_view key) { return version_in(key).substr(0, kIdSize); }

std::optional<Time> captured_at_in(std::string_view key) {
  if (key.size() < kVersionSize) return std::nullopt;
  return from_digits(key.substr(key.size() - kTimeSize));
}

void add_rows(const Article& article, WriteBatch& batch) {
  // As whoever removes the rows will read it.
  ArticleSummary summary;
  summary.id = article.id;
  summary.captured_at = article.captured_at;
  summary.url = to_valid_utf8(article.url);
  summary.source = to_valid_utf8(article.source);
  if (article.facts.date) summary.date = parse_date(to_iso8601(*article.facts.date));
  for (const std::string& row : keys_of(summary)) batch.put(Table::kIndex, row, {});
  batch.put(Table::kIndex,
            fmt::format("{}{}", kSummaries, version_key(article.id, article.captured_at)),
            to_json(article));
}

void remove_rows(const ArticleSummary& summary, WriteBatch& batch) {
  for (const std::string& row : keys_of(summary)) batch.remove(Table::kIndex, row);
  batch.remove(Table::kIndex,
               fmt::format("{}{}", kSummaries, version_key(summary.id, summary.captured_at)));
}

Result<ArticleSummary> read_summary(std::string_view key, std::string_view value) {
  try {
    ArticleSummary summary = read_members(json::parse(value));
    summary.id = id_in(key);
    summary.captured_at = captured_at_in(key).value();
    return summary;
  } catch (const std::exception& why) {  // of json, or a time that is none
    return fail(ErrorCode::kCorrupt, "the index row \"{}\" is damaged: {}", key, why.what());
  }
}

}  // namespace halftone::article_index
