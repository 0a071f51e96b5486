#include "store/repair.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/article.h"
#include "store/blob_format.h"
#include "store/byte_order.h"
#include "store/capture.h"
#include "store/files.h"
#include "store/frontier_rows.h"
#include "store/index_articles.h"
#include "store/lock.h"
#include "store/log_check.h"
#include "store/number_set.h"
#include "store/repair_sink.h"
#include "store/rocks_blob_store.h"
#include "store/seal.h"

namespace halftone {

namespace {

namespace fs = std::filesystem;

constexpr size_t kDigestSize = sizeof(Digest::bytes);

struct LostRange {
  Table table;
  std::string after, before;
  bool holds(std::string_view key) const { return key > after && (before.empty() || key < before); }
  bool meets(std::string_view from, std::string_view to) const {
    return to > after && (before.empty() || from < before);
  }
};

Result<void> write_one(Database& database, WriteBatch batch) {
  return database.write(std::move(batch), false);
}

class Repair {
 public:
  Repair(std::string folder, RepairResult& result, Database& database)
      : folder_(std::move(folder)), result_(result), database_(database) {}

  Result<void> run(const std::vector<std::unique_ptr<RepairSource>>& sources) {
    bad_.insert(result_.before.bad_blobs.begin(), result_.before.bad_blobs.end());
    if (auto done = keep_counter(); !done) return done;
    if (auto done = salvage(); !done) return done;
    if (auto done = replace_files(); !done) return done;
    if (auto done = drop_frontiers(); !done) return done;
    if (auto done = take_rows(sources); !done) return done;
    if (auto done = index_again(); !done) return done;
    if (auto done = drop_derivatives(); !done) return done;
    RepairWish wish = wanted();
    if (auto done = rebuild_entries(wish); !done) return done;
    return restore(std::move(wish), sources);
  }

 private:
  // Where a block is damaged, most of the blobs in it may be as they were.
  Result<void> salvage() {
    RepairWish wish;
    for (const Digest& digest : bad_) wish.blobs[digest].type = known_type(digest);
    std::vector<std::unique_ptr<RepairSource>> own;
    own.push_back(make_salvage(folder_));
    return restore(std::move(wish), own);
  }

  std::string known_type(const Digest& digest) const {
    const auto value = database_.get(Table::kDigest, digest.view());
    if (!value || !*value) return {};
    const auto entry = blob_format::read_entry(**value);
    return entry ? entry->type : std::string();
  }

  // Damaged table files give way to what can be read of them.
  Result<void> replace_files() {
    std::map<Table, std::vector<TableFile>> by_table;
    for (const TableFile& file : result_.before.damaged_files) by_table[file.table].push_back(file);
    for (const auto& [table, files] : by_table) {
      const auto replaced =
          database_.replace(files, [&, table = table](const Database::Lost& lost) {
            lost_.push_back({table, lost.after, lost.before});
          });
      if (!replaced) return replaced;
      result_.files_replaced += files.size();
    }
    return {};
  }

  // No number may be given twice, even where the counter was lost.
  Result<void> keep_counter() {
    constexpr std::string_view kNextNumber = "next_blob";
    uint64_t next = 0;
    database_.scan_past_damage(
        Table::kDigest, {},
        [&](auto, auto value) {
          const auto entry = blob_format::read_entry(value);
          if (entry) next = std::max(next, entry->number + 1);
          return true;
        },
        [](const Database::Lost&) {});
    for (const TableFile& file : database_.table_files()) {
      const auto number = read_be64(file.last_key);
      if (file.table == Table::kBlob && number) next = std::max(next, *number + 1);
    }
    for (const TableFile& file : result_.before.damaged_files) {
      const auto number = read_be64(file.last_key);
      if (file.table == Table::kBlob && number) next = std::max(next, *number + 1);
    }
    const auto known = database_.get(Table::kMeta, kNextNumber);
    const auto counter = known && *known ? read_be64(**known) : std::nullopt;
    if (counter && *counter >= next) return {};
    WriteBatch batch;
    batch.put(Table::kMeta, kNextNumber, be64(next));
    return write_one(database_, std::move(batch));
  }

