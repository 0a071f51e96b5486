#include "store/article.h"

#include <set>
#include <unordered_set>

#include "store/article_index.h"
#include "store/article_json.h"

namespace halftone {

namespace {

constexpr size_t kIdSize = 12;

std::string_view id_in(std::string_view key) { return key.substr(0, key.find(' ')); }

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kIdSize &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error not_found(std::string_view id) {
  return {ErrorCode::kNotFound, fmt::format("there is no article {}; `halftone list` shows which "
                                            "there are",
                                            id.substr(0, 64))};
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kArchived:
      return "archived";
    case Outcome::kMissing:
      return "missing";
    case Outcome::kLinked:
      return "linked";
    case Outcome::kInline:
      return "inline";
    case Outcome::kAbsent:
      return "absent";
  }
  bug("an outcome without a name");
}

Completeness Article::completeness() const {
  Completeness result;
  std::unordered_set<std::string_view> images;
  std::set<Digest> blobs{digest};
  result.bytes = size;
  for (const ArchivedReference& reference : references) {
    const bool archived = reference.outcome == Outcome::kArchived;
    const bool shown = is_requisite(reference.kind) && reference.origin_of.empty();
    if (shown && reference.outcome != Outcome::kInline) {
      ++result.references;
      ++(archived ? result.archived : result.missing);
    }
    if (!archived) continue;
    if (reference.type.starts_with("image/")) images.insert(reference.url);
    if (reference.digest && blobs.insert(*reference.digest).second) result.bytes += reference.size;
  }
  result.images = images.size();
  return result;
}

std::string article_id(std::string_view url) {
  return sha256(url.substr(0, url.find('#'))).hex().substr(0, kIdSize);
}

Result<Article> Articles::read_row(std::string_view key, std::string_view value) {
  auto article = article_from_json(value);
  if (!article) return tl::unexpected(article.error().during(fmt::format("article {}", key)));
  const size_t space = key.find(' ');
  const auto time =
      space == std::string_view::npos ? std::nullopt : from_digits(key.substr(space + 1));
  if (!time) return fail(ErrorCode::kCorrupt, "article {}: its key is damaged", key);
  article->id = id_in(key);
  article->captured_at = *time;
  return article;
}

Result<void> Articles::put(const Article& article, WriteBatch& batch) const {
  if (!is_id(article.id) || article.id.size() != kIdSize) {
    return fail(ErrorCode::kInvalid, "cannot keep the article {}: \"{}\" is no article id",
                article.url, article.id);
  }
  const std::string key = article_index::version_key(article.id, article.captured_at);
  const std::string summary_key = fmt::format("{}{}", article_index::kSummaries, key);
  const auto replaced = database_.get(Table::kIndex, summary_key);
  if (!replaced) return tl::unexpected(replaced.error());
  if (*replaced) {
    const auto summary = article_index::read_summary(summary_key, **replaced);
    if (!summary) return tl::unexpected(summary.error());
    article_index::remove_rows(*summary, batch);
  }
  batch.put(Table::kArticle, key, article_to_json(article));
  article_index::add_rows(article, batch);
  return {};
}

Result<void> Articles::add(const Article& article) {
  WriteBatch batch;
  auto put_in = put(article, batch);
  if (!put_in) return put_in;
  auto written = database_.write(std::move(batch), true);
  if (!written) return tl::unexpected(written.error().during("keeping the article " + article.url));
  return {};
}

Result<void> Articles::add(std::span<const Article> articles) {
  WriteBatch batch;
  for (const Article& article : articles) {
    auto put_in = put(article, batch);
    if (!put_in) return put_in;
  }
  auto written = database_.write(std::move(batch), false);
  if (!written) return tl::unexpected(written.error().during("keeping articles"));
  return {};
}

void Articles::remove(const ArticleSummary& version, WriteBatch& batch) {
  batch.remove(Table::kArticle, article_index::version_key(version.id, version.captured_at));
  article_index::remove_rows(version, batch);
}

Result<std::string> Articles::whole_id(std::string_view id) const {
  if (!is_id(id)) return tl::unexpected(not_found(id));
  constexpr size_t kNamed = 8;  // an ambiguous id lists so many
  std::vector<std::string> ids;
  const auto scanned = database_.scan(Table::kArticle, id, [&](auto key, auto) {
    if (ids.empty() || ids.back() != id_in(key)) ids.emplace_back(id_in(key));
    return id.size() < kIdSize && ids.size() <= kNamed;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (ids.empty()) return tl::unexpected(not_found(id));
  if (ids.size() == 1) return ids.front();
  const bool more = ids.size() > kNamed;
  if (more) ids.resize(kNamed);
  return fail(ErrorCode::kInvalid, "several articles begin with {}: {}{}; give more digits", id,
              fmt::join(ids, ", "), more ? " and more" : "");
}

Result<Article> Articles::get(std::string_view id) const {
  const auto whole = whole_id(id);
  if (!whole) return tl::unexpected(whole.error());
  const auto entry = database_.last(Table::kArticle, *whole + ' ');
  if (!entry) return tl::unexpected(entry.error());
  if (!*entry) return tl::unexpected(not_found(id));
  return Articles::read_row((*entry)->first, (*entry)->second);
}

Result<bool> Articles::contains(std::string_view id) const {
  bool found = false;
  const auto scanned = database_.scan(
      Table::kIndex, fmt::format("{}{} ", article_index::kSummaries, id), [&](auto, auto) {
        found = true;
        return false;
      });
  if (!scanned) return tl::unexpected(scanned.error());
  return found;
}

Result<Article> Articles::version(std::string_view id, Time captured_at) const {
  const std::string key = article_index::version_key(id, captured_at);
  const auto value = database_.get(Table::kArticle, key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return tl::unexpected(not_found(key));
  return read_row(key, **value);
}

Result<std::vector<Article>> Articles::history(std::string_view id) const {
  const auto whole = whole_id(id);
  if (!whole) return tl::unexpected(whole.error());
  std::vector<Article> versions;
  Result<void> read;
  const auto scanned = database_.scan(Table::kArticle, *whole + ' ', [&](auto key, auto value) {
    auto article = Articles::read_row(key, value);
    if (article) {
      versions.push_back(*std::move(article));
    } else {
      read = tl::unexpected(article.error());
    }
    return read.has_value();
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!read) return tl::unexpected(read.error());
  return versions;
}

Result<void> Articles::for_each(const std::function<bool(const Article&)>& visit) const {
  std::string latest_key, latest_value;
  Result<void> read;
  const auto visit_latest = [&] {
    if (latest_key.empty()) return true;
    const auto article = Articles::read_row(latest_key, latest_value);
    if (!article) read = tl::unexpected(article.error());
    return article && visit(*article);
  };
  bool wanted = true;
  const auto scanned = database_.scan(Table::kArticle, {}, [&](auto key, auto value) {
    if (id_in(key) != id_in(latest_key)) wanted = visit_latest();
    latest_key = key;
    latest_value = value;
    return wanted;
  });
  if (!scanned) return scanned;
  if (wanted) visit_latest();
  return read;
}

Result<void> Articles::for_each_version(const std::function<bool(const Article&)>& visit) const {
  Result<void> read;
  const auto scanned = database_.scan(Table::kArticle, {}, [&](auto key, auto value) {
    const auto article = read_row(key, value);
    if (!article) read = tl::unexpected(article.error());
    return article && visit(*article);
  });
  return scanned ? read : scanned;
}

}  // namespace halftone
