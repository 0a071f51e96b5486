#include "store/verify.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/article.h"
#include "store/files.h"
#include "store/rocks_blob_store.h"
#include "store/verify_parts.h"

namespace halftone {

namespace verifying {

namespace {

constexpr int64_t kTellEvery = 100;  // milliseconds

int64_t milliseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

void Findings::damage(std::string object, std::string why) {
  const std::lock_guard lock(mutex_);
  ++result_.damaged;
  if (result_.damages.size() >= VerifyResult::kMostNamed) return;
  result_.damages.push_back({std::move(object), std::move(why)});
}

void Findings::harm(HarmedArticle article) {
  auto known = harmed_.find(article.id);
  if (known == harmed_.end()) {
    ++result_.harmed;
    if (result_.harmed_articles.size() >= VerifyResult::kMostNamed) return;
    known = harmed_.emplace(article.id, result_.harmed_articles.size()).first;
    result_.harmed_articles.push_back({.id = article.id});
  }
  HarmedArticle& all = result_.harmed_articles[known->second];
  if (!article.url.empty()) all.url = article.url;
  if (!article.title.empty()) all.title = article.title;
  all.lacks_document = all.lacks_document || article.lacks_document;
  all.more_urls += article.more_urls;
  for (std::string& url : article.urls) {
    if (std::find(all.urls.begin(), all.urls.end(), url) != all.urls.end()) continue;
    if (all.urls.size() < HarmedArticle::kMostUrls) {
      all.urls.push_back(std::move(url));
    } else {
      ++all.more_urls;
    }
  }
}

void Findings::harm_capture(const std::string& url) {
  ++result_.harmed_captures;
  auto& urls = result_.harmed_urls;
  if (urls.size() < VerifyResult::kMostNamed && (urls.empty() || urls.back() != url)) {
    urls.push_back(url);
  }
}

void Findings::bad_blob(const Digest& digest) {
  const std::lock_guard lock(mutex_);
  if (result_.bad_blobs.size() < VerifyResult::kMostTracked) result_.bad_blobs.push_back(digest);
}

void Findings::stage(std::string_view name) {
  const std::lock_guard lock(mutex_);
  stage_ = name;
}

void Findings::advance(uint64_t bytes) {
  done_ += bytes;
  const int64_t now = milliseconds();
  int64_t told = told_;
  if (now - told < kTellEvery || !told_.compare_exchange_strong(told, now)) return;
  const std::lock_guard lock(mutex_);
  if (!go_on_({stage_, done_, total_})) stopped_ = true;
}

}  // namespace verifying

namespace {

namespace fs = std::filesystem;
using namespace verifying;

constexpr std::string_view kDatabase = "/db";

bool is_large(Table table) { return table == Table::kBlob || table == Table::kDerivative; }

bool all_exist(const std::string& folder, const std::vector<TableFile>& files) {
  return std::all_of(files.begin(), files.end(), [&](const TableFile& file) {
    std::error_code error;
    return fs::exists(fmt::format("{}{}/{}", folder, kDatabase, file.name), error);
  });
}

// A writer may drop a file between our reading of its name and our opening of it: then again.
Result<std::unique_ptr<Database>> open_database(const std::string& folder) {
  constexpr int kTries = 5;
  for (int attempt = 1;; ++attempt) {
    auto database = Database::open(folder + std::string(kDatabase), Database::Mode::kCheck);
    const bool is_well = database && all_exist(folder, (*database)->table_files());
    if (is_well || attempt == kTries) return database;
    std::this_thread::sleep_for(std::chrono::milliseconds(10 << attempt));
  }
}

// A marker that seems to be of a newer format, but is not the one that was sealed.
bool is_altered(const std::string& folder) {
  const auto seal = read_seal(folder);
  const SealedFile* sealed = seal && *seal ? (*seal)->find(kMarkerName) : nullptr;
  const auto text = read_file(fmt::format("{}/{}", folder, kMarkerName), 65536);
  return sealed && text && sha256(*text).hex() != sealed->sha256;
}

class Check {
 public:
  Check(std::string folder, VerifyScope scope,
        const std::function<bool(const VerifyProgress&)>& go_on)
      : folder_(std::move(folder)), findings_(result_, go_on), files_(folder_, findings_) {
    result_.scope = std::move(scope);
  }

  Result<VerifyResult> run() {
    files_.check_small_files();
    auto database = open_database(folder_);
    if (!database) {
      files_.check_sealed_tables();
      findings_.damage("db", database.error().message);
    } else {
      database_ = *std::move(database);
      result_.opened = true;
      if (auto checked = check_database(); !checked) return tl::unexpected(checked.error());
    }
    if (findings_.stopped()) return fail(ErrorCode::kInterrupted, "the check was interrupted");
    return std::move(result_);
  }