  // The rows of a frontier count together, or not at all; those of a copy are of another time.
  Result<void> drop_frontiers() {
    const auto runs = frontier_runs(database_);
    if (!runs) return tl::unexpected(runs.error());
    for (const std::string& run : *runs) {
      const auto lacks_rows = [&](const LostRange& range) {
        return range.table == Table::kRun &&
               range.meets(fmt::format("f {} ", run), fmt::format("f {}!", run));
      };
      if (!result_.before.bad_frontiers.contains(run) &&
          std::none_of(lost_.begin(), lost_.end(), lacks_rows)) {
        continue;
      }
      if (auto removed = remove_frontier(database_, run); !removed) return removed;
      ++result_.frontiers_dropped;
    }
    return {};
  }

  // Rows that were lost, from a copy of this very archive.
  Result<void> take_rows(const std::vector<std::unique_ptr<RepairSource>>& sources) {
    const bool lacks_rows = std::any_of(lost_.begin(), lost_.end(), [](const LostRange& range) {
      return range.table == Table::kCapture || range.table == Table::kArticle;
    });
    if (!lacks_rows) return {};
    bool has_copy = false;
    for (const auto& source : sources) {
      if (source->archive().empty() || !is_copy(source->archive())) continue;
      has_copy = true;
      auto other = Database::open(source->archive() + "/db", Database::Mode::kCheck);
      if (!other) {
        result_.notes.push_back(other.error().message);
        continue;
      }
      for (const Table table : {Table::kCapture, Table::kArticle, Table::kRun}) {
        if (auto taken = take_rows_of(**other, table); !taken) return taken;
      }
    }
    if (!has_copy) {
      result_.notes.emplace_back(
          "captures or articles were lost; a backup of this archive as --repair FROM brings them "
          "back");
    }
    return {};
  }

  // The index can always be made from the articles.
  Result<void> index_again() {
    const auto indexed = index_articles(database_, [](uint64_t) {});
    return indexed ? Result<void>() : tl::unexpected(indexed.error());
  }

  Result<void> take_rows_of(const Database& other, Table table) {
    Result<void> done;
    for (const LostRange& range : lost_) {
      if (range.table != table) continue;
      other.scan_past_damage(
          table, {},
          [&](auto key, auto value) {
            if (!range.holds(key) || key.starts_with(frontier_rows::kPrefix)) return true;
            const auto known = database_.get(table, key);
            if (!known || *known) return true;
            WriteBatch batch;
            batch.put(table, key, value);
            done = write_one(database_, std::move(batch));
            ++result_.rows_restored;
            return done.has_value();
          },
          [](const Database::Lost&) {});
      if (!done) break;
    }
    return done;
  }

  // Backups keep the marker of their archive.
  bool is_copy(const std::string& other) const {
    const auto own = read_file(fmt::format("{}/{}", folder_, kMarkerName), 65536);
    const auto its = read_file(fmt::format("{}/{}", other, kMarkerName), 65536);
    return own && its && *own == *its;
  }

  // A derivative is two rows; where one is lost or bad, the other goes, too.
  Result<void> drop_derivatives() {
    std::set<std::string> keys(result_.before.bad_derivatives.begin(),
                               result_.before.bad_derivatives.end());
    const auto find_halves = [&](Table table, Table other) {
      database_.scan_past_damage(
          table, {},
          [&](auto key, auto) {
            const auto half = database_.get(other, key);
            if (key.size() > kDigestSize && half && !*half) keys.emplace(key);
            return true;
          },
          [](const Database::Lost&) {});
    };
    find_halves(Table::kImage, Table::kDerivative);
    find_halves(Table::kDerivative, Table::kImage);
    for (const std::string& key : keys) {
      WriteBatch batch;
      batch.remove(Table::kImage, key);
      batch.remove(Table::kDerivative, key);
      if (auto written = write_one(database_, std::move(batch)); !written) return written;
      ++result_.derivatives_dropped;
    }
    return {};
  }

