#include <algorithm>
#include <filesystem>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/formats/warc_reader.h"
#include "store/repair.h"
#include "store/rocks_blob_store.h"

namespace halftone {

namespace {

namespace fs = std::filesystem;

class ArchiveSource : public RepairSource {
 public:
  explicit ArchiveSource(std::string folder, Database::Mode mode = Database::Mode::kCheck)
      : folder_(std::move(folder)), mode_(mode) {}

  std::string name() const override {
    return mode_ == Database::Mode::kSalvage ? "its own damaged files" : folder_;
  }
  std::string archive() const override { return folder_; }

  // It may be damaged itself: what can be read of it is taken.
  Result<void> supply(RepairSink& sink) override {
    const auto database = Database::open(folder_ + "/db", mode_);
    if (!database) return tl::unexpected(database.error());
    const auto blobs = open_blob_store_for_checking(**database);
    std::vector<Digest> wanted;
    for (const auto& blob : sink.wish().blobs) wanted.push_back(blob.first);
    for (const Digest& digest : wanted) {
      if (!blobs->info(digest)) continue;
      const auto body = sink.begin();
      const auto read =
          blobs->read(digest, [&](std::string_view piece) { return body->write(piece); });
      if (!read && read.error().code == ErrorCode::kNoSpace) return read;
      if (!read) continue;
      if (const auto taken = body->finish(); !taken) return tl::unexpected(taken.error());
    }
    return {};
  }

 private:
  std::string folder_;
  Database::Mode mode_;
};

class WarcSource : public RepairSource {
 public:
  explicit WarcSource(std::string path) : path_(std::move(path)) {}

  std::string name() const override { return path_; }

  Result<void> supply(RepairSink& sink) override {
    std::unique_ptr<RepairSink::Body> body;
    Result<void> written;
    const auto reader = WarcReader::open(path_, [&](std::string_view piece) {
      if (body && written) written = body->write(piece);
    });
    if (!reader) return tl::unexpected(reader.error());
    while (!sink.wish().blobs.empty()) {
      body = sink.begin();
      const auto record = (*reader)->next();
      if (!written) return written;
      if (!record) return tl::unexpected(record.error());
      if (!*record) break;
      if (const auto taken = body->finish(); !taken) return tl::unexpected(taken.error());
    }
    return {};
  }

 private:
  std::string path_;
};

bool is_archive(const std::string& folder) { return Archive::check_marker(folder).has_value(); }

// The generations of a backup: their names are times, and sort as these do.
std::vector<std::string> generations(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    if (fs::exists(fmt::format("{}/{}", path, kMarkerName), error) && is_archive(path)) {
      found.push_back(path);
    }
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

}  // namespace

std::unique_ptr<RepairSource> make_salvage(const std::string& folder) {
  return std::make_unique<ArchiveSource>(folder, Database::Mode::kSalvage);
}

Result<std::vector<std::unique_ptr<RepairSource>>> open_repair_source(const std::string& path) {
  std::vector<std::unique_ptr<RepairSource>> sources;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return fail(ErrorCode::kNotFound, "there is no {} to repair from", path);
  if (!fs::is_directory(status)) {
    sources.push_back(std::make_unique<WarcSource>(path));
    return sources;
  }
  if (fs::exists(fmt::format("{}/{}", path, kMarkerName), error)) {
    if (auto checked = Archive::check_marker(path); !checked) {
      return tl::unexpected(checked.error());
    }
    sources.push_back(std::make_unique<ArchiveSource>(path));
    return sources;
  }
  for (const std::string& folder : generations(path)) {
    sources.push_back(std::make_unique<ArchiveSource>(folder));
  }
  if (sources.empty()) {
    return fail(ErrorCode::kInvalid, "{} is neither an archive nor a backup nor a WARC file", path);
  }
  return sources;
}

}  // namespace halftone
