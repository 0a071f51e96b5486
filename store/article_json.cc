#include "store/article_json.h"

#include <array>

#include <nlohmann/json.hpp>

#include "store/json_text.h"

namespace halftone {

namespace {

using nlohmann::json;

// Bytes of a value, beside its text.
constexpr size_t kUsualSize = 2048, kUsualReference = 384;

constexpr std::array<Outcome, 5> kOutcomes = {Outcome::kArchived, Outcome::kMissing,
                                              Outcome::kLinked, Outcome::kInline, Outcome::kAbsent};

Outcome outcome_named(std::string_view name) {
  for (const Outcome outcome : kOutcomes) {
    if (to_string(outcome) == name) return outcome;
  }
  throw std::invalid_argument("an unknown outcome");
}

void write(JsonText& json, const ArticleFacts& facts) {
  json.open_object()
      .text("title", facts.title)
      .text("author", facts.author)
      .text("language", facts.language)
      .text("canonical", facts.canonical)
      .text("excerpt", facts.excerpt)
      .name("date");
  facts.date ? json.text(to_iso8601(*facts.date)) : json.null();
  json.name("categories").open_array();
  for (const std::string& category : facts.categories) json.text(category);
  json.close_array().text("lead_image", facts.lead_image).name("images").open_array();
  for (const ArticleImage& image : facts.images) {
    json.open_object()
        .text("url", image.url)
        .text("alt", image.alt)
        .text("caption", image.caption)
        .close_object();
  }
  json.close_array().text("text", facts.text).name("body").open_array();
  json.number(uint64_t{facts.body.from}).number(uint64_t{facts.body.to});
  json.close_array().close_object();
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

void write(JsonText& json, const ArchivedReference& reference) {
  json.open_object()
      .text("url", reference.url)
      .text("raw", reference.raw)
      .text("kind", to_string(reference.kind))
      .text("element", reference.element)
      .text("attribute", reference.attribute)
      .text("descriptor", reference.descriptor)
      .text("alt", reference.alt)
      .text("document", reference.document)
      .text("outcome", to_string(reference.outcome))
      .text("reason", reference.reason)
      .number("status", reference.status)
      .number("size", reference.size)
      .text("type", reference.type);
  if (reference.digest) json.text("digest", reference.digest->hex());
  if (!reference.origin_of.empty()) json.text("origin_of", reference.origin_of);
  if (!reference.final_url.empty()) json.text("final_url", reference.final_url);
  json.close_object();
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
  JsonText json(kUsualSize + article.facts.text.size() +
                kUsualReference * article.references.size());
  json.open_object()
      .text("id", article.id)
      .text("url", article.url)
      .text("captured_at", to_iso8601(article.captured_at));
  if (article.begun_at != Time()) json.text("begun_at", to_iso8601(article.begun_at));
  json.text("source", article.source).name("facts");
  write(json, article.facts);
  json.text("document_type", to_string(article.document_type))
      .text("digest", article.digest.hex())
      .number("size", article.size)
      .text("base", article.base)
      .text("http_charset", article.http_charset)
      .name("references")
      .open_array();
  for (const ArchivedReference& reference : article.references) write(json, reference);
  return json.close_array().close_object().take();
}

Result<Article> article_from_json(std::string_view value) {
  try {
    return article_from(json::parse(value));
  } catch (const std::exception& why) {  // of json, or a digest or outcome that is none
    return fail(ErrorCode::kCorrupt, "its stored value is damaged: {}", why.what());
  }
}

}  // namespace halftone