  // The blobs that were found bad, and those that rows name and nobody has.
  RepairWish wanted() {
    RepairWish wish;
    for (const Digest& digest : bad_) wish.blobs[digest].type = known_type(digest);
    const auto want_missing = [&](const Digest& digest) {
      if (digest == Digest{}) return;
      const auto entry = database_.get(Table::kDigest, digest.view());
      if (!entry || !*entry) wish.blobs[digest];
    };
    database_.scan_past_damage(
        Table::kArticle, {},
        [&](auto key, auto value) {
          const auto article = Articles::read_row(key, value);
          if (!article) return true;
          want_missing(article->digest);
          for (const auto& reference : article->references) {
            if (reference.digest) want_missing(*reference.digest);
          }
          return true;
        },
        [](const Database::Lost&) {});
    database_.scan_past_damage(
        Table::kCapture, {},
        [&](auto key, auto value) {
          const auto capture = Captures::read_row(key, value);
          if (!capture) return true;
          want_missing(capture->digest);
          const auto found = wish.blobs.find(capture->digest);
          if (found == wish.blobs.end()) return true;
          RepairWish::Origin& origin = found->second;
          origin.type = capture->type;
          if (origin.urls.size() < RepairWish::Origin::kMostUrls) {
            origin.urls.push_back(capture->url);
          }
          return true;
        },
        [](const Database::Lost&) {});
    return wish;
  }

  // Bodies whose entry was lost stand there without a name: their digest gives it back to them.
  Result<void> rebuild_entries(RepairWish& wish) {
    const bool lacks_entries = std::any_of(wish.blobs.begin(), wish.blobs.end(), [&](auto& blob) {
      const auto entry = database_.get(Table::kDigest, blob.first.view());
      return !entry || !*entry;
    });
    if (!lacks_entries) return {};
    NumberSet named;
    database_.scan_past_damage(
        Table::kDigest, {},
        [&](auto, auto value) {
          const auto entry = blob_format::read_entry(value);
          if (entry) named.insert(entry->number);
          return true;
        },
        [](const Database::Lost&) {});
    Result<void> done;
    database_.scan_past_damage(
        Table::kBlob, {},
        [&](auto key, auto value) {
          const auto number = read_be64(key);
          if (number && !named.contains(*number)) done = name_again(wish, *number, value);
          return done.has_value();
        },
        [](const Database::Lost&) {});
    return done;
  }

  Result<void> name_again(RepairWish& wish, uint64_t number, std::string_view value) {
    Sha256 hash;
    uint64_t size = 0;
    const auto add = [&](std::string_view bytes) {
      hash.update(bytes);
      size += bytes.size();
    };
    if (!read_value(value, add)) return {};
    const Digest digest = hash.finish();
    const auto wanted = wish.blobs.find(digest);
    if (wanted == wish.blobs.end()) return {};
    WriteBatch batch;
    batch.put(Table::kDigest, digest.view(),
              blob_format::write_entry({number, size, wanted->second.type}));
    if (auto written = write_one(database_, std::move(batch)); !written) return written;
    wish.blobs.erase(wanted);
    ++result_.entries_rebuilt;
    return {};
  }

  // False where the value, or a chunk of it, cannot be read.
  bool read_value(std::string_view value, const std::function<void(std::string_view)>& add) const {
    const auto codec = blob_format::codec_of(value);
    if (!codec) return false;
    if (*codec != blob_format::Codec::kManifest) {
      const auto bytes = blob_format::read_bytes(std::string(value));
      if (bytes) add(*bytes);
      return bytes.has_value();
    }
    const auto numbers = blob_format::read_manifest(value);
    if (!numbers) return false;
    for (const uint64_t number : *numbers) {
      auto chunk = database_.get(Table::kBlob, be64(number));
      if (!chunk || !*chunk) return false;
      const auto bytes = blob_format::read_bytes(**std::move(chunk));
      if (!bytes) return false;
      add(*bytes);
    }
    return true;
  }

