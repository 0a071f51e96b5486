#include "store/index_articles.h"

#include "store/article.h"
#include "store/article_index.h"

namespace halftone {

namespace {

constexpr size_t kBatch = 256;

std::string_view version_in(std::string_view row) {
  return row.substr(row.size() - std::min(row.size(), article_index::kVersionSize));
}

Result<bool> leads_somewhere(const Database& database, std::string_view row) {
  const auto version = database.get(Table::kArticle, version_in(row));
  if (!version) return tl::unexpected(version.error());
  return version->has_value();
}

Result<void> drop_strays(Database& database) {
  std::vector<std::string> strays;
  Result<void> read;
  const auto scanned = database.scan(Table::kIndex, {}, [&](auto key, auto) {
    const auto leads = leads_somewhere(database, key);
    if (!leads) read = tl::unexpected(leads.error());
    if (leads && !*leads) strays.emplace_back(key);
    return read.has_value();
  });
  if (!scanned) return scanned;
  if (!read) return read;
  for (size_t at = 0; at < strays.size();) {
    WriteBatch batch;
    for (size_t i = 0; i < kBatch && at < strays.size(); ++i, ++at) {
      batch.remove(Table::kIndex, strays[at]);
    }
    if (auto written = database.write(std::move(batch), true); !written) return written;
  }
  return {};
}

}  // namespace

Result<IndexedArticles> index_articles(Database& database,
                                       const std::function<void(uint64_t versions)>& progress) {
  if (auto dropped = drop_strays(database); !dropped) return tl::unexpected(dropped.error());
  IndexedArticles indexed;
  WriteBatch batch;
  Result<void> written;
  const auto flush = [&] {
    written = database.write(std::move(batch), true);
    batch = WriteBatch();
    progress(indexed.versions);
  };
  const auto scanned = database.scan(Table::kArticle, {}, [&](auto key, auto value) {
    const auto article = Articles::read_row(key, value);
    if (!article || key.size() != article_index::kVersionSize) {
      indexed.damaged.emplace_back(key);
      return true;
    }
    article_index::add_rows(*article, batch);
    if (++indexed.versions % kBatch == 0) flush();
    return written.has_value();
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (written) flush();
  if (!written) return tl::unexpected(written.error());
  return indexed;
}

void check_index(const Database& database,
                 const std::function<void(std::string_view key, std::string_view why)>& damage) {
  const auto lost = [&](const Database::Lost& range) { damage(range.after, range.why); };
  database.scan_past_damage(
      Table::kIndex, {},
      [&](auto key, auto) {
        const auto leads = leads_somewhere(database, key);
        if (leads && !*leads) damage(key, "it leads to no article");
        return true;
      },
      lost);
  database.scan_past_damage(
      Table::kArticle, {},
      [&](auto key, auto) {
        const std::string row = std::string(article_index::kSummaries) + std::string(key);
        const auto summary = database.get(Table::kIndex, row);
        if (!summary || !*summary) {
          damage(row, "the article has no row");
        } else if (const auto read = article_index::read_summary(row, **summary); !read) {
          damage(row, read.error().message);
        }
        return true;
      },
      [](const Database::Lost&) {});  // told where articles are checked
}

}  // namespace halftone
