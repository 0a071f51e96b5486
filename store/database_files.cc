#include <algorithm>
#include <filesystem>

#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_writer.h>

#include "store/database_rocks.h"
#include "store/files.h"

namespace halftone {

std::string checksum_of(const rocksdb::LiveFileMetaData& file) {
  if (file.file_checksum_func_name != kChecksumName) return {};
  std::string text;
  for (const char c : file.file_checksum) text += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return text;
}

struct TableFileWriter::File {
  File(Database::Rocks& of, const rocksdb::Options& options, std::string where)
      : rocks(of),
        writer(rocksdb::EnvOptions(options), options, nullptr, false),
        path(std::move(where)) {}

  Database::Rocks& rocks;
  rocksdb::SstFileWriter writer;
  std::string path;
  rocksdb::ExternalSstFileInfo info;
  bool finished = false;

  Result<void> checked(const rocksdb::Status& status) {
    if (status.ok()) return {};
    return tl::unexpected(rocks.fail_for_good(status));
  }
};

TableFileWriter::TableFileWriter(std::unique_ptr<File> file) : file_(std::move(file)) {}

TableFileWriter::~TableFileWriter() {
  if (file_->finished && file_->rocks.earlier_failure()) return;  // it may be needed yet
  std::error_code error;
  std::filesystem::remove(file_->path, error);
}

Result<void> TableFileWriter::put(std::string_view key, std::string_view value) {
  return file_->checked(file_->writer.Put(slice(key), slice(value)));
}

uint64_t TableFileWriter::size() const {
  return file_->finished ? file_->info.file_size : file_->writer.FileSize();
}

Result<void> TableFileWriter::finish() {
  if (file_->finished) return {};
  auto finished = file_->checked(file_->writer.Finish(&file_->info));
  file_->finished = finished.has_value();
  return finished;
}

Result<std::unique_ptr<TableFileWriter>> Database::new_file(Table table) {
  if (const auto failure = rocks_->earlier_failure()) return tl::unexpected(*failure);
  if (auto made = make_folder(rocks_->incoming()); !made) return tl::unexpected(made.error());
  const rocksdb::Options options = rocks_->db->GetOptions(rocks_->handle(table));
  std::string path = fmt::format("{}/{}.sst", rocks_->incoming(), rocks_->files_begun++);
  auto file = std::make_unique<TableFileWriter::File>(*rocks_, options, std::move(path));
  if (auto opened = file->checked(file->writer.Open(file->path)); !opened) {
    return tl::unexpected(opened.error());
  }
  return std::unique_ptr<TableFileWriter>(new TableFileWriter(std::move(file)));
}

Result<void> Database::add_files(Table table,
                                 const std::vector<std::unique_ptr<TableFileWriter>>& files) {
  if (const auto failure = rocks_->earlier_failure()) return tl::unexpected(*failure);
  rocksdb::IngestExternalFileArg addition;
  addition.column_family = rocks_->handle(table);
  addition.options.move_files = true;
  addition.options.write_global_seqno = false;
  addition.options.verify_file_checksum = false;  // computed a moment ago
  for (const auto& writer : files) {
    const rocksdb::ExternalSstFileInfo& info = writer->file_->info;
    addition.external_files.push_back(info.file_path);
    addition.files_checksums.push_back(info.file_checksum);
    addition.files_checksum_func_names.push_back(info.file_checksum_func_name);
  }
  const auto status = rocks_->db->IngestExternalFiles({addition});
  if (!status.ok()) return tl::unexpected(rocks_->fail_for_good(status));
  return {};
}

std::vector<TableFile> Database::table_files() const {
  std::vector<rocksdb::LiveFileMetaData> live;
  rocks_->db->GetLiveFilesMetaData(&live);
  std::vector<TableFile> files;
  for (const auto& file : live) {
    const auto table = table_named(file.column_family_name);
    if (!table) continue;
    files.push_back({*table, file.relative_filename, file.size, file.smallestkey, file.largestkey,
                     checksum_of(file), file.num_entries, file.num_deletions});
  }
  std::sort(files.begin(), files.end(),
            [](const TableFile& a, const TableFile& b) { return a.name < b.name; });
  return files;
}

}  // namespace halftone