  Result<void> restore(RepairWish wish, const std::vector<std::unique_ptr<RepairSource>>& sources) {
    if (wish.blobs.empty()) return {};
    const auto blobs =
        open_blob_store(database_, [&](const Digest& digest) { return bad_.contains(digest); });
    if (!blobs) return tl::unexpected(blobs.error());
    repairing::Sink sink(std::move(wish), **blobs, result_.restored);
    for (const auto& source : sources) {
      if (sink.wish().blobs.empty()) break;
      sink.ask(source->name());
      const auto supplied = source->supply(sink);
      if (supplied) continue;
      if (supplied.error().code == ErrorCode::kNoSpace) return supplied;
      result_.notes.push_back(fmt::format("{}: {}", source->name(), supplied.error().message));
    }
    for (const auto& blob : result_.restored) bad_.erase(blob.digest);
    return {};
  }

  std::string folder_;
  RepairResult& result_;
  Database& database_;
  std::vector<LostRange> lost_;
  std::set<Digest> bad_;
};

// CURRENT only names the MANIFEST, of which there is hardly ever more than one.
Result<void> repair_current(const std::string& folder) {
  const std::string database = folder + "/db";
  std::string newest;
  std::error_code error;
  for (fs::directory_iterator entry(database, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with("MANIFEST-")) continue;
    const auto text = read_file(entry->path().string(), uint64_t{1} << 30);
    if (!text || check_log(*text).damaged > 0) continue;
    if (name.size() > newest.size() || (name.size() == newest.size() && name > newest)) {
      newest = name;
    }
  }
  if (newest.empty()) return fail(ErrorCode::kCorrupt, "there is no sound MANIFEST");
  return write_file(database + "/CURRENT", newest + "\n");
}

Result<std::unique_ptr<Database>> open_database(const std::string& folder) {
  const std::string path = folder + "/db";
  auto database = Database::open(path, Database::Mode::kRepair);
  if (database || database.error().code == ErrorCode::kNoSpace) return database;
  if (repair_current(folder)) {
    auto again = Database::open(path, Database::Mode::kRepair);
    if (again) return again;
  }
  return fail(ErrorCode::kCorrupt,
              "{}; what lists its files is damaged, and no repair can help: restore the archive "
              "from a backup",
              database.error().message);
}

}  // namespace

Result<RepairResult> repair(const std::string& folder,
                            const std::vector<std::unique_ptr<RepairSource>>& sources,
                            const std::function<bool(const VerifyProgress&)>& go_on) {
  const auto marker = Archive::check_marker(folder);
  if (!marker) return tl::unexpected(marker.error());
  const auto lock = WriterLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  RepairResult result;
  auto before = verify(folder, {}, go_on);
  if (!before) return tl::unexpected(before.error());
  result.before = *std::move(before);
  if (result.before.is_sound()) {
    result.after = result.before;
    return result;
  }
  if (auto removed = remove_seal(folder); !removed) return tl::unexpected(removed.error());
  auto database = open_database(folder);
  if (!database) return tl::unexpected(database.error());
  auto repaired = Repair(folder, result, **database).run(sources);
  const auto files = (*database)->close();
  if (!repaired) return tl::unexpected(repaired.error());
  if (!files) return tl::unexpected(files.error());
  if (auto sealed = write_seal(folder, *files); !sealed) {
    result.notes.push_back(sealed.error().message);
  }
  auto after = verify(folder, {}, go_on);
  if (!after) return tl::unexpected(after.error());
  result.after = *std::move(after);
  return result;
}

}  // namespace halftone
