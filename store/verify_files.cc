#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include "store/archive.h"
#include "store/crc32c.h"
#include "store/digest.h"
#include "store/files.h"
#include "store/log_check.h"
#include "store/verify_parts.h"

namespace halftone::verifying {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kDatabase = "db/";

bool is_log(std::string_view name) {
  return name.starts_with("db/MANIFEST-") || name.ends_with(".log");
}

std::string describe(const LogCheck& check) {
  std::string places;
  for (const uint64_t offset : check.offsets) {
    places += fmt::format("{}{}", places.empty() ? "" : ", ", offset);
  }
  if (check.damaged > check.offsets.size()) places += " and more";
  return fmt::format("records are damaged at byte {}", places);
}

}  // namespace

void FileCheck::check_small_files() {
  findings_.stage("files");
  if (read_the_seal()) {
    findings_.result().is_sealed = true;
    check_sealed();
  } else {
    check_unsealed();
  }
}

bool FileCheck::read_the_seal() {
  auto seal = read_seal(folder_);
  if (!seal) {
    findings_.damage(Seal::kName, seal.error().message);
    return false;
  }
  seal_ = *std::move(seal);
  return seal_.has_value();
}

void FileCheck::check_sealed() {
  ++findings_.result().files;  // the seal itself
  for (const SealedFile& file : seal_->files) {
    if (!file.sha256.empty()) compare(file);
  }
  const auto names = files_to_seal(folder_);
  if (!names) return findings_.damage("db", names.error().message);
  for (const std::string& name : *names) {
    if (!seal_->find(name)) findings_.damage(name, "the seal knows no such file");
  }
}

void FileCheck::compare(const SealedFile& file) {
  Sha256 hash;
  uint64_t size = 0;
  const auto read = read_file_in_pieces(fmt::format("{}/{}", folder_, file.name), UINT64_MAX,
                                        [&](std::string_view piece) -> Result<void> {
                                          hash.update(piece);
                                          size += piece.size();
                                          return {};
                                        });
  ++findings_.result().files;
  findings_.result().file_bytes += size;
  if (!read) return findings_.damage(file.name, read.error().message);
  if (size != file.size) {
    return findings_.damage(file.name,
                            fmt::format("it has {} bytes; the seal says {}", size, file.size));
  }
  if (hash.finish().hex() != file.sha256) {
    findings_.damage(file.name, "its bytes are not those that were sealed");
  }
}

void FileCheck::check_unsealed() {
  check_current("db/CURRENT");
  const auto names = files_to_seal(folder_);
  if (!names) return findings_.damage("db", names.error().message);
  for (const std::string& name : *names) {
    if (is_log(name)) check_log_file(name);
  }
}

// It names the MANIFEST, and nothing else.
void FileCheck::check_current(const std::string& name) {
  const auto text = read_file(fmt::format("{}/{}", folder_, name), 4096);
  ++findings_.result().files;
  if (!text) return findings_.damage(name, text.error().message);
  const std::string_view begin = "MANIFEST-";
  const bool is_well = text->starts_with(begin) && text->ends_with('\n') &&
                       std::all_of(text->begin() + begin.size(), text->end() - 1,
                                   [](char c) { return c >= '0' && c <= '9'; });
  std::error_code error;
  const std::string named = text->substr(0, text->size() - 1);
  if (!is_well) return findings_.damage(name, "it does not name a MANIFEST");
  if (!fs::exists(fmt::format("{}/{}{}", folder_, kDatabase, named), error)) {
    findings_.damage(name, fmt::format("it names {}, which does not exist", named));
  }
}

void FileCheck::check_log_file(const std::string& name) {
  LogChecker checker;
  uint64_t size = 0;
  const auto read = read_file_in_pieces(fmt::format("{}/{}", folder_, name), UINT64_MAX,
                                        [&](std::string_view piece) -> Result<void> {
                                          checker.add(piece);
                                          size += piece.size();
                                          return {};
                                        });
  if (!read && read.error().code == ErrorCode::kNotFound) return;  // a writer has dropped it
  ++findings_.result().files;
  findings_.result().file_bytes += size;
  if (!read) return findings_.damage(name, read.error().message);
  const LogCheck check = checker.finish();
  if (check.damaged > 0) findings_.damage(name, describe(check));
}

Result<uint32_t> FileCheck::checksum_of(const std::string& name, uint64_t& size) {
  uint32_t crc = 0;
  const auto read = read_file_in_pieces(fmt::format("{}/{}", folder_, name), UINT64_MAX,
                                        [&](std::string_view piece) -> Result<void> {
                                          crc = crc32c(piece, crc);
                                          size += piece.size();
                                          findings_.advance(piece.size());
                                          if (findings_.stopped()) {
                                            return fail(ErrorCode::kInterrupted, "stopped");
                                          }
                                          return {};
                                        });
  if (!read) return tl::unexpected(read.error());
  return crc;
}

void FileCheck::check_table_file(const TableFile& file, const Database* database) {
  const std::string name = std::string(kDatabase) + file.name;
  uint64_t size = 0;
  const auto crc = checksum_of(name, size);
  if (findings_.stopped()) return;
  if (!crc && crc.error().code == ErrorCode::kNotFound && !seal_) return gone_.push_back(file.name);
  ++findings_.result().files;
  findings_.result().file_bytes += size;
  const auto damaged = [&](std::string why) {
    findings_.result().damaged_files.push_back(file);
    findings_.damage(name, std::move(why));
  };
  if (!crc) return damaged(crc.error().message);
  const SealedFile* sealed = seal_ ? seal_->find(name) : nullptr;
  if (seal_ && !sealed) return;  // said already
  if (size != file.size || (sealed && size != sealed->size)) {
    return damaged(fmt::format("it has {} bytes instead of {}", size, file.size));
  }
  const std::string text = fmt::format("{:08x}", *crc);
  std::string expected = file.checksum;
  if (expected.empty() && sealed) expected = sealed->crc32c;
  if (!expected.empty()) {
    if (text != expected) damaged("its bytes do not match their checksum");
  } else if (database) {
    if (const auto checked = database->check_blocks(file); !checked) {
      damaged(checked.error().message);
    }
  }
}

void FileCheck::check_sealed_tables() {
  if (!seal_) return;
  for (const SealedFile& file : seal_->files) {
    if (!file.sha256.empty() || findings_.stopped()) continue;
    check_table_file(
        {Table::kMeta, file.name.substr(kDatabase.size()), file.size, {}, {}, file.crc32c},
        nullptr);
  }
}

void FileCheck::prefetch(const TableFile& file) const {
  const std::string path = fmt::format("{}/{}{}", folder_, kDatabase, file.name);
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return;
  (void)::posix_fadvise(opened, 0, 0, POSIX_FADV_WILLNEED);
  ::close(opened);
}

}  // namespace halftone::verifying
