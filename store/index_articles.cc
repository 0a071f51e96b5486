#include "store/index_articles.h"

#include <utility>

#include "store/article.h"
#include "store/article_index.h"
#include "store/image_record.h"
#include "store/likeness_index.h"

namespace halftone {

namespace {

constexpr size_t kBatch = 256;

std::string_view version_in(std::string_view row) {
  return row.substr(row.size() - std::min(row.size(), article_index::kVersionSize));
}

constexpr size_t kDigestSize = sizeof(Digest::bytes);

// The hash of a picture's facts; nothing where there is none, or it cannot be read.
std::optional<uint64_t> hash_in(std::string_view facts) {
  const auto record = image_record_from_json(facts);
  return record ? record->hash : std::nullopt;
}

Result<bool> leads_to_picture(const Database& database, std::string_view key) {
  const auto row = likeness_index::read_row(key);
  if (!row) return false;
  const auto facts = database.get(Table::kImage, row->digest.view());
  if (!facts) return tl::unexpected(facts.error());
  return *facts && hash_in(**facts) == row->hash;
}

Result<bool> leads_somewhere(const Database& database, std::string_view row) {
  if (row.starts_with(likeness_index::kPictures)) return leads_to_picture(database, row);
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

// The rows that tell which pictures look alike.
Result<void> index_pictures(Database& database) {
  WriteBatch batch;
  size_t waiting = 0;
  Result<void> written;
  const auto scanned = database.scan(Table::kImage, {}, [&](auto key, auto value) {
    const auto digest = key.size() == kDigestSize ? Digest::from_view(key) : std::nullopt;
    const auto hash = digest ? hash_in(value) : std::nullopt;
    if (!hash) return true;
    likeness_index::add_rows(*hash, *digest, batch);
    if (++waiting % kBatch == 0) written = database.write(std::exchange(batch, WriteBatch()), true);
    return written.has_value();
  });
  if (!scanned) return scanned;
  return written ? database.write(std::move(batch), true) : written;
}

void check_pictures(const Database& database,
                    const std::function<void(std::string_view key, std::string_view why)>& damage) {
  database.scan_past_damage(
      Table::kImage, {},
      [&](auto key, auto value) {
        const auto digest = key.size() == kDigestSize ? Digest::from_view(key) : std::nullopt;
        const auto hash = digest ? hash_in(value) : std::nullopt;
        if (!hash) return true;
        for (const std::string& row : likeness_index::keys_of(*hash, *digest)) {
          const auto there = database.get(Table::kIndex, row);
          if (there && !*there) damage(row, "the picture has no such row");
        }
        return true;
      },
      [](const Database::Lost&) {});  // told where pictures are checked
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
  if (written) written = index_pictures(database);
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
        if (leads && !*leads) damage(key, "it leads nowhere");
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
  check_pictures(database, damage);
}

}  // namespace halftone
