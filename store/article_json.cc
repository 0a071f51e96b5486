#include "store/article_json.h"

#include <array>

#include <nlohmann/json.hpp>

namespace halftone {

namespace {

using nlohmann::json;

constexpr std::array<Outcome, 5> kOutcomes = {Outcome::kArchived, Outcome::kMissing,
                                              Outcome::kLinked, Outcome::kInline, Outcome::kAbsent};

Outcome outcome_named(std::string_view name) {
  for (const Outcome outcome : kOutcomes) {
    if (to_string(outcome) == name) return outcome;
  }
  throw std::invalid_argument("an unknown outcome");
}

json to_json(const ArticleFacts& facts) {
  json images = json::array();
  for (const ArticleImage& image : facts.images) {
    images.push_back({{"url", image.url}, {"alt", image.alt}, {"caption", image.caption}});
  }
  return {{"title", facts.title},
          {"author", facts.author},
          {"language", facts.language},
          {"canonical", facts.canonical},
          {"excerpt", facts.excerpt},
          {"date", facts.date ? json(to_iso8601(*facts.date)) : json()},
          {"categories", facts.categories},
          {"lead_image", facts.lead_image},
          {"images", images},
          {"text", facts.text},
          {"body", {facts.body.from, facts.body.to}}};
}

ArticleFacts facts_from(const json& value) {
  ArticleFacts facts;
  value.at("title").get_to(facts.title);
  value.at("author").get_to(facts.author);
  value.at("language").get_to(facts.language);
  value.at("canonical").get_to(facts.canonical);
  value.at("excerpt").get_to(facts.excerpt);
  if (value.at("date").is_string()) facts.date = parse_date(value["date"].get<std::string>());
  value.at("categories").get_to(facts.categories);
  value.at("lead_image").get_to(facts.lead_image);
  for (const json& image : value.at("images")) {
    facts.images.push_back({image.at("url"), image.at("alt"), image.at("caption")});
  }
  value.at("text").get_to(facts.text);
  facts.body = {value.at("body").at(0), value.at("body").at(1)};
  return facts;
}

json to_json(const ArchivedReference& reference) {
  json value = {{"url", reference.url},
                {"raw", reference.raw},
                {"kind", to_string(reference.kind)},
                {"element", reference.element},
                {"attribute", reference.attribute},
                {"descriptor", reference.descriptor},
                {"alt", reference.alt},
                {"document", reference.document},
                {"outcome", to_string(reference.outcome)},
                {"reason", reference.reason},
                {"status", reference.status},
                {"size", reference.size},
                {"type", reference.type}};
  if (reference.digest) value["digest"] = reference.digest->hex();
  if (!reference.origin_of.empty()) value["origin_of"] = reference.origin_of;
  if (!reference.final_url.empty()) value["final_url"] = reference.final_url;
  return value;
}

ArchivedReference reference_from(const json& value) {
  ArchivedReference reference;
  value.at("url").get_to(reference.url);
  value.at("raw").get_to(reference.raw);
  reference.kind = kind_from_string(value.at("kind").get<std::string>()).value_or(Kind::kOther);
  value.at("element").get_to(reference.element);
  value.at("attribute").get_to(reference.attribute);
  value.at("descriptor").get_to(reference.descriptor);
  value.at("alt").get_to(reference.alt);
  value.at("document").get_to(reference.document);
  reference.outcome = outcome_named(value.at("outcome").get<std::string>());
  value.at("reason").get_to(reference.reason);
  value.at("status").get_to(reference.status);
  value.at("size").get_to(reference.size);
  value.at("type").get_to(reference.type);
  if (value.contains("digest")) {
    reference.digest = Digest::from_hex(value["digest"].get<std::string>()).value();
  }
  reference.origin_of = value.value("origin_of", "");
  reference.final_url = value.value("final_url", "");
  return reference;
}

Article article_from(const json& value) {
  Article article;
  value.at("url").get_to(article.url);
  article.facts = facts_from(value.at("facts"));
  article.document_type = document_type_from_string(value.at("document_type").get<std::string>())
                              .value_or(DocumentType::kNone);
  article.digest = Digest::from_hex(value.at("digest").get<std::string>()).value();
  value.at("size").get_to(article.size);
  article.source = value.value("source", "");
  if (value.contains("begun_at")) {
    article.begun_at = parse_date(value["begun_at"].get<std::string>()).value();
  }
  value.at("base").get_to(article.base);
  value.at("http_charset").get_to(article.http_charset);
  for (const json& reference : value.at("references")) {
    article.references.push_back(reference_from(reference));
  }
  return article;
}

}  // namespace

std::string article_to_json(const Article& article) {
  json references = json::array();
  for (const ArchivedReference& reference : article.references) {
    references.push_back(to_json(reference));
  }
  json value = {{"id", article.id},
                {"url", article.url},
                {"captured_at", to_iso8601(article.captured_at)},
                {"source", article.source},
                {"facts", to_json(article.facts)},
                {"document_type", to_string(article.document_type)},
                {"digest", article.digest.hex()},
                {"size", article.size},
                {"base", article.base},
                {"http_charset", article.http_charset},
                {"references", references}};
  if (article.begun_at != Time()) value["begun_at"] = to_iso8601(article.begun_at);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Article> article_from_json(std::string_view value) {
  try {
    return article_from(json::parse(value));
  } catch (const std::exception& why) {  // of json, or a digest or outcome that is none
    return fail(ErrorCode::kCorrupt, "its stored value is damaged: {}", why.what());
  }
}

}  // namespace halftone