  // A writer has opened the archive since: what differs from the seal is its work.
  bool was_unsealed() const {
    if (!files_.seal()) return false;
    const auto seal = read_seal(folder_);
    return seal && (!*seal || (*seal)->closed != files_.seal()->closed);
  }

 private:
  Result<void> check_database() {
    Articles articles(*database_);
    std::string id;
    if (!result_.scope.article.empty()) {
      const auto whole = articles.whole_id(result_.scope.article);
      if (!whole) return tl::unexpected(whole.error());
      result_.scope.article = id = *whole;
    }
    const auto blob_files = check_table_files();
    check_rows(id, blob_files);
    check_gone();
    return {};
  }

  // Returns the blob table's, in order of key, to be checked together with their blobs.
  std::vector<TableFile> check_table_files() {
    const bool all = result_.scope.is_everything();
    std::vector<TableFile> blob_files;
    const auto files = database_->table_files();
    for (const TableFile& file : files) {
      if (all || !is_large(file.table)) findings_.expect(file.size);
      if (all && file.table == Table::kBlob) findings_.expect(file.size);  // once more as blobs
    }
    check_missing(files);
    for (const TableFile& file : files) {
      if (file.table == Table::kBlob) {
        if (all) blob_files.push_back(file);
      } else if (all || !is_large(file.table)) {
        files_.check_table_file(file, database_.get());
      }
    }
    std::sort(blob_files.begin(), blob_files.end(),
              [](const TableFile& a, const TableFile& b) { return a.first_key < b.first_key; });
    return blob_files;
  }

  // The seal names table files that the database does not know.
  void check_missing(const std::vector<TableFile>& files) {
    if (!files_.seal()) return;
    for (const SealedFile& sealed : files_.seal()->files) {
      if (!sealed.sha256.empty()) continue;
      const bool is_known = std::any_of(files.begin(), files.end(), [&](const TableFile& file) {
        return sealed.name == "db/" + file.name;
      });
      if (!is_known) findings_.damage(sealed.name, "the database does not know it any more");
    }
  }

  void check_rows(const std::string& id, const std::vector<TableFile>& blob_files) {
    const auto blobs = open_blob_store_for_checking(*database_);
    BlobCheck blob_check(*database_, *blobs, files_, findings_);
    RowCheck rows(*database_, blob_check.bad(), findings_);
    blob_check.run(wanted(rows, id), blob_files);
    if (id.empty()) {
      rows.check_captures();
      rows.check_articles({});
      rows.check_pictures();
      rows.check_small_tables();
      rows.check_index();
    } else {
      rows.check_articles(id + " ");
    }
  }

  BlobCheck::Wanted wanted(const RowCheck& rows, const std::string& id) const {
    const VerifyScope& scope = result_.scope;
    if (!id.empty() || scope.since) {
      const auto numbers = id.empty() ? rows.since(*scope.since) : rows.of_article(id);
      return [numbers](const Digest&, uint64_t number) { return numbers.contains(number); };
    }
    if (!scope.sample) return [](const Digest&, uint64_t) { return true; };
    return [sample = *scope.sample](const Digest& digest, uint64_t) {
      const uint64_t head = uint64_t{digest.bytes[0]} << 16 | uint64_t{digest.bytes[1]} << 8 |
                            uint64_t{digest.bytes[2]};
      return (head * sample.parts) >> 24 == sample.part;
    };
  }

  // Files that were gone: a writer's compaction drops what it has replaced.
  void check_gone() {
    if (files_.gone().empty() || findings_.stopped()) return;
    const auto later = open_database(folder_);
    if (!later) return findings_.damage("db", later.error().message);
    const auto files = (*later)->table_files();
    for (const std::string& name : files_.gone()) {
      const auto still = std::find_if(files.begin(), files.end(),
                                      [&](const TableFile& file) { return file.name == name; });
      if (still == files.end()) continue;
      result_.damaged_files.push_back(*still);
      findings_.damage("db/" + name, "it is missing");
    }
  }

  std::string folder_;
  VerifyResult result_;
  Findings findings_;
  FileCheck files_;
  std::unique_ptr<Database> database_;
};

}  // namespace

Result<VerifyResult> verify(const std::string& folder, const VerifyScope& scope,
                            const std::function<bool(const VerifyProgress&)>& go_on) {
  const auto marker = Archive::check_marker(folder);
  if (!marker && marker.error().code != ErrorCode::kCorrupt && !is_altered(folder)) {
    return tl::unexpected(marker.error());
  }
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kTries = 3;
  for (int attempt = 1;; ++attempt) {
    Check check(folder, scope, go_on);
    auto result = check.run();
    if (!result) return result;
    if (!result->is_sound() && attempt < kTries && check.was_unsealed()) continue;
    // A sealed marker that is damaged was found there.
    if (!marker && result->is_sound()) {
      ++result->damaged;
      result->damages.push_back({std::string(kMarkerName), marker.error().message});
    }
    result->seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
  }
}

}  // namespace halftone
