// halftone show ID: all about one article.
#include <set>

#include <fmt/ranges.h>

#include "store/formats/describe.h"
#include "tools/article_json.h"
#include "tools/commands.h"
#include "tools/find_article.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

void print_fact(const char* name, const std::string& value) {
  if (!value.empty()) say("{:<12}{}\n", name, value);
}

void print_facts(const Article& article) {
  const ArticleFacts& facts = article.facts;
  say("{}\n\n", facts.title);
  print_fact("id", article.id);
  print_fact("url", article.url);
  print_fact("author", facts.author);
  print_fact("date", facts.date ? to_iso8601(*facts.date) : "");
  print_fact("categories", fmt::format("{}", fmt::join(facts.categories, ", ")));
  print_fact("lead image", facts.lead_image);
  print_fact("captured", describe_time(article.captured_at));
  print_fact("sha-256", article.digest.hex());
  print_fact("complete", describe(article.completeness()));
}

// "1200×800 " for pictures whose header was read.
Result<std::string> dimensions(Archive& archive, const ArchivedReference& reference) {
  if (!reference.digest) return std::string();
  const auto record = archive.derivatives().facts(*reference.digest);
  if (!record) return tl::unexpected(record.error());
  if (!*record || (*record)->facts.width == 0) return std::string();
  return fmt::format("{}×{} ", (*record)->facts.width, (*record)->facts.height);
}

Result<void> print_reference(Archive& archive, const ArchivedReference& reference) {
  const std::string& url = reference.url.empty() ? reference.raw : reference.url;
  std::string became(to_string(reference.outcome));
  if (reference.outcome == Outcome::kArchived) {
    const auto size = dimensions(archive, reference);
    if (!size) return tl::unexpected(size.error());
    became = fmt::format("{}{} {}", *size, reference.type, describe_bytes(reference.size));
  } else if (!reference.reason.empty()) {
    became += ": " + reference.reason;
  }
  const bool is_original = !reference.origin_of.empty();
  say("  {:<16}{}\n  {:<16}{}\n", is_original ? "original" : to_string(reference.kind), url, "",
      became);
  return {};
}

Result<void> print_references(Archive& archive, const Article& article) {
  say("\nWhat the article shows:\n");
  for (const ArchivedReference& reference : article.references) {
    if (!is_requisite(reference.kind) || reference.outcome == Outcome::kInline) continue;
    const auto printed = print_reference(archive, reference);
    if (!printed) return printed;
  }
  say("\nWhere it leads:\n");
  for (const ArchivedReference& reference : article.references) {
    if (reference.kind == Kind::kPage && !reference.url.empty()) say("  {}\n", reference.url);
  }
  return {};
}

}  // namespace

Result<ExitCode> run_show(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto article = find_article(**archive, args.operands[0], args);
  if (!article) return tl::unexpected(article.error());
  const auto history = (*archive)->articles().history(article->id);
  if (!history) return tl::unexpected(history.error());
  if (args.json) {
    const auto entry = show_entry(**archive, *article, *history);
    if (!entry) return tl::unexpected(entry.error());
    say_json(*entry);
    return ExitCode::kOk;
  }
  print_facts(*article);
  const auto printed = print_references(**archive, *article);
  if (!printed) return tl::unexpected(printed.error());
  say("\nSnapshots:\n");
  for (const Article& version : *history) {
    say("  {}  {}\n", to_iso8601(version.captured_at), describe(version.completeness()));
  }
  return ExitCode::kOk;
}

}  // namespace halftone
